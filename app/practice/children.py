"""What children are called beside each other, so that nobody takes one for another."""

from collections.abc import Callable, Sequence
from uuid import UUID

from app.models.case import Child
from app.practice.words import day


def called(children: Sequence[Child]) -> dict[UUID, str]:
    """Return what each child is called: the first name, or as much more as tells it from the others.

    That is the whole name, with the day of birth, and where even that is one, a number that stays whatever the order.
    """
    return _told_apart(children, _by_first_name, _by_name, _by_birth, _by_number)


def in_full(children: Sequence[Child]) -> dict[UUID, str]:
    """Return the whole name of each child, with as much more as tells it from the others."""
    return _told_apart(children, _by_name, _by_birth, _by_number)


def _told_apart(children: Sequence[Child], *ways: Callable[[Sequence[Child]], dict[UUID, str]]) -> dict[UUID, str]:
    first, *others = ways
    found = first(children)
    for more in others:
        told = list(found.values())
        alike = [child for child in children if told.count(found[child.id]) > 1]
        found |= more(alike)
    return found


def _by_first_name(alike: Sequence[Child]) -> dict[UUID, str]:
    return {child.id: child.first_name for child in alike}


def _by_name(alike: Sequence[Child]) -> dict[UUID, str]:
    return {child.id: child.name for child in alike}


def _by_birth(alike: Sequence[Child]) -> dict[UUID, str]:
    said = {child.id: f"born {day(child.born)}" if child.born else "" for child in alike}
    said |= {child.id: f"due {day(child.expected)}" for child in alike if child.expected and not child.born}
    return {child.id: f"{child.name}, {said[child.id]}" if said[child.id] else child.name for child in alike}


def _by_number(alike: Sequence[Child]) -> dict[UUID, str]:
    in_order = sorted(alike, key=lambda child: child.id)
    same = [[other.id for other in in_order if _alike(other, child)] for child in alike]
    born = _by_birth(alike)
    return {child.id: f"{born[child.id]} ({ids.index(child.id) + 1})" for child, ids in zip(alike, same, strict=True)}


def _alike(one: Child, other: Child) -> bool:
    return (one.name, one.born, one.expected) == (other.name, other.born, other.expected)
