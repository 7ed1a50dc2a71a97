"""A store is made and opened by its passphrase, and each thing that can be wrong is told in its own sentence."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services import opening
from app.services.opening import CannotOpen
from app.store.store import FILE

PHRASE = "five sample words for tests"


def now() -> datetime:
    return datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


def test_what_can_be_wrong_is_told_in_sentences_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    sitting = opening.make_store(folder, PHRASE, now).sitting
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = {}

    def attempt(phrase: str = PHRASE) -> str:
        with pytest.raises(CannotOpen) as refused:
            opening.open_store(folder, phrase, now).close()
        assert refused.value.wrong_secret is (phrase != PHRASE)
        return str(refused.value)

    told["in use"] = attempt()
    sitting.close()
    told["wrong passphrase"] = attempt("another passphrase here")
    changes: dict[str, Callable[[], object]] = {
        "damaged": lambda: (folder / FILE).write_bytes(b"\0" * 4096 + whole[FILE][4096:]),
        "empty": lambda: (folder / FILE).write_bytes(b""),
        "gone": (folder / FILE).unlink,
    }
    for name, change in changes.items():
        change()
        told[name] = attempt()
        (folder / FILE).write_bytes(whole[FILE])
    assert len(set(told.values())) == len(told)
    assert all(sentence.endswith(".") for sentence in told.values())
    opening.open_store(folder, PHRASE, now).close()


def test_a_store_that_could_not_be_made_does_not_stand_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / FILE).mkdir()
    with pytest.raises(CannotOpen):
        opening.make_store(folder, PHRASE, now)
    (folder / FILE).rmdir()
    assert not list(folder.iterdir())
    opening.make_store(folder, PHRASE, now).sitting.close()


def test_what_a_person_is_told_once_is_told_once(tmp_path: Path) -> None:
    from tests.builders import a_sitting

    with a_sitting(tmp_path) as sitting:
        assert opening.once(sitting, "keyring.told")
        assert not opening.once(sitting, "keyring.told")
