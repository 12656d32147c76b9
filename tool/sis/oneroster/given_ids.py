"""The id that a SIS gave to what was put: in the answer's pairs, in its object, or in its address."""

from urllib.parse import unquote, urlsplit

from tool.outbound import Answer
from tool.sis.oneroster.fields import list_objects, read_id
from tool.sis.oneroster.json_text import read_json
from tool.sis.oneroster.reading import read_sourced_id


def find_given_id(answer: Answer, supplied: str, *, envelope: str, takes_theirs: bool) -> str:
    """The id to use from now on; the supplied one where the answer names no other.

    A pair that says "yours is ours so-and-so" always counts. A returned object or an address counts where the profile
    says that ids are theirs: elsewhere it is an echo, and some echo carelessly.
    """
    told = _read_told(answer)
    paired = _find_paired(told, supplied)
    if paired or not takes_theirs:
        return paired or supplied
    objects = list_objects(told, [envelope]) or []
    found = read_sourced_id(objects[0]) if len(objects) == 1 else None
    return found or _find_in_address(answer, envelope) or supplied


def _read_told(answer: Answer) -> object:
    try:
        return read_json(answer)
    except ValueError:
        return None


def _find_paired(told: object, supplied: str) -> str | None:
    pairs = list_objects(told, ["sourcedIdPairs", "sourcedIdPair"]) or []
    for pair in pairs:
        allocated = read_id(pair.text("allocatedSourcedId"))
        if allocated and pair.text("suppliedSourcedId") in (supplied, None):
            return allocated
    return None


def _find_in_address(answer: Answer, envelope: str) -> str | None:
    """The last part of a Location such as …/lineItems/9."""
    path = urlsplit(answer.headers.get("location", "").strip()).path.rstrip("/")
    collection, _, last = path.rpartition("/")
    is_of_kind = collection.rpartition("/")[2].lower() == f"{envelope}s".lower()
    return read_id(unquote(last)) if is_of_kind else None
