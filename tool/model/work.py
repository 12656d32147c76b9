"""The work: assignments, where they are placed, what was handed in and what it earned."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Assignment(Base):
    """Questions with points. Without a customer (imported on the command line) it is everyone's."""

    __tablename__ = "assignments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    title: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[str | None] = mapped_column(Text)
    automatic_passback: Mapped[bool]
    unanswered: Mapped[str] = mapped_column(String(10))
    updates: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int | None]
    counting_attempt: Mapped[str] = mapped_column(String(10))
    after_submitting: Mapped[str] = mapped_column(String(10))
    may_change_after_submitting: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    questions: Mapped[list[object]]
    points: Mapped[Decimal]
    person_needed_because: Mapped[list[object]]
    """Which questions keep a score from going by itself: `[[number, "essay"], …]`; stored for rooms below."""
    revision: Mapped[int]
    updated_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    """Whose library it stands in; None for what was imported on the command line."""
    copied_from: Mapped[str | None] = mapped_column(String(64))
    """The id of the assignment it was copied from, which may be gone since."""
    category: Mapped[str | None] = mapped_column(String(60))
    """A word of the teacher's (“Homework”), by which the school's records know which of their categories it is."""
    assigned_at: Mapped[datetime | None]
    """When it was given out; None: when its link was first seen."""
    counts_in_grade: Mapped[bool] = mapped_column(default=True, server_default=true())
    sync_to_sis: Mapped[bool | None]
    """*Sync to SIS*; None: as the connection to the school's records says."""
    archived_at: Mapped[datetime | None]
    """Put away: no longer offered for new links; links that have it keep it."""


class Placement(Base):
    """An assignment in one resource link of one course."""

    __tablename__ = "placements"
    __table_args__ = (UniqueConstraint("course_id", "resource_link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    resource_link_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str | None] = mapped_column(Text)
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    line_item_url: Mapped[str | None] = mapped_column(Text)
    """The link's own column: of its latest launch that named one, else found or made by us."""
    line_item_source: Mapped[str | None] = mapped_column(String(10))
    """`launch`, `found` or `made`; without an address `elsewhere` (the one that was named belongs to another course) or
    `sought` (a teacher asked to find it anew, and such a name is passed over)."""
    line_item_maximum: Mapped[Decimal | None]
    line_item_due_at: Mapped[datetime | None]
    """The due date of the LMS's own activity, as its column tells it."""
    lms_due_at: Mapped[datetime | None]
    """The same as the latest launch of a teacher told it."""
    column_lease_until: Mapped[datetime | None]
    column_lease_holder: Mapped[str | None] = mapped_column(String(40))
    """Who leases the score that the column is made for."""
    """While somebody looks for or makes the column, nobody else does: ten hand-ins at once make one column."""
    opted_out_at: Mapped[datetime | None]
    """Since when nothing more is sent for this placement; what stands in the LMS stays."""
    mode: Mapped[str] = mapped_column(String(12), default="points", server_default="points")
    """`points`, or `completion`: everything for who handed in, nothing for who did not."""
    results_read_at: Mapped[datetime | None]
    """When the LMS's own grades of this placement were last read whole."""
    results_failure: Mapped[str | None] = mapped_column(String(40))
    copied_from: Mapped[int | None] = mapped_column(ForeignKey("placements.id"))
    """The placement of an earlier course that the LMS named as its origin, from which it has its assignment."""
    created_at: Mapped[datetime]


class Opening(Base):
    """A member opened a placement. Linked sections in Schoology give each learner a column of their own section."""

    __tablename__ = "openings"
    __table_args__ = (UniqueConstraint("placement_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    line_item_url: Mapped[str | None] = mapped_column(Text)
    lms_due_at: Mapped[datetime | None]
    """What the LMS told this learner: Canvas tells everybody their own date, with their extension in it."""
    first_opened_at: Mapped[datetime]


class Submission(Base):
    """One attempt of one member: open while the student works, then submitted."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint(
            *("placement_id", "assignment_id", "member_id", "attempt_number"),
            name="uq_submissions_attempts_of_an_assignment",  # of all four it would be too long for PostgreSQL
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignments.id"), index=True)
    """What it answers. A link can be bound to another assignment later: the work of before stays with its own."""
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    attempt_number: Mapped[int]
    answers: Mapped[dict[str, object]]
    revision: Mapped[int]
    """Raised at each save; a page that saves from an older revision is told so instead of overwriting."""
    saved_page: Mapped[str | None] = mapped_column(String(16))
    """Which page saved last: after a lost answer that very page may know an older revision and still goes on."""
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(String(10))
    """`student`, `teacher` or `clock`."""
    reopened_at: Mapped[datetime | None]
    """A teacher gave the work back; it is open again and keeps its answers."""


class Grade(Base):
    """What a submission earned, question by question."""

    __tablename__ = "grades"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    score: Mapped[Decimal]
    """Points earned so far; final once `needs_grading` is empty."""
    maximum: Mapped[Decimal]
    details: Mapped[list[object]]
    needs_grading: Mapped[list[object]]
    """Numbers of the questions that wait for a person."""
    unanswered: Mapped[list[object]]
    assignment_revision: Mapped[int]
    graded_at: Mapped[datetime]


class Mark(Base):
    """What a person gave for one answer: instead of the automatic points, or where there are none."""

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("submission_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    question_id: Mapped[str] = mapped_column(String(64))
    points: Mapped[Decimal | None]
    """None while there is only feedback."""
    rubric: Mapped[dict[str, object] | None]
    """Criterion id → points, as text."""
    feedback: Mapped[str | None] = mapped_column(Text)
    marked_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    marked_at: Mapped[datetime]


class Launch(Base):
    """One accepted arrival; its pages carry its id in the path and its secret in a cookie of their own, or a token
    beside the id."""

    __tablename__ = "launches"
    __table_args__ = (Index("ix_launches_expires_at", "expires_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    nonce_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the token it came with: the unique key makes a token good only once, in any process. A launch lives far longer
    than its token; None for one that was begun from another launch's pages."""
    secret_digest: Mapped[str] = mapped_column(String(64))
    carries_token: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The browser keeps no cookie at all: only a token in its pages' addresses opens them. Its secret is nowhere."""
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    is_teacher: Mapped[bool]
    is_learner: Mapped[bool]
    frame_ancestors: Mapped[str] = mapped_column(Text)
    """Origins of the platform, the only ones that may frame this launch's pages."""
    locale: Mapped[str | None] = mapped_column(String(35))
    return_url: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Selection(Base):
    """The LMS asked for assignments to be chosen (deep linking): what it said, kept until the answer is given. Nothing
    of it is ever read from a form."""

    __tablename__ = "selections"

    launch_id: Mapped[str] = mapped_column(ForeignKey("launches.id", ondelete="CASCADE"), primary_key=True)
    deployment_id: Mapped[str] = mapped_column(String(255))
    """The deployment that asked: a customer may have several, and the answer has to name this one."""
    return_url: Mapped[str] = mapped_column(Text)
    data: Mapped[str | None] = mapped_column(Text)
    """To be echoed untouched; None when nothing was said."""
    accepts_links: Mapped[bool]
    accepts_several: Mapped[bool]
    accepts_line_items: Mapped[bool]
    answered_at: Mapped[datetime | None]
