"""The command line as a careless or hostile hand uses it."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import resources
from app.cli.door import main, plain
from tests.builders import a_store_of

SHORT = resources.folder("sample", "short.json")
REFERENCE = "SD-SAMPLE-SHORT"
RUN = [sys.executable, "-m", "app"]
WHERE = Path(__file__).parents[2]
DAYS = ["deadlines", "--from", "2026-12-10", "--count", "1", "--unit", "days"]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with a passphrase."""
    path = tmp_path / "passphrase.txt"
    path.write_text("seven lamps along the quiet river\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the short sample in it, made once and only ever copied."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "passphrase.txt").write_text("seven lamps along the quiet river\n", encoding="utf-8")
    options = ["--store", str(folder / "store"), "--passphrase-file", str(folder / "passphrase.txt")]
    a_store_of(folder / "store", "seven lamps along the quiet river", folder / "recovery.txt")
    assert main(["settings", "--marking", "OFFICIAL-SENSITIVE", *options]) == 0
    assert main(["import", str(SHORT), *options]) == 0
    return folder / "store"


@pytest.fixture
def store(made: Path, tmp_path: Path, secret: Path) -> list[str]:
    """The options that open a copy of that store."""
    shutil.copytree(made, tmp_path / "store")
    return ["--store", str(tmp_path / "store"), "--passphrase-file", str(secret)]


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on standard error, which is one line that says no more than a person can use."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    assert "unexpected" not in said
    return said


def changed(tmp_path: Path, **meeting: object) -> str:
    """Return the name of a file with the short sample under other references, its meeting changed."""
    record = json.loads(SHORT.read_text(encoding="utf-8"))
    record["case"]["reference"] = "CHANGED"
    record["meeting"] |= {"reference": "CHANGED", **meeting}
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("place", ["missing/key.txt", ".", "kept.txt"])
def test_no_store_is_made_where_its_recovery_key_could_not_be_written(place, secret, tmp_path, capsys):
    kept = tmp_path / "kept.txt"
    kept.write_text("the recovery key of another store", encoding="utf-8")
    words = ["new-store", "--store", str(tmp_path / "new"), "--passphrase-file", str(secret)]
    assert main([*words, "--recovery-key-out", str(tmp_path / place)]) == 1
    one_sentence(capsys)
    assert not (tmp_path / "new").exists()
    assert kept.read_text(encoding="utf-8") == "the recovery key of another store"


def test_a_store_that_is_not_made_leaves_no_empty_recovery_key(store, tmp_path, capsys):
    again = tmp_path / "again.txt"
    assert main(["new-store", *store, "--recovery-key-out", str(again)]) == 1
    assert not again.exists()


def test_minutes_stay_unsealed_where_the_authority_could_not_be_written(store, tmp_path, capsys):
    assert main(["seal", REFERENCE, *store, "--authority-out", str(tmp_path / "missing" / "ca.pem")]) == 1
    one_sentence(capsys)
    assert main(["seal", REFERENCE, *store, "--authority-out", str(tmp_path / "ca.pem")]) == 0


def test_what_is_written_is_for_its_owner_alone_whatever_the_mask(store, tmp_path):
    before = os.umask(0)
    try:
        out = tmp_path / "record.json"
        assert main(["export", REFERENCE, "-o", str(out), *store]) == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_nothing_but_a_file_is_ever_replaced(store, tmp_path, capsys):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (str(pipe), str(tmp_path), ""):
        capsys.readouterr()
        assert main(["export", REFERENCE, "-o", name, *store]) == 1
        one_sentence(capsys)
    assert pipe.is_fifo()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("name", ["vault.db", "vault.keys", "vault.db-journal"])
def test_no_file_of_a_store_is_replaced_by_what_it_gives_out(name, store, capsys):
    assert main(["export", REFERENCE, "-o", str(Path(store[1]) / name), *store]) == 1
    one_sentence(capsys)
    assert main(["check", *store]) == 0


def test_no_backup_is_replaced_by_what_a_store_gives_out(store, tmp_path, capsys):
    copy = tmp_path / "copy.chairside-backup"
    assert main(["backup", "-o", str(copy), *store]) == 0
    content = copy.read_bytes()
    assert main(["export", REFERENCE, "-o", str(copy), *store]) == 1
    assert "is never replaced" in one_sentence(capsys)
    assert copy.read_bytes() == content


