"""The chronology of a case: what happened in the children's lives, who says so, and what dates follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.audit import AuditEntry
from app.models.base import LONGEST_NAME, Act, Refused, required, tidy
from app.models.case import Case, Child, Sex
from app.models.event import Event, EventKind
from app.practice.children import called
from app.practice.dates import comes_of_age
from app.practice.words import LONDON, day, legal_day
from app.services.dates import counted_again
from app.services.sitting import Sitting, case_of
from app.store.trail import changes_of, is_as_told, reverse

RECORDED, TAKEN_BACK = "event.recorded", "event.taken-back"
# what can only happen to one child, and to one who is born
_OF_ONE = frozenset({EventKind.BIRTH, EventKind.NAME_CHANGED, EventKind.DIED})
_OF_THE_BORN = frozenset({EventKind.SEEN, EventKind.DIED, EventKind.POLICE_PROTECTION, EventKind.LOOKED_AFTER})
_OF_THE_LIVING = frozenset(
    {EventKind.BIRTH, EventKind.SEEN, EventKind.MOVED, EventKind.POLICE_PROTECTION, EventKind.LOOKED_AFTER}
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the chronology; ``id`` is None for what follows from the record, such as an eighteenth birthday.

    ``when`` is a day where no hour is known.
    """

    id: UUID | None
    kind: str
    when: date | datetime
    text: str
    child: Child | None
    source: str = ""
    alone: bool | None = None


def record_event(
    sitting: Sitting,
    case_id: UUID,
    kind: EventKind,
    text: str,
    when: date | datetime,
    *,
    child: UUID | None = None,
    source: str = "",
    alone: bool | None = None,
    name: str = "",
) -> Event:
    """Return an event of a case; the dates that rest on it are counted again, and each that moves says why.

    ``name`` is the child's name from then on: needed for a change of name, possible for a birth. ``when`` is a day
    where no hour is known. Raises ``Refused`` for what cannot have happened so.
    """
    act = sitting.act()
    kept = required(text, "event.text-missing")
    with sitting.store.begin(act, RECORDED, case=case_id) as session:
        case = case_of(session, case_id, [selectinload(Case.children), selectinload(Case.events)])
        about = _child(case, kind, child)
        _check_time(case, about, kind, when, act)
        event = Event(
            id=act.new_id(), case=case, kind=kind, text=kept, happened_at=_moment(when),
            whole_day=not isinstance(when, datetime), noted_at=act.at, child=about, source=tidy(source, LONGEST_NAME),
            alone=alone if kind is EventKind.SEEN else None,
        )  # fmt: skip
        session.add(event)
        if about is not None:
            _change_child(event, about, legal_day(when), name, act)
        session.flush()
        counted_again(session, sitting, case_id, event, act)
    return event


def take_back(sitting: Sitting, event_id: UUID) -> None:
    """Take back an event that was recorded by mistake, with all that followed from it; the trail keeps both.

    Raises ``Refused`` where what followed was changed since.
    """
    act = sitting.act()
    with sitting.store.read() as session:
        found = session.get(Event, event_id)
        if found is None:
            raise Refused("event.unknown")
        case_id = found.case_id
        entry = _entry_of(session, case_id, event_id)
    with sitting.store.begin(act, TAKEN_BACK, case=case_id, undoes=entry) as session:
        told = session.get_one(AuditEntry, entry)
        if not is_as_told(session.connection(), told):
            raise Refused("event.built-upon")
        reverse(session, told)


def chronology(sitting: Sitting, case_id: UUID) -> list[Happened]:
    """Return what happened in a case, the latest first, and when each child came of age."""
    today = legal_day(sitting.now())
    with sitting.store.read() as session:
        case = case_of(
            session, case_id, [selectinload(Case.children), selectinload(Case.events).selectinload(Event.child)]
        )
        found = [
            Happened(
                event.id, event.kind, legal_day(event.happened_at) if event.whole_day else event.happened_at,
                event.text, event.child, event.source, event.alone,
            )
            for event in case.events
        ]  # fmt: skip
        named = called(case.children)
        for child in case.children:
            of_age = comes_of_age(child)
            if of_age is not None and of_age <= today:
                found.append(Happened(None, "turned-18", of_age, f"{named[child.id]} turned 18.", child))
    return sorted(found, key=lambda one: _moment(one.when), reverse=True)


def _entry_of(session: Session, case_id: UUID, event_id: UUID) -> int:
    entries = select(AuditEntry).where(AuditEntry.case_id == case_id, AuditEntry.kind == RECORDED)
    for entry in session.scalars(entries.order_by(AuditEntry.seq.desc())):
        if any(change["id"] == event_id.hex for change in changes_of(entry.payload)):
            return entry.seq
    raise Refused("event.unknown")


def _child(case: Case, kind: EventKind, child_id: UUID | None) -> Child | None:
    """Return the child an event is about; where only one child can be meant, that one."""
    if child_id is None:
        if kind not in _OF_ONE:
            return None
        if len(case.children) != 1:
            raise Refused("event.child-missing")
        return case.children[0]
    found = next((child for child in case.children if child.id == child_id), None)
    if found is None:
        raise Refused("event.unknown-child")
    return found


def _check_time(case: Case, child: Child | None, kind: EventKind, when: date | datetime, act: Act) -> None:
    on = legal_day(when)
    if _moment(when) > act.at:
        raise Refused("event.in-future")
    if child is None:
        return
    if kind in _OF_THE_BORN and (child.unborn or (child.born is not None and on < child.born)):
        raise Refused("event.before-birth", child=child.first_name)
    died = [legal_day(e.happened_at) for e in case.events if e.kind is EventKind.DIED and e.child_id == child.id]
    if kind in _OF_THE_LIVING and died and on > min(died):
        raise Refused("event.after-death", child=child.first_name, day=day(min(died)))


def _change_child(event: Event, child: Child, on: date, name: str, act: Act) -> None:
    """Put what an event says of a child where the record keeps it; the earlier name stays in the chronology."""
    today = legal_day(act.at)
    wanted = tidy(name, LONGEST_NAME)
    if event.kind is EventKind.BIRTH:
        sex = Sex.NOT_RECORDED if child.sex is Sex.UNBORN else child.sex
        child.describe(today, born=on, expected=None, sex=sex)
    if event.kind is EventKind.NAME_CHANGED and not wanted:
        raise Refused("event.name-missing", child=child.first_name)
    if event.kind in (EventKind.BIRTH, EventKind.NAME_CHANGED) and wanted and wanted != child.name:
        event.text = f"{event.text} The name recorded until then: {child.name}."
        # what the child was known as went with the earlier name
        child.describe(today, name=wanted, known_as="" if event.kind is EventKind.NAME_CHANGED else child.known_as)


def _moment(when: date | datetime) -> datetime:
    """Return the moment of an event: the beginning of its day in London where no hour is known."""
    return when if isinstance(when, datetime) else datetime.combine(when, time(), ZoneInfo(LONDON))


def listed(sitting: Sitting, case_id: UUID) -> Sequence[Event]:
    """Return the events of a case as they were recorded, in order of time."""
    with sitting.store.read() as session:
        mine = select(Event).where(Event.case_id == case_id).order_by(Event.happened_at, Event.id)
        return session.scalars(mine.options(selectinload(Event.child))).all()
