"""What is carried on from meeting to meeting, and in which order the children come."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.models.action import Action
from app.models.conduct import Following
from app.models.plan import Plan, Standing
from app.practice.carrying_on import carried_on, chain, in_turn, same_kind
from app.practice.pack import MeetingType
from tests.builders import START, InMemory, national_pack

PACK = national_pack()
CHILDREN = st.lists(st.uuids(), unique=True, max_size=6)


def kind(type_id: str) -> MeetingType:
    found = PACK.meeting_type(type_id)
    assert found is not None
    return found


def link(room: InMemory, later: InMemory) -> Following:
    made = Following(id=later.new_id(), meeting=later.meeting, earlier=room.meeting)
    made.meeting_id, made.earlier_id = later.meeting.id, room.meeting.id
    return made


def meetings(count: int) -> list[InMemory]:
    """Give meetings about one child, each a day after the one before."""
    rooms = [InMemory() for _ in range(count)]
    for place, room in enumerate(rooms):
        room.meeting.id = UUID(int=1000 + place)
        room.meeting.started_at = START + timedelta(days=place)
        room.meeting.subjects[0].child = rooms[0].child
    return rooms


def act(room: InMemory, text: str) -> Action:
    return Action(id=room.new_id(), meeting=room.meeting, item_id="close", text=text, agreed_at=START)


def test_the_chain_is_all_that_hangs_together_and_nothing_else() -> None:
    one, two, three, other = meetings(4)
    links = [link(one, two), link(one, three)]
    assert chain(three.meeting.id, links) == {one.meeting.id, two.meeting.id, three.meeting.id}
    assert chain(other.meeting.id, links) == {other.meeting.id}


def test_the_same_action_of_several_meetings_is_carried_once_as_it_stands_with_the_day_it_began() -> None:
    first, second, third = meetings(3)
    act(first, "Ring the ward.")
    again = act(second, "ring the WARD.")
    found = carried_on(third.meeting, kind("core_group"), [first.meeting, second.meeting])
    assert [(c.entry, c.meeting, c.since) for c in found.actions] == [(again, second.meeting, first.meeting)]
    again.done_at = START
    assert carried_on(third.meeting, kind("core_group"), [first.meeting, second.meeting]).actions == ()


def test_a_type_carries_only_what_it_says() -> None:
    first, second = meetings(2)
    first.decide("D1", "met")
    act(first, "Ring the ward.")
    found = carried_on(second.meeting, kind("core_group"), [first.meeting])
    assert found.decisions == ()
    assert len(found.actions) == 1
    assert len(carried_on(second.meeting, kind("strategy_review"), [first.meeting]).decisions) == 1


def test_a_plan_that_ended_is_not_carried_and_an_earlier_revision_is_not_the_plan_as_it_stands() -> None:
    first, second = meetings(2)

    def plan(version: int, standing: Standing) -> Plan:
        made = Plan(
            id=first.new_id(), case=first.case, child=first.child, version=version, standing=standing,
            started_on=date(2026, 12, 10), made_at=START, category="neglect", end_reason="moved",
        )  # fmt: skip
        made.child_id = first.child.id
        return made

    def standing(*plans: Plan) -> list[int]:
        return [one.version for one in carried_on(second.meeting, kind("rcpc"), [first.meeting], plans).plans]

    old, new = plan(1, Standing.INTERIM), plan(2, Standing.IN_FORCE)
    assert standing(new, old) == [2]
    assert standing(old, new, plan(3, Standing.ENDED)) == []


@given(CHILDREN)
def test_every_child_comes_once_and_whoever_came_first_comes_last(children: list[UUID]) -> None:
    turned = in_turn(children, children)
    assert turned == [*children[1:], *children[:1]]
    order = list(children)
    for _ in children:
        order = in_turn(order, children)
    assert order == children


@given(CHILDREN, CHILDREN)
def test_children_who_come_and_go_between_meetings_are_each_there_once(before: list[UUID], wanted: list[UUID]) -> None:
    assert sorted(in_turn(before, wanted)) == sorted(wanted)


def test_an_initial_and_a_review_conference_are_of_one_kind_and_a_core_group_is_not() -> None:
    assert same_kind(kind("icpc"), kind("rcpc"), PACK)
    assert same_kind(kind("rcpc"), kind("icpc_prebirth"), PACK)
    assert not same_kind(kind("icpc"), kind("core_group"), PACK)


def test_a_meeting_is_never_earlier_than_itself() -> None:
    (one,) = meetings(1)
    assert carried_on(one.meeting, kind("rcpc"), [one.meeting]).earlier == ()
