"""What the response processing of an item makes of an answer. The key is found by asking it, not by trusting labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Interval, read_number
from tool.library.importing.report import Lost

Answer = Mapping[str, frozenset[str]]
"""What was chosen, by the response's ident."""

LOWER, UPPER = ("vargte", "vargt"), ("varlte", "varlt")


@dataclass(frozen=True, slots=True)
class Rule:
    """One `respcondition` that changes the score."""

    condition: Element
    action: str
    value: Decimal
    goes_on: bool


def read_rules(item: Element) -> list[Rule]:
    """Those that set a score; what only shows feedback is not among them. Raises Lost."""
    rules: list[Rule] = []
    for one in item.iter("respcondition"):
        condition, setting = one.find("conditionvar"), one.find("setvar")
        if condition is None or setting is None or not text_of(setting):
            continue
        action = setting.get("action", "Set").lower()
        if action not in ("set", "add", "subtract"):
            raise Lost(gettext("Its rules for scoring are not understood."))
        # Canvas writes `Add` without `continue` and means that all are added up.
        goes_on = action != "set" or one.get("continue", "No").lower() == "yes"
        rules.append(Rule(condition, action, _value(setting), goes_on))
    return rules


def _value(setting: Element) -> Decimal:
    """Blackboard writes a variable's name where others write a number."""
    try:
        return read_number(text_of(setting))
    except Lost:
        raise Lost(gettext("Its rules for scoring are not understood.")) from None


def score(rules: list[Rule], answer: Answer) -> Decimal:
    """What an answer earns, in the file's own measure. Raises Lost for a condition that is not understood."""
    total, has_matched = Decimal(0), False
    for rule in rules:
        if not _holds(rule.condition, answer, has_matched):
            continue
        has_matched = True
        total = rule.value if rule.action == "set" else total + (rule.value if rule.action == "add" else -rule.value)
        if not rule.goes_on:
            break
    return total


def _holds(condition: Element, answer: Answer, has_matched: bool) -> bool:
    match condition.tag:
        case "conditionvar" | "and":
            return all(_holds(one, answer, has_matched) for one in condition)
        case "or":
            return any(_holds(one, answer, has_matched) for one in condition)
        case "not":
            return not any(_holds(one, answer, has_matched) for one in condition)
        case "varequal":
            return text_of(condition) in answer.get(condition.get("respident", ""), frozenset())
        case "unanswered":
            return not answer.get(condition.get("respident", ""))
        case "other":
            return not has_matched
    raise Lost(gettext("Its rules for scoring are not understood."))


def affirmed(condition: Element, respident: str) -> list[Element]:
    """The `varequal` of one response that must hold; those under a `not` are not among them."""
    if condition.tag == "not":
        return []
    if condition.tag == "varequal":
        return [condition] if condition.get("respident") == respident else []
    return [one for child in condition for one in affirmed(child, respident)]


def intervals(condition: Element) -> list[Interval]:
    """The numbers for which a condition holds. Raises Lost."""
    if condition.tag == "varequal":
        return [_around(condition)]
    if condition.tag == "or" or (condition.tag == "conditionvar" and all(one.tag == "varequal" for one in condition)):
        return [interval for one in condition for interval in intervals(one)]
    if condition.tag not in ("and", "conditionvar"):
        raise Lost(gettext("Its rules for scoring are not understood."))
    bounds = [one for one in condition if one.tag in LOWER + UPPER]
    others = [one for one in condition if one.tag not in LOWER + UPPER]
    if not bounds:
        return intervals(others[0]) if len(others) == 1 else _confused()
    return [_between(bounds)] if not others else _confused()


def _confused() -> list[Interval]:
    raise Lost(gettext("Its rules for scoring are not understood."))


def _around(equal: Element) -> Interval:
    number = read_number(text_of(equal))
    margin = read_number(equal.get("margin", "0") or "0")
    if equal.get("margintype", "").lower().startswith("percent"):
        margin = abs(number) * margin / 100
    return Interval(number - abs(margin), number + abs(margin))


def _between(bounds: list[Element]) -> Interval:
    low = [read_number(text_of(one)) for one in bounds if one.tag in LOWER]
    high = [read_number(text_of(one)) for one in bounds if one.tag in UPPER]
    if not low or not high:
        raise Lost(
            gettext("Every number above or below a limit is right; here a question has one number and a tolerance.")
        )
    return Interval(max(low), min(high), any(one.tag in ("vargt", "varlt") for one in bounds))
