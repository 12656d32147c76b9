"""The demo SIS in this very process, over a real socket, and the tool's access to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server

from tests.stage import free_port
from tool.demo_sis.connecting import describe_connection
from tool.demo_sis.moods import Mood
from tool.demo_sis.server import create_sis
from tool.demo_sis.sis import Sis
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Access, Profile

MATH, SCIENCE = "class-2201", "class-2305"
ADAS_EMAIL = "ADA@school.example"


class SchoolBeside:
    """`agreement` is what the district hands over to an operator."""

    def __init__(self, sis: Sis, outbound: Outbound) -> None:
        self.sis = sis
        self.outbound = outbound

    @property
    def agreement(self) -> dict[str, Any]:
        return describe_connection(self.sis)

    def client(self) -> OneRoster:
        told = self.agreement
        return OneRoster(
            Access(
                version=told["version"],
                auth=told["auth"],
                rostering_url=told["rostering_url"],
                gradebook_url=told["gradebook_url"],
                resources_url=told["resources_url"],
                token_url=told["token_url"],
                client_id=told["client_id"],
                secret=told["secret"],
                profile=Profile("generic", "Demo SIS", requests_per_second=0),
            ),
            self.outbound,
        )

    def set_mood(self, mood: Mood) -> None:
        self.sis.moods.change(mood)


@contextmanager
def open_school() -> Iterator[SchoolBeside]:
    port = free_port()
    app = create_sis(base_url=f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    outbound = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=10)
    try:
        yield SchoolBeside(app.extensions["demo_sis.parts"], outbound)
    finally:
        outbound.close()
        server.shutdown()
        thread.join()
        server.server_close()
