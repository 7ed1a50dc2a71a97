"""How each agency saw a question, meeting by meeting, and who changed their view last."""

from datetime import timedelta

from app.models.meeting import Meeting, State, Subject
from app.practice.looking_back import last_change, over_time
from tests.builders import START, TYPE, InMemory, strategy


def a_next_meeting(room: InMemory, days: int) -> InMemory:
    """Return a later meeting of the same case with the same agencies, and children, at the table."""
    later = InMemory.__new__(InMemory)
    later._last, later.case = room._last + 1000 * days, room.case
    at = START + timedelta(days=days)
    later.meeting = Meeting(
        id=later.new_id(), case=room.case, reference=f"CM-{days}", type_id=TYPE, pack_digest="", planned_at=at,
        state=State.CONCLUDED, started_at=at,
    )  # fmt: skip
    for child in room.meeting.children:
        Subject(id=later.new_id(), meeting=later.meeting, child=child)
    for seat in room.meeting.attendances:
        assert seat.agency is not None
        later.seat(seat.agency.sector).agency = seat.agency
    return later


def test_a_view_that_is_not_the_one_given_before_is_marked_as_changed_also_after_a_meeting_without_one() -> None:
    first = InMemory().quorate()
    second, third = a_next_meeting(first, 30), a_next_meeting(first, 60)
    first.view(first.meeting.attendances[1], "met")
    second.view(second.meeting.attendances[0], "met")
    third.view(third.meeting.attendances[0], "met")
    third.view(third.meeting.attendances[1], "not_met")
    [found] = over_time([third.meeting, first.meeting, second.meeting], lambda _: strategy(), first.child)
    assert [column.reference for column in found.meetings] == [first.meeting.reference, "CM-30", "CM-60"]
    told = {
        row.agency.label: [(cell.label, cell.changed) if cell else None for cell in row.cells] for row in found.rows
    }
    assert told == {
        "Csc": [None, ("Met", False), ("Met", False)],
        "Police": [("Met", False), None, ("Not met", True)],
    }
    last = last_change(found)
    assert last is not None
    assert (last[0].reference, [agency.label for agency, _, _ in last[1]]) == ("CM-60", ["Police"])


def test_only_an_answer_of_the_decision_itself_decides_and_a_last_round_counts() -> None:
    room = InMemory().quorate()
    room.view(room.meeting.attendances[0], "met")
    room.view(room.meeting.attendances[0], "unsure", turn=2)
    room.view(room.meeting.attendances[1], "not_met")
    [found] = over_time([room.meeting], lambda _: strategy(), room.child)
    cells = {row.agency.label: row.cells[0] for row in found.rows}
    unsure, not_met = cells["Csc"], cells["Police"]
    assert unsure is not None
    assert not_met is not None
    assert (unsure.label, unsure.decides, unsure.place) == ("Unsure", False, 2)
    assert (not_met.label, not_met.decides, not_met.place) == ("Not met", True, 1)
    assert last_change(found) is None


def test_another_child_and_a_meeting_without_views_show_nothing() -> None:
    room = InMemory("Robin Sample", "Wren Sample").quorate()
    room.view(room.meeting.attendances[0])
    assert over_time([room.meeting], lambda _: strategy(), room.meeting.children[1]) == []
    assert over_time([], lambda _: strategy(), room.child) == []
