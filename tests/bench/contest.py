"""Who is measured: Passback's processes and the peer's, each served alike, side by side on one ground."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.bench import peer
from tests.bench.ground import Ground
from tests.bench.launching import Door, Visitors
from tests.bench.machine import TOOL_CORES
from tests.bench.process import PRODUCT_PYTHON, Process, running
from tests.stage import free_port

PEER_CONFIG = "peer.json"


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    process: Process
    door: Door
    visitors: Visitors


@contextmanager
def passback(ground: Ground, name: str = "Passback", *options: str) -> Iterator[Contestant]:
    """`passback serve`; its pages alone unless the options say otherwise."""
    port = ground.world.tool_port
    command = ("tool", "serve", "--port", str(port), *(options or ("--no-sender",)))
    with _product(ground, *command, ready="Passback on") as process:
        door = Door("localhost", port, "/lti/login", "/lti/launch")
        with _visitors(ground, door) as visitors:
            yield Contestant(name, process, door, visitors)


@contextmanager
def pylti1p3(ground: Ground, name: str, *options: str) -> Iterator[Contestant]:
    """The peer, registered with the ground's first platform."""
    port = free_port()
    command = ("tests.bench.peer", str(write_peer_config(ground)), str(port), *options)
    with running(ground.folder, *command, ready=peer.READY) as process:
        door = Door("localhost", port, "/login", "/launch", tries_cookies="--like-example" in options)
        with _visitors(ground, door) as visitors:
            yield Contestant(name, process, door, visitors)


@contextmanager
def worker(ground: Ground, cores: tuple[int, ...] = TOOL_CORES) -> Iterator[Process]:
    """`passback worker`."""
    with _product(ground, "tool", "worker", ready="Passback sends", cores=cores) as process:
        yield process


def write_peer_config(ground: Ground) -> Path:
    """PyLTI1p3's own shape, with a key pair of the peer's; keys of the platform as Passback is told them."""
    folder = ground.folder
    if not (folder / "private.key").exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "private.key").write_bytes(private)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (folder / "public.key").write_bytes(public)
    known = json.loads(ground.world.config.read_text())["platforms"]
    told = ("client_id", "auth_login_url", "auth_token_url", "key_set_url", "key_set", "deployment_ids")
    config = {
        issuer: [
            {
                **{name: entry.get(name) for name in told},
                "default": True,
                "auth_audience": None,
                "private_key_file": "private.key",
                "public_key_file": "public.key",
            }
        ]
        for issuer, (entry,) in known.items()
    }
    path = folder / PEER_CONFIG
    path.write_text(json.dumps(config))
    return path


def _product(
    ground: Ground, *command: str, ready: str, cores: tuple[int, ...] = TOOL_CORES
) -> AbstractContextManager[Process]:
    return running(
        ground.folder, *command, ready=ready, cores=cores, environment=ground.environment, python=PRODUCT_PYTHON
    )


def _visitors(ground: Ground, door: Door) -> closing[Visitors]:
    return closing(Visitors(door, ground.world.platform_urls[0], ground.folder / "lms.pem"))
