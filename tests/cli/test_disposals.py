"""The command line about keeping: nothing is decided silently, and a case goes only step by step."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import resources
from app.cli.door import main
from app.cli.stores import now
from app.services import disposing, retaining
from app.services.opening import make_store, open_store
from app.vault.passphrase import FLOOR

PHRASE = "seven lamps along the quiet river"
SHORT = resources.folder("sample", "short.json")
MEETING, CASE = "SD-SAMPLE-SHORT", json.loads(SHORT.read_text("utf-8"))["case"]["reference"]


@pytest.fixture
def store(tmp_path: Path) -> list[str]:
    """The options that open a new store with the short sample in it."""
    (tmp_path / "passphrase.txt").write_text(f"{PHRASE}\n", encoding="utf-8")
    make_store(tmp_path / "store", PHRASE, now, recovery=False, kdf=FLOOR).sitting.close()
    options = ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase.txt")]
    assert main(["import", str(SHORT), *options]) == 0
    return options


def told(capsys: pytest.CaptureFixture[str], words: list[str], status: int = 0) -> Any:
    """Run a command and return what it answers in JSON, or the sentence it says where it could not."""
    capsys.readouterr()
    assert main([*words, "--json"]) == status
    said = capsys.readouterr()
    return said.err if status else json.loads(said.out)


def close(tmp_path: Path, closed_on: date) -> None:
    sitting = open_store(tmp_path / "store", PHRASE, now)
    retaining.close_case(sitting, disposing.named(sitting, CASE), closed_on)
    sitting.close()


def test_nothing_is_decided_until_it_is_set_and_no_minutes_are_sealed_before(
    store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, ["settings", *store]) == {
        "marking": None,
        "retention": None,
        "retention_rules": ["after-closure", "after-birth-of-youngest"],
    }
    assert "which marking your minutes carry" in told(capsys, ["seal", MEETING, *store], 1)
    chosen = ["--marking", "RESTRICTED", "--retention", "after-closure", "--years", "35", "--policy", "CS12"]
    found = told(capsys, ["settings", *chosen, *store])
    assert found == told(capsys, ["settings", *store])
    assert found["marking"] == "RESTRICTED"
    assert found["retention"] == {"rule": "after-closure", "years": 35, "policy": "CS12"}
    assert main(["settings", *store]) == 0
    assert "CS12: 35 years after the case was closed" in capsys.readouterr().out
    assert "must be from 1 to 150" in told(capsys, ["settings", "--retention", "after-closure", *store], 1)
    assert told(capsys, ["seal", MEETING, *store])["version"] == 1


def test_a_case_is_listed_once_it_is_due_and_goes_only_by_its_typed_reference(
    store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "certificate.json"
    words = ["dispose", CASE, "-o", str(out), *store]
    assert told(capsys, ["disposals", *store]) == {"cases": []}
    assert "not closed" in told(capsys, [*words, "--confirm", CASE], 1)
    close(tmp_path, date(2020, 1, 2))
    assert told(capsys, ["disposals", "--due", *store]) == {"cases": []}
    told(capsys, ["settings", "--retention", "after-closure", "--years", "1", "--policy", "CS12", *store])
    [due] = told(capsys, ["disposals", "--due", *store])["cases"]
    assert (due["case"], due["keep_until"], due["due"]) == (CASE, "2021-01-02", True)
    assert "nothing was disposed of" in told(capsys, [*words, "--confirm", "another"], 1)
    assert not out.exists()

    answer = told(capsys, [*words, "--confirm", CASE])

    assert json.loads(out.read_text("utf-8")) == answer["certificate"]
    assert answer["trouble"] is None
    assert answer["certificate"]["remain"]["backups"]
    # one that was lost, or never written because the command was stopped, can be had again
    assert (
        told(capsys, ["certificate", CASE, "-o", str(tmp_path / "again"), *store])["certificate"]
        == answer["certificate"]
    )
    assert (tmp_path / "again").read_bytes() == out.read_bytes()
    assert "not in the store" in told(capsys, ["certificate", "another", "-o", str(tmp_path / "3"), *store], 1)
    assert told(capsys, ["list", *store]) == {"cases": []}
    assert told(capsys, ["check", *store])["ok"]
    assert "not in the store" in told(
        capsys, ["dispose", CASE, "--confirm", CASE, "-o", str(tmp_path / "2"), *store], 1
    )
    assert main(["disposals", "--due", *store]) == 0
    assert capsys.readouterr().out == "No case is due to be looked at.\n"
