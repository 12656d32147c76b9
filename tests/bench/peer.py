"""The peer: a tool of PyLTI1p3 2.0.0 and Flask, written as PyLTI1p3's documentation shows.

`python -m tests.bench.peer CONFIG PORT [--like-example] [--cache-entries N] [--own-server]`: the configuration is read
in each view, launches are kept in Flask-Caching's memory, and a score is sent inside the request that earned it, into
the column of a tag. Two readings of the documentation:

- its README alone: login, launch, on to a page; two requests for a launch;
- `--like-example`, the example application that it points to: cookies are tried by a page before the login
  (`enable_check_cookies`), the launch is printed and answered with a page that shows it; three requests.

It is served by waitress, as Passback is; with `--own-server` by Flask's own, as the example application says.
"""

# mypy: disallow-untyped-calls=False

import argparse
import datetime
import pprint
from dataclasses import dataclass

from flask import Flask, jsonify, redirect, render_template_string, request
from flask_caching import Cache
from pylti1p3.contrib.flask import (  # type: ignore[attr-defined]
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.tool_config import ToolConfJsonFile  # type: ignore[attr-defined]
from waitress.server import create_server
from werkzeug.wrappers import Response

WEB_THREADS = 8
READY = "the peer serves"
PAGE = """<!doctype html><title>{{ title }}</title><script>var launchId = {{ launch_id | tojson }};</script>
<h1>Hello {{ launch.name }}</h1><pre>{{ launch | tojson(indent=2) }}</pre>"""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the documentation is read."""

    config: str
    is_like_example: bool = False
    cache_entries: int = 500
    """What Flask-Caching's memory keeps, unless told."""


def make_app(reading: Reading) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="replace-me",
        CACHE_TYPE="SimpleCache",
        CACHE_DEFAULT_TIMEOUT=600,
        CACHE_THRESHOLD=reading.cache_entries,
    )
    cache = Cache(app)

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        flask_request = FlaskRequest()
        oidc_login = FlaskOIDCLogin(
            flask_request, ToolConfJsonFile(reading.config), launch_data_storage=FlaskCacheDataStorage(cache)
        )
        if reading.is_like_example:
            oidc_login.enable_check_cookies()
        answer: Response = oidc_login.redirect(flask_request.get_param("target_link_uri"))
        return answer

    @app.post("/launch")
    def launch() -> Response | str:
        message_launch = FlaskMessageLaunch(
            FlaskRequest(), ToolConfJsonFile(reading.config), launch_data_storage=FlaskCacheDataStorage(cache)
        )
        data, launch_id = message_launch.get_launch_data(), message_launch.get_launch_id()
        if reading.is_like_example:
            pprint.pprint(data)  # noqa: T203
            return render_template_string(PAGE, title="Example", launch=data, launch_id=launch_id)
        return redirect(f"/work/{launch_id}", 303)

    @app.post("/score/<launch_id>")
    def score(launch_id: str) -> Response:
        message_launch = FlaskMessageLaunch.from_cache(
            launch_id,
            FlaskRequest(),
            ToolConfJsonFile(reading.config),
            launch_data_storage=FlaskCacheDataStorage(cache),
        )
        column = LineItem()
        column.set_tag("score").set_score_maximum(100).set_label("Score")
        user = message_launch.get_launch_data()["sub"]
        answer = message_launch.get_ags().put_grade(make_grade(user, float(request.form["score"])), column)
        return jsonify({"result": answer["body"]})

    return app


def make_grade(user: str, score: float) -> Grade:
    grade = Grade()
    grade.set_score_given(score).set_score_maximum(100).set_timestamp(
        datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    ).set_activity_progress("Completed").set_grading_progress("FullyGraded").set_user_id(user)
    return grade


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peer")
    parser.add_argument("config")
    parser.add_argument("port", type=int)
    parser.add_argument("--like-example", action="store_true")
    parser.add_argument("--cache-entries", type=int, default=500)
    parser.add_argument("--own-server", action="store_true")
    told = parser.parse_args()
    app = make_app(Reading(told.config, told.like_example, told.cache_entries))
    print(READY, flush=True)
    if told.own_server:
        app.run("127.0.0.1", told.port)
    else:
        create_server(app, host="127.0.0.1", port=told.port, threads=WEB_THREADS).run()


if __name__ == "__main__":
    main()
