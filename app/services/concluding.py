"""Ending a meeting: what still blocks it, the chair's reasons, and the dates it sets running."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.models.base import Refused, required, tidy
from app.models.meeting import ClosingReason, Meeting
from app.practice.closing import blocks_closing
from app.practice.finding import Finding
from app.services.conduct import require_senior
from app.services.dates import set_by_meeting
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
        require_senior(session, sitting, meeting, act.at)
        _end_stays(meeting, act.at)
        meeting.conclude(act.at)
        set_by_meeting(session, sitting, meeting, act)
    return meeting


def _end_stays(meeting: Meeting, at: datetime) -> None:
    for visit in meeting.visits:
        if visit.left_at is None:
            visit.left_at, visit.done = max(at, visit.opened_at), True
    for attendance in meeting.attendances:
        if attendance.here is not None:
            attendance.leave(at)