def test_a_link_keeps_pointing_at_the_file_that_is_written(store, tmp_path):
    link, target = tmp_path / "link.json", tmp_path / "target.json"
    link.symlink_to(target)
    assert main(["export", REFERENCE, "-o", str(link), *store]) == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())["meeting"]["reference"] == REFERENCE


def test_the_longest_name_a_folder_takes_can_be_written(store, tmp_path):
    assert main(["export", REFERENCE, "-o", str(tmp_path / ("n" * 255)), *store]) == 0


@pytest.mark.parametrize("target", ["/dev/full", "pipe"])
def test_an_answer_that_cannot_be_printed_is_one_sentence(target):
    if target == "pipe":
        reading, out = os.pipe()
        os.close(reading)
    else:
        out = os.open(target, os.O_WRONLY)
    try:
        done = subprocess.run([*RUN, *DAYS], stdout=out, stderr=subprocess.PIPE, check=False, cwd=WHERE)
    finally:
        os.close(out)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["import", "-"], ["export", REFERENCE, "-o", "-"]])
def test_closed_standard_streams_are_one_sentence(words, store):
    line = f'exec "$@" {"<" if words[0] == "import" else ">"}&-'
    done = subprocess.run(
        ["sh", "-c", line, "sh", *RUN, *words, *store], stderr=subprocess.PIPE, text=True, check=False, cwd=WHERE
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "unexpected" not in done.stderr


def test_a_terminal_without_the_letters_is_shown_their_codes_and_json_stays_json(store, tmp_path):
    assert main(["import", changed(tmp_path, reference="Zoë"), *store]) == 0
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    shown = subprocess.run([*RUN, "list", *store], env=ascii_only, capture_output=True, check=False, cwd=WHERE)
    assert (shown.returncode, shown.stderr) == (0, b"")
    listed = subprocess.run(
        [*RUN, "list", "--json", *store], env=ascii_only, capture_output=True, check=False, cwd=WHERE
    )
    assert "Zoë" in [m["reference"] for case in json.loads(listed.stdout)["cases"] for m in case["meetings"]]


def test_a_record_cannot_move_the_cursor_of_a_terminal(store, tmp_path, capsys):
    record = changed(tmp_path, reference="A\x1b[31m\u202eB")
    assert main(["import", record, *store]) == 0
    assert main(["list", *store]) == 0
    assert main(["import", record, *store]) == 1
    said = capsys.readouterr()
    assert plain(said.out.replace("\n", "")) == said.out.replace("\n", "")
    assert "A[U+001B][31m[U+202E]B" in said.out
    assert "\x1b" not in said.err


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("after", [b"\r\n", b"\n", b""])
def test_a_passphrase_file_opens_the_store_however_the_editor_saved_it(before, after, store, secret):
    secret.write_bytes(before + b"seven lamps along the quiet river" + after)
    assert main(["list", *store]) == 0


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/"])
def test_a_passphrase_file_that_is_none_is_one_sentence(name, store, capsys):
    capsys.readouterr()
    assert main(["list", "--store", store[1], "--passphrase-file", name]) == 1
    one_sentence(capsys)


def test_a_backup_reads_the_passphrase_once_so_it_may_come_through_a_pipe(store, secret, tmp_path):
    words = [*RUN, "backup", "--store", store[1], "-o", str(tmp_path / "copy"), "--passphrase-file", "/dev/stdin"]
    done = subprocess.run(words, input=secret.read_bytes(), capture_output=True, check=False, cwd=WHERE)
    assert done.returncode == 0, done.stderr


def test_a_damaged_store_is_not_backed_up_and_the_sentence_is_about_the_store(store, tmp_path, capsys):
    with (Path(store[1]) / "vault.db").open("r+b") as file:
        file.seek(300_000)
        file.write(b"\0" * 64)
    capsys.readouterr()
    assert main(["backup", "-o", str(tmp_path / "copy"), *store]) == 1
    assert "check the store" in one_sentence(capsys)
    assert not (tmp_path / "copy").exists()


def test_a_terminated_command_takes_away_what_it_had_begun(tmp_path):
    words = [*RUN, "demo", "--out", str(tmp_path / "out")]
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    begun = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True, cwd=WHERE)
    for _ in range(400):
        if list((tmp_path / "temporary").rglob("vault.db")):
            break
        time.sleep(0.02)
    begun.send_signal(signal.SIGTERM)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == 1
    assert said == "chairside demo: Stopped before it was finished.\n"
    assert not list((tmp_path / "temporary").iterdir())


