"""The command line: every command as a person types it, on a real store."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import resources
from app.cli.door import main
from tests.builders import a_store_of

SHORT = resources.folder("sample", "short.json")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with a passphrase."""
    path = tmp_path / "passphrase.txt"
    path.write_text("seven lamps along the quiet river\n", encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, secret: Path) -> list[str]:
    """The options that open a new store."""
    options = ["--store", str(tmp_path / "store"), "--passphrase-file", str(secret)]
    a_store_of(tmp_path / "store", secret.read_text("utf-8").strip(), tmp_path / "recovery.txt")
    assert main(["settings", "--marking", "OFFICIAL-SENSITIVE", *options]) == 0
    return options


def test_a_meeting_goes_in_is_listed_sealed_verified_and_comes_out(store, tmp_path, capsys):
    assert main(["import", str(SHORT), *store, "--json"]) == 0
    reference = json.loads(capsys.readouterr().out)["reference"]
    assert main(["list", *store, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["cases"]
    assert [m["state"] for case in listed for m in case["meetings"]] == ["concluded"]
    draft = tmp_path / "draft.pdf"
    assert main(["minutes", reference, "-o", str(draft), *store]) == 0
    assert main(["verify", str(draft)]) == 13
    authority, signed = tmp_path / "authority.pem", tmp_path / "signed.pdf"
    assert main(["seal", reference, "--authority-out", str(authority), *store]) == 0
    assert main(["minutes", reference, "-o", str(signed), *store]) == 0
    assert main(["verify", str(signed), "--trust", str(authority)]) == 0
    assert main(["verify", str(signed)]) == 11
    record = tmp_path / "record.json"
    assert main(["export", reference, "-o", str(record), *store]) == 0
    assert json.loads(record.read_text(encoding="utf-8"))["format"] == "chairside-record"
    assert main(["check", *store]) == 0


def test_the_record_of_one_child_is_written_without_the_others(store, tmp_path, capsys):
    full = resources.folder("sample", "full.json")
    assert main(["import", str(full), *store]) == 0
    said = json.loads(full.read_text(encoding="utf-8"))
    own, other = said["case"]["children"]
    record, reference = tmp_path / "one.json", said["meeting"]["reference"]
    assert main(["export", reference, "--child", own["name"], "-o", str(record), *store]) == 0
    written = record.read_text(encoding="utf-8")
    assert [child["name"] for child in json.loads(written)["case"]["children"]] == [own["name"]]
    assert other["name"].split()[0] not in written
    capsys.readouterr()
    assert main(["export", reference, "--child", "Nobody", "-o", str(tmp_path / "none.json"), *store]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["import", str(record), *store]) == 1
    assert "one child alone" in capsys.readouterr().err


def test_sealing_twice_is_refused_in_one_sentence(store, capsys):
    assert main(["import", str(SHORT), *store]) == 0
    reference = json.loads(SHORT.read_text(encoding="utf-8"))["meeting"]["reference"]
    assert main(["seal", reference, *store]) == 0
    capsys.readouterr()
    assert main(["seal", reference, *store]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_recovery_key_is_written_for_the_owner_alone(secret, tmp_path):
    path = tmp_path / "recovery.txt"
    options = ["--store", str(tmp_path / "store"), "--passphrase-file", str(secret)]
    assert main(["new-store", *options, "--recovery-key-out", str(path)]) == 0
    assert path.read_text(encoding="utf-8").strip()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_a_missing_store_and_a_missing_file_are_three_sentences(store, tmp_path, capsys):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not the passphrase at all\n", encoding="utf-8")
    capsys.readouterr()
    said = []
    for options in (
        ["--store", store[1], "--passphrase-file", str(wrong)],
        ["--store", str(tmp_path / "nowhere"), "--passphrase-file", str(wrong)],
        ["--store", store[1], "--passphrase-file", str(tmp_path / "no-such-file")],
    ):
        assert main(["list", *options]) == 1
        said.append(capsys.readouterr().err)
    assert len(set(said)) == 3
    assert all(sentence.count("\n") == 1 and "Traceback" not in sentence for sentence in said)


def test_a_passphrase_is_never_asked_of_nobody(store, capsys):
    capsys.readouterr()
    done = subprocess.run(
        [sys.executable, "-m", "app", "list", "--store", store[1]],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 1
    assert "--passphrase-file" in done.stderr


def test_a_record_comes_in_by_standard_input_and_goes_out_by_standard_output(store):
    run = [sys.executable, "-m", "app"]
    where = Path(__file__).parents[2]
    taken = subprocess.run(
        [*run, "import", "-", *store], input=SHORT.read_bytes(), capture_output=True, check=False, cwd=where
    )
    assert taken.returncode == 0, taken.stderr
    reference = json.loads(SHORT.read_text(encoding="utf-8"))["meeting"]["reference"]
    given = subprocess.run([*run, "export", reference, "-o", "-", *store], capture_output=True, check=False, cwd=where)
    assert json.loads(given.stdout)["meeting"]["reference"] == reference


def test_fifteen_working_days_from_10_december_2026_is_5_january_2027_and_it_says_why(capsys):
    assert main(["deadlines", "--from", "2026-12-10", "--count", "15", "--unit", "working-days", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["due"] == "2027-01-05"
    assert "Christmas Day" in answer["because"]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["--from", "2027-01-05", "--count", "-15", "--unit", "working-days"], "2026-12-10"),
        (["--from", "2026-11-30", "--count", "3", "--unit", "months"], "2027-02-28"),
        (["--from", "2026-11-30", "--count", "3", "--unit", "months", "--roll", "back"], "2027-02-26"),
        (["--from", "2026-12-10", "--count", "2", "--unit", "weeks"], "2026-12-24"),
    ],
)
def test_dates_count_forward_back_and_roll(words, due, capsys):
    assert main(["deadlines", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == due


def test_a_date_beyond_the_years_known_is_refused_not_guessed(capsys):
    assert main(["deadlines", "--from", "2040-01-02", "--count", "5", "--unit", "working-days"]) == 1
    assert "2028" in capsys.readouterr().err


@pytest.mark.parametrize("when", ["10/12/2026", "", "2026-13-01", "tomorrow"])
def test_a_date_that_is_none_is_refused_in_one_sentence(when, capsys):
    assert main(["deadlines", "--from", when, "--count", "5", "--unit", "days"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_national_pack_is_checked_and_every_rule_says_where_it_comes_from(capsys):
    assert main(["check-pack", str(resources.folder("packs", "england")), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert "strategy_initial" in [t if isinstance(t, str) else t["id"] for t in report["meeting_types"]]
    assert all(rule["authority"] and rule["source"] and rule["reviewed"] for rule in report["rules"])
    assert {f"D{n}" for n in range(1, 14)} <= {rule["id"] for rule in report["rules"]}


def test_a_folder_that_is_no_pack_is_refused(tmp_path, capsys):
    assert main(["check-pack", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"]


def test_the_demonstration_leaves_minutes_record_authority_and_report(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["demo", "--out", str(out), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["verify"] == 0
    pdfsig = subprocess.run(["pdfsig", shown["minutes"]], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in pdfsig.stdout
    assert "Total document signed" in pdfsig.stdout
    assert main(["verify", shown["minutes"], "--trust", shown["authority"]]) == 0
    changed = bytearray(Path(shown["minutes"]).read_bytes())
    changed[len(changed) // 3] ^= 1
    (tmp_path / "changed.pdf").write_bytes(changed)
    assert main(["verify", str(tmp_path / "changed.pdf"), "--trust", shown["authority"]]) == 10
    assert sorted(path.suffix for path in out.iterdir()) == [".json", ".json", ".pdf", ".pem"]


@pytest.mark.parametrize("words", [[], ["no-such-command"], ["import"], ["deadlines", "--unit", "years"]])
def test_a_command_used_wrongly_exits_with_2(words, capsys):
    assert main(words) == 2


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"%PDF-1.7\n", os.urandom(3000)])
def test_what_is_not_a_pdf_cannot_be_read(content, tmp_path):
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    assert main(["verify", str(path)]) == 1


def test_a_backup_comes_back_whole_and_never_over_anything(store, tmp_path, secret, capsys):
    assert main(["import", str(SHORT), *store]) == 0
    copy, back = tmp_path / "copy.chairside-backup", tmp_path / "back"
    assert main(["backup", "-o", str(copy), *store]) == 0
    there = ["--store", str(back), "--passphrase-file", str(secret)]
    assert main(["restore", str(copy), *there]) == 0
    assert main(["check", *there]) == 0
    assert main(["restore", str(copy), *there]) == 1
    assert main(["backup", "-o", str(copy), *store]) == 1


def test_no_command_imports_qt_and_verify_imports_no_database(tmp_path):
    script = (
        "import sys; from app.cli.door import main; code = main(sys.argv[1:]); "
        "print([m for m in ('PySide6', 'sqlalchemy') if m in sys.modules])"
    )
    seen = {}
    for words in (["verify", str(SHORT)], ["demo", "--out", str(tmp_path)]):
        done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
        seen[words[0]] = done.stdout.splitlines()[-1]
    assert seen == {"verify": "[]", "demo": "['sqlalchemy']"}
