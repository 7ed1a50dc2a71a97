"""Closed, full and broken streams, and what is no file where one is named: one sentence, and nothing half written."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import resources
from app.cli.door import main
from tests.builders import a_store_of

PHRASE = "seven lamps along the quiet river"
SHORT = resources.folder("sample", "short.json")
REFERENCE = "SD-SAMPLE-SHORT"
WHERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, its passphrase and a backup of it, and a pipe, a folder and a link to itself."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "phrase").write_text(f"{PHRASE}\n", encoding="utf-8")
    options = ["--store", str(folder / "store"), "--passphrase-file", str(folder / "phrase")]
    a_store_of(folder / "store", PHRASE)
    assert main(["import", str(SHORT), *options]) == 0
    assert main(["backup", "-o", str(folder / "copy.chairside-backup"), *options]) == 0
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    return folder


@pytest.fixture
def room(kept: Path, tmp_path: Path) -> Path:
    """A copy of the folder, for what may change it."""
    shutil.copytree(kept, tmp_path / "room", ignore=shutil.ignore_patterns("pipe"), symlinks=True)
    os.mkfifo(tmp_path / "room" / "pipe")
    return tmp_path / "room"


def options(room: Path) -> list[str]:
    return ["--store", str(room / "store"), "--passphrase-file", str(room / "phrase")]


def run(streams: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as a shell does that was told to redirect its streams."""
    line = f'exec "$@" {streams}'
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "app", *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=WHERE, timeout=60, env=buffered,
    )  # fmt: skip


def test_a_command_ends_with_the_right_status_whatever_became_of_its_streams(room):
    for streams, status, out, err in [
        ("<&- >&- 2>&-", 0, 0, 0),
        ("<&- 2>/dev/full", 0, 2, 0),
        (">/dev/full", 1, 0, 1),
        (">/dev/full 2>/dev/full", 1, 0, 0),
    ]:
        done = run(streams, "list", *options(room))
        assert (done.returncode, done.stdout.count("\n"), done.stderr.count("\n")) == (status, out, err), streams
    assert run("2>/dev/full", "nonsense").returncode == 2
    assert main(["check", *options(room)]) == 0


def test_an_error_with_nowhere_to_go_does_not_stand_in_the_answer(room):
    done = run("2>&-", "list", "--json", "--store", str(room / "folder"), "--passphrase-file", str(room / "phrase"))
    assert done.returncode == 1
    assert "no Chairside store" in json.loads(done.stdout)["error"]


def test_a_warning_that_cannot_be_said_does_not_stop_the_command(room):
    shutil.copytree(room / "store", room / "older")
    assert main(["settings", "--marking", "OFFICIAL", *options(room)]) == 0
    shutil.rmtree(room / "store")
    (room / "older").rename(room / "store")
    done = run("2>/dev/full", "settings", "--marking", "OFFICIAL-SENSITIVE", *options(room))
    assert done.returncode == 0, done.stdout
    assert "OFFICIAL-SENSITIVE" in done.stdout
    assert "older" in run("", "list", *options(room)).stderr


@pytest.mark.parametrize("words", [["--help"], ["list", "--help"]])
def test_help_that_cannot_be_printed_is_one_sentence(words):
    done = run(">/dev/full", *words)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert "ignored" not in done.stderr


def test_a_record_that_meets_a_full_disk_or_a_reader_who_left_is_one_sentence(room):
    for streams in (">/dev/full", "| head -c 0"):
        done = run(streams, "export", REFERENCE, "-o", "-", *options(room))
        assert done.stderr.count("\n") == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert "unexpected" not in done.stderr


