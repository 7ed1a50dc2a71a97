"""Ending a meeting: what still blocks it, the chair's reasons, and the dates it sets running."""

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import Act, Refused, required, tidy
from app.models.deadline import Deadline
from app.models.meeting import ClosingReason, Meeting
from app.practice.closing import blocks_closing
from app.practice.dates import dates_set
from app.practice.finding import Finding
from app.practice.words import LONDON
from app.services.meetings import load, whole
from app.services.sitting import Sitting


def blocks(sitting: Sitting, meeting_id: UUID) -> list[Finding]:
    """Return what still keeps the meeting open."""
    meeting = load(sitting, meeting_id)
    return blocks_closing(meeting, sitting.type_of(meeting), sitting.pack_of(meeting), sitting.now())


def conclude(sitting: Sitting, meeting_id: UUID, reasons: Mapping[tuple[str, str], str] | None = None) -> Meeting:
    """Return the meeting, concluded, with its dates set running.

    ``reasons`` gives the chair's reason for each finding (by its rule and subject) that is left as it is. Raises
    ``Refused("meeting.still-open")`` where a finding has none.
    """
    act = sitting.act()
    given = reasons or {}
    with sitting.store.begin(act, "meeting.concluded", meeting_id) as session:
        meeting = whole(session, meeting_id)
        meeting.require_in_session()
        pack, meeting_type = sitting.pack_of(meeting), sitting.type_of(meeting)
        findings = blocks_closing(meeting, meeting_type, pack, act.at)
        open_findings = [f for f in findings if not tidy(given.get((f.rule, f.subject), ""))]
        if open_findings:
            first = open_findings[0].sentence(pack)
            raise Refused("meeting.still-open", count=str(len(open_findings)), first=first)
        for finding in findings:
            session.add(
                ClosingReason(
                    id=act.new_id(), meeting=meeting, rule=finding.rule, subject=finding.subject,
                    sentence=finding.sentence(pack), given_at=act.at,
                    reason=required(given[finding.rule, finding.subject], "closing.reason-missing"),
                )
            )  # fmt: skip
        _end_stays(meeting, act.at)
        meeting.conclude(act.at)
        _set_dates(session, sitting, meeting, act)
    return meeting


def _end_stays(meeting: Meeting, at: datetime) -> None:
    for visit in meeting.visits:
        if visit.left_at is None:
            visit.left_at, visit.done = max(at, visit.opened_at), True
    for attendance in meeting.attendances:
        if attendance.here is not None:
            attendance.leave(at)


def _set_dates(session: Session, sitting: Sitting, meeting: Meeting, act: Act) -> None:
    pack = sitting.pack_of(meeting)
    calendar = sitting.calendar_of(pack)
    # a date beyond the years known does not keep the meeting open: the minutes name it, with the reason
    known, _unknown = dates_set(
        meeting, sitting.type_of(meeting), pack, calendar, running=_set_before(session, meeting)
    )
    for found in known:
        on = found.due.at
        session.add(
            Deadline(
                id=act.new_id(), case=meeting.case, meeting=meeting, child=found.child, limit_id=found.limit.id,
                label=found.limit.label, due_at=on if isinstance(on, datetime) else end_of(on),
                whole_day=not isinstance(on, datetime), because=found.due.because, calendar_version=calendar.version,
            )
        )  # fmt: skip


def _set_before(session: Session, meeting: Meeting) -> set[tuple[str, UUID]]:
    """Return the dates that earlier meetings of the case set for its children, by the ids of limit and child."""
    rows = select(Deadline.limit_id, Deadline.child_id).where(Deadline.case_id == meeting.case_id)
    return {(limit_id, child_id) for limit_id, child_id in session.execute(rows) if child_id is not None}


def end_of(day: date) -> datetime:
    """Return the last second of a legal day."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(LONDON))
