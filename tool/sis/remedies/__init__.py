"""The catalogue of what can go wrong on the way to the school's records, and what mends it, in a teacher's words.

A code, found before sending (`rules.preflight`) or told by the SIS (`oneroster.answers`), becomes an entry: what
happened, why, who can mend it, how, what happens then, and by which button. It speaks by gettext, so only screens
import it; the sender keeps codes.

Read: entry · the entries by what they are about (columns, dates, people, scores, connection, by_itself) · finding ·
telling (an entry with its values, for a page) · ticket (the text for the help desk).
"""

from tool.sis.remedies.entry import Button, Remedy, Who
from tool.sis.remedies.finding import find_remedy
from tool.sis.remedies.telling import Told, tell
from tool.sis.remedies.ticket import Trouble, Try, write_ticket

__all__ = ["Button", "Remedy", "Told", "Trouble", "Try", "Who", "find_remedy", "tell", "write_ticket"]
