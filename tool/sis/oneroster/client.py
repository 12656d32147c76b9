"""One school's records: what can be asked of them, and what can be put there."""

import time
from collections.abc import Callable

from tool.clock import now
from tool.outbound import Outbound
from tool.sis.oneroster.bodies import write_id, write_line_item, write_result
from tool.sis.oneroster.fields import Fields
from tool.sis.oneroster.given_ids import find_given_id
from tool.sis.oneroster.lists import Lists
from tool.sis.oneroster.pace import Pace, PaceOfOne
from tool.sis.oneroster.reading import is_category_of, read_category, read_line_item, read_result
from tool.sis.oneroster.rostering import Rostering
from tool.sis.oneroster.tokens import TokenShelf
from tool.sis.oneroster.wire import Wire
from tool.sis.plain import (
    Access,
    Category,
    Enrolled,
    FoundLineItem,
    FoundResult,
    LineItem,
    Period,
    Result,
    SchoolClass,
    SisError,
)


class OneRoster:
    """A SIS by OneRoster 1.1 or 1.2. Every method raises SisError; safe to share between threads.

    `pace` says when a request may go, else it is this client's own, waiting with `sleep`; `tokens` is where tokens
    stand, one shelf for all clients of a process.
    """

    def __init__(
        self,
        access: Access,
        outbound: Outbound,
        *,
        pace: Pace | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tokens: TokenShelf | None = None,
    ) -> None:
        self._access = access
        pace = pace or PaceOfOne(access.profile.requests_per_second, sleep)
        self._wire = Wire(access, outbound, pace, tokens)
        self._lists = Lists(self._wire, access.profile.page_size)
        self._rostering = Rostering(self._lists)

    def ask_token(self) -> frozenset[str]:
        """Sign in anew: the scopes that were granted, as full addresses.

        Empty where there is nothing to ask: a constant bearer and OAuth 1.0a show what they are good for by use.
        """
        return self._wire.ask_token() if self._access.auth == "oauth2" else frozenset()

    def find_teacher_id(self, email: str) -> str | None:
        """The one active teacher with this e-mail, whatever its capitals; None for nobody and for two."""
        return self._rostering.find_teacher_id(email)

    def find_classes_of_teacher(self, email: str) -> list[SchoolClass]:
        """The active classes of the teacher with this e-mail."""
        return self._rostering.find_classes_of_teacher(email)

    def find_class(self, class_id: str) -> SchoolClass | None:
        """The class, be it active or not; None where the SIS knows no such class."""
        return self._rostering.find_class(class_id)

    def read_students(self, class_id: str) -> list[Enrolled]:
        """Everybody who learns in the class, also those who left or come later, where the SIS tells them."""
        return self._rostering.read_students(class_id)

    def read_periods(self, school_class: SchoolClass) -> list[Period]:
        """The grading periods of the class's terms, earliest first."""
        return self._rostering.read_periods(school_class)

    def read_categories(self, class_id: str) -> list[Category]:
        """The categories in which this class may have columns."""
        key = self._access.profile.category_class_key
        own = [one for one in self._read_categories(class_id) if is_category_of(one, class_id, key)]
        return [one for one in map(read_category, own) if one is not None]

    def _read_categories(self, class_id: str) -> list[Fields]:
        names = ["categories"]
        if self._access.version == "1.2":
            try:
                return self._lists.read_all("gradebook", f"/classes/{write_id(class_id)}/categories", names)
            except SisError as error:
                if error.status not in (404, 405, 501):
                    raise
        # 1.1 has only the list of all, and some 1.2 too.
        return self._lists.read_all("gradebook", "/categories", names)

    def read_line_items(self, class_id: str) -> list[FoundLineItem]:
        """The columns of a class, with those that are to be deleted."""
        found = self._lists.read_all("gradebook", f"/classes/{write_id(class_id)}/lineItems", ["lineItems"])
        return [one for one in map(read_line_item, found) if one is not None]

    def read_results(self, class_id: str, line_item_id: str) -> list[FoundResult]:
        """The scores of a column; `item.lost` where the SIS knows no such column."""
        path = f"/classes/{write_id(class_id)}/lineItems/{write_id(line_item_id)}/results"
        found = self._lists.read_all("gradebook", path, ["results"], about="result")
        read = (read_result(one, line_item_id) for one in found)
        return [one for one in read if one is not None]

    def put_line_item(self, item: LineItem) -> str:
        """Make or replace a column; the id under which the SIS has it. May be repeated blindly."""
        body = write_line_item(item, self._access, now())
        path = f"/lineItems/{write_id(item.sourced_id)}"
        answer = self._wire.ask("PUT", "gradebook", path, about="line_item", body=body)
        return find_given_id(answer, item.sourced_id, envelope="lineItem", takes_theirs=self._has_own_ids)

    def put_result(self, result: Result) -> str:
        """Make or replace a score; the id under which the SIS has it. May be repeated blindly."""
        body = write_result(result, self._access, now())
        path = f"/results/{write_id(result.sourced_id)}"
        answer = self._wire.ask("PUT", "gradebook", path, about="result", body=body)
        return find_given_id(answer, result.sourced_id, envelope="result", takes_theirs=self._has_own_ids)

    def delete_result(self, result_id: str) -> None:
        """Take a score out of the SIS. Asks for the right to delete only now; one that is not there is none."""
        try:
            self._wire.ask("DELETE", "gradebook", f"/results/{write_id(result_id)}", about="result")
        except SisError as error:
            if error.code != "item.lost":
                raise

    @property
    def _has_own_ids(self) -> bool:
        return self._access.profile.ids == "theirs"
