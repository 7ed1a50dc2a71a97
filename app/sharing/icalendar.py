"""A calendar file (RFC 5545): meetings and due days for any calendar program, without the name of anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

_LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry: from a moment for a length of time, or for a whole day where ``at`` is a day.

    ``id`` stays the same when the entry is written again, so that a calendar takes the newer one for the older.
    """

    id: UUID
    at: date | datetime
    summary: str
    length: timedelta = timedelta()
    place: str = ""
    text: str = ""


def calendar(entries: Iterable[CalendarEntry], written_at: datetime) -> bytes:
    """Return the entries as one file, each marked as private."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chairside//Chairside//EN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += _lines(entry, written_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _lines(entry: CalendarEntry, written_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.id}"
    yield f"DTSTAMP:{_moment(written_at)}"
    if isinstance(entry.at, datetime):
        yield f"DTSTART:{_moment(entry.at)}"
        yield f"DTEND:{_moment(entry.at + entry.length)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(entry.summary)}"
    if entry.place:
        yield f"LOCATION:{_escaped(entry.place)}"
    if entry.text:
        yield f"DESCRIPTION:{_escaped(entry.text)}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    seen = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    # a control character may stand in no value at all
    return "".join(letter for letter in seen if letter >= " " and letter != "\x7f")


def _folded(line: str) -> Iterator[str]:
    """Give a line in parts of 75 octets at most, each after the first with a space before it, no letter cut in two."""
    part, room = "", _LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", _LONGEST_LINE - 1
        part, room = part + letter, room - size
    yield part
