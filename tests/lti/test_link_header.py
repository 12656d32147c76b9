"""Finding the next page in whatever an LMS calls a Link header."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


ADDRESSES = st.from_regex(
    r"https://[a-z]{1,9}\.example/[A-Za-z0-9._~/,;:@!$'()*+-]{0,20}(\?[A-Za-z0-9=,;/-]{0,20})?", fullmatch=True
)
OTHER_RELATIONS = st.sampled_from(["prev", "first", "last", "nextish", "x-next", "https://relations.example/next"])
QUOTES = st.sampled_from(['"{}"', "'{}'", "“{}”", "„{}“"])


@st.composite
def links(draw: st.DrawFn) -> tuple[str, str | None]:
    """A Link header as some LMS might write it, and the next page it names first."""
    parts, found = [], None
    for _ in range(draw(st.integers(1, 4))):
        address, relations = draw(ADDRESSES), draw(st.lists(OTHER_RELATIONS, max_size=2))
        if draw(st.booleans()):
            relations.append(draw(st.sampled_from(["next", "NEXT", "Next"])))
            found = found or address
        title = draw(st.sampled_from(["", '; title="a, b"', "; type=json", '; hreflang="de"']))
        space = draw(st.sampled_from(["", " ", "  "]))
        relation = draw(QUOTES).format(" ".join(relations))
        parts.append(f"<{address}>{title};{space}{draw(st.sampled_from(['rel', 'REL']))}={relation}")
    return draw(st.sampled_from([", ", ",", " , "])).join(parts), found


@settings(max_examples=200, derandomize=True)
@given(links())
def test_of_any_links_the_first_next_one_is_found(written: tuple[str, str | None]) -> None:
    header, found = written

    assert find_next_url(header) == found
    assert find_next_url(header.encode().decode("latin-1")) == found, "as HTTP libraries hand it over"


@settings(max_examples=200, derandomize=True)
@given(st.text(st.sampled_from("<>;,=\"' “”relnxt&\\"), max_size=60) | st.text(max_size=60))
def test_any_text_gives_an_address_that_stood_in_it_or_nothing(header: str) -> None:
    found = find_next_url(header)

    assert found is None or found in header.replace("&amp;", "&")


@pytest.mark.parametrize(
    "piece", ["<", "<a>", "<a>;", ";rel", "; rel=", "<a>; rel=“", " ", '; title="<"', "&amp;", "<a>;rel=nex,"]
)
def test_a_header_of_a_hundred_kilobytes_takes_no_time(piece: str) -> None:
    started = time.process_time()
    find_next_url(piece * (100_000 // len(piece)))

    assert time.process_time() - started < 0.5
