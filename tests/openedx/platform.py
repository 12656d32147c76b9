"""Open edX's LTI 1.3 platform on loopback: `platform.py --port N --tool ORIGIN --jwks URL --data DIR`.

Runs in the virtual environment that prepare.py makes and in a process of its own; the tests speak to it over
HTTP only. The protocol (login, id_token, access tokens, line items, scores, results) is that of
lti-consumer-xblock, untouched; courseware.py adds what Open edX has around it.
"""

import sys

# A script's folder leads the search path, where this file would pass for the standard library's `platform`.
sys.path.append(sys.path.pop(0))
# And what all pretend LMSs of the tests share, which needs none of the tool's packages.
sys.path.append(__file__.rpartition("/openedx/")[0])

import argparse
import ipaddress
import logging
import os
import secrets
import signal
import socket
import urllib.parse
from pathlib import Path

import django
import waitress
from courseware import Course, publish_grades_here
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import URLPattern, URLResolver
from witness import witnessed

urlpatterns: list[URLPattern | URLResolver] = []  # filled once Django is set up: only then do the views load


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Open edX's LTI 1.3 platform, alone, on loopback.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--tool", type=read_loopback_url, required=True, help="origin of the tool under test")
    parser.add_argument("--jwks", type=read_loopback_url, required=True, help="the tool's public keys")
    parser.add_argument("--data", type=Path, required=True, help="folder for the database and the log")
    return parser.parse_args()


def read_loopback_url(text: str) -> str:
    host = urllib.parse.urlsplit(text).hostname or ""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise argparse.ArgumentTypeError(f"{text!r} is not on loopback")
    return text.rstrip("/")


def take_port(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        sys.exit(f"port {port} cannot be used: {error.strerror}")
    return listener


def configure_django(base_url: str, data: Path) -> None:
    """The settings that lti-consumer-xblock reads, and the least Django around it."""
    settings.configure(
        SECRET_KEY=secrets.token_hex(32),
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": data / "platform.sqlite3",
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "waffle",
            "config_models",
            "rest_framework",
            "django_filters",
            "lti_consumer",
        ],
        MIDDLEWARE=[
            "django.middleware.common.CommonMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
            "edx_django_utils.cache.middleware.TieredCacheMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        USE_TZ=True,
        LOGGING_CONFIG=None,
        USAGE_ID_PATTERN=r"(?P<usage_id>block-v1:[^/]+)",
        PLATFORM_NAME="Open edX",
        LMS_ROOT_URL=base_url,
        LTI_BASE=base_url,
        LTI_API_BASE=base_url,
    )
    django.setup()


def main() -> None:
    arguments = read_arguments()
    os.environ["no_proxy"] = "*"  # the consumer fetches the tool's keys with urllib, which obeys proxies
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listener = take_port(arguments.port)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    arguments.data.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=arguments.data / "platform.log", level=logging.INFO)
    configure_django(base_url, arguments.data)
    call_command("migrate", verbosity=0)
    publish_grades_here()
    urlpatterns.extend(Course(base_url, arguments.tool, arguments.jwks).addresses())
    server = waitress.create_server(witnessed(get_wsgi_application()), sockets=[listener], threads=4)
    print(f"Open edX platform ready on {base_url}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
