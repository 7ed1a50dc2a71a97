"""Commands about the ways into a store: an organisation's key pair, and a passphrase set without the old one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.door import main
from app.services import opening, securing
from app.vault.passphrase import FLOOR

PHRASE, NEW, SAFE = "seven lamps along the quiet river", "another seven lamps along it", "what lies in the safe"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, text in (("old", PHRASE), ("new", NEW), ("safe", SAFE), ("wrong", "not the one that is meant")):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    made = opening.make_store(tmp_path / "store", PHRASE, lambda: datetime(2026, 12, 10, tzinfo=UTC), kdf=FLOOR)
    (tmp_path / "recovery.txt").write_text(f"{made.recovery_key}\n", encoding="utf-8")
    made.sitting.close()
    return tmp_path


def pair(place: Path, *more: str) -> int:
    files = ["--private-key-out", str(place / "private.pem"), "--public-key-out", str(place / "public.pem")]
    words = ["new-escrow-key", "--label", "Example Council", "--passphrase-file", str(place / "safe.txt")]
    return main([*words, *files, *more])


def renew(place: Path, *way: str) -> int:
    new = ["--new-passphrase-file", str(place / "new.txt")]
    return main(["new-passphrase", "--store", str(place / "store"), *way, *new])


def opens_with(place: Path, name: str) -> bool:
    return main(["list", "--store", str(place / "store"), "--passphrase-file", str(place / f"{name}.txt")]) == 0


def test_a_pair_is_made_for_its_owner_alone_and_never_over_another(place, capsys):
    assert pair(place, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    public = (place / "public.pem").read_bytes()
    assert securing.escrow_offered(public) == ("Example Council", told["fingerprint"])
    private = (place / "private.pem").read_bytes()
    assert (place / "private.pem").stat().st_mode & 0o777 == 0o600
    assert pair(place) == 1
    assert "not overwritten" in capsys.readouterr().err
    (place / "private.pem").unlink()
    assert pair(place) == 1
    assert not (place / "private.pem").exists()
    assert (place / "public.pem").read_bytes() == public
    assert private != public


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--label", "Two\nlines"], "one line of at most 80 letters"),
        (["--passphrase-file", "short.txt"], "too short"),
        (["--public-key-out", "private.pem"], "two files"),
    ],
)
def test_a_pair_that_cannot_be_made_is_one_sentence_and_leaves_no_file(place, capsys, monkeypatch, more, said):
    monkeypatch.chdir(place)
    (place / "short.txt").write_text("short")
    assert pair(place, *more) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not list(place.glob("*.pem"))


def test_the_recovery_key_sets_a_new_passphrase(place, capsys):
    assert renew(place, "--recovery-key-file", str(place / "recovery.txt")) == 0
    assert "opens the store" in capsys.readouterr().out
    assert opens_with(place, "new")
    assert not opens_with(place, "old")


def test_the_organisations_private_key_sets_a_new_passphrase(place, capsys):
    assert pair(place) == 0
    way = ["--escrow-key", str(place / "private.pem"), "--escrow-passphrase-file"]
    assert renew(place, *way, str(place / "safe.txt")) == 1
    assert "belongs to another public key" in capsys.readouterr().err
    sitting = opening.open_store(place / "store", PHRASE, lambda: datetime(2026, 12, 10, tzinfo=UTC))
    assert securing.add_escrow(sitting, PHRASE, (place / "public.pem").read_bytes()) == ""
    sitting.close()
    assert renew(place, *way, str(place / "wrong.txt")) == 1
    assert "does not open the organisation's private key" in capsys.readouterr().err
    assert renew(place, *way, str(place / "safe.txt")) == 0
    assert opens_with(place, "new")
    assert not opens_with(place, "old")


def test_what_does_not_open_the_store_or_is_too_short_changes_nothing(place, capsys):
    other = place / "other.txt"
    for content, said in (
        (b"0000-0000-0000-0000-0000-0000-0000-0000-VT1A", "not the one of this store"),
        (b"nonsense", "36 letters and digits"),
        (b"\xff\xfe\0", "cannot be read"),
    ):
        other.write_bytes(content)
        assert renew(place, "--recovery-key-file", str(other)) == 1
        told = capsys.readouterr().err
        assert said in told
        assert told.count("\n") == 1
    (place / "new.txt").write_text("short")
    assert renew(place, "--recovery-key-file", str(place / "recovery.txt")) == 1
    assert "too short" in capsys.readouterr().err
    assert renew(place) == 2
    assert opens_with(place, "old")


def test_too_many_wrong_tries_make_the_next_one_wait_and_say_so(place, capsys):
    for _ in range(5):
        assert not opens_with(place, "wrong")
    capsys.readouterr()
    assert not opens_with(place, "old")
    assert "Too many wrong tries: wait 1 second" in capsys.readouterr().err


def escrow(place: Path, *way: str, phrase: str = "old") -> int:
    return main(["escrow", "--store", str(place / "store"), "--passphrase-file", str(place / f"{phrase}.txt"), *way])


def test_an_organisation_is_let_in_and_out_by_its_public_key_and_the_passphrase(place, capsys):
    assert pair(place) == 0
    capsys.readouterr()
    public = str(place / "public.pem")
    assert escrow(place, "--add", public, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["organisation"] == "Example Council"
    assert told["fingerprint"] == securing.escrow_offered((place / "public.pem").read_bytes())[1]
    assert told["before"] is None
    assert (
        renew(place, "--escrow-key", str(place / "private.pem"), "--escrow-passphrase-file", str(place / "safe.txt"))
        == 0
    )
    assert escrow(place, "--remove", phrase="new") == 0
    assert "Example Council" in capsys.readouterr().out
    way = ["--escrow-key", str(place / "private.pem"), "--escrow-passphrase-file", str(place / "safe.txt")]
    assert renew(place, *way) == 1
    assert escrow(place, "--remove", phrase="new") == 1
    assert "No organisation can open this store" in capsys.readouterr().err


def test_what_is_no_public_key_or_no_passphrase_lets_nobody_in(place, capsys):
    assert pair(place) == 0
    capsys.readouterr()
    for way, phrase, said in (
        (["--add", str(place / "old.txt")], "old", "key"),
        (["--add", str(place / "private.pem")], "old", "key"),
        (["--add", str(place / "nothing.pem")], "old", "cannot be read"),
        (["--add", str(place / "public.pem")], "wrong", "passphrase"),
    ):
        assert escrow(place, *way, phrase=phrase) == 1
        told = capsys.readouterr().err
        assert said in told
        assert told.count("\n") == 1
    assert escrow(place) == 2
    assert escrow(place, "--remove", "--add", str(place / "public.pem")) == 2
    capsys.readouterr()
    sitting = opening.open_store(place / "store", PHRASE, lambda: datetime(2026, 12, 10, tzinfo=UTC))
    assert securing.ways(sitting).escrow == ""
    sitting.close()
