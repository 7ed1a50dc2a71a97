"""Due dates counted for whoever asks, by the national pack's calendar; no store is needed."""

from datetime import date, datetime

from app.practice.calendars import calendar_of
from app.practice.limits import Due, Roll, Unit, due
from app.practice.pack import Pack
from app.services.packing import national


def national_pack() -> Pack:
    """Return the pack that ships with the program."""
    return national()[0]


def count(start: date | datetime, number: int, unit: Unit, roll: Roll = Roll.NONE) -> Due:
    """Return the due date or hour and why; a negative number counts back.

    Raises ``CalendarTooShort`` or ``CannotCount``, each with one sentence.
    """
    return due(start, number, unit, calendar_of(national_pack()), roll)
