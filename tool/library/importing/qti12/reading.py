"""The assessments and question banks of a package become sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext, ngettext
from tool.library.importing.assembling import Sheet
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Draft, excerpt, read_number
from tool.library.importing.markup import Scribe
from tool.library.importing.qti12.items import read_item
from tool.library.importing.qti12.material import html_of, metadata
from tool.library.importing.qti12.settings import read_text, take_fields, take_quiz
from tool.library.importing.report import Lost


@dataclass
class _Contents:
    """What the documents hold, before anything is read of it."""

    assessments: dict[str, Element] = field(default_factory=dict)
    banks: dict[str, Element] = field(default_factory=dict)
    quizzes: dict[str, Element] = field(default_factory=dict)
    lone_items: list[Element] = field(default_factory=list)
    used_banks: set[str] = field(default_factory=set)
    second_copies: int = 0


def read_sheets(documents: Mapping[str, Element], scribe: Scribe) -> tuple[list[Sheet], list[str]]:
    """One sheet an assessment, one a bank that no assessment draws from; and notes about the whole."""
    contents = _collect(documents)
    sheets = [_read_assessment(one, contents, scribe) for one in contents.assessments.values()]
    for ident, bank in contents.banks.items():
        if ident not in contents.used_banks:
            title = metadata(bank.find("qtimetadata")).get("bank_title") or bank.get("title") or ident
            sheet = Sheet(gettext("Question bank: %(title)s", title=title))
            _read_children(bank, sheet, contents, scribe, None)
            sheets.append(sheet)
    if contents.lone_items:
        sheets.append(Sheet(gettext("Questions"), [read_item(item, scribe) for item in contents.lone_items]))
    notes = []
    if contents.second_copies:
        notes.append(
            ngettext(
                "%(num)s assessment is in the package twice; the fuller copy was read.",
                "%(num)s assessments are in the package twice; the fuller copies were read.",
                contents.second_copies,
            )
        )
    return sheets, notes


def _collect(documents: Mapping[str, Element]) -> _Contents:
    contents = _Contents()
    for name, root in documents.items():
        if root.tag == "quiz":
            contents.quizzes[root.get("identifier", name)] = root
        if root.tag != "questestinterop":
            continue
        for number, child in enumerate(root):
            if child.tag == "assessment":
                _keep_fuller(contents, child.get("ident") or f"{name}/{number}", child)
            elif child.tag == "objectbank":
                contents.banks[child.get("ident") or f"{name}/{number}"] = child
            elif child.tag == "section":
                contents.banks[f"{name}/{number}"] = child
            elif child.tag == "item":
                contents.lone_items.append(child)
    return contents


def _keep_fuller(contents: _Contents, ident: str, assessment: Element) -> None:
    """Canvas exports a quiz twice, once with only the types that Common Cartridge knows."""
    before = contents.assessments.get(ident)
    if before is not None:
        contents.second_copies += 1
    if before is None or _fullness(assessment) > _fullness(before):
        contents.assessments[ident] = assessment


def _fullness(assessment: Element) -> tuple[int, int]:
    labels = [one for one in assessment.iter("fieldlabel") if one.text == "points_possible"]
    return sum(1 for _ in assessment.iter("item")), len(labels)


def _read_assessment(assessment: Element, contents: _Contents, scribe: Scribe) -> Sheet:
    sheet = Sheet(assessment.get("title", "").strip())
    quiz = contents.quizzes.get(assessment.get("ident", ""))
    if quiz is not None:
        take_quiz(quiz, sheet, scribe)
    else:
        take_fields(metadata(assessment.find("qtimetadata")), sheet)
        introduction = html_of(assessment.find("presentation_material")) or html_of(assessment.find("rubric"))
        sheet.instructions = read_text(introduction, sheet, scribe)
    _read_children(assessment, sheet, contents, scribe, None)
    return sheet


def _read_children(parent: Element, sheet: Sheet, contents: _Contents, scribe: Scribe, points: Decimal | None) -> None:
    for child in parent:
        if child.tag == "item":
            sheet.drafts.append(read_item(child, scribe, points))
        elif child.tag == "section":
            _read_section(child, sheet, contents, scribe)
        elif child.tag in ("itemref", "sectionref"):
            _lose_reference(child.get("linkrefid", ""), sheet, scribe)


def _read_section(section: Element, sheet: Sheet, contents: _Contents, scribe: Scribe) -> None:
    introduction = html_of(section.find("presentation_material"))
    if introduction:
        sheet.drafts.append(_text_draft(introduction, scribe))
    selection = section.find("selection_ordering/selection")
    points = _group_points(section, sheet)
    before = len(sheet.drafts)
    _read_children(section, sheet, contents, scribe, points)
    bank_ident = text_of(selection.find("sourcebank_ref")) if selection is not None else ""
    if bank_ident in contents.banks:
        contents.used_banks.add(bank_ident)
        _read_children(contents.banks[bank_ident], sheet, contents, scribe, points)
    elif bank_ident and len(sheet.drafts) == before:
        _lose_reference(section.get("title") or bank_ident, sheet, scribe)
    picked = text_of(selection.find("selection_number")) if selection is not None else ""
    if picked and picked != str(len(sheet.drafts) - before):
        sheet.tell(
            gettext(
                "From the group “%(group)s” students would get %(picked)s at random; here everyone gets all %(all)s.",
                group=excerpt(section.get("title", "")),
                picked=excerpt(picked),
                all=len(sheet.drafts) - before,
            )
        )


def _group_points(section: Element, sheet: Sheet) -> Decimal | None:
    text = text_of(section.find("selection_ordering/selection/selection_extension/points_per_item"))
    try:
        return read_number(text) if text else None
    except Lost:
        sheet.tell(
            gettext("The points of the group “%(group)s” could not be read.", group=excerpt(section.get("title", "")))
        )
        return None


def _text_draft(html: str, scribe: Scribe) -> Draft:
    draft = Draft(excerpt(html), gettext("Text between questions"), scribe)
    try:
        draft.text = draft.markdown(html)
    except Lost as loss:
        draft.lose(str(loss))
    return draft


def _lose_reference(name: str, sheet: Sheet, scribe: Scribe) -> None:
    draft = Draft(excerpt(name), gettext("Question from elsewhere"), scribe)
    draft.lose(gettext("It stands in a question bank that is not in the file."))
    sheet.drafts.append(draft)


def holds_qti12(documents: Iterable[Element]) -> bool:
    return any(root.tag == "questestinterop" for root in documents)
