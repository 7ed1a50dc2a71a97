"""A damaged store: what can be read is read, what cannot is named, and a backup takes its place without overwriting."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from app.services import backups, cases, copying, entries, exchange, meetings, mending, opening, proving, securing
from app.services.opening import CannotOpen, open_store
from app.services.sitting import Sitting
from app.store.faults import StoreDamaged, StoreFault
from app.store.store import FILE, Store
from app.vault import files, keys, swap
from app.vault.passphrase import FLOOR
from tests.builders import START, TYPE, Clock, dump, national_files, national_pack, trail

PHRASE = "five sample words for tests"
PAGE = 4096


@dataclass(frozen=True)
class Made:
    """A store that is closed, with a backup of nearly all of it in its folder."""

    folder: Path
    key: bytes
    printed: str
    rows: dict[str, Any]
    backed_up: dict[str, Any]
    backup: str


@contextmanager
def seated(store: Store, clock: Clock | None = None) -> Iterator[Sitting]:
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash Example", clock or Clock(), os.urandom)
    finally:
        store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made") / "store"
    first = opening.make_store(folder, PHRASE, Clock(), kdf=FLOOR)
    sitting = first.sitting
    for number in range(6):
        case = cases.open_case(sitting, f"SAMPLE-{number}")
        child = cases.add_child(sitting, case.id, "Robin Sample")
        meeting = meetings.prepare(sitting, case.id, TYPE, [child.id], planned_at=START)
        meetings.start(sitting, meeting.id)
        for _ in range(3):
            entries.record_statement(sitting, meeting.id, "agencies", "Seen at home. " * 200)
    path = backups.add_to(folder, sitting.store, sitting.now())
    backed_up = dump(sitting.store)
    cases.open_case(sitting, "SAMPLE-NEW")
    rows, key = dump(sitting.store), sitting.store.key
    sitting.close()
    assert first.recovery_key is not None
    return Made(folder, key, first.recovery_key, rows, backed_up, path.name)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    return shutil.copytree(made.folder, tmp_path / "store")


def the_backup(made: Made, folder: Path) -> Path:
    return folder / backups.PLACE / made.backup


def hurt(path: Path, *places: int) -> None:
    content = bytearray(path.read_bytes())
    for place in places:
        content[place] ^= 4
    path.write_bytes(content)


def now() -> Any:
    return START + timedelta(days=1)


def put_back(made: Made, folder: Path) -> str:
    return mending.put_back(folder, the_backup(made, folder), copying.by_passphrase(PHRASE), now)


def test_a_sound_store_has_no_damage_and_looking_leaves_no_entry(made: Made, folder: Path) -> None:
    with seated(Store.open(folder, made.key)) as sitting:
        before = sitting.store.end
        assert mending.look(sitting) == mending.Damage(0, 7, (), "")
        assert sitting.store.end == before
        cases.open_case(sitting, "SAMPLE-8")


def test_whichever_page_is_hurt_each_case_is_read_whole_or_named(made: Made, folder: Path) -> None:
    sound, chance = (folder / FILE).read_bytes(), random.Random(31)
    pages, seen = range(1, len(sound) // PAGE), {"lost": 0, "opened": 0, "list": 0}
    for page in chance.sample(pages, 60):
        (folder / FILE).write_bytes(sound)
        hurt(folder / FILE, page * PAGE + chance.randrange(PAGE))
        try:
            store = Store.open(folder, made.key)
        except StoreDamaged:
            continue
        seen["opened"] += 1
        with seated(store) as sitting:
            try:
                damage = mending.look(sitting)
            except StoreDamaged:
                seen["list"] += 1
                continue
            assert damage.pages == 1
            assert damage.cases_read + len(damage.cases_lost) == 7
            assert "Bring back the newest good backup, made on 10 December 2026" in damage.sentence
            assert all(reference in damage.sentence for reference in damage.cases_lost)
            seen["lost"] += bool(damage.cases_lost)
            read_the_rest(sitting, damage)
    assert seen["opened"] > 30
    assert seen["lost"] > 5


def read_the_rest(sitting: Sitting, damage: mending.Damage) -> None:
    """Give out each case that was not lost, and find each that was lost to be so."""
    for number in range(6):
        reference = f"SAMPLE-{number}"
        if reference in damage.cases_lost:
            with pytest.raises(StoreFault):
                give_out(sitting, number)
        else:
            assert b"Seen at home." in give_out(sitting, number)


def give_out(sitting: Sitting, number: int) -> bytes:
    with sitting.store.connection() as connection:
        found = "SELECT m.id FROM meeting m JOIN case_file c ON c.id = m.case_id WHERE c.reference = ?"
        try:
            meeting = connection.exec_driver_sql(found, (f"SAMPLE-{number}",)).scalar_one()
        except DBAPIError as error:
            raise StoreDamaged from error
    return exchange.export_meeting(sitting, UUID(hex=meeting))


def test_a_store_known_to_be_damaged_takes_nothing_more(made: Made, folder: Path) -> None:
    store = Store.open(folder, made.key)
    with store.connection() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'legal_hold'").scalar_one()
    store.close()
    hurt(folder / FILE, page * PAGE - 100)
    with seated(Store.open(folder, made.key)) as sitting:
        damage = mending.look(sitting)
        assert (damage.pages, damage.cases_read, damage.cases_lost) == (1, 7, ())
        assert damage.sentence.startswith("The store is damaged. Every case can still be read and given out,")
        before = (folder / FILE).read_bytes()
        with pytest.raises(StoreDamaged, match="do not delete anything"):
            cases.open_case(sitting, "SAMPLE-8")
        with pytest.raises(StoreDamaged):
            sitting.store.keep_unfinished({"meeting": "half"}, START)
    assert (folder / FILE).read_bytes() == before


def test_a_backup_takes_the_place_of_a_damaged_store_and_says_what_is_lost(made: Made, folder: Path) -> None:
    hurt(folder / FILE, 5 * PAGE + 1)
    damaged = (folder / FILE).read_bytes()
    told = put_back(made, folder)
    assert told.startswith("The backup of 10 December 2026, 10:3")
    assert "is in place. 2 entries saved after that are not in it." in told or "1 entry saved after that" in told
    sitting = open_store(folder, PHRASE, Clock(now()))
    assert dump(sitting.store) == made.backed_up
    assert proving.check_store(sitting).findings == ()
    assert trail(sitting.store)[-1].kind == "store.restored"
    sitting.close()
    (kept,) = folder.glob(f"{FILE}.damaged-*")
    assert kept.name == f"{FILE}.damaged-20261211T103000Z"
    assert kept.read_bytes() == damaged
    assert (folder / f"{files.KEYS}.damaged-20261211T103000Z").exists()


@pytest.mark.parametrize("damage", ["page 1", "empty", "gone", "cut", "another file", "a hot journal"])
def test_a_store_that_does_not_open_at_all_is_replaced(made: Made, folder: Path, damage: str) -> None:
    path = folder / FILE
    match damage:
        case "page 1":
            hurt(path, 20)
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[: 3 * PAGE + 11])
        case "another file":
            path.write_bytes(b"Dear Sam" * 1000)
        case _:
            hurt(path, 20)
            (folder / f"{FILE}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(5000))
    told = put_back(made, folder)
    if damage != "cut":
        assert "Whatever was saved after that is not in it." in told
    with seated(Store.open(folder, made.key)) as sitting:
        assert dump(sitting.store) == made.backed_up


def test_with_the_key_files_lost_the_recovery_key_brings_everything_back(made: Made, folder: Path) -> None:
    for name in (files.KEYS, files.PREVIOUS, FILE):
        (folder / name).write_bytes(b"nothing of ours")
    mending.put_back(folder, the_backup(made, folder), copying.by_recovery_key(made.printed), now)
    sitting = open_store(folder, PHRASE, Clock(now()))
    assert dump(sitting.store) == made.backed_up
    sitting.close()


def test_a_passphrase_that_was_given_up_does_not_come_back_with_the_backup(made: Made, folder: Path) -> None:
    sitting = open_store(folder, PHRASE, Clock())
    assert securing.change_passphrase(sitting, PHRASE, "quite another passphrase") == ""
    sitting.close()
    with pytest.raises(CannotOpen) as refused:
        put_back(made, folder)
    assert refused.value.wrong_secret
    mending.put_back(folder, the_backup(made, folder), copying.by_passphrase("quite another passphrase"), now)
    open_store(folder, "quite another passphrase", Clock(now())).close()
    with pytest.raises(CannotOpen):
        open_store(folder, PHRASE, Clock(now()))


def test_what_is_not_right_is_refused_and_changes_nothing(made: Made, folder: Path, tmp_path: Path) -> None:
    other = opening.make_store(tmp_path / "other", PHRASE, Clock(), kdf=FLOOR).sitting
    foreign = backups.add_to(tmp_path / "other", other.store, now())
    other.close()
    bad = tmp_path / "bad.chairside-backup"
    bad.write_bytes(the_backup(made, folder).read_bytes())
    hurt(bad, bad.stat().st_size - 5000)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for path, sentence in ((foreign, "another store"), (bad, "damaged"), (tmp_path / "none", "could not be brought")):
        with pytest.raises(CannotOpen, match=sentence):
            mending.put_back(folder, path, copying.by_passphrase(PHRASE), now)
    with seated(Store.open(folder, made.key)), pytest.raises(CannotOpen, match="already open elsewhere"):
        put_back(made, folder)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {n: c for n, c in after.items() if n != "vault.tries"} == before
    assert not (folder / swap.READY).exists()


def test_the_newest_backup_that_is_whole_is_found_and_named(made: Made, folder: Path) -> None:
    with seated(Store.open(folder, made.key)) as sitting:
        newer = backups.add_to(folder, sitting.store, START + timedelta(hours=5))
    assert mending.newest_good(folder) == newer
    assert "made on 10 December 2026, 15:30" in mending.what_to_do(folder)
    hurt(newer, 9000)
    assert mending.newest_good(folder) == the_backup(made, folder)
    the_backup(made, folder).unlink()
    assert mending.newest_good(folder) is None
    assert "no sound backup" in mending.what_to_do(folder)


def killed_on_the_way(made: Made, root: Path, kills: int) -> None:
    """Kill the act at a random moment, again and again, and look at what is left each time."""
    chance, outcomes, longest = random.Random(kills), set(), 0.0
    for number in range(-1, kills):
        folder = shutil.copytree(made.folder, root / str(number))
        child = os.fork()
        if not child:
            mending.put_back(folder, the_backup(made, folder), lambda _: made.key, now)
            os._exit(0)
        started = time.perf_counter()
        if number >= 0:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        longest = longest or time.perf_counter() - started
        assert opening.exists(folder)
        assert keys.slots(folder, made.key)
        with seated(Store.open(folder, made.key)) as sitting:
            rows = dump(sitting.store)
            assert proving.check_store(sitting).findings == ()
        assert rows in (made.rows, made.backed_up)
        outcomes.add("before" if rows == made.rows else "after")
        kept = swap.kept_aside(folder, swap.DAMAGED)
        assert bool(kept) is (rows == made.backed_up)
        assert not (folder / swap.READY).exists()
        shutil.rmtree(folder)
    assert outcomes == {"before", "after"}


def test_a_kill_at_any_moment_of_putting_back_leaves_one_whole_store(made: Made, tmp_path: Path) -> None:
    killed_on_the_way(made, tmp_path, 25)


@pytest.mark.torture
def test_five_hundred_kills_of_putting_back_leave_one_whole_store(made: Made, tmp_path: Path) -> None:
    killed_on_the_way(made, tmp_path, 500)
