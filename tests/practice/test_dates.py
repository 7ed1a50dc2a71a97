"""The dates a meeting sets running."""

from datetime import UTC, date, datetime
from typing import Any

from app.models.case import Child
from app.models.event import Event, EventKind
from app.practice.calendars import calendar_of
from app.practice.catalogue import TimeLimit
from app.practice.dates import Facts, awaited, dates_before, dates_of_event, dates_set, ended_inquorate
from app.practice.limits import Due
from app.practice.pack import MeetingType, Pack
from app.practice.working_days import WorkingCalendar
from tests.builders import START, InMemory, clock, national_pack, strategy

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


def a_pack(*limits: dict[str, Any]) -> tuple[MeetingType, Pack]:
    """Return a meeting type with these limits alone, and the pack that has them."""
    usual = {"authority": "app_default", "source": ["I"], "reviewed": date(2026, 11, 1), "trigger": "This"}
    made = tuple(TimeLimit.model_validate({**usual, "label": limit["id"], **limit}) for limit in limits)
    named = strategy().model_copy(update={"time_limits": tuple(limit.id for limit in made)})
    return named, PACK.model_copy(update={"time_limits": made})


def happened(room: InMemory, kind: EventKind, on: datetime, child: Child | None = None, **rest: Any) -> Event:
    facts: dict[str, Any] = {"whole_day": True, "noted_at": on, **rest}
    return Event(id=room.new_id(), case=room.case, kind=kind, text="x", happened_at=on, child=child, **facts)


def found_for(room: InMemory, limit: dict[str, Any], *events: Event, **rest: Any) -> dict[str, date]:
    meeting_type, pack = a_pack(limit)
    found, unknown = dates_set(room.meeting, meeting_type, pack, calendar(), events=events, **rest)
    assert unknown == []
    return {one.child.first_name if one.child else "": one.due.at for one in found}


AFTER_BIRTH = {
    "id": "after_birth", "trigger": "Birth", "starts": "event", "event": "birth", "count": 20, "unit": "working-days",
    "or_sooner": {"trigger": "Conference", "starts": "meeting-started", "count": 3, "unit": "months"},
}  # fmt: skip
SEEN = {"id": "visit", "starts": "event", "event": "seen", "count": 10, "unit": "working-days"}
HELD = {"id": "held", "starts": "event", "event": "police-protection", "count": 72, "unit": "hours"}


def test_a_review_after_a_birth_is_counted_from_the_conference_until_the_birth_is_recorded() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    robin, wren = room.meeting.children
    robin.expected, wren.born = date(2027, 1, 20), date(2021, 5, 4)
    assert found_for(room, AFTER_BIRTH) == {"Robin": date(2027, 3, 10)}
    robin.expected, robin.born = None, date(2027, 1, 11)
    assert found_for(room, AFTER_BIRTH) == {"Robin": date(2027, 2, 8)}


def test_the_explanation_of_whichever_is_sooner_names_both() -> None:
    room = InMemory()
    room.child.born = date(2027, 1, 11)
    meeting_type, pack = a_pack(AFTER_BIRTH)
    ((one,), _) = dates_set(room.meeting, meeting_type, pack, calendar())
    because = one.due.because
    assert because.startswith(
        "Whichever is sooner. Birth: 20 working days after Monday 11 January 2027 is Monday 8 Feb"
    )
    assert "Conference: 3 calendar months after Thursday 10 December 2026 is Wednesday 10 March 2027." in because
    assert because.endswith('The count that ends first is the one from "Birth".')


def explained(room: InMemory, limit: dict[str, Any]) -> Due:
    meeting_type, pack = a_pack(limit)
    ((one,), _) = dates_set(room.meeting, meeting_type, pack, calendar())
    return one.due


def test_while_one_of_two_counts_has_not_begun_the_explanation_names_what_it_waits_for() -> None:
    room = InMemory()
    room.child.expected = date(2027, 1, 20)
    assert explained(room, AFTER_BIRTH).because == (
        "Conference: 3 calendar months after Thursday 10 December 2026 is Wednesday 10 March 2027. "
        '"Birth" is not recorded yet: once it is, the date is counted again, and the sooner of the two is due.'
    )


def test_two_counts_that_end_on_one_day_are_said_to() -> None:
    room = InMemory()
    room.child.born = date(2026, 12, 10)
    beside = {**AFTER_BIRTH["or_sooner"], "count": 4, "unit": "weeks"}
    due = explained(room, {**AFTER_BIRTH, "count": 28, "unit": "days", "or_sooner": beside})
    assert due.at == date(2027, 1, 7)
    assert due.because.endswith("Both end at the same time.")


