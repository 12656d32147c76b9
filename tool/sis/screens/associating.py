"""Associate categories: for each category here, which one it is in the SIS; for one class and its present term."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.linking.acting import Actor
from tool.sis.linking.categories import associate, read_associations
from tool.sis.screens.room import blueprint, find_section, frame, read_sections
from tool.sis.screens.setup import OF_CLASS, insist
from tool.sis.showing.associating import describe_association
from tool.sis.showing.setting_up import say_associations


@opens(blueprint, f"{OF_CLASS}/categories", to=TEACHER)
def setup_categories(visitor: Visitor, section_id: int) -> str:
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        associations = read_associations(connection, section.id)
        classes = read_sections(connection, visitor)
        page = frame(connection, visitor, "setup", section)
    titles = {one.sourced_id: one.title for one in associations.offered}
    return render_template(
        "sis/setup_categories.html",
        **page,
        classes=classes,
        rows=[describe_association(row, titles) for row in associations.rows],
        offered=associations.offered,
        summary=say_associations(associations),
        is_well=bool(associations.rows) and not associations.changed and not associations.unassociated,
    )


@opens(blueprint, f"{OF_CLASS}/categories", to=TEACHER, methods=("POST",))
def setup_associate(visitor: Visitor, section_id: int) -> Response:
    """Confirm the whole table for the present term."""
    choices = _read_choices()
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        associate(connection, Actor(visitor.member_id, section.id), choices)
    return redirect(categories_url(visitor, section_id), 303)


def categories_url(visitor: Visitor, section_id: int) -> str:
    return url_for("sis.setup_categories", launch_id=visitor.launch_id, section_id=section_id)


def _read_choices() -> dict[str, str | None]:
    """Word of ours → id of theirs, None for *Unassociated*: two lists of the same length. Raises BadInput."""
    words, chosen = request.form.getlist("category"), request.form.getlist("sis_category")
    if len(words) != len(chosen) or len(set(words)) != len(words):
        raise BadInput(
            gettext("The form did not arrive whole. Nothing was saved."), gettext("Reload the page and choose again.")
        )
    return {word: one or None for word, one in zip(words, chosen, strict=True)}
