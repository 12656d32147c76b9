"""Whether a score goes to the gradebook, waits for a person, or never goes: one decision, one place.

The checks, in this order; the first that fails is the reason.

1. Whoever asks, it never goes: the person is no gradable learner, is excused, or the placement is opted out.
2. Whoever asks, it cannot go now: the LMS was removed here, still in progress, no number, a question waits for a
   person, no column to put it in. (A teacher may send a number while the student still works; nothing else may.)
3. Nobody looks on, so it does not go by itself: automatic passback is off, the assignment has an essay or a
   rubric, it was not opened from the LMS, a person set another number, the gradebook may hold the score of another
   assignment, it is not the first version, questions are unanswered.

A teacher who presses *Send* has seen the number, so the third group does not concern them. What is scheduled
runs with nobody looking and is held to the same conditions as what is automatic.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Trigger = Literal["automatic", "manual", "scheduled"]
Cause = Literal[
    "submitted",
    "submitted_by_teacher",
    "closed_by_clock",
    "blanks_filled",
    "answers_edited",
    "score_changed",
    "key_changed",
    "points_changed",
    "further_attempt",
    "regraded",
    "came_back",
]
FIRST_VERSIONS: frozenset[Cause] = frozenset({"submitted", "submitted_by_teacher", "closed_by_clock"})

NeverReason = Literal["not_a_learner", "excused", "opted_out"]
HoldReason = Literal[
    "in_progress",
    "no_score",
    "needs_grading",
    "no_score_scope",
    "no_column",
    "column_without_points",
    "automatic_off",
    "needs_person",
    "not_opened_from_lms",
    "overridden",
    "other_assignment",
    "changed",
    "unanswered",
    "platform_off",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one student's score on one placement when it may have to go.

    Questions are told by their numbers. `column_maximum` is None when there is no column yet or the LMS
    does not tell; `needs_grading` concerns the number that would go: an override waits for nobody.
    """

    trigger: Trigger
    cause: Cause
    # the assignment
    automatic_passback: bool
    unanswered_setting: Literal["hold", "zero"]
    updates_setting: Literal["manual", "automatic"]
    needs_person_because: tuple[tuple[int, str], ...]  # (question number, "essay" or "rubric")
    # the placement
    is_opted_out: bool
    has_score_scope: bool
    has_column_or_can_make_one: bool
    column_maximum: Decimal | None
    # the student
    is_gradable_learner: bool
    is_excused: bool
    opened_from_lms: bool
    # the work
    is_submitted: bool
    attempt_number: int  # from 1
    has_score: bool
    has_override: bool
    needs_grading: tuple[int, ...]
    unanswered: tuple[int, ...]
    # the gradebook
    holds_other_assignment: bool = False
    # the platform: it, or the only deployment of it that led here, was removed
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`send` it now; `hold` it until a person sends it or mends the reason; `skip` it: it never goes.

    `questions` are the numbers of the questions that the reason is about.
    """

    kind: Literal["send", "hold", "skip"]
    reason: NeverReason | HoldReason | None = None
    questions: tuple[int, ...] = ()


SEND = Decision("send")


def decide(facts: Facts) -> Decision:
    """The decision for one score; see the order of checks above."""
    hindrance = _never(facts) or _not_now(facts)
    if hindrance is None and facts.trigger != "manual":
        hindrance = _not_by_itself(facts)
    return hindrance or SEND


def _never(facts: Facts) -> Decision | None:
    if not facts.is_gradable_learner:  # a teacher, a test student, a preview: Canvas refuses or, worse, keeps them
        return Decision("skip", "not_a_learner")
    if facts.is_excused:
        return Decision("skip", "excused")
    if facts.is_opted_out:
        return Decision("skip", "opted_out")
    return None


def _not_now(facts: Facts) -> Decision | None:
    if facts.is_closed:
        return Decision("hold", "platform_off")
    is_sent_while_working = facts.trigger == "manual" and facts.has_score
    if not facts.is_submitted and not is_sent_while_working:
        return Decision("hold", "in_progress")
    if not facts.has_score:
        return Decision("hold", "no_score")
    if facts.needs_grading:  # half a score is never sent: Canvas and Moodle erase the grade that stands there
        return Decision("hold", "needs_grading", facts.needs_grading)
    if not facts.has_score_scope:
        return Decision("hold", "no_score_scope")
    if not facts.has_column_or_can_make_one:
        return Decision("hold", "no_column")
    if facts.column_maximum is not None and facts.column_maximum <= 0:
        return Decision("hold", "column_without_points")
    return None


def _not_by_itself(facts: Facts) -> Decision | None:
    if not facts.automatic_passback:
        return Decision("hold", "automatic_off")
    if facts.needs_person_because:
        return Decision("hold", "needs_person", tuple(number for number, _ in facts.needs_person_because))
    if not facts.opened_from_lms:
        return Decision("hold", "not_opened_from_lms")
    if facts.has_override:  # a number that a person chose is not replaced silently
        return Decision("hold", "overridden")
    # The link was bound to another assignment. A first score would overwrite the one that stands in its column, where
    # it is maybe the only trace of that work: whether it may go is a person's word. And when the link comes back to an
    # assignment nobody hands anything in: what was earned then is told, and a person sends it.
    if facts.holds_other_assignment or facts.cause == "came_back":
        return Decision("hold", "other_assignment")
    is_first_version = facts.cause in FIRST_VERSIONS and facts.attempt_number == 1
    if not is_first_version and facts.updates_setting == "manual":
        return Decision("hold", "changed")
    if facts.unanswered and facts.unanswered_setting == "hold":
        return Decision("hold", "unanswered", facts.unanswered)
    return None
