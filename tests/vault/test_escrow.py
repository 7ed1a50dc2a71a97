"""An organisation's key: its two files, and the way into a store that it is."""

import base64

import pytest

from app.vault import escrow, files, header, keys
from app.vault.errors import NewerVersion, NotAnEscrowKey, PassphraseTooWeak, WrongSecret
from app.vault.escrow import PrivateKey, PublicKey
from app.vault.header import Header, Slot
from app.vault.passphrase import FLOOR

PHRASE, SAFE = "the first passphrase", "what lies in the safe"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def made(folder):
    return keys.create(folder, PHRASE, kdf=FLOOR)


@pytest.fixture(scope="module")
def pair():
    return PrivateKey.made("Example Council")


def test_the_private_key_opens_a_store_that_was_sealed_to_the_public_one(folder, made, pair):
    keys.add_escrow(folder, made.key, escrow.read_public(pair.public().written()))
    assert keys.unlock_with_escrow(folder, escrow.read_private(pair.written(SAFE, FLOOR), SAFE)) == made.key
    assert keys.unlock(folder, PHRASE) == made.key
    assert keys.unlock_with_recovery(folder, made.recovery_key) == made.key


def test_another_private_key_opens_nothing(folder, made, pair):
    with pytest.raises(WrongSecret, match="belongs to another public key"):
        keys.unlock_with_escrow(folder, pair)
    keys.add_escrow(folder, made.key, PrivateKey.made("Example Council").public())
    with pytest.raises(WrongSecret):
        keys.unlock_with_escrow(folder, pair)


def test_a_second_organisation_takes_the_place_of_the_first_and_can_be_taken_out(folder, made, pair):
    second = PrivateKey.made("Another Council")
    keys.add_escrow(folder, made.key, pair.public())
    keys.add_escrow(folder, made.key, second.public())
    assert keys.unlock_with_escrow(folder, second) == made.key
    with pytest.raises(WrongSecret):
        keys.unlock_with_escrow(folder, pair)
    keys.remove_escrow(folder, made.key)
    with pytest.raises(WrongSecret):
        keys.unlock_with_escrow(folder, second)


def test_it_survives_every_change_of_the_other_ways(folder, made, pair):
    keys.add_escrow(folder, made.key, pair.public())
    keys.set_passphrase(folder, made.key, "quite another passphrase")
    keys.new_recovery_key(folder, made.key)
    assert keys.unlock_with_escrow(folder, pair) == made.key


def test_a_suite_of_a_later_version_is_said_to_whoever_comes_with_a_private_key(folder, made, pair):
    (current, *_) = files.candidates(folder)
    later = Slot(header.random_id(), header.ESCROW, {"suite": "of 2040"}, b"sealed elsewhere")
    files.replace(folder, Header.made(current.vault, 2, (*current.slots, later), made.key), lambda kept: True)
    with pytest.raises(NewerVersion):
        keys.unlock_with_escrow(folder, pair)
    assert keys.unlock(folder, PHRASE) == made.key


def test_the_fingerprint_is_of_the_key_and_not_of_the_name(pair):
    public = pair.public()
    assert PublicKey("Another name", public.raw).fingerprint == public.fingerprint
    assert PrivateKey.made("Example Council").public().fingerprint != public.fingerprint
    assert [len(group) for group in public.fingerprint.split(" ")] == [4] * 6


def test_the_private_half_is_shown_by_no_repr_and_stands_in_neither_file(pair):
    assert repr(pair) == "PrivateKey(label='Example Council')"
    for content in (pair.public().written(), pair.written(SAFE, FLOOR)):
        inner = base64.b64decode(b"".join(content.splitlines()[1:-1]))
        for half in (pair.raw[:64], pair.raw[64:], pair.raw):
            assert header.as_text(half).encode() not in inner
            assert half not in content


def test_a_weak_passphrase_is_not_taken_for_the_private_key(pair):
    with pytest.raises(PassphraseTooWeak):
        pair.written("short")


