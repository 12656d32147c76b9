"""Reading over the wire: one object, or a whole list."""

from collections.abc import Sequence

from tool.outbound import Answer
from tool.sis.oneroster.answers import About, Root
from tool.sis.oneroster.fields import Fields, list_objects
from tool.sis.oneroster.json_text import read_json
from tool.sis.oneroster.paging import Query, read_pages
from tool.sis.oneroster.wire import Wire
from tool.sis.plain import SisError


class Lists:
    """GETs of one SIS, in pages of the profile's size."""

    def __init__(self, wire: Wire, page_size: int) -> None:
        self._wire = wire
        self._page_size = page_size

    def read_all(
        self, root: Root, path: str, names: Sequence[str], *, about: About = "reading", more: Query = ()
    ) -> list[Fields]:
        """Every object of a list, whatever its status. Raises SisError."""

        def ask(query: Query) -> Answer:
            return self._wire.ask("GET", root, path, about=about, query=query)

        return read_pages(ask, names, self._page_size, more)

    def read_one(self, root: Root, path: str, name: str) -> Fields:
        """One object. Raises SisError, also where the answer has none."""
        answer = self._wire.ask("GET", root, path, about="reading")
        try:
            objects = list_objects(read_json(answer), [name])
        except ValueError:
            objects = None
        if not objects:
            raise SisError("later", "sis.internal", status=answer.status)
        return objects[0]
