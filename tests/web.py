"""A web side without sockets: the app on a database, and somebody's open launch in it."""

import secrets
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import insert

from tool.access import FormSeal, digest, launch_cookie_name
from tool.app import create_app
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.work import Launch
from tool.outbound import Outbound
from tool.parts import Parts
from tool.registration.keys import ensure_secret
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

TOOL = "http://localhost:8000"


class Desk:
    """Somebody's pages of one launch."""

    def __init__(self, database: Database, folder: Path, place: Arrival) -> None:
        settings = Settings(base_url=TOOL, keys_dir=folder / "keys")
        outbound = Outbound(allow_loopback_http=True)
        parts = Parts(settings, database, TrustedPlatforms(database), outbound, Bell())
        self.client: FlaskClient = create_app(parts).test_client()
        self.launch_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        with database.writing() as connection:
            connection.execute(
                insert(Launch).values(
                    id=self.launch_id,
                    secret_digest=digest(secret),
                    member_id=place.member_id,
                    placement_id=place.placement_id,
                    course_id=place.course_id,
                    is_teacher=place.standing.is_teacher,
                    is_learner=place.standing.is_learner,
                    frame_ancestors="https://lms.example",
                    created_at=now(),
                    expires_at=now() + timedelta(hours=1),
                )
            )
        self.client.set_cookie(launch_cookie_name(self.launch_id), secret, domain="localhost", secure=False)
        self.csrf = FormSeal(ensure_secret(settings.keys_dir)).seal(self.launch_id, digest(secret))

    def get(self, path: str) -> str:
        answer = self.client.get(f"/l/{self.launch_id}/{path}")
        assert answer.status_code == 200, answer.text[:500]
        return answer.text

    def post(self, path: str, *fields: tuple[str, str], expects: int = 303, **headers: str) -> str:
        """`headers`: more of them, a line under for each hyphen."""
        told = {"Origin": TOOL} | {name.replace("_", "-"): value for name, value in headers.items()}
        data: dict[str, list[str]] = {"csrf": [self.csrf]}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        answer = self.client.post(f"/l/{self.launch_id}/{path}", data=data, headers=told)
        assert answer.status_code == expects, answer.text[:800]
        return answer.text
