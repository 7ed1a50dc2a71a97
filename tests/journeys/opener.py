"""A second opener of the store, written from its format page: without SQLCipher and without a line of ours."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

PAGE, SALT, VECTOR, CODE = 4096, 16, 16, 64
TAIL = VECTOR + CODE


def in_plain(database: bytes, key: bytes) -> bytes:
    """Return the plain SQLite file behind an encrypted one; raises ValueError with the pages that were changed."""
    pages = [database[at : at + PAGE] for at in range(0, len(database), PAGE)]
    salt = pages[0][:SALT]
    code_key = PBKDF2HMAC(SHA512(), 32, bytes(byte ^ 0x3A for byte in salt), 2).derive(key)
    wrong = [number for number, page in enumerate(pages, 1) if _code(code_key, number, page) != page[-CODE:]]
    if wrong:
        raise ValueError(f"changed pages: {wrong}")
    return b"".join(_decrypted(key, pages))


def _code(code_key: bytes, number: int, page: bytes) -> bytes:
    code = HMAC(code_key, SHA512())
    code.update(page[SALT if number == 1 else 0 : -CODE] + number.to_bytes(4, "little"))
    return code.finalize()


def _decrypted(key: bytes, pages: list[bytes]) -> Iterator[bytes]:
    for number, page in enumerate(pages, 1):
        reader = Cipher(algorithms.AES256(key), modes.CBC(page[-TAIL:-CODE])).decryptor()
        text = reader.update(page[SALT if number == 1 else 0 : -TAIL]) + reader.finalize()
        yield (b"SQLite format 3\0" if number == 1 else b"") + text + bytes(TAIL)


def asked(plain: Path, question: str) -> str:
    """Return what the stock ``sqlite3`` program answers about a plain file."""
    done = subprocess.run(["sqlite3", "-readonly", plain, question], capture_output=True, text=True, check=True)
    return done.stdout.strip()
