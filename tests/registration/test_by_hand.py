"""The guides: exactly our values, in the order of each LMS's own form."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from tests.desk import TOOL, Desk
from tests.rows import open_copy
from tool.lti import vocabulary as v
from tool.registration.by_hand import GUIDES, Guide, ToolAddresses
from tool.registration.by_hand.parts import Value
from tool.registration.presets import PRESETS

LAUNCH, LOGIN, KEYS = f"{TOOL}/lti/launch", f"{TOOL}/lti/login", f"{TOOL}/.well-known/jwks.json"


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """Guides are in the reader's language, so somebody has to be reading."""
    app = Flask("reader")
    Babel(app)
    with app.test_request_context():
        yield


def guide(name: str) -> Guide:
    return GUIDES[name](ToolAddresses(TOOL))


def values(found: Guide, way: int = 0) -> list[Value]:
    """All values of a way and of what follows, from top to bottom."""
    return [value for step in (*found.ways[way].steps, *found.after) for value in step.values]


def fields(found: Guide, way: int = 0) -> list[tuple[str, str]]:
    """Those that are typed or pasted."""
    return [(value.label, value.text) for value in values(found, way) if value.kind == "copy"]


def test_canvas_in_three_ways() -> None:
    canvas = guide("canvas")
    assert [way.title for way in canvas.ways] == ["Enter URL", "Paste JSON", "Manual Entry"]
    assert fields(canvas, 0) == [("Key Name", "Passback"), ("JSON URL", f"{TOOL}/lti/canvas.json")]
    assert fields(canvas, 1) == [("Key Name", "Passback"), ("Redirect URIs", LAUNCH)]
    assert fields(canvas, 2) == [
        ("Key Name", "Passback"),
        ("Redirect URIs", LAUNCH),
        ("Title", "Passback"),
        ("Description", "Assignments whose grades come home to the gradebook."),
        ("Target Link URI", LAUNCH),
        ("OpenID Connect Initiation Url", LOGIN),
        ("Public JWK URL", KEYS),
        ("Domain", "tool.example"),
        ("Tool Id", "passback"),
        ("Text", "Passback"),
    ]
    custom = next(value for value in values(canvas, 2) if value.label == "Custom Fields")
    assert "due_at=$ResourceLink.submission.endDateTime" in custom.text.splitlines()
    assert "context_id_history=$Context.id.history" in custom.text.splitlines()


@pytest.mark.parametrize(
    ("name", "label", "text"),
    [
        ("canvas", "Assignment Selection", "LtiDeepLinkingRequest"),
        ("canvas", "Course Assignments Menu", "LtiDeepLinkingRequest"),
        ("canvas", "Course Navigation", "LtiResourceLinkRequest"),
        ("moodle", "Supports Deep Linking (Content-Item Message)", "tick"),
        ("schoology", "Course Materials", "tick"),
        ("schoology", "Deep Linking", "tick"),
        ("blackboard", "Type", "Deep Linking content tool"),
        ("brightspace", "Type", "Deep Linking Quicklink"),
    ],
)
def test_every_form_lets_teachers_choose_an_assignment(name: str, label: str, text: str) -> None:
    assert (label, text) in [(value.label, value.text) for value in values(guide(name), way=-1)]


