"""What a button will do, in a teacher's words, before it is pressed."""

from tool.assessment.pages import Paper
from tool.assessment.questions import person_needed_because
from tool.assessment.teacher.sheets import OpenedSheet
from tool.language import gettext, ngettext


def what_handing_in_does(paper: Paper, opened: OpenedSheet, platform_name: str) -> list[str]:
    """Handing in for a student: what is taken, what is blank, and where the score goes."""
    blank = opened.automatic.unanswered
    sentences = [gettext("The saved answers are handed in and graded as they stand.")]
    if blank:
        sentences.append(
            ngettext(
                "Question %(numbers)s is unanswered and earns 0.",
                "Questions %(numbers)s are unanswered and earn 0.",
                len(blank),
                numbers=", ".join(map(str, blank)),
            )
        )
    if opened.sheet.submitted_at is not None:
        return [*sentences, _where_changes_go(paper)]
    goes_by_itself = paper.automatic_passback and not person_needed_because(paper.questions)
    is_free = not opened.sheet.holds_other_assignment
    is_first = opened.sheet.attempt_number == 1 or paper.updates == "automatic"
    is_enough = not blank or paper.unanswered == "zero"
    if goes_by_itself and is_free and is_first and is_enough:
        return [*sentences, gettext("The score then goes to %(platform)s by itself.", platform=platform_name)]
    return [*sentences, gettext("The score is not sent by itself: you send it in Grade Passback.")]


def what_giving_back_does(paper: Paper, student: str) -> list[str]:
    """Giving work back: what the student can do, what counts meanwhile, and where a new score goes."""
    sentences = [
        gettext("%(student)s can change the answers and hand in again; it stays the same attempt.", student=student),
        gettext("Until then the score stays as it is. A changed answer loses the points you gave for it."),
        _where_changes_go(paper),
    ]
    if paper.is_closed:
        sentences.insert(1, gettext("The assignment has closed; for this student it is open until handed in again."))
    return sentences


def _where_changes_go(paper: Paper) -> str:
    if paper.automatic_passback and paper.updates == "automatic" and not person_needed_because(paper.questions):
        return gettext("A changed score goes to the gradebook by itself.")
    return gettext("A changed score is not sent by itself: you send it in Grade Passback.")
