"""Making, opening and changing the keys of a store."""

import stat

import pytest

from app.vault import escrow, files, header, keys
from app.vault.errors import (
    CannotMakeStore,
    HeaderDamaged,
    LastWayIn,
    NewerVersion,
    NoVault,
    PassphraseTooWeak,
    RecoveryKeyMistyped,
    TooManySlots,
    VaultExists,
    WrongSecret,
)
from app.vault.header import Header, Slot
from app.vault.passphrase import FLOOR, Cost

OLD, NEW = "the first passphrase", "quite another passphrase"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def made(folder):
    return keys.create(folder, OLD, kdf=FLOOR)


def test_a_new_store_opens_with_its_passphrase_and_with_its_recovery_key(folder, made):
    assert len(made.key) == 32
    assert keys.unlock(folder, OLD) == made.key
    assert keys.unlock_with_recovery(folder, made.recovery_key) == made.key


def test_a_store_without_a_recovery_key_says_so_to_whoever_tries_one(folder, made, tmp_path):
    bare = tmp_path / "bare"
    assert keys.create(bare, OLD, kdf=FLOOR, recovery=False).recovery_key is None
    with pytest.raises(WrongSecret, match="not the one of this store"):
        keys.unlock_with_recovery(bare, made.recovery_key)


def test_the_data_key_is_shown_by_no_repr_and_is_in_no_file(folder, made):
    assert repr(made) == "Created()"
    for path in folder.iterdir():
        content = path.read_bytes()
        assert made.key not in content
        assert made.key.hex().encode() not in content
        assert header.as_text(made.key).encode() not in content
        assert OLD.encode() not in content


