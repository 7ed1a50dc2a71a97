"""A file gets its name also where something holds it for a moment, as virus scanners do."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.services import backups, keeping, place
from app.services.keeping import NotWritten
from app.store.store import Store
from app.vault import files, keys
from app.vault.passphrase import FLOOR
from tests.builders import KEY, START, an_act

ROOT = Path(__file__).parents[2]
PASSPHRASE = "the only passphrase"


def renamings() -> dict[str, tuple[int, ...]]:
    """Return each place in the program that gives a file another name by itself."""
    found = {}
    for path in (ROOT / "app").rglob("*.py"):
        lines = tuple(
            call.lineno
            for call in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            # a text is replaced by two arguments, a part of a date by its name
            if (call.func.attr == "replace" and len(call.args) == 1 and not call.keywords)
            or (call.func.attr in {"rename", "renames"} and len(call.args) == 1)
        )
        if lines:
            found[str(path.relative_to(ROOT))] = lines
    return found


def test_every_file_gets_its_name_in_the_one_place_that_tries_again() -> None:
    assert list(renamings()) == ["app/vault/files.py"]


@dataclass
class Scanner:
    """A virus scanner that holds each file for as many tries as it likes, on a system that then renames none."""

    holds: int
    waited: list[float] = field(default_factory=list)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        replace, left = Path.replace, {}

        def held(source: Path, target: Path) -> Path:
            left[source] = left.get(source, self.holds) - 1
            if left[source] >= 0:
                raise PermissionError(13, "Permission denied")
            return replace(source, target)

        monkeypatch.setattr(files, "sys", SimpleNamespace(platform="win32"))
        monkeypatch.setattr(files, "time", SimpleNamespace(sleep=self.waited.append))
        monkeypatch.setattr(Path, "replace", held)


def named_anew(tmp_path: Path, what: str) -> tuple[Path, Callable[[], object]]:
    """Return what is to get its name at the end, and the act of the program that gives it."""
    store = Store.open(tmp_path / "store", KEY)
    path = tmp_path / f"the {what}"
    notes = backups.Notes(store)
    acts: dict[str, Callable[[], object]] = {
        "backup": lambda: backups.write_copy(store, START, path),
        "receipt": lambda: keeping.write_file(path, b"{}"),
        "note": lambda: notes.write(path, "0" * 64, ".checked"),
        "folder": lambda: (store.close(), place.move_store(tmp_path / "store", path)),
    }
    return (path.with_name(f"{path.name}.checked") if what == "note" else path), acts[what]


@pytest.mark.parametrize("what", ["backup", "receipt", "note", "folder"])
def test_a_file_that_a_scanner_holds_for_a_while_gets_its_name_and_else_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    keys.create(tmp_path / "store", PASSPHRASE, kdf=FLOOR)
    Store.create(tmp_path / "store", KEY, an_act()).close()
    before = {path.name for path in tmp_path.iterdir()}
    path, act = named_anew(tmp_path, what)
    for holds in (0, 1, 5, 11, 12):
        scanner = Scanner(holds)
        with monkeypatch.context() as patched:
            scanner.install(patched)
            if holds < 12:
                act()
                assert path.exists()
                assert len(scanner.waited) == holds
                assert sum(scanner.waited) < 4
            else:
                with pytest.raises((OSError, NotWritten, place.CannotMove)):
                    act()
                assert {left.name for left in tmp_path.iterdir()} == before
        if holds < 12 and path.is_dir():
            path.replace(tmp_path / "store")
        elif holds < 12:
            path.unlink()
