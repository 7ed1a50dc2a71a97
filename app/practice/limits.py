"""Time limits: the day or hour by which something is due, and in words why."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from app.practice import words
from app.practice.working_days import WorkingCalendar

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEKS_OF_PREGNANCY = 40


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working-days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    HOURS = "hours"


_DayUnit = Literal[Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS]


class Roll(StrEnum):
    """What happens to a day that is not worked: it stays, or the last working day before it is taken."""

    NONE = "none"
    BACK = "back"


class CannotCount(ValueError):
    """A limit that has no answer; ``rule`` names the reason for programs, the text tells a person."""

    def __init__(self, rule: str, sentence: str) -> None:
        self.rule = rule
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due and how that was worked out.

    ``at`` is a day, or an aware UTC moment for a limit in hours. ``rolled_from`` is the day before rolling back.
    ``clamped`` says that the month was too short. ``calendar`` is the version consulted, None where none was needed.
    """

    at: date | datetime
    because: str
    rolled_from: date | None = None
    clamped: bool = False
    calendar: str | None = None

    @property
    def ends(self) -> datetime:
        """The last second that is not late, an aware UTC moment: a due day counts to its end in London."""
        return last_second(self.at)


def last_second(at: date | datetime) -> datetime:
    """Return the last second of a day in London as an aware UTC moment; a moment is its own answer."""
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return datetime.combine(at, time(23, 59, 59), ZoneInfo(words.LONDON)).astimezone(UTC)


def due(
    start: date | datetime,
    count: int,
    unit: Unit,
    calendar: WorkingCalendar,
    roll: Roll = Roll.NONE,
    *,
    zone: str = words.LONDON,
) -> Due:
    """Return when ``count`` units after ``start`` is, and why; a negative count goes back, the start is day zero.

    A moment stands for the day it was in ``zone``, except in hours, which are elapsed hours. Raises CalendarTooShort
    where working days must be known and are not, CannotCount where the question has no answer.
    """
    if isinstance(start, datetime) and start.utcoffset() is None:
        raise CannotCount("limit.zone-missing", "The starting time needs its time zone, such as Z or +01:00.")
    try:
        if unit is Unit.HOURS:
            return _in_hours(start, count, roll, zone)
        return _in_days(words.legal_day(start, zone), count, unit, calendar, roll)
    except OverflowError as beyond:
        raise CannotCount(
            "limit.beyond-dates", "The date asked for lies outside the years 1 to 9999: use a smaller number."
        ) from beyond


def week_of_pregnancy(expected: date, week: int, calendar: WorkingCalendar, roll: Roll = Roll.NONE) -> Due:
    """Return the day ``week`` weeks of pregnancy are reached, the fortieth ending on the expected day of birth."""
    counted = due(expected, week - _WEEKS_OF_PREGNANCY, Unit.WEEKS, calendar, roll)
    why = f"{week} weeks of pregnancy, where 40 end on the expected day of birth, {words.weekday_day(expected)}."
    return replace(counted, because=f"{why} {counted.because}")


def at_the_hour(
    start: date | datetime, days: int, hour: time, calendar: WorkingCalendar, roll: Roll = Roll.NONE
) -> Due:
    """Return when the clocks of London show ``hour`` on the day ``days`` days after ``start``, and why."""
    counted = due(start, days, Unit.DAYS, calendar, roll)
    end = datetime.combine(counted.at, hour, ZoneInfo(words.LONDON)).astimezone(UTC)
    return replace(counted, at=end, because=f"{counted.because} It is due by {_on_the_clock(end, words.LONDON)}.")


def sooner(first: tuple[str, Due | None], second: tuple[str, Due | None]) -> Due:
    """Return whichever of two counts ends first, each given with the name of what it is counted from.

    A count of None has not begun: the other stands, and the explanation says that the date may yet become sooner.
    Raises CannotCount where neither has begun.
    """
    begun = [(name, count) for name, count in (first, second) if count is not None]
    if not begun:
        raise CannotCount("limit.not-begun", f"Neither is recorded yet: {first[0]}; {second[0]}.")
    if len(begun) == 1:
        (name, only), waited = begun[0], first[0] if first[1] is None else second[0]
        later = (
            f'"{waited}" is not recorded yet: once it is, the date is counted again, and the sooner of the two is due.'
        )
        return replace(only, because=f"{name}: {only.because} {later}")
    name, chosen = min(begun, key=lambda one: one[1].ends)
    same = begun[0][1].ends == begun[1][1].ends
    both = " ".join(f"{one}: {count.because}" for one, count in begun)
    end = "Both end at the same time." if same else f'The count that ends first is the one from "{name}".'
    version = next((count.calendar for _, count in begun if count.calendar), None)
    return replace(chosen, because=f"Whichever is sooner. {both} {end}", calendar=version)


def _in_days(start: date, count: int, unit: _DayUnit, calendar: WorkingCalendar, roll: Roll) -> Due:
    clamped = False
    match unit:
        case Unit.WORKING_DAYS:
            end = calendar.add(start, count)
            why = _why_working_days(start, end, count, calendar)
        case Unit.DAYS:
            end = start + timedelta(days=count)
            why = [_sum(count, "day", start, end), "Every day counts, weekends and bank holidays included."]
        case Unit.WEEKS:
            end = start + timedelta(weeks=count)
            why = [_sum(count, "week", start, end), "It is the same day of the week."]
        case Unit.MONTHS:
            end, clamped = _months_later(start, count)
            why = [_sum(count, "calendar month", start, end)]
            if clamped:
                why.append(f"{words.month(end)} has no day {start.day}, so its last day is taken.")
        case _:
            assert_never(unit)
    counted_on = calendar.version if unit is Unit.WORKING_DAYS else None
    if roll is Roll.NONE:
        return Due(end, " ".join(why), clamped=clamped, calendar=counted_on)
    rolled = calendar.on_or_before(end)
    why.append(_why_rolled(start, end, rolled, count, calendar))
    rolled_from = end if rolled != end else None
    return Due(rolled, " ".join(why), rolled_from=rolled_from, clamped=clamped, calendar=calendar.version)


