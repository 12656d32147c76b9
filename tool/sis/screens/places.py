"""Where the buttons of a trouble lead: the remedies name them, this room's pages have their addresses."""

from typing import Any

from flask import url_for

from tool.access import Visitor
from tool.sis.screens.room import Section, item_url
from tool.sis.showing.trouble import Places


def places_of(visitor: Visitor, section: Section, placement_id: int | None, *, may_send: bool) -> Places:
    """For what is found of one item; of the whole class where none is named. `may_send`: a button may send at once."""
    of_class: dict[str, Any] = {"launch_id": visitor.launch_id, "section_id": section.id}
    gets = {
        "categories": url_for("sis.setup_categories", **of_class),
        "match": url_for("sis.setup_students", **of_class),
        "link": url_for("sis.setup", launch_id=visitor.launch_id),
    }
    posts = {"refresh": url_for("sis.refresh_class", **of_class)}
    if placement_id is None:
        return Places(section.sis_name, gets, posts)
    here = item_url(visitor, section, placement_id)
    anchors = {"due": "due", "title": "title", "points": "there", "above": "above", "students": "students"}
    gets |= {button: f"{here}#{anchor}" for button, anchor in anchors.items()}
    of_item = of_class | {"placement_id": placement_id}
    posts |= {
        "adopt": url_for("sis.adopt_column", **of_item),
        "forget": url_for("sis.forget_column", **of_item),
        "opt_out": url_for("sis.switch_item", **of_item),
        "change": url_for("sis.change_item", **of_item),
    }
    if may_send:
        posts["again"] = url_for("sis.sync_item", **of_item)
    return Places(section.sis_name, gets, posts)
