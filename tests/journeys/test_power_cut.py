"""The power fails at any moment: whatever was shown as saved is there, and the store and its keys are whole."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.models.statement import Statement
from app.services import cases, entries, meetings, opening
from app.services.sitting import Sitting
from app.store.checking import findings
from app.store.faults import StoreFault
from app.store.store import Store
from app.vault import header, keys
from app.vault.errors import VaultError
from app.vault.passphrase import FLOOR
from tests.builders import TYPE, Clock, counting, national_files, national_pack
from tests.journeys.power import Disk, Named, Trace, files_in, rebuild, traced

ROOT = Path(__file__).parents[2]
PASSPHRASE = "seven lamps along the quiet river"
HALF = "half a word of number "

# In one write, so that no cut finds half of what was told.
TOLD = """
def told(word, number):
    sys.stdout.write(f"{word} {number}\\n")
    sys.stdout.flush()
"""

# Opens the store with the passphrase, types, keeps what stands half typed, goes to other items and locks, three times
# over; says what it was told is saved.
TYPIST = """
import pathlib, sys
from uuid import UUID
from app.services import entries, meetings, opening, unfinished
from tests.builders import Clock

folder, meeting, statements = pathlib.Path(sys.argv[1]), UUID(sys.argv[2]), int(sys.argv[3])
clock = Clock()
for begin in range(1, statements, 20):
    sitting = opening.open_store(folder, "seven lamps along the quiet river", clock)
    for number in range(begin, begin + 20):
        if number % 7 == 0:
            meetings.open_item(sitting, meeting, ("agencies", "household", "voice")[number // 7 % 3])
        unfinished.keep(sitting, unfinished.Kept("meeting", {"meeting": f"half a word of number {number}"}))
        told("kept", number)
        entries.record_statement(sitting, meeting, "agencies", f"Statement {number}.")
        told("saved", number)
    sitting.close()
"""

# Changes the passphrase again and again: the words "the passphrase of generation" and the number the header then has.
CHANGER = """
import pathlib, sys
from app.vault import header, keys

folder, key = pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
for generation in range(2, 2 + int(sys.argv[3])):
    keys.set_passphrase(folder, key, f"the passphrase of generation {generation}")
    told("changed", generation)
"""


def played(code: str, folder: Path, *words: str) -> Disk:
    """Run a child on a folder and return what it asked of the disk."""
    start = files_in(folder)
    trace = folder.parent / "trace"
    traced(
        [sys.executable, "-c", TOLD + code, str(folder), *words], trace, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}
    )
    with trace.open(encoding="ascii") as lines:
        return Disk(Trace(lines, folder, start))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a meeting that was typed in asked of the disk, and the data key of its store."""

    meeting: UUID
    key: bytes
    disk: Disk


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    folder, clock = tmp_path_factory.mktemp("typed") / "store", Clock()
    sitting = opening.make_store(folder, PASSPHRASE, clock, kdf=FLOOR).sitting
    try:
        case = cases.open_case(sitting, "SAMPLE-1")
        child = cases.add_child(sitting, case.id, "Robin Sample")
        meeting = meetings.prepare(sitting, case.id, TYPE, [child.id], planned_at=clock())
        meetings.start(sitting, meeting.id)
        meetings.open_item(sitting, meeting.id, "agencies")
        key = sitting.store.key
    finally:
        sitting.close()
    return Typed(meeting.id, key, played(TYPIST, folder, str(meeting.id), "60"))


def last(said: list[str], word: str) -> int:
    """Return the last number that was said with this word."""
    return max((int(line.split()[1]) for line in said if line.startswith(word)), default=0)


def fault_of(folder: Path, typed: Typed, said: list[str], *, thorough: bool) -> str:
    """Return what was lost or is damaged in a folder, against what its process had said; empty where nothing is."""
    try:
        store = Store.open(folder, typed.key)
    except StoreFault as fault:
        return f"does not open: {fault}"
    try:
        return lost(store, typed.meeting, said, thorough=thorough)
    except (StoreFault, DBAPIError) as fault:
        return f"cannot be read: {type(fault).__name__}"
    finally:
        store.close()


def lost(store: Store, meeting: UUID, said: list[str], *, thorough: bool) -> str:
    with store.read() as session:
        texts = session.scalars(select(Statement.text).order_by(Statement.text)).all()
    numbers = sorted(int(text.removeprefix("Statement ").removesuffix(".")) for text in texts)
    saved, kept = last(said, "saved"), last(said, "kept")
    half = int(store.unfinished().get("meeting", f"{HALF}0").removeprefix(HALF))
    if numbers not in (list(range(1, saved + 1)), list(range(1, saved + 2))):
        return f"{saved} were shown as saved, there are {numbers}"
    if half not in (kept, kept + 1):
        return f"half of number {kept} was kept, there is number {half}"
    found = list(findings(store))
    if thorough and not found:
        sitting = Sitting(store, national_pack(), dict(national_files()), "Ash", Clock(), counting())
        entries.record_statement(sitting, meeting, "agencies", "The power is back.")
    return "; ".join(found)


def cuts(typed: Typed, count: int, *, trusted: bool = True) -> Mapping[int, str]:
    """Cut the power at so many moments and return what went wrong, by the moment."""
    chance, faults, disk = Random(count), {}, typed.disk
    with TemporaryDirectory() as place:
        for number in range(count):
            cut = chance.randint(0, len(disk.deeds))
            rebuild(disk.after(cut, chance, trusted=trusted), Path(place))
            fault = fault_of(Path(place), typed, disk.said(cut), thorough=number % 10 == 0)
            faults |= {cut: fault} if fault else {}
    return faults


def test_three_hundred_power_cuts_lose_nothing_that_was_shown_as_saved(typed: Typed) -> None:
    assert last(typed.disk.said(len(typed.disk.deeds)), "saved") == 60
    assert cuts(typed, 300) == {}


def test_a_disk_that_heeds_no_sync_does_lose_what_was_saved_so_the_replay_can_tell(typed: Typed) -> None:
    assert len(cuts(typed, 20, trusted=False)) > 10


@pytest.mark.torture
def test_five_thousand_power_cuts_lose_nothing_that_was_shown_as_saved(typed: Typed) -> None:
    assert cuts(typed, 5000) == {}


@cache
def changing() -> tuple[bytes, str, Disk]:
    """Return the data key and the recovery key of a store whose passphrase was changed, and how."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "store"
        made = keys.create(folder, "the passphrase of generation 1", kdf=FLOOR)
        assert made.recovery_key is not None
        return made.key, made.recovery_key, played(CHANGER, folder, made.key.hex(), "12")


def keys_after(cuts: int) -> None:
    key, recovery, disk = changing()
    chance = Random(cuts)
    with TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(cuts):
            cut = chance.randint(0, len(disk.deeds))
            rebuild(disk.after(cut, chance), folder)
            known = max(1, last(disk.said(cut), "changed"))
            try:
                assert keys.unlock_with_recovery(folder, recovery) == key
            except VaultError as fault:
                raise AssertionError(f"the keys were lost at {cut}") from fault
            generation = header.read((folder / "vault.keys").read_bytes()).generation
            assert generation in (known, known + 1)
            if number % 25 == 0:
                assert keys.unlock(folder, f"the passphrase of generation {generation}") == key


def test_three_hundred_power_cuts_while_the_passphrase_changes_leave_the_old_or_the_new_one() -> None:
    keys_after(300)


@pytest.mark.torture
def test_five_thousand_power_cuts_while_the_passphrase_changes_leave_the_old_or_the_new_one() -> None:
    keys_after(5000)


def test_the_replay_saw_the_key_file_being_replaced() -> None:
    _, _, disk = changing()
    renamed = [
        deed
        for deed in disk.deeds
        if isinstance(deed, Named) and (deed.name, deed.gone) == ("vault.keys", "vault.keys.new")
    ]
    assert len(renamed) == 12
