"""The printed recovery key, as people type it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.vault import recovery
from app.vault.errors import RecoveryKeyMistyped, WrongSecret

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRETS = st.binary(min_size=20, max_size=20)


def test_a_recovery_key_is_printed_in_nine_groups_of_four():
    groups = recovery.printed(recovery.new()).split("-")
    assert [len(group) for group in groups] == [4] * 9
    assert set("".join(groups)) <= set(ALPHABET)


def test_two_recovery_keys_are_never_the_same():
    assert len({recovery.new() for _ in range(100)}) == 100


@given(SECRETS, st.data())
def test_a_recovery_key_is_read_whatever_the_case_spacing_and_look_alikes(secret, data):
    look_alikes = {"0": "0Oo", "1": "1IiLl", "V": "VvUu"}
    typed = ""
    for letter in recovery.printed(secret):
        options = (
            ["-", " ", "", " - ", "\N{EN DASH}", "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}", ".", "_", "\n"]
            if letter == "-"
            else list(look_alikes.get(letter, letter + letter.lower()))
        )
        typed += data.draw(st.sampled_from(options))
    assert recovery.typed(f"  {typed}\n") == secret


def test_a_recovery_key_typed_in_full_width_letters_is_read():
    secret = bytes(range(20))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in recovery.printed(secret))
    assert recovery.typed(wide) == secret


@given(SECRETS, st.integers(0, 35), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed_as_a_typing_mistake(secret, place, letter):
    letters = recovery.printed(secret).replace("-", "")
    assume(letters[place] != letter)
    with pytest.raises(RecoveryKeyMistyped, match="typing mistake"):
        recovery.typed(letters[:place] + letter + letters[place + 1 :])


@given(SECRETS, st.integers(0, 34))
def test_two_characters_exchanged_are_noticed(secret, place):
    letters = list(recovery.printed(secret).replace("-", ""))
    assume(letters[place] != letters[place + 1])
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    with pytest.raises(RecoveryKeyMistyped):
        recovery.typed("".join(letters))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "36 letters and digits, and this has 0"),
        ("0000-0000", "this has 8"),
        ("!" * 36, "only letters and digits"),
        ("é" * 36, "only letters and digits"),
    ],
)
def test_what_cannot_be_a_recovery_key_is_told_in_one_sentence(typed, says):
    with pytest.raises(WrongSecret, match=says):
        recovery.typed(typed)
