"""The quorum: live through arrivals, departures and substitutes."""

import pytest

from app.models.attendance import Capacity
from app.practice.pack import Pack
from app.practice.quorum import inquorate_spells, quorum
from tests.builders import START, InMemory, clock, national_pack, strategy

PACK: Pack = national_pack()


def at(room: InMemory, hour: int, minute: int) -> str:
    return quorum(room.meeting, strategy(), PACK, clock(hour, minute)).words


def test_social_care_police_and_health_make_it() -> None:
    room = InMemory().quorate()
    assert quorum(room.meeting, strategy(), PACK, START).quorate
    assert at(room, 10, 31).startswith("Quorate: ")


@pytest.mark.parametrize("missing", ["csc", "police", "health_community"])
def test_one_of_them_missing_breaks_it(missing: str) -> None:
    room = InMemory()
    for sector in ("csc", "police", "health_community"):
        if sector != missing:
            room.seat(sector)
    found = quorum(room.meeting, strategy(), PACK, START)
    assert not found.quorate
    assert len(found.missing) == 1
    assert found.words.endswith("not here")


@pytest.mark.parametrize("sector", ["health_icb", "health_acute", "health_community", "gp"])
def test_any_kind_of_health_makes_the_seat_of_health(sector: str) -> None:
    room = InMemory()
    room.seat("csc"), room.seat("police"), room.seat(sector)
    assert quorum(room.meeting, strategy(), PACK, START).quorate


def test_adult_mental_health_does_not_sit_for_health_but_the_unit_sits_for_social_care() -> None:
    room = InMemory()
    room.seat("unit"), room.seat("police"), room.seat("adult_mh")
    assert [m.sector for m in quorum(room.meeting, strategy(), PACK, START).missing] == ["health"]


@pytest.mark.parametrize("capacity", [c for c in Capacity if c not in {Capacity.PRACTITIONER, Capacity.CHAIR}])
def test_nobody_who_takes_no_part_for_their_agency_makes_it(capacity: Capacity) -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community"), room.seat("police", capacity=capacity)
    assert not quorum(room.meeting, strategy(), PACK, START).quorate


def test_it_breaks_when_police_leave_and_mends_when_they_are_back() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    room.seat("police", "", (START, clock(10, 58)), (clock(11, 20), None))
    assert at(room, 10, 57).startswith("Quorate")
    assert at(room, 10, 58) == "Not quorate: Police left 10:58"
    assert at(room, 11, 20).startswith("Quorate")


def test_a_substitute_keeps_it() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    away = room.seat("police", "Casey", (START, clock(10, 58)))
    room.seat("police", "Frankie", (clock(10, 58), None), substitute_for=away)
    assert at(room, 10, 58).startswith("Quorate")


def test_the_spells_without_it_are_told_from_when_to_when() -> None:
    room = InMemory()
    room.seat("csc")
    room.seat("health_community", "", (clock(10, 40), None))
    room.seat("police", "", (START, clock(10, 58)), (clock(11, 20), clock(11, 30)))
    spells = inquorate_spells(room.meeting, strategy(), PACK, clock(11, 40))
    assert [(begin, end, [m.sector for m in found.missing]) for begin, end, found in spells] == [
        (START, clock(10, 40), ["health"]),
        (clock(10, 58), clock(11, 20), ["police"]),
        (clock(11, 30), clock(11, 40), ["police"]),
    ]


def test_coming_and_going_of_others_does_not_cut_a_spell_in_two() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    room.seat("early_years", "", (clock(10, 40), clock(10, 50)))
    spells = inquorate_spells(room.meeting, strategy(), PACK, clock(11, 0))
    assert [(begin, end) for begin, end, _ in spells] == [(START, clock(11, 0))]


def test_a_meeting_that_has_not_started_has_no_spells() -> None:
    room = InMemory()
    room.meeting.started_at = None
    assert inquorate_spells(room.meeting, strategy(), PACK, clock(11, 0)) == []
