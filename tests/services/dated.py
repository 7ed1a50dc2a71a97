"""Meetings held in a minute, for what follows from them: the dates of a case."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models.attendance import Capacity
from app.models.case import Case, Child
from app.models.deadline import Deadline
from app.models.meeting import Meeting
from app.practice.words import LONDON, legal_day
from app.services import cases, chronology, concluding, deciding, meetings, table
from app.services.deciding import Choice
from app.services.sitting import Sitting
from tests.builders import Clock, a_sitting

SEATS = ("csc", "police", "health_community", "education", "early_years")


def at(day: int, month: int, year: int = 2027, hour: int = 10) -> datetime:
    """Return an hour of a day as the clocks of London show it."""
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(LONDON))


@dataclass
class Family:
    """A case whose meetings are held at the time the test says."""

    sitting: Sitting
    clock: Clock
    case: Case
    children: list[Child]

    @property
    def child(self) -> Child:
        return self.children[0]

    def hold(
        self,
        type_id: str,
        when: datetime,
        decisions: Mapping[str, str] | None = None,
        *,
        children: Sequence[Child] = (),
        seats: Sequence[str] = SEATS,
        on: date | None = None,
    ) -> Meeting:
        """Hold a meeting and conclude it, with a reason for whatever is left open."""
        meeting = self.begin(type_id, when, decisions or {}, children=children, seats=seats, on=on)
        found = concluding.blocks(self.sitting, meeting)
        reasons = {(f.rule, f.subject): "It could not be had today." for f in found}
        return concluding.conclude(self.sitting, meeting, reasons)

    def begin(
        self,
        type_id: str,
        when: datetime,
        decisions: Mapping[str, str],
        *,
        children: Sequence[Child] = (),
        seats: Sequence[str] = SEATS,
        on: date | None = None,
    ) -> UUID:
        """Begin a meeting in which people sit and these decisions are made."""
        sitting, about = self.sitting, children or self.children
        self.clock.at = when
        meeting = meetings.prepare(sitting, self.case.id, type_id, [child.id for child in about], planned_at=when).id
        meetings.start(sitting, meeting)
        for sector in seats:
            capacity = Capacity.CHAIR if sector == "csc" else Capacity.PRACTITIONER
            seat = table.invite(sitting, meeting, f"{sector} Example", sector=sector, capacity=capacity)
            table.arrive(sitting, seat.id)
        for child in about:
            for question, option in decisions.items():
                choice = Choice(
                    question, child.id, option, "The accounts agree.", on=on or date(2027, 3, 1), detail="As said.",
                    person="Blair Example",
                )  # fmt: skip
                deciding.decide(sitting, meeting, choice)
        return meeting

    def happens(self, kind: Any, when: date | datetime, noted: datetime | None = None, **rest: Any) -> Any:
        self.clock.at = noted or (when if isinstance(when, datetime) else at(when.day, when.month, when.year, 12))
        return chronology.record_event(self.sitting, self.case.id, kind, "As the health visitor said.", when, **rest)

    def deadlines(self) -> list[Deadline]:
        with self.sitting.store.read() as session:
            mine = select(Deadline).where(Deadline.case_id == self.case.id).order_by(Deadline.due_at)
            return list(
                session.scalars(
                    mine.options(
                        selectinload(Deadline.child),
                        selectinload(Deadline.meeting),
                        selectinload(Deadline.event),
                        selectinload(Deadline.recalculations),
                    )
                )
            )

    def only(self, limit_id: str, child: Child | None = None) -> Deadline:
        (found,) = [d for d in self.deadlines() if d.limit_id == limit_id and (child is None or d.child_id == child.id)]
        return found

    def due(self, limit_id: str) -> date:
        return legal_day(self.only(limit_id).due_at)


@contextmanager
def a_family(folder: Path, *names: str, born: date | None = date(2021, 5, 4)) -> Iterator[Family]:
    """Give a case with these children; unborn ones are expected on 20 January 2027."""
    clock = Clock(at(1, 12, 2026))
    with a_sitting(folder, clock) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        facts = {"born": born} if born else {"expected": date(2027, 1, 20)}
        kept = [cases.add_child(sitting, case.id, name, **facts) for name in names or ("Robin Sample",)]
        yield Family(sitting, clock, case, kept)