def test_only_the_owner_can_read_the_keys(folder, made):
    keys.change_passphrase(folder, OLD, NEW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_an_empty_folder_is_made_private_and_a_used_one_is_left_as_it_is(tmp_path):
    used, empty = tmp_path / "used", tmp_path / "empty"
    for path in (used, empty):
        path.mkdir(mode=0o755)
    (used / "letter.txt").write_text("mine")
    keys.create(used, OLD, kdf=FLOOR)
    keys.create(empty, OLD, kdf=FLOOR)
    assert stat.S_IMODE(used.stat().st_mode) == 0o755
    assert stat.S_IMODE(empty.stat().st_mode) == 0o700


def test_a_wrong_passphrase_is_told_apart_from_a_damaged_header(folder, made):
    with pytest.raises(WrongSecret, match="does not open this store"):
        keys.unlock(folder, NEW)
    for name in (files.KEYS, files.PREVIOUS):
        content = bytearray((folder / name).read_bytes())
        content[99] ^= 4
        (folder / name).write_bytes(content)
    for passphrase in (OLD, NEW):
        with pytest.raises(HeaderDamaged, match="passphrase is not at fault"):
            keys.unlock(folder, passphrase)


def test_a_recovery_key_mistyped_is_told_apart_from_the_key_of_another_store(folder, made, tmp_path):
    other = keys.create(tmp_path / "other", OLD, kdf=FLOOR)
    with pytest.raises(RecoveryKeyMistyped):
        keys.unlock_with_recovery(folder, made.recovery_key[:-1] + ("0" if made.recovery_key[-1] != "0" else "2"))
    with pytest.raises(WrongSecret, match="not the one of this store"):
        keys.unlock_with_recovery(folder, other.recovery_key)


def test_a_thousand_wrong_recovery_keys_open_nothing(folder, made):
    for _ in range(1000):
        with pytest.raises(WrongSecret):
            keys.unlock_with_recovery(folder, keys.printed_keys.printed(keys.printed_keys.new()))


def test_after_a_change_only_the_new_passphrase_opens(folder, made):
    keys.change_passphrase(folder, OLD, NEW)
    assert keys.unlock(folder, NEW) == made.key
    with pytest.raises(WrongSecret):
        keys.unlock(folder, OLD)
    assert keys.unlock_with_recovery(folder, made.recovery_key) == made.key


def test_a_passphrase_is_changed_only_by_whoever_knows_the_old_one(folder, made):
    before = (folder / files.KEYS).read_bytes()
    with pytest.raises(WrongSecret):
        keys.change_passphrase(folder, NEW, "a third passphrase")
    with pytest.raises(PassphraseTooWeak):
        keys.change_passphrase(folder, OLD, "short")
    with pytest.raises(HeaderDamaged):
        keys.set_passphrase(folder, bytes(32), NEW)
    assert (folder / files.KEYS).read_bytes() == before


def test_whoever_came_in_by_the_recovery_key_can_set_a_new_passphrase(folder, made):
    key = keys.unlock_with_recovery(folder, made.recovery_key)
    keys.set_passphrase(folder, key, NEW)
    assert keys.unlock(folder, NEW) == key


def test_a_change_of_passphrase_keeps_the_cost_unless_another_is_asked_for(folder, made):
    keys.change_passphrase(folder, OLD, NEW)
    assert cost_of(folder) == FLOOR
    keys.change_passphrase(folder, NEW, OLD, kdf=Cost(passes=4, memory=65_536))
    assert cost_of(folder) == Cost(passes=4, memory=65_536)


def cost_of(folder) -> Cost:
    (slot,) = files.candidates(folder)[0].of_type(header.PASSPHRASE)
    return keys._cost(slot)


def test_a_new_recovery_key_takes_the_place_of_the_old_one(folder, made):
    fresh = keys.new_recovery_key(folder, made.key)
    assert keys.unlock_with_recovery(folder, fresh) == made.key
    with pytest.raises(WrongSecret):
        keys.unlock_with_recovery(folder, made.recovery_key)
    assert keys.unlock(folder, OLD) == made.key


def test_a_slot_of_a_kind_to_come_survives_every_change(folder, made):
    (current, *_) = files.candidates(folder)
    escrow = Slot(header.random_id(), "escrow", {"kem": "to come"}, b"sealed elsewhere")
    following = Header.made(current.vault, 2, (*current.slots, escrow), made.key)
    files.replace(folder, following, lambda kept: True)
    keys.change_passphrase(folder, OLD, NEW)
    keys.new_recovery_key(folder, made.key)
    (now, *_) = files.candidates(folder)
    assert now.of_type("escrow") == (escrow,)
    assert now.generation == 4


def test_a_header_that_is_full_takes_no_further_slot(folder, made):
    (current, *_) = files.candidates(folder)
    others = tuple(Slot(header.random_id(), "to-come", {}, b"x") for _ in range(header.MOST_SLOTS))
    files.replace(folder, Header.made(current.vault, 2, others, made.key), lambda kept: True)
    with pytest.raises(TooManySlots):
        keys.new_recovery_key(folder, made.key)


def test_a_header_changed_by_somebody_without_the_data_key_is_not_trusted(folder, made):
    (current, *_) = files.candidates(folder)
    forged = Header(current.vault, 9, current.slots[:1], current.mac)
    (folder / files.KEYS).write_bytes(forged.written())
    with pytest.raises(HeaderDamaged):
        keys.unlock(folder, OLD)


def test_every_flipped_bit_of_a_key_file_is_told(folder, made):
    names = (files.KEYS, files.PREVIOUS)
    for name in names:
        sound = (folder / name).read_bytes()
        for place in range(len(sound)):
            hurt = bytearray(sound)
            hurt[place] ^= 1 << place % 8
            (folder / name).write_bytes(hurt)
            assert bool(keys.mended(folder)) is (name == files.KEYS)
            assert len(keys.findings(folder, made.key)) == 1
        (folder / name).write_bytes(sound)
    assert (keys.mended(folder), keys.findings(folder, made.key)) == ("", [])


def test_a_key_file_that_is_missing_or_of_another_store_is_told(folder, made, tmp_path):
    other = keys.create(tmp_path / "other", OLD, kdf=FLOOR)
    (folder / files.PREVIOUS).write_bytes((tmp_path / "other" / files.KEYS).read_bytes())
    assert ["does not belong" in told for told in keys.findings(folder, made.key)] == [True]
    assert ["does not belong" in told for told in keys.findings(tmp_path / "other", other.key)] == []
    (folder / files.PREVIOUS).unlink()
    assert ["is missing" in told for told in keys.findings(folder, made.key)] == [True]
    (folder / files.NEXT).write_bytes(b"half")
    assert ["is damaged" in told for told in keys.findings(folder, made.key)] == [True, False]
    keys.set_passphrase(folder, made.key, OLD)
    assert keys.findings(folder, made.key) == []


def test_what_opens_the_store_on_another_computer_is_never_taken_out(folder, made):
    (current, *_) = files.candidates(folder)
    organisation = escrow.sealed(current.vault, escrow.PrivateKey.made("Example Council").public(), made.key)
    alone = Header.made(current.vault, 2, (organisation,), made.key)
    files.replace(folder, alone, lambda kept: True)
    with pytest.raises(LastWayIn):
        keys.remove_escrow(folder, made.key)
    assert keys.slots(folder, made.key) == (organisation,)


def test_a_header_for_a_new_data_key_opens_with_the_same_passphrase_a_new_recovery_key_and_the_organisation(
    folder, made
):
    pair = escrow.PrivateKey.made("Example Council")
    keys.add_escrow(folder, made.key, pair.public())
    secret, new_key = keys.printed_keys.new(), bytes(range(32))
    following = keys.rewrapped(folder, made.key, new_key, OLD, secret)
    assert keys.unlock(folder, OLD) == made.key
    for name in (files.KEYS, files.PREVIOUS):
        (folder / name).write_bytes(following.written())
    assert following.generation == 3
    assert keys.unlock(folder, OLD) == new_key
    assert keys.unlock_with_recovery(folder, keys.printed_keys.printed(secret)) == new_key
    assert keys.unlock_with_escrow(folder, pair) == new_key
    with pytest.raises(WrongSecret):
        keys.unlock_with_recovery(folder, made.recovery_key)


def test_a_weak_passphrase_makes_no_store(folder):
    with pytest.raises(PassphraseTooWeak):
        keys.create(folder, "short", kdf=FLOOR)
    assert not folder.exists()


@pytest.mark.parametrize("name", [files.KEYS, files.NEXT, files.PREVIOUS, files.DATABASE])
def test_a_store_is_never_made_over_what_is_left_of_another(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(VaultExists):
        keys.create(tmp_path, OLD, kdf=FLOOR)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CannotMakeStore, match="choose another folder"):
        keys.create(tmp_path / "file" / "store", OLD, kdf=FLOOR)


def test_a_folder_without_a_store_or_without_its_keys_is_told(tmp_path):
    for unlock in (lambda: keys.unlock(tmp_path, OLD), lambda: keys.unlock_with_recovery(tmp_path / "gone", "x")):
        with pytest.raises(NoVault, match="no Chairside store in this folder"):
            unlock()
    (tmp_path / files.DATABASE).write_bytes(b"encrypted")
    with pytest.raises(NoVault, match="is missing: put it back from a backup"):
        keys.unlock(tmp_path, OLD)
    (tmp_path / files.KEYS).write_bytes(b"")
    with pytest.raises(HeaderDamaged):
        keys.unlock(tmp_path, OLD)


def test_a_store_of_a_newer_version_is_not_opened_by_an_older_header_beside_it(folder, made):
    body = {"format": header.FORMAT, "version": 2}
    newer = header.rfc8785.dumps(body | {"checksum": header._checksum(body)})
    (folder / files.KEYS).write_bytes(newer)
    with pytest.raises(NewerVersion, match="newer version"):
        keys.unlock(folder, OLD)
    assert (folder / files.KEYS).read_bytes() == newer
