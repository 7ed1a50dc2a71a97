"""Whoever looks for a store in its old folder is led to the new one, and nowhere else."""

import shutil
from pathlib import Path

import pytest

from app.services.moved import MOVED, followed, leave_word
from app.services.opening import make_store
from app.services.place import move_store, store_folder
from app.vault import keys
from app.vault.passphrase import FLOOR
from tests.builders import Clock, a_store_of

PASSPHRASE = "five sample words for tests"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder that a store was in."""
    a_store_of(tmp_path / "old", PASSPHRASE)
    assert move_store(tmp_path / "old", tmp_path / "new") == ""
    return tmp_path / "old"


def say(folder: Path, *lines: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / MOVED).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_the_word_in_the_old_folder_is_a_path_and_a_random_id(old: Path, tmp_path: Path) -> None:
    assert [path.name for path in old.iterdir()] == [MOVED]
    assert (old / MOVED).read_text(encoding="utf-8").splitlines() == [
        str(tmp_path / "new"),
        str(keys.store_id(tmp_path / "new")),
    ]


def test_a_store_that_was_moved_on_and_back_is_found_by_every_name_it_had(old: Path, tmp_path: Path) -> None:
    assert move_store(tmp_path / "new", tmp_path / "third") == ""
    assert [store_folder(str(tmp_path / name)) for name in ("old", "new", "third")] == [tmp_path / "third"] * 3
    assert move_store(tmp_path / "third", old) == ""
    assert [store_folder(str(tmp_path / name)) for name in ("old", "new", "third")] == [old] * 3
    assert not (old / MOVED).exists()


def test_old_files_that_come_back_beside_the_word_are_not_opened(old: Path, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "new", old, dirs_exist_ok=True)
    assert store_folder(str(old)) == tmp_path / "new"
    shutil.rmtree(tmp_path / "new")
    assert store_folder(str(old)) == old


def test_word_that_leads_nowhere_or_in_a_circle_is_ignored(old: Path, tmp_path: Path) -> None:
    (tmp_path / "new").rename(tmp_path / "renamed")
    assert followed(old) == old
    (tmp_path / "renamed").rename(tmp_path / "new")
    say(tmp_path / "new", old)
    assert followed(old) == old
    assert followed(tmp_path / "new") == tmp_path / "new"
    say(tmp_path / "itself", tmp_path / "itself")
    assert followed(tmp_path / "itself") == tmp_path / "itself"


@pytest.mark.parametrize(
    "word", ["new\n", "", "\0\n", "\xff" * 40_000, "\\\\elsewhere\\share\\store\n", "//elsewhere/share/store\n"]
)
def test_word_that_is_not_a_path_of_this_computer_is_ignored(tmp_path: Path, word: str) -> None:
    a_store_of(tmp_path / "new", PASSPHRASE)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / MOVED).write_text(word, encoding="utf-8")
    assert followed(tmp_path / "old") == tmp_path / "old"


def test_another_store_at_the_same_path_is_not_taken_for_the_one_that_was_moved(old: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "new")
    a_store_of(tmp_path / "new", PASSPHRASE)
    assert followed(old) == old


def test_a_store_whose_key_file_is_damaged_is_still_found_so_that_it_can_be_mended(old: Path, tmp_path: Path) -> None:
    for name in ("vault.keys", "vault.keys.prev"):
        (tmp_path / "new" / name).write_bytes(b"torn")
    assert followed(old) == tmp_path / "new"


def test_where_a_new_store_is_made_the_word_of_the_old_one_is_gone(old: Path) -> None:
    make_store(old, PASSPHRASE, Clock(), kdf=FLOOR).sitting.close()
    assert store_folder(str(old)) == old
    assert not (old / MOVED).exists()


def test_a_move_whose_word_cannot_be_left_says_so(old: Path, tmp_path: Path) -> None:
    assert "start" not in move_store(tmp_path / "new", old)
    assert "have Chairside started with the new one" in move_store(old, tmp_path / "two\nlines")
    assert not old.exists()
    with pytest.raises(OSError, match="two lines"):
        leave_word(tmp_path, tmp_path / "two\nlines")
