"""The last good key set of each platform, so that launches go on while its address is down, after a restart too."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from tool.db import Database, upsert
from tool.lti.platform import PlatformFacts
from tool.model.platforms import KeptKeySet, Platform


class KeptKeySets:
    """The port `lti.key_set` asks for, on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, platform: PlatformFacts) -> tuple[Mapping[str, object], datetime] | None:
        with self._database.reading() as connection:
            row = connection.execute(
                select(KeptKeySet.key_set, KeptKeySet.fetched_at)
                .join(Platform, Platform.id == KeptKeySet.platform_id)
                .where(Platform.issuer == platform.issuer, Platform.client_id == platform.client_id)
            ).first()
        return (row.key_set, row.fetched_at) if row else None

    def save(self, platform: PlatformFacts, key_set: Mapping[str, object], fetched_at: datetime) -> None:
        with self._database.writing() as connection:
            platform_id = connection.execute(
                select(Platform.id).where(Platform.issuer == platform.issuer, Platform.client_id == platform.client_id)
            ).scalar_one()
            values = {"key_set": dict(key_set), "fetched_at": fetched_at}
            connection.execute(
                upsert(connection, KeptKeySet)
                .values(platform_id=platform_id, **values)
                .on_conflict_do_update(index_elements=["platform_id"], set_=values)
            )
