"""The stage with the school's records beside it: the demo SIS as a process of its own, connected as in the demo."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tests.stage import Stage
from tool.cli.demo_records import connect_records
from tool.db import Database
from tool.demo_lms.registration import CLIENT_ID
from tool.settings import Platforms, Settings


class RecordsStage(Stage):
    """`sis_options` are those of `python -m tool.demo_sis`."""

    def __init__(self, folder: Path, *sis_options: str, **told: Any) -> None:
        super().__init__(folder, **told)
        self.sis_options = sis_options
        self.sis_url = ""
        self._sis: subprocess.Popen[str] | None = None

    def open(self, *options: str) -> None:
        command = [sys.executable, "-m", "tool.demo_sis", "--port", "0", *self.sis_options]
        self._sis = self._start("sis", command, {})
        self.sis_url = self._wait_for_line("sis", self._sis, r"demo SIS on (\S+)")
        super().open(*options)
        database = Database(self.database_url)
        platforms = TypeAdapter(Platforms).validate_python(self.lms("GET", "/control/platform.json"))
        settings = Settings(
            base_url=self.tool_url,
            database_url=self.database_url,
            keys_dir=self.folder / "keys",
            platforms=platforms,
        )
        handed_out = self.sis("GET", "/control/connection.json")
        self.connection_id = connect_records(database, settings, (self.lms_url, CLIENT_ID), handed_out)
        database.close()

    def close(self) -> None:
        super().close()
        if self._sis is not None:
            self._sis.kill()
            self._sis.wait()

    def sis(self, method: str, path: str, **content: Any) -> Any:
        """The demo SIS's control address."""
        answer = self._http.request(method, self.sis_url + path, json=content if method == "POST" else None)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None
