"""Ids that we choose: the same for the same thing, other for any other."""

from uuid import UUID

from tool.sis.oneroster.ids import line_item_id, namespace_of, result_id

OURS = namespace_of("https://passback.example/", 1)


def test_ids_are_the_same_after_the_database_was_lost() -> None:
    """Written down, since a change here makes every column of every school a second time."""
    assert str(OURS) == "942a5370-bb14-5715-abaf-e293231883df"
    assert line_item_id(OURS, "class-2201", "item-58") == "7c8d9400-1184-5a3a-a24a-b974f2dcb7e1"
    assert result_id(OURS, "7c8d9400-1184-5a3a-a24a-b974f2dcb7e1", "stu-904") == "8758f6cd-9985-5e3d-9ac5-7d767999b60e"


def test_ids_are_those_of_the_standard() -> None:
    assert UUID(line_item_id(OURS, "c", "i")).version == 5


def test_another_class_item_student_or_connection_has_another_id() -> None:
    other = namespace_of("https://passback.example", 2)
    ids = [
        line_item_id(OURS, "a", "bc"),
        line_item_id(OURS, "ab", "c"),
        line_item_id(other, "a", "bc"),
        result_id(OURS, "a", "bc"),
        result_id(OURS, "ab", "c"),
    ]

    assert len(set(ids)) == len(ids)


def test_a_slash_at_the_end_of_the_address_changes_nothing() -> None:
    assert namespace_of("https://passback.example", 1) == OURS
