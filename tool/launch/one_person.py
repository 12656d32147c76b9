"""The launches of one person: told, and ended."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, select

from tool.model.work import Launch

# What opens a page, or could, is nobody's to read.
SECRET = {"id", "nonce_digest", "secret_digest"}


def tell(connection: Connection, member_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """Those that have not been cleared away yet, without what opens them."""
    columns = [one for one in Launch.__table__.columns if one.name not in SECRET]
    rows = select(*columns).where(Launch.member_id.in_(member_ids)).order_by(Launch.created_at)
    return {"launches": [dict(row) for row in connection.execute(rows).mappings()]}


def erase(connection: Connection, member_ids: Collection[int]) -> None:
    """No page of theirs opens any more."""
    connection.execute(delete(Launch).where(Launch.member_id.in_(member_ids)))
