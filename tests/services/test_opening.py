"""A store is made and opened by its passphrase, and each thing that can be wrong is told in its own sentence."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from app.services import opening
from app.services.opening import CannotOpen
from app.services.proving import check_store
from app.store.store import FILE
from app.vault.passphrase import FLOOR
from tests.kills import cut_off

PHRASE = "five sample words for tests"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store, made once and only ever copied."""
    folder = tmp_path_factory.mktemp("made") / "store"
    opening.make_store(folder, PHRASE, now, kdf=FLOOR).sitting.close()
    return folder


def now() -> datetime:
    return datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


def test_what_can_be_wrong_is_told_in_sentences_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    sitting = opening.make_store(folder, PHRASE, now, kdf=FLOOR).sitting
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = {}

    def attempt(phrase: str = PHRASE) -> str:
        with pytest.raises(CannotOpen) as refused:
            opening.open_store(folder, phrase, now).close()
        assert refused.value.wrong_secret is (phrase != PHRASE)
        return str(refused.value)

    told["in use"] = attempt()
    sitting.close()
    told["wrong passphrase"] = attempt("another passphrase here")
    changes: dict[str, Callable[[], object]] = {
        "damaged": lambda: (folder / FILE).write_bytes(b"\0" * 4096 + whole[FILE][4096:]),
        "empty": lambda: (folder / FILE).write_bytes(b""),
        "gone": (folder / FILE).unlink,
    }
    for name, change in changes.items():
        change()
        told[name] = attempt()
        (folder / FILE).write_bytes(whole[FILE])
    assert len(set(told.values())) == len(told)
    assert all(sentence.endswith(".") for sentence in told.values())
    opening.open_store(folder, PHRASE, now).close()


def test_a_store_that_could_not_be_made_does_not_stand_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / FILE).mkdir()
    with pytest.raises(CannotOpen):
        opening.make_store(folder, PHRASE, now, kdf=FLOOR)
    (folder / FILE).rmdir()
    assert not list(folder.iterdir())
    opening.make_store(folder, PHRASE, now, kdf=FLOOR).sitting.close()


def test_what_a_person_is_told_once_is_told_once(tmp_path: Path) -> None:
    from tests.builders import a_sitting

    with a_sitting(tmp_path) as sitting:
        assert opening.once(sitting, "keyring.told")
        assert not opening.once(sitting, "keyring.told")


def test_a_kill_while_a_store_is_made_leaves_a_whole_one_or_none_in_the_way_of_another(tmp_path: Path) -> None:
    whole = []
    for steps in range(0, 100, 2):
        folder = tmp_path / str(steps)
        done = cut_off(steps, partial(opening.make_store, folder, PHRASE, now, kdf=FLOOR))
        whole.append(opening.exists(folder))
        if whole[-1]:
            with pytest.raises(CannotOpen, match="already a store in this folder: open it"):
                opening.make_store(folder, PHRASE, now, kdf=FLOOR)
        else:
            with pytest.raises(CannotOpen, match=r"no Chairside store in this folder: .*make a new store"):
                opening.open_store(folder, PHRASE, now)
            opening.make_store(folder, PHRASE, now, kdf=FLOOR).sitting.close()
        sitting = opening.open_store(folder, PHRASE, now)
        assert check_store(sitting).findings == ()
        sitting.close()
        if done:
            break
    turn = whole.index(True)
    assert whole == [False] * turn + [True] * (len(whole) - turn)
    assert 2 < turn < len(whole) - 2


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


def an_endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [a_pipe, a_socket, an_endless_device, Path.mkdir])
@pytest.mark.parametrize("name", ["vault.db", "vault.db-journal", "vault.swap", "vault.next"])
def test_what_is_no_file_in_the_place_of_a_part_of_the_store_is_named_at_once(
    made: Path, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(made, tmp_path / "store")
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    if (name, make) == ("vault.next", Path.mkdir):
        opening.open_store(folder, PHRASE, now).close()
        return
    assert opening.exists(folder)
    for act in (opening.open_store, opening.make_store):
        with pytest.raises(CannotOpen, match=rf"called {name} .* is not a (file|folder), and nothing was changed"):
            act(folder, PHRASE, now)


@pytest.mark.parametrize("make", [a_pipe, a_socket, an_endless_device, Path.mkdir])
@pytest.mark.parametrize("name", ["vault.keys", "vault.keys.new", "vault.keys.prev", "vault.tries"])
def test_what_is_no_file_in_the_place_of_a_key_file_is_damage_that_keeps_nobody_out(
    made: Path, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(made, tmp_path / "store")
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    sitting = opening.open_store(folder, PHRASE, now)
    assert ("spare copy was used" in sitting.keys_mended) == (name == "vault.keys")
    sitting.close()


@pytest.mark.parametrize("link", [False, True])
def test_a_file_or_a_link_in_the_place_of_the_folder_for_a_new_store_is_neither_followed_nor_taken_away(
    made: Path, tmp_path: Path, link: bool
) -> None:
    folder, mine = shutil.copytree(made, tmp_path / "store"), tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("Dear Sam")
    if link:
        (folder / "vault.next").symlink_to(mine)
    else:
        (folder / "vault.next").write_text("Dear Sam")
    with pytest.raises(CannotOpen, match=r"called vault.next .* is not a folder"):
        opening.open_store(folder, PHRASE, now)
    assert (mine / "letter.txt").read_text() == "Dear Sam"
    assert (folder / "vault.next").exists()