def test_whichever_is_sooner_names_the_calendar_that_either_count_needed() -> None:
    room = InMemory()
    room.child.born = date(2027, 3, 1)
    due = explained(room, AFTER_BIRTH)
    assert due.at == date(2027, 3, 10)
    assert due.calendar == calendar().version


def test_working_days_are_not_said_to_end_on_a_working_day() -> None:
    room = InMemory()
    limit = {"id": "x", "starts": "meeting-started", "count": 15, "unit": "working-days", "roll": "back"}
    assert "so the date stays" not in explained(room, limit).because


def test_of_a_birth_told_twice_the_day_told_last_counts_whichever_is_earlier() -> None:
    room = InMemory()
    room.child.expected = date(2027, 1, 20)
    wrong = happened(room, EventKind.BIRTH, datetime(2027, 1, 18, tzinfo=UTC), room.child)
    right = happened(
        room, EventKind.BIRTH, datetime(2027, 1, 11, tzinfo=UTC), room.child, noted_at=datetime(2027, 1, 25, tzinfo=UTC)
    )
    assert found_for(room, AFTER_BIRTH, wrong, right) == {"Robin": date(2027, 2, 8)}
    assert found_for(room, AFTER_BIRTH, right, wrong) == {"Robin": date(2027, 2, 8)}


def test_twins_each_have_the_date_of_their_own_birth() -> None:
    room = InMemory("Robin Sample", "Robin Sample")
    first, second = room.meeting.children
    first.known_as, second.known_as = "Robin A", "Robin B"
    births = [
        happened(room, EventKind.BIRTH, datetime(2027, 1, day, 12, tzinfo=UTC), child)
        for day, child in ((11, first), (12, second))
    ]
    assert found_for(room, AFTER_BIRTH, *births) == {"Robin A": date(2027, 2, 8), "Robin B": date(2027, 2, 9)}


def test_a_child_is_seen_within_days_of_the_last_visit_though_it_was_written_down_before_an_earlier_one() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    last = happened(room, EventKind.SEEN, datetime(2027, 1, 12, 15, tzinfo=UTC), room.child)
    late = happened(
        room,
        EventKind.SEEN,
        datetime(2027, 1, 5, 15, tzinfo=UTC),
        room.child,
        noted_at=datetime(2027, 1, 14, tzinfo=UTC),
    )
    assert found_for(room, SEEN, last, late) == {"Robin": date(2027, 1, 26)}


def test_an_event_of_the_whole_case_sets_the_date_for_each_child() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    everyone = happened(room, EventKind.SEEN, datetime(2027, 1, 12, 15, tzinfo=UTC))
    assert found_for(room, SEEN, everyone) == {"Robin": date(2027, 1, 26), "Wren": date(2027, 1, 26)}


def test_hours_from_an_event_of_which_only_the_day_is_known_are_asked_for_and_the_others_are_told() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    day = happened(room, EventKind.POLICE_PROTECTION, START, room.child)
    hour = happened(room, EventKind.POLICE_PROTECTION, START, room.meeting.children[1], whole_day=False)
    meeting_type, pack = a_pack(HELD)
    found, unknown = dates_set(room.meeting, meeting_type, pack, calendar(), events=(day, hour))
    assert [(one.child, one.due.at) for one in found] == [
        (room.meeting.children[1], datetime(2026, 12, 13, 10, 30, tzinfo=UTC))
    ]
    assert [why for _, why in unknown] == ["Hours are counted from a time of day: give the time as well."]


def test_an_event_by_itself_sets_the_limits_that_name_it_for_the_children_it_concerns() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    _, pack = a_pack(SEEN, HELD)
    held = happened(room, EventKind.POLICE_PROTECTION, START, room.child, whole_day=False)
    found, unknown = dates_of_event(held, pack.time_limits, room.meeting.children, calendar())
    assert unknown == []
    assert [(one.limit.id, one.child, one.due.at) for one in found] == [
        ("held", room.child, datetime(2026, 12, 13, 10, 30, tzinfo=UTC))
    ]


def test_a_limit_to_the_eighteenth_birthday_is_counted_from_it_for_a_child_of_the_leap_day_too() -> None:
    room = InMemory("Robin Sample", "Wren Sample", "Jay Sample")
    robin, wren, _ = room.meeting.children
    robin.born, wren.born = date(2010, 3, 4), date(2008, 2, 29)
    of_age = {"id": "of_age", "starts": "event", "event": "turned-18", "count": 0, "unit": "days"}
    assert found_for(room, of_age) == {"Robin": date(2028, 3, 4), "Wren": date(2026, 3, 1)}


