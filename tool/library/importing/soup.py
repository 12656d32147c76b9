"""The HTML of other software as a tree of what our pages can show; what they cannot is replaced by words and noted."""

import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from tool.language import gettext
from tool.library.importing.report import Lost

Tell = Callable[[str], None]

DEPTH = 60
TAGS = 5_000
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TABLES = ("table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption")
LISTS = ("ul", "ol", "li", "dl", "dt", "dd")
BLOCKS = frozenset(
    (*HEADINGS, *TABLES, *LISTS, "p", "div", "br", "hr", "pre", "blockquote", "section", "article", "figure")
)
MEDIA = ("audio", "video", "iframe", "object", "embed", "svg", "canvas", "source", "track")
UNSAID = ("script", "style", "template", "noscript", "link", "meta", "title")
UNSHOWN = ("u", "s", "del", "ins", "strike", "font", "mark", "small", "big")
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")


def read_soup(html: str, tell: Tell) -> BeautifulSoup:
    """The markup with everything our pages do not show replaced by words, or taken out and told. Raises Lost."""
    soup = BeautifulSoup(html, "html.parser")
    _check_shape(soup)
    for tag in soup.find_all(UNSAID):
        tag.decompose()
    _replace_media(soup, tell)
    for link in soup.find_all("a"):
        _replace_link(link, tell)
    for name, shift, mark in (("sup", RAISED, "^"), ("sub", LOWERED, "_")):
        for tag in soup.find_all(name):
            tag.replace_with(_shifted(tag.get_text(), shift, mark))
    for heading in soup.find_all(["h1", "h2", "h5", "h6"]):
        heading.name = "h3" if heading.name in ("h1", "h2") else "h4"
    for tag in soup.find_all(UNSHOWN):
        tell(gettext("Underlining, colours and sizes are left out."))
        tag.unwrap()
    soup.smooth()
    return soup


def _replace_media(soup: BeautifulSoup, tell: Tell) -> None:
    for tag in soup.find_all(MEDIA):
        if not tag.decomposed:
            tell(gettext("A film, sound or other embedded media is left out."))
            tag.replace_with(" ".join(tag.get_text(" ").split()))
    for picture in soup.find_all("img"):
        picture.replace_with(_picture_words(picture, tell))
    for math in soup.find_all("math"):
        if not math.decomposed:
            tell(gettext("A formula became plain text."))
            math.replace_with(" ".join(math.get_text(" ").split()))


def plain_words(soup: BeautifulSoup) -> str:
    parts: list[str] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            parts.append("\n" if node.name in BLOCKS else "")
        elif type(node) is NavigableString:
            parts.append(str(node))
    text = "".join(parts)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", text)).strip()


def _check_shape(soup: BeautifulSoup) -> None:
    """What is nested in itself a thousand times takes minutes to convert. Raises Lost."""
    level, tags = list(soup.children), 0
    for _ in range(DEPTH):
        level = [child for node in level if isinstance(node, Tag) for child in node.children]
        tags += sum(isinstance(node, Tag) for node in level)
        if not level:
            break
    if level or tags > TAGS:
        raise Lost(gettext("Its text is too tangled to read."))


def _picture_words(picture: Tag, tell: Tell) -> str | Tag:
    latex = str(picture.get("data-equation-content") or "")
    alt = " ".join(str(picture.get("alt") or "").split())
    if not latex and "equation_image" in (picture.get("class") or []):
        latex = str(picture.get("title") or alt.removeprefix("LaTeX:")).strip()
    if latex:
        tell(gettext("A formula is shown as its LaTeX text."))
        code = BeautifulSoup("", "html.parser").new_tag("code")
        code.string = " ".join(latex.split())
        return code
    tell(gettext("A picture is left out."))
    return f"[{gettext('picture')}: {alt}]" if alt else f"[{gettext('picture')}]"


def _replace_link(link: Tag, tell: Tell) -> None:
    address = str(link.get("href") or "").strip()
    words = link.get_text()
    if address.startswith(("http://", "https://")) and address not in words:
        tell(gettext("A link became its address in brackets."))
        link.append(NavigableString(f" ({address})"))
    elif address and address not in words:
        tell(gettext("A link to a place in the other software is left out; its words stay."))
    link.unwrap()


def _shifted(text: str, shift: dict[int, int], mark: str) -> str:
    """x² where every character has such a form, else x^(a+b)."""
    text = text.strip()
    if all(ord(character) in shift for character in text):
        return text.translate(shift)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"
