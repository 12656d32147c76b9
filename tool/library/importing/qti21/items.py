"""One QTI 2.1 item becomes a draft."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import Draft, Part, excerpt
from tool.library.importing.markup import Scribe
from tool.library.importing.qti21.answers import choice_key, choices_of, typed_key
from tool.library.importing.qti21.body import INLINE_ANSWERS, html_of, is_interaction
from tool.library.importing.qti21.declared import Declared, points_of, read_declared, read_rules, tell_rules
from tool.library.importing.qti21.pairs import gap_parts, match_parts, order_parts
from tool.library.importing.report import Lost

ITEM_STEPS = 800
MOST_INTERACTIONS = 50


def read_item(item: Element, scribe: Scribe, weight: Decimal = Decimal(1)) -> Draft:
    """Never raises Lost: the reason is in the draft. `weight` is that of the test's reference to the item."""
    scribe.spend(ITEM_STEPS)
    body = item.find("itemBody")
    interactions = [one for one in body.iter() if is_interaction(one)] if body is not None else []
    draft = Draft(_name(item, body), _kind_words(interactions), scribe)
    try:
        _read(item, body, interactions, draft)
        if draft.points is not None:
            draft.points *= weight
    except Lost as loss:
        draft.lose(str(loss))
    if draft.parts and item.find("modalFeedback") is not None:
        draft.tell(gettext("Feedback on answers is left out."))
    return draft


def _name(item: Element, body: Element | None) -> str:
    try:
        words = excerpt(html_of(body, Draft("", "", Scribe()))) if body is not None else ""
    except Lost:
        words = ""
    return words or excerpt(item.get("title", "") or item.get("identifier", ""))


def _read(item: Element, body: Element | None, interactions: list[Element], draft: Draft) -> None:
    if item.get("adaptive", "false") == "true":
        raise Lost(gettext("It changes while it is being answered."))
    if item.find("templateDeclaration") is not None or item.find("templateProcessing") is not None:
        raise Lost(gettext("Its text or numbers are made anew for every student."))
    if body is None or len(interactions) > MOST_INTERACTIONS:
        raise Lost(gettext("It has no places for answers, or more than %(most)s.", most=MOST_INTERACTIONS))
    if not interactions:
        draft.text = draft.markdown(html_of(body, draft))
        if not draft.text:
            raise Lost(gettext("It holds neither a question nor a text."))
        return
    rules = read_rules(item)
    declared = read_declared(item, rules)
    blanks, gaps = _mark_blanks(interactions)
    prompt = _without_repeats(draft.markdown(html_of(body, draft, blanks)))
    if prompt.strip("\\[]") in ("", gettext("picture")):
        raise Lost(gettext("The question has no words, or only a picture."))
    for number, interaction in enumerate(interactions, start=1):
        draft.parts += _parts(interaction, item, declared, draft, (prompt, number, len(interactions), gaps))
    draft.points = points_of(item, rules, declared)
    if any(part.key["type"] != "essay" for part in draft.parts):
        tell_rules(rules, declared, draft)


def _without_repeats(text: str) -> str:
    """Some software writes the question before the interaction and again as its prompt."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(one for before, one in zip(["", *paragraphs], paragraphs, strict=False) if one != before)


def _mark_blanks(interactions: list[Element]) -> tuple[dict[int, str], list[str]]:
    """What stands where an answer goes, and the gaps of a text in their order."""
    blanks: dict[int, str] = {}
    gaps: list[str] = []
    for number, interaction in enumerate(interactions, start=1):
        is_inline = interaction.tag.lower() in INLINE_ANSWERS
        alone = "____" if is_inline else ""
        blanks[id(interaction)] = alone if len(interactions) == 1 else f"{alone} ({number})".strip()
        if interaction.tag == "gapMatchInteraction":
            found = list(interaction.iter("gap"))
            gaps = [gap.get("identifier", "") for gap in found]
            blanks |= {id(gap): f"____ ({n})" if len(found) > 1 else "____" for n, gap in enumerate(found, start=1)}
    return blanks, gaps


def _parts(
    interaction: Element,
    item: Element,
    declared: dict[str, Declared],
    draft: Draft,
    place: tuple[str, int, int, list[str]],
) -> list[Part]:
    shared, number, count, gaps = place
    prompt = shared if count == 1 else f"{shared}\n\n**{gettext('Answer %(number)s', number=number)}**"
    kind = interaction.tag.lower().removesuffix("interaction")
    if kind == "extendedtext":
        return [Part(prompt, {"type": "essay"})]
    if kind not in ("choice", "inlinechoice", "textentry", "hottext", "match", "gapmatch", "order"):
        raise Lost(_why_not(kind))
    ident = interaction.get("responseIdentifier") or interaction.get("responseidentifier") or ""
    own = declared.get(ident)
    if own is None:
        raise Lost(gettext("The file does not say which answer is right."))
    if kind == "match":
        return match_parts(interaction, own, prompt, draft)
    if kind == "gapmatch":
        return gap_parts(interaction, own, prompt, draft, gaps)
    if kind == "order":
        return order_parts(interaction, own, prompt, draft)
    if kind == "textentry":
        return [Part(prompt, typed_key(own, item, draft))]
    tag = {"choice": "simpleChoice", "inlinechoice": "inlineChoice", "hottext": "hottext"}[kind]
    return [Part(prompt, choice_key(choices_of(interaction, tag, draft), own, draft))]


def _why_not(kind: str) -> str:
    if kind in ("upload", "drawing"):
        return gettext("Students would hand in a file; Passback takes no files.")
    if kind.startswith("graphic") or kind in ("hotspot", "selectpoint", "positionobject"):
        return gettext("It is answered by pointing at a picture.")
    return gettext("Passback has no question of this type.")


def _kind_words(interactions: list[Element]) -> str:
    kinds = [one.tag.lower().removesuffix("interaction") for one in interactions]
    if not kinds:
        return gettext("Text between questions")
    if len(kinds) > 1:
        return gettext("Several answers")
    return {
        "choice": gettext("Choice"),
        "inlinechoice": gettext("Menu in a text"),
        "textentry": gettext("Short answer"),
        "extendedtext": gettext("Essay"),
        "hottext": gettext("Words in a text"),
        "match": gettext("Matching"),
        "associate": gettext("Pairing"),
        "gapmatch": gettext("Gaps in a text"),
        "order": gettext("Ordering"),
        "upload": gettext("File upload"),
    }.get(kinds[0], excerpt(kinds[0]))
