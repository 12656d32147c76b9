"""The keys of QTI 2.1 interactions with one answer: choices, typed texts and numbers, essays."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import Draft, Interval, Key, choices_key, numeric_key, read_number, text_key
from tool.library.importing.qti21.body import html_of
from tool.library.importing.qti21.declared import Declared
from tool.library.importing.report import Lost

MEANINGS = {"true": True, "false": False}
CHOICES = 100


def choices_of(interaction: Element, tag: str, draft: Draft) -> dict[str, str]:
    """Identifier → plain text of each choice. Raises Lost."""
    found = {one.get("identifier", ""): one for one in interaction.iter(tag)}
    if len(found) > CHOICES:
        raise Lost(gettext("It has more than %(most)s choices.", most=CHOICES))
    return {ident: draft.plain(html_of(one, draft)) for ident, one in found.items()}


def choice_key(choices: dict[str, str], declared: Declared, draft: Draft) -> Key:
    """One right choice, or several, by the cardinality that is declared."""
    right = [ident for ident in declared.right() if ident in choices]
    if not right:
        raise Lost(gettext("The file does not say which answer is right."))
    flags = [ident in right for ident in choices]
    texts = list(choices.values())
    if declared.cardinality == "multiple":
        return choices_key("multiple_choice", texts, flags, scoring=_scoring(choices, right, declared, draft))
    if len(right) > 1:
        raise Lost(gettext("Several of its choices count as right, though only one can be chosen."))
    if declared.has_partly_right():
        draft.tell(gettext("Choices that earn a part of the points earn nothing here."))
    meanings = [MEANINGS.get(text.lower()) for text in texts]
    if sorted(map(str, meanings)) == ["False", "True"]:
        return {"type": "true_false", "correct": meanings[flags.index(True)]}
    return choices_key("single_choice", texts, flags)


def _scoring(choices: dict[str, str], right: list[str], declared: Declared, draft: Draft) -> str:
    if not declared.goes_by_mapping or len(right) < 2:
        return "all_or_nothing"
    shares = {declared.mapping.get(ident, Decimal(0)) for ident in right}
    share = max(shares)
    if len(shares) > 1:
        draft.tell(gettext("Its right choices earn different parts; here each earns the same."))
    if any(declared.mapping.get(ident, Decimal(0)) != -share for ident in choices if ident not in right):
        draft.tell(gettext("Here each wrong choice costs as much as a right one earns."))
    return "partial"


def typed_key(declared: Declared, item: Element, draft: Draft) -> Key:
    """A typed text, or a number where numbers are declared."""
    right = declared.right()
    if declared.has_partly_right():
        draft.tell(gettext("Answers that earn a part of the points earn nothing here."))
    if declared.base_type in ("float", "integer"):
        if len({read_number(text) for text in right}) > 1:
            raise Lost(
                gettext("It takes several separate numbers as right; here a question has one number and a tolerance.")
            )
        number = read_number(right[0])
        return numeric_key(draft, [_tolerated(number, declared, item, draft)], number)
    if any(one.tag == "patternMatch" for one in item.iter()):
        raise Lost(gettext("It asks for a part of the answer or for a pattern; here an answer is right as a whole."))
    return text_key(right, ignores_case=not declared.is_case_sensitive)


def _tolerated(number: Decimal, declared: Declared, item: Element, draft: Draft) -> Interval:
    for one in item.iter():
        names = {inner.get("identifier") for inner in one if inner.tag in ("variable", "correct")}
        if declared.ident not in names:
            continue
        if one.tag == "equal" and one.get("toleranceMode", "exact") != "exact":
            return _by_tolerance(number, one)
        if one.tag == "equalRounded":
            if one.get("roundingMode", "significantFigures") != "decimalPlaces":
                raise Lost(gettext("It compares significant figures, which Passback does not."))
            draft.tell(gettext("Rounding became a tolerance of half a step."))
            half = Decimal(5).scaleb(-1 - _whole(one.get("figures", "0")))
            return Interval(number - half, number + half)
    return Interval(number, number)


def _by_tolerance(number: Decimal, equal: Element) -> Interval:
    sizes = [read_number(text) for text in equal.get("tolerance", "0").split()[:2]] or [Decimal(0)]
    below, above = abs(sizes[0]), abs(sizes[-1])
    if equal.get("toleranceMode") == "relative":
        below, above = abs(number) * below / 100, abs(number) * above / 100
    bounds = (equal.get("includeLowerBound", "true"), equal.get("includeUpperBound", "true"))
    return Interval(number - below, number + above, "false" in bounds)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 2:
        raise Lost(gettext("“%(text)s” is not a number.", text=text[:20]))
    return int(text)
