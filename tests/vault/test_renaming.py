"""A file gets its name also where something holds it for a moment, as virus scanners do."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.services import backups, keeping, place
from app.services.keeping import NotWritten
from app.store.store import Store
from app.vault import files, keys
from app.vault.passphrase import FLOOR
from tests.builders import KEY, START, an_act

ROOT = Path(__file__).parents[2]
PASSPHRASE = "the only passphrase"
TRIES = 12


def renames(node: ast.AST) -> bool:
    """Return whether this gives a file another name; a text is replaced by two arguments, a part of a date by name."""
    match node:
        case ast.Call(func=ast.Attribute(attr="replace" | "rename" | "renames"), args=[_], keywords=[]):
            return True
        case ast.Attribute(value=ast.Name(id="Path" | "os" | "shutil"), attr="replace" | "rename" | "renames" | "move"):
            return True
    return False


def test_every_file_gets_its_name_in_the_one_place_that_tries_again() -> None:
    places = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if any(map(renames, ast.walk(ast.parse(path.read_text("utf-8")))))
    }
    assert places == {"app/vault/files.py"}


@dataclass
class Scanner:
    """A virus scanner that holds each file for as many tries as it likes, on a system that then renames none."""

    holds: int
    waited: list[float] = field(default_factory=list)

    def replace(self, source: Path, target: Path) -> None:
        if len(self.waited) < self.holds:
            raise PermissionError(13, "Permission denied")
        source.replace(target)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """A file and the one whose name it is to get."""
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    return tmp_path / "new", tmp_path / "old"


@pytest.mark.parametrize("holds", range(TRIES))
def test_a_file_that_a_scanner_holds_for_a_while_gets_its_name(two: tuple[Path, Path], holds: int) -> None:
    scanner = Scanner(holds)
    files.rename(*two, tries=TRIES, replace=scanner.replace, wait=scanner.waited.append)
    assert two[1].read_text() == "new"
    assert not two[0].exists()
    assert len(scanner.waited) == holds
    assert sum(scanner.waited) < 4


def test_a_file_that_is_held_for_good_is_refused_with_both_as_they_were(two: tuple[Path, Path]) -> None:
    scanner = Scanner(TRIES)
    with pytest.raises(PermissionError):
        files.rename(*two, tries=TRIES, replace=scanner.replace, wait=scanner.waited.append)
    assert [path.read_text() for path in two] == ["new", "old"]


def test_where_a_refusal_is_final_nobody_waits(two: tuple[Path, Path]) -> None:
    scanner = Scanner(1)
    with pytest.raises(PermissionError):
        files.rename(*two, tries=1, replace=scanner.replace, wait=scanner.waited.append)
    assert scanner.waited == []


def in_the_way(path: Path) -> None:
    """Put a folder with something in it where a file is to get its name."""
    path.mkdir(exist_ok=True)
    (path / "letter.txt").write_text("Dear Sam")


@pytest.mark.parametrize("what", ["backup", "receipt", "note", "folder"])
def test_what_gets_no_name_in_the_end_leaves_nothing_but_what_is_in_its_way(tmp_path: Path, what: str) -> None:
    keys.create(tmp_path / "store", PASSPHRASE, kdf=FLOOR)
    store = Store.create(tmp_path / "store", KEY, an_act())
    path, notes = tmp_path / f"a.{what}", backups.Notes(store)

    def meanwhile(*_: object) -> None:
        in_the_way(path)

    acts: dict[str, Callable[[], object]] = {
        "backup": lambda: backups.write_copy(store, START, path, meanwhile),
        "receipt": lambda: (meanwhile(), keeping.write_file(path, b"{}")),
        "note": lambda: (meanwhile(), notes.write(path.with_suffix(""), "0" * 64, path.suffix)),
        "folder": lambda: (store.close(), place.move_store(tmp_path / "store", path, meanwhile)),
    }
    with pytest.raises((OSError, NotWritten, place.CannotMove)):
        acts[what]()
    store.close()
    assert {left.name for left in tmp_path.iterdir()} == {"store", path.name}
    assert [left.name for left in path.iterdir()] == ["letter.txt"]
    Store.open(tmp_path / "store", KEY).close()