def test_every_fault_of_a_record_can_be_read(store, tmp_path, capsys):
    record = changed(tmp_path, children=["nobody"])
    capsys.readouterr()
    assert main(["import", record, *store]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert len(said.out.splitlines()) > 10
    assert main(["import", record, *store, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"] in said.err
    assert answer["faults"][0]["path"] == "meeting.children"


@pytest.mark.parametrize("words", [["list"], ["export", "NOWHERE", "-o", "x"], ["minutes", "\udcff", "-o", "x"]])
def test_an_error_is_json_too_where_json_was_asked_for(words, store, capsys):
    capsys.readouterr()
    options = store if words != ["list"] else ["--store", "~nobody-of-that-name/x", *store[2:]]
    assert main([*words, *options, "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] in said.err
    assert "unexpected" not in said.err


def test_a_command_used_wrongly_is_told_so_in_one_line(capsys):
    for words in (["deadlines", "--count", "x" * 5000], ["list", "\x1b[31m"], ["nonsense"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert len(said) < 600
        assert "\x1b" not in said


def test_a_file_without_end_is_not_read_to_its_end(tmp_path, capsys):
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    for words in ([str(huge)], ["/dev/zero"], [str(SHORT), "--trust", "/dev/zero"]):
        assert main(["verify", *words]) == 1
        one_sentence(capsys)


def test_settings_of_the_pdf_library_left_in_the_home_folder_are_never_run(tmp_path):
    for name in (".reportlab_mods", ".reportlab_settings", "reportlab_mods.py", "reportlab_settings.py"):
        (tmp_path / name).write_text("raise SystemExit('run')", encoding="utf-8")
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    words = [sys.executable, "-c", "import app.minutes.fonts"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, cwd=WHERE)
    assert (done.returncode, done.stderr) == (0, "")


def test_two_programs_that_bring_a_backup_back_to_one_folder_never_make_half_a_store(store, secret, tmp_path, capsys):
    assert main(["backup", *store, "-o", str(tmp_path / "copy")]) == 0
    killed = tmp_path / f".back.restoring-{2**22}"  # more than any process has as its number
    killed.mkdir()
    options = ["--store", str(tmp_path / "back"), "--passphrase-file", str(secret)]
    both = []
    for _ in range(2):
        both.append(subprocess.Popen([*RUN, "restore", str(tmp_path / "copy"), *options], cwd=WHERE, stderr=-1))
        time.sleep(0.3)  # one has begun when the other begins
    said = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in both]
    assert sorted(status for _, status in said) == [0, 1], said
    assert "sound" not in str(said)
    assert main(["check", *options]) == 0
    assert not list(tmp_path.glob(".back.restoring*"))


def test_a_command_that_will_know_a_key_is_never_written_to_disk_by_a_crash(store):
    words = [*RUN, "list", "--store", store[1], "--passphrase-file", "/dev/stdin"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=WHERE) as waiting:
        limits = Path(f"/proc/{waiting.pid}/limits")
        for _ in range(400):
            if core_limit(limits) == ["0", "0"]:
                break
            time.sleep(0.02)
        assert core_limit(limits) == ["0", "0"]
        waiting.kill()


@pytest.mark.parametrize(
    ("words", "readable"),
    [
        (["check", "--backup", "copy"], "0"),
        (["restore", "copy", "--store", "new"], "0"),
        (["list", "--store", "there"], "0"),
        (DAYS, "1"),
    ],
)
def test_a_command_that_will_know_a_key_keeps_other_programs_from_its_memory(words, readable):
    asked = "import ctypes, sys; from app.cli.door import main; main(sys.argv[1:]); print(ctypes.CDLL(None).prctl(3))"
    done = subprocess.run(
        [sys.executable, "-c", asked, *words], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, cwd=WHERE, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == readable


def core_limit(limits: Path) -> list[str]:
    return next(line.split()[4:6] for line in limits.read_text().splitlines() if line.startswith("Max core"))
