"""Due dates against a second way of counting, which shares nothing with the program but the question.

It walks from day to day over bank holidays that it works out itself (Easter by Gauss, substitutes by looking for the
next free weekday), adds hours to the seconds since 1970, and knows when the clocks of London change by rule.
"""

from calendar import timegm
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.practice import words
from app.practice.catalogue import Sooner, TimeLimit
from app.practice.dates import Trigger, due_of
from app.practice.limits import CannotCount, Due
from app.practice.rule import Authority
from app.practice.working_days import CalendarTooShort, england

FIRST, LAST = date(2016, 1, 1), date(2028, 12, 31)
ENGLAND = england(FIRST, LAST, "england")

MOVED_OR_ADDED = {
    2020: ({date(2020, 5, 4)}, {date(2020, 5, 8)}),  # seventy-five years since the war in Europe ended
    2022: ({date(2022, 5, 30)}, {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),  # the Queen: jubilee, funeral
    2023: (set(), {date(2023, 5, 8)}),  # the King's coronation
}


class NotKnown(Exception):
    """The second count left the years it knows."""


def easter(year: int) -> date:
    """Return Easter Sunday by Gauss's rule with the constants of 1900 to 2099."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    after_22_march = d + e
    if (d, e) == (29, 6) or (d == 28 and e == 6 and year % 19 > 10):
        after_22_march -= 7
    return date.fromordinal(date(year, 3, 22).toordinal() + after_22_march)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the weekdays of a year that are bank holidays in England."""

    def first_monday(month: int) -> date:
        return next(date(year, month, day) for day in range(1, 8) if date(year, month, day).isoweekday() == 1)

    def last_monday(month: int) -> date:
        return next(date(year, month, day) for day in range(31, 24, -1) if date(year, month, day).isoweekday() == 1)

    sunday = easter(year).toordinal()
    days = {date.fromordinal(sunday - 2), date.fromordinal(sunday + 1), first_monday(5), last_monday(5), last_monday(8)}
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    days |= {day for day in fixed if day.isoweekday() < 6}
    for day in fixed:
        if day.isoweekday() >= 6:
            stands = day
            while stands.isoweekday() >= 6 or stands in days:
                stands = date.fromordinal(stands.toordinal() + 1)
            days.add(stands)
    withdrawn, added = MOVED_OR_ADDED.get(year, (set(), set()))
    return frozenset((days - withdrawn) | added)


def worked(day: date) -> bool:
    if not 2016 <= day.year <= 2028:
        raise NotKnown
    return day.isoweekday() < 6 and day not in bank_holidays(day.year)


def summer(seconds: int) -> bool:
    """Say whether London is an hour ahead: from one o'clock by Greenwich on a last Sunday to the next of October."""
    year = datetime.fromtimestamp(seconds, UTC).year
    change = {}
    for month in (3, 10):
        sunday = next(date(year, month, day) for day in range(31, 24, -1) if date(year, month, day).isoweekday() == 7)
        change[month] = timegm((sunday.year, sunday.month, sunday.day, 1, 0, 0))
    return change[3] <= seconds < change[10]


def seconds_of(at: datetime) -> int:
    return timegm(at.astimezone(UTC).timetuple())


def day_in_london(start: date | datetime) -> date:
    if not isinstance(start, datetime):
        return start
    seconds = seconds_of(start)
    return datetime.fromtimestamp(seconds + (3600 if summer(seconds) else 0), UTC).date()


def walked(start: date, count: int) -> date:
    day, way = start.toordinal(), 1 if count > 0 else -1
    for _ in range(abs(count)):
        day += way
        while not worked(date.fromordinal(day)):
            day += way
    return date.fromordinal(day)


def months_on(start: date, count: int) -> date:
    """Go from the first of a month to the first of the next, or before, and then down to the day or the month's end."""
    first = start.replace(day=1).toordinal()
    for _ in range(abs(count)):
        first = date.fromordinal(first + (31 if count > 0 else -1)).replace(day=1).toordinal()
    wanted = first + start.day - 1
    while date.fromordinal(wanted).month != date.fromordinal(first).month:
        wanted -= 1
    return date.fromordinal(wanted)


def second_count(start: date | datetime, count: int, unit: str, roll: str, clock: time | None = None) -> date | int:
    """Return the day something is due, or the seconds since 1970."""
    if unit == "hours":
        assert isinstance(start, datetime)
        return seconds_of(start) + 3600 * count
    day = day_in_london(start)
    if unit == "working-days":
        end = walked(day, count)
    elif unit == "months":
        end = months_on(day, count)
    elif unit == "gestation-weeks":
        end = date.fromordinal(day.toordinal() - 7 * (40 - count))
    else:
        end = date.fromordinal(day.toordinal() + count * {"days": 1, "weeks": 7, "clock-time": 1}[unit])
    while roll == "back" and not worked(end):
        end = date.fromordinal(end.toordinal() - 1)
    if clock is None:
        return end
    shown = timegm((end.year, end.month, end.day, clock.hour, clock.minute, 0))
    return shown - 3600 if summer(shown - 3600) else shown


def late_from(due: date | int) -> int:
    """Return the last second in time."""
    if isinstance(due, int):
        return due
    shown = timegm((due.year, due.month, due.day, 23, 59, 59))
    return shown - 3600 if summer(shown - 3600) else shown


def same(got: Due, wanted: date | int) -> bool:
    at = got.at
    return seconds_of(at) == wanted if isinstance(at, datetime) else at == wanted


def a_limit(count: int, unit: str, direction: str, roll: str, clock: time | None, beside: Sooner | None) -> TimeLimit:
    return TimeLimit.model_validate(
        {
            "id": "made_up", "authority": Authority.APP_DEFAULT, "source": ("I",), "reviewed": date(2026, 11, 1),
            "label": "Made up", "trigger": "This", "count": count, "unit": unit, "direction": direction,
            "roll": roll, "clock": clock, "or_sooner": beside,
        }
    )  # fmt: skip


DAYS = st.dates(FIRST, LAST)
MOMENTS = st.datetimes(datetime(2016, 1, 2), datetime(2028, 12, 30), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
ROLLS = st.sampled_from(["none", "back"])
WAYS = st.sampled_from(["after", "before"])
OF_DAYS = st.sampled_from(["working-days", "days", "weeks", "months"])


def answer(limit: TimeLimit, start: date | datetime | None, beside: date | datetime | None = None) -> Due | None:
    """Return the program's answer, None where it says that it does not know the bank holidays."""
    try:
        return due_of(limit, Trigger(None, start, beside), ENGLAND)
    except CalendarTooShort:
        return None


@settings(max_examples=500)
@given(DAYS | MOMENTS, st.integers(0, 60), OF_DAYS, WAYS, ROLLS)
@example(date(2026, 12, 10), 15, "working-days", "after", "none")
@example(date(2026, 11, 30), 3, "months", "after", "back")
@example(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1, "days", "after", "none")
def test_days_weeks_and_months_are_those_of_the_second_count(start, count, unit, way, roll):
    got = answer(a_limit(count, unit, way, roll, None, None), start)
    try:
        wanted = second_count(start, -count if way == "before" else count, unit, roll)
    except NotKnown:
        assert got is None
        return
    assert got is not None
    assert same(got, wanted)
    assert words.weekday_day(got.at) in got.because
    assert seconds_of(got.ends) == late_from(wanted)


@given(MOMENTS, st.integers(0, 2000), WAYS)
@example(datetime(2026, 10, 23, 14, tzinfo=UTC), 72, "after")
@example(datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), 1, "after")
def test_hours_are_those_of_the_second_count(start, count, way):
    got = answer(a_limit(count, "hours", way, "none", None, None), start)
    assert got is not None
    assert same(got, second_count(start, -count if way == "before" else count, "hours", "none"))
    assert words.weekday_day(got.at) in got.because
    assert words.weekday_day(day_in_london(got.at)) == words.weekday_day(got.at)


@given(DAYS, st.integers(0, 42), ROLLS)
def test_weeks_of_pregnancy_are_those_of_the_second_count(expected, week, roll):
    got = answer(a_limit(week, "gestation-weeks", "at", roll, None, None), expected)
    try:
        wanted = second_count(expected, week, "gestation-weeks", roll)
    except NotKnown:
        assert got is None
        return
    assert got is not None
    assert same(got, wanted)


@given(
    DAYS | MOMENTS, st.integers(0, 20), WAYS, ROLLS, st.times(time(3), time(23)).map(lambda at: at.replace(second=0))
)
def test_an_hour_of_a_day_is_that_of_the_second_count(start, count, way, roll, clock):
    clock = clock.replace(microsecond=0)
    got = answer(a_limit(count, "clock-time", way, roll, clock, None), start)
    try:
        wanted = second_count(start, -count if way == "before" else count, "clock-time", roll, clock)
    except NotKnown:
        assert got is None
        return
    assert got is not None
    assert same(got, wanted)


@settings(max_examples=500)
@given(
    st.none() | MOMENTS,
    st.integers(0, 40),
    OF_DAYS,
    st.none() | MOMENTS,
    st.integers(0, 40),
    OF_DAYS | st.just("hours"),
    ROLLS,
)
def test_whichever_is_sooner_is_that_of_the_second_count(first, count, unit, second, other, other_unit, roll):
    beside = Sooner.model_validate({"trigger": "That", "count": other, "unit": other_unit})
    limit = a_limit(count, unit, "after", roll, None, beside)
    if first is None and second is None:
        with pytest.raises(CannotCount, match="This; That"):
            answer(limit, None, None)
        return
    got = answer(limit, first, second)
    ends: list[date | int] = []
    try:
        if first is not None:
            ends.append(second_count(first, count, unit, roll))
        if second is not None:
            ends.append(second_count(second, other, other_unit, "none" if other_unit == "hours" else roll))
    except NotKnown:
        assert got is None
        return
    assert got is not None
    assert seconds_of(got.ends) == min(late_from(end) for end in ends)
    assert ("This: " in got.because, "That: " in got.because) == (first is not None, second is not None)


@given(DAYS)
def test_a_day_is_worked_or_not_as_the_second_list_of_bank_holidays_says(day):
    assert ENGLAND.is_working_day(day) == worked(day)


def test_every_day_of_every_known_year_is_worked_or_not_as_the_second_list_says():
    days = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    assert [day for day in days if ENGLAND.is_working_day(day) != worked(day)] == []
    assert len([day for day in days if day.isoweekday() < 6 and not worked(day)]) == 13 * 8 + 3


def test_the_second_count_knows_the_easters_of_the_almanac():
    assert [easter(year) for year in (2016, 2019, 2024, 2026, 2027, 2028)] == [
        date(2016, 3, 27), date(2019, 4, 21), date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16)
    ]  # fmt: skip
