"""The school's records (SIS): whom we may send to, and which class, category and student is which."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class SisConnection(Base):
    """An operator's agreement with one SIS, for the courses of one customer. Secrets are sealed (`sis.sealing`)."""

    __tablename__ = "sis_connections"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str] = mapped_column(String(200))
    """What teachers read: “Aspire”, “Infinite Campus”."""
    vendor: Mapped[str] = mapped_column(String(30))
    """The key of a preset in `sis/vendors/`."""
    version: Mapped[str] = mapped_column(String(3))
    """`1.1` or `1.2` of OneRoster."""
    auth: Mapped[str] = mapped_column(String(10))
    """`oauth2`, `oauth1` or `bearer`."""
    rostering_url: Mapped[str] = mapped_column(Text)
    gradebook_url: Mapped[str] = mapped_column(Text)
    resources_url: Mapped[str | None] = mapped_column(Text)
    token_url: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    sealed_secret: Mapped[str] = mapped_column(Text)
    """The client secret, or the constant token of `bearer`."""
    sealed_vendor_header: Mapped[str | None] = mapped_column(Text)
    """The value of the header that the vendor's profile names."""
    signature_method: Mapped[str] = mapped_column(String(12), default="HMAC-SHA1", server_default="HMAC-SHA1")
    secret_expires_on: Mapped[date | None]
    time_zone: Mapped[str] = mapped_column(String(60))
    """The district's, an IANA name: due dates, periods and the night are reckoned in it."""
    nightly_hour: Mapped[int] = mapped_column(default=2, server_default="2")
    nightly_paused_at: Mapped[datetime | None]
    profile: Mapped[dict[str, object]]
    """What differs from the vendor's preset, by the names of `sis.plain.Profile`."""
    sync_by_default: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether *Sync to SIS* is ticked where nobody said anything (Schoology: yes; Canvas with Aspire: no)."""
    teachers: Mapped[str] = mapped_column(String(10), default="all", server_default="all")
    """Who may sync: `all`, or `listed` (Otus: the grade passback teacher group)."""
    teacher_emails: Mapped[list[object]]
    lms_syncs: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The LMS itself sends grades to this SIS: two roads make two columns, so ours stays off."""
    is_enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    test_steps: Mapped[list[object] | None]
    """The last *Test connection*, step by step."""
    tested_at: Mapped[datetime | None]
    next_request_at: Mapped[datetime | None]
    """The first moment at which the pace leaves room for another request, whoever sends it."""
    not_before: Mapped[datetime | None]
    """The SIS asked everybody to wait until then (Retry-After)."""
    expiry_mailed_on: Mapped[date | None]
    """The expiry date of the secret that operators were written about."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class SisSection(Base):
    """A class of the SIS linked to a course by a teacher. A course may have two: then each item goes to both."""

    __tablename__ = "sis_sections"
    __table_args__ = (UniqueConstraint("course_id", "connection_id", "class_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("sis_connections.id"), index=True)
    class_id: Mapped[str] = mapped_column(String(255))
    class_title: Mapped[str] = mapped_column(Text)
    school_id: Mapped[str] = mapped_column(String(255))
    term_ids: Mapped[list[object]]
    term_title: Mapped[str | None] = mapped_column(Text)
    is_class_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    teacher_id: Mapped[str | None] = mapped_column(String(255))
    """The SIS's id of the teacher who linked it."""
    linked_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]
    """Nothing goes there any more; what stands there stays."""
    is_nightly: Mapped[bool] = mapped_column(default=True, server_default=true())
    lms_syncs: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The teacher says that the LMS already sends this section's grades there."""
    associated_for: Mapped[str | None] = mapped_column(Text)
    """The terms (and linked classes) the categories were associated for; another text means: associate again."""
    read_at: Mapped[datetime | None]
    """When class, periods, categories and students were last read whole."""
    read_failure: Mapped[str | None] = mapped_column(String(40))
    remastered_at: Mapped[datetime | None]
    first_sent_at: Mapped[datetime | None]


class SisPeriod(Base):
    """A grading period of a section's class, as last read. `ends_on` is the first day that is no longer in it."""

    __tablename__ = "sis_periods"

    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id", ondelete="CASCADE"), primary_key=True)
    sourced_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    """Learned from a refusal: the office closed it. Remembered until its dates change or a teacher tries again."""
    reminded_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    """Its items were switched off at its end."""


class SisCategory(Base):
    """A category the SIS offers for a section's class, as last read."""

    __tablename__ = "sis_categories"

    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id", ondelete="CASCADE"), primary_key=True)
    sourced_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    title: Mapped[str] = mapped_column(Text)


class SisCategoryLink(Base):
    """Which category of the SIS a category of ours (a word on assignments) is, for a section and its term."""

    __tablename__ = "sis_category_links"
    __table_args__ = (UniqueConstraint("section_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id"))
    category: Mapped[str] = mapped_column(String(60))
    """Ours; the empty word is of assignments without one."""
    sis_category_id: Mapped[str | None] = mapped_column(String(255))
    """None: unassociated."""
    sis_title: Mapped[str | None] = mapped_column(Text)
    term: Mapped[str | None] = mapped_column(Text)
    """`SisSection.associated_for` when it was confirmed."""
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    confirmed_at: Mapped[datetime | None]


class SisStudent(Base):
    """A student enrolled in a section's class, as last read from the SIS."""

    __tablename__ = "sis_students"

    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id", ondelete="CASCADE"), primary_key=True)
    sourced_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    identifiers: Mapped[list[object]]
    """Every other id the SIS has for the person."""
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The first day on which the enrolment no longer holds."""
    is_active: Mapped[bool]


class SisMatch(Base):
    """Who of our members is which student of the SIS, by which rule. One that contradicts later is suspended."""

    __tablename__ = "sis_matches"
    __table_args__ = (UniqueConstraint("section_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    student_id: Mapped[str | None] = mapped_column(String(255))
    """None: not matched, for the reason in `rule`."""
    rule: Mapped[str] = mapped_column(String(12))
    """`by_hand`, `sis_id`, `email`; without a student `nobody`, `ambiguous` or `left_out` (by the teacher's word)."""
    matched_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    matched_at: Mapped[datetime]
    suspended: Mapped[str | None] = mapped_column(String(40))
    """Why nothing is sent for this person although matched: a later class list says otherwise."""
