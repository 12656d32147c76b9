"""The teacher's pages about the school's records: sync (every item) · sending (its buttons) · checking (before anything
goes) · items (one item, *View error*) · deciding (what is said about one item) · runs (history) · settings and
remastering · setup, linking, matching, associating (class, students, categories).

Shared: room (blueprint, tabs, one class) · stopping (what keeps everything back) · places (where buttons lead) ·
choosing (what was ticked) · asking (the SIS, while somebody waits).
"""

from tool.sis.screens import (
    associating,
    checking,
    deciding,
    items,
    linking,
    matching,
    remastering,
    runs,
    sending,
    settings,
    setup,
    sync,
)
from tool.sis.screens.room import blueprint

__all__ = [
    "associating",
    "blueprint",
    "checking",
    "deciding",
    "items",
    "linking",
    "matching",
    "remastering",
    "runs",
    "sending",
    "settings",
    "setup",
    "sync",
]