@pytest.mark.parametrize("label", ["", " Example", "Example\nCouncil", "x" * 81, "Example\u202eCouncil"])
def test_a_name_that_cannot_be_shown_in_one_line_is_refused(label):
    with pytest.raises(NotAnEscrowKey):
        PrivateKey.made(label)


def test_a_wrong_passphrase_of_the_private_key_is_told_apart_from_a_file_that_is_none(pair):
    content = pair.written(SAFE, FLOOR)
    with pytest.raises(WrongSecret, match="does not open the organisation's private key"):
        escrow.read_private(content, "not what lies in the safe")
    with pytest.raises(NotAnEscrowKey, match="private key"):
        escrow.read_private(pair.public().written(), SAFE)


def test_a_file_that_went_through_a_mail_program_is_still_read(pair):
    content = b"From: them\r\n\r\n" + pair.public().written().replace(b"\n", b" \r\n") + b"\r\n--\r\nregards\r\n"
    assert escrow.read_public(content) == pair.public()


@pytest.mark.parametrize("step", [1, 7])
def test_a_changed_file_is_no_key(pair, step):
    for content, read in (
        (pair.public().written(), escrow.read_public),
        (pair.written(SAFE, FLOOR), lambda hurt: escrow.read_private(hurt, SAFE)),
    ):
        begin, end = content.index(b"\n") + 1, content.rindex(b"\n-----END")
        for place in range(begin, end, 5 * step):
            hurt = bytearray(content)
            if chr(hurt[place]).isalnum():
                hurt[place] = ord("A") if hurt[place] != ord("A") else ord("B")
                with pytest.raises(NotAnEscrowKey):
                    read(bytes(hurt))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe" * 90,
        b"-----BEGIN CHAIRSIDE ESCROW PUBLIC KEY-----\n-----END CHAIRSIDE ESCROW PUBLIC KEY-----\n",
        b"-----BEGIN CHAIRSIDE ESCROW PUBLIC KEY-----\nbnVsbA==\n-----END CHAIRSIDE ESCROW PUBLIC KEY-----\n",
        b"-----BEGIN CHAIRSIDE ESCROW PUBLIC KEY-----\ne30=\n-----END CHAIRSIDE ESCROW PUBLIC KEY-----\n",
        b"-----END CHAIRSIDE ESCROW PUBLIC KEY-----\n-----BEGIN CHAIRSIDE ESCROW PUBLIC KEY-----\n",
        b"A" * 20_000,
    ],
)
def test_anything_else_is_no_key(content):
    with pytest.raises(NotAnEscrowKey):
        escrow.read_public(content)
    with pytest.raises(NotAnEscrowKey):
        escrow.read_private(content, SAFE)
    written = content.replace(b"PUBLIC", b"PRIVATE")
    with pytest.raises(NotAnEscrowKey):
        escrow.read_private(written, SAFE)


def test_numbers_that_are_no_key_of_the_suite_are_refused(pair):
    with pytest.raises(NotAnEscrowKey):
        PublicKey("Example Council", b"\xff" * len(pair.public().raw))
    with pytest.raises(NotAnEscrowKey):
        PublicKey("Example Council", pair.public().raw[:-1])
    made_up = escrow._armoured(escrow._PUBLIC, {"label": "Example Council", "public": header.as_text(b"short")})
    with pytest.raises(NotAnEscrowKey):
        escrow.read_public(made_up)


def test_a_private_key_file_that_asks_for_too_much_memory_is_refused_before_any_is_taken(pair):
    body = {"kdf": "argon2id", "label": "x", "salt": header.as_text(bytes(16)), "v": 19, "m": 2**26, "p": 4, "t": 3}
    content = escrow._armoured(escrow._PRIVATE, {**body, "box": header.as_text(bytes(124))})
    with pytest.raises(NotAnEscrowKey):
        escrow.read_private(content, SAFE)
