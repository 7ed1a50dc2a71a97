"""The family's part: requests to keep somebody out and what the chair makes of them, and complaints afterwards."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Refused, required, tidy
from app.models.meeting import Meeting, State
from app.models.participation import Complaint, Exclusion, Ruling
from app.practice import participation
from app.practice.participation import Asked, Report
from app.practice.words import legal_day
from app.services.sitting import Sitting, meeting_of, of_meeting
from app.services.table import still_open

_PERSON = selectinload(Exclusion.attendance).options(
    selectinload(Attendance.presences), selectinload(Attendance.meeting), selectinload(Attendance.agency)
)


def ask_exclusion(
    sitting: Sitting, meeting_id: UUID, attendance_id: UUID, ground: str, evidence: str, *, asked_by: str
) -> Exclusion:
    """Return the request to keep somebody out; it may come late, or in the meeting, and the chair has yet to answer.

    ``ground`` is one of the pack's. Raises ``Refused`` without evidence, or for the chair's own place.
    """
    act = sitting.act()
    kept, who = required(evidence, "exclusion.evidence-missing"), tidy(asked_by, LONGEST_NAME)
    with sitting.store.begin(act, "exclusion.asked", meeting_id) as session:
        meeting = still_open(session, meeting_id)
        person = of_meeting(session, Attendance, attendance_id, meeting)
        if person is None or person.chairs:
            raise Refused("exclusion.nobody")
        if sitting.pack_of(meeting).participation.ground(ground) is None:
            raise Refused("exclusion.unknown-ground")
        if not who:
            raise Refused("exclusion.asker-missing")
        exclusion = Exclusion(
            id=act.new_id(), meeting=meeting, attendance=person, ground=ground, evidence=kept, asked_by=who,
            asked_at=act.at,
        )  # fmt: skip
        session.add(exclusion)
    return exclusion


def rule_exclusion(
    sitting: Sitting,
    exclusion_id: UUID,
    ruling: Ruling,
    reason: str,
    *,
    scope: str = "",
    legal_advice: str = "",
    views_by: str = "",
) -> Exclusion:
    """Return the request with the chair's answer; a later answer replaces it until it is carried out.

    ``scope`` says which part of the meeting, so that it is the shortest time that will do.
    """
    act = sitting.act()
    kept = required(reason, "exclusion.reason-missing")
    with sitting.store.begin(act, "exclusion.ruled") as session:
        exclusion = _of_open(session, exclusion_id)
        if ruling is Ruling.ASKED:
            raise Refused("exclusion.ruling-missing")
        if ruling is Ruling.FOR_A_PART and not tidy(scope):
            raise Refused("exclusion.part-missing")
        if exclusion.left_at is not None:
            raise Refused("exclusion.carried-out", who=exclusion.attendance.name)
        exclusion.ruling, exclusion.ruled_at, exclusion.reason = ruling, act.at, kept
        exclusion.scope = tidy(scope) if ruling is Ruling.FOR_A_PART else ""
        exclusion.legal_advice = tidy(legal_advice)
        exclusion.views_by = tidy(views_by) or exclusion.views_by
    return exclusion


def bring_in_views(sitting: Sitting, exclusion_id: UUID, how: str) -> Exclusion:
    """Return the request with how the views of whoever is kept out reach the meeting."""
    act = sitting.act()
    kept = required(how, "exclusion.views-missing")
    with sitting.store.begin(act, "exclusion.heard") as session:
        exclusion = _of_open(session, exclusion_id)
        exclusion.views_by = kept
    return exclusion


def send_out(sitting: Sitting, exclusion_id: UUID) -> Exclusion:
    """Return the request once the person has left the meeting for it; they are no longer counted as there."""
    act = sitting.act()
    with sitting.store.begin(act, "exclusion.left") as session:
        exclusion = _granted(session, exclusion_id)
        person = exclusion.attendance
        if not person.came:
            raise Refused("attendance.not-here", who=person.name)
        if person.here is not None:
            person.leave(act.at)
        exclusion.left_at, exclusion.back_at = act.at, None
    return exclusion


def bring_back(sitting: Sitting, exclusion_id: UUID) -> Exclusion:
    """Return the request once the person is in the meeting again."""
    act = sitting.act()
    with sitting.store.begin(act, "exclusion.back") as session:
        exclusion = _granted(session, exclusion_id)
        if exclusion.left_at is None:
            raise Refused("attendance.already-here", who=exclusion.attendance.name)
        if exclusion.attendance.here is None:
            session.add(exclusion.attendance.arrive(act.new_id(), act.at))
        exclusion.back_at = act.at
    return exclusion


def note_exclusion(
    sitting: Sitting, exclusion_id: UUID, *, letter_on: date | None = None, chair_offered: bool | None = None
) -> Exclusion:
    """Return the request with the day the person was written to, and whether the chair offered to see them afterwards.

    That goes on until the minutes are sealed. None leaves a part as it is.
    """
    act = sitting.act()
    with sitting.store.begin(act, "exclusion.noted") as session:
        exclusion = _exclusion(session, exclusion_id)
        if exclusion.meeting.state is State.SEALED:
            raise Refused("meeting.already-sealed")
        exclusion.letter_on = letter_on or exclusion.letter_on
        exclusion.chair_offered = exclusion.chair_offered if chair_offered is None else chair_offered
    return exclusion


def _exclusion(session: Session, exclusion_id: UUID) -> Exclusion:
    exclusion = session.get(Exclusion, exclusion_id, options=[_PERSON, selectinload(Exclusion.meeting)])
    if exclusion is None:
        raise Refused("meeting.unknown-entry")
    session.info["meeting"] = exclusion.meeting_id
    return exclusion


def _of_open(session: Session, exclusion_id: UUID) -> Exclusion:
    exclusion = _exclusion(session, exclusion_id)
    still_open(session, exclusion.meeting_id)
    return exclusion


def _granted(session: Session, exclusion_id: UUID) -> Exclusion:
    exclusion = _of_open(session, exclusion_id)
    exclusion.meeting.require_in_session()
    if exclusion.ruling not in participation.KEPT_OUT:
        raise Refused("exclusion.not-granted", who=exclusion.attendance.name)
    return exclusion


def notice(sitting: Sitting, meeting: Meeting) -> dict[UUID, Asked]:
    """Return for each request by its id how it stands to the time it should come before, where there is one."""
    pack = sitting.pack_of(meeting)
    found = {
        one.id: participation.notice_of(one, meeting, sitting.type_of(meeting), pack, sitting.calendar_of(pack))
        for one in meeting.exclusions
    }
    return {key: asked for key, asked in found.items() if asked is not None}


def reports(sitting: Sitting, meeting: Meeting) -> list[Report]:
    """Return each report that was asked for or came, with the working days it came before the meeting."""
    pack = sitting.pack_of(meeting)
    return participation.reports(meeting, sitting.type_of(meeting), pack, sitting.calendar_of(pack))


def complain(sitting: Sitting, meeting_id: UUID, who: str, about: str, *, received_on: date | None = None) -> Complaint:
    """Return the complaint about a meeting that is over, on the first stage of the pack's route.

    The decision stands meanwhile: nothing in the meeting changes.
    """
    act = sitting.act()
    kept = required(about, "complaint.about-missing")
    name = required(who, "complaint.who-missing", LONGEST_NAME)
    day = _past(received_on, legal_day(act.at))
    with sitting.store.begin(act, "complaint.made", meeting_id) as session:
        meeting = meeting_of(session, meeting_id, [selectinload(Meeting.case)])
        if meeting.concluded_at is None:
            raise Refused("complaint.meeting-open")
        pack = sitting.pack_of(meeting)
        first = participation.next_stage("", pack)
        if first is None:
            raise Refused("complaint.no-route")
        due = participation.answer_due(first, day, pack, sitting.calendar_of(pack))
        complaint = Complaint(
            id=act.new_id(), case=meeting.case, meeting=meeting, who=name, about=kept, received_on=day,
            noted_at=act.at, stage=first.id, due_on=legal_day(due.at) if due else None,
        )  # fmt: skip
        session.add(complaint)
    return complaint


def move_on(sitting: Sitting, complaint_id: UUID) -> Complaint:
    """Return the complaint on the next stage of the route, with the day by which that is to be answered."""
    act = sitting.act()
    with sitting.store.begin(act, "complaint.moved-on") as session:
        complaint = _complaint(session, complaint_id)
        pack = sitting.pack_of(complaint.meeting)
        stage = participation.next_stage(complaint.stage, pack)
        if stage is None:
            raise Refused("complaint.last-stage")
        due = participation.answer_due(stage, complaint.received_on, pack, sitting.calendar_of(pack))
        complaint.stage, complaint.due_on = stage.id, legal_day(due.at) if due else None
    return complaint


def close_complaint(sitting: Sitting, complaint_id: UUID, outcome: str, *, on: date | None = None) -> Complaint:
    """Return the complaint, answered for good on a day: today unless told otherwise."""
    act = sitting.act()
    kept = required(outcome, "complaint.outcome-missing")
    day = _past(on, legal_day(act.at))
    with sitting.store.begin(act, "complaint.closed") as session:
        complaint = _complaint(session, complaint_id)
        if day < complaint.received_on:
            raise Refused("complaint.closed-before")
        complaint.outcome, complaint.closed_on = kept, day
    return complaint


def complaints(sitting: Sitting, case_id: UUID) -> Sequence[Complaint]:
    """Return the complaints about meetings of a case, with the meetings, the latest first."""
    with sitting.store.read() as session:
        return session.scalars(
            select(Complaint)
            .where(Complaint.case_id == case_id)
            .options(selectinload(Complaint.meeting))
            .order_by(Complaint.received_on.desc(), Complaint.id.desc())
        ).all()


def _complaint(session: Session, complaint_id: UUID) -> Complaint:
    complaint = session.get(Complaint, complaint_id, options=[selectinload(Complaint.meeting)])
    if complaint is None:
        raise Refused("complaint.unknown")
    if complaint.closed_on is not None:
        raise Refused("complaint.already-closed")
    session.info["meeting"] = complaint.meeting_id
    return complaint


def _past(day: date | None, today: date) -> date:
    if day is not None and day > today:
        raise Refused("complaint.in-future")
    return day or today
