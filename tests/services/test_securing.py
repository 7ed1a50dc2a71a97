"""The ways into a store: shown, changed by whoever may, written into the trail; and a thousand wrong secrets."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.services import opening, securing
from app.services.opening import CannotOpen
from app.services.sitting import Sitting
from app.vault import files, recovery, tries
from app.vault.passphrase import FLOOR
from tests.builders import Clock, trail

PHRASE, NEW, SAFE = "four plain words here", "four other words here", "what lies in the safe"


class Running:
    """How long the computer has been running, as the test says."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def made(folder: Path) -> Iterator[opening.Made]:
    made = opening.make_store(folder, PHRASE, Clock(), kdf=FLOOR)
    yield made
    made.sitting.close()


@pytest.fixture
def sitting(made: opening.Made) -> Sitting:
    return made.sitting


@pytest.fixture(scope="module")
def council() -> tuple[bytes, bytes, str]:
    return securing.new_escrow_key("Example Council", SAFE)


def opened(folder: Path, phrase: str) -> bool:
    try:
        opening.open_store(folder, phrase, Clock()).close()
    except CannotOpen as refused:
        tries.forget(folder)
        return not refused.wrong_secret
    return True


def last_entry(sitting: Sitting) -> tuple[str, dict[str, object]]:
    entry = trail(sitting.store)[-1]
    return entry.kind, json.loads(entry.payload).get("told", {})


def test_the_ways_there_are_and_what_is_lost_with_them_are_said(sitting, council):
    before = securing.ways(sitting)
    assert (before.passphrase, before.recovery, before.keyring, before.escrow) == (True, True, False, "")
    assert "passphrase and the recovery key are both lost, nobody" in before.lost
    assert securing.add_escrow(sitting, PHRASE, council[1]) == ""
    after = securing.ways(sitting)
    assert after.escrow == f"Example Council, fingerprint {council[2]}"
    assert "Example Council can still open this store" in after.lost


def test_a_store_with_a_passphrase_alone_is_told_to_get_a_second_way(tmp_path):
    sitting = opening.make_store(tmp_path / "bare", PHRASE, Clock(), recovery=False, kdf=FLOOR).sitting
    assert securing.ways(sitting).lost.endswith("Make a recovery key, so that there is a second way in.")
    sitting.close()


def test_with_both_key_files_gone_the_ways_say_so_and_nothing_breaks(sitting, folder):
    for name in (files.KEYS, files.PREVIOUS):
        (folder / name).unlink()
    assert "vault.keys) is missing" in securing.ways(sitting).lost
    assert securing.change_passphrase(sitting, PHRASE, NEW) != ""


def test_a_changed_passphrase_is_in_the_trail_and_neither_of_the_two_is(sitting, folder):
    assert "too short" in securing.change_passphrase(sitting, PHRASE, "short")
    assert "does not open" in securing.change_passphrase(sitting, NEW, NEW)
    assert securing.change_passphrase(sitting, PHRASE, NEW) == ""
    assert last_entry(sitting) == ("keys.passphrase-changed", {"failed_tries": 1})
    everything = " ".join(str(tuple(entry)) for entry in trail(sitting.store))
    assert PHRASE not in everything
    assert NEW not in everything
    sitting.close()
    assert opened(folder, NEW)
    assert not opened(folder, PHRASE)


def test_a_new_recovery_key_is_in_force_only_once_two_groups_of_it_were_typed_back(made, folder):
    sitting, old = made.sitting, made.recovery_key
    new, trouble = securing.prepare_recovery_key(sitting, PHRASE)
    assert new is not None
    assert (trouble, new.printed in repr(new), securing.groups_to_prove(new)) == ("", False, new.asked)
    one, other = new.asked
    assert 1 <= one < other <= 9
    right = {number: new.group(number).lower() for number in new.asked}
    count = len(trail(sitting.store))
    wrong = "ZZZ0" if new.group(other) != "ZZZ0" else "ZZZ2"
    for typed in ({}, {one: right[one]}, {**right, other: wrong}, {other % 9 + 1: new.group(other % 9 + 1)}):
        assert "still in force" in securing.confirm_recovery_key(sitting, new, typed)
    assert len(trail(sitting.store)) == count
    assert securing.confirm_recovery_key(sitting, new, right) == ""
    assert last_entry(sitting)[0] == "keys.recovery-replaced"
    sitting.close()
    opening.open_with_recovery_key(folder, new.printed, Clock()).close()
    with pytest.raises(CannotOpen, match="not the one of this store"):
        opening.open_with_recovery_key(folder, old, Clock())


