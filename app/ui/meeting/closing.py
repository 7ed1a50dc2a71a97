"""What the closing page reads back, and where each thing that keeps the meeting open is mended; no Qt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.practice.closing import blocks_closing
from app.practice.dates import DueDate, dates_following
from app.practice.finding import Finding
from app.practice.origins import origin, origin_under
from app.practice.pack import Clearance
from app.practice.rule import Rule
from app.practice.words import day, moment
from app.services.dates import will_be_missed
from app.ui.meeting.acting import Outcome
from app.ui.meeting.around import Wanted as WantedPage
from app.ui.meeting.around import mended_on
from app.ui.meeting.choices import Wanted
from app.ui.meeting.entry import Command
from app.ui.meeting.presenter import Line, line_of
from app.ui.meeting.room import Room


def findings(room: Room) -> list[Finding]:
    """Return what still keeps the meeting open."""
    return blocks_closing(room.meeting, room.type, room.pack, room.now)


def finding_words(room: Room, finding: Finding, reason: str) -> str:
    """Return what is wrong, how to mend it, and the chair's reason where it is left as it is."""
    given = f"  Concluding all the same, because: {reason}" if reason else ""
    return f"{finding.sentence(room.pack)}  {finding.mend(room.pack)}{given}"


def read_back(room: Room) -> list[Line]:
    """Return the decisions, dissents, actions and gaps, each list after its name."""
    return list(_read_back(room))


def _read_back(room: Room) -> Iterator[Line]:
    meeting = room.meeting
    order = {question.id: place for place, question in enumerate(room.type.decisions)}
    turn = [child.id for child in meeting.children]
    decisions = sorted(meeting.decisions, key=lambda d: (order.get(d.question_id, 0), turn.index(d.child.id)))
    lists = (
        ("Decisions", decisions, "No decision has been made."),
        ("Dissents and reservations", meeting.dissents, "No dissent and no reservation was recorded."),
        ("Actions", meeting.actions, "No action was agreed."),
        ("Not known", meeting.gaps, "No gap was recorded."),
    )
    for name, records, none in lists:
        count = f" ({len(records)})" if records else f": {none}"
        yield Line(name, f"{name}{count}", strong=True)
        for record in records:
            yield line_of(room, record)


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that follows, how it was counted, and where its rule comes from; empty where none is shown."""

    text: str
    origin: str = ""


def dates(room: Room) -> list[DateLine]:
    """Return the dates that will be missed, and those that concluding sets running."""
    calendar = room.sitting.calendar_of(room.pack)
    found, unknown = dates_following(room.meeting, room.type, room.pack, calendar)
    missed = [(one.date.limit, f"Will be missed: {one.says}") for one in will_be_missed(room.sitting, room.meeting)]
    told = [*missed, *((one.limit, _date_words(room, one)) for one in found)]
    told += [(limit, f"{limit.label}: {why}") for limit, why in unknown]
    waiting = [
        limit
        for limit_id in room.type.time_limits
        if (limit := room.pack.time_limit(limit_id)) is not None and limit.starts == "meeting-concluded"
    ]
    if room.meeting.concluded_at is None:
        told += [(limit, f"{limit.label}: counted from when the meeting ends.") for limit in waiting]
    lines = [DateLine(text, origin(limit, room.pack)) for limit, text in told]
    return lines or [DateLine("This meeting sets no date running.")]


def _date_words(room: Room, found: DueDate) -> str:
    on = found.due.at
    when = moment(on) if isinstance(on, datetime) else day(on)
    about = f" for {room.called(found.child)}" if found.child else ""
    return f"{found.limit.label}{about}: by {when}. {found.due.because}"


def origin_of(room: Room, finding: Finding) -> str:
    """Return where the rule comes from that keeps the meeting open: its own, else the type of meeting that asks it."""
    about, kind = finding.subject.split("/")[0], room.type
    quorum = kind.quorum if finding.rule in (Clearance.QUORUM, Clearance.INQUORATE_ANSWERED) else None
    asked: Rule | None = kind.view(about) or kind.decision(about) or kind.item(about)
    rule = quorum or asked or room.pack.time_limit(about)
    if rule is not None:
        return origin(rule, room.pack)
    asks = next((model for model in room.pack.chair_models if model.declaration(about)), None)
    return origin_under(asks or kind, room.pack)


def way_to_mend(room: Room, finding: Finding) -> Outcome | WantedPage | UUID | None:
    """Return the form or page that mends a finding, the id of the entry to edit, or None where the item itself does."""
    if page := mended_on(room, finding.rule, finding.child_id):
        return page
    child = room.child_named(finding.child_id)
    question_id = finding.subject.split("/")[0]
    if finding.rule == "every-agency-heard" and child is not None:
        wanted = Wanted(child, view=room.type.view(question_id), agency=finding.agency_id)
        return Outcome(opens=Command.VIEW, wanted=wanted)
    if finding.rule == "every-child-decided" and child is not None:
        return Outcome(opens=Command.DECISION, wanted=Wanted(child, decision=room.type.decision(question_id)))
    return finding.entry_id


def speaker_for(room: Room, finding: Finding) -> UUID | None:
    """Return who at the table can say what is still to be heard from an agency."""
    people = [a for a in room.meeting.attendances if a.agency is not None and a.agency.id == finding.agency_id]
    return next((person.id for person in people if person.here is not None), None)
