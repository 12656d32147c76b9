"""The door: a loopback socket and waitress behind it."""

import logging
import socket
from ipaddress import IPv4Address

from flask import Flask
from waitress.server import create_server

# Enough for a mood that keeps many requests waiting while pages still work.
THREADS = 40


class NotLoopback(ValueError):
    """The host is not this machine's own loopback address."""


def bind(host: str, port: int) -> socket.socket:
    """A listening loopback socket; port 0 takes a free one. Raises NotLoopback, or OSError when the port is taken."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = IPv4Address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise NotLoopback(f"{host} is not localhost or 127.x.x.x: the demo SIS serves this machine only (loopback)")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise
    listener.listen(128)
    return listener


def address_of(listener: socket.socket) -> str:
    """http://127.0.0.1:9000 for a listening socket."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def serve(app: Flask, listener: socket.socket) -> None:
    """Serves until SystemExit or KeyboardInterrupt is raised in this thread."""
    # A request that waits a moment for a thread is no news here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app, sockets=[listener], threads=THREADS, ident="demo-sis", clear_untrusted_proxy_headers=True
    )
    server.run()
