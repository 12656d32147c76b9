"""The way out for mail, where a mail server is configured; plain text only."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from tool.clock import now

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+")


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://user:password@host:587` (turns to TLS where the server offers it) or `smtps://…`, and the sender."""

    url: str
    sender: str

    def __repr__(self) -> str:
        return f"MailServer({urlsplit(self.url).hostname!r})"


def is_address(text: str) -> bool:
    """Whether this is one plain address. What an LMS or a person typed may be a list, which a header would take."""
    return _ADDRESS.fullmatch(text) is not None


def send_mail(server: MailServer, to: str, subject: str, text: str, language: str = "en") -> None:
    """Send one message, which says its language. Raises OSError or smtplib.SMTPException when the server does not take
    it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, to, subject
    message["Date"] = format_datetime(now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message["Content-Language"] = language
    parts = urlsplit(server.url)
    with _connect(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]) as connection:
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message)


def _connect(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    return connection
