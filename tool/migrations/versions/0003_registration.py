"""registration by invitation, deployments that wait, hosts that were confirmed"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REMOVING = (("deployments", "removed_at"), ("customers", "closed_at"), ("platforms", "removed_at"))


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("approves", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("platform_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["operators.id"], name=op.f("fk_invitations_made_by_operators"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_invitations_platform_id_platforms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    with op.batch_alter_table("platforms") as platforms:
        platforms.add_column(sa.Column("approved_at", MOMENT, nullable=True))
        platforms.add_column(sa.Column("new_deployments", sa.String(length=10), server_default="hold", nullable=False))
        platforms.add_column(sa.Column("service_hosts", sa.JSON(), nullable=True))
        platforms.add_column(sa.Column("granted", sa.JSON(), nullable=True))
    op.execute("UPDATE platforms SET approved_at = created_at")
    with op.batch_alter_table("deployments") as deployments:
        deployments.add_column(sa.Column("held_at", MOMENT, nullable=True))
        deployments.alter_column("customer_id", existing_type=sa.Integer(), nullable=True)
    _check_turns()
    _removing()


def downgrade() -> None:
    for table, name in REMOVING:
        with op.batch_alter_table(table) as altered:
            altered.drop_column(name)
    op.drop_table("check_turns")
    op.execute("DELETE FROM deployments WHERE customer_id IS NULL")
    with op.batch_alter_table("deployments") as deployments:
        deployments.alter_column("customer_id", existing_type=sa.Integer(), nullable=False)
        deployments.drop_column("held_at")
    with op.batch_alter_table("platforms") as platforms:
        for name in ("granted", "service_hosts", "new_deployments", "approved_at"):
            platforms.drop_column(name)
    op.drop_table("invitations")


def _check_turns() -> None:
    op.create_table(
        "check_turns",
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], name=op.f("fk_check_turns_platform_id_platforms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("platform_id", name=op.f("pk_check_turns")),
    )


def _removing() -> None:
    for table, name in REMOVING:
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column(name, MOMENT, nullable=True))
