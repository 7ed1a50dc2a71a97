"""A conference with the family at the table, for the tests of how they take part."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.attendance import Capacity
from app.models.meeting import Meeting
from app.services import concluding, meetings, table
from tests.builders import a_room
from tests.services.holding import Held, prepared

VIEWS = {"harm": "likely", "plan": "plan", "category": "neglect"}
CHOSEN = {"C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on"}


@contextmanager
def a_conference(folder: Path, *, started: bool = True) -> Iterator[Held]:
    """Give an initial conference with a chair, three agencies, a child with an advocate, and both parents."""
    with a_room(folder, started=False) as room:
        held = prepared(room.sitting, room.case.id, room.children, "icpc", VIEWS, CHOSEN)
        held.seat("csc", "iro", Capacity.CHAIR)
        for sector, role in (
            ("csc", "social_worker"),
            ("health_community", "health_visitor"),
            ("early_years", "manager"),
        ):
            held.seat(sector, role)
        for name, capacity in (
            ("Robin Sample", Capacity.CHILD),
            ("Mo Sample", Capacity.PARENT),
            ("Sam Sample", Capacity.PARENT),
            ("Lou Example", Capacity.ADVOCATE),
        ):
            held.people[name] = table.invite(held.sitting, held.meeting, name, capacity=capacity)
        if started:
            meetings.start(held.sitting, held.meeting)
            for name, person in held.people.items():
                if name not in ("Robin Sample", "Sam Sample"):
                    table.arrive(held.sitting, person.id)
        yield held


def concluded(held: Held) -> Meeting:
    """Conclude the conference, with a reason for whatever still blocks."""
    found = concluding.blocks(held.sitting, held.meeting)
    reasons = {(one.rule, one.subject): "It could not be had today." for one in found}
    return concluding.conclude(held.sitting, held.meeting, reasons)