def test_a_recovery_key_is_prepared_only_for_whoever_knows_the_passphrase(sitting):
    new, trouble = securing.prepare_recovery_key(sitting, NEW)
    assert new is None
    assert "does not open this store" in trouble


def test_any_two_groups_may_be_asked_for():
    pairs = {securing.asked_groups(bytes((one, other))) for one in range(256) for other in range(256)}
    assert pairs == {(one, other) for one in range(1, 10) for other in range(one + 1, 10)}


def test_whoever_came_in_by_the_recovery_key_sets_a_passphrase_without_the_old_one(made, folder):
    assert "passphrase in use is asked for" in securing.set_passphrase(made.sitting, NEW)
    made.sitting.close()
    sitting = opening.open_with_recovery_key(folder, made.recovery_key, Clock())
    assert sitting.opened_by == "recovery"
    assert "too short" in securing.set_passphrase(sitting, "short")
    assert securing.set_passphrase(sitting, NEW) == ""
    assert last_entry(sitting) == ("keys.passphrase-changed", {"opened_by": "recovery"})
    sitting.close()
    assert opened(folder, NEW)
    assert not opened(folder, PHRASE)


def test_an_organisation_is_let_in_comes_in_and_is_shut_out(sitting, folder, council):
    private, public, fingerprint = council
    assert securing.escrow_offered(public) == ("Example Council", fingerprint)
    assert "does not open" in securing.add_escrow(sitting, NEW, public)
    assert "ask them for the file again" in securing.add_escrow(sitting, PHRASE, private)
    assert securing.add_escrow(sitting, PHRASE, public) == ""
    told = {"failed_tries": 1, "fingerprint": fingerprint, "label": "Example Council"}
    assert last_entry(sitting) == ("keys.escrow-added", told)
    sitting.close()
    theirs = opening.open_with_escrow(folder, private, SAFE, Clock())
    assert theirs.opened_by == "escrow"
    assert securing.set_passphrase(theirs, NEW) == ""
    assert securing.remove_escrow(theirs, NEW) == ""
    assert last_entry(theirs)[0] == "keys.escrow-removed"
    assert securing.ways(theirs).escrow == ""
    theirs.close()
    with pytest.raises(CannotOpen, match="belongs to another public key"):
        opening.open_with_escrow(folder, private, SAFE, Clock())


def test_a_file_that_is_no_organisations_key_is_one_sentence(tmp_path):
    path = tmp_path / "key.pem"
    with pytest.raises(securing.NotAnEscrowKey, match="cannot be read"):
        securing.key_file(path)
    path.write_bytes(b"x" * 100_000)
    with pytest.raises(securing.NotAnEscrowKey):
        securing.key_file(path)
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    with pytest.raises(securing.NotAnEscrowKey, match="does not hold an organisation's public key"):
        securing.escrow_offered(securing.key_file(path))


def test_the_paper_of_a_store_is_told_from_that_of_another_by_its_id(sitting, tmp_path):
    other = opening.make_store(tmp_path / "other", PHRASE, Clock(), kdf=FLOOR).sitting
    assert securing.name_of_store(sitting) != securing.name_of_store(other)
    other.close()


def test_a_store_that_forgets_the_keyring_says_so_in_the_trail(sitting):
    assert opening.remember(sitting, PHRASE) != ""
    assert last_entry(sitting)[0] != "keys.keyring-on"
    opening.forget(sitting)
    assert last_entry(sitting)[0] == "keys.keyring-off"


KEYRING = """
    import sys
    from datetime import datetime, UTC
    from pathlib import Path
    import keyring
    from keyring.backend import KeyringBackend

    class Kept(KeyringBackend):
        priority, items = 1, {}
        def get_password(self, service, username): return self.items.get((service, username))
        def set_password(self, service, username, password): self.items[service, username] = password
        def delete_password(self, service, username): self.items.pop((service, username), None)

    Kept.__module__, Kept.__qualname__ = "keyring.backends.SecretService", "Keyring"
    keyring.set_keyring(Kept())
    from app.services import opening, securing
    from app.vault import keys
    from app.vault.passphrase import FLOOR
    from tests.builders import trail
    folder, now, phrase = Path(sys.argv[1]), lambda: datetime(2026, 12, 10, tzinfo=UTC), "four plain words here"
    sitting = opening.make_store(folder, phrase, now, kdf=FLOOR).sitting
    print(repr(opening.remember(sitting, phrase)), securing.ways(sitting).keyring, trail(sitting.store)[-1].kind)
    sitting.close()
    again = opening.open_remembered(folder, now)
    print(again.opened_by, again.failed_tries)
    print(repr(opening.forget(again)), securing.ways(again).keyring, trail(again.store)[-1].kind)
    print(("Chairside", str(keys.store_id(folder))) in Kept.items)
    again.close()
"""


