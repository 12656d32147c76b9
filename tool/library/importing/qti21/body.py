"""The body of a QTI 2.1 item as HTML, with numbered blanks where its inline answers stand."""

import html as entities
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import Draft
from tool.library.importing.report import Lost

KEPT_ATTRIBUTES = ("alt", "href", "title")
FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
UNSHOWN = (
    "stylesheet",
    "simpleChoice",
    "inlineChoice",
    "simpleMatchSet",
    "gapText",
    "gapImg",
    "simpleAssociableChoice",
)
VOID = ("br", "hr", "img")
INLINE_ANSWERS = ("textentryinteraction", "inlinechoiceinteraction")


def is_interaction(element: Element) -> bool:
    return element.tag.lower().endswith("interaction")


def html_of(element: Element, draft: Draft, blanks: Mapping[int, str] | None = None) -> str:
    """What is within, as HTML. `blanks`: `id()` of an element → what stands in its place. Raises Lost."""
    keeps_lines = element.tag == "pre"
    parts = [_text(element.text, keeps_lines)]
    for child in element:
        parts.append(_piece(child, draft, blanks or {}))
        parts.append(_text(child.tail, keeps_lines))
    return "".join(parts)


def _text(text: str | None, keeps_lines: bool) -> str:
    plain = text or ""
    return entities.escape(plain if keeps_lines else re.sub(r"[ \t\r\n]+", " ", plain), quote=False)


def _piece(element: Element, draft: Draft, blanks: Mapping[int, str]) -> str:
    if element.tag in ("printedVariable", "templateInline", "templateBlock", "templateDeclaration"):
        raise Lost(gettext("Its text or numbers are made anew for every student."))
    if element.tag in FEEDBACK:
        draft.tell(gettext("Feedback on answers is left out."))
        return ""
    if element.tag == "rubricBlock" and "candidate" not in element.get("view", "candidate").split():
        draft.tell(gettext("Notes for graders are left out."))
        return ""
    if element.tag in UNSHOWN:
        return ""
    inner = html_of(element, draft, blanks)
    if is_interaction(element):
        marker = blanks.get(id(element), "")
        return f" {marker} " if element.tag.lower() in INLINE_ANSWERS else f"<div>{inner} {marker}</div>"
    if id(element) in blanks:
        return blanks[id(element)] + inner
    if element.tag in ("prompt", "rubricBlock", "infoControl"):
        return f"<div>{inner}</div>"
    return _tag(element, inner)


def _tag(element: Element, inner: str) -> str:
    attributes = "".join(
        f' {name}="{entities.escape(element.get(name, ""))}"'
        for name in KEPT_ATTRIBUTES
        if element.get(name) is not None
    )
    name = element.tag if element.tag.isascii() and element.tag.isalnum() else "span"
    return f"<{name}{attributes}>" if name in VOID else f"<{name}{attributes}>{inner}</{name}>"
