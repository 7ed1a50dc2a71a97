"""A store is opened with every setting it needs, or not at all, and says why not."""

import hashlib
import hmac
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.store.engine import PLAIN_HEADER, PRAGMAS
from app.store.faults import (
    DiskFull,
    SaveFailed,
    StoreDamaged,
    StoreEmpty,
    StoreFault,
    StoreInUse,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from app.store.store import FILE, Store
from tests.builders import KEY, a_new_room, a_room, an_act, dump, trail

PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a closed store in it."""
    Store.create(tmp_path, KEY, an_act()).close()
    return tmp_path


def fault_on_opening(folder: Path, key: bytes = KEY) -> type[StoreFault]:
    with pytest.raises(StoreFault) as refused:
        Store.open(folder, key).close()
    return refused.type


def plain_pages(encrypted: bytes, key: bytes) -> bytes:
    """Return a SQLCipher 4 file as the plain SQLite file inside it, by the description of the format alone."""
    salt = encrypted[:16]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(b ^ 0x3A for b in salt), 2, 32)
    plain = b""
    for number, begin in enumerate(range(0, len(encrypted), PAGE), 1):
        page = encrypted[begin : begin + PAGE]
        body, iv, tag = page[16 if number == 1 else 0 : -80], page[-80:-64], page[-64:]
        covered = body + iv + number.to_bytes(4, "little")
        assert hmac.compare_digest(hmac.digest(mac_key, covered, "sha512"), tag), f"page {number} was changed"
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
        text = decryptor.update(body) + decryptor.finalize()
        plain += (b"SQLite format 3\0" if number == 1 else b"") + text + bytes(80)
    return plain


def test_every_setting_is_in_force_each_time_the_store_is_opened(folder: Path) -> None:
    for _ in range(2):
        store = Store.open(folder, KEY)
        with store.connection() as connection:
            for name, value in PRAGMAS.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value, name
            assert connection.exec_driver_sql("PRAGMA cipher_version").scalar()
        store.close()


def test_the_file_is_encrypted_and_only_its_owner_may_read_it(folder: Path) -> None:
    assert (folder / FILE).read_bytes()[:16] != PLAIN_HEADER
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_file_is_private_from_its_first_moment_whatever_the_mask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with a_new_room(tmp_path) as room:
            room.say("Casey Example", "Seen at home.")
            for file in tmp_path.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    finally:
        os.umask(before)


def test_an_independent_reader_opens_the_store_with_the_key_alone(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        said = room.say("Casey Example", "A word that is looked for.")
        entries = len(trail(room.sitting.store))
    plain = tmp_path / "plain.db"
    plain.write_bytes(plain_pages((tmp_path / FILE).read_bytes(), KEY))
    with sqlite3.connect(plain) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM audit_entry").fetchone() == (entries,)
        found = database.execute("SELECT text FROM statement WHERE id = ?", (said.hex,)).fetchone()
        assert found == ("A word that is looked for.",)
    database.close()


def test_a_wrong_key_opens_nothing(folder: Path) -> None:
    assert fault_on_opening(folder, bytes(32)) is StoreDamaged


def test_any_flipped_bit_is_found_when_opening_or_checking(tmp_path: Path) -> None:
    from app.store import checking

    with a_room(tmp_path / "whole") as room:
        room.settle()
    content = (tmp_path / "whole" / FILE).read_bytes()
    chance = random.Random(1)
    places = [*range(16), *(chance.randrange(16, len(content)) for _ in range(24))]
    for place in places:
        folder = tmp_path / str(place)
        folder.mkdir()
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        (folder / FILE).write_bytes(changed)
        try:
            store = Store.open(folder, KEY)
        except StoreDamaged:
            continue
        found = list(checking.findings(store))
        store.close()
        assert any("damaged" in sentence for sentence in found), place


def test_a_file_cut_short_is_damaged(folder: Path) -> None:
    with (folder / FILE).open("r+b") as file:
        file.truncate(PAGE * 3 + 100)
    assert fault_on_opening(folder) is StoreDamaged


def test_an_empty_file_is_told_apart_from_a_missing_one(folder: Path) -> None:
    (folder / FILE).write_bytes(b"")
    assert fault_on_opening(folder) is StoreEmpty
    (folder / FILE).unlink()
    assert fault_on_opening(folder) is StoreMissing
    assert fault_on_opening(folder / "nowhere") is StoreMissing
    assert not (folder / FILE).exists()


def test_a_folder_in_place_of_the_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert fault_on_opening(tmp_path) is StoreMissing


def test_a_plain_database_is_not_ours_and_is_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE thing (x)")
    database.close()
    before = (tmp_path / FILE).read_bytes()
    assert fault_on_opening(tmp_path) is StoreDamaged
    assert (tmp_path / FILE).read_bytes() == before


def test_some_other_file_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"a shopping list\n" * 900)
    assert fault_on_opening(tmp_path) is StoreDamaged


def test_a_store_that_was_never_finished_says_so(tmp_path: Path) -> None:
    from app.store.engine import connect

    connect(tmp_path / FILE, KEY).close()
    assert fault_on_opening(tmp_path) in {StoreEmpty, StoreDamaged}


def test_a_new_store_that_cannot_be_made_leaves_no_file(tmp_path: Path) -> None:
    def no_chance(_: int) -> bytes:
        raise OSError("no randomness")

    with pytest.raises(OSError, match="no randomness"):
        Store.create(tmp_path, KEY, type(an_act())("Ash", an_act().at, no_chance))
    assert not list(tmp_path.iterdir())


def test_a_store_of_a_newer_version_says_so(folder: Path) -> None:
    store = Store.open(folder, KEY)
    with store.connection() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    assert fault_on_opening(folder) is StoreNewer


def test_a_second_program_is_refused_at_once_and_the_first_goes_on(tmp_path: Path) -> None:
    opener = (
        "import sys, pathlib\nfrom app.store.store import Store\nfrom app.store.faults import StoreFault\n"
        "try:\n    Store.open(pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "except StoreFault as fault:\n    print(type(fault).__name__)\n"
    )
    with a_room(tmp_path) as room:
        found = subprocess.run(
            [sys.executable, "-c", opener, str(tmp_path), KEY.hex()], capture_output=True, text=True, check=True
        )
        assert (found.stdout.strip(), found.stderr) == (StoreInUse.__name__, "")
        room.say("Casey Example", "The first one goes on.")
    Store.open(tmp_path, KEY).close()


def test_two_stores_are_open_side_by_side_and_do_not_mix(tmp_path: Path) -> None:
    with a_room(tmp_path / "one") as one, a_room(tmp_path / "two") as two:
        one.say("Casey Example", "Only in the first.")
        assert [s.text for s in one.loaded().statements] == ["Only in the first."]
        assert two.loaded().statements == []


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that another user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    for found in (folder, *folder.rglob("*")):
        found.chmod(0o700)
    shutil.rmtree(folder)


AS_SOMEBODY_ELSE = """
import datetime, os, pathlib, sys
from app.models.base import Act
from app.store.faults import StoreFault
from app.store.store import Store
folder, key, what = pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
act = Act("Ash", datetime.datetime.now(datetime.UTC), os.urandom)
if what != "new":
    Store.create(folder, key, act).close()
(folder / "vault.db-journal").unlink(missing_ok=True)
if what in {"file", "unreadable"}:
    (folder / "vault.db").chmod(0o400 if what == "file" else 0)
else:
    folder.chmod(0o500)
if os.getuid() == 0:
    for owned in (folder, *folder.iterdir()):
        os.chown(owned, 65534, 65534)
    os.setuid(65534)
try:
    store = Store.create(folder, key, act) if what == "new" else Store.open(folder, key)
    print("opened")
except StoreFault as fault:
    print(type(fault).__name__)
"""


@pytest.mark.parametrize("what", ["file", "folder", "new", "unreadable"])
def test_a_place_where_nothing_can_be_written_says_so(open_to_all: Path, what: str) -> None:
    folder = open_to_all / "store"
    folder.mkdir()
    found = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(folder), KEY.hex(), what],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (found.stdout.strip(), found.stderr) == (StoreReadOnly.__name__, "")


def test_nothing_is_called_saved_once_the_folder_has_gone(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    with a_room(folder) as room:
        room.say("Casey Example", "Saved.")
        folder.rename(tmp_path / "moved")
        with pytest.raises(StoreMissing):
            room.say("Casey Example", "Not saved.")
        (tmp_path / "moved").rename(folder)
        room.say("Casey Example", "Saved again.")
        assert [s.text for s in room.loaded().statements] == ["Saved.", "Saved again."]


def test_nothing_is_called_saved_once_another_file_took_the_place(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        shutil.copy(tmp_path / FILE, tmp_path / "other")
        (tmp_path / "other").replace(tmp_path / FILE)
        with pytest.raises(StoreMissing):
            room.say("Casey Example", "Not saved.")


def test_a_full_disk_keeps_everything_before_and_says_so(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        store = room.sitting.store
        with store.connection() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        before = dump(store), trail(store)
        full = False
        while not full:
            before = dump(store), trail(store)
            try:
                room.say("Casey Example", "x" * 4000)
            except DiskFull:
                full = True
        assert (dump(store), trail(store)) == before
        with store.connection() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        room.say("Casey Example", "Room was made.")
    Store.open(tmp_path, KEY).close()


def test_each_fault_has_a_sentence_of_its_own_that_says_what_to_do() -> None:
    kinds = (
        StoreMissing, StoreInUse, StoreDamaged, StoreEmpty, StoreReadOnly, StoreNewer, DiskFull, SaveFailed,
    )  # fmt: skip
    sentences = {str(kind()) for kind in kinds}
    assert len(sentences) == len(kinds)
    assert all(": " in sentence or ". " in sentence for sentence in sentences)
