"""QTI 1.2 items with several answers: each becomes a question of its own, and the points are shared out."""

from collections.abc import Callable
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import MOST_PARTS, Draft, Key, Part, text_key
from tool.library.importing.qti12.answers import (
    labels_of,
    multiple_key,
    number_key,
    single_key,
    text_answer_key,
)
from tool.library.importing.qti12.material import RESPONSES, html_of
from tool.library.importing.qti12.rules import Rule, affirmed, read_rules
from tool.library.importing.report import Lost

KeyOf = Callable[[Element, list[Rule], Draft], Key]


def read_blanks(item: Element, draft: Draft) -> None:
    """Canvas: all choices of a blank are answers that count as right."""
    _read_named(item, draft, _blank_key)


def read_dropdowns(item: Element, draft: Draft) -> None:
    """Canvas: each name in square brackets is a menu."""
    _read_named(item, draft, single_key)


def _blank_key(response: Element, rules: list[Rule], draft: Draft) -> Key:
    if response.tag != "response_lid":
        return text_answer_key(response.get("ident", ""), rules, draft)
    return text_key([draft.plain(text) for text in labels_of(response).values()], ignores_case=True)


def _read_named(item: Element, draft: Draft, key_of: KeyOf) -> None:
    responses, rules = _responses(item), read_rules(item)
    html = html_of(item.find("presentation"), draft)
    for number, response in enumerate(responses, start=1):
        name = html_of(response) or response.get("ident", "").removeprefix("response_")
        shown = f"____ ({number})" if len(responses) > 1 else "____"
        html = html.replace(f"[{name.strip()}]", shown)
    prompt = draft.markdown(html)
    for number, response in enumerate(responses, start=1):
        ask = f"{prompt}\n\n**{gettext('Blank %(number)s', number=number)}**" if len(responses) > 1 else prompt
        key = key_of(response, _rules_of(rules, response), draft)
        draft.parts.append(Part(ask, key, _weight(rules, response)))


def read_matching(item: Element, draft: Draft) -> None:
    """Each row with all partners to choose from."""
    responses, rules = _responses(item), read_rules(item)
    prompt = draft.markdown(html_of(item.find("presentation"), draft))
    for response in responses:
        row = draft.markdown(html_of(response, draft))
        if not row:
            draft.tell(gettext("A row without words is left out."))
            continue
        key = single_key(_without_blank_labels(response, draft), _rules_of(rules, response), draft)
        draft.parts.append(Part(f"{prompt}\n\n{row}".strip(), key, _weight(rules, response)))
    if not draft.parts:
        raise Lost(gettext("None of its rows has words."))


def _without_blank_labels(response: Element, draft: Draft) -> Element:
    """Canvas exports an emptied row as a partner without words."""
    for parent in list(response.iter("render_choice")):
        for label in list(parent.iter("response_label")):
            if not (html_of(label, draft).strip()) and label in list(parent):
                parent.remove(label)
    return response


def read_several(item: Element, draft: Draft) -> None:
    """An item of no named type with several places for answers."""
    responses, rules = _responses(item), read_rules(item)
    prompt = draft.markdown(html_of(item.find("presentation"), draft))
    for number, response in enumerate(responses, start=1):
        own = draft.markdown(html_of(response, draft)) or f"**{gettext('Answer %(number)s', number=number)}**"
        key = _key_by_look(response, _rules_of(rules, response), draft)
        draft.parts.append(Part(f"{prompt}\n\n{own}".strip(), key, _weight(rules, response)))


def _key_by_look(response: Element, rules: list[Rule], draft: Draft) -> Key:
    fib = response.find(".//render_fib")
    is_number = fib is not None and fib.get("fibtype", "").lower() in ("decimal", "integer", "scientific")
    if response.tag == "response_num" or (response.tag == "response_str" and is_number):
        return number_key(rules, draft)
    if response.tag == "response_str":
        return text_answer_key(response.get("ident", ""), rules, draft)
    cardinality = response.get("rcardinality", "Single").lower()
    if response.tag != "response_lid" or cardinality == "ordered" or response.find(".//render_hotspot") is not None:
        raise Lost(gettext("One of its answers is of a type that Passback does not have."))
    if cardinality == "multiple":
        return multiple_key(response, rules, draft, is_canvas=False)
    return single_key(response, rules, draft)


def _responses(item: Element) -> list[Element]:
    responses = [one for one in item.iter() if one.tag in RESPONSES]
    if not 1 <= len(responses) <= MOST_PARTS:
        raise Lost(gettext("It has no places for answers, or more than %(most)s.", most=MOST_PARTS))
    return responses


def _rules_of(rules: list[Rule], response: Element) -> list[Rule]:
    ident = response.get("ident", "")
    return [rule for rule in rules if any(one.get("respident") == ident for one in rule.condition.iter())]


def _weight(rules: list[Rule], response: Element) -> Decimal:
    """What this answer earns by itself; the same for all where only all together earn something."""
    ident = response.get("ident", "")
    own = [
        rule.value
        for rule in rules
        if rule.value > 0 and {one.get("respident") for one in rule.condition.iter() if one.get("respident")} == {ident}
        and affirmed(rule.condition, ident)
    ]  # fmt: skip
    return max(own, default=Decimal(0))
