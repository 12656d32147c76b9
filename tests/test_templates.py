"""The pages as they are written: nothing runs inline, and every word can be translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = [str(path.relative_to(ROOT)) for path in sorted(ROOT.joinpath("templates").rglob("*.html"))]
OWN_TEMPLATES = [name for name in TEMPLATES if "demo_lms" not in name and "demo_sis" not in name]


class PageReader(HTMLParser):
    """What of a template a browser would show as it stands, and what it would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.inline: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_script = tag in ("script", "style")
        self.inline += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag for _ in [tag] if tag == "style" or (tag == "script" and "src" not in given)]
        for name in ("title", "alt", "placeholder", "aria-label", "data-label"):
            self.texts.append(given.get(name) or "")

    def handle_data(self, data: str) -> None:
        self.texts.append("" if self._is_script else data)


def read_page(path: Path) -> PageReader:
    """A template without what Jinja fills in."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    # The names of style classes.
    text = re.sub(r"\{% block (\w+_class) %\}[^{]*\{% endblock %\}", "", text)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    # Where a tag ends in several ways, the first one counts.
    text = re.sub(r">(?:\s*(?:[\w-]+=\"\"\s*)+>)+", ">", text)
    reader = PageReader()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("template", TEMPLATES)
def test_pages_run_nothing_inline(template: str) -> None:
    """The content policy would block it."""
    assert read_page(ROOT / template).inline == []


# What is the same in every language: our own name, and an example of what is typed into the LMS.
SAME_EVERYWHERE = {"Passback", "assignment=fractions-quiz"}


@pytest.mark.parametrize("template", OWN_TEMPLATES)
def test_every_visible_text_goes_through_gettext(template: str) -> None:
    shown = [text.strip() for text in read_page(ROOT / template).texts]
    words = [text for text in shown if re.search(r"[^\W\d_]{2,}", text) and text not in SAME_EVERYWHERE]

    assert words == []
