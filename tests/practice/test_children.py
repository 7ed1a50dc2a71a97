"""Children beside each other: each is called by as little as tells it from the others, and never by its place."""

from datetime import date

from app.practice.children import called, in_full
from tests.builders import InMemory


def test_children_are_called_by_their_first_name_where_that_is_enough() -> None:
    children = InMemory("Robin Sample", "Wren Sample").meeting.children
    assert list(called(children).values()) == ["Robin", "Wren"]


def test_children_of_one_name_are_told_apart_by_the_rest_of_it_then_by_their_birth() -> None:
    children = InMemory("Robin Sample", "Robin Other", "Wren Sample", "Wren Sample").meeting.children
    children[2].born, children[3].expected = date(2021, 5, 4), date(2027, 1, 20)
    assert list(called(children).values()) == [
        "Robin Sample", "Robin Other", "Wren Sample, born 4 May 2021", "Wren Sample, due 20 January 2027",
    ]  # fmt: skip


def test_twins_of_one_name_keep_their_number_whatever_the_order() -> None:
    children = InMemory("Unborn Sample", "Unborn Sample", "Robin Sample").meeting.children
    for child in children[:2]:
        child.expected = date(2027, 1, 20)
    found = called(children)
    assert list(found.values()) == [
        "Unborn Sample, due 20 January 2027 (1)", "Unborn Sample, due 20 January 2027 (2)", "Robin",
    ]  # fmt: skip
    assert called(children[::-1]) == found


def test_whole_names_are_enough_in_a_list_of_whole_names_unless_two_are_alike() -> None:
    children = InMemory("Robin Sample", "Wren Sample", "Wren Sample").meeting.children
    children[2].born = date(2021, 5, 4)
    assert list(in_full(children).values()) == ["Robin Sample", "Wren Sample", "Wren Sample, born 4 May 2021"]