def test_weeks_of_pregnancy_are_counted_for_the_unborn_and_end_with_the_birth() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    robin, wren = room.meeting.children
    robin.expected, wren.born = date(2027, 3, 1), date(2021, 5, 4)
    latest = {"id": "latest", "starts": "expected", "count": 34, "unit": "gestation-weeks", "direction": "at"}
    assert found_for(room, latest) == {"Robin": date(2027, 1, 18)}
    robin.expected, robin.born = None, date(2027, 1, 11)
    assert found_for(room, latest) == {}


def test_what_comes_before_a_meeting_is_counted_back_from_its_plan_and_is_not_set_by_holding_it() -> None:
    room = InMemory()
    room.meeting.planned_at = datetime(2027, 1, 6, 10, 0, tzinfo=UTC)
    report = {"id": "report", "starts": "before-meeting", "count": 3, "unit": "working-days", "direction": "before"}
    bundle = {
        "id": "bundle", "starts": "before-meeting", "count": 1, "unit": "clock-time", "clock": "10:00:00",
        "direction": "before",
    }  # fmt: skip
    meeting_type, pack = a_pack(report, bundle)
    found, unknown = dates_before(room.meeting, meeting_type, pack, calendar())
    assert unknown == []
    assert [one.due.at for one in found] == [date(2026, 12, 31), datetime(2027, 1, 5, 10, 0, tzinfo=UTC)]
    assert found[1].due.because.endswith("It is due by 10:00 on Tuesday 5 January 2027.")
    assert dates_set(room.meeting, meeting_type, pack, calendar()) == ([], [])


ENQUIRY = {
    "id": "conference", "starts": "meeting-started", "when": [{"decision": "D2", "options": ["joint"]}], "count": 15,
    "unit": "working-days",
}  # fmt: skip


def test_a_discussion_that_keeps_the_clock_does_not_start_it_anew_for_a_child_it_runs_for() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    robin, wren = room.meeting.children
    for child in (robin, wren):
        room.decide("D2", "joint", child)
    medical = {**ENQUIRY, "id": "medical", "starts": "decision", "unit": "days"}
    meeting_type, pack = a_pack(ENQUIRY, medical)
    review = meeting_type.model_copy(update={"keeps_clock": True})
    running = {("conference", robin.id), ("medical", robin.id)}
    kept, _ = dates_set(room.meeting, review, pack, calendar(), running=running)
    assert [(one.limit.id, one.child) for one in kept] == [("conference", wren), ("medical", robin), ("medical", wren)]
    anew, _ = dates_set(room.meeting, meeting_type, pack, calendar(), running=running)
    assert len(anew) == 4


def test_a_discussion_that_keeps_the_clock_counts_again_from_what_happened_since() -> None:
    room = InMemory()
    meeting_type, pack = a_pack(SEEN)
    review = meeting_type.model_copy(update={"keeps_clock": True})
    seen = happened(room, EventKind.SEEN, datetime(2027, 1, 12, 15, tzinfo=UTC), room.child)
    found, _ = dates_set(room.meeting, review, pack, calendar(), events=(seen,), running={("visit", room.child.id)})
    assert [one.due.at for one in found] == [date(2027, 1, 26)]


def test_a_limit_that_nothing_has_set_running_says_what_it_waits_for() -> None:
    room = InMemory()
    typed = {"id": "typed", "starts": "elsewhere", "count": 1, "unit": "days"}
    meeting_type, pack = a_pack({**SEEN, "trigger": "Child last seen"}, ENQUIRY, typed)
    waiting = awaited(Facts(room.meeting), meeting_type, pack)
    assert [(limit.id, why) for limit, why in waiting] == [
        ("visit", "Not running yet. It is counted from what is not on record: Child last seen."),
        ("conference", "Not running yet. It is counted from what is not on record: This."),
    ]
    room.decide("D2", "joint")
    seen = happened(room, EventKind.SEEN, START)
    assert awaited(Facts(room.meeting, [seen]), meeting_type, pack) == []


def test_a_meeting_taken_to_end_now_without_a_quorum_forecasts_when_to_meet_again() -> None:
    room = InMemory().quorate()
    assert ("strat_reconvene_inquorate", "") not in by_limit(room)
    room.meeting.attendances[1].presences[0].left_at = clock(10, 58)
    found, _ = dates_set(room.meeting, strategy(), PACK, calendar(), ends=clock(11, 0))
    again = [one.due.at for one in found if one.limit.id == "strat_reconvene_inquorate"]
    assert again == [date(2026, 12, 11)]
    assert room.meeting.concluded_at is None
