"""A demo SIS over a real socket, and what its district hands out to an operator."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from werkzeug.serving import make_server

from tests.stage import free_port
from tool.demo_sis.connecting import describe_connection
from tool.demo_sis.server import create_sis
from tool.demo_sis.settings import SisSettings
from tool.sis.connecting.connections import NewConnection


@dataclass(frozen=True)
class DistrictBeside:
    url: str
    handed_out: NewConnection

    def set_mood(self, **mood: Any) -> None:
        request = Request(
            f"{self.url}/control/mood",
            data=json.dumps(mood).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        urlopen(request).close()


@contextmanager
def district(**settings: Any) -> Iterator[DistrictBeside]:
    """A district whose SIS has these settings, while it is served."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_sis(base_url=url, settings=SisSettings(**settings))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told = describe_connection(app.extensions["demo_sis.parts"])
    given: dict[str, Any] = {
        name: value for name, value in told.items() if name not in ("profile", "secret_expires_on")
    }
    given |= {name: given[name] or "" for name in ("secret", "vendor_header")}
    profile: Any = told["profile"]
    differs = {name: value for name, value in profile.items() if value is not None}
    try:
        yield DistrictBeside(url, NewConnection(**given, profile=differs))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
