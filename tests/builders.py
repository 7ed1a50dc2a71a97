"""Stores, sittings and meetings for tests: real ones, with a clock and chance that the test decides."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import resources
from app.models.agency import Agency
from app.models.attendance import Attendance, Capacity, Presence
from app.models.base import Act, Base
from app.models.case import Case, Child
from app.models.decision import Decision
from app.models.meeting import Meeting, State, Subject
from app.models.statement import Statement
from app.models.view import View
from app.practice.pack import MeetingType, Pack
from app.practice.reading import files_of, read_files
from app.services import cases, concluding, deciding, entries, meetings, retaining, table
from app.services.deciding import Choice
from app.services.opening import make_store
from app.services.sitting import Sitting
from app.store.store import FILE, Store
from app.vault.passphrase import FLOOR

START = datetime(2026, 12, 10, 10, 30, tzinfo=UTC)
KEY = bytes(range(32))
TYPE = "strategy_initial"


@dataclass
class Clock:
    """A clock that moves a second each time it is read, and stands still where ``step`` is nothing."""

    at: datetime = START
    step: timedelta = timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at

    def pass_by(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


def counting(start: int = 0) -> Callable[[int], bytes]:
    """Return chance that is not: the numbers from ``start`` on, so that ids and salts come out the same each time."""
    state = [start]

    def chance(size: int) -> bytes:
        state[0] += 1
        return state[0].to_bytes(size, "big")

    return chance


def a_store_of(folder: Path, passphrase: str, recovery_key: Path | None = None) -> None:
    """Make a store as ``new-store`` does, at the least cost of a passphrase, and keep its recovery key in a file."""
    made = make_store(folder, passphrase, lambda: datetime.now(UTC), kdf=FLOOR)
    made.sitting.close()
    if recovery_key is not None:
        recovery_key.write_text(f"{made.recovery_key}\n", encoding="utf-8")


def an_act(who: str = "Ash Example", at: datetime = START) -> Act:
    return Act(who, at, os.urandom)


@cache
def national_files() -> Mapping[str, bytes]:
    return files_of(resources.folder("packs", "england"))


@cache
def national_pack() -> Pack:
    return read_files(national_files())


def strategy() -> MeetingType:
    found = national_pack().meeting_type(TYPE)
    assert found is not None
    return found


@dataclass
class Room:
    """A sitting with one meeting and what the tests need to name of it."""

    sitting: Sitting
    clock: Clock
    case: Case
    children: list[Child]
    meeting: UUID
    people: dict[str, Attendance] = field(default_factory=dict)

    @property
    def child(self) -> Child:
        return self.children[0]

    def loaded(self) -> Meeting:
        return meetings.load(self.sitting, self.meeting)

    def invite(self, sector: str, name: str, *, role: str = "", capacity: Capacity = Capacity.PRACTITIONER) -> UUID:
        seat = table.invite(self.sitting, self.meeting, name, sector=sector, role=role, capacity=capacity)
        self.people[name] = seat
        return seat.id

    def arrive(self, *names: str) -> None:
        for name in names:
            table.arrive(self.sitting, self.people[name].id)

    def leave(self, name: str) -> None:
        table.leave(self.sitting, self.people[name].id)

    def say(self, name: str, text: str, item: str = "agencies", **rest: Any) -> UUID:
        said = entries.record_statement(
            self.sitting, self.meeting, item, text, speaker=self.people[name].id if name else None, **rest
        )
        return said.id

    def view(self, name: str, option: str = "met", child: Child | None = None) -> UUID:
        who = self.people[name].id
        about = (child or self.child).id
        return deciding.record_view(
            self.sitting, self.meeting, "threshold", about, option, "Two accounts agree.", speaker=who
        ).id

    def decide(self, question: str, option: str, child: Child | None = None, **rest: Any) -> UUID:
        reason = rest.pop("reason", "The accounts agree and the mark is recent.")
        choice = Choice(question, (child or self.child).id, option, reason, **rest)
        return deciding.decide(self.sitting, self.meeting, choice).id

    def settle(self) -> None:
        """Record what the rules ask for, so that nothing keeps the meeting open."""
        meeting = self.loaded()
        heard = [item.id for item in strategy().agenda if item.hears and not item.views]
        for seat in meeting.attendances:
            if seat.came and seat.counts:
                for item in heard:
                    self.say(seat.name, "Nothing further is known.", item)
                for child in self.children:
                    self.view(seat.name, "met", child)
        for child in self.children:
            self.decide("D1", "met", child)
            self.decide("D2", "joint", child)
            self.decide("D4", "none", child)
            self.decide("D12", "after_criminal", child)
            self.decide("D13", "not_needed", child, detail="The conference follows.")

    def conclude(self) -> Meeting:
        """Conclude, with a reason for whatever still blocks."""
        found = concluding.blocks(self.sitting, self.meeting)
        return concluding.conclude(
            self.sitting, self.meeting, {(f.rule, f.subject): "It could not be had today." for f in found}
        )


def sitting_at(store: Store, clock: Clock, files: Mapping[str, bytes] | None = None) -> Sitting:
    """Give a sitting at an open store, under the national pack or the one in ``files``."""
    pack = national_pack() if files is None else read_files(files)
    return Sitting(store, pack, dict(files or national_files()), "Ash Example", clock, os.urandom)


@contextmanager
def a_sitting(
    folder: Path, clock: Clock | None = None, files: Mapping[str, bytes] | None = None, key: bytes = KEY
) -> Iterator[Sitting]:
    """Give a sitting at a new store in ``folder``, under a key that costs nothing."""
    clock = clock or Clock()
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Store.create(folder, key, an_act(at=clock()))) as store:
        sitting = sitting_at(store, clock, files)
        retaining.choose_marking(sitting, "OFFICIAL-SENSITIVE")
        yield sitting


@contextmanager
def a_new_room(folder: Path, *, children: int = 1, started: bool = True, key: bytes = KEY) -> Iterator[Room]:
    """Give a strategy discussion with social care, police and health at the table, started unless told otherwise."""
    clock = Clock()
    with a_sitting(folder, clock, key=key) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        names = ("Robin Sample", "Wren Sample", "Jay Sample")[:children]
        kept = [cases.add_child(sitting, case.id, name, born=date(2021, 5, 4)) for name in names]
        meeting = meetings.prepare(sitting, case.id, TYPE, [child.id for child in kept], planned_at=START)
        room = Room(sitting, clock, case, kept, meeting.id)
        room.invite("csc", "Ash Example", role="team_manager", capacity=Capacity.CHAIR)
        room.invite("csc", "Blair Example", role="social_worker")
        room.invite("police", "Casey Example", role="ds")
        room.invite("health_community", "Drew Example", role="health_visitor")
        if started:
            meetings.start(sitting, meeting.id)
            room.arrive("Ash Example", "Blair Example", "Casey Example", "Drew Example")
        yield room


@cache
def _to_copy(children: int, started: bool) -> tuple[Path, datetime, UUID]:
    """Make a room once for all tests; return where it is, when it was done and its meeting."""
    folder = Path(tempfile.mkdtemp(prefix="chairside-room-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with a_new_room(folder, children=children, started=started) as room:
        return folder, room.clock.at, room.meeting


@contextmanager
def a_room(folder: Path, *, children: int = 1, started: bool = True) -> Iterator[Room]:
    """Give a room like ``a_new_room``, by a copy, which takes a hundredth of the time; all copies share their ids."""
    made, at, found = _to_copy(children, started)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    with closing(Store.open(folder, KEY)) as store:
        clock = Clock(at)
        sitting = sitting_at(store, clock)
        meeting = meetings.load(sitting, found)
        people = {seat.name: seat for seat in meeting.attendances}
        yield Room(sitting, clock, meeting.case, meeting.children, meeting.id, people)


def dump(store: Store, *, but: tuple[str, ...] = ("audit_entry",)) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, in the order of their keys, but for the tables named."""
    with store.read() as session:
        return {
            name: [tuple(row) for row in session.execute(select(rows).order_by(*rows.primary_key.columns))]
            for name, rows in Base.metadata.tables.items()
            if name not in but
        }


