"""The dates a meeting sets running."""

from datetime import UTC, date, datetime

from app.practice.dates import dates_set, ended_inquorate
from app.practice.working_days import WorkingCalendar
from app.services.calendars import calendar_of
from tests.builders import InMemory, clock, national_pack, strategy

PACK = national_pack()


def calendar() -> WorkingCalendar:
    return calendar_of(PACK)


def concluded(room: InMemory, at: datetime) -> InMemory:
    room.meeting.concluded_at = at
    return room


def by_limit(room: InMemory) -> dict[tuple[str, str], date]:
    found, unknown = dates_set(room.meeting, strategy(), PACK, calendar())
    assert unknown == []
    return {(one.limit.id, one.child.first_name if one.child else ""): one.due.at for one in found}


def test_a_conference_is_due_fifteen_working_days_after_the_discussion_for_each_child_under_enquiry() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    room.decide("D2", "joint")
    room.decide("D2", "no_s47", room.meeting.children[1])
    found = by_limit(room)
    assert found["s47_icpc", "Robin"] == date(2027, 1, 5)
    assert ("s47_icpc", "Wren") not in found


def test_the_reason_for_a_date_is_told_in_words() -> None:
    room = InMemory()
    room.decide("D2", "joint")
    found = next(one for one in dates_set(room.meeting, strategy(), PACK, calendar())[0] if one.limit.id == "s47_icpc")
    for part in ("15 working days after Thursday 10 December 2026", "Tuesday 5 January 2027", "Christmas Day"):
        assert part in found.due.because


def test_the_record_is_due_a_working_day_after_the_end() -> None:
    assert by_limit(concluded(InMemory().quorate(), clock(11, 0)))["strat_record", ""] == date(2026, 12, 11)


def test_a_limit_that_a_decision_starts_is_counted_from_that_decision() -> None:
    room = InMemory()
    room.decide("D8", "now", decided_at=datetime(2026, 12, 14, 9, 0, tzinfo=UTC))
    assert by_limit(room)["icpc_request", "Robin"] == date(2026, 12, 15)


def test_the_day_is_that_of_london_not_of_the_clock_in_between() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert by_limit(concluded(InMemory().quorate(), late))["strat_record", ""] == date(2026, 7, 2)


def test_a_meeting_that_ends_without_a_quorum_is_held_again() -> None:
    room = concluded(InMemory().quorate(), clock(11, 0))
    for seat in room.meeting.attendances:
        seat.presences[0].left_at = clock(11, 0)
    assert not ended_inquorate(room.meeting, strategy(), PACK)
    assert ("strat_reconvene_inquorate", "") not in by_limit(room)
    room.meeting.attendances[1].presences[0].left_at = clock(10, 58)
    assert ended_inquorate(room.meeting, strategy(), PACK)
    assert by_limit(room)["strat_reconvene_inquorate", ""] == date(2026, 12, 11)


def test_a_meeting_that_is_not_over_has_not_ended_inquorate() -> None:
    assert not ended_inquorate(InMemory().meeting, strategy(), PACK)


def test_a_date_past_the_last_year_known_is_refused_and_the_others_are_told() -> None:
    room = InMemory().quorate()
    room.meeting.started_at = datetime(2028, 12, 20, 10, 0, tzinfo=UTC)
    room.decide("D2", "joint")
    concluded(room, datetime(2028, 12, 20, 11, 0, tzinfo=UTC))
    found, unknown = dates_set(room.meeting, strategy(), PACK, calendar())
    assert "strat_record" in {one.limit.id for one in found}
    assert [(limit.id, "31 December 2028" in why) for limit, why in unknown] == [("s47_icpc", True)]
