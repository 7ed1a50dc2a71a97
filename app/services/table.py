"""The round table: who is invited, who arrives, leaves or stands in for somebody."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.models.agency import Agency, Practitioner
from app.models.attendance import Attendance, Authority, Capacity, Invitation, Presence
from app.models.base import LONGEST_NAME, Act, Refused, required, tidy
from app.models.meeting import Meeting, State
from app.practice.words import legal_day
from app.services.sitting import Sitting, meeting_of, of_meeting


def invite(
    sitting: Sitting,
    meeting_id: UUID,
    name: str,
    *,
    sector: str = "",
    agency: str = "",
    role: str = "",
    capacity: Capacity = Capacity.PRACTITIONER,
    authority: Authority = Authority.NOT_ASKED,
    invitation: Invitation = Invitation.INVITED,
    note: str = "",
    substitute_for: UUID | None = None,
) -> Attendance:
    """Return a new place at the table.

    ``sector`` is the pack's id of a kind of agency and ``agency`` its name, new or known (the sector's short name where
    it is empty); without a sector the person belongs to no agency. Raises ``Refused`` for a second chair or no name.
    """
    act = sitting.act()
    with sitting.store.begin(act, "attendance.invited", meeting_id) as session:
        meeting = still_open(session, meeting_id)
        return _seat(
            session, act, meeting, name, _agency(session, sitting, act, sector, agency),
            role=role, capacity=capacity, authority=authority, invitation=invitation, note=note,
            substitute_for=of_meeting(session, Attendance, substitute_for, meeting),
        )  # fmt: skip


def _seat(
    session: Session,
    act: Act,
    meeting: Meeting,
    name: str,
    agency: Agency | None,
    *,
    role: str,
    capacity: Capacity,
    authority: Authority,
    invitation: Invitation,
    note: str,
    substitute_for: Attendance | None,
) -> Attendance:
    kept = required(name, "attendance.name-missing", LONGEST_NAME)
    taken = select(func.count()).where(Attendance.meeting_id == meeting.id)
    if capacity is Capacity.CHAIR and session.scalar(taken.where(Attendance.capacity == Capacity.CHAIR)):
        raise Refused("attendance.second-chair")
    post, place = tidy(role, LONGEST_NAME), (session.scalar(taken) or 0) + 1
    if agency is not None:
        _remember(session, act, agency, kept, post)
    attendance = Attendance(
        id=act.new_id(),
        meeting=meeting,
        name=kept,
        agency=agency,
        role=post,
        capacity=capacity,
        position=place,
        authority=authority,
        invitation=invitation,
        note=tidy(note),
        substitute_for=substitute_for,
    )
    session.add(attendance)
    return attendance


def _remember(session: Session, act: Act, agency: Agency, name: str, role: str) -> None:
    known = select(Practitioner.id).where(Practitioner.agency_id == agency.id, Practitioner.name == name)
    if session.scalar(known) is None:
        session.add(Practitioner(id=act.new_id(), agency=agency, name=name, role=role))


def _agency(session: Session, sitting: Sitting, act: Act, sector_id: str, name: str) -> Agency | None:
    if not sector_id:
        return None
    sector = sitting.pack.sector(sector_id)
    if sector is None:
        raise Refused("agency.unknown-sector", sector=tidy(sector_id, LONGEST_NAME))
    kept = tidy(name, LONGEST_NAME) or sector.short
    agency = session.scalar(select(Agency).where(Agency.sector == sector_id, Agency.name == kept))
    if agency is None:
        agency = Agency(id=act.new_id(), sector=sector_id, name=kept)
        session.add(agency)
        session.flush()
    return agency


def name_agency(sitting: Sitting, sector: str, name: str) -> Agency:
    """Return the agency of that kind and name, new or known, for what it is asked although nobody of it is here."""
    act = sitting.act()
    with sitting.store.begin(act, "agency.named") as session:
        agency = _agency(session, sitting, act, sector, name)
        if agency is None:
            raise Refused("agency.unknown-sector", sector="")
    return agency


def arrive(sitting: Sitting, attendance_id: UUID, at: datetime | None = None) -> Presence:
    """Return the stay that begins now, or at ``at`` where it is put in afterwards."""
    act = sitting.act()
    with sitting.store.begin(act, "attendance.arrived") as session:
        attendance = _person(session, attendance_id)
        presence = attendance.arrive(act.new_id(), _past(at, act))
        session.add(presence)
    return presence


def leave(sitting: Sitting, attendance_id: UUID, at: datetime | None = None) -> Presence:
    """Return the stay that ends now, or ended at ``at``."""
    act = sitting.act()
    with sitting.store.begin(act, "attendance.left") as session:
        return _person(session, attendance_id).leave(_past(at, act))


def substitute(sitting: Sitting, attendance_id: UUID, name: str, *, role: str = "") -> Attendance:
    """Return the place of somebody who stands in for another from the same agency, who leaves if they are here.

    Once the meeting has started the stand-in is in it from now on.
    """
    act = sitting.act()
    with sitting.store.begin(act, "attendance.substituted") as session:
        away = _person(session, attendance_id)
        comes = away.meeting.open or away.here is not None
        if away.here is not None:
            away.leave(act.at)
        stand_in = _seat(
            session, act, away.meeting, name, away.agency, role=role or away.role, capacity=away.capacity
            if away.capacity is not Capacity.CHAIR else Capacity.PRACTITIONER, authority=Authority.NOT_ASKED,
            invitation=Invitation.INVITED, note="", substitute_for=away,
        )  # fmt: skip
        if comes:
            session.add(stand_in.arrive(act.new_id(), act.at))
    return stand_in


def note_attendance(
    sitting: Sitting,
    attendance_id: UUID,
    *,
    authority: Authority | None = None,
    invitation: Invitation | None = None,
    note: str | None = None,
    report_received: date | None = None,
    report_shared: str | None = None,
    invited_on: date | None = None,
    report_asked: date | None = None,
    takes_part: str | None = None,
) -> Attendance:
    """Return the place at the table with what is known now of its authority to decide, its absence or its report.

    ``takes_part`` says how, where it is not like everybody else. None leaves a part as it is.
    """
    act = sitting.act()
    with sitting.store.begin(act, "attendance.noted") as session:
        attendance = _person(session, attendance_id)
        attendance.authority = authority or attendance.authority
        attendance.invitation = invitation or attendance.invitation
        attendance.note = attendance.note if note is None else tidy(note)
        attendance.report_received = report_received or attendance.report_received
        attendance.report_shared = attendance.report_shared if report_shared is None else tidy(report_shared)
        attendance.invited_on = invited_on or attendance.invited_on
        attendance.report_asked = report_asked or attendance.report_asked
        attendance.takes_part = attendance.takes_part if takes_part is None else tidy(takes_part) or None
    return attendance


def fill_in(
    sitting: Sitting,
    attendance_id: UUID,
    *,
    invitation: Invitation,
    note: str,
    takes_part: str,
    report_shared: str,
    invited_on: date | None,
    report_asked: date | None,
    report_received: date | None,
) -> Attendance:
    """Return the place at the table with all that is known before a meeting; what is left empty is taken out.

    Raises ``Refused`` for a day to come.
    """
    act = sitting.act()
    if any(day is not None and day > legal_day(act.at) for day in (invited_on, report_asked, report_received)):
        raise Refused("date.in-future")
    with sitting.store.begin(act, "attendance.noted") as session:
        attendance = _person(session, attendance_id)
        attendance.invitation, attendance.note = invitation, tidy(note)
        attendance.takes_part, attendance.report_shared = tidy(takes_part) or None, tidy(report_shared)
        attendance.invited_on, attendance.report_asked = invited_on, report_asked
        attendance.report_received = report_received
    return attendance


def _person(session: Session, attendance_id: UUID) -> Attendance:
    attendance = session.get(
        Attendance,
        attendance_id,
        options=[
            selectinload(Attendance.presences),
            selectinload(Attendance.meeting),
            selectinload(Attendance.agency),
        ],
    )
    if attendance is None:
        raise Refused("meeting.unknown-entry")
    still_open(session, attendance.meeting_id)
    session.info["meeting"] = attendance.meeting_id
    return attendance


def still_open(session: Session, meeting_id: UUID) -> Meeting:
    """Return a meeting that is prepared or goes on; raises ``Refused`` once it is concluded."""
    meeting = meeting_of(session, meeting_id)
    if meeting.state is not State.PREPARED and not meeting.open:
        raise Refused("meeting.already-concluded")
    return meeting


def _past(at: datetime | None, act: Act) -> datetime:
    if at is not None and at > act.at:
        raise Refused("attendance.in-future")
    return at or act.at
