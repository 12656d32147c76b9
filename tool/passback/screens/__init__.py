"""The teacher's pages: overview · grades (the Grade Passback screen) · changes (one student) · sending (preview, send,
undo, zeros) · switches (the whole placement) · history · course (at a glance, preflight) · rollover
(where grades go)."""

from tool.passback.screens import changes, course, grades, history, overview, rollover, sending, switches
from tool.passback.screens.room import blueprint

__all__ = ["blueprint", "changes", "course", "grades", "history", "overview", "rollover", "sending", "switches"]
