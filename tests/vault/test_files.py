"""The key files through crashes, kills, full disks and damage: some secret that is known always opens them."""

import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.vault import escrow, files, header, keys
from app.vault.errors import CannotReadKeys, HeaderDamaged, KeysNotSaved, VaultError, WrongSecret
from app.vault.header import Header
from app.vault.passphrase import FLOOR
from tests.kills import said_until_killed

ROOT = Path(__file__).parents[2]
PASSPHRASE = "the only passphrase"
STEPS = ["written", "proved", "kept", "renamed", "flushed"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def made(folder):
    return keys.create(folder, PASSPHRASE, kdf=FLOOR)


def following(folder, key) -> tuple[str, Header, keys._Way]:
    """Prepare a new recovery key, without putting it in force."""
    current = keys.in_force(folder, key)
    secret = keys.printed_keys.new()
    printed, way = keys.printed_keys.printed(secret), keys._by_recovery_key(current.vault, secret, key)
    slots = (*current.of_type(header.PASSPHRASE), way.slot)
    return printed, Header.made(current.vault, current.generation + 1, slots, key), way


def opens(folder, recovery_key) -> bool:
    try:
        keys.unlock_with_recovery(folder, recovery_key)
    except WrongSecret:
        return False
    return True


def stop_after(step, folder, made) -> str:
    """Change the recovery key as far as ``step``, then leave everything as a crash would."""
    printed, header_to_be, way = following(folder, made.key)
    steps = files.replacing(folder, header_to_be, lambda kept: keys._proved(kept, way, made.key))
    for done in steps:
        if done == step:
            break
    return printed


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_after_any_step_of_a_change_leaves_the_passphrase_working(folder, made, step):
    stop_after(step, folder, made)
    assert keys.unlock(folder, PASSPHRASE) == made.key
    assert not (folder / files.NEXT).exists()


@pytest.mark.parametrize("step", STEPS)
def test_after_a_crash_the_secret_that_is_used_settles_which_one_it_is(folder, made, step):
    fresh = stop_after(step, folder, made)
    assert opens(folder, fresh)
    assert not opens(folder, made.recovery_key)


@pytest.mark.parametrize("step", ["written", "proved", "kept"])
def test_a_change_never_confirmed_can_be_undone_by_using_the_old_secret(folder, made, step):
    fresh = stop_after(step, folder, made)
    assert opens(folder, made.recovery_key)
    assert not opens(folder, fresh)


@pytest.mark.parametrize("step", STEPS)
def test_a_change_after_a_crash_goes_through(folder, made, step):
    stop_after(step, folder, made)
    fresh = keys.new_recovery_key(folder, made.key)
    assert opens(folder, fresh)
    assert sorted(path.name for path in folder.iterdir()) == [files.KEYS, files.PREVIOUS]


def test_a_half_written_next_header_is_ignored(folder, made):
    _, header_to_be, _ = following(folder, made.key)
    content = header_to_be.written()
    for length in (0, 1, len(content) // 2, len(content) - 1):
        (folder / files.NEXT).write_bytes(content[:length])
        assert opens(folder, made.recovery_key)


def test_damage_to_the_key_file_is_healed_from_the_previous_one(folder, made):
    sound = (folder / files.KEYS).read_bytes()
    for place in range(0, len(sound), 7):
        hurt = bytearray(sound)
        hurt[place] ^= 1 << place % 8
        (folder / files.KEYS).write_bytes(hurt)
        assert opens(folder, made.recovery_key)
        assert (folder / files.KEYS).read_bytes() == sound


@pytest.mark.parametrize("lost", [files.KEYS, files.PREVIOUS])
def test_a_key_file_that_vanished_is_made_good_from_the_other(folder, made, lost):
    (folder / lost).unlink()
    assert keys.unlock(folder, PASSPHRASE) == made.key
    assert (folder / files.KEYS).exists()


def test_a_damaged_key_file_never_takes_the_place_of_a_sound_previous_one(folder, made):
    sound = (folder / files.PREVIOUS).read_bytes()
    (folder / files.KEYS).write_bytes(b"{}")
    assert keys.unlock(folder, PASSPHRASE) == made.key
    assert (folder / files.PREVIOUS).read_bytes() == sound


def test_the_header_before_a_change_is_kept(folder, made):
    before = (folder / files.KEYS).read_bytes()
    keys.new_recovery_key(folder, made.key)
    assert (folder / files.PREVIOUS).read_bytes() == before


def test_a_header_that_reads_back_otherwise_than_it_should_changes_nothing(folder, made):
    before = (folder / files.KEYS).read_bytes()
    _, header_to_be, _ = following(folder, made.key)
    with pytest.raises(KeysNotSaved, match="nothing was changed"):
        files.replace(folder, header_to_be, lambda kept: False)
    assert (folder / files.KEYS).read_bytes() == before
    assert not (folder / files.NEXT).exists()


def test_a_folder_that_vanished_is_one_sentence(folder, made):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(VaultError):
        keys.new_recovery_key(folder, made.key)


def test_a_key_file_that_may_not_be_read_is_one_sentence_without_its_path(folder, made):
    (folder / files.KEYS).unlink()
    (folder / files.KEYS).symlink_to("/proc/sys/vm/drop_caches")  # not even root may read it
    with pytest.raises(CannotReadKeys, match="Permission denied") as refused:
        keys.unlock(folder, PASSPHRASE)
    assert str(folder) not in str(refused.value)


@pytest.mark.parametrize("name", [files.KEYS, files.NEXT, files.PREVIOUS])
def test_something_that_is_no_file_in_the_place_of_a_key_file_keeps_nobody_out(folder, made, name):
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    assert keys.unlock(folder, PASSPHRASE) == made.key
    assert bool(keys.mended(folder)) == (name == files.KEYS)


def test_a_key_changed_while_another_program_tries_an_old_secret_stays_changed(folder, made):
    fresh = []

    def attempt(vault, slot):
        fresh.append(keys.new_recovery_key(folder, made.key))  # what whoever holds the store does meanwhile
        return slot.open(vault, keys.phrases.slot_key(PASSPHRASE, keys._salt(slot), FLOOR))

    assert keys._unlocked(folder, header.PASSPHRASE, attempt, WrongSecret()) == made.key
    assert opens(folder, fresh[0])
    assert not opens(folder, made.recovery_key)


def test_something_in_the_way_of_the_next_header_changes_nothing(folder, made):
    (folder / files.NEXT).mkdir()
    (folder / files.NEXT / "file").write_text("")
    current = files.read((folder / files.KEYS).read_bytes())
    with pytest.raises(KeysNotSaved):
        files.replace(folder, Header.made(current.vault, 2, current.slots, made.key), lambda kept: True)


def test_a_very_long_file_is_damage_and_is_not_read_whole(folder, made):
    for name in (files.KEYS, files.PREVIOUS):
        with (folder / name).open("ab") as file:
            file.truncate(2**33)
    with pytest.raises(HeaderDamaged):
        keys.unlock(folder, PASSPHRASE)


def child(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code), *arguments]


def test_a_full_disk_changes_nothing(folder, made):
    """A limit on the length of files stands for the disk: the write is refused in its middle."""
    before = (folder / files.KEYS).read_bytes()
    code = """
        import resource, sys
        from pathlib import Path
        from app.vault import keys
        from app.vault.errors import KeysNotSaved
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        try:
            keys.new_recovery_key(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read()))
        except KeysNotSaved as refused:
            print(refused)
    """
    done = subprocess.run(
        child(code, str(folder)), cwd=ROOT, input=made.key.hex(), check=True, capture_output=True, text=True, timeout=60
    )
    assert "nothing was changed" in done.stdout
    assert (folder / files.KEYS).read_bytes() == before
    assert not (folder / files.NEXT).exists()
    assert opens(folder, made.recovery_key)


def confirmed_until_killed(folder, made, after, act) -> tuple[list[str], bool]:
    """Kill what changes the keys again and again, and return what it confirmed and whether one more is in force.

    The kill may fall between a change and its confirmation: then the keys in force are ones that nobody saw.
    """
    base = keys.in_force(folder, made.key).generation
    confirmed = said_until_killed(after, act)
    more = header.read((folder / files.KEYS).read_bytes()).generation - base - len(confirmed)
    assert more in {0, 1}
    return confirmed, bool(more)


def killed_while_it_changes(folder, made, kills: int) -> None:
    def change(say):
        while True:
            say(keys.new_recovery_key(folder, made.key))

    chance = random.Random(20261210)
    for _ in range(kills):
        confirmed, one_more = confirmed_until_killed(folder, made, chance.uniform(0, 0.03), change)
        assert opens(folder, confirmed[-1]) is not one_more
    assert keys.unlock(folder, PASSPHRASE) == made.key


def test_killed_at_25_random_moments_of_a_change_the_store_opens_with_the_last_confirmed_key_or_the_next(folder, made):
    killed_while_it_changes(folder, made, 25)


@pytest.mark.torture
def test_killed_at_500_random_moments_of_a_change_the_store_opens_with_a_key_that_is_known(folder, made):
    killed_while_it_changes(folder, made, 500)


def test_killed_at_25_random_moments_of_letting_an_organisation_in_and_out_the_other_ways_still_open(folder, made):
    """The organisation's key opens as the last confirmed change says, or as the one cut off would have it."""

    def change(say):
        while True:
            keys.add_escrow(folder, made.key, organisation.public())
            say("in")
            keys.remove_escrow(folder, made.key)
            say("out")

    chance, organisation = random.Random(20261211), escrow.PrivateKey.made("Example Council")
    for _ in range(25):
        confirmed, one_more = confirmed_until_killed(folder, made, chance.uniform(0, 0.03), change)
        # Of two headers after a kill the one that the key opens is taken, so it may open what was never confirmed.
        there = [bool(found.of_type(header.ESCROW)) for found in files.candidates(folder)]
        assert there[0] is ((confirmed[-1] == "in") is not one_more)
        assert organisation_opens(folder, organisation) is any(there)
        assert keys.unlock_with_recovery(folder, made.recovery_key) == made.key
    assert keys.unlock(folder, PASSPHRASE) == made.key


def organisation_opens(folder, organisation) -> bool:
    try:
        keys.unlock_with_escrow(folder, organisation)
    except WrongSecret:
        return False
    return True


def test_a_store_that_could_not_be_finished_leaves_no_key_files_behind(folder):
    code = """
        import resource, sys
        from pathlib import Path
        from app.vault import keys
        from app.vault.errors import CannotMakeStore
        from app.vault.passphrase import FLOOR
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        try:
            keys.create(Path(sys.argv[1]), "the only passphrase", kdf=FLOOR)
        except CannotMakeStore as refused:
            print(refused)
    """
    done = subprocess.run(child(code, str(folder)), cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "The store could not be made in this folder (File too large): choose another folder.\n"
    assert list(folder.iterdir()) == []