def test_a_keyring_that_is_there_opens_the_store_until_it_is_told_to_forget(folder):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KEYRING), str(folder)], cwd=Path(__file__).parents[2],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "'' True keys.keyring-on",
        "keyring 0",
        "'' False keys.keyring-off",
        "False",
    ]


def test_a_damaged_key_file_is_told_at_the_next_opening_and_no_longer(sitting, folder, made):
    sitting.close()
    sound = (folder / files.KEYS).read_bytes()
    for place in range(0, len(sound), 31):
        hurt = bytearray(sound)
        hurt[place] ^= 1 << place % 8
        (folder / files.KEYS).write_bytes(hurt)
        again = opening.open_with_recovery_key(folder, made.recovery_key, Clock())
        assert "was damaged and its spare copy was used" in again.keys_mended
        assert securing.findings(again) == []
        again.close()
    again = opening.open_with_recovery_key(folder, made.recovery_key, Clock())
    assert again.keys_mended == ""
    (folder / files.PREVIOUS).write_bytes(b"")
    assert len(securing.findings(again)) == 1
    again.close()


def test_a_secret_that_the_spare_copy_does_not_know_yet_is_told_from_a_plain_wrong_one(sitting, folder):
    assert securing.change_passphrase(sitting, PHRASE, NEW) == ""
    sitting.close()
    (folder / files.KEYS).write_bytes(b"damaged")
    with pytest.raises(CannotOpen, match="of before the last change"):
        opening.open_store(folder, NEW, Clock())
    again = opening.open_store(folder, PHRASE, Clock())
    assert (again.failed_tries, "may be in force again" in again.keys_mended) == (1, True)
    again.close()


def a_thousand_wrong_secrets(folder: Path, printed: str, passphrases: int, of: int = 1000) -> None:
    """Try wrong secrets through the real way in, each at once and again when its time has come."""
    stated = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32]
    up, every = Running(), of // passphrases
    for number in range(of):
        way = opening.open_store if number % every == 0 else opening.open_with_recovery_key
        wrong = f"wrong passphrase {number}" if number % every == 0 else recovery.printed(recovery.new())

        def attempt(way: Any = way, wrong: str = wrong) -> CannotOpen:
            with pytest.raises(CannotOpen) as refused:
                way(folder, wrong, Clock(), uptime=up)
            return refused.value

        delay = stated[number] if number < len(stated) else 60
        assert opening.wait_seconds(folder, uptime=up) == delay
        if delay:
            up.seconds += delay - 0.25
            early = attempt()
            assert (early.wrong_secret, early.wait) == (False, 0.25)
            assert "Too many wrong tries: wait 1 second" in str(early)
            up.seconds += 0.25
        late = attempt()
        assert late.wrong_secret
        assert late.wait == (stated[number + 1] if number + 1 < len(stated) else 60)
    before = up.seconds
    with pytest.raises(CannotOpen, match="wait 60 seconds"):
        opening.open_with_recovery_key(folder, printed, lambda: datetime(2099, 1, 1, tzinfo=UTC), uptime=up)
    up.seconds = before + 60
    sitting = opening.open_with_recovery_key(folder, printed, Clock(), uptime=up)
    assert sitting.failed_tries == of
    sitting.close()
    assert opening.wait_seconds(folder, uptime=up) == 0
    assert not (folder / tries.FILE).exists()


def test_a_thousand_wrong_secrets_open_nothing_and_wait_as_stated(made, folder):
    made.sitting.close()
    a_thousand_wrong_secrets(folder, made.recovery_key, passphrases=100)


@pytest.mark.torture
def test_a_thousand_wrong_passphrases_open_nothing_and_wait_as_stated(made, folder):
    made.sitting.close()
    a_thousand_wrong_secrets(folder, made.recovery_key, passphrases=1000)
