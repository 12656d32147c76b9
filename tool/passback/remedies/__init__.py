"""The catalogue of what can go wrong with a score, and what mends it.

An LMS's answer (status, text, family) becomes a reason in `lti.quirks`; the reason, and where need be the family or the
whole class, becomes the entry a teacher reads: what happened, why, who can mend it, how, by which button, and what
happens then.

Reading order: entry · finding · the entries by who mends them (for_teacher, for_admin, for_operator, by_itself) ·
families · readings.
"""

from tool.passback.remedies.entry import Remedy
from tool.passback.remedies.finding import explain_not_shown, find_remedy, strikes_everybody
from tool.passback.remedies.readings import find_roster_remedy

__all__ = ["Remedy", "explain_not_shown", "find_remedy", "find_roster_remedy", "strikes_everybody"]
