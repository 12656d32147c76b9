"""courses that ended, a person's language, ids of SIS sections, the pace of an SIS"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = {
    "courses": (("section_sourced_id", sa.Text()), ("ended_at", MOMENT)),
    "persons": (("locale", sa.String(length=35)),),
    "sis_connections": (
        ("next_request_at", MOMENT),
        ("not_before", MOMENT),
        ("expiry_mailed_on", sa.Date()),
    ),
}


# SQLite gives the number of whoever was deleted last to the next one; lines of the log would tell of the wrong person.
NEVER_AGAIN = ("persons", "members")


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for name, kind in columns:
                altered.add_column(sa.Column(name, kind, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        for table in NEVER_AGAIN:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
                pass


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for name, _ in columns:
                altered.drop_column(name)
