"""The teacher's pages of one placement."""

from tool.passback.screens import overview
from tool.passback.screens.room import blueprint

__all__ = ["blueprint", "overview"]
