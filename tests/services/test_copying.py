"""A backup is opened and checked before it counts, and brought back whole or not at all."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.base import Act
from app.services import cases, copying, mending, noting
from app.services.keeping import NotWritten
from app.services.opening import CannotOpen, open_store
from app.services.proving import check_store
from app.services.sitting import Sitting
from app.store.store import Store
from app.vault import backup, keys
from app.vault.passphrase import Cost
from tests.builders import Clock, counting, national_files, national_pack, trail

PHRASE = "five sample words for tests"
CHEAPEST = Cost(3, 65536, 4)


def now() -> datetime:
    return datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder of its own for what the program notes outside its stores."""
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@dataclass
class Made:
    """A folder with a store and a backup of it beside it, and the store's recovery key."""

    root: Path
    recovery: str

    @property
    def backup(self) -> Path:
        return self.root / "first.chairside-backup"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("made")
    folder = root / "store"
    created = keys.create(folder, PHRASE, kdf=CHEAPEST)
    store = Store.create(folder, created.key, Act("Ash Example", now(), lambda n: b"\7" * n))
    sitting = Sitting(store, national_pack(), dict(national_files()), "Ash Example", Clock(), counting())
    cases.open_case(sitting, "SAMPLE-1")
    report = copying.back_up(sitting, root / "first.chairside-backup")
    # that it was made is noted once it was, so it is not in it
    assert (report.entries, store.end.seq) == (2, 3)
    store.close()
    return Made(root, created.recovery_key or "")


def restore(path: Path, folder: Path, phrase: str = PHRASE) -> int:
    return copying.restore(path, folder, copying.by_passphrase(phrase), now)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_backup_is_one_private_file_and_leaves_nothing_beside_it(made: Made) -> None:
    assert [name for name in files(made.root) if "/" not in name] == ["first.chairside-backup", "store"]
    assert stat.S_IMODE(made.backup.stat().st_mode) == 0o600


def test_what_is_brought_back_opens_with_everything_in_it(made: Made, tmp_path: Path) -> None:
    assert restore(made.backup, tmp_path / "deep" / "back") == 2
    assert files(tmp_path / "deep") == ["back", *(n for n in files(tmp_path / "deep") if n.startswith("back/"))]
    assert stat.S_IMODE((tmp_path / "deep" / "back").stat().st_mode) == 0o700
    sitting = open_store(tmp_path / "deep" / "back", PHRASE, now)
    assert [case.reference for case in cases.list_cases(sitting)] == ["SAMPLE-1"]
    sitting.close()


