"""What a line item and a result must look like: as the official schema has it, or as Google's suite sends it.

Written from the tables of the standard, 1.2 and 1.1, without looking at what the tool sends.
"""

from tool.demo_sis.body_checks import (
    Check,
    Shape,
    is_day,
    is_day_or_moment,
    is_list,
    is_moment,
    is_number,
    is_object,
    is_reference,
    is_text,
    one_of,
    whole_reference,
)
from tool.demo_sis.sis import Sis

STATUSES = ("exempt", "fully graded", "not submitted", "partially graded", "submitted")
FLAGS = ("inProgress", "incomplete", "late", "missing")

BASE: dict[str, Check] = {
    "sourcedId": is_text,
    "status": one_of("active", "tobedeleted"),
    "dateLastModified": is_moment,
}
SCORE_STATUS = one_of(*STATUSES, extensions=True)
FLAG = one_of("true", "false")
MORE: dict[str, Check] = {"metadata": is_object}
SESSION = whole_reference("academicSession")

LINE_ITEM: dict[str, Check] = {
    "title": is_text,
    "assignDate": is_moment,
    "dueDate": is_moment,
    "class": whole_reference("class"),
    "category": whole_reference("category"),
}
RANGE: dict[str, Check] = {"resultValueMin": is_number, "resultValueMax": is_number}
RESULT: dict[str, Check] = {
    "lineItem": whole_reference("lineItem"),
    "student": whole_reference("user"),
    "scoreStatus": SCORE_STATUS,
    "scoreDate": is_day,
}

STRICT_LINE_ITEM_12 = Shape(
    {**BASE, **LINE_ITEM, "school": whole_reference("org")},
    {
        **MORE,
        **RANGE,
        "description": is_text,
        "gradingPeriod": SESSION,
        "academicSession": SESSION,
        "scoreScale": whole_reference("scoreScale"),
        "learningObjectiveSet": is_list,
    },
)
STRICT_LINE_ITEM_11 = Shape({**BASE, **LINE_ITEM, **RANGE, "gradingPeriod": SESSION}, {**MORE, "description": is_text})
STRICT_RESULT_12 = Shape(
    {**BASE, **RESULT},
    {
        **MORE,
        **dict.fromkeys(FLAGS, FLAG),
        "class": whole_reference("class"),
        "scoreScale": whole_reference("scoreScale"),
        "score": is_number,
        "textScore": is_text,
        "comment": is_text,
        "learningObjectiveSet": is_list,
    },
)
STRICT_RESULT_11 = Shape({**BASE, **RESULT, "score": is_number}, {**MORE, "comment": is_text})

LAX_LINE_ITEM = Shape(
    {
        "title": is_text,
        "assignDate": is_day_or_moment,
        "dueDate": is_day_or_moment,
        "class": is_reference,
        "category": is_reference,
    },
    {**BASE, **MORE, **RANGE, "gradingPeriod": is_reference, "school": is_reference},
    is_open=True,
)
LAX_RESULT = Shape(
    {"lineItem": is_reference, "student": is_reference, "scoreStatus": SCORE_STATUS, "scoreDate": is_day_or_moment},
    {**BASE, **MORE, **dict.fromkeys(FLAGS, FLAG), "score": is_number, "textScore": is_text, "comment": is_text},
    is_open=True,
)


def shape_of_line_item(sis: Sis) -> Shape:
    if not sis.settings.is_strict:
        return LAX_LINE_ITEM
    return STRICT_LINE_ITEM_11 if sis.is_old else STRICT_LINE_ITEM_12


def shape_of_result(sis: Sis) -> Shape:
    if not sis.settings.is_strict:
        return LAX_RESULT
    return STRICT_RESULT_11 if sis.is_old else STRICT_RESULT_12
