"""How numbers, dates and times read everywhere: on the screen, in the minutes and aloud."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = "Europe/London"

# Written out, because the C library's names follow the computer's language and ours must not.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(at: datetime, zone: str = LONDON) -> datetime:
    """Return the moment on the clocks of ``zone``.

    Raises ValueError for a moment without a time zone.
    """
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(ZoneInfo(zone))


def legal_day(when: date | datetime, zone: str = LONDON) -> date:
    """Return the day it was in ``zone`` at a moment; a plain date is its own answer."""
    return local(when, zone).date() if isinstance(when, datetime) else when


def month(when: date | datetime) -> str:
    """Return "December 2026"."""
    on = legal_day(when)
    return f"{_MONTHS[on.month - 1]} {on.year}"


def day(when: date | datetime) -> str:
    """Return "10 December 2026"."""
    on = legal_day(when)
    return f"{on.day} {month(on)}"


def weekday(when: date | datetime) -> str:
    """Return "Thursday"."""
    return _WEEKDAYS[legal_day(when).weekday()]


def weekday_day(when: date | datetime) -> str:
    """Return "Thursday 10 December 2026"."""
    on = legal_day(when)
    return f"{weekday(on)} {day(on)}"


def clock(at: datetime, zone: str = LONDON) -> str:
    """Return "10:42", the time on the clocks of ``zone``."""
    there = local(at, zone)
    return f"{there.hour:02}:{there.minute:02}"


def clock_seconds(at: datetime, zone: str = LONDON) -> str:
    """Return "10:42:07", the time on the clocks of ``zone``."""
    return f"{clock(at, zone)}:{local(at, zone).second:02}"


def moment(at: datetime, zone: str = LONDON) -> str:
    """Return "10 December 2026, 10:42", the day and time on the clocks of ``zone``."""
    return f"{day(local(at, zone).date())}, {clock(at, zone)}"


def number(value: int) -> str:
    """Return a whole number with its thousands parted: "12,480"."""
    return f"{value:,}"


def counted(value: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 day", "4 days"; ``many`` is the plural where an "s" does not make it."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def listed(items: Sequence[str], joined_by: str = "and") -> str:
    """Return the items as a person says them: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joined_by} {items[-1]}"
