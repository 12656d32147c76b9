"""the second destination: connections to the school's records, linked classes, what was synced"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "sis_scores",
    "sis_run_lines",
    "sis_students",
    "sis_runs",
    "sis_periods",
    "sis_matches",
    "sis_items",
    "sis_category_links",
    "sis_categories",
    "sis_acts",
    "sis_sections",
    "sis_connections",
)


def upgrade() -> None:
    _make_sis_connections()
    _make_sis_sections()
    _make_sis_acts()
    _make_sis_categories()
    _make_sis_category_links()
    _make_sis_items()
    _make_sis_matches()
    _make_sis_periods()
    _make_sis_runs()
    _make_sis_students()
    _make_sis_run_lines()
    _make_sis_scores()
    _make_assignments_columns()
    _make_passbacks_columns()


def downgrade() -> None:
    with op.batch_alter_table("passbacks") as passbacks:
        passbacks.drop_column("override_for_sis")
    with op.batch_alter_table("assignments") as assignments:
        for name in ("sync_to_sis", "counts_in_grade", "assigned_at", "category"):
            assignments.drop_column(name)
    for name in TABLES:
        op.drop_table(name)


def _make_sis_connections() -> None:
    op.create_table(
        "sis_connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("vendor", sa.String(length=30), nullable=False),
        sa.Column("version", sa.String(length=3), nullable=False),
        sa.Column("auth", sa.String(length=10), nullable=False),
        sa.Column("rostering_url", sa.Text(), nullable=False),
        sa.Column("gradebook_url", sa.Text(), nullable=False),
        sa.Column("resources_url", sa.Text(), nullable=True),
        sa.Column("token_url", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("sealed_vendor_header", sa.Text(), nullable=True),
        sa.Column("signature_method", sa.String(length=12), server_default="HMAC-SHA1", nullable=False),
        sa.Column("secret_expires_on", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("nightly_hour", sa.Integer(), server_default="2", nullable=False),
        sa.Column("nightly_paused_at", MOMENT, nullable=True),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("sync_by_default", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("teachers", sa.String(length=10), server_default="all", nullable=False),
        sa.Column("teacher_emails", sa.JSON(), nullable=False),
        sa.Column("lms_syncs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("test_steps", sa.JSON(), nullable=True),
        sa.Column("tested_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_sis_connections_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_connections")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_sis_connections_customer_id_name")),
    )


def _make_sis_sections() -> None:
    op.create_table(
        "sis_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.String(length=255), nullable=False),
        sa.Column("class_title", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=255), nullable=False),
        sa.Column("term_ids", sa.JSON(), nullable=False),
        sa.Column("term_title", sa.Text(), nullable=True),
        sa.Column("is_class_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("teacher_id", sa.String(length=255), nullable=True),
        sa.Column("linked_by", sa.Integer(), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("unlinked_at", MOMENT, nullable=True),
        sa.Column("is_nightly", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("lms_syncs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("associated_for", sa.Text(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("read_failure", sa.String(length=40), nullable=True),
        sa.Column("remastered_at", MOMENT, nullable=True),
        sa.Column("first_sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["sis_connections.id"], name=op.f("fk_sis_sections_connection_id_sis_connections")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_sis_sections_course_id_courses")),
        sa.ForeignKeyConstraint(["linked_by"], ["members.id"], name=op.f("fk_sis_sections_linked_by_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_sections")),
        sa.UniqueConstraint(
            "course_id", "connection_id", "class_id", name=op.f("uq_sis_sections_course_id_connection_id_class_id")
        ),
    )
    with op.batch_alter_table("sis_sections") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_sections_connection_id"), ["connection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sis_sections_course_id"), ["course_id"], unique=False)


def _make_sis_acts() -> None:
    op.create_table(
        "sis_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("acted_by", sa.Integer(), nullable=True),
        sa.Column("acted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["acted_by"], ["members.id"], name=op.f("fk_sis_acts_acted_by_members")),
        sa.ForeignKeyConstraint(["section_id"], ["sis_sections.id"], name=op.f("fk_sis_acts_section_id_sis_sections")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_acts")),
    )
    with op.batch_alter_table("sis_acts") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_acts_section_id"), ["section_id"], unique=False)


def _make_sis_categories() -> None:
    op.create_table(
        "sis_categories",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["sis_sections.id"],
            name=op.f("fk_sis_categories_section_id_sis_sections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("section_id", "sourced_id", name=op.f("pk_sis_categories")),
    )


def _make_sis_category_links() -> None:
    op.create_table(
        "sis_category_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("sis_category_id", sa.String(length=255), nullable=True),
        sa.Column("sis_title", sa.Text(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["members.id"], name=op.f("fk_sis_category_links_confirmed_by_members")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sis_sections.id"], name=op.f("fk_sis_category_links_section_id_sis_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_category_links")),
        sa.UniqueConstraint("section_id", "category", name=op.f("uq_sis_category_links_section_id_category")),
    )


def _make_sis_items() -> None:
    op.create_table(
        "sis_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("syncs", sa.Boolean(), nullable=True),
        sa.Column("disabled_for", sa.String(length=255), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("due_source", sa.String(length=10), nullable=True),
        sa.Column("above_maximum", sa.String(length=6), server_default="ask", nullable=False),
        sa.Column("line_item_id", sa.String(length=255), nullable=True),
        sa.Column("is_adopted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sent_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="new", nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("succeeded_at", MOMENT, nullable=True),
        sa.Column("error_seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_sis_items_placement_id_placements")),
        sa.ForeignKeyConstraint(["section_id"], ["sis_sections.id"], name=op.f("fk_sis_items_section_id_sis_sections")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_items")),
        sa.UniqueConstraint("section_id", "placement_id", name=op.f("uq_sis_items_section_id_placement_id")),
    )
    with op.batch_alter_table("sis_items") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_items_placement_id"), ["placement_id"], unique=False)


def _make_sis_matches() -> None:
    op.create_table(
        "sis_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.String(length=255), nullable=True),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("matched_by", sa.Integer(), nullable=True),
        sa.Column("matched_at", MOMENT, nullable=False),
        sa.Column("suspended", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["matched_by"], ["members.id"], name=op.f("fk_sis_matches_matched_by_members")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sis_matches_member_id_members")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sis_sections.id"], name=op.f("fk_sis_matches_section_id_sis_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_matches")),
        sa.UniqueConstraint("section_id", "member_id", name=op.f("uq_sis_matches_section_id_member_id")),
    )
    with op.batch_alter_table("sis_matches") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_matches_member_id"), ["member_id"], unique=False)


def _make_sis_periods() -> None:
    op.create_table(
        "sis_periods",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sis_sections.id"], name=op.f("fk_sis_periods_section_id_sis_sections"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("section_id", "sourced_id", name=op.f("pk_sis_periods")),
    )


def _make_sis_runs() -> None:
    op.create_table(
        "sis_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("stage", sa.String(length=12), server_default="queued", nullable=False),
        sa.Column("status", sa.String(length=12), server_default="queued", nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("placement_ids", sa.JSON(), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["section_id"], ["sis_sections.id"], name=op.f("fk_sis_runs_section_id_sis_sections")),
        sa.ForeignKeyConstraint(["started_by"], ["members.id"], name=op.f("fk_sis_runs_started_by_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_runs")),
    )
    with op.batch_alter_table("sis_runs") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_runs_section_id"), ["section_id"], unique=False)


def _make_sis_students() -> None:
    op.create_table(
        "sis_students",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("identifiers", sa.JSON(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["sis_sections.id"],
            name=op.f("fk_sis_students_section_id_sis_sections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("section_id", "sourced_id", name=op.f("pk_sis_students")),
    )


def _make_sis_run_lines() -> None:
    op.create_table(
        "sis_run_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(length=40), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["sis_items.id"], name=op.f("fk_sis_run_lines_item_id_sis_items")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sis_run_lines_member_id_members")),
        sa.ForeignKeyConstraint(["run_id"], ["sis_runs.id"], name=op.f("fk_sis_run_lines_run_id_sis_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_run_lines")),
    )
    with op.batch_alter_table("sis_run_lines") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_run_lines_run_id"), ["run_id"], unique=False)


def _make_sis_scores() -> None:
    op.create_table(
        "sis_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.String(length=255), nullable=True),
        sa.Column("student_id", sa.String(length=255), nullable=True),
        sa.Column("sent_status", sa.String(length=20), nullable=True),
        sa.Column("sent_score", sa.String(length=40), nullable=True),
        sa.Column("sent_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=12), server_default="new", nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("read_score", sa.String(length=40), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("is_pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["sis_items.id"], name=op.f("fk_sis_scores_item_id_sis_items")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sis_scores_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sis_scores")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_sis_scores_item_id_member_id")),
    )
    with op.batch_alter_table("sis_scores") as batch_op:
        batch_op.create_index(batch_op.f("ix_sis_scores_member_id"), ["member_id"], unique=False)


def _make_assignments_columns() -> None:
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("assigned_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("counts_in_grade", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("sync_to_sis", sa.Boolean(), nullable=True))


def _make_passbacks_columns() -> None:
    with op.batch_alter_table("passbacks") as batch_op:
        batch_op.add_column(sa.Column("override_for_sis", sa.Boolean(), server_default=sa.true(), nullable=False))
