"""Which days count: Monday to Friday, less England's bank holidays and the days closed locally."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from app.practice import words

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

# The names on the government's page of bank holidays, for those the library calls otherwise.
_OFFICIAL_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}


class CalendarTooShort(Exception):
    """A day was asked about that the calendar does not know; carries the day and the span it does know."""

    def __init__(self, day: date, covers_until: date, covers_from: date) -> None:
        self.day = day
        self.covers_until = covers_until
        self.covers_from = covers_from
        edge = f"begin on {words.day(covers_from)}" if day < covers_from else f"end on {words.day(covers_until)}"
        super().__init__(
            f"The bank holidays known here {edge}, so it cannot be said whether {words.day(day)} is a working day: "
            "enter the date by hand, or install a newer version."
        )


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that are not worked, by name, and the span for which that list is complete.

    ``holidays`` may hold days that fall on a weekend; ``version`` is kept with every date worked out from it.
    """

    holidays: Mapping[date, str] = field(hash=False)
    first: date
    last: date
    version: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a calendar cannot end before it begins")
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))

    def covers(self, day: date) -> bool:
        """Say whether the calendar knows this day."""
        return self.first <= day <= self.last

    def is_working_day(self, day: date) -> bool:
        """Say whether the day counts; raises CalendarTooShort for a day the calendar does not know."""
        if not self.covers(day):
            raise CalendarTooShort(day, self.last, self.first)
        return day.weekday() < _SATURDAY and day not in self.holidays

    def name(self, day: date) -> str | None:
        """Return the name of a bank holiday or closure, None for any other day."""
        return self.holidays.get(day)

    def add(self, start: date, working_days: int) -> date:
        """Return the date ``working_days`` working days after ``start``, which is day zero; a negative count goes back.

        Raises CalendarTooShort where the count leaves the calendar.
        """
        step = _ONE_DAY if working_days >= 0 else -_ONE_DAY
        day, left = start, abs(working_days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def on_or_before(self, day: date) -> date:
        """Return the day itself if it is worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day


def england(
    first: date,
    last: date,
    version: str,
    *,
    closures: Mapping[date, str] | None = None,
    withdrawn: Collection[date] = (),
) -> WorkingCalendar:
    """Return England's bank holidays from ``first`` to ``last`` with a pack's own table laid over them.

    ``closures`` are further days not worked: a proclaimed holiday, or a local closing day. ``withdrawn`` are bank
    holidays that were moved away from their usual day.
    """
    from holidays import country_holidays  # a tenth of a second: whoever needs no date does not pay for it

    years = range(first.year, last.year + 1)
    listed = country_holidays("GB", subdiv="ENG", years=years, language="en_GB")
    national = {day: _plain_name(name) for day, name in listed.items() if day not in withdrawn}
    table = national | dict(closures or {})
    return WorkingCalendar({day: table[day] for day in sorted(table) if first <= day <= last}, first, last, version)


def _plain_name(name: str) -> str:
    bare = name.removesuffix(" (observed)")
    return _OFFICIAL_NAMES.get(bare, bare) + (" (substitute day)" if bare != name else "")
