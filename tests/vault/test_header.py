"""The key header: one spelling, and every accident to it noticed."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.vault import header
from app.vault.errors import HeaderDamaged, VaultError
from app.vault.header import Header, Slot

KEY, SLOT_KEY = bytes(range(32)), bytes(range(32, 64))


def a_header(generation: int = 1, slots: int = 2) -> Header:
    vault = header.random_id()
    made = tuple(Slot.sealed(vault, header.KEYRING, {}, SLOT_KEY, KEY) for _ in range(slots))
    return Header.made(vault, generation, made, KEY)


SOUND = a_header().written()


def test_a_header_reads_back_as_it_was_written():
    made = a_header(generation=41)
    assert header.read(made.written()) == made
    assert made.is_genuine(KEY)
    assert not made.is_genuine(SLOT_KEY)
    assert [slot.open(made.vault, SLOT_KEY) for slot in made.slots] == [KEY, KEY]


def test_every_changed_bit_of_every_byte_is_noticed_as_damage():
    for place in range(len(SOUND)):
        for bit in range(8):
            hurt = bytearray(SOUND)
            hurt[place] ^= 1 << bit
            with pytest.raises(HeaderDamaged):
                header.read(bytes(hurt))
            assert header.is_ours(bytes(hurt))


def test_a_header_cut_off_anywhere_is_damage():
    for length in range(len(SOUND)):
        with pytest.raises(HeaderDamaged):
            header.read(SOUND[:length])


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_damage_and_nothing_worse(content):
    with pytest.raises(HeaderDamaged):
        header.read(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from(["checksum", "format", "generation", "mac", "slots", "vault", "version"]), JSON)
def test_any_value_in_any_place_is_damage_and_nothing_worse(name, value):
    whole = json.loads(SOUND) | {name: value}
    with pytest.raises(VaultError):
        header.read(
            json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        )


@given(st.sampled_from(["box", "id", "params", "type"]), JSON)
def test_any_value_in_a_slot_is_damage_even_where_somebody_made_the_checksum_fit(name, value):
    made = a_header()
    whole = json.loads(made.written())
    # Another type may be one to come, and is left alone.
    assume(value != whole["slots"][0][name] and not (name == "type" and isinstance(value, str)))
    whole["slots"][0][name] = value
    with pytest.raises(HeaderDamaged):
        header.read(refitted(whole))


def refitted(whole: dict[str, object]) -> bytes:
    """Write the object with a checksum that fits, where it can be written at all."""
    body = {name: value for name, value in whole.items() if name != "checksum"}
    try:
        return header.rfc8785.dumps(body | {"checksum": header._checksum(body)})
    except (header.rfc8785.CanonicalizationError, ValueError):
        return b""


def test_a_slot_cannot_take_another_place_or_serve_another_store():
    made, other = a_header(), a_header()
    first = made.slots[0]
    assert Slot(made.slots[1].id, first.type, first.params, first.box).open(made.vault, SLOT_KEY) is None
    assert Slot(first.id, header.RECOVERY, first.params, first.box).open(made.vault, SLOT_KEY) is None
    assert Slot(first.id, first.type, {"m": 1}, first.box).open(made.vault, SLOT_KEY) is None
    assert first.open(other.vault, SLOT_KEY) is None


def test_neither_key_nor_content_is_quoted_when_damage_is_reported():
    with pytest.raises(HeaderDamaged) as damage:
        header.read(SOUND[:-5])
    assert damage.value.__cause__ is None
    assert damage.value.__suppress_context__
