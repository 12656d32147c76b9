"""One QTI 1.2 item becomes a draft: its type is found, then its key."""

from collections.abc import Callable
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import Draft, Part, excerpt, read_number
from tool.library.importing.markup import Scribe
from tool.library.importing.qti12.answers import multiple_key, number_key, single_key, text_answer_key
from tool.library.importing.qti12.formula import read_formula
from tool.library.importing.qti12.material import RESPONSES, html_of, metadata
from tool.library.importing.qti12.rules import Rule, read_rules
from tool.library.importing.qti12.several import read_blanks, read_dropdowns, read_matching, read_several
from tool.library.importing.report import Lost

ITEM_STEPS = 800  # a bank that a hundred sections draw from is read a hundred times


def read_item(item: Element, scribe: Scribe, points: Decimal | None = None) -> Draft:
    """Never raises Lost: the reason is in the draft. `points` are those of the item's group."""
    scribe.spend(ITEM_STEPS)
    fields = metadata(item)
    kind = _kind(fields, item)
    name = excerpt(html_of(item.find("presentation"))) or item.get("title", "") or item.get("ident", "")
    draft = Draft(excerpt(name), _kind_words(kind), scribe)
    try:
        draft.points = points if points is not None else _points(item, fields)
        _read(kind, item, draft)
    except Lost as loss:
        draft.lose(str(loss))
    if draft.parts and item.find(".//itemfeedback//material") is not None:
        draft.tell(gettext("Feedback on answers is left out."))
    if draft.parts and item.find(".//hint") is not None:
        draft.tell(gettext("Hints are left out."))
    return draft


def _kind(fields: dict[str, str], item: Element) -> str:
    named = fields.get("question_type") or fields.get("cc_profile") or ""
    if named.startswith("cc."):
        named = named.removeprefix("cc.").split(".")[0]
    return named.removesuffix("_question") or _kind_by_look(item)


def _kind_by_look(item: Element) -> str:
    """Of an item that does not name its type."""
    responses = [one for one in item.iter() if one.tag in RESPONSES]
    if len(responses) != 1:
        return "several" if responses else "text_only"
    only = responses[0]
    if only.tag == "response_lid" and only.find(".//render_hotspot") is None:
        return {"multiple": "multiple_answers", "ordered": "ordering"}.get(
            only.get("rcardinality", "Single").lower(), "multiple_choice"
        )
    if only.tag == "response_num":
        return "numerical"
    if only.tag != "response_str":
        return "hot_spot"
    fib = only.find(".//render_fib")
    if fib is not None and fib.get("fibtype", "").lower() in ("decimal", "integer", "scientific"):
        return "numerical"
    has_key = any(
        one.find("setvar") is not None and one.find(".//varequal") is not None for one in item.iter("respcondition")
    )
    return "short_answer" if has_key else "essay"


def _read(kind: str, item: Element, draft: Draft) -> None:
    reader = _READERS.get(kind)
    if reader is None:
        raise Lost(_why_not(kind))
    reader(item, draft)


def _prompt(item: Element, draft: Draft) -> str:
    prompt = draft.markdown(html_of(item.find("presentation"), draft))
    if prompt.strip("\\[]") in ("", gettext("picture")):
        raise Lost(gettext("The question has no words, or only a picture."))
    return prompt


def _only_response(item: Element) -> tuple[Element, list[Rule]]:
    responses = [one for one in item.iter() if one.tag in RESPONSES]
    if len(responses) != 1:
        raise Lost(gettext("It has no place for an answer, or more than its type allows."))
    return responses[0], read_rules(item)


def _read_single(item: Element, draft: Draft) -> None:
    response, rules = _only_response(item)
    is_true_false = _kind(metadata(item), item) == "true_false"
    prompt = _prompt(item, draft)
    draft.parts = [Part(prompt, single_key(response, rules, draft, may_be_true_false=is_true_false))]


def _read_multiple(item: Element, draft: Draft) -> None:
    response, rules = _only_response(item)
    is_canvas = metadata(item).get("question_type") == "multiple_answers_question"
    draft.parts = [Part(_prompt(item, draft), multiple_key(response, rules, draft, is_canvas=is_canvas))]


def _read_short(item: Element, draft: Draft) -> None:
    response, rules = _only_response(item)
    draft.parts = [Part(_prompt(item, draft), text_answer_key(response.get("ident", ""), rules, draft))]


def _read_number(item: Element, draft: Draft) -> None:
    _, rules = _only_response(item)
    draft.parts = [Part(_prompt(item, draft), number_key(rules, draft))]


def _read_essay(item: Element, draft: Draft) -> None:
    draft.parts = [Part(_prompt(item, draft), {"type": "essay"})]


def _read_text(item: Element, draft: Draft) -> None:
    draft.text = draft.markdown(html_of(item.find("presentation"), draft))
    if not draft.text:
        raise Lost(gettext("It holds neither a question nor a text."))


def _points(item: Element, fields: dict[str, str]) -> Decimal | None:
    """As the file says, else the most its rules can give; percent are no points."""
    for label in ("points_possible", "cc_weighting", "qmd_weighting", "qmd_absolutescore_max"):
        if fields.get(label):
            return read_number(fields[label])
    most = [read_number(text) for one in item.iter("decvar") if (text := one.get("maxvalue", ""))]
    scores = [rule.value for rule in read_rules(item)]
    reachable = max(most + scores, default=Decimal(0))
    return reachable if 0 < reachable != 100 else None


_READERS: dict[str, Callable[[Element, Draft], None]] = {
    "multiple_choice": _read_single,
    "true_false": _read_single,
    "multiple_answers": _read_multiple,
    "multiple_response": _read_multiple,
    "short_answer": _read_short,
    "fib": _read_short,
    "numerical": _read_number,
    "essay": _read_essay,
    "text_only": _read_text,
    "fill_in_multiple_blanks": read_blanks,
    "multiple_dropdowns": read_dropdowns,
    "matching": read_matching,
    "calculated": read_formula,
    "several": read_several,
}


def _why_not(kind: str) -> str:
    return {
        "file_upload": gettext("Students would hand in a file; Passback takes no files."),
        "hot_spot": gettext("It is answered by pointing at a picture."),
        "pattern_match": gettext(
            "It asks for a part of the answer or for a pattern; here an answer is right as a whole."
        ),
    }.get(kind, gettext("Passback has no question of this type."))


def _kind_words(kind: str) -> str:
    return {
        "multiple_choice": gettext("Single choice"),
        "true_false": gettext("True or false"),
        "multiple_answers": gettext("Multiple choice"),
        "multiple_response": gettext("Multiple choice"),
        "short_answer": gettext("Short answer"),
        "fib": gettext("Short answer"),
        "numerical": gettext("Number"),
        "essay": gettext("Essay"),
        "text_only": gettext("Text between questions"),
        "fill_in_multiple_blanks": gettext("Several blanks"),
        "multiple_dropdowns": gettext("Several menus"),
        "matching": gettext("Matching"),
        "calculated": gettext("Formula"),
        "file_upload": gettext("File upload"),
        "hot_spot": gettext("Hot spot"),
        "ordering": gettext("Ordering"),
        "several": gettext("Several answers"),
    }.get(kind, excerpt(kind.replace("_", " ")))
