"""Setting a meeting up in one go: case, children, people and start, saved together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.models.agency import Agency, Practitioner
from app.models.attendance import Attendance, Capacity
from app.models.base import LONGEST_NAME, Act, Refused, required
from app.models.case import Case, Child
from app.models.meeting import Meeting, Method, State
from app.practice.invitations import considered, forecast_quorum, not_yet_invited
from app.practice.pack import InviteTrigger
from app.practice.quorum import Quorum
from app.practice.words import legal_day
from app.services import cases, meetings, table
from app.services.meetings import load
from app.services.sitting import Sitting


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A child the meeting will be about; ``id`` where the case has the child already."""

    name: str
    born: date | None = None
    expected: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody at the table; ``here`` where they are there when it starts, ``id`` where they were invited already."""

    name: str
    sector: str = ""
    agency: str = ""
    role: str = ""
    capacity: Capacity = Capacity.PRACTITIONER
    here: bool = True
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting as it is set up; ``meeting_id`` where it was prepared before, ``follows`` what it carries on from."""

    type_id: str
    case_reference: str
    children: Sequence[PlannedChild]
    people: Sequence[PlannedPerson]
    method: Method = Method.TELEPHONE
    reason: str = ""
    circumstances: Sequence[str] = ()
    meeting_id: UUID | None = None
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be said of a plan: the quorum if everybody comes, and who else should be considered, and why.

    ``apply`` holds the triggers that hold, ``missing`` those of them for whom nobody is on the list.
    """

    quorum: Quorum
    apply: tuple[InviteTrigger, ...]
    missing: tuple[InviteTrigger, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A practitioner who was at a table before."""

    name: str
    sector: str
    agency: str
    role: str


def set_up(sitting: Sitting, plan: Plan, *, begin: bool) -> UUID:
    """Return the id of the meeting, prepared as planned; with ``begin`` those who are here arrive and it starts.

    Raises ``Refused`` where any part is not right; nothing is then kept.
    """
    with sitting.store.together():
        meeting_id = plan.meeting_id or _prepare(sitting, plan)
        if plan.meeting_id is not None:
            _require_prepared(sitting, plan.meeting_id)
        seats = [(person.id or _invite(sitting, meeting_id, person), person.here) for person in plan.people]
        if begin:
            for attendance_id, here in seats:
                if here:
                    table.arrive(sitting, attendance_id)
            meetings.start(sitting, meeting_id)
    return meeting_id


def _prepare(sitting: Sitting, plan: Plan) -> UUID:
    reference = required(plan.case_reference, "case.reference-missing", cases.LONGEST_REFERENCE)
    case_id = case_of(sitting, reference) or cases.open_case(sitting, reference).id
    child_ids = [child.id or _add_child(sitting, case_id, child) for child in plan.children]
    return meetings.prepare(
        sitting, case_id, plan.type_id, child_ids, planned_at=sitting.now(), method=plan.method, reason=plan.reason,
        circumstances=plan.circumstances, follows=plan.follows,
    ).id  # fmt: skip


def _add_child(sitting: Sitting, case_id: UUID, child: PlannedChild) -> UUID:
    return cases.add_child(sitting, case_id, child.name, born=child.born, expected=child.expected).id


def _invite(sitting: Sitting, meeting_id: UUID, person: PlannedPerson) -> UUID:
    return table.invite(
        sitting, meeting_id, person.name, sector=person.sector, agency=person.agency, role=person.role,
        capacity=person.capacity,
    ).id  # fmt: skip


def _require_prepared(sitting: Sitting, meeting_id: UUID) -> None:
    if load(sitting, meeting_id).state is not State.PREPARED:
        raise Refused("meeting.already-started")


def case_of(sitting: Sitting, reference: str) -> UUID | None:
    """Return the id of the case with that reference, if there is one."""
    with sitting.store.read() as session:
        return session.scalar(select(Case.id).where(Case.reference == reference.strip()))


def check_child(sitting: Sitting, child: PlannedChild) -> None:
    """Raise ``Refused`` where a child's name or dates cannot be right; nothing is saved."""
    act = sitting.act()
    _child(act, _case(act), child).describe(legal_day(act.at))


def check_person(person: PlannedPerson) -> None:
    """Raise ``Refused`` where a person's name cannot be right; nothing is saved."""
    required(person.name, "attendance.name-missing", LONGEST_NAME)


def outlook(sitting: Sitting, plan: Plan) -> Outlook:
    """Return what can be said of a plan before anything of it is saved; raises ``Refused`` for an unknown type."""
    meeting_type = sitting.pack.meeting_type(plan.type_id)
    if meeting_type is None:
        raise Refused("meeting.unknown-type")
    act = sitting.act()
    case = _case(act)
    children = [_child(act, case, child) for child in plan.children]
    meeting = Meeting(
        id=act.new_id(), case=case, reference="-", type_id=plan.type_id, pack_digest=sitting.pack.digest,
        planned_at=act.at,
    )  # fmt: skip
    people = [_seat(sitting, act, meeting, person) for person in plan.people]
    apply = considered(meeting_type, children, plan.circumstances)
    return Outlook(
        forecast_quorum(meeting_type, people, sitting.pack),
        tuple(apply),
        tuple(not_yet_invited(apply, people, sitting.pack)),
    )


def _case(act: Act) -> Case:
    return Case(id=act.new_id(), reference="-", opened_at=act.at)


def _child(act: Act, case: Case, child: PlannedChild) -> Child:
    return Child(id=act.new_id(), case=case, name=child.name, born=child.born, expected=child.expected)


def _seat(sitting: Sitting, act: Act, meeting: Meeting, person: PlannedPerson) -> Attendance:
    sector = sitting.pack.sector(person.sector)
    agency = Agency(id=act.new_id(), sector=sector.id, name=person.agency or sector.short) if sector else None
    return Attendance(id=act.new_id(), meeting=meeting, name=person.name, agency=agency, capacity=person.capacity)


def known_people(sitting: Sitting) -> list[KnownPerson]:
    """Return the practitioners who were at a table before, by name."""
    with sitting.store.read() as session:
        rows = session.scalars(
            select(Practitioner).options(joinedload(Practitioner.agency)).order_by(Practitioner.name)
        )
        return [KnownPerson(p.name, p.agency.sector, p.agency.name, p.role) for p in rows]
