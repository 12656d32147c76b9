"""The pooled HTTP client."""

import http.client
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

import urllib3
from urllib3.exceptions import EmptyPoolError, HTTPError
from urllib3.exceptions import SSLError as UrllibSSLError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError
from urllib3.util import Timeout

from tool.outbound.address import read_address
from tool.outbound.connection import PlainPool, TlsPool, attempt, make_tls_context
from tool.outbound.errors import OutboundError

_CHUNK_BYTES = 65_536
_HOSTS_KEPT = 256

# Its warnings quote whole addresses, whose queries may name people.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: any status, headers found in any case, the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> object:
        """The body as JSON whatever its content type says: Moodle serves JSON as text/html. Raises ValueError."""
        try:
            return json.loads(self.body, parse_constant=lambda _: None)
        except RecursionError:
            raise ValueError("JSON nested too deeply") from None


def _product_version() -> str:
    try:
        return metadata.version("passback")
    except metadata.PackageNotFoundError:
        return "0"


def _explain(error: Exception) -> OutboundError:
    timed_out = isinstance(error, UrllibTimeoutError | EmptyPoolError | TimeoutError)
    if timed_out or any(isinstance(cause, TimeoutError) for cause in error.args):
        return OutboundError("timeout", outcome_unknown=attempt.was_sent)
    if attempt.was_sent:
        return OutboundError("reset", outcome_unknown=True)
    return OutboundError("tls" if isinstance(error, UrllibSSLError | ssl.SSLError) else "connect")


def _read_body(response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read to the end, so that the connection can be used again; after any trouble it goes back closed."""
    parts: list[bytes] = []
    left = max_bytes
    try:
        while chunk := response.read(_CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise OutboundError("too_large", outcome_unknown=True)
            parts.append(chunk)
    except BaseException:
        response.close()
        raise
    finally:
        # The pool counts its places: one that is not given back would be missing for ever.
        response.release_conn()
    return b"".join(parts)


class Outbound:
    """A pooled HTTP client, safe to share between threads. Keep one for the life of the process."""

    def __init__(
        self,
        *,
        allow_loopback_http: bool,
        connections: int = 10,
        connect_seconds: float = 5,
        total_seconds: float = 15,
    ) -> None:
        self._allows_loopback = allow_loopback_http
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._headers = {"User-Agent": f"Passback/{_product_version()}"}
        self._manager = urllib3.PoolManager(
            num_pools=_HOSTS_KEPT, maxsize=connections, block=True, ssl_context=make_tls_context()
        )
        self._manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int = 10_000_000,
        total_seconds: float | None = None,
    ) -> Answer:
        """Send one request and read its whole answer, whatever the status; a redirect is an answer too.

        Raises OutboundError when there is no whole answer of at most `max_bytes` within `total_seconds`.
        """
        address = read_address(url)
        if address.scheme != "https" and not self._allows_loopback:
            raise OutboundError("refused_scheme")
        seconds = self._total_seconds if total_seconds is None else total_seconds
        attempt.begin(
            address,
            total_seconds=seconds,
            connect_seconds=self._connect_seconds,
            allows_loopback=self._allows_loopback,
        )
        try:
            response = self._manager.connection_from_host(address.host, address.port, address.scheme).urlopen(
                method,
                address.target,
                body=body,
                headers=self._headers | dict(headers or {}),
                retries=False,
                redirect=False,
                timeout=Timeout(connect=self._connect_seconds, read=seconds),
                pool_timeout=seconds,  # type: ignore[arg-type]  # typed as whole seconds, any number works
                preload_content=False,
            )
            content = _read_body(response, max_bytes)
        except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
            # Without `from None` a traceback would carry the URL and with it whatever its query holds.
            raise _explain(error) from None
        return Answer(response.status, response.headers, content)

    def close(self) -> None:
        """Close every pooled connection."""
        self._manager.clear()
