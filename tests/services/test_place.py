"""Where a store is looked for, and that it is moved whole or not at all."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.services import place
from app.store.store import Store
from app.vault import keys
from app.vault.passphrase import Cost
from tests.builders import KEY, an_act


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A closed store with a backup, a reserve, what a crash may leave, and a file that is not the store's."""
    folder = tmp_path / "store"
    keys.create(folder, "five sample words for tests", kdf=Cost(3, 65536, 4))
    Store.create(folder, KEY, an_act()).close()
    (folder / "backups").mkdir()
    (folder / "backups" / "backup-20261210T103000Z-000002.chairside-backup").write_bytes(b"a backup")
    (folder / "vault.reserve").write_bytes(bytes(100))
    (folder / "vault.lock").write_bytes(b"pid 1\n")
    (folder / "vault.next").mkdir()
    (folder / "vault.next" / "vault.keys").write_bytes(b"half way")
    (folder / "letter.txt").write_text("Dear Sam")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_sentence_names_what_is_wrong_with_a_place_and_there_is_a_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("OneDrive", str(tmp_path / "Work"))
    said = place.trouble(tmp_path / "Work" / "store")
    assert "OneDrive" in said
    assert "backups may stay" in said
    better = place.better_place()
    assert place.trouble(better) == ""
    better.mkdir(parents=True)
    (better / "vault.db").touch()
    assert place.better_place() not in {better, tmp_path}


def test_everything_of_the_store_moves_but_what_belongs_to_the_old_place(store: Path, tmp_path: Path) -> None:
    before = everything(store)
    heard: list[tuple[int, int]] = []
    assert place.move_store(store, tmp_path / "new", lambda _what, done, of: heard.append((done, of))) == ""
    left_out = {"letter.txt", "vault.reserve", "vault.lock"}
    assert everything(tmp_path / "new") == {name: content for name, content in before.items() if name not in left_out}
    assert sorted(everything(store)) == ["letter.txt", "moved-to.txt", "vault.lock"]
    assert heard == [(done, len(heard)) for done in range(len(heard))]
    Store.open(tmp_path / "new", KEY).close()


def test_a_move_that_fails_leaves_the_store_where_it_was(store: Path, tmp_path: Path) -> None:
    before = everything(store)

    def unplugged(_what: str, done: int, _of: int) -> None:
        if done == 3:
            raise OSError(5, "Input/output error")

    with pytest.raises(place.CannotMove, match="is where it was: Input/output error"):
        place.move_store(store, tmp_path / "new", unplugged)
    assert everything(store) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def test_what_a_move_that_was_cut_off_left_does_not_stand_in_the_way(store: Path, tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    running, of_old, other = f".new.moving-{os.getppid()}", f".new.moving-{ended.pid}", ".new.moving-on"
    for name in (running, of_old, other):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vault.db").write_bytes(b"half")
    (tmp_path / "new").mkdir()
    assert place.move_store(store, tmp_path / "new") == ""
    Store.open(tmp_path / "new", KEY).close()
    # what another program still moves is left to it
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == sorted([running, other])


def test_a_folder_without_a_store_is_not_moved(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(place.CannotMove, match="no Chairside store"):
        place.move_store(tmp_path / "empty", tmp_path / "new")
    shutil.rmtree(tmp_path / "empty")
    with pytest.raises(place.CannotMove, match="no Chairside store"):
        place.move_store(tmp_path / "empty", tmp_path / "new")
