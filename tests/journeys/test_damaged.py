"""One flipped bit anywhere, or an older page or file put back, is noticed; and a backup brings everything back."""

import io
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.services import backups, cases, entries, meetings, mending
from app.services.marks import Marks
from app.services.opening import CannotOpen
from app.services.sitting import Sitting
from app.store import checking
from app.store.engine import connect
from app.store.faults import StoreDamaged
from app.store.store import FILE, Store
from app.vault import backup, files, keys
from app.vault.errors import VaultError
from app.vault.passphrase import FLOOR
from tests.builders import START, TYPE, Clock, an_act, dump, national_files, national_pack

PAGE = 4096
PHRASE = "five sample words for tests"


@dataclass(frozen=True)
class Made:
    """A store that is closed, with a backup that holds all of it."""

    folder: Path
    key: bytes
    rows: dict[str, Any]
    backup: str


@contextmanager
def opened(folder: Path, key: bytes) -> Iterator[Sitting]:
    store = Store.open(folder, key)
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash Example", Clock(), os.urandom)
    finally:
        store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made") / "store"
    key = keys.create(folder, PHRASE, kdf=FLOOR).key
    Store.create(folder, key, an_act()).close()
    with opened(folder, key) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        child = cases.add_child(sitting, case.id, "Robin Sample")
        meeting = meetings.prepare(sitting, case.id, TYPE, [child.id], planned_at=START)
        meetings.start(sitting, meeting.id)
        for number in range(30):
            entries.record_statement(sitting, meeting.id, "agencies", f"Statement {number}: seen at home. " * 20)
        rows = dump(sitting.store)
        path = backups.add_to(folder, sitting.store, sitting.now())
    return Made(folder, key, rows, path.name)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    return shutil.copytree(made.folder, tmp_path / "store")


