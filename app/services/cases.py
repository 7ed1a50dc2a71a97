"""Cases, the children they are about, and their family and network."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.models.base import Refused, required
from app.models.case import Case, Child, Fact, Person
from app.models.deadline import Deadline
from app.models.meeting import Meeting
from app.practice.words import legal_day
from app.services import noting
from app.services.sitting import Sitting, case_of

LONGEST_REFERENCE = 64
Known = TypeVar("Known", Child, Person)


# what is told of a date
OF_A_DATE = (
    selectinload(Deadline.case).selectinload(Case.children),
    selectinload(Deadline.child),
    selectinload(Deadline.recalculations),
)


def open_case(sitting: Sitting, reference: str) -> Case:
    """Return a new case under the authority's reference; raises ``Refused`` where it is empty or taken."""
    act = sitting.act()
    kept = required(reference, "case.reference-missing", LONGEST_REFERENCE)
    with sitting.store.begin(act, "case.opened") as session:
        if session.scalar(select(Case.id).where(Case.reference == kept)) is not None:
            raise Refused("case.reference-taken", reference=kept)
        case = Case(id=act.new_id(), reference=kept, opened_at=act.at)
        session.add(case)
        session.info["case"] = case.id
    return case


def add_child(sitting: Sitting, case_id: UUID, name: str, **facts: Fact) -> Child:
    """Return a new child of the case; ``facts`` are columns of ``Child``."""
    act = sitting.act()
    with sitting.store.begin(act, "child.added", case=case_id) as session:
        case = case_of(session, case_id)
        count = session.scalar(select(func.count()).where(Child.case_id == case_id)) or 0
        child = Child(id=act.new_id(), case=case, name=name, position=count + 1)
        child.describe(legal_day(act.at), **facts)
        session.add(child)
    return child


def change_child(sitting: Sitting, child_id: UUID, **facts: Fact) -> Child:
    """Return the child with what is known now; the trail keeps what was recorded before."""
    act = sitting.act()
    with sitting.store.begin(act, "child.changed") as session:
        child = _known(session.get(Child, child_id))
        session.info["case"] = child.case_id
        child.describe(legal_day(act.at), **facts)
    return child


def add_person(sitting: Sitting, case_id: UUID, name: str, **facts: Fact) -> Person:
    """Return a new person of the child's family or network; ``facts`` are columns of ``Person``."""
    act = sitting.act()
    with sitting.store.begin(act, "person.added", case=case_id) as session:
        case = case_of(session, case_id)
        count = session.scalar(select(func.count()).where(Person.case_id == case_id)) or 0
        person = Person(id=act.new_id(), case=case, name=name, position=count + 1)
        person.describe(legal_day(act.at), **facts)
        session.add(person)
    return person


def change_person(sitting: Sitting, person_id: UUID, **facts: Fact) -> Person:
    """Return the person with what is known now."""
    act = sitting.act()
    with sitting.store.begin(act, "person.changed") as session:
        person = _known(session.get(Person, person_id))
        session.info["case"] = person.case_id
        person.describe(legal_day(act.at), **facts)
    return person


def _known(record: Known | None) -> Known:
    if record is None:
        raise Refused("case.unknown-person")
    return record


def load_case(sitting: Sitting, case_id: UUID) -> Case:
    """Return a case with its children, people, meetings and dates."""
    with sitting.store.read() as session:
        wanted = [
            selectinload(Case.children),
            selectinload(Case.people),
            selectinload(Case.meetings).selectinload(Meeting.subjects),
            selectinload(Case.deadlines).selectinload(Deadline.case),
            selectinload(Case.deadlines).selectinload(Deadline.child),
            selectinload(Case.deadlines).selectinload(Deadline.meeting),
            selectinload(Case.deadlines).selectinload(Deadline.recalculations),
        ]
        return case_of(session, case_id, wanted)


def look_at(sitting: Sitting, case_id: UUID) -> Case:
    """Return a case as ``load_case`` does, and note in the trail that somebody looked at it."""
    case = load_case(sitting, case_id)
    noting.looked(sitting, "case.read", case=case_id)
    return case


def list_cases(sitting: Sitting, limit: int = 200) -> Sequence[Case]:
    """Return the cases with their children, the newest first, ``limit`` at most."""
    with sitting.store.read() as session:
        return session.scalars(
            select(Case).options(selectinload(Case.children)).order_by(Case.opened_at.desc()).limit(limit)
        ).all()


def dates_due(sitting: Sitting, limit: int = 50) -> Sequence[Deadline]:
    """Return the dates that are still to be kept, the soonest first."""
    with sitting.store.read() as session:
        return session.scalars(
            select(Deadline)
            .where(Deadline.met_at.is_(None))
            .options(*OF_A_DATE, selectinload(Deadline.meeting))
            .order_by(Deadline.due_at)
            .limit(limit)
        ).all()
