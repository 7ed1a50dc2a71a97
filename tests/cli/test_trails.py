"""The trail of a case on the command line, and an older store that was put back."""

import json
import shutil
from pathlib import Path

import pytest

from app import resources
from app.cli.door import main
from tests.builders import a_store_of

SHORT = resources.folder("sample", "short.json")


@pytest.fixture(autouse=True)
def own_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a place for its marks."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def store(tmp_path: Path) -> list[str]:
    """The options that open a new store with one meeting."""
    secret = tmp_path / "passphrase.txt"
    secret.write_text("seven lamps along the quiet river\n", encoding="utf-8")
    options = ["--store", str(tmp_path / "store"), "--passphrase-file", str(secret)]
    a_store_of(tmp_path / "store", "seven lamps along the quiet river")
    assert main(["import", str(SHORT), *options]) == 0
    return options


def test_the_trail_of_a_case_says_who_did_what_and_that_its_chain_holds(store, tmp_path, capsys):
    said = json.loads(SHORT.read_text("utf-8"))
    case, meeting = said["case"]["reference"], said["meeting"]["reference"]
    assert main(["export", meeting, "-o", str(tmp_path / "out.json"), *store]) == 0
    capsys.readouterr()
    assert main(["trail", case, *store, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chain"]["breaks"] == []
    assert told["entries"][0]["act"] == "record.exported"
    assert told["entries"][-1]["words"] == "Opened the case"
    assert main(["trail", case, *store]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Case {case}: who has done what"
    # looking at it is in it the next time
    assert "Looked at this list." in lines[4]
    assert main(["trail", "NOBODY-1", *store]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_command_says_that_the_store_is_older_until_it_is_accepted(store, tmp_path, capsys):
    folder = Path(store[1])
    shutil.copytree(folder, tmp_path / "old")
    assert main(["list", *store]) == 0
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)
    for _ in range(2):
        capsys.readouterr()
        assert main(["list", *store]) == 0
        assert "older than when it was last used here" in capsys.readouterr().err
    assert main(["accept-store", *store]) == 0
    capsys.readouterr()
    assert main(["list", *store]) == 0
    assert capsys.readouterr().err == ""
    assert main(["check", *store]) == 0


def test_an_export_that_is_refused_leaves_no_entry(store, capsys):
    said = json.loads(SHORT.read_text("utf-8"))
    assert main(["export", said["meeting"]["reference"], "-o", "-", "--json", *store]) == 1
    assert "leave out --json" in capsys.readouterr().err
    assert main(["trail", said["case"]["reference"], *store, "--json"]) == 0
    assert "record.exported" not in {one["act"] for one in json.loads(capsys.readouterr().out)["entries"]}
