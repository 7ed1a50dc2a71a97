"""The printed recovery key: 160 bits as nine groups of four, with check characters, forgiving of how it is typed."""

import hashlib
import secrets
import unicodedata

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.vault.errors import RecoveryKeyMistyped

GROUPS, GROUP_LENGTH = 9, 4

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OILU", "011V")
_LENGTH = GROUPS * GROUP_LENGTH
_KEY_BYTES, _KEY_LETTERS, _CHECK_LETTERS = 20, 32, 4
_SLOT_KEY_BYTES = 32


def new() -> bytes:
    """Return the 20 bytes of a new recovery key."""
    return secrets.token_bytes(_KEY_BYTES)


def printed(key: bytes) -> str:
    """Return the key as it is printed: "7K3M-0QXA-..." in nine groups."""
    letters = _letters(int.from_bytes(key, "big"), _KEY_LETTERS) + _check(key)
    return "-".join(letters[i : i + GROUP_LENGTH] for i in range(0, _LENGTH, GROUP_LENGTH))


def typed(text: str) -> bytes:
    """Return the 20 bytes of a key as somebody typed it.

    Case, spaces, hyphens and dots do not matter, nor O for 0, I or L for 1, U for V. Raises RecoveryKeyMistyped.
    """
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if not _parts(sign))
    letters = letters.translate(_READ_AS)
    if len(letters) != _LENGTH:
        raise RecoveryKeyMistyped(
            f"A recovery key has {_LENGTH} letters and digits, and this has {len(letters)}: check it against the "
            "printed page."
        )
    try:
        values = [_LETTERS.index(letter) for letter in letters]
    except ValueError:
        raise RecoveryKeyMistyped(
            "A recovery key has only letters and digits: check it against the printed page."
        ) from None
    number = 0
    for value in values[:_KEY_LETTERS]:
        number = number << 5 | value
    key = number.to_bytes(_KEY_BYTES, "big")
    if letters[_KEY_LETTERS:] != _check(key):
        raise RecoveryKeyMistyped("There is a typing mistake in the recovery key: check it against the printed page.")
    return key


def slot_key(key: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that open the recovery slot."""
    return HKDF(SHA256(), _SLOT_KEY_BYTES, salt=salt, info=b"recovery").derive(key)


def _parts(sign: str) -> bool:
    return sign.isspace() or sign in "._\N{MINUS SIGN}" or unicodedata.category(sign) in {"Pd", "Cf"}


def _letters(number: int, length: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(length)))


def _check(key: bytes) -> str:
    digest = hashlib.sha256(b"recovery-check" + key).digest()
    return _letters(int.from_bytes(digest, "big") >> 256 - 5 * _CHECK_LETTERS, _CHECK_LETTERS)
