"""The LMSs that the demo can imitate, by name."""

from tool.demo_lms.manners.base import Manner
from tool.demo_lms.manners.canvas import Canvas
from tool.demo_lms.manners.moodle import Moodle
from tool.demo_lms.manners.openedx import OpenEdx
from tool.demo_lms.manners.schoology import Schoology

MANNERS: dict[str, type[Manner]] = {
    "canvas": Canvas,
    "moodle": Moodle,
    "schoology": Schoology,
    "openedx": OpenEdx,
}
