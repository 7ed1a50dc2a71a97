"""Each checked backup is copied to another folder too, which may be away for a while and hold those of others."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import rotating
from app.services.backups import CHECKED, PLACE
from app.services.sitting import Sitting
from app.vault import keys
from tests.services.backing_up import (
    PHRASE,
    a_store_with_a_case,
    change,
    folder_for,
    kept,
    later,
    names,
    note_all,
    seated,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store_with_a_case(tmp_path_factory.mktemp("made") / "store")


@pytest.fixture
def key(made: Path) -> bytes:
    return keys.unlock(made, PHRASE)


@pytest.fixture
def sitting(made: Path, tmp_path: Path, key: bytes) -> Iterator[Sitting]:
    """A sitting at a copy of that store, with a clock that a second passes whenever it is read."""
    with seated(shutil.copytree(made, tmp_path / "store"), key) as found:
        yield found


def test_the_second_folder_gets_each_checked_backup_and_being_away_is_said_and_made_good(
    sitting: Sitting, tmp_path: Path
) -> None:
    second = folder_for(tmp_path, "drive")
    assert rotating.set_second_folder(sitting, str(second)) == ""
    assert rotating.second_folder(sitting) == str(second)
    rotating.at_opening(sitting)
    assert names(second) == names(sitting.store.folder / PLACE)
    second.rename(tmp_path / "unplugged")
    change(sitting)
    later(sitting, minutes=1)
    said = rotating.at_opening(sitting)
    assert said.startswith("The other folder for backups could not be used")
    assert not second.exists()
    (tmp_path / "unplugged").rename(second)
    assert rotating.at_opening(sitting) == ""
    assert names(second) == names(sitting.store.folder / PLACE)
    assert rotating.set_second_folder(sitting, "") == ""
    assert rotating.second_folder(sitting) == ""


def test_backups_of_another_store_in_the_second_folder_are_left_alone(sitting: Sitting, tmp_path: Path) -> None:
    second = folder_for(tmp_path, "drive")
    theirs = second / "backup-20261210T103007Z-000099.chairside-backup"
    theirs.write_bytes(b"of another laptop")
    theirs.with_name(theirs.name + CHECKED).write_text(f"{'0' * 64} {'1' * 64}\n")
    rotating.set_second_folder(sitting, str(second))
    for _ in range(12):
        later(sitting, minutes=5)
        change(sitting)
        rotating.at_lock(sitting)
    note_all(sitting)
    assert rotating.settle(sitting) == ""
    assert theirs.read_bytes() == b"of another laptop"
    taken = kept(sitting)[0]
    (second / taken.path.name).write_bytes(b"theirs, of the same moment")
    (second / (taken.path.name + CHECKED)).unlink()
    assert "another file has the name" in rotating.settle(sitting)
    assert (second / taken.path.name).read_bytes() == b"theirs, of the same moment"


@pytest.mark.parametrize("where", ["nowhere", "store", "store/within"])
def test_a_second_folder_that_cannot_be_used_is_refused_in_one_sentence(
    sitting: Sitting, tmp_path: Path, where: str
) -> None:
    (tmp_path / "store" / "within").mkdir()
    said = rotating.set_second_folder(sitting, str(tmp_path / where))
    assert said.endswith(".")
    assert rotating.second_folder(sitting) == ""


def test_a_second_folder_that_stays_away_is_said_once_a_week_and_always_where_one_looks(
    sitting: Sitting, tmp_path: Path
) -> None:
    second = folder_for(tmp_path, "drive")
    assert rotating.set_second_folder(sitting, str(second)) == ""
    rotating.at_opening(sitting)
    second.rename(tmp_path / "unplugged")
    said = []
    for days in (1, 3, 3, 2, 6):
        later(sitting, days=days)
        said.append(rotating.at_opening(sitting))
        assert rotating.standing(sitting).endswith(f"The other folder for backups, {second}, is not there now.")
    assert [bool(sentence) for sentence in said] == [True, False, False, True, False]
    # nor within a sitting
    assert rotating.back_up_now(sitting) == ""
    (tmp_path / "unplugged").rename(second)
    assert rotating.at_opening(sitting) == ""
    assert "other folder" not in rotating.standing(sitting)
    second.rename(tmp_path / "unplugged")
    assert rotating.at_opening(sitting).startswith("The other folder for backups could not be used")
    assert rotating.at_opening(sitting) == ""
