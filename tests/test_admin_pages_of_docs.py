"""The pages for administrators of an LMS say what the forms in the product say, letter by letter."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from tests.stage import ROOT
from tool.lti.due_dates import DUE_PARAMETER
from tool.lti.wanted import WANTED_SCOPES, custom_parameters
from tool.registration.by_hand import GUIDES, ToolAddresses
from tool.registration.by_hand.parts import Value
from tool.registration.presets import ANY_SITE, PRESETS, Preset

PAGES = ROOT / "docs" / "admin"
README = (ROOT / "README.md").read_text()
TOOL = ToolAddresses("https://passback.example.org")
KEYS = ("canvas", "schoology", "moodle", "blackboard", "brightspace")
WRITTEN = [preset for preset in PRESETS if preset.guide in KEYS]


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """Guides are in the reader's language, so somebody has to be reading."""
    app = Flask("reader")
    Babel(app)
    with app.test_request_context():
        yield


def page(key: str) -> str:
    return (PAGES / f"{key}.md").read_text()


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def blocks(text: str) -> list[str]:
    """What stands between fences, without the list's indentation."""
    return ["\n".join(lines(block)).strip() for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)]


def asked(key: str) -> list[Value]:
    """Every value of the guide: of all its ways, and of what follows."""
    guide = GUIDES[key](TOOL)
    steps = [*(step for way in guide.ways for step in way.steps), *guide.after]
    return [value for step in steps for value in step.values]


def is_told(value: Value, text: str) -> bool:
    if value.kind == "lines":
        return f"**{value.label}**" in text and "\n".join(lines(value.text)) in blocks(text)
    written = f"`{value.text}`" if value.kind == "copy" else value.text
    return any(line.startswith(f"| {value.label} | {written} |") for line in lines(text))


def test_every_lms_with_a_guide_of_its_own_has_a_page() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"school-records"} == set(KEYS) == set(GUIDES) - {"other"}


@pytest.mark.parametrize("key", KEYS)
def test_every_value_of_the_form_is_on_the_page(key: str) -> None:
    text = page(key)

    assert len(asked(key)) > 10
    assert [(value.label, value.text) for value in asked(key) if not is_told(value, text)] == []


@pytest.mark.parametrize("key", KEYS)
def test_no_other_address_of_ours_is_on_the_page(key: str) -> None:
    known = {TOOL.login_url, TOOL.launch_url, TOOL.key_set_url, TOOL.canvas_url, TOOL.base_url}
    pages_of_ours = {f"{TOOL.base_url}/admin", f"{TOOL.base_url}/lti/register/…"}

    assert set(re.findall(r"https://passback\.example\.org[^\s`\"<>|)]*", page(key))) <= known | pages_of_ours


@pytest.mark.parametrize("preset", WRITTEN, ids=lambda preset: preset.key)
def test_what_is_known_of_the_lms_is_on_the_page(preset: Preset) -> None:
    text = page(preset.guide)
    facts = (preset.issuer, preset.auth_login_url, preset.auth_token_url, preset.key_set_url, preset.auth_audience)

    assert [fact for fact in facts if fact and f"`{fact.replace(ANY_SITE, 'https://…')}`" not in text] == []
    assert f"**{preset.client_id_name}**" in text
    assert f"**{preset.deployment_id_name}**" in text


def test_canvas_is_given_its_json_with_every_scope() -> None:
    (given,) = [json.loads(block) for block in blocks(page("canvas")) if block.startswith('{\n"title"')]

    assert given == TOOL.canvas_configuration()
    assert given["scopes"] == list(WANTED_SCOPES)


@pytest.mark.parametrize("key", KEYS)
def test_every_page_goes_the_whole_way(key: str) -> None:
    text = page(key)
    parts = ("first", "Paste back", "at the end", "graded link", "Test the connection", "troubles", "not checked")
    headings = [line for line in lines(text) if line.startswith("## ")]

    assert [part for part in parts if not any(part in heading for heading in headings)] == []
    assert "`passback platform check NAME`" in text
    assert "shows the teacher's library: choose an" in text
    assert "assignment=" not in text, "nobody has to type what deep linking puts there"
    assert f"{DUE_PARAMETER}={custom_parameters(key)[DUE_PARAMETER]}" in text


# Written out in the pages' bold or slanted letters, and no word of ours: buttons and places of an LMS, plain emphasis.
THEIRS = {
    *("Activate", "Add LTI Advantage", "Add an activity or resource", "Application ID", "Grade", "ON", "Privacy"),
    *("Select content", "Due date.", "Or", "invitation link"),
}


def spoken_by_us() -> str:
    """Every text of our pages, as it stands in their sources."""
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "tool").rglob("*.py")]
    return "\n".join(path.read_text() for path in sources)


def highlighted(text: str) -> set[str]:
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = re.findall(r"\*\*([^*]+)\*\*", plain) + re.findall(r"(?<![*\w])\*([^*\s][^*]*)\*(?!\*)", plain)
    return {" ".join(one.split()) for one in found}


def is_said(label: str, sources: str) -> bool:
    """Whether these very words are marked as a text of a page."""
    return re.search(rf"(?:_|gettext)\(\s*(['\"]){re.escape(label)}\1", sources) is not None


@pytest.mark.parametrize("key", KEYS)
def test_every_label_of_ours_is_on_our_pages(key: str) -> None:
    """A newcomer looks for the very word. What is neither the LMS's nor a heading of the page is ours."""
    text, ours = page(key), spoken_by_us()
    of_the_form = {value.label for value in asked(key)} | THEIRS
    of_the_form |= {name for preset in WRITTEN for name in (preset.client_id_name, preset.deployment_id_name)}
    of_the_page = {line.lstrip("# ") for line in lines(text) if line.startswith("#")}
    labels = highlighted(text) - of_the_form - of_the_page

    assert {"Register", "Approve", "Platforms", "Make an invitation", "Add the platform"} <= labels
    assert sorted(one for one in labels if not is_said(one, ours)) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_trouble_is_quoted_as_it_is_told(key: str) -> None:
    """In the list of troubles, what stands in quotation marks with a full stop is a sentence of ours."""
    told = " ".join(spoken_by_us().replace('"\n', "").split())
    troubles = page(key).partition("## Usual troubles")[2].partition("\n## ")[0]
    quoted = re.findall(r"^\| “([^”]*\.)” \|", troubles, re.MULTILINE)
    # A sentence may be broken in its source, and the LMS's or a student's name stands where the page has dots.
    parts = {part.strip(" .") for one in quoted for part in one.split("…")} - {""}

    assert len(quoted) > 4
    assert sorted(part for part in parts if part not in re.sub(r'"\s+"', "", told)) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_readme_leads_to_the_page(key: str) -> None:
    assert f"(docs/admin/{key}.md)" in README


def test_every_link_of_the_readme_leads_somewhere() -> None:
    found = [one for one in re.findall(r"\]\(([^)#]+)", README) if "://" not in one]

    assert {"docs/figures.md", "docs/reliability.md"} <= set(found)
    assert [one for one in found if not Path(ROOT / one).exists()] == []
