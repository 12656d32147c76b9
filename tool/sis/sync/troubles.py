"""What a refusal means for the rest of a run: this one is passed over, or everything stops here."""

from tool.sis.plain import SisError

EQUAL_IN_A_ROW = 5
OF_THE_WHOLE = frozenset(
    {"auth.scope", "auth.expired", "auth.vendor", "sis.route", "class.unlinked", "class.not_teacher"}
)
"""Refusals that every further call would meet as well."""
LATER = frozenset({"timeout", "sis.internal", "rate"})
"""What may mend itself: tried last the next time, so that one bad record keeps nothing else from going."""
OF_ONE_STUDENT = frozenset(
    {"student.not_in_class", "privacy.email", "score.range", "score.entry_point", "score.exempt", "score.not_numeric"}
)
"""One of these, and the others went: the item is well, with a note."""


class Troubles:
    """The refusals of one run, as they come."""

    def __init__(self) -> None:
        self._last: tuple[str, int | None] | None = None
        self._equal = 0
        self.later: SisError | None = None
        """The first that may mend itself."""

    def meet(self, error: SisError) -> None:
        """Count a refusal. Raises it where going on would only collect more of its kind."""
        if is_of_the_whole(error):
            raise error
        seen = (error.code, error.status)
        self._equal = self._equal + 1 if seen == self._last else 1
        self._last = seen
        if self._equal >= EQUAL_IN_A_ROW:
            raise error
        if error.kind == "later" and self.later is None:
            self.later = error

    def go_well(self) -> None:
        """Something was taken: what comes next is no longer in a row."""
        self._last, self._equal = None, 0


def is_of_the_whole(error: SisError) -> bool:
    """Whether it is about the connection and not about what was sent: refused at the door, too fast, or no answer."""
    is_at_the_door = error.kind in ("throttled", "sign_in_again") or error.code in OF_THE_WHOLE
    return is_at_the_door or (error.kind == "later" and error.status is None)


def may_mend_itself(error: SisError) -> bool:
    return error.kind in ("later", "throttled")
