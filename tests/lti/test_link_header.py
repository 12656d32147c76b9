"""Finding the next page in whatever an LMS calls a Link header."""

import pytest

from tool.lti.link_header import find_next_url


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a/b?c=D>; rel="next"', "https://a/b?c=D"),
        ("<https://a/b>; rel=next", "https://a/b"),
        ("<https://a/b>;rel='next'", "https://a/b"),
        ('<https://a/b>; REL="Next"', "https://a/b"),
        ("<https://a/b?x=1&amp;y=2>; rel=“next”".encode().decode("latin-1"), "https://a/b?x=1&y=2"),
        ("<https://a/b>; rel=„next“", "https://a/b"),
        ('<https://a/1>; rel="prev", <https://a/2>; rel="next"', "https://a/2"),
        ('<https://a/1>; rel="last next"', "https://a/1"),
        ('<https://a/1>; title="x, y"; rel="next"; type="z"', "https://a/1"),
        ("<https://a/1,2;3>; rel=next,<https://a/9>; rel=last", "https://a/1,2;3"),
        ("</relative?x>; rel=next", "/relative?x"),
        ("<https://a/b?a=1&copy=2>; rel=next", "https://a/b?a=1&copy=2"),
        ('<https://a/b>; rel="prev"', None),
        ('<https://a/b>; rel="nextish"', None),
        ('<https://a/b>; title="next"', None),
        ("<>; rel=next", None),
        ("https://a/b; rel=next", None),
        ("", None),
        ("<" * 5000, None),
        ("<>" * 5000 + ";" * 5000, None),
    ],
)
def test_the_next_page_is_found(header: str, found: str | None) -> None:
    assert find_next_url(header) == found
