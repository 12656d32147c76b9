"""*View error*: what happened, why, who can mend it, by which button, and what happens then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime

from tool.language import gettext
from tool.sis.remedies import Told, find_remedy, tell
from tool.sis.rules.finding import Finding

LIST_LENGTH = 5
INSTEAD = {"overwritten": "students", "score.range": "above"}
"""Where this room's pages have a better place than the remedy's button."""
ICONS = {True: "error", False: "info"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a page's buttons lead: addresses by the names of the remedies' buttons. A button that is not there, or has
    no address, is not shown."""

    sis: str
    gets: Mapping[str, str]
    posts: Mapping[str, str]


def tell_findings(findings: Iterable[Finding], places: Places) -> list[dict[str, Any]]:
    """Findings for a page; students with the same trouble stand together."""
    together: dict[tuple[str, bool], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alone = finding.level != "student"
        together.setdefault((f"{number}" if alone else finding.code, finding.blocks), []).append(finding)
    return [_tell(group, places) for group in together.values()]


def describe_trouble(told: Told, places: Places, *, about: Mapping[str, str], blocks: bool = True) -> dict[str, Any]:
    """The panel's sentences and its buttons."""
    return {
        "code": told.code,
        "blocks": blocks,
        "icon": ICONS[blocks],
        "happened": told.happened,
        "why": told.why,
        "who": None if find_remedy(told.code).who == "nobody" else told.who,
        "fix": told.fix,
        "then": told.then,
        "names": None,
        "acts": _acts(INSTEAD.get(told.code, told.button), places, about),
        "at": None,
        "answer": None,
        "ticket": None,
    }


def _tell(group: Sequence[Finding], places: Places) -> dict[str, Any]:
    first = group[0]
    told = tell(first.code, first.about)
    others = [one.about.get("student", "") for one in group[1:]]
    return describe_trouble(told, places, about=first.about, blocks=first.blocks) | {
        "level": first.level,
        "names": gettext("The same for %(names)s", names=_list(others)) if others else None,
    }


def _list(names: Sequence[str]) -> str:
    shown = " · ".join(names[:LIST_LENGTH])
    left = len(names) - LIST_LENGTH
    return gettext("%(names)s and %(count)s more", names=shown, count=left) if left > 0 else shown


def _acts(button: str, places: Places, about: Mapping[str, str]) -> list[dict[str, str]]:
    acts = [_offer(button, places, about)]
    text = _words(places.sis).get(button)
    if text is not None and button in places.posts:
        values = {"adopt": ("column", about.get("column", "")), "opt_out": ("syncs", "off")}
        acts.append(_post(text, places.posts[button], *values.get(button, ("", ""))))
    elif text is not None and button in places.gets:
        acts.append({"method": "get", "text": text, "url": places.gets[button]})
    if button == "adopt" and "title" in places.gets:
        acts.append({"method": "get", "text": _words(places.sis)["title"], "url": places.gets["title"]})
    return [act for act in acts if act is not None]


def _offer(button: str, places: Places, about: Mapping[str, str]) -> dict[str, str] | None:
    """A way out that needs no typing: the short title, the nearest date that the SIS would take."""
    if "change" not in places.posts:
        return None
    if button == "title" and about.get("proposed"):
        text = gettext("Use “%(title)s”", title=about["proposed"])
        return _post(text, places.posts["change"], "title", about["proposed"])
    if button == "due" and about.get("nearest"):
        day = datetime.fromisoformat(about["nearest"])  # the district's own time, as the field has it
        text = gettext("Use %(date)s", date=format_datetime(day, "d MMM y, HH:mm", rebase=False))
        return _post(text, places.posts["change"], "due", f"{day:%Y-%m-%dT%H:%M}")
    return None


def _post(text: str, url: str, name: str, value: str) -> dict[str, str]:
    return {"method": "post", "text": text, "url": url, "name": name, "value": value}


def _words(sis: str) -> dict[str, str]:
    return {
        "again": gettext("Try again"),
        "categories": gettext("Associate categories"),
        "due": gettext("Change the due date"),
        "title": gettext("Choose another title"),
        "match": gettext("Match students"),
        "link": gettext("Link the class"),
        "points": gettext("Open the assignment’s settings"),
        "refresh": gettext("Read %(sis)s again", sis=sis),
        "adopt": gettext("Use that column"),
        "forget": gettext("Make it anew"),
        "opt_out": gettext("Switch sync off for it"),
        "students": gettext("Keep theirs, or send ours"),
        "above": gettext("Choose what is sent then"),
    }
