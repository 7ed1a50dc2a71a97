"""Checking, copying, bringing back and moving a store from the command line."""

import json
import os
import pty
import shutil
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

from app import resources
from app.cli import answer
from app.cli.door import main
from app.services import rotating
from tests.builders import a_store_of

SHORT = resources.folder("sample", "short.json")
WHERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has the short sample in it, its passphrase, its recovery key and a backup."""
    root = tmp_path_factory.mktemp("made")
    (root / "passphrase.txt").write_text("seven lamps along the quiet river\n", encoding="utf-8")
    options = ["--store", str(root / "store"), "--passphrase-file", str(root / "passphrase.txt")]
    a_store_of(root / "store", "seven lamps along the quiet river", root / "recovery.txt")
    assert main(["import", str(SHORT), *options]) == 0
    assert main(["backup", "-o", str(root / "copy.chairside-backup"), *options]) == 0
    return root


@pytest.fixture
def room(made: Path, tmp_path: Path) -> Path:
    """A copy of all that."""
    return shutil.copytree(made, tmp_path / "room")


def at(room: Path, name: str = "store") -> list[str]:
    return ["--store", str(room / name), "--passphrase-file", str(room / "passphrase.txt")]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capsys.readouterr().out))


def test_a_command_that_writes_leaves_a_backup_of_what_was_before_and_one_that_reads_none(room: Path, capsys) -> None:
    (first,) = rotating.backups(room / "store")
    assert first.entries == 2
    assert main(["list", *at(room)]) == 0
    assert len(rotating.backups(room / "store")) == 1
    changed = json.loads(SHORT.read_text(encoding="utf-8"))
    changed["case"]["reference"] = changed["meeting"]["reference"] = "CHANGED"
    (room / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    assert main(["import", str(room / "changed.json"), *at(room)]) == 0
    assert [one.verified for one in rotating.backups(room / "store")] == [False, False]


def test_a_check_says_how_the_store_its_keys_and_its_backups_stand(room: Path, capsys) -> None:
    assert main(["check", *at(room), "--json"]) == 0
    values = told(capsys)
    assert (values["ok"], values["findings"]) == (True, [])
    assert values["newest_backup"]["entries"] == 2
    (room / "store" / "vault.keys.prev").write_bytes(b"spoilt")
    assert main(["check", *at(room), "--json"]) == 1
    values = told(capsys)
    assert len(values["findings"]) == 1
    assert "vault.keys.prev" in values["findings"][0]


@pytest.mark.parametrize("way", ["--passphrase-file", "--recovery-key-file"])
def test_a_backup_is_checked_with_either_secret_and_the_store_is_left_alone(room: Path, capsys, way: str) -> None:
    secret = room / ("recovery.txt" if way == "--recovery-key-file" else "passphrase.txt")
    shutil.rmtree(room / "store")
    words = ["check", "--backup", str(room / "copy.chairside-backup"), way, str(secret), "--json"]
    capsys.readouterr()
    assert main(words) == 0
    values = told(capsys)
    assert (values["ok"], values["findings"]) == (True, [])


def test_a_backup_that_is_not_sound_has_a_status_of_its_own_and_a_sentence(room: Path, capsys) -> None:
    path = room / "copy.chairside-backup"
    content = bytearray(path.read_bytes())
    content[100:101] = b"1" if content[100:101] == b"0" else b"0"  # of what only the store could have signed
    path.write_bytes(content)
    words = ["check", "--backup", str(path), "--passphrase-file", str(room / "passphrase.txt")]
    capsys.readouterr()
    assert main([*words, "--json"]) == 1
    values = told(capsys)
    assert (values["ok"], values["entries"]) == (False, 75)
    content[-5000] ^= 1
    path.write_bytes(content)
    assert main(words) == 1
    assert "damaged or not complete" in capsys.readouterr().err


def test_a_backup_comes_back_by_recovery_key_and_raises_no_alarm(room: Path, capsys) -> None:
    back = ["--store", str(room / "back")]
    words = ["restore", str(room / "copy.chairside-backup"), *back, "--recovery-key-file", str(room / "recovery.txt")]
    assert main(words) == 0
    assert main(["list", *at(room, "back")]) == 0
    assert main(["list", *at(room, "back")]) == 0
    capsys.readouterr()
    assert main(["check", *at(room, "back")]) == 0
    assert capsys.readouterr().err == ""
    assert main(words) == 1


def test_a_backup_takes_the_place_of_a_damaged_store_whose_files_are_kept(room: Path, capsys) -> None:
    database = room / "store" / "vault.db"
    content = bytearray(database.read_bytes())
    content[:4096] = os.urandom(4096)
    database.write_bytes(content)
    assert main(["list", *at(room)]) == 1
    words = ["restore", str(room / "copy.chairside-backup"), *at(room), "--in-place", "--json"]
    capsys.readouterr()
    assert main(words) == 0
    assert "is in place" in str(told(capsys)["sentence"])
    assert main(["check", *at(room)]) == 0
    assert [path.read_bytes() for path in (room / "store").glob("vault.db.damaged-*")] == [bytes(content)]


def test_a_store_is_moved_whole_with_its_backups_and_opens_there(room: Path, capsys) -> None:
    before = {path.name: path.read_bytes() for path in (room / "store" / "backups").iterdir()}
    (room / "store" / "letter.txt").write_text("Dear Sam")
    to = room / "elsewhere" / "new"
    assert main(["move-store", "--store", str(room / "store"), "--to", str(to), "--json"]) == 0
    assert {path.name: path.read_bytes() for path in (to / "backups").iterdir()} == before
    assert sorted(path.name for path in (room / "store").iterdir()) == ["letter.txt", "moved-to.txt"]
    assert main(["check", "--store", str(to), *at(room)[2:]]) == 0
    # by its old name it is found where it is, also once it was moved on
    assert main(["move-store", "--store", str(room / "store"), "--to", str(room / "third")]) == 0
    capsys.readouterr()
    assert main(["list", *at(room), "--json"]) == 0
    answer = capsys.readouterr()
    assert answer.err.count("\n") == 1
    assert f"is now in {room / 'third'}" in answer.err
    assert json.loads(answer.out)["cases"]


def test_a_new_store_is_made_where_another_was_moved_away_and_is_then_found_there(room: Path, capsys) -> None:
    assert main(["move-store", "--store", str(room / "store"), "--to", str(room / "new")]) == 0
    assert main(["new-store", *at(room)]) == 0
    capsys.readouterr()
    assert main(["list", *at(room), "--json"]) == 0
    answer = capsys.readouterr()
    assert answer.err == ""
    assert json.loads(answer.out)["cases"] == []


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("to", ["OneDrive - Example Council/store", "store/within", "used", "Dropbox"])
def test_a_store_is_not_moved_to_a_bad_place_and_is_then_where_it_was(room: Path, capsys, to: str) -> None:
    (room / "used").mkdir()
    (room / "used" / "letter.txt").write_text("Dear Sam")
    before = everything(room)
    capsys.readouterr()
    assert main(["move-store", "--store", str(room / "store"), "--to", str(room / to)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert everything(room) == before


def test_a_store_that_is_open_is_not_moved(room: Path, capsys) -> None:
    before = everything(room / "store")
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from app.services.opening import open_store\n"
        "open_store(Path(sys.argv[1]), 'seven lamps along the quiet river', lambda: datetime.now(UTC))\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(room / "store")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=WHERE
    ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == b"open\n"
        capsys.readouterr()
        assert main(["move-store", "--store", str(room / "store"), "--to", str(room / "moved")]) == 1
        assert "already open elsewhere" in capsys.readouterr().err
        window.kill()
    assert not (room / "moved").exists()
    assert everything(room / "store") == before


@pytest.mark.parametrize("command", ["new-store", "list"])
def test_a_store_in_a_synchronised_folder_is_neither_made_nor_opened_and_the_way_out_is_named(
    room: Path, capsys, command: str
) -> None:
    bad = room / "OneDrive" / "store"
    if command == "list":
        bad.parent.mkdir()
        (room / "store").rename(bad)
    words = [command, "--store", str(bad), "--passphrase-file", str(room / "passphrase.txt")]
    capsys.readouterr()
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "OneDrive" in said
    assert "move-store" in said
    if command == "list":
        assert main(["move-store", "--store", str(bad), "--to", str(room / "good")]) == 0
        assert main(["list", *at(room, "good")]) == 0


def test_backups_that_nobody_checked_are_caught_up_with_before_they_pile_up(room: Path, capsys) -> None:
    place = room / "store" / "backups"
    (one,) = rotating.backups(room / "store")
    for number in range(rotating.MOST_UNCHECKED):
        shutil.copy(one.path, place / f"backup-20250101T0000{number:02}Z-000002.chairside-backup")
    changed = json.loads(SHORT.read_text(encoding="utf-8"))
    changed["case"]["reference"] = changed["meeting"]["reference"] = "CHANGED"
    (room / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    assert main(["import", str(room / "changed.json"), *at(room)]) == 0
    found = rotating.backups(room / "store")
    assert all(backup.verified for backup in found)
    assert len(found) == rotating.MOST_UNCHECKED + 2


def shown(wanted: bool, seconds: float, json_asked: bool = False) -> str:
    """Return what a terminal shows of a command that takes so long."""
    ours, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as err, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", err)
        with answer.progress(Namespace(progress=wanted, json=json_asked)) as told:
            told("Checking", 0, 4)
            told("Checking", 2, 4)
            time.sleep(seconds)
        err.write("end")
        err.flush()
        seen = ""
        while not seen.endswith("end"):
            seen += os.read(ours, 10_000).decode()
    os.close(ours)
    return seen


def test_progress_is_said_after_a_second_on_one_line_that_is_then_empty_again() -> None:
    seen = shown(False, 1.3)
    assert "\rChecking: 50 %" in seen
    assert "\n" not in seen
    assert seen.endswith(f"\r{' ' * len('Checking: 50 %')}\rend")


def test_progress_is_not_said_of_what_is_quick_nor_beside_json_unless_it_is_asked_for() -> None:
    assert shown(False, 0.0) == "end"
    assert shown(False, 1.2, json_asked=True) == "end"
    assert "Checking: 50 %" in shown(True, 1.2, json_asked=True)