def trail(store: Store) -> list[Any]:
    """Return the rows of the audit trail, in order."""
    with store.connection() as connection:
        return list(connection.exec_driver_sql("SELECT * FROM audit_entry ORDER BY seq"))


def a_copy_of_the_pack(folder: Path) -> Path:
    """Copy the national pack to ``folder`` and return where it is."""
    return shutil.copytree(resources.folder("packs", "england"), folder)


def the_file(store: Store) -> Path:
    return store.folder / FILE


def clock(hour: int, minute: int) -> datetime:
    """Return a moment of the day of the sample meetings; in December the clocks of London show it too."""
    return START.replace(hour=hour, minute=minute)


class InMemory:
    """A meeting without a store, for the rules: started at 10:30, ids in order."""

    def __init__(self, *children: str) -> None:
        self._last = 0
        self.case = Case(id=self.new_id(), reference="SAMPLE-1", opened_at=START)
        self.meeting = Meeting(
            id=self.new_id(), case=self.case, reference="CM-2026-0001", type_id=TYPE, pack_digest="", planned_at=START,
            state=State.IN_SESSION, started_at=START,
        )  # fmt: skip
        for name in children or ("Robin Sample",):
            child = Child(id=self.new_id(), case=self.case, name=name)
            Subject(id=self.new_id(), meeting=self.meeting, child=child)

    def new_id(self) -> UUID:
        self._last += 1
        return UUID(int=self._last)

    @property
    def child(self) -> Child:
        return self.meeting.children[0]

    def agency(self, sector: str) -> Agency:
        seated = [a.agency for a in self.meeting.attendances if a.agency is not None and a.agency.sector == sector]
        return seated[0] if seated else Agency(id=self.new_id(), sector=sector, name=sector.title())

    def seat(self, sector: str, name: str = "", *stays: tuple[datetime, datetime | None], **rest: Any) -> Attendance:
        """Seat somebody; without stays they are there from the start."""
        agency = self.agency(sector) if sector else None
        seat = Attendance(
            id=self.new_id(), meeting=self.meeting, name=name or sector, agency=agency,
            position=len(self.meeting.attendances) + 1, **rest,
        )  # fmt: skip
        for arrived, left in stays or ((START, None),):
            Presence(id=self.new_id(), attendance=seat, arrived_at=arrived, left_at=left)
        return seat

    def quorate(self) -> "InMemory":
        self.seat("csc", capacity=Capacity.CHAIR)
        self.seat("police")
        self.seat("health_community")
        return self

    def say(self, speaker: Attendance | None, item: str) -> None:
        Statement(id=self.new_id(), meeting=self.meeting, item_id=item, said_at=START, text="x", speaker=speaker)

    def view(self, speaker: Attendance, option: str = "met", child: Child | None = None, turn: int = 1) -> None:
        assert speaker.agency is not None
        View(
            id=self.new_id(), meeting=self.meeting, agency=speaker.agency, child=child or self.child,
            item_id="threshold", question_id="threshold", option=option, reason="x", given_at=START, speaker=speaker,
            round=turn,
        )  # fmt: skip

    def decide(self, question: str, option: str, child: Child | None = None, **rest: Any) -> Decision:
        made: dict[str, Any] = {"reason": "x", "decided_at": START, "quorate": True, "item_id": "decisions", **rest}
        return Decision(
            id=self.new_id(),
            meeting=self.meeting,
            child=child or self.child,
            question_id=question,
            option=option,
            **made,
        )

    def settle(self) -> "InMemory":
        """Record what the rules ask for, so that nothing keeps the meeting open."""
        counted = [a for a in self.meeting.attendances if a.counts]
        for item in strategy().agenda:
            for speaker in counted if item.hears and not item.views else ():
                self.say(speaker, item.id)
        for child in self.meeting.children:
            for speaker in counted:
                self.view(speaker, child=child)
            for question, option in SETTLED.items():
                self.decide(question, option, child)
        return self


SETTLED = {"D1": "met", "D2": "joint", "D4": "none", "D12": "after_criminal", "D13": "not_needed"}
