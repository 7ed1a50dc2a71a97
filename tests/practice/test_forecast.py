"""Dates that move, and dates that will be missed, said while there is still time."""

from datetime import UTC, date, datetime, timedelta

from app.models.case import Child
from app.models.event import Event, EventKind
from app.practice.calendars import calendar_of
from app.practice.catalogue import TimeLimit
from app.practice.dates import DueDate, dates_set
from app.practice.forecast import Planned, because_of, moved, recalculated, will_miss
from app.practice.limits import Roll, Unit, due
from tests.builders import InMemory, clock, national_pack

PACK = national_pack()
ENGLAND = calendar_of(PACK)
NOW = clock(11, 0)


def limit(name: str) -> TimeLimit:
    found = PACK.time_limit(name)
    assert found is not None
    return found


def a_conference(child: Child | None = None, on: date = date(2026, 12, 10)) -> DueDate:
    return DueDate(limit("s47_icpc"), child, due(on, 15, Unit.WORKING_DAYS, ENGLAND))


def test_a_date_that_moves_says_the_old_date_the_new_one_and_why() -> None:
    old, new = (
        due(date(2026, 11, 30), 3, Unit.MONTHS, ENGLAND, Roll.BACK),
        due(date(2027, 1, 11), 4, Unit.WEEKS, ENGLAND),
    )
    says = moved(old, new, "a birth on Monday 11 January 2027 was recorded for Robin")
    assert says == (
        "The date was Friday 26 February 2027 and is now Monday 8 February 2027, 18 days earlier, because a birth on "
        f"Monday 11 January 2027 was recorded for Robin. {new.because}"
    )


def test_a_date_that_moves_within_a_day_says_so_with_its_hours() -> None:
    old, new = (due(clock(hour, 0), 72, Unit.HOURS, ENGLAND) for hour in (10, 12))
    says = moved(old, new, "the end of the conference was corrected")
    assert (
        "was Sunday 13 December 2026, 10:00 and is now Sunday 13 December 2026, 12:00, later on the same day," in says
    )


def test_a_date_that_is_counted_again_and_stays_says_that_it_stays() -> None:
    same = due(date(2026, 12, 10), 1, Unit.DAYS, ENGLAND)
    assert moved(same, same, "a move was recorded").startswith(
        "The date stays: Friday 11 December 2026. It was counted"
    )


def test_why_a_date_moved_names_the_event_its_day_and_the_child() -> None:
    room = InMemory()
    birth = Event(
        id=room.new_id(), case=room.case, kind=EventKind.BIRTH, text="Born", whole_day=True, noted_at=NOW,
        happened_at=datetime(2027, 1, 11, tzinfo=UTC), child=room.child,
    )  # fmt: skip
    held = Event(
        id=room.new_id(), case=room.case, kind=EventKind.POLICE_PROTECTION, text="x", happened_at=NOW, whole_day=False,
        noted_at=NOW,
    )  # fmt: skip
    assert because_of(birth) == "a birth on Monday 11 January 2027 was recorded for Robin"
    assert because_of(held) == "police protection on Thursday 10 December 2026, 11:00 was recorded"


def test_counting_again_tells_what_moved_what_came_and_what_no_longer_stands() -> None:
    robin, wren = InMemory("Robin Sample", "Wren Sample").meeting.children
    before = [a_conference(robin), a_conference(wren)]
    after = [a_conference(robin), a_conference(None), a_conference(wren, date(2026, 12, 14))]
    changes = recalculated(before, after, "the enquiry was started again")
    assert [(change.child, change.was is None, change.now is None) for change in changes] == [
        (wren, False, False),
        (None, True, False),
    ]
    assert changes[0].says.startswith(
        "Initial child protection conference for Wren. The date was Tuesday 5 January 2027"
    )
    assert "It is now due by Tuesday 5 January 2027, because the enquiry was started again." in changes[1].says
    other_count = a_conference(robin, date(2026, 12, 12)), a_conference(robin, date(2026, 12, 13))
    assert other_count[0].due.because != other_count[1].due.because
    assert recalculated(other_count[:1], other_count[1:], "the day was corrected") == []
    (gone,) = recalculated(before[:1], [], "the decision was withdrawn")
    assert gone.now is None
    assert "no longer is, because the decision was withdrawn." in gone.says


def test_a_conference_planned_too_late_is_said_before_the_meeting_is_adjourned() -> None:
    one = a_conference(InMemory().child)
    (missed,) = will_miss([one], [Planned("s47_icpc", datetime(2027, 1, 8, 10, 0, tzinfo=UTC))], NOW)
    assert missed.date is one
    assert missed.says.startswith(
        "Initial child protection conference for Robin. It is planned for Friday 8 January 2027, 10:00 and is due by "
        "Tuesday 5 January 2027: it will be 3 days late. Plan it sooner, or record why it cannot be and who agreed. "
        "15 working days after Thursday 10 December 2026"
    )


