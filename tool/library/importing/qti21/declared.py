"""What a QTI 2.1 item declares: right answers, mappings, and which of them its response processing goes by."""

from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Draft, read_number
from tool.library.importing.report import Lost

COMPARED = ("match", "equal", "equalRounded", "stringMatch", "patternMatch", "member", "contains")


@dataclass(frozen=True, slots=True)
class Declared:
    """One `responseDeclaration`."""

    ident: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...]
    mapping: dict[str, Decimal]
    is_case_sensitive: bool
    goes_by_mapping: bool
    """The item's rules use the mapping, not the right answer alone."""

    def right(self) -> list[str]:
        """The answers that count as wholly right. Raises Lost."""
        if self.goes_by_mapping or not self.correct:
            positive = {key: value for key, value in self.mapping.items() if value > 0}
            if positive and self.cardinality == "single":
                most = max(positive.values())
                return [key for key, value in positive.items() if value == most]
            if positive:
                return list(positive)
        if not self.correct:
            raise Lost(gettext("The file does not say which answer is right."))
        return list(self.correct)

    def has_partly_right(self) -> bool:
        if not self.goes_by_mapping or self.cardinality != "single":
            return False
        return len({value for value in self.mapping.values() if value > 0}) > 1


@dataclass
class Rules:
    """The response processing of an item, as far as it decides how keys are read."""

    template: str = ""
    mapped: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    is_there: bool = False


def read_rules(item: Element) -> Rules:
    processing = item.find("responseProcessing")
    if processing is None:
        return Rules()
    template = processing.get("template", "").rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml")
    mapped = {one.get("identifier", "") for one in processing.iter() if one.tag in ("mapResponse", "mapResponsePoint")}
    compared = {one.get("identifier", "") for one in processing.iter("correct")}
    return Rules(template, mapped, compared, is_there=True)


def read_declared(item: Element, rules: Rules) -> dict[str, Declared]:
    """By the response's identifier. Raises Lost for a mapping that is no numbers."""
    declared: dict[str, Declared] = {}
    for one in item.iter("responseDeclaration"):
        ident = one.get("identifier", "")
        entries = list(one.iter("mapEntry"))
        declared[ident] = Declared(
            ident=ident,
            cardinality=one.get("cardinality", "single"),
            base_type=one.get("baseType", "identifier"),
            correct=tuple(text for value in one.findall("correctResponse/value") if (text := text_of(value))),
            mapping={entry.get("mapKey", "").strip(): read_number(entry.get("mappedValue", "0")) for entry in entries},
            is_case_sensitive=_minds_case(entries, rules.template == "map_response" or ident in rules.mapped),
            goes_by_mapping=bool(entries) and (rules.template == "map_response" or ident in rules.mapped),
        )
    return declared


def _minds_case(entries: list[Element], goes_by_mapping: bool) -> bool:
    if not entries:
        return True
    minding = [entry.get("caseSensitive", "true").lower() not in ("false", "0") for entry in entries]
    return any(minding) if goes_by_mapping else all(minding)


def tell_rules(rules: Rules, declared: dict[str, Declared], draft: Draft) -> None:
    """Note where the file's own rules are not what decides here."""
    if rules.template in ("match_correct", "map_response"):
        return
    if not rules.is_there:
        draft.tell(gettext("The file has no rules for scoring; the answers that it calls right earn all points."))
    elif not (rules.mapped | rules.compared) & set(declared):
        draft.tell(gettext("The file's own rules for scoring are not followed; the answers that it calls right are."))


def points_of(item: Element, rules: Rules, declared: dict[str, Declared]) -> Decimal | None:
    """The most the item earns, None when the file does not say. Raises Lost."""
    for outcome in item.iter("outcomeDeclaration"):
        if outcome.get("identifier") == "MAXSCORE" and text_of(outcome.find("defaultValue")):
            return read_number(text_of(outcome.find("defaultValue")))
    for outcome in item.iter("outcomeDeclaration"):
        if outcome.get("identifier") == "SCORE" and outcome.get("normalMaximum"):
            return read_number(outcome.get("normalMaximum", ""))
    by_mapping = [one for one in declared.values() if one.goes_by_mapping]
    if by_mapping:
        return sum((_most(one, item) for one in by_mapping), Decimal(0))
    if rules.template == "match_correct":
        return Decimal(1)
    values = [
        read_number(text_of(base))
        for setting in item.iter("setOutcomeValue")
        if setting.get("identifier") == "SCORE"
        for base in setting.findall("baseValue")
    ]
    reachable = max(values, default=Decimal(0))
    return reachable if 0 < reachable != 100 else None


def _most(declared: Declared, item: Element) -> Decimal:
    positive = [value for value in declared.mapping.values() if value > 0]
    most = max(positive, default=Decimal(0)) if declared.cardinality == "single" else sum(positive, Decimal(0))
    for one in item.iter("responseDeclaration"):
        mapping = one.find("mapping")
        if one.get("identifier") == declared.ident and mapping is not None and mapping.get("upperBound"):
            return min(most, read_number(mapping.get("upperBound", "")))
    return most