def flipped(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def is_noticed(folder: Path, key: bytes) -> bool:
    """Say whether opening the store refuses it, or the check of its pages finds something."""
    try:
        store = Store.open(folder, key)
    except StoreDamaged:
        return True
    try:
        return bool(checking.damaged_pages(store))
    finally:
        store.close()


def flip_the_record(made: Made, folder: Path, flips: int) -> None:
    sound, chance = (folder / FILE).read_bytes(), random.Random(flips)
    noticed = 0
    for number in range(flips):
        hurt = flipped(sound, chance)
        (folder / FILE).write_bytes(hurt)
        noticed += is_noticed(folder, made.key)
        if number % 15 == 0:
            give_back(made, folder, hurt)
    assert noticed == flips
    (folder / FILE).write_bytes(sound)
    assert not is_noticed(folder, made.key)


def give_back(made: Made, folder: Path, hurt: bytes) -> None:
    """Put the newest good backup in the place of a damaged store, and look that everything is in it again."""
    path = mending.newest_good(folder)
    assert path is not None
    told = mending.put_back(folder, path, lambda _: made.key, lambda: START + timedelta(days=1))
    assert "The backup of 10 December 2026" in told
    with opened(folder, made.key) as sitting:
        assert dump(sitting.store) == made.rows
        assert list(checking.findings(sitting.store)) == []
    kept = sorted(folder.glob(f"{FILE}.damaged-*"), key=lambda one: one.stat().st_mtime_ns)
    assert hurt in [one.read_bytes() for one in kept]
    for one in folder.glob("*.damaged-*"):
        one.unlink()


def test_each_of_300_flipped_bits_of_the_record_is_noticed_and_made_good(made: Made, folder: Path) -> None:
    flip_the_record(made, folder, 300)


@pytest.mark.torture
def test_each_of_10_000_flipped_bits_of_the_record_is_noticed_and_made_good(made: Made, folder: Path) -> None:
    flip_the_record(made, folder, 10_000)


def test_a_flipped_bit_in_each_byte_of_the_salt_is_noticed(made: Made, folder: Path) -> None:
    sound = (folder / FILE).read_bytes()
    for place in range(16):
        (folder / FILE).write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert is_noticed(folder, made.key)


@pytest.mark.parametrize("name", [files.KEYS, files.PREVIOUS])
def test_each_flipped_bit_of_a_key_file_is_noticed_and_the_other_one_opens(made: Made, folder: Path, name: str) -> None:
    sound, chance = (folder / name).read_bytes(), random.Random(name)
    for _ in range(300):
        (folder / name).write_bytes(flipped(sound, chance))
        assert any(name in sentence for sentence in keys.findings(folder, made.key))
        assert keys.slots(folder, made.key)


def test_with_both_key_files_hurt_the_backup_brings_them_back(made: Made, folder: Path) -> None:
    for name in (files.KEYS, files.PREVIOUS):
        (folder / name).write_bytes(flipped((folder / name).read_bytes(), random.Random(1)))
    with pytest.raises(VaultError):
        keys.slots(folder, made.key)
    path = mending.newest_good(folder)
    assert path is not None
    mending.put_back(folder, path, lambda here: keys.unlock(here, PHRASE), lambda: START + timedelta(days=1))
    assert keys.unlock(folder, PHRASE) == made.key


def flip_the_backup(made: Made, folder: Path, flips: int) -> None:
    path, chance = folder / backups.PLACE / made.backup, random.Random(flips)
    sound = path.read_bytes()
    with opened(folder, made.key) as sitting:
        for number in range(flips):
            # a third of them in the few bytes that say what the rest should be
            head = number % 3 == 0
            hurt = flipped(sound[: backup.HEAD], chance) + sound[backup.HEAD :] if head else flipped(sound, chance)
            path.write_bytes(hurt)
            try:
                facts = backup.check(path)
            except backup.NotABackup:
                continue
            assert not facts.is_signed(sitting.store.mac)
        path.write_bytes(sound)
        assert backup.check(path).is_signed(sitting.store.mac)


def test_each_of_300_flipped_bits_of_a_backup_is_noticed(made: Made, folder: Path) -> None:
    flip_the_backup(made, folder, 300)


@pytest.mark.torture
def test_each_of_10_000_flipped_bits_of_a_backup_is_noticed(made: Made, folder: Path) -> None:
    flip_the_backup(made, folder, 10_000)


def test_a_backup_whose_own_words_were_changed_is_never_put_back(made: Made, folder: Path) -> None:
    path = folder / backups.PLACE / made.backup
    sound, record = path.read_bytes(), (folder / FILE).read_bytes()
    mac = len(backup.MAGIC) + 65
    path.write_bytes(sound[:mac] + (b"0" if sound[mac : mac + 1] != b"0" else b"1") + sound[mac + 1 :])
    with pytest.raises(CannotOpen, match="not sound"):
        mending.put_back(folder, path, lambda _: made.key, lambda: START)
    assert (folder / FILE).read_bytes() == record


def pages(content: bytes) -> list[bytes]:
    return [content[start : start + PAGE] for start in range(0, len(content), PAGE)]


def versions(made: Made, folder: Path) -> list[bytes]:
    """Return the file as it was after each of twenty acts; the last of them is noted as the newest."""
    found = []
    with opened(folder, made.key) as sitting:
        meeting = meetings.list_meetings(sitting)[0].id
        said = [entries.record_statement(sitting, meeting, "agencies", "The threshold is not met.") for _ in range(4)]
        for number in range(20):
            entries.amend_statement(sitting, said[number % 4].id, text="The threshold is met." + "!" * number)
            copy = io.BytesIO()
            sitting.store.copy_to(copy)
            found.append(copy.getvalue())
        Marks(sitting.store).keep(START)
    return found


@pytest.mark.parametrize("what", ["pages", "the whole file"])
def test_older_pages_and_an_older_file_put_back_are_noticed(
    made: Made, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    chance = random.Random(what)
    kept = versions(made, folder)
    assert not is_older(folder, made.key)
    newest = everything_in(folder, made.key)
    assert everything_in_version(folder, made.key, kept[0]) != newest
    noticed = 0
    for _ in range(50):
        older = kept[chance.randrange(len(kept) - 1)]
        mixed = pages(kept[-1])
        changed = [number for number, page in enumerate(pages(older)) if number and page != mixed[number]]
        taken = changed if what != "pages" else chance.sample(changed, chance.randint(1, len(changed)))
        for number in taken:
            mixed[number] = pages(older)[number]
        (folder / FILE).write_bytes(older if what != "pages" else b"".join(mixed))
        # a page of the index may be laid out in another way and hold the same words
        noticed += is_older(folder, made.key) or everything_in(folder, made.key) == newest
    assert noticed == 50


def everything_in(folder: Path, key: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, and the words of the index; the check holds its layout against them."""
    with closing(connect(folder / FILE, key)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        names = [name for (name,) in found if name not in {"search", "search_data", "search_idx"}]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def everything_in_version(folder: Path, key: bytes, version: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return what another version of the file holds, and put the file back."""
    now = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(version)
    try:
        return everything_in(folder, key)
    finally:
        (folder / FILE).write_bytes(now)


def is_older(folder: Path, key: bytes) -> bool:
    """Say whether the mark kept outside the store, or the check of the record against its trail, finds something."""
    try:
        store = Store.open(folder, key)
    except StoreDamaged:
        return True
    try:
        return Marks(store).trouble()[0] != "" or any(checking.findings(store))
    finally:
        store.close()