def test_a_conference_planned_on_its_last_day_is_not_missed() -> None:
    for at in (date(2027, 1, 5), datetime(2027, 1, 5, 23, 59, 59, tzinfo=UTC)):
        assert will_miss([a_conference()], [Planned("s47_icpc", at)], NOW) == []
    assert will_miss([a_conference()], [Planned("s47_icpc", datetime(2027, 1, 6, 0, 0, tzinfo=UTC))], NOW) != []


def test_the_earliest_plan_for_a_child_counts_and_one_for_a_sibling_does_not() -> None:
    robin, wren = InMemory("Robin Sample", "Wren Sample").meeting.children
    late, early = date(2027, 1, 8), date(2027, 1, 4)
    dates = [a_conference(robin), a_conference(wren)]
    plans = [Planned("s47_icpc", late), Planned("s47_icpc", early, robin)]
    assert [missed.date.child for missed in will_miss(dates, plans, NOW)] == [wren]
    assert [missed.date.child for missed in will_miss(dates, [Planned("s47_icpc", early, robin)], NOW)] == []


def test_a_plan_for_the_day_of_a_due_hour_asks_for_the_hour() -> None:
    one = DueDate(limit("dissent"), None, due(clock(10, 0), 72, Unit.HOURS, ENGLAND))
    (missed,) = will_miss([one], [Planned("dissent", date(2026, 12, 13))], NOW)
    assert "without an hour, and must be by 10:00: set the hour." in missed.says
    (missed,) = will_miss([one], [Planned("dissent", one.due.ends + timedelta(hours=1))], NOW)
    assert "it will be less than a day late" in missed.says


def test_what_is_not_to_be_earlier_is_said_to_be_too_early() -> None:
    earliest = limit("prebirth_icpc_earliest")
    one = DueDate(earliest, None, due(date(2027, 1, 11), 0, Unit.DAYS, ENGLAND))
    (missed,) = will_miss([one], [Planned(earliest.id, date(2027, 1, 9))], NOW)
    assert "which is 2 days too early: not before Monday 11 January 2027." in missed.says
    assert will_miss([one], [Planned(earliest.id, date(2027, 1, 11))], NOW) == []
    assert will_miss([one], [], datetime(2027, 6, 1, tzinfo=UTC)) == []


def test_what_is_usual_is_not_called_late() -> None:
    usual = limit("inquorate_other")
    one = DueDate(usual, None, due(date(2026, 12, 10), 1, Unit.MONTHS, ENGLAND))
    (missed,) = will_miss([one], [Planned(usual.id, date(2027, 1, 11))], NOW)
    assert "1 day later than is usual: Sunday 10 January 2027." in missed.says


def test_a_date_that_falls_before_the_meeting_resumes_is_said() -> None:
    one = DueDate(limit("strat_record"), None, due(date(2026, 12, 10), 1, Unit.WORKING_DAYS, ENGLAND))
    (missed,) = will_miss([one], [], NOW, resumes=date(2026, 12, 14))
    assert "It is due by Friday 11 December 2026, before the meeting resumes on Monday 14 December 2026." in missed.says
    assert will_miss([one], [], NOW, resumes=date(2026, 12, 12)) != []
    assert will_miss([one], [], NOW, resumes=date(2026, 12, 11)) == []
    assert will_miss([one], [], NOW, resumes=one.due.ends) == []
    assert will_miss([one], [], NOW) == []


def test_a_date_that_is_past_without_a_plan_is_said_the_first_due_first() -> None:
    record = DueDate(limit("strat_record"), None, due(date(2026, 12, 10), 1, Unit.WORKING_DAYS, ENGLAND))
    missed = will_miss([a_conference(), record], [], datetime(2027, 1, 6, tzinfo=UTC))
    assert [one.date for one in missed] == [record, missed[1].date]
    assert "It was due by Friday 11 December 2026, which is past." in missed[0].says


def test_what_ending_the_meeting_would_set_running_is_forecast_before_it_ends() -> None:
    room = InMemory()
    conference = PACK.meeting_type("icpc")
    assert conference is not None
    room.decide("C2", "plan")
    now, _ = dates_set(room.meeting, conference, PACK, ENGLAND)
    then, _ = dates_set(room.meeting, conference, PACK, ENGLAND, ends=NOW)
    added = {one.limit.id for one in then} - {one.limit.id for one in now}
    assert added == {"decision_letter", "dissent", "parent_complaint", "minutes", "inquorate_icpc"}
    (missed,) = will_miss(then, [Planned("core_first", date(2026, 12, 31))], NOW)
    assert missed.date.limit.id == "core_first"
    assert "is due by Thursday 24 December 2026: it will be 7 days late." in missed.says
    assert room.meeting.concluded_at is None
