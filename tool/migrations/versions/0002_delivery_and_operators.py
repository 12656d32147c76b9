"""delivery, operators, and the facts that pages asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

SAY_THEIR_ASSIGNMENT = {
    "submissions": ["assignment_id"],
    "passbacks": ["assignment_id", "sent_assignment_id"],
    "runs": ["assignment_id"],
}
ATTEMPTS_OF_A_LINK = "uq_submissions_placement_id_member_id_attempt_number"
ATTEMPTS_OF_AN_ASSIGNMENT = "uq_submissions_attempts_of_an_assignment"


def upgrade() -> None:
    """What comes new with each of the rooms."""
    _lanes()
    _operators()
    _work_of_an_assignment()
    _due_dates()
    _digest_mails()


def downgrade() -> None:
    """Back to the first tables."""
    op.drop_table("digest_mails")
    _work_of_a_link()
    with op.batch_alter_table("placements") as batch_op:
        batch_op.drop_column("lms_due_at")
        batch_op.drop_column("line_item_due_at")
    op.drop_table("sign_in_tallies")
    op.drop_table("operator_sessions")
    op.drop_table("operators")
    op.drop_table("senders")
    op.drop_table("token_leases")
    op.drop_table("lanes")
    with op.batch_alter_table("passbacks") as passbacks:
        passbacks.drop_column("begun")
    with op.batch_alter_table("placements") as placements:
        placements.drop_column("column_lease_holder")


def _lanes() -> None:
    with op.batch_alter_table("passbacks") as passbacks:
        passbacks.add_column(sa.Column("begun", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("placements") as placements:
        placements.add_column(sa.Column("column_lease_holder", sa.String(length=40), nullable=True))
    op.create_table(
        "lanes",
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("most_in_flight", sa.Integer(), nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("slowed_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("broken_at", MOMENT, nullable=True),
        sa.Column("probe_at", MOMENT, nullable=True),
        sa.Column("last_success_at", MOMENT, nullable=True),
        sa.Column("last_failure_at", MOMENT, nullable=True),
        sa.Column("last_failure", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_lanes_platform_id_platforms")),
        sa.PrimaryKeyConstraint("platform_id", name=op.f("pk_lanes")),
    )
    op.create_table(
        "token_leases",
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("lease_holder", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_token_leases_platform_id_platforms")),
        sa.PrimaryKeyConstraint("platform_id", name=op.f("pk_token_leases")),
    )
    op.create_table(
        "senders",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_senders")),
    )


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", MOMENT, nullable=False),
        sa.Column("signed_in_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("email", name=op.f("uq_operators_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "operator_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_operator_sessions_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_operator_sessions")),
    )
    op.create_index(op.f("ix_operator_sessions_operator_id"), "operator_sessions", ["operator_id"])
    op.create_index("ix_operator_sessions_expires_at", "operator_sessions", ["expires_at"])
    op.create_table(
        "sign_in_tallies",
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_sign_in_tallies")),
    )
    op.create_index("ix_sign_in_tallies_ends_at", "sign_in_tallies", ["ends_at"])


def _due_dates() -> None:
    with op.batch_alter_table("placements") as batch_op:
        batch_op.add_column(sa.Column("line_item_due_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("lms_due_at", MOMENT, nullable=True))


def _work_of_an_assignment() -> None:
    """A link can be bound to another assignment: whose work, whose grade and whose send something is, it says itself.
    What is there already is of the assignment its link has now; nobody knew of another."""
    for table, columns in SAY_THEIR_ASSIGNMENT.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(column, sa.String(length=64), nullable=True))
    placements = sa.table("placements", sa.column("id"), sa.column("assignment_id"))
    for table in SAY_THEIR_ASSIGNMENT:
        rows = sa.table(table, sa.column("placement_id"), sa.column("assignment_id"))
        bound_to = sa.select(placements.c.assignment_id).where(placements.c.id == rows.c.placement_id)
        op.execute(rows.update().values(assignment_id=bound_to.scalar_subquery()))
    op.execute("UPDATE passbacks SET sent_assignment_id = assignment_id WHERE confirmed_version > 0")
    for table, columns in SAY_THEIR_ASSIGNMENT.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.create_foreign_key(op.f(f"fk_{table}_{column}_assignments"), "assignments", [column], ["id"])
    with op.batch_alter_table("submissions") as submissions:
        # Each was opened by a link that had an assignment, and a link never loses its own: none stays empty.
        submissions.alter_column("assignment_id", existing_type=sa.String(length=64), nullable=False)
        submissions.drop_constraint(ATTEMPTS_OF_A_LINK, type_="unique")
        submissions.create_unique_constraint(
            ATTEMPTS_OF_AN_ASSIGNMENT, ["placement_id", "assignment_id", "member_id", "attempt_number"]
        )
        submissions.create_index(op.f("ix_submissions_assignment_id"), ["assignment_id"])


def _work_of_a_link() -> None:
    with op.batch_alter_table("submissions") as submissions:
        submissions.drop_index(op.f("ix_submissions_assignment_id"))
        submissions.drop_constraint(ATTEMPTS_OF_AN_ASSIGNMENT, type_="unique")
        submissions.create_unique_constraint(ATTEMPTS_OF_A_LINK, ["placement_id", "member_id", "attempt_number"])
    for table, columns in SAY_THEIR_ASSIGNMENT.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_constraint(op.f(f"fk_{table}_{column}_assignments"), type_="foreignkey")
                batch.drop_column(column)


def _digest_mails() -> None:
    op.create_table(
        "digest_mails",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("troubles", sa.JSON(), nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_digest_mails_member_id_members")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_digest_mails")),
    )
