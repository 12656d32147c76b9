"""courses that ended, operators' second factors, a person's language, ids of SIS sections, the pace of an SIS"""

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
    "operators": (
        ("sealed_totp", sa.Text()),
        ("totp_since", MOMENT),
        ("totp_last_step", sa.BigInteger()),
    ),
    "sis_connections": (
        ("next_request_at", MOMENT),
        ("not_before", MOMENT),
        ("expiry_mailed_on", sa.Date()),
    ),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for name, kind in columns:
                altered.add_column(sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for name, _ in columns:
                altered.drop_column(name)
