"""How an administrator registers the tool by hand: for each LMS its own form, in its own order and words.

In comes where this tool is reached; out goes a `Guide`: ways, steps, and the values to copy. The labels are those of
the LMS's form and stay in its language; what is explained is in the reader's.

Read: parts · one module for each LMS; `GUIDES` finds it by the name that a preset gives.
Words: a way is one of several methods the LMS offers; a step is done on one page of the LMS; a value goes into one of
its fields.
"""

from collections.abc import Callable, Mapping

from tool.registration.by_hand import blackboard, brightspace, canvas, moodle, other, schoology
from tool.registration.by_hand.parts import Guide, ToolAddresses

__all__ = ["GUIDES", "Guide", "ToolAddresses"]

GUIDES: Mapping[str, Callable[[ToolAddresses], Guide]] = {
    "canvas": canvas.guide,
    "schoology": schoology.guide,
    "moodle": moodle.guide,
    "blackboard": blackboard.guide,
    "brightspace": brightspace.guide,
    "other": other.guide,
}
