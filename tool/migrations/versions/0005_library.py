"""libraries of teachers, choosing from inside the LMS, courses that were copied"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("assignments") as assignments:
        assignments.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        assignments.add_column(sa.Column("copied_from", sa.String(length=64), nullable=True))
        assignments.add_column(sa.Column("archived_at", MOMENT, nullable=True))
        assignments.create_foreign_key(op.f("fk_assignments_owner_id_persons"), "persons", ["owner_id"], ["id"])
        assignments.create_index(op.f("ix_assignments_owner_id"), ["owner_id"])
    with op.batch_alter_table("courses") as courses:
        courses.add_column(sa.Column("earlier_contexts", sa.Text(), nullable=True))
    with op.batch_alter_table("placements") as placements:
        placements.add_column(sa.Column("copied_from", sa.Integer(), nullable=True))
        placements.create_foreign_key(
            op.f("fk_placements_copied_from_placements"), "placements", ["copied_from"], ["id"]
        )
    op.create_table(
        "selections",
        sa.Column("launch_id", sa.String(length=32), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("accepts_links", sa.Boolean(), nullable=False),
        sa.Column("accepts_several", sa.Boolean(), nullable=False),
        sa.Column("accepts_line_items", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["launch_id"], ["launches.id"], name=op.f("fk_selections_launch_id_launches"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("launch_id", name=op.f("pk_selections")),
    )


def downgrade() -> None:
    op.drop_table("selections")
    with op.batch_alter_table("placements") as placements:
        placements.drop_constraint(op.f("fk_placements_copied_from_placements"), type_="foreignkey")
        placements.drop_column("copied_from")
    with op.batch_alter_table("courses") as courses:
        courses.drop_column("earlier_contexts")
    with op.batch_alter_table("assignments") as assignments:
        assignments.drop_constraint(op.f("fk_assignments_owner_id_persons"), type_="foreignkey")
        assignments.drop_index(op.f("ix_assignments_owner_id"))
        for name in ("archived_at", "copied_from", "owner_id"):
            assignments.drop_column(name)