def test_schoology_is_installed_twice_with_its_tick() -> None:
    schoology = guide("schoology")
    labels = [value.label for value in values(schoology)]
    assert fields(schoology)[-4:] == [
        ("JWKS URL", KEYS),
        ("Domain/URL", LAUNCH),
        ("OIDC Login Init URL", LOGIN),
        ("Redirect URLs", LAUNCH),
    ]
    assert labels.index("Assignment and Grade Services") + 1 == labels.index(
        "Use Unique Lineitem Identifiers for Linked Sections"
    )
    told = " ".join(step.text for step in schoology.after)
    assert told.index("First install") < told.index("Second install") < told.index("whole Deployment ID")
    assert "due_at=$com.schoology.Assignment.dueDateIso" in next(
        value.text for value in values(schoology) if value.kind == "lines"
    )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "moodle",
            [
                ("Tool name", "Passback"),
                ("Tool URL", LAUNCH),
                ("Tool description", "Assignments whose grades come home to the gradebook."),
                ("Public keyset", KEYS),
                ("Initiate login URL", LOGIN),
                ("Redirection URI(s)", LAUNCH),
                ("Content Selection URL", LAUNCH),
            ],
        ),
        (
            "blackboard",
            [
                ("Application Name", "Passback"),
                ("Description", "Assignments whose grades come home to the gradebook."),
                ("Domain(s)", "tool.example"),
                ("Login Initiation URL", LOGIN),
                ("Tool Redirect URL(s)", LAUNCH),
                ("Tool JWKS URL", KEYS),
                ("Label", "Passback"),
                ("Handle", "passback"),
                ("Tool Provider URL / Target Link URI", LAUNCH),
            ],
        ),
        (
            "brightspace",
            [
                ("Name", "Passback"),
                ("Description", "Assignments whose grades come home to the gradebook."),
                ("Domain", TOOL),
                ("Redirect URLs", LAUNCH),
                ("OpenID Connect Login URL", LOGIN),
                ("Target Link URI", LAUNCH),
                ("Keyset URL", KEYS),
                ("Name", "Passback"),
                ("Name", "Passback"),
                ("URL", LAUNCH),
            ],
        ),
        (
            "other",
            [
                ("Name", "Passback"),
                ("Tool URL / Target link URI", LAUNCH),
                ("Deep linking URL / Content selection URL", LAUNCH),
                ("Initiate login URL / OIDC login URL", LOGIN),
                ("Redirection URIs", LAUNCH),
                ("Public keyset URL / JWKS URL", KEYS),
            ],
        ),
    ],
)
def test_each_form_from_top_to_bottom(name: str, wanted: list[tuple[str, str]]) -> None:
    assert fields(guide(name)) == wanted


def test_brightspace_names_the_audience_that_goes_wrong() -> None:
    assert ("Brightspace OAuth2 Audience", "https://api.brightspace.com/auth/token") in [
        (value.label, value.text) for value in values(guide("brightspace"))
    ]


def test_every_preset_has_a_guide() -> None:
    assert {preset.guide for preset in PRESETS} == set(GUIDES)


def test_canvas_reads_the_tool_from_its_address(migrated_sqlite: Path, tmp_path: Path) -> None:
    desk = Desk(open_copy(migrated_sqlite, tmp_path / "desk.db"), tmp_path)
    answer = desk.browser().get("/lti/canvas.json", base_url=TOOL)
    desk.outbound.close()
    desk.database.close()

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told == json.loads(ToolAddresses(TOOL).canvas_json()), "pasted and read, it is the same"
    (extension,) = told.pop("extensions")
    settings = extension.pop("settings")
    placements = settings.pop("placements")
    assert told == {
        "title": "Passback",
        "description": "Assignments whose grades come home to the gradebook.",
        "oidc_initiation_url": LOGIN,
        "target_link_uri": LAUNCH,
        "public_jwk_url": KEYS,
        "scopes": [
            v.SCOPE_LINE_ITEM,
            v.SCOPE_LINE_ITEM_READ,
            v.SCOPE_RESULT_READ,
            v.SCOPE_SCORE,
            v.SCOPE_MEMBERSHIPS,
        ],
        "custom_fields": {
            "context_id_history": "$Context.id.history",
            "resource_link_id_history": "$ResourceLink.id.history",
            "person_sourced_id": "$Person.sourcedId",
            "due_at": "$ResourceLink.submission.endDateTime",
            "points": "$Canvas.assignment.pointsPossible",
        },
    }
    assert extension == {
        "domain": "tool.example",
        "tool_id": "passback",
        "platform": "canvas.instructure.com",
        "privacy_level": "public",
    }
    assert settings == {"text": "Passback"}
    plain = {"enabled": True, "target_link_uri": LAUNCH, "text": "Passback"}
    chosen = plain | {"message_type": "LtiDeepLinkingRequest"}
    assert placements == [
        {"placement": "assignment_selection", **chosen},
        {"placement": "link_selection", **chosen},
        {"placement": "course_assignments_menu", **chosen},
        {
            "placement": "course_navigation",
            **plain,
            "message_type": "LtiResourceLinkRequest",
            "visibility": "admins",
        },
    ]
