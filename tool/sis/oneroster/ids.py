"""Ids that we choose: the same for the same thing for ever, also after our database was lost, and with nobody's name in
them. [sis: UUID version 5]"""

from uuid import NAMESPACE_URL, UUID, uuid5


def namespace_of(base_url: str, connection_id: int) -> UUID:
    """The namespace of one connection of one tool. `base_url` is the tool's own public address."""
    return uuid5(NAMESPACE_URL, f"{base_url.rstrip('/')}/sis/{connection_id}")


def line_item_id(namespace: UUID, class_id: str, item: str) -> str:
    """The id of an item's column in a class: an item in two classes is two columns."""
    return _id(namespace, "lineItem", class_id, item)


def result_id(namespace: UUID, line_item_id: str, student_id: str) -> str:
    """The id of one student's score in a column."""
    return _id(namespace, "result", line_item_id, student_id)


def _id(namespace: UUID, *parts: str) -> str:
    # The length before each part: "a" in "bc" is not "ab" in "c".
    return str(uuid5(namespace, "".join(f"{len(part)}:{part}" for part in parts)))
