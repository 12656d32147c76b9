"""What Canvas keeps beside a quiz (`assessment_meta.xml`): its description, attempts, and what has no counterpart."""

from typing import Any
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.assembling import Sheet
from tool.library.importing.drafting import Draft
from tool.library.importing.markup import Scribe
from tool.library.importing.report import Lost

MOST_ATTEMPTS = 20
COUNTING = {"keep_highest": "best", "keep_latest": "last", "keep_average": "average"}


def take_quiz(quiz: Element, sheet: Sheet, scribe: Scribe) -> None:
    """Title, description and attempts; dates stay behind, for an import is for another term."""
    sheet.title = (quiz.findtext("title") or "").strip() or sheet.title
    sheet.instructions = read_text(quiz.findtext("description") or "", sheet, scribe)
    sheet.settings = _attempts((quiz.findtext("allowed_attempts") or "").strip(), sheet)
    counting = COUNTING.get((quiz.findtext("scoring_policy") or "").strip())
    if counting and sheet.settings.get("attempts", 1) != 1:
        sheet.settings["counting_attempt"] = counting
    for note in _unkept(quiz):
        sheet.tell(note)


def take_fields(fields: dict[str, str], sheet: Sheet) -> None:
    """The same of an assessment that stands alone."""
    sheet.settings = _attempts(fields.get("cc_maxattempts", ""), sheet)
    if fields.get("qmd_timelimit"):
        sheet.tell(gettext("The time limit is left out."))


def read_text(html: str, sheet: Sheet, scribe: Scribe) -> str:
    draft = Draft("", "", scribe)
    try:
        text = draft.markdown(html)
    except Lost:
        sheet.tell(gettext("The instructions could not be read."))
        return ""
    for change in draft.changes:
        sheet.tell(gettext("In the instructions: %(change)s", change=change))
    return text


def _attempts(text: str, sheet: Sheet) -> dict[str, Any]:
    if text.lower() in ("-1", "unlimited"):
        return {"attempts": None}
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        return {}
    if int(text) > MOST_ATTEMPTS:
        sheet.tell(gettext("Students have %(most)s attempts here, the most there are.", most=MOST_ATTEMPTS))
    return {"attempts": min(int(text), MOST_ATTEMPTS)}


def _unkept(quiz: Element) -> list[str]:
    def says(name: str) -> str:
        found = quiz.find(f".//{name}")
        return (found.text or "").strip() if found is not None else ""

    told = {
        gettext("The time limit is left out."): says("time_limit"),
        gettext("Answers are not shuffled here."): says("shuffle_answers") == "true",
        gettext("Its dates are left out; set them for your course."): says("due_at")
        or says("lock_at")
        or says("unlock_at"),
        gettext("Its access code and network rules are left out."): says("access_code") or says("ip_filter"),
        gettext("All questions are on one page here."): says("one_question_at_a_time") == "true",
        gettext("The lockdown browser is not asked for here."): says("require_lockdown_browser") == "true",
        gettext("What students see afterwards follows the settings here."): (
            says("hide_results") or says("show_correct_answers") == "false"
        ),
    }
    return [note for note, is_said in told.items() if is_said]
