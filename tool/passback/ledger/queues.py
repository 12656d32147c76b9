"""What is due, as statements built once: building them anew for each look would cost more than running them.

Each has an index that gives its rows in order: a statement that sorts would read the whole queue each time.
"""

from sqlalchemy import Integer, and_, bindparam, or_, select, text

from tool.model.passbacks import Passback
from tool.model.people import Course, Member, Person
from tool.model.platforms import Platform
from tool.model.work import Opening, Placement
from tool.passback.ledger.turning import is_of_its_link

# Leased so often and never written down: its process may have died of it. From here on it goes alone.
SUSPECT_AFTER = 2

_IS_CLAIMABLE = (
    # Written out, not bound: SQLite uses a partial index only where it can read the condition.
    text("passbacks.state = 'due'"),
    Passback.next_try_at <= bindparam("at", type_=Passback.next_try_at.type),
    or_(Passback.lease_until.is_(None), Passback.lease_until < bindparam("at", type_=Passback.lease_until.type)),
    # A link may have been bound to another assignment this very moment: its column is not for this score any more.
    is_of_its_link(),
)
_IS_SOUND = text(f"passbacks.begun < {SUSPECT_AFTER}")
_CLAIMABLE = (
    select(
        Passback.id,
        Passback.placement_id,
        Passback.assignment_id,
        Passback.platform_id,
        Passback.score,
        Passback.maximum,
        Passback.version,
        Passback.hand_in_version,
        Passback.confirmed_version,
        Passback.confirmed_score,
        Passback.confirmed_maximum,
        Passback.trigger,
        Passback.run_id,
        Passback.wished_at,
        Passback.timestamp,
        Passback.last_timestamp,
        Passback.submitted_at,
        Passback.tries,
        Passback.first_failed_at,
        Passback.begun,
        Person.subject,
        Opening.line_item_url.label("own_line_item_url"),
        Placement.line_item_url.label("link_line_item_url"),
        Course.scopes,
    )
    .join(Placement, Placement.id == Passback.placement_id)
    .join(Course, Course.id == Placement.course_id)
    .join(Member, Member.id == Passback.member_id)
    .join(Person, Person.id == Member.person_id)
    .outerjoin(Opening, and_(Opening.placement_id == Passback.placement_id, Opening.member_id == Passback.member_id))
    .where(Passback.platform_id == bindparam("platform_id"), *_IS_CLAIMABLE)
    .order_by(Passback.next_try_at)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(of=Passback, skip_locked=True)
)
FRESH = _CLAIMABLE.where(text("passbacks.tries = 0"), _IS_SOUND)
RETRIED = _CLAIMABLE.where(text("passbacks.tries > 0"), _IS_SOUND)
SUSPECTED = _CLAIMABLE.where(text(f"passbacks.begun >= {SUSPECT_AFTER}"))
HAS_SUSPECT = (
    select(Passback.id)
    .where(
        Passback.platform_id == bindparam("platform_id"),
        *_IS_CLAIMABLE,
        text(f"passbacks.begun >= {SUSPECT_AFTER}"),
    )
    .limit(bindparam("most", type_=Integer()))
)
WITH_WORK = select(Platform.id).where(
    select(Passback.id).where(Passback.platform_id == Platform.id, *_IS_CLAIMABLE).exists(), Platform.is_active
)
