"""Which days count, and where the knowledge of them ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.working_days import CalendarTooShort, WorkingCalendar, england

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
ENGLAND = england(FIRST, LAST, "england 2026")

# Typed from the published list, not taken from the library.
PUBLISHED = """
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
WEEKDAYS_OFF = {date.fromisoformat(day) for day in PUBLISHED.split()}


def test_the_weekdays_off_are_exactly_the_published_bank_holidays():
    assert {day for day in ENGLAND.holidays if day.weekday() < 5} == WEEKDAYS_OFF


def test_fifteen_working_days_from_10_december_2026_is_5_january_2027():
    assert ENGLAND.add(date(2026, 12, 10), 15) == date(2027, 1, 5)


def test_holidays_have_the_names_people_know():
    assert ENGLAND.name(date(2026, 12, 28)) == "Boxing Day (substitute day)"
    assert ENGLAND.name(date(2026, 5, 4)) == "Early May bank holiday"
    assert ENGLAND.name(date(2026, 5, 25)) == "Spring bank holiday"
    assert ENGLAND.name(date(2026, 8, 31)) == "Summer bank holiday"
    assert ENGLAND.name(date(2026, 12, 29)) is None


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2029, 1, 1)])
def test_a_day_outside_the_calendar_is_refused_with_the_span_it_knows(day):
    assert not ENGLAND.covers(day)
    with pytest.raises(CalendarTooShort) as short:
        ENGLAND.is_working_day(day)
    assert (short.value.day, short.value.covers_from, short.value.covers_until) == (day, FIRST, LAST)


def test_the_refusal_says_where_knowledge_ends_and_what_to_do():
    with pytest.raises(CalendarTooShort) as short:
        ENGLAND.add(date(2028, 12, 29), 1)
    assert str(short.value) == (
        "The bank holidays known here end on 31 December 2028, so it cannot be said whether 1 January 2029 is a "
        "working day: enter the date by hand, or install a newer version."
    )
    with pytest.raises(CalendarTooShort, match="begin on 1 January 2026"):
        ENGLAND.add(date(2026, 1, 2), -1)


def test_a_proclaimed_holiday_and_a_moved_one_are_taken_from_the_packs_own_table():
    calendar = england(
        FIRST,
        LAST,
        "moved",
        closures={date(2027, 6, 4): "Bank holiday for the jubilee"},
        withdrawn={date(2027, 5, 31)},
    )
    assert calendar.is_working_day(date(2027, 5, 31))
    assert not calendar.is_working_day(date(2027, 6, 4))
    assert calendar.name(date(2027, 6, 4)) == "Bank holiday for the jubilee"


def test_a_calendar_holds_nothing_outside_the_span_it_covers():
    short = england(date(2026, 12, 1), date(2026, 12, 26), "short", closures={date(2027, 2, 1): "Closed"})
    assert sorted(short.holidays) == [date(2026, 12, 25), date(2026, 12, 26)]


def test_a_calendar_cannot_be_changed_through_the_table_it_was_made_from():
    table = {date(2026, 12, 25): "Christmas Day"}
    calendar = WorkingCalendar(table, FIRST, LAST, "own")
    table.clear()
    assert not calendar.is_working_day(date(2026, 12, 25))
    assert hash(calendar) == hash(WorkingCalendar({}, FIRST, LAST, "own"))


def test_a_calendar_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="end before it begins"):
        WorkingCalendar({}, LAST, FIRST, "backwards")


@given(st.dates(FIRST, LAST), st.integers(-300, 300))
def test_adding_agrees_with_counting_through_a_list_of_all_working_days(start, count):
    """The second way: write every working day down in a row, and look the answer up by its place."""
    row = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    row = [day for day in row if day.isoweekday() not in {6, 7} and day not in WEEKDAYS_OFF]
    if count > 0:
        wanted = [day for day in row if day > start][count - 1 : count]
    elif count < 0:
        wanted = [day for day in reversed(row) if day < start][-count - 1 : -count]
    else:
        wanted = [start]
    if wanted:
        assert ENGLAND.add(start, count) == wanted[0]
    else:
        with pytest.raises(CalendarTooShort):
            ENGLAND.add(start, count)
