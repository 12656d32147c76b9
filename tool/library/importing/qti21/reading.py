"""The tests of a QTI 2.1 package, and items that no test has, become sheets."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.assembling import Sheet
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Draft, excerpt, read_number
from tool.library.importing.markup import Scribe
from tool.library.importing.qti21.body import html_of
from tool.library.importing.qti21.items import read_item
from tool.library.importing.report import Lost


@dataclass
class _Walk:
    """Through one package."""

    documents: Mapping[str, Element]
    scribe: Scribe
    used: set[str] = field(default_factory=set)


def holds_qti21(documents: Iterable[Element]) -> bool:
    return any(root.tag in ("assessmentTest", "assessmentItem") for root in documents)


def read_sheets(documents: Mapping[str, Element], scribe: Scribe) -> tuple[list[Sheet], list[str]]:
    """One sheet a test, and one for the items that stand in no test; and notes about the whole."""
    walk = _Walk(documents, scribe)
    tests = {name: root for name, root in documents.items() if root.tag == "assessmentTest"}
    sheets = [_read_test(name, root, walk) for name, root in tests.items()]
    rest = {name: root for name, root in documents.items() if root.tag == "assessmentItem" and name not in walk.used}
    if rest:
        title = gettext("Questions outside any test") if tests else gettext("Questions")
        if len(rest) == 1 and not tests:
            title = next(iter(rest.values())).get("title", "") or title
        sheets.append(Sheet(title, [read_item(root, scribe) for root in rest.values()]))
    return sheets, []


def _read_test(name: str, test: Element, walk: _Walk) -> Sheet:
    sheet = Sheet(test.get("title", "") or test.get("identifier", ""))
    for part in test.findall("testPart"):
        _tell_rules(part, sheet)
        for section in part:
            _read_part(name, section, sheet, walk)
    _tell_rules(test, sheet)
    return sheet


def _read_part(name: str, element: Element, sheet: Sheet, walk: _Walk) -> None:
    if element.tag == "assessmentItemRef":
        _read_reference(name, element, sheet, walk)
    elif element.tag == "assessmentSection":
        _read_section(name, element, sheet, walk)
    elif element.tag == "assessmentSectionRef":
        found = _find(name, element.get("href", ""), walk)
        if found is None or found in walk.used or walk.documents[found].tag != "assessmentSection":
            _lose_reference(element, sheet, walk)
        else:
            walk.used.add(found)
            _read_section(found, walk.documents[found], sheet, walk)


def _read_section(name: str, section: Element, sheet: Sheet, walk: _Walk) -> None:
    _tell_rules(section, sheet)
    before = len(sheet.drafts)
    for child in section:
        if child.tag == "rubricBlock" and "candidate" in child.get("view", "candidate").split():
            sheet.drafts.append(_text_draft(child, walk.scribe))
        _read_part(name, child, sheet, walk)
    selection = section.find("selection")
    if selection is not None:
        sheet.tell(
            gettext(
                "From the group “%(group)s” students would get %(picked)s at random; here everyone gets all %(all)s.",
                group=excerpt(section.get("title", "")),
                picked=excerpt(selection.get("select", "")),
                all=len(sheet.drafts) - before,
            )
        )


def _read_reference(name: str, reference: Element, sheet: Sheet, walk: _Walk) -> None:
    found = _find(name, reference.get("href", ""), walk)
    if found is None or walk.documents[found].tag != "assessmentItem":
        _lose_reference(reference, sheet, walk)
        return
    walk.used.add(found)
    _tell_rules(reference, sheet)
    weight = Decimal(1)
    try:
        for one in reference.findall("weight")[:1]:
            weight = read_number(one.get("value", "1"))
    except Lost:
        sheet.tell(gettext("A weight that is no number is taken as 1."))
    sheet.drafts.append(read_item(walk.documents[found], walk.scribe, weight))


def _find(name: str, href: str, walk: _Walk) -> str | None:
    """The document that a reference means, from the document that holds it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(href)))
    return path if path in walk.documents else None


def _lose_reference(reference: Element, sheet: Sheet, walk: _Walk) -> None:
    draft = Draft(excerpt(reference.get("href") or text_of(reference)), gettext("Question from elsewhere"), walk.scribe)
    draft.lose(gettext("It is not in the file."))
    sheet.drafts.append(draft)


def _text_draft(block: Element, scribe: Scribe) -> Draft:
    draft = Draft(excerpt("".join(block.itertext())), gettext("Text between questions"), scribe)
    try:
        draft.text = draft.markdown(html_of(block, draft))
    except Lost as loss:
        draft.lose(str(loss))
    return draft


def _tell_rules(element: Element, sheet: Sheet) -> None:
    told = {
        "timeLimits": gettext("The time limit is left out."),
        "preCondition": gettext("Rules that skip questions are left out; everyone gets all."),
        "branchRule": gettext("Rules that skip questions are left out; everyone gets all."),
        "outcomeProcessing": gettext("The test's own rules for the whole score are left out; here points add up."),
        "testFeedback": gettext("Feedback on the whole test is left out."),
    }
    for child in element:
        if child.tag in told:
            sheet.tell(told[child.tag])
        elif child.tag == "ordering" and child.get("shuffle") == "true":
            sheet.tell(gettext("Questions are not shuffled here."))
