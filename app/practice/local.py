"""What a local profile says: a partnership's own changes to a pack, and what each of them comes to."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from app.practice.rule import Authority, Id, Part, Words


class Stance(StrEnum):
    """What a local rule is beside the national one. What cannot be compared counts as looser."""

    SAME = "same"
    STRICTER = "stricter"
    LOOSER = "looser"
    WORDS = "words"


class Change(Part):
    """One rule that a partnership sets otherwise: ``rule`` is its id as a pack's check lists it, ``set`` what is set.

    ``why_looser`` is printed in the minutes, and needed where the local rule is looser.
    """

    rule: Words
    set: Mapping[str, Any] = Field(min_length=1)
    authority: Authority
    source: tuple[Id, ...] = Field(min_length=1)
    reviewed: date
    note: str = ""
    why_looser: str = ""


class OwnKeeping(Part):
    """What the partnership decided for its records: the marking, and how long a case is kept."""

    marking: str = ""
    rule: str = ""
    years: int = 0
    policy: str = ""


class ProfileFile(Part):
    """What a profile says of itself, and its changes; ``order`` is that in which meeting types are then offered.

    ``why_looser`` says, by the id of a meeting type of its own, why that asks for less than the one it starts from.
    """

    id: Id
    label: Words
    partnership: Words
    base: Id
    version: Words
    reviewed: date
    order: tuple[Id, ...] = ()
    keeping: OwnKeeping = OwnKeeping()
    changes: tuple[Change, ...] = Field(default=(), max_length=200)
    why_looser: Mapping[Id, Words] = {}


class Difference(Part):
    """One local rule beside the national one, in words, and where the local one comes from.

    ``key`` is that of the change; a meeting type of the profile's own that asks for less than its base has none.
    ``meeting_types`` are the ids of those it belongs to; none means that all of them share it. ``unknown`` are the
    keys that no profile may set.
    """

    key: str = ""
    rule: str
    rule_id: Id
    label: str
    meeting_types: tuple[Id, ...] = ()
    national: str
    local: str
    stance: Stance
    by_statute: bool = False
    unknown: tuple[str, ...] = ()
    authority: Authority
    source: tuple[Id, ...]
    reviewed: date
    note: str = ""
    why_looser: str = ""


class Profile(Part):
    """The local rules that a pack holds besides the national ones; ``adds`` are the meeting types of its own."""

    id: Id
    label: Words
    partnership: Words
    base: Id
    version: Words
    reviewed: date
    order: tuple[Id, ...] = ()
    keeping: OwnKeeping = OwnKeeping()
    adds: tuple[Id, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def looser(self) -> tuple[Difference, ...]:
        """The local rules that ask for less than the national ones."""
        return tuple(one for one in self.differences if one.stance is Stance.LOOSER)
