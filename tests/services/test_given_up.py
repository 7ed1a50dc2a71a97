"""A key file put back that opens with what was given up: it is told until each such secret is given up once more."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.services import opening, rekeying, securing
from app.services.proving import check_store
from app.services.securing import NewKey
from app.services.sitting import Sitting
from app.vault import files, keys, recovery
from app.vault.passphrase import FLOOR
from tests.builders import Clock

PHRASE, NEW, SAFE = "four plain words here", "four other words here", "what lies in the safe"
TOLD = "An older key file was put back: secrets that were given up open this store again."
PASSPHRASE, RECOVERY = "Change the passphrase.", "Make a new recovery key."
ESCROW = "Take the organisation's key out; if it is still wanted, let it in again."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def sitting(folder: Path) -> Iterator[Sitting]:
    found = opening.make_store(folder, PHRASE, Clock(), kdf=FLOOR).sitting
    yield found
    found.close()


def new_passphrase(sitting: Sitting, old: str = PHRASE, new: str = NEW) -> None:
    assert securing.change_passphrase(sitting, old, new) == ""


def prepared(sitting: Sitting, phrase: str = PHRASE) -> NewKey:
    new, trouble = securing.prepare_recovery_key(sitting, phrase)
    assert new is not None, trouble
    return new


def new_recovery_key(sitting: Sitting, phrase: str = PHRASE) -> None:
    new = prepared(sitting, phrase)
    typed = {number: new.group(number) for number in new.asked}
    assert securing.confirm_recovery_key(sitting, new, typed) == ""


def key_file(sitting: Sitting) -> bytes:
    assert securing.findings(sitting) == []
    return (sitting.store.folder / files.KEYS).read_bytes()


def put_back(sitting: Sitting, older: bytes, phrase: str) -> Sitting:
    """Close the store, put the key file back with its spare copy, and open it again."""
    folder = sitting.store.folder
    sitting.close()
    for name in (files.KEYS, files.PREVIOUS):
        (folder / name).write_bytes(older)
    return opening.open_store(folder, phrase, Clock())


def told(sitting: Sitting) -> str:
    """Return what a check says, which is what the next opening says."""
    said = [sentence for sentence in check_store(sitting).findings if "key file" in sentence]
    assert said == ([securing.put_back(sitting)] if said else [])
    return " ".join(said)


def test_one_secret_given_up_is_told_at_the_opening_and_by_a_check_until_it_is_changed(sitting: Sitting) -> None:
    first = key_file(sitting)
    new_passphrase(sitting)
    second = key_file(sitting)
    again = put_back(sitting, first, PHRASE)
    assert again.keys_mended == told(again) == f"{TOLD} {PASSPHRASE}"
    # the recovery key is the one it was all the time
    new_passphrase(again, PHRASE, "four words once more")
    assert told(again) == ""
    # of the same generation as the one in force, and known to be an older one all the same
    last = put_back(again, second, NEW)
    assert last.keys_mended == told(last) == f"{TOLD} {PASSPHRASE}"
    last.close()


@pytest.mark.parametrize("order", [(PASSPHRASE, RECOVERY), (RECOVERY, PASSPHRASE)])
def test_two_secrets_given_up_are_told_until_both_are_changed_whichever_is_first(
    sitting: Sitting, order: tuple[str, str]
) -> None:
    first = key_file(sitting)
    new_passphrase(sitting)
    new_recovery_key(sitting, NEW)
    again = put_back(sitting, first, PHRASE)
    assert again.keys_mended == f"{TOLD} {PASSPHRASE} {RECOVERY}"
    phrase = PHRASE
    for now, left in zip(order, (f"{TOLD} {order[1]}", ""), strict=True):
        if now == PASSPHRASE:
            new_passphrase(again, phrase, "four words once more")
            phrase = "four words once more"
        else:
            new_recovery_key(again, phrase)
        assert told(again) == left
        # nor does it go by opening the store another time
        again.close()
        again = opening.open_store(again.store.folder, phrase, Clock())
        assert again.keys_mended == left
    again.close()


def test_an_organisation_that_was_shut_out_is_told_until_it_is_shut_out_again(sitting: Sitting) -> None:
    _, public, _ = securing.new_escrow_key("Example Council", SAFE)
    assert securing.add_escrow(sitting, PHRASE, public) == ""
    let_in = key_file(sitting)
    assert securing.remove_escrow(sitting, PHRASE) == ""
    again = put_back(sitting, let_in, PHRASE)
    assert again.keys_mended == f"{TOLD} {ESCROW}"
    new_passphrase(again)
    assert told(again) == f"{TOLD} {ESCROW}"
    assert securing.remove_escrow(again, NEW) == ""
    assert told(again) == ""
    again.close()


def changed_often(sitting: Sitting) -> None:
    """Make more recovery keys than the store keeps in mind."""
    folder, key = sitting.store.folder, sitting.store.key
    for _ in range(110):
        assert (
            securing.changed(
                sitting, "keys.recovery-replaced", lambda: keys.set_recovery_key(folder, key, recovery.new())
            )
            == ""
        )


def let_in(sitting: Sitting) -> None:
    _, public, _ = securing.new_escrow_key("Example Council", SAFE)
    assert securing.add_escrow(sitting, PHRASE, public) == ""


@pytest.mark.parametrize("change", [changed_often, let_in])
def test_of_an_older_key_file_that_says_no_more_every_secret_counts_as_given_up(
    sitting: Sitting, change: Callable[[Sitting], None]
) -> None:
    first = key_file(sitting)
    change(sitting)
    again = put_back(sitting, first, PHRASE)
    assert again.keys_mended == f"{TOLD} {PASSPHRASE} {RECOVERY}"
    new_passphrase(again)
    assert told(again) == f"{TOLD} {RECOVERY}"
    new_recovery_key(again, NEW)
    assert told(again) == ""
    again.close()


def test_a_store_encrypted_anew_has_nothing_given_up_in_it(sitting: Sitting) -> None:
    first = key_file(sitting)
    new_passphrase(sitting)
    new_recovery_key(sitting, NEW)
    again = put_back(sitting, first, PHRASE)
    rekeying.rekey(again, PHRASE, prepared(again), lambda *_: None)
    again.close()
    last = opening.open_store(again.store.folder, PHRASE, Clock())
    assert last.keys_mended == told(last) == ""
    last.close()
