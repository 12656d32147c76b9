"""Whether a registration borrows the client id of another LMS."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from tool.errors import BadInput
from tool.language import gettext
from tool.model.platforms import Platform


def refuse_borrowed_client(connection: Connection, platform_id: int) -> None:
    """Raises BadInput when another LMS is known by the same client id at the same token address: our signature, made
    for this one, would open the other's gradebooks. To be asked in the transaction that writes the platform."""
    asked = (Platform.id, Platform.issuer, Platform.client_id, Platform.auth_token_url, Platform.auth_audience)
    this = connection.execute(select(*asked).where(Platform.id == platform_id)).one()
    same_id = (Platform.client_id == this.client_id, Platform.issuer != this.issuer)
    for other in connection.execute(select(*asked).where(*same_id)):
        if _token_hosts(this) & _token_hosts(other):
            raise BadInput(gettext("Another LMS is registered here with this client id and token address."))


def _token_hosts(row: Any) -> set[str]:
    urls = (row.auth_token_url, row.auth_audience)
    return {host for url in urls if url and (host := urlsplit(url).netloc.lower())}
