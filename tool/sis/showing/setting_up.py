"""How far a course is set up: three steps, and what each linked class still wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tool.language import gettext, ngettext
from tool.sis.linking.categories import Associations, read_associations
from tool.sis.linking.sections import Linked
from tool.sis.linking.students import Matches, read_matches
from tool.sis.words import say_categories


@dataclass(frozen=True, slots=True)
class ClassView:
    """One linked class with both sides of it."""

    linked: Linked
    matches: Matches
    associations: Associations

    @property
    def is_matched(self) -> bool:
        return self.linked.read_at is not None and bool(self.matches.rows) and not self.matches.needing

    @property
    def is_associated(self) -> bool:
        of = self.associations
        return bool(of.rows) and not of.changed and not of.unassociated


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    is_done: bool
    text: str


def read_class_view(connection: Connection, linked: Linked) -> ClassView:
    return ClassView(linked, read_matches(connection, linked.id), read_associations(connection, linked.id))


def list_steps(views: Sequence[ClassView]) -> list[Step]:
    """Link, match, associate; a class that is linked and off needs no more than the first."""
    going = [one for one in views if not one.linked.is_off]
    return [
        Step(gettext("Link the class"), bool(views), _say_links(views, going)),
        Step(gettext("Match students"), _all(one.is_matched for one in going), _say_matches(going)),
        Step(gettext("Associate categories"), _all(one.is_associated for one in going), _say_associations(going)),
    ]


def say_students(matches: Matches) -> str:
    """How many are matched, and how many want a word."""
    if not matches.rows:
        return gettext("Nobody has opened an assignment of this course yet")
    here = [row for row in matches.rows if row.elsewhere is None]
    if not here:
        return gettext("All students of this course are in another class")
    parts = [gettext("%(done)s of %(total)s matched", done=matches.matched, total=len(here))]
    if matches.needing:
        parts.append(ngettext("%(num)s needs you", "%(num)s need you", matches.needing))
    return " · ".join(parts)


def say_associations(associations: Associations) -> str:
    if not associations.rows:
        return gettext("No assignment has been opened here yet")
    return say_categories(associations.changed, associations.unassociated)


def describe_class(view: ClassView) -> dict[str, Any]:
    """For the template of the set-up page."""
    return {
        "linked": view.linked,
        "students": say_students(view.matches),
        "is_matched": view.is_matched,
        "categories": say_associations(view.associations),
        "is_associated": view.is_associated,
    }


def _all(done: Any) -> bool:
    found = list(done)
    return bool(found) and all(found)


def _say_links(views: Sequence[ClassView], going: Sequence[ClassView]) -> str:
    if not views:
        return gettext("Choose which class of the school’s records this course is.")
    if not going:
        return gettext("Linked, and nothing goes: the LMS sends these grades itself.")
    return " · ".join(one.linked.class_title for one in going)


def _say_matches(going: Sequence[ClassView]) -> str:
    if not going:
        return gettext("Most are found by their school id or e-mail address; you say who the others are.")
    unread = [one for one in going if one.linked.read_at is None]
    if unread:
        return gettext("The list of %(class)s was not read yet.", **{"class": unread[0].linked.class_title})
    return " · ".join(say_students(one.matches) for one in going)


def _say_associations(going: Sequence[ClassView]) -> str:
    if not going:
        return gettext("Say which category an assignment belongs to there. Again each term.")
    return " · ".join(dict.fromkeys(say_associations(one.associations) for one in going))
