"""The demo: Passback, a pretend LMS and a pretend SIS, ready to click, gone when stopped."""

import socket
import tempfile
import threading
from importlib.resources import files
from pathlib import Path

import click
from pydantic import TypeAdapter

from tool.app import create_app
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.cli.demo_records import connect_records
from tool.cli.opening import open_parts
from tool.cli.sending import working
from tool.cli.serving import open_door, serve_pages
from tool.demo_lms import serving
from tool.demo_lms.registration import CLIENT_ID
from tool.demo_lms.server import create_lms, platform_entry
from tool.demo_sis import serving as sis_serving
from tool.demo_sis.connecting import describe_connection
from tool.demo_sis.server import create_sis
from tool.errors import BadInput
from tool.logs import configure_logs
from tool.registration.platforms import adopt_file_platforms
from tool.settings import Platforms, Settings


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where Passback is served.")
@click.option(
    "--lms-port", default=9000, show_default=True, type=click.IntRange(0, 65535), help="Where the demo LMS is served."
)
@click.option(
    "--sis-port", default=9100, show_default=True, type=click.IntRange(0, 65535), help="Where the demo SIS is served."
)
def demo(port: int, lms_port: int, sis_port: int) -> None:
    """Passback, a pretend LMS and a pretend SIS on this machine, ready to click."""
    configure_logs()
    with tempfile.TemporaryDirectory(prefix="passback-demo-") as folder:
        _run_demo(Path(folder), port, lms_port, sis_port)


def _run_demo(folder: Path, port: int, lms_port: int, sis_port: int) -> None:
    listener, sis_listener = _bind(lms_port, "--lms-port"), _bind(sis_port, "--sis-port")
    lms_url, sis_url = serving.address_of(listener), sis_serving.address_of(sis_listener)
    tool_url = f"http://localhost:{port}"
    settings = Settings(
        base_url=tool_url,
        database_url=f"sqlite:///{folder}/demo.db",
        keys_dir=folder / "keys",
        platforms=TypeAdapter(Platforms).validate_python(platform_entry(lms_url)),
    )
    parts = open_parts(settings)
    adopt_file_platforms(parts.database, settings.platforms)
    for file in sorted(files("tool.demo_lms").joinpath("assignments").iterdir(), key=lambda one: one.name):
        import_assignment(parts.database, read_assignment_file(file.read_text("utf-8")))
    lms = create_lms(base_url=lms_url, tool_url=tool_url)
    threading.Thread(target=serving.serve, args=(lms, listener), daemon=True).start()
    sis = create_sis(base_url=sis_url)
    threading.Thread(target=sis_serving.serve, args=(sis, sis_listener), daemon=True).start()
    handed_out = describe_connection(sis.extensions["demo_sis.parts"])
    connect_records(parts.database, settings, (lms_url, CLIENT_ID), handed_out)
    app = create_app(parts)
    sockets = open_door(app, "127.0.0.1", port)
    with working(parts) as stop:
        click.echo(_what_to_click(lms_url, sis_url))
        serve_pages(app, sockets, at_stop=stop)


def _bind(port: int, option: str) -> socket.socket:
    try:
        return serving.bind("127.0.0.1", port)
    except OSError as error:
        raise BadInput(f"port {port} cannot be used ({error.strerror})", f"Choose another {option}.") from error


def _what_to_click(lms_url: str, sis_url: str) -> str:
    return f"""
The demo LMS is on {lms_url}
The demo SIS is on {sis_url}

  1. Open the demo LMS, choose to be Ben Carter (a student of “Period 3 math”), and open “Fractions quiz”.
  2. Answer, and press Submit.
  3. Open the gradebook: the score is there by itself.

Then be Ada Byron, who teaches the course, and open the same assignment. Its tab “School records” links the class
“MATH 9 - Period 3” of the demo SIS and sends the same score on to it. Stop with Ctrl+C; nothing is kept.
"""
