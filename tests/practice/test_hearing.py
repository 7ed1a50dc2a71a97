"""Who has been heard: on each item, and on each question for each child."""

import pytest

from app.models.attendance import Capacity
from app.practice.hearing import counted, departs, has_spoken, latest, missing_views, tally, unheard
from tests.builders import InMemory, clock, national_pack, strategy

PACK = national_pack()
ITEM = next(item for item in strategy().agenda if item.hears and not item.views)
QUESTION = strategy().views[0]


def names(room: InMemory) -> list[str]:
    return [agency.sector for agency in unheard(room.meeting, ITEM, PACK)]


def test_an_agency_is_unheard_until_somebody_speaks_for_it() -> None:
    room = InMemory().quorate()
    police = room.meeting.attendances[1]
    assert names(room) == ["police", "health_community"]
    room.say(police, ITEM.id)
    assert names(room) == ["health_community"]
    assert has_spoken(room.meeting, police, ITEM.id)


def test_what_is_said_on_another_item_does_not_count() -> None:
    room = InMemory().quorate()
    room.say(room.meeting.attendances[1], "open")
    assert "police" in names(room)


def test_two_of_one_agency_are_one_voice() -> None:
    room = InMemory()
    room.seat("police", "Casey")
    second = room.seat("police", "Frankie")
    room.say(second, ITEM.id)
    assert names(room) == []
    assert len(counted(room.meeting, PACK)) == 1


@pytest.mark.parametrize("capacity", [c for c in Capacity if c is not Capacity.PRACTITIONER])
def test_only_practitioners_are_asked_for_their_agency(capacity: Capacity) -> None:
    room = InMemory()
    room.seat("police", capacity=capacity)
    assert counted(room.meeting, PACK) == []


def test_a_lawyer_who_advises_is_not_counted_and_family_has_no_agency() -> None:
    room = InMemory()
    room.seat("csc", "Lee", role="lawyer")
    room.seat("", "Sam", capacity=Capacity.PARENT)
    assert counted(room.meeting, PACK) == []


def test_who_never_came_is_not_asked_and_who_left_still_is() -> None:
    room = InMemory()
    away = room.seat("police")
    away.presences.clear()
    room.seat("health_community", "", (clock(10, 30), clock(10, 40)))
    assert [agency.sector for agency in counted(room.meeting, PACK)] == ["health_community"]


def test_an_item_that_hears_nobody_in_turn_leaves_nobody_unheard() -> None:
    room = InMemory().quorate()
    assert unheard(room.meeting, strategy().agenda[0], PACK) == []


def test_a_view_is_missing_for_each_child_by_itself() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    police = room.seat("police")
    room.view(police)
    missing = missing_views(room.meeting, strategy(), PACK)
    assert [(m.agency.sector, m.child.name) for m in missing] == [("police", "Wren Sample")]


def test_the_last_round_counts_and_the_earlier_is_kept() -> None:
    room = InMemory()
    police = room.seat("police")
    room.view(police, "unsure", turn=1)
    room.view(police, "met", turn=2)
    assert [view.option for view in latest(room.meeting.views)] == ["met"]
    assert tally(room.meeting, QUESTION, room.child, PACK).words == "Met 1"


def test_a_tally_is_in_the_order_of_the_options_and_knows_its_majority() -> None:
    room = InMemory()
    for sector, option in (("police", "not_met"), ("gp", "met"), ("education", "met"), ("probation", "unsure")):
        room.view(room.seat(sector), option)
    found = tally(room.meeting, QUESTION, room.child, PACK)
    assert (found.words, found.given, found.expected, found.majority) == ("Met 2, Not met 1, Unsure 1", 4, 4, "")
    room.view(room.seat("csc"), "met")
    assert tally(room.meeting, QUESTION, room.child, PACK).majority == "met"


def test_a_decision_departs_only_from_a_majority_for_that_child() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    for sector in ("police", "gp"):
        room.view(room.seat(sector), "met")
    first, second = room.meeting.children
    assert departs(room.meeting, strategy(), "D1", "not_met", first) == "met"
    assert departs(room.meeting, strategy(), "D1", "met", first) == ""
    assert departs(room.meeting, strategy(), "D1", "not_met", second) == ""
    assert departs(room.meeting, strategy(), "D4", "none", first) == ""


def test_nobody_has_spoken_for_a_tally_without_views() -> None:
    assert tally(InMemory().meeting, QUESTION, InMemory().child, PACK).words == "no view yet"
