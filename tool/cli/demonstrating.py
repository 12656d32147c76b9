"""The demo: Passback and a pretend LMS, ready to click, gone when stopped."""

import tempfile
import threading
from importlib.resources import files
from pathlib import Path

import click
from pydantic import TypeAdapter

from tool.app import create_app
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.cli.opening import open_parts
from tool.cli.serving import make_loops, serve_pages
from tool.demo_lms import serving
from tool.demo_lms.server import create_lms, platform_entry
from tool.errors import BadInput
from tool.logs import configure_logs
from tool.registration.platforms import adopt_file_platforms
from tool.settings import Platforms, Settings
from tool.worker import in_threads


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where Passback is served.")
@click.option("--lms-port", default=9000, show_default=True, help="Where the demo LMS is served.")
def demo(port: int, lms_port: int) -> None:
    """Passback and a pretend LMS on this machine, ready to click."""
    configure_logs()
    with tempfile.TemporaryDirectory(prefix="passback-demo-") as folder:
        _run_demo(Path(folder), port, lms_port)


def _run_demo(folder: Path, port: int, lms_port: int) -> None:
    try:
        listener = serving.bind("127.0.0.1", lms_port)
    except OSError as error:
        raise BadInput(f"port {lms_port} cannot be used ({error.strerror})", "Choose another --lms-port.") from error
    lms_url, tool_url = serving.address_of(listener), f"http://localhost:{port}"
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
    with in_threads(*make_loops(parts)):
        click.echo(_what_to_click(lms_url))
        serve_pages(create_app(parts), "127.0.0.1", port)


def _what_to_click(lms_url: str) -> str:
    return f"""
The demo LMS is on {lms_url}

  1. Open it, choose to be Ben Carter (a student of “Period 3 math”), and open “Fractions quiz”.
  2. Answer, and press Submit.
  3. Open the gradebook: the score is there by itself.

Then be Ada Byron, who teaches the course, and open the same assignment. Stop with Ctrl+C; nothing is kept.
"""