def test_no_file_of_a_store_takes_the_number_of_a_closed_stream(room, tmp_path):
    traced = f'exec strace -f -qq -e trace=openat -o {tmp_path / "trace"} "$@" <&- >&- 2>&-'
    words = [sys.executable, "-m", "app", "settings", "--marking", "OFFICIAL", *options(room)]
    done = subprocess.run(["sh", "-c", traced, "sh", *words], stdout=subprocess.DEVNULL, check=False, cwd=WHERE)
    assert done.returncode == 0
    opened = (tmp_path / "trace").read_text("utf-8", "replace")
    assert re.search(rf'openat\(.*"{room}/store/vault\.\S+, .* = [3-9]', opened)
    assert not re.search(rf'openat\(.*"{room}/.* = [012]$', opened, re.MULTILINE)


READING = [
    ["verify", "@"],
    ["verify", "copy.chairside-backup", "--trust", "@"],
    ["verify", "copy.chairside-backup", "--with", "@"],
    ["check-receipt", "@", "+"],
    ["import", "@", "+"],
    ["escrow", "--add", "@", "+"],
    ["restore", "@", "--store", "new", "--passphrase-file", "phrase"],
    ["restore", "@", "--in-place", "+"],
    ["check", "--backup", "@", "+"],
    ["list", "--store", "store", "--passphrase-file", "@"],
    ["new-passphrase", "--store", "store", "--recovery-key-file", "@", "--new-passphrase-file", "phrase"],
    ["new-passphrase", "--store", "store", "--recovery-key-file", "phrase", "--new-passphrase-file", "@"],
]


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:3]))
def test_what_is_no_file_is_never_waited_for_and_is_one_sentence(kept, words, monkeypatch, capfd):
    monkeypatch.chdir(kept)
    for name in ("pipe", "folder", "loop", "/dev/zero", "n" * 300):
        line = [name if word == "@" else word for word in words if word != "+"]
        line += options(kept) if "+" in words else []
        capfd.readouterr()
        assert main(line) == 1, line
        said = capfd.readouterr()
        sentence = said.err or said.out
        assert sentence.count("\n") == 1, (line, sentence)
        assert "unexpected" not in sentence, (line, sentence)
    assert not (kept / "new").exists()
    assert not [path.name for path in kept.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "words",
    [
        ["move-store", "--store", "store", "--to", "@"],
        ["restore", "copy.chairside-backup", "--store", "@", "--passphrase-file", "phrase"],
        ["move-store", "--store", "@", "--to", "moved"],
        ["accept-store", "--store", "@", "--passphrase-file", "phrase"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_folder_that_cannot_be_one_is_one_sentence_and_the_store_stays(room, words, monkeypatch, capfd):
    monkeypatch.chdir(room)
    content = (room / "store" / "vault.db").read_bytes()
    names = ["/", "..", "pipe", "loop", "loop/x", "phrase", "/proc/self/fd/999", "n" * 300]
    inside = ["store/in", "folder/../store/in"] if words[0] == "move-store" and words[-1] == "@" else []
    for name in names + inside:
        capfd.readouterr()
        assert main([name if word == "@" else word for word in words]) == 1, name
        said = capfd.readouterr().err
        assert said.count("\n") == 1, (name, said)
        assert "unexpected" not in said, (name, said)
    assert (room / "store" / "vault.db").read_bytes() == content
    assert not [path.name for path in room.iterdir() if path.name.startswith(".")]
    assert not (room / "moved").exists()


def test_a_pipe_with_the_name_of_a_backup_does_not_keep_a_store_from_being_written(room):
    os.mkfifo(room / "store" / "backups" / "backup-20261122T091450Z-000038.chairside-backup")
    done = run("", "settings", "--marking", "OFFICIAL", *options(room))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_receipt_of_fifty_megabytes_is_told_before_it_is_read(room, capsys):
    with (room / "huge").open("wb") as file:
        file.write(b"[")
        file.truncate(50 * 1024 * 1024)
    for words in (
        ["check-receipt", str(room / "huge"), *options(room)],
        ["verify", str(SHORT), "--with", str(room / "huge")],
    ):
        capsys.readouterr()
        assert main(words) == 1
        assert capsys.readouterr().err.count("\n") == 1
