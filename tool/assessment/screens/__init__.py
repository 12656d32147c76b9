"""The student's pages: working (answering, saving, handing in) · afterwards (what came of it, changing it, again)."""

from tool.assessment.screens import afterwards, working
from tool.assessment.screens.room import blueprint

__all__ = ["afterwards", "blueprint", "working"]
