"""The HTML of other software as the markdown of our prompts, or as plain text; what is lost on the way is noted.

Our pages show emphasis, lists, tables and code, no pictures and no links. The markdown made here is rendered and
compared with the words it came from; where they differ, the plain words are taken instead.
"""

import html as entities
import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdownify import ASTERISK, ATX, MarkdownConverter

from tool.assessment.file_values import CONTROL_CHARACTER
from tool.language import gettext
from tool.library.importing.report import ImportRefused, Lost
from tool.library.importing.soup import plain_words, read_soup

TEXT_CHARACTERS = 60_000  # of HTML; a prompt of ours holds 20,000 characters
ALL_WORK = 1_500_000  # of one upload: a few seconds; a common question with its choices takes a thousand
TAG_WORK = 60  # beside its characters
STEPS = 600_000  # of trying answers on an item's rules; a common choice question takes a hundred

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def work_of(html: str) -> int:
    """What it takes to convert a text, in characters."""
    return len(html) + TAG_WORK * html.count("<")


class Scribe:
    """Turns texts of one upload into ours and counts how much it has done; `tell` takes notes of what is lost."""

    def __init__(self) -> None:
        self._left = ALL_WORK
        self._steps = STEPS

    def spend(self, steps: int) -> None:
        """Count work that grows faster than the file does. Raises ImportRefused."""
        self._steps -= steps
        if self._steps < 0:
            raise ImportRefused(
                gettext("The file's rules for scoring are more than Passback reads at once."),
                gettext("Export fewer quizzes at a time, then import each file."),
            )

    def markdown(self, html: str, tell: Callable[[str], None]) -> str:
        """A prompt. Raises Lost when it is too long or too tangled, ImportRefused when the upload has too much."""
        html = self._take(html)
        if not re.search(r"[<&*_`\\\[\]#|~=+>\n-]|\d[.)]", html):
            return html.strip()
        try:
            soup = read_soup(html, tell)
            words = plain_words(soup)
            text = _Converter().convert_soup(soup).strip()
            if _words(_rendered(text)) == _words(words):
                return _readable(re.sub(r"\n{3,}", "\n\n", CONTROL_CHARACTER.sub("", text)))
        except RecursionError:
            raise Lost(gettext("Its text is too tangled to read.")) from None
        tell(gettext("The formatting of the text could not be kept; its words are all there."))
        return _escaped(words)

    def plain(self, html: str, tell: Callable[[str], None]) -> str:
        """A choice: one line without formatting."""
        html = self._take(html)
        if "<" not in html and "&" not in html:
            return " ".join(html.split())
        try:
            soup = read_soup(html, tell)
        except RecursionError:
            raise Lost(gettext("Its text is too tangled to read.")) from None
        if soup.find(["strong", "b", "em", "i", "code", "pre", "table", "ul", "ol"]):
            tell(gettext("The formatting of choices is left out."))
        return " ".join(CONTROL_CHARACTER.sub("", plain_words(soup)).split())

    def _take(self, html: str) -> str:
        self._left -= work_of(html)
        if self._left < 0:
            raise ImportRefused(
                gettext("The file holds more text than Passback reads at once."),
                gettext("Export fewer quizzes at a time, then import each file."),
            )
        if len(html) > TEXT_CHARACTERS:
            raise Lost(gettext("Its text is too long."))
        return CONTROL_CHARACTER.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))


def _readable(text: str) -> str:
    """Without the backslashes that change nothing: a teacher will edit this text."""
    rendered = _markdown.render(text)
    for needless in (r"[]+<>&=~|_*()#.[-]", r"[+<>&=~()#.-]"):
        bare = re.sub(rf"\\({needless})", r"\1", text)
        if _markdown.render(bare) == rendered:
            return bare
    return text


def as_html(text: str) -> str:
    """Plain text as HTML, its lines kept."""
    return entities.escape(text.strip(), quote=False).replace("\n", "<br>")


class _Converter(MarkdownConverter):
    class Options(MarkdownConverter.DefaultOptions):  # type: ignore[name-defined, misc]
        heading_style = ATX
        strong_em_symbol = ASTERISK
        escape_misc = True
        autolinks = False
        table_infer_header = True


def _rendered(text: str) -> str:
    return plain_words(BeautifulSoup(_markdown.render(text), "html.parser"))


def _words(text: str) -> str:
    return "".join(text.split())


def _escaped(words: str) -> str:
    plain = CONTROL_CHARACTER.sub("", words)
    lines = (re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line.strip()) for line in plain.split("\n"))
    return "\n\n".join(line for line in lines if line)
