"""The day's letter to a teacher: what needs her, in her language. No student is named in it."""

from collections.abc import Iterable
from textwrap import shorten

from tool.passback.glance import Glance
from tool.spoken import Words

TITLE_CHARACTERS = 100


def write_letter(words: Words, course_title: str | None, troubled: Iterable[Glance]) -> tuple[str, str]:
    """Subject and text."""
    course = _on_one_line(course_title or words.gettext("your course"))
    lines = [words.gettext("Some grades of %(course)s need you:", course=course), ""]
    for one in troubled:
        parts = []
        if one.errors:
            parts.append(words.ngettext("%(num)s could not be delivered", "%(num)s could not be delivered", one.errors))
        if one.changed_in_lms:
            parts.append(
                words.ngettext(
                    "%(num)s was changed in the gradebook",
                    "%(num)s were changed in the gradebook",
                    one.changed_in_lms,
                )
            )
        lines.append(f"- {_on_one_line(one.link.title)}: {', '.join(parts)}")
    last = words.gettext(
        "Open the assignment from your course and choose Grade Passback: each row says why, and what to do."
    )
    subject = words.gettext("Grades that need you: %(course)s", course=course)
    return subject, "\n".join([*lines, "", last]) + "\n"


def _on_one_line(title: str) -> str:
    """An LMS's title may have line breaks, and a subject must not."""
    return shorten(title, TITLE_CHARACTERS, placeholder="…")
