"""`python -m tests.witnessed_lms`: the demo LMS as `python -m tool.demo_lms` serves it, with what it is asked written
down for the tests."""

from typing import Any

from flask import Flask

from tests.witness import witnessed
from tool.demo_lms import __main__ as demo
from tool.demo_lms.server import create_lms


def create_witnessed(**told: Any) -> Flask:
    app = create_lms(**told)
    app.wsgi_app = witnessed(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


if __name__ == "__main__":
    demo.create_lms = create_witnessed  # type: ignore[attr-defined]
    demo.main()
