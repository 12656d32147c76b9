"""Which of our codes a SIS means by its words. Every vendor has its own, and no two are alike.

The first line whose patterns are all found counts. The words are paraphrased from vendors' help pages and from
Instructure's dictionary of passback errors; they were not tried on the products.
"""

import re
from typing import Final

_UNKNOWN = r"not found|not be found|unknown|invalid|not valid|not exist|no such|cannot find|(could|can) ?not (be )?find"
_MISSING = r"required|missing|empty|blank|null|must be (given|supplied|provided)|no value"
_NAME = r"\b(title|name)\b"
_COLUMN = r"\b(line ?items?|assignments?|columns?)\b"
_PERSON = r"\b(students?|users?|learners?)\b"
_PERIOD = r"grading ?periods?|academic ?sessions?"

_MEANINGS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    ((r"entry point",), "score.entry_point"),  # PowerSchool
    ((r"grade ?scale|score ?scale|score ?type",), "score.not_numeric"),  # PowerSchool
    ((r"grades? (is |are |was )?(frozen|rolled)|not gradeable",), "grades_frozen"),  # Banner
    ((r"cannot be exchanged|can ?not exchange",), "privacy.email"),  # Aspire
    ((r"\be-?mail", _MISSING), "privacy.email"),
    ((r"multiple matches",), "title.duplicate"),
    ((r"categor", r"teacher"), "category.teacher"),  # PowerSchool: a category belongs to one teacher
    ((r"categor", _UNKNOWN), "category.unknown"),  # Aeries, Aspen, Focus
    ((r"categor", _MISSING + r"|assign one|no categor"), "category.none"),
    ((r"categor",), "category.unknown"),
    # Infinite Campus: the grading window of the task.
    ((r"window|period|\bterm\b|session|assignment|grading", r"\block(ed)?\b|\bclosed\b|not open"), "period.closed"),
    ((r"assignment dates",), "due.before_assigned"),  # Infinite Campus
    ((r"due", r"before|earlier|prior|precede", r"assign"), "due.before_assigned"),
    ((r"due ?date", _MISSING + r"|cannot find|no due"), "due.missing"),  # Focus, Pinnacle
    ((r"due ?date|could not determine class|" + _PERIOD,), "due.outside_period"),
    ((_NAME, r"\blong|length|shorter|exceed|characters|at most"), "title.long"),
    ((r"by hand|manually|assignment cannot be created",), "item.manual_twin"),
    ((_NAME + "|" + _COLUMN, r"unique|duplicate|already (exists?|used|taken|in use)"), "title.duplicate"),
    ((_NAME, _MISSING), "title.empty"),
    ((r"point|maximum|resultvaluemax", r"whole|integer|fraction|decimal"), "points.fraction"),
    ((r"point|maximum|resultvaluemax", _MISSING + r"|greater than (0|zero)|positive|zero"), "points.none"),
    ((r"exempt|excused",), "score.exempt"),
    ((r"\bscore", r"numeric|number"), "score.not_numeric"),
    ((r"\bscore", _MISSING), "score.entry_point"),
    ((r"\b(scores?|values?)\b", r"range|above|below|exceed|greater|higher|less than|maximum"), "score.range"),
    ((r"unable to process score",), "score.range"),
    ((r"not teach|not the teacher",), "class.not_teacher"),
    ((_PERSON, r"belong|enrol|not in |student ?id|" + _UNKNOWN), "student.not_in_class"),
    ((r"missing a record|gradebook number",), "item.lost"),  # Aeries
    ((_COLUMN, r"deleted|" + _UNKNOWN), "item.lost"),
    ((r"\b(section|class|course)\b", _UNKNOWN), "class.unlinked"),
)

_WHAT_IS_UNKNOWN: Final[tuple[tuple[str, str], ...]] = (
    (r"categor", "category.unknown"),
    (_PERSON, "student.not_in_class"),
    (_COLUMN, "item.lost"),
    (r"\b(section|class)\b", "class.unlinked"),
    (_PERIOD, "due.outside_period"),
)
_ROUTE: Final = re.compile(
    r"\broutes?\b|cannot (get|put|post|delete) /|no http resource|static resource|\bendpoint\b"
    r"|(url|path|page|uri)\b.{0,40}\bnot found|missing authentication token"
)


def find_meaning(text: str) -> str | None:
    """The code for a refusal's words (lower case), or None where they tell nothing."""
    for patterns, code in _MEANINGS:
        if all(re.search(pattern, text) for pattern in patterns):
            return code
    return None


def find_what_is_unknown(text: str) -> str | None:
    """The code for what a 404 speaks of, or None where it does not say."""
    return next((code for pattern, code in _WHAT_IS_UNKNOWN if re.search(pattern, text)), None)


def is_about_route(text: str) -> bool:
    """Whether a 404's words are those of a server that knows no such address, rather than no such object."""
    return _ROUTE.search(text) is not None
