"""The receipt and the verifying of minutes with one, as a person types them."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app import resources
from app.cli.door import main
from app.cli.stores import now
from app.services.opening import open_store
from app.services.retaining import choose_marking
from tests.builders import a_store_of

PHRASE = "seven lamps along the quiet river"
FULL = resources.folder("sample", "full.json")


@dataclass(frozen=True)
class Made:
    """A store with the full sample in it, sealed, and what was given out of it."""

    options: list[str]
    folder: Path
    reference: str

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("receipt")
    (folder / "phrase").write_text(f"{PHRASE}\n", encoding="utf-8")
    options = ["--store", str(folder / "store"), "--passphrase-file", str(folder / "phrase")]
    reference = json.loads(FULL.read_text("utf-8"))["meeting"]["reference"]
    one = Made(options, folder, reference)
    a_store_of(folder / "store", PHRASE)
    sitting = open_store(folder / "store", PHRASE, now)
    choose_marking(sitting, "OFFICIAL-SENSITIVE")
    sitting.close()
    for words in (
        ["import", str(FULL), *options],
        ["receipt", reference, "1", "-o", one.file("before.json"), *options],
        ["seal", reference, "--authority-out", one.file("ca.pem"), *options],
        ["minutes", reference, "-o", one.file("minutes.pdf"), *options],
        ["receipt", reference, "1", "-o", one.file("after.json"), *options],
        ["receipt", reference, "2", "-o", one.file("second.json"), *options],
    ):
        assert main(words) == 0, words
    return one


@pytest.mark.parametrize(
    ("receipt", "found"), [("before.json", "recorded"), ("after.json", "proved"), ("second.json", "proved")]
)
def test_minutes_are_verified_with_a_receipt_without_a_store(made, capsys, receipt, found):
    words = ["verify", made.file("minutes.pdf"), "--with", made.file(receipt)]
    assert main([*words, "--trust", made.file("ca.pem"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["receipt"]["found"]) == (0, found)
    assert main(words) == 11
    out = capsys.readouterr().out
    assert told["receipt"]["sentence"] in out
    assert "Not proved: The time on the receipt" in out


def test_the_store_itself_holds_what_was_given_out(made, capsys):
    assert main(["check", *made.options]) == 0


def test_a_receipt_of_another_meeting_is_not_in_these_minutes(made, capsys, tmp_path):
    out = tmp_path / "demo"
    assert main(["demo", "--out", str(out), "--sample", "short"]) == 0
    capsys.readouterr()
    words = ["verify", str(next(out.glob("*.pdf"))), "--with", made.file("after.json"), "--json"]
    assert main(words) == 12
    assert json.loads(capsys.readouterr().out)["receipt"]["found"] == "other-meeting"


def test_a_receipt_is_not_held_against_minutes_that_were_changed(made, capsys, tmp_path):
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(Path(made.file("minutes.pdf")).read_bytes() + b"\n")
    assert main(["verify", str(changed), "--with", made.file("after.json"), "--json"]) == 10
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["receipt"]["found"]) == (10, None)


def test_what_is_no_receipt_is_said_in_one_sentence(made, capsys, tmp_path):
    altered = tmp_path / "altered.json"
    altered.write_text(Path(made.file("after.json")).read_text("utf-8").replace("I dissent", "I agree"), "utf-8")
    for name, what in ((made.file("ca.pem"), "not a receipt"), (str(altered), "changed"), ("gone", "cannot be read")):
        capsys.readouterr()
        assert main(["verify", made.file("minutes.pdf"), "--with", name]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert what in said


def test_the_store_that_gave_a_receipt_knows_it_and_another_does_not(made, capsys, tmp_path):
    words = ["check-receipt", made.file("before.json")]
    assert main([*words, *made.options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"held": True}
    other = ["--store", str(tmp_path / "store"), *made.options[2:]]
    assert main(["new-store", *other, "--recovery-key-out", str(tmp_path / "key")]) == 0
    capsys.readouterr()
    assert main([*words, *other, "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"held": False}
    for name in (made.file("ca.pem"), made.file("gone")):
        capsys.readouterr()
        assert main(["check-receipt", name, *made.options]) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_a_dissent_is_named_by_its_number_or_its_id_and_no_other_is_guessed(made, capsys, tmp_path):
    one = json.loads(Path(made.file("second.json")).read_text("utf-8"))["dissent"]["id"]
    out = str(tmp_path / "again.json")
    assert main(["receipt", made.reference, one, "-o", out, *made.options]) == 0
    assert json.loads(Path(out).read_text("utf-8"))["dissent"]["id"] == one
    for wrong in ("0", "9", str(UUID(int=1)), ""):
        capsys.readouterr()
        assert main(["receipt", made.reference, wrong, "-o", out, *made.options]) == 1
        assert "no such dissent" in capsys.readouterr().err