def _in_hours(start: date | datetime, count: int, roll: Roll, zone: str) -> Due:
    if not isinstance(start, datetime):
        raise CannotCount("limit.time-missing", "Hours are counted from a time of day: give the time as well.")
    if roll is not Roll.NONE:
        raise CannotCount("limit.hours-rolled", "A limit in hours is not moved to a working day: leave the roll out.")
    end = start.astimezone(UTC) + timedelta(hours=count)
    first = f"{_distance(count, 'hour')} {_on_the_clock(start, zone)} is {_on_the_clock(end, zone)}."
    if not count:
        first = f"No hours are added, so it is {_on_the_clock(end, zone)}."
    why = [first, "Every hour counts, nights, weekends and bank holidays included."]
    shift = _shift(end, zone) - _shift(start, zone)
    if shift:
        changed = _last_clock_change(end if count > 0 else start, zone)
        way = "forward" if (shift > timedelta()) is (count > 0) else "back"
        why.append(f"The clocks go {way} on {words.weekday_day(changed)}, and elapsed hours are counted.")
    return Due(end, " ".join(why))


def _why_working_days(start: date, end: date, count: int, calendar: WorkingCalendar) -> list[str]:
    why = [_sum(count, "working day", start, end)]
    if count:
        day_one = calendar.add(start, 1 if count > 0 else -1)
        backwards = ", counting back" if count < 0 else ""
        why.append(f"Day 1 is {words.weekday_day(day_one)}{backwards}.")
        left_out = _not_worked(_between(start, end), calendar)
        why.append(f"Not counted: {'; '.join(left_out)}." if left_out else "Every day in between is a working day.")
    return why


def _why_rolled(start: date, end: date, rolled: date, count: int, calendar: WorkingCalendar) -> str:
    if rolled == end:
        return f"{words.weekday_day(end)} is a working day, so the date stays."
    name = f"{calendar.name(end)}, " if end.weekday() < _SATURDAY else ""
    why = (
        f"{words.weekday_day(end)} is {name}not a working day, "
        f"so the last working day before it is taken: {words.weekday_day(rolled)}."
    )
    if end - rolled > _ONE_DAY:
        why += f" Passed over: {'; '.join(_not_worked(_between(rolled, end), calendar))}."
    if count >= 0 and rolled < start:
        why += f" That is before the starting day, {words.weekday_day(start)}."
    return why


def _between(start: date, end: date) -> Iterable[date]:
    """Give the days from ``start``, left out, to ``end``, in the order of the calendar whichever comes first."""
    first, last = (start + _ONE_DAY, end) if start <= end else (end, start - _ONE_DAY)
    return (first + timedelta(days=i) for i in range((last - first).days + 1))


def _not_worked(days: Iterable[date], calendar: WorkingCalendar) -> list[str]:
    """Return the days that are not worked: whole weekends as a number, then each other day by name."""
    days = list(days)
    weekend_days = {day for day in days if day.weekday() >= _SATURDAY}
    whole = sum(day.weekday() == _SATURDAY and day + _ONE_DAY in weekend_days for day in weekend_days)
    said = [words.counted(whole, "weekend")] if whole else []
    for day in days:
        if day.weekday() >= _SATURDAY:
            other_half = day + _ONE_DAY if day.weekday() == _SATURDAY else day - _ONE_DAY
            if other_half not in weekend_days:
                said.append(words.weekday_day(day))
        elif name := calendar.name(day):
            said.append(f"{name}, {words.weekday_day(day)}")
    return said


def _sum(count: int, unit: str, start: date, end: date) -> str:
    if not count:
        return f"No {unit}s are added, so it is the starting day, {words.weekday_day(end)}."
    return f"{_distance(count, unit)} {words.weekday_day(start)} is {words.weekday_day(end)}."


def _distance(count: int, unit: str) -> str:
    return f"{words.counted(abs(count), unit)} {'after' if count > 0 else 'before'}"


def _months_later(start: date, months: int) -> tuple[date, bool]:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    longest = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, longest)), start.day > longest


def _on_the_clock(at: datetime, zone: str) -> str:
    """Return "10:42 on Thursday 10 December 2026", with the zone's name in the hour that the clocks repeat."""
    there = words.local(at, zone)
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return f"{words.clock(at, zone)}{f' {there.tzname()}' if twice else ''} on {words.weekday_day(there.date())}"


def _shift(at: datetime, zone: str) -> timedelta:
    return words.local(at, zone).utcoffset() or timedelta()


def _last_clock_change(before: datetime, zone: str) -> date:
    """Return the latest day up to ``before`` on which the clocks changed."""
    now = _shift(before, zone)
    day = before
    while _shift(day - _ONE_DAY, zone) == now:
        day -= _ONE_DAY
    # The change lies in the 24 hours up to ``day``: on its date, or on the date before.
    midnight = words.local(day, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.date() if _shift(midnight, zone) != now else (midnight - _ONE_DAY).date()
