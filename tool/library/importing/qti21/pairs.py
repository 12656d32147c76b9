"""QTI 2.1 interactions whose answer has several parts: rows, gaps and places, each a question of its own."""

from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import MOST_PARTS, Draft, Key, Part, choices_key
from tool.library.importing.qti21.answers import choices_of
from tool.library.importing.qti21.body import html_of
from tool.library.importing.qti21.declared import Declared
from tool.library.importing.report import Lost


def match_parts(interaction: Element, declared: Declared, prompt: str, draft: Draft) -> list[Part]:
    """Each row of the first set with all partners of the second."""
    sets = interaction.findall("simpleMatchSet")
    if len(sets) != 2:
        raise Lost(gettext("It has no two sets to match."))
    rows = {one.get("identifier", ""): draft.markdown(html_of(one, draft)) for one in sets[0]}
    partners = choices_of(sets[1], "simpleAssociableChoice", draft)
    pairs = _pairs(declared)
    parts = []
    for ident, text in rows.items():
        right = [other for one, other in pairs if one == ident and other in partners]
        if not right:
            draft.tell(gettext("A row that has no partner is left out."))
        else:
            weight = sum((_weight(declared, f"{ident} {other}") for other in right), Decimal(0))
            parts.append(Part(f"{prompt}\n\n{text}".strip(), _key(partners, right), weight))
    return _checked(parts, declared, draft)


def gap_parts(interaction: Element, declared: Declared, prompt: str, draft: Draft, gaps: list[str]) -> list[Part]:
    """Each gap, in the order of the text, with all words to choose from."""
    words = choices_of(interaction, "gapText", draft)
    if interaction.find(".//gapImg") is not None:
        raise Lost(gettext("It is answered with pictures."))
    pairs = _pairs(declared)
    parts = []
    for number, gap in enumerate(gaps, start=1):
        right = [word for word, place in pairs if place == gap and word in words]
        if len(right) != 1:
            raise Lost(gettext("The file does not say which word belongs into each gap."))
        ask = f"{prompt}\n\n**{gettext('Blank %(number)s', number=number)}**" if len(gaps) > 1 else prompt
        parts.append(Part(ask, _key(words, right), _weight(declared, f"{right[0]} {gap}")))
    return _checked(parts, declared, draft)


def order_parts(interaction: Element, declared: Declared, prompt: str, draft: Draft) -> list[Part]:
    """Each place with everything to choose from."""
    choices = choices_of(interaction, "simpleChoice", draft)
    if len(declared.correct) < 2 or any(ident not in choices for ident in declared.correct):
        raise Lost(gettext("The file does not say which order is right."))
    draft.tell(gettext("Putting in order became one question for each place."))
    parts = [
        Part(f"{prompt}\n\n**{gettext('Place %(number)s', number=number)}**".strip(), _key(choices, [ident]))
        for number, ident in enumerate(declared.correct, start=1)
    ]
    return _checked(parts, replace(declared, goes_by_mapping=False), draft)


def _pairs(declared: Declared) -> list[tuple[str, str]]:
    pairs = [tuple(text.split()) for text in declared.right()]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def _weight(declared: Declared, pair: str) -> Decimal:
    """What the pair earns; the same for all where only all together earn something."""
    entries = {" ".join(key.split()): value for key, value in declared.mapping.items()}
    return entries.get(pair, Decimal(0)) if declared.goes_by_mapping else Decimal(1)


def _key(choices: dict[str, str], right: list[str]) -> Key:
    kind = "single_choice" if len(right) == 1 else "multiple_choice"
    return choices_key(kind, list(choices.values()), [ident in right for ident in choices])


def _checked(parts: list[Part], declared: Declared, draft: Draft) -> list[Part]:
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Lost(gettext("It has no places for answers, or more than %(most)s.", most=MOST_PARTS))
    if not declared.goes_by_mapping and len(parts) > 1:
        draft.tell(gettext("Parts of the answer earn parts of the points here; in the file only all together did."))
    if declared.goes_by_mapping and any(value < 0 for value in declared.mapping.values()):
        draft.tell(gettext("Wrong pairs cost nothing here."))
    return parts
