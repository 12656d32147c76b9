"""an index for each way in which scores are taken"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONDITIONS = {"fresh": "tries = 0", "retried": "tries > 0", "suspect": "begun >= 2"}


def upgrade() -> None:
    for name, condition in CONDITIONS.items():
        due = sa.text(f"state = 'due' AND {condition}")
        op.create_index(
            f"ix_passbacks_{name}",
            "passbacks",
            ["platform_id", "next_try_at"],
            sqlite_where=due,
            postgresql_where=due,
        )


def downgrade() -> None:
    for name in CONDITIONS:
        op.drop_index(f"ix_passbacks_{name}", "passbacks")
