"""Everything encrypted anew: nothing is lost, the old secrets open it no more, and no kill leaves neither store."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.services import cases, copying, opening, proving, rekeying, rotating, securing
from app.services.opening import CannotOpen, open_store, open_with_recovery_key
from app.services.securing import NewKey
from app.services.sitting import Sitting
from app.store.engine import connect
from app.store.faults import StoreDamaged
from app.store.store import FILE, Store
from app.vault import escrow, files, keys, swap
from app.vault.errors import WrongSecret
from app.vault.passphrase import FLOOR
from tests.builders import Clock, dump, national_files, national_pack, trail

PHRASE = "five sample words for tests"
# the trail grows by the act itself, and which keys are in force is noted among the preferences
NOT_COPIED = ("audit_entry", "preference")


@dataclass(frozen=True)
class Made:
    """A store that is closed, what opens it, and what is in it."""

    folder: Path
    printed: str
    rows: object
    key: bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made") / "store"
    first = opening.make_store(folder, PHRASE, Clock(), kdf=FLOOR)
    case = cases.open_case(first.sitting, "SAMPLE-1")
    cases.add_child(first.sitting, case.id, "Robin Sample")
    rows = dump(first.sitting.store, but=NOT_COPIED)
    key = first.sitting.store.key
    first.sitting.close()
    assert first.recovery_key is not None
    return Made(folder, first.recovery_key, rows, key)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    return shutil.copytree(made.folder, tmp_path / "store")


@pytest.fixture
def sitting(folder: Path) -> Iterator[Sitting]:
    found = open_store(folder, PHRASE, Clock())
    yield found
    found.close()


def prepared(sitting: Sitting) -> NewKey:
    new, trouble = securing.prepare_recovery_key(sitting, PHRASE)
    assert trouble == ""
    assert new is not None
    return new


def anew(sitting: Sitting) -> tuple[NewKey, list[tuple[str, int, int]]]:
    new, heard = prepared(sitting), list[tuple[str, int, int]]()
    rekeying.rekey(sitting, PHRASE, new, lambda *what: heard.append(what))
    return new, heard


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith("vault.") and path.stat().st_size}


@dataclass(frozen=True)
class Renewed:
    """The same store encrypted anew and closed, and what was before."""

    folder: Path
    new: NewKey
    heard: list[tuple[str, int, int]]
    trail: list[object]
    generation: int


@pytest.fixture(scope="module")
def renewed(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Renewed:
    folder = shutil.copytree(made.folder, tmp_path_factory.mktemp("renewed") / "store")
    sitting = open_store(folder, PHRASE, Clock())
    before, generation = trail(sitting.store), files.candidates(folder)[0].generation
    new, heard = anew(sitting)
    sitting.close()
    return Renewed(folder, new, heard, before, generation)


def test_everything_is_there_under_a_key_that_the_old_one_does_not_open(made: Made, renewed: Renewed) -> None:
    again = open_store(renewed.folder, PHRASE, Clock())
    assert again.store.key != made.key
    assert dump(again.store, but=NOT_COPIED) == made.rows
    there = trail(again.store)
    assert there[: len(renewed.trail)] == renewed.trail
    assert [entry.kind for entry in there[len(renewed.trail) :]] == ["store.backed-up", "keys.rekeyed"]
    assert proving.check_store(again).findings == ()
    again.close()
    with pytest.raises(StoreDamaged):
        connect(renewed.folder / FILE, made.key)
    header = files.candidates(renewed.folder)[0]
    assert (header.vault, header.generation) == (keys.store_id(made.folder), renewed.generation + 1)
    assert "Encrypting everything anew" in {what for what, _, _ in renewed.heard}
    assert all(0 <= done <= of for _, done, of in renewed.heard)


def test_only_the_new_recovery_key_opens_the_new_store(made: Made, renewed: Renewed) -> None:
    open_with_recovery_key(renewed.folder, renewed.new.printed, Clock()).close()
    with pytest.raises(CannotOpen, match="not the one of this store"):
        open_with_recovery_key(renewed.folder, made.printed, Clock())


def test_nothing_of_the_old_store_is_left_once_the_new_one_was_opened(renewed: Renewed) -> None:
    assert not swap.kept_aside(renewed.folder, swap.BEFORE_REKEY)
    beside = {path.name for path in renewed.folder.iterdir() if path.name.startswith("vault.")}
    assert beside <= {FILE, f"{FILE}-journal", files.KEYS, files.PREVIOUS, "vault.reserve", "vault.tries"}


def test_a_backup_is_made_first_and_still_opens_with_the_old_secrets(made: Made, renewed: Renewed) -> None:
    (made_first,) = rotating.backups(renewed.folder)
    assert (made_first.entries, made_first.verified) == (len(renewed.trail), True)
    proof = copying.prove_opened(made_first.path, copying.by_recovery_key(made.printed))
    assert proof.findings == ()


def test_a_spare_key_file_stands_in_for_the_new_one(renewed: Renewed, tmp_path: Path) -> None:
    folder = shutil.copytree(renewed.folder, tmp_path / "store")
    (folder / files.KEYS).write_bytes(b"{}")
    open_store(folder, PHRASE, Clock()).close()


def test_the_organisation_that_was_let_in_stays_so(sitting: Sitting) -> None:
    folder = sitting.store.folder
    pair = escrow.PrivateKey.made("Example Council")
    assert securing.add_escrow(sitting, PHRASE, pair.public().written()) == ""
    anew(sitting)
    opening.open_with_escrow(folder, pair.written(PHRASE, FLOOR), PHRASE, Clock()).close()


def test_a_wrong_passphrase_changes_nothing_and_the_sitting_goes_on(made: Made, sitting: Sitting) -> None:
    new, before = prepared(sitting), names(sitting.store.folder)
    with pytest.raises(rekeying.NotRekeyed, match="does not open this store"):
        rekeying.rekey(sitting, "another passphrase here", new, lambda *_: None)
    assert names(sitting.store.folder) == before
    assert dump(sitting.store, but=NOT_COPIED) == made.rows
    cases.open_case(sitting, "SAMPLE-2")


def test_a_store_that_is_not_sound_is_left_as_it_is(made: Made, folder: Path) -> None:
    content = bytearray((folder / FILE).read_bytes())
    store = Store.open(folder, made.key)
    with store.connection() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'dissent'").scalar_one()
    store.close()
    content[4096 * (page - 1) + 100] ^= 1
    (folder / FILE).write_bytes(content)
    sitting = open_store(folder, PHRASE, Clock())
    with pytest.raises(rekeying.NotRekeyed):
        anew(sitting)
    sitting.close()
    assert not (folder / swap.READY).exists()
    open_store(folder, PHRASE, Clock()).close()


def killed_on_the_way(made: Made, root: Path, kills: int) -> None:
    """Kill the act at a random moment, again and again, and look at what is left each time."""
    chance, opened_by = random.Random(kills), set()
    longest = 0.0
    for number in range(-1, kills):
        folder = shutil.copytree(made.folder, root / str(number))
        new = NewKey(os.urandom(20), (1, 2))
        child = os.fork()
        if not child:
            with seated(Store.open(folder, made.key)) as sitting:
                rekeying.exchange(sitting, PHRASE, made.key, new, lambda *_: None)
            os._exit(0)
        started = time.perf_counter()
        if number >= 0:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        longest = longest or time.perf_counter() - started
        opened_by.add(look_at(made, folder, new.printed))
        shutil.rmtree(folder)
    assert opened_by == {"old", "new"}


@contextmanager
def seated(store: Store) -> Iterator[Sitting]:
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash Example", Clock(), os.urandom)
    finally:
        store.close()


def look_at(made: Made, folder: Path, printed: str) -> str:
    """Return which recovery key opens the store; the passphrase always does, and everything is in it."""
    assert opening.exists(folder)
    key = keys.unlock(folder, PHRASE)
    which = []
    for name, recovery_key in (("old", made.printed), ("new", printed)):
        with suppress(WrongSecret):
            assert keys.unlock_with_recovery(folder, recovery_key) == key
            which.append(name)
    with seated(Store.open(folder, key)) as sitting:
        assert dump(sitting.store, but=NOT_COPIED) == made.rows
        assert proving.check_store(sitting).findings == ()
    assert not (folder / swap.READY).exists()
    assert len(which) == 1
    assert (key == made.key) is (which == ["old"])
    return which[0]


def test_a_kill_at_any_moment_leaves_a_store_that_opens_with_the_old_secrets_or_the_new(
    made: Made, tmp_path: Path
) -> None:
    killed_on_the_way(made, tmp_path, 25)


@pytest.mark.torture
def test_five_hundred_kills_leave_a_store_that_opens_with_the_old_secrets_or_the_new(
    made: Made, tmp_path: Path
) -> None:
    killed_on_the_way(made, tmp_path, 500)
