"""The key of a QTI 1.2 item: which of its answers its own rules count as right, as a key of ours."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Draft, Interval, Key, choices_key, numeric_key, read_number, text_key
from tool.library.importing.qti12.material import html_of
from tool.library.importing.qti12.rules import Rule, affirmed, intervals, score
from tool.library.importing.report import Lost

CHOICES = 100  # of one question, by the rules of the assignment file
TRUE_FALSE = {"true": True, "false": False, "t": True, "f": False}


def labels_of(response: Element) -> dict[str, str]:
    """The ident of each choice → its text as HTML. Raises Lost."""
    labels = {label.get("ident", ""): html_of(label) or text_of(label) for label in response.iter("response_label")}
    if len(labels) > CHOICES:
        raise Lost(gettext("It has more than %(most)s choices.", most=CHOICES))
    return labels


def single_key(response: Element, rules: list[Rule], draft: Draft, *, may_be_true_false: bool = False) -> Key:
    """Exactly one choice is right."""
    ident, labels = response.get("ident", ""), labels_of(response)
    _spend(draft, rules, len(labels))
    earned = {label: score(rules, {ident: frozenset({label})}) for label in labels}
    right = _best(earned)
    if not right:
        right = _joined(rules, ident, labels)
    if len(right) > 1:
        raise Lost(gettext("Several of its choices count as right, though only one can be chosen."))
    if any(0 < value < earned[right[0]] for value in earned.values()):
        draft.tell(gettext("Choices that earn a part of the points earn nothing here."))
    texts = [draft.plain(text) for text in labels.values()]
    meanings = [TRUE_FALSE.get(text.lower()) for text in texts]
    if may_be_true_false and sorted(map(str, meanings)) == ["False", "True"]:
        return {"type": "true_false", "correct": meanings[list(labels).index(right[0])]}
    return choices_key("single_choice", texts, [label in right for label in labels])


def _best(earned: dict[str, Decimal]) -> list[str]:
    most = max(earned.values(), default=Decimal(0))
    return [label for label, value in earned.items() if value == most] if most > 0 else []


def _joined(rules: list[Rule], ident: str, labels: dict[str, str]) -> list[str]:
    """Where only all answers together earn something: what the best rule wants of this one. Raises Lost."""
    best = max((rule for rule in rules if rule.value > 0), key=lambda rule: rule.value, default=None)
    named = {text_of(one) for one in affirmed(best.condition, ident)} if best else set()
    right = [label for label in labels if label in named]
    if not right:
        raise Lost(gettext("The file does not say which answer is right."))
    return right


def multiple_key(response: Element, rules: list[Rule], draft: Draft, *, is_canvas: bool) -> Key:
    """Any number of choices is right."""
    ident, labels = response.get("ident", ""), labels_of(response)
    _spend(draft, rules, 2 * len(labels) + 2)
    named = {text_of(one) for rule in rules if rule.value > 0 for one in affirmed(rule.condition, ident)}
    right = frozenset(label for label in labels if label in named)
    if rules and any(rule.action == "add" for rule in rules):
        alone = {label: score(rules, {ident: frozenset({label})}) for label in labels}
        right = frozenset(label for label, value in alone.items() if value > 0)
    most = score(rules, {ident: right})
    if not right or most <= 0:
        raise Lost(gettext("The file does not say which choices are right."))
    if any(score(rules, {ident: right - {label}}) > most for label in right):
        raise Lost(gettext("Its rules for scoring contradict each other."))
    scoring = _scoring(rules, ident, labels, right, draft)
    if is_canvas and scoring == "all_or_nothing":
        scoring = "partial"
        draft.remarks.append(
            gettext("Scored as Canvas does: each right choice earns its part, each wrong one costs one.")
        )
    texts = [draft.plain(text) for text in labels.values()]
    return choices_key("multiple_choice", texts, [label in right for label in labels], scoring=scoring)


def _scoring(rules: list[Rule], ident: str, labels: dict[str, str], right: frozenset[str], draft: Draft) -> str:
    """Ours that comes nearest, with a note where it is another."""
    most = score(rules, {ident: right})
    alone = [score(rules, {ident: frozenset({label})}) for label in right]
    spoilt = [score(rules, {ident: right | {label}}) for label in labels if label not in right]
    if len(right) == 1 or not any(alone):
        if any(value == most for value in spoilt):
            draft.tell(gettext("A wrong choice beside the right ones makes the answer wrong here."))
        return "all_or_nothing"
    share = most / len(right)
    if any(abs(value - share) > share / 50 for value in alone):
        draft.tell(gettext("Its right choices earn different parts; here each earns the same."))
    if any(abs(value - (most - share)) > share / 50 for value in spoilt):
        draft.tell(gettext("Here each wrong choice costs as much as a right one earns."))
    return "partial"


def text_answer_key(ident: str, rules: list[Rule], draft: Draft) -> Key:
    """A typed text."""
    positive = [rule for rule in rules if rule.value > 0]
    values: dict[str, Decimal] = {}
    is_strict = False
    for rule in positive:
        if any(one.tag in ("varsubset", "varsubstring", "not", "durequal") for one in rule.condition.iter()):
            raise Lost(
                gettext("It asks for a part of the answer or for a pattern; here an answer is right as a whole.")
            )
        for one in affirmed(rule.condition, ident):
            values[text_of(one)] = max(rule.value, values.get(text_of(one), Decimal(0)))
            is_strict = is_strict or one.get("case", "No").lower() == "yes"
    most = max(values.values(), default=Decimal(0))
    if any(value < most for value in values.values()):
        draft.tell(gettext("Answers that earn a part of the points earn nothing here."))
    return text_key([text for text, value in values.items() if value == most], ignores_case=not is_strict)


def number_key(rules: list[Rule], draft: Draft) -> Key:
    """A typed number."""
    most = max((rule.value for rule in rules), default=Decimal(0))
    best = [rule for rule in rules if rule.value == most > 0]
    if any(0 < rule.value < most for rule in rules):
        draft.tell(gettext("Answers that earn a part of the points earn nothing here."))
    stretches: list[Interval] = [one for rule in best for one in intervals(rule.condition)]
    stated = [read_number(text_of(one)) for rule in best for one in rule.condition.iter("varequal")]
    middle_stated = stated[0] if len(stated) == 1 else None
    if not stated and stretches:
        # A range from a to b has no answer of its own: its middle says the same.
        middle_stated = (stretches[0].low + stretches[0].high) / 2
    return numeric_key(draft, stretches, middle_stated)


def _spend(draft: Draft, rules: list[Rule], answers: int) -> None:
    draft.scribe.spend(answers * sum(1 for rule in rules for _ in rule.condition.iter()))
