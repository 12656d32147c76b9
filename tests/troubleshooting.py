"""`python -m tests.troubleshooting` writes docs/troubleshooting.md from the catalogues of errors: it cannot drift."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.said_refusals import Refusal, said_refusals
from tool.lti.refusal_texts import LAUNCH_TEXTS
from tool.passback.remedies import by_itself, for_admin, for_operator, for_teacher, readings
from tool.passback.remedies.entry import Remedy
from tool.passback.words import REASONS
from tool.registration.checks.words import WORDS
from tool.registration.refusals import TEXTS
from tool.sis.remedies.finding import BY_CODE
from tool.sis.words import WHO

PAGE = Path(__file__).resolve().parent.parent / "docs" / "troubleshooting.md"
HEAD = """# When something does not work

Written by `python -m tests.troubleshooting` from the texts that Passback itself shows; a test compares the two.

| what you see | where to look |
|---|---|
| a page with a reference code instead of the assignment | *The link does not open*, below; the operator finds the code in the log |
| a grade that does not arrive | Grade Passback → *View error* of the student: it says why, who can mend it, and when it is tried again |
| many grades that do not arrive | /admin → *Needs a person*; `passback platform check NAME` |
| a grade the LMS does not show although it was accepted | *Read the LMS again* on Grade Passback: the row says what the LMS holds |
| the school's records (SIS) lack a grade | School records → *Check before sending*, and *Why?* of the assignment |
| Passback does not start, or a command ends with one line beginning with `passback:` | *A start or a command is refused*, below |
| an LMS cannot be registered, or the test of its connection fails | the sections about that, below |
| a page that says no to what you did | *A page says no*, below |
| nothing at all works | `curl <base_url>/readyz`, then the log of the services |

In the texts %(platform)s stands for the LMS, %(sis)s for the SIS, {about} and %(about)s for what the LMS sent, … for what
differs each time.
"""  # noqa: E501 - rows of a table
# Rooms and modules whose refusals end a command or a start; those of all others stand on a page.
BEFORE_ANY_PAGE = (
    "cli/",
    "settings.py",
    "worker.py",
    "app.py",
    "migrations/",
    "lti/",
    "course/",
    "admin/erasing.py",
    "admin/one_person.py",
    "admin/operators.py",
    "registration/keys.py",
    "registration/checks/subject.py",
)
ROOMS = {
    "access": "any page",
    "admin": "the operator's pages",
    "assessment": "an assignment",
    "library": "library, import and choosing",
    "passback": "Grade Passback",
    "registration": "an LMS's registration",
    "sis": "school records",
}
WHO_MENDS = {
    "you": "the teacher",
    "admin": "the LMS's administrator",
    "operator": "the operator of Passback",
    "nobody": "nobody: it mends itself",
}


def write_page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_launches(), *_scores(), *_waiting(), *_records(), *_joining(), *_refused()]) + "\n"


def _launches() -> Iterator[str]:
    yield "## The link does not open\n"
    yield from _table(
        ("what the page says", "what to do", "code"),
        ((text.message, text.hint, f"`{code}`") for code, text in LAUNCH_TEXTS.items()),
    )


def _scores() -> Iterator[str]:
    kinds: tuple[tuple[str, Mapping[str, Remedy]], ...] = (
        ("A score does not arrive: what a teacher mends", for_teacher.ENTRIES),
        ("A score does not arrive: what the LMS's administrator mends", for_admin.ENTRIES),
        ("A score does not arrive: what the operator mends", for_operator.ENTRIES),
        ("A score does not arrive, and mends itself", by_itself.ENTRIES),
    )
    for title, entries in kinds:
        yield f"\n## {title}\n"
        yield from _table(
            ("what happened", "why", "who mends it", "how", "what happens then", "code"),
            (
                (one.happened, one.why, WHO_MENDS[one.who], one.fix, one.then, f"`{code}`")
                for code, one in entries.items()
            ),
        )


def _waiting() -> Iterator[str]:
    yield "\n## A score waits, or a class list is old\n"
    yield "Beside a student stands why nothing goes by itself; *Send* sends it where that can be done.\n"
    yield from _table(("what stands there", "code"), ((text, f"`{code}`") for code, text in REASONS.items()))
    yield ""
    yield from _table(
        ("what happened", "why", "who mends it", "how", "what happens then", "code"),
        (
            (one.happened, one.why, WHO_MENDS[one.who], one.fix, one.then, f"`{code}`")
            for code, one in readings.ENTRIES.items()
        ),
    )


def _records() -> Iterator[str]:
    yield "\n## The school's records\n"
    yield from _table(
        ("what happened", "why", "who mends it", "how", "what happens then", "code"),
        (
            (one.happened, one.why, WHO[one.who], one.fix, one.then, f"`{code}`")
            for code, one in sorted(BY_CODE.items())
        ),
    )


def _joining() -> Iterator[str]:
    kinds = (("An LMS cannot be registered", TEXTS), ("The test of a connection fails", WORDS))
    for title, texts in kinds:
        yield f"\n## {title}\n"
        yield from _table(
            ("what it says", "what to do", "code"),
            ((said, to_do, f"`{code}`") for code, (said, to_do) in texts.items()),
        )


def _refused() -> Iterator[str]:
    said = [one for one in said_refusals() if any(letter.isalpha() for letter in one.message)]
    yield "\n## A start or a command is refused\n"
    yield "One line that begins with `passback:`, and exit status 2; nothing was changed.\n"
    commands = dict.fromkeys((one.message, one.hint) for one in said if ends_a_command(one))
    yield from _table(("what it says", "what to do"), commands)
    yield "\n## A page says no\n"
    pages = dict.fromkeys((room_of(one), one.message, one.hint) for one in said if not ends_a_command(one))
    yield from _table(("where", "what it says", "what to do"), pages)


def ends_a_command(refusal: Refusal) -> bool:
    return refusal.file.startswith(BEFORE_ANY_PAGE)


def room_of(refusal: Refusal) -> str:
    """In a reader's words."""
    return ROOMS[refusal.file.partition("/")[0].removesuffix(".py")]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield _line(heads)
    yield _line(tuple("---" for _ in heads))
    for row in rows:
        yield _line(row)


def _line(cells: tuple[object, ...]) -> str:
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(write_page())
    sys.stdout.write(f"{PAGE.name} is written.\n")