def test_an_empty_folder_is_filled_and_a_used_one_is_left_alone(made: Made, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    restore(made.backup, tmp_path / "empty")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("Dear Sam")
    with pytest.raises(CannotOpen, match="not empty"):
        restore(made.backup, tmp_path / "used")
    assert files(tmp_path / "used") == ["letter.txt"]


KEYS_BEGIN = backup.HEAD + 40


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def rewritten(content: bytes, **facts: object) -> bytes:
    """Return the backup with a manifest that says something else, whole but not signed by the store."""
    told = json.loads(content[149:4244]) | facts
    line = json.dumps(told).encode().ljust(backup.MANIFEST)
    return backup.MAGIC + hashlib.sha256(line).hexdigest().encode() + content[83:149] + line + content[4244:]


BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not ours": lambda _: b"%PDF-1.7 and so on",
    "cut in half": lambda c: c[: len(c) // 2],
    "something appended": lambda c: c + b"\0",
    "a flipped bit in the keys": lambda c: flipped(c, KEYS_BEGIN),
    "a flipped bit in the record": lambda c: flipped(c, len(c) - 5000),
    "a flipped bit in the manifest": lambda c: flipped(c, 200),
    "a flipped bit in the code of the manifest": lambda c: flipped(c, 100),
    "a trail said to be longer": lambda c: rewritten(c, seq=3),
    "a trail said to end elsewhere": lambda c: rewritten(c, head="00" * 32),
    "said to be made another day": lambda c: rewritten(c, made="2026-12-24T10:30:00+00:00"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_backup_is_refused_in_one_sentence_and_leaves_nothing(made: Made, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(BAD[name](made.backup.read_bytes()))
    with pytest.raises(CannotOpen) as refused:
        restore(bad, tmp_path / "back")
    assert str(refused.value).endswith(".")
    assert files(tmp_path) == ["bad"]


def test_a_wrong_passphrase_is_told_apart_and_leaves_nothing(made: Made, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as refused:
        restore(made.backup, tmp_path / "back", "another passphrase here")
    assert refused.value.wrong_secret
    assert files(tmp_path) == []


def test_a_backup_that_is_not_there_or_cannot_be_put_back_says_so(made: Made, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be read"):
        restore(tmp_path / "nothing", tmp_path / "back")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotOpen, match="cannot be read or brought back"):
        restore(made.backup, tmp_path / "file" / "back")
    assert files(tmp_path) == ["file"]


def test_the_recovery_key_brings_a_backup_back_too(made: Made, tmp_path: Path) -> None:
    unlock = copying.by_recovery_key(made.recovery.lower())
    assert copying.restore(made.backup, tmp_path / "back", unlock, now) == 2
    wrong = copying.by_recovery_key(made.recovery[:-1])
    with pytest.raises(CannotOpen) as refused:
        copying.restore(made.backup, tmp_path / "again", wrong, now)
    assert refused.value.wrong_secret
    assert files(tmp_path) == ["back", *(name for name in files(tmp_path) if name.startswith("back/"))]


def test_what_was_brought_back_says_so_in_its_trail_and_has_every_key_file(made: Made, tmp_path: Path) -> None:
    restore(made.backup, tmp_path / "back")
    sitting = open_store(tmp_path / "back", PHRASE, now)
    assert [entry[2] for entry in trail(sitting.store)] == ["store.created", "case.opened", "store.restored"]
    assert check_store(sitting).findings == ()
    sitting.close()


def test_a_backup_is_checked_without_the_store_and_by_either_secret(made: Made, tmp_path: Path) -> None:
    for unlock in (copying.by_passphrase(PHRASE), copying.by_recovery_key(made.recovery)):
        proof = copying.prove_opened(made.backup, unlock, aside=tmp_path)
        assert (proof.entries, proof.findings) == (2, ())
    with pytest.raises(CannotOpen, match="another store"):
        copying.prove(made.backup, bytes(32), aside=tmp_path)
    assert files(tmp_path) == []


def test_the_check_in_a_process_of_its_own_leaves_nothing_and_shows_no_key(made: Made, tmp_path: Path) -> None:
    key = keys.unlock(made.root / "store", PHRASE)
    proof = copying.prove_apart(made.backup, key, aside=tmp_path)
    assert (proof.made.year, proof.entries, proof.findings) == (2026, 2, ())
    with pytest.raises(CannotOpen, match="another store"):
        copying.prove_apart(made.backup, bytes(32), aside=tmp_path)
    assert files(tmp_path) == []


def test_a_check_ends_as_soon_as_whoever_asked_for_it_lets_go_of_its_pipe(made: Made) -> None:
    words = ["check", "--json", "--key-on-stdin", "--backup", str(made.backup)]
    # a disk on which each read of the backup takes six seconds; a check that came to its end would say 0
    slow = ["strace", "-f", "-qq", "-P", str(made.backup), "-e", "trace=read", "-e", "inject=read:delay_enter=6000000"]
    program = [*slow, sys.executable, "-m", "app", *words]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=copying.ROOT) as child:
        assert child.stdin is not None
        child.stdin.write(bytes(32).hex().encode() + b"\n")
        child.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(4)
        child.stdin.close()
        assert child.wait(20) == 1


def test_a_backup_never_takes_the_place_of_a_file_or_counts_unchecked(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.root / "store", tmp_path / "store")
    sitting = open_store(tmp_path / "store", PHRASE, now)
    (tmp_path / "taken").write_text("x")
    with pytest.raises(NotWritten, match="already a file"):
        copying.back_up(sitting, tmp_path / "taken")
    with pytest.raises(NotWritten, match="could not be written"):
        copying.back_up(sitting, tmp_path / "nowhere" / "x")
    # a store that is damaged gives no backup that could be taken for a good one
    with sitting.store.connection() as connection:
        connection.exec_driver_sql("DROP TRIGGER sealed_audit_entry_update")
        connection.exec_driver_sql("UPDATE audit_entry SET kind = 'case.forgotten' WHERE seq = 2")
        connection.commit()
    with pytest.raises(NotWritten, match="not sound"):
        copying.back_up(sitting, tmp_path / "bad")
    # what a backup that was cut off left behind does not stand in the way of the next
    (tmp_path / ".bad.part").write_text("half")
    with pytest.raises(NotWritten, match="not sound"):
        copying.back_up(sitting, tmp_path / "bad")
    sitting.close()
    assert [name for name in files(tmp_path) if "/" not in name] == ["store", "taken"]


def test_a_check_that_is_ended_says_nothing_of_the_backup(made: Made, tmp_path: Path) -> None:
    key = keys.unlock(made.root / "store", PHRASE)

    def told(_what: str, done: int, _of: int) -> None:
        if not done:
            stopper.start()

    def stop() -> None:
        while not copying._running:
            pass
        copying.stop_checks()

    stopper = threading.Thread(target=stop)
    with pytest.raises(copying.BrokenOff):
        copying.prove_apart(made.backup, key, told, aside=tmp_path)
    stopper.join()


def used(folder: Path, reference: str = "") -> str:
    """Open a store as the program does, open a case there if one is named, and return what was told at opening."""
    sitting = open_store(folder, PHRASE, now)
    noting.opening(sitting)
    if reference:
        cases.open_case(sitting, reference)
    sitting.close()
    return sitting.rolled_back


@pytest.mark.parametrize("in_place", [False, True])
def test_what_was_brought_back_raises_no_alarm_but_an_old_copy_of_it_put_back_later_does(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_place: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = shutil.copytree(made.root / "store", tmp_path / "store")
    assert used(folder, "SAMPLE-2") == ""
    if in_place:
        mending.put_back(folder, made.backup, copying.by_passphrase(PHRASE), now)
    else:
        shutil.rmtree(folder)
        restore(made.backup, folder)
    as_brought_back = shutil.copytree(folder, tmp_path / "old")
    assert used(folder, "SAMPLE-3") == ""
    assert used(folder) == ""
    shutil.rmtree(folder)
    shutil.copytree(as_brought_back, folder)
    assert "older than when it was last used here" in used(folder)


def test_checking_a_backup_notes_nothing_about_the_store(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    copying.prove_opened(made.backup, copying.by_passphrase(PHRASE))
    assert not (tmp_path / "state").exists()


def test_a_backup_is_taken_apart_beside_it_and_what_a_check_that_was_cut_off_left_there_goes(
    made: Made, tmp_path: Path
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    over, running = tmp_path / f".checking-{ended.pid}-x", tmp_path / f".checking-{os.getppid()}-x"
    for left in (over, running):
        left.mkdir()
    mine = []

    def unlock(folder: Path) -> bytes:
        mine.append(folder)
        return keys.unlock(folder, PHRASE)

    assert copying.prove_opened(made.backup, unlock, aside=tmp_path).findings == ()
    assert mine[0].parent == tmp_path
    assert list(tmp_path.iterdir()) == [running]
