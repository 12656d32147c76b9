"""HTML becomes the markdown of our prompts without losing or inventing a word."""

from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from tool.library.importing.markup import Scribe
from tool.looks import rich


def convert(html: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    return Scribe().markdown(html, notes.append), notes


def words(html: str) -> str:
    return "".join(BeautifulSoup(html, "html.parser").get_text().split())


TEXT = st.text("ab *_`#-+.1)(<>&\\|~=![]{}$:/\"'\n", max_size=30).map(lambda text: escape(text, quote=False))
TAGS = st.sampled_from(
    ["p", "b", "em", "code", "li", "ul", "ol", "div", "span", "pre", "h2", "blockquote", "td", "table"]
)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4))


MARKUP = st.recursive(TEXT, wrapped)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_students_read_the_same_words(html: str) -> None:
    markdown, _ = convert(html)

    assert words(str(rich(markdown))) == words(html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("x<sup>2</sup> and H<sub>2</sub>O, y<sup>ab</sup>", "x² and H₂O, y^(ab)"),
        ("<h1>Part</h1>", "### Part"),
        ('<a href="https://x.example/a">here</a>', "here (https://x.example/a)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<script>alert(1)</script>hello", "hello"),
        ('<img class="equation_image" data-equation-content="\\frac12">', "`\\frac12`"),
        ("1. April", "1\\. April"),
        ("# no heading", "\\# no heading"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_markup_becomes_markdown(html: str, markdown: str) -> None:
    assert convert(html)[0] == markdown


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ('<img src="a.png">b', "A picture is left out."),
        ('<iframe src="https://x"></iframe>b', "A film, sound or other embedded media is left out."),
        ("<u>b</u>", "Underlining, colours and sizes are left out."),
        ("<math><mi>x</mi></math>b", "A formula became plain text."),
        ("<b>(a)</b>b", "The formatting of the text could not be kept; its words are all there."),
    ],
)
def test_what_is_lost_is_said(html: str, note: str) -> None:
    assert convert(html)[1] == [note]
