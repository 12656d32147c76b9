"""a launch carries its nonce; when a link was last opened is asked of nobody"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("launches") as launches:
        launches.add_column(sa.Column("nonce_digest", sa.String(length=64), nullable=True))
        launches.create_unique_constraint(op.f("uq_launches_nonce_digest"), ["nonce_digest"])
    op.drop_table("used_nonces")
    with op.batch_alter_table("openings") as openings:
        openings.drop_column("last_opened_at")


def downgrade() -> None:
    with op.batch_alter_table("openings") as openings:
        openings.add_column(sa.Column("last_opened_at", MOMENT, nullable=True))
    op.execute("UPDATE openings SET last_opened_at = first_opened_at")
    with op.batch_alter_table("openings") as openings:
        openings.alter_column("last_opened_at", existing_type=MOMENT, nullable=False)
    op.create_table(
        "used_nonces",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_nonces")),
    )
    with op.batch_alter_table("launches") as launches:
        launches.drop_constraint(op.f("uq_launches_nonce_digest"), type_="unique")
        launches.drop_column("nonce_digest")
