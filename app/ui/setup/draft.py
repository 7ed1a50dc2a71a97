"""A meeting while it is being set up: what is on the page and not saved yet. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from uuid import UUID

from app.models.attendance import Capacity
from app.models.meeting import Meeting, Method
from app.practice.participation import expected
from app.services import cases
from app.services.meetings import load, look_at
from app.services.opening import signer
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, case_of
from app.services.sitting import Sitting
from app.ui.setup.presenter import People


@dataclass(slots=True)
class Draft:
    """What is on the page: ``children`` and ``people`` in their order, and which children are left out."""

    type_id: str
    case_reference: str = ""
    children: list[PlannedChild] = field(default_factory=list)
    left_out: set[UUID] = field(default_factory=set)
    people: list[PlannedPerson] = field(default_factory=list)
    method: Method = Method.TELEPHONE
    reason: str = ""
    circumstances: set[str] = field(default_factory=set)
    meeting_id: UUID | None = None
    touched: bool = False

    def plan(self) -> Plan:
        """Return the meeting as it is to be set up."""
        return Plan(
            self.type_id,
            self.case_reference,
            [child for child in self.children if child.id not in self.left_out],
            list(self.people),
            self.method,
            self.reason,
            sorted(self.circumstances),
            self.meeting_id,
        )

    def take_over(self, other: "Draft") -> None:
        """Become what is on another page."""
        for part in fields(self):
            setattr(self, part.name, getattr(other, part.name))

    def take_in(self, now: "Draft", before: "Draft") -> None:
        """Take in what the record has ``now`` and not ``before``; what was typed or ticked here meanwhile stays."""
        was = {person.id: person.here for person in before.people}
        ticked = {person.id: person.here for person in self.people if person.id}
        seated = [
            replace(p, here=ticked[p.id]) if p.id in ticked and p.here is was.get(p.id, p.here) else p
            for p in now.people
        ]
        self.people = seated + [person for person in self.people if person.id is None]
        self.children = list(now.children)
        gone = before.circumstances - now.circumstances
        self.circumstances = (self.circumstances - gone) | (now.circumstances - before.circumstances)

    def follow_case(self, sitting: Sitting, reference: str) -> bool:
        """Take over the children of the case with that reference; return whether there is one."""
        self.case_reference = reference.strip()
        typed = [child for child in self.children if child.id is None]
        case_id = case_of(sitting, reference) if self.case_reference else None
        known = cases.load_case(sitting, case_id).children if case_id else []
        self.children = [PlannedChild(c.name, c.born, c.expected, c.id) for c in known] + typed
        self.left_out &= {child.id for child in known}
        return case_id is not None

    def add_child(self, child: PlannedChild) -> None:
        """Put a child on the list."""
        self.children.append(child)
        self.touched = True

    def remove_child(self, place: int) -> None:
        """Take a child off the list; one of the case is only left out of this meeting."""
        if self.children[place].id is None:
            del self.children[place]
        else:
            self.tick_child(place, False)

    def tick_child(self, place: int, ticked: bool) -> None:
        """Leave a child of the case out of the meeting, or take it in."""
        child_id = self.children[place].id
        if child_id is not None:
            (self.left_out.discard if ticked else self.left_out.add)(child_id)

    def add_person(self, person: PlannedPerson) -> None:
        """Put somebody on the list; a second chair takes the place of the first."""
        if person.capacity is Capacity.CHAIR:
            self.people = [p for p in self.people if p.capacity is not Capacity.CHAIR or p.id is not None]
        self.people.append(person)
        self.touched = True

    def remove_person(self, place: int) -> None:
        """Take somebody off the list; whoever was invited already is noted as not here."""
        if self.people[place].id is None:
            del self.people[place]
        else:
            self.tick_person(place, False)

    def tick_person(self, place: int, here: bool) -> None:
        """Note whether somebody is there when the meeting starts."""
        self.people[place] = replace(self.people[place], here=here)

    def tick_circumstance(self, trigger_id: str, holds: bool) -> None:
        """Note whether the chair says that a circumstance applies."""
        (self.circumstances.add if holds else self.circumstances.discard)(trigger_id)


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """A page as it stands: what is on it, and what is in its lines that nothing has taken yet."""

    draft: Draft
    lines: list[str]


def new_draft(sitting: Sitting, people: People, case_id: UUID | None = None) -> Draft:
    """Return an empty page for the pack's first type of meeting, chaired by who signs here."""
    meeting_type = sitting.pack.meeting_types[0]
    draft = Draft(meeting_type.id)
    person = signer(sitting)
    if person is not None:
        convener = next(iter(meeting_type.quorum.all_of), sitting.pack.sectors[0].id)
        draft.people.append(people.chair(person.name, person.role, person.organisation, convener))
    if case_id is not None:
        draft.follow_case(sitting, cases.look_at(sitting, case_id).reference)
    return draft


def draft_of(sitting: Sitting, meeting_id: UUID) -> Draft:
    """Return the page of a meeting that is prepared already; the trail notes that somebody looks at it."""
    return _of(look_at(sitting, meeting_id))


def draft_now(sitting: Sitting, meeting_id: UUID) -> Draft:
    """Return what the page of a prepared meeting, looked at before, says now."""
    return _of(load(sitting, meeting_id))


def _of(meeting: Meeting) -> Draft:
    draft = Draft(
        meeting.type_id,
        meeting.case.reference,
        [PlannedChild(c.name, c.born, c.expected, c.id) for c in meeting.children],
        method=meeting.method,
        reason=meeting.reason,
        circumstances=set(meeting.circumstances),
        meeting_id=meeting.id,
    )
    draft.people = list(_seated(meeting))
    return draft


def _seated(meeting: Meeting) -> Sequence[PlannedPerson]:
    here = {seat.id for seat in expected(meeting)}
    return [
        PlannedPerson(
            a.name,
            a.agency.sector if a.agency else "",
            a.agency.name if a.agency else "",
            a.role,
            a.capacity,
            here=a.id in here,
            id=a.id,
        )
        for a in meeting.attendances
    ]
