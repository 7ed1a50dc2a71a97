"""Letters to one person about a meeting: an invitation, and what the chair answered to a request to keep them out.

A letter says nothing of what is told in the meeting. No child is named in it, and neither who asked nor the evidence.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from app.minutes.document import Block, Document, Facts, Heading, Listing, Text
from app.models.attendance import Attendance, Capacity
from app.models.meeting import Meeting
from app.models.participation import Exclusion, Ruling
from app.practice import words
from app.practice.pack import MeetingType, Pack

_OF_THE_FAMILY = frozenset({Capacity.PARENT, Capacity.CHILD, Capacity.SUPPORTER, Capacity.ADVOCATE})


def invitation(
    meeting: Meeting,
    meeting_type: MeetingType,
    pack: Pack,
    person: Attendance,
    *,
    marked: str,
    why: Iterable[str] = (),
    report_by: date | None = None,
) -> Document:
    """Return a letter that asks somebody to come; ``why`` are the rules by which they are asked.

    ``report_by`` is the day by which the report of a practitioner is due, where one is known.
    """

    def said() -> Iterator[Block]:
        family = person.capacity in _OF_THE_FAMILY
        yield Text(pack.words("letter", "family" if family else "practitioner"))
        yield from _facts(meeting, meeting_type, pack)
        if family:
            yield Text(pack.words("letter", "report_family"))
        elif report_by is not None:
            yield Text(f"{pack.words('letter', 'report')} {words.weekday_day(report_by)}.")
        elif person.counts:
            yield Text(pack.words("letter", "report_soon"))
        reasons = tuple(why)
        if reasons and not family:
            yield Heading(2, pack.words("letter", "why_asked"))
            yield Listing(reasons)
        yield from _from(meeting, pack)

    return _letter(meeting, pack, "invitation", person, marked, said())


def exclusion(
    meeting: Meeting, meeting_type: MeetingType, pack: Pack, found: Exclusion, *, marked: str, words_to_them: str = ""
) -> Document:
    """Return a letter about what the chair answered; ``words_to_them`` is what the chair wants the person to know."""

    def said() -> Iterator[Block]:
        answer = pack.words("letter", found.ruling)
        yield Text(f"{answer}: {found.scope}" if found.ruling is Ruling.FOR_A_PART else answer)
        yield from _facts(meeting, meeting_type, pack)
        if words_to_them:
            yield Heading(2, pack.words("letter", "why"))
            yield Text(words_to_them)
        if found.ruling is not Ruling.REFUSED:
            by = found.views_by
            yield Text(f"{pack.words('letter', 'views')}: {by}" if by else pack.words("letter", "views_open"))
            yield Text(pack.words("letter", "offer"))
            yield Text(pack.words("letter", "papers"))
            route = pack.participation.routes[:1]
            yield from (Text(f"{pack.words('letter', 'complain')}: {stage.who}.") for stage in route)
        yield from _from(meeting, pack)

    return _letter(meeting, pack, "exclusion", found.attendance, marked, said())


def _facts(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> Iterator[Block]:
    at = meeting.planned_at
    rows = (
        ("about", meeting_type.label),
        ("when", f"{words.weekday_day(at)}, {words.clock(at)}"),
        ("where", meeting.venue),
    )
    yield Facts((
        *((pack.words("letter", key), value) for key, value in rows if value),
        (pack.words("letter", "how"), pack.words("methods", meeting.method)),
    ))  # fmt: skip


def _from(meeting: Meeting, pack: Pack) -> Iterator[Block]:
    if meeting.chair is not None:
        yield Text(f"{pack.words('letter', 'from')}: {meeting.chair.name}, {pack.words('capacity', Capacity.CHAIR)}")


def _letter(
    meeting: Meeting, pack: Pack, kind: str, person: Attendance, marked: str, blocks: Iterable[Block]
) -> Document:
    return Document(
        title=pack.words("letter", kind),
        marking=marked,
        meeting_reference=meeting.reference,
        version=1,
        status=pack.words("letter", "status"),
        language=pack.language,
        blocks=(Text(person.name), *blocks),
    )
