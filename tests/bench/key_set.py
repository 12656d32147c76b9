"""A platform's key set, a process of its own: `python -m tests.bench.key_set PEM` prints its address.

The path says how many milliseconds an answer takes: `/50`.
"""

import asyncio
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from tests.chaos.wire import Exchange, Reply, Request

KEY_ID = "lms-key"


class KeySetDesk:
    """Answers every request alike."""

    def __init__(self, key: RSAPrivateKey) -> None:
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        keys = [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]
        self._reply = Reply(body=json.dumps({"keys": keys}).encode())

    def begin(self, request: Request, /) -> float:
        return int(request.path.strip("/") or 0) / 1000

    def answer(self, _request: Request, /) -> Reply:
        return self._reply

    def end(self) -> None:
        """Nothing is counted here."""


async def serve(pem: Path) -> None:
    key = load_pem_private_key(pem.read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    server = await asyncio.get_running_loop().create_server(lambda: Exchange(KeySetDesk(key)), "127.0.0.1", 0)
    print(f"keys on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
