#!/usr/bin/env python3
"""Turn a Chairside store and its recovery key into a plain SQLite file.

    python3 decrypt_store.py [--salvage] STORE RECOVERY-KEY-FILE OUT.db

Needs Python 3.9 or later and the package ``cryptography``, and nothing of Chairside: it was written from ``vault.md``
alone, for whoever has a store and no program for it any more. What it writes is NOT ENCRYPTED. Pages that were changed
or damaged are listed and nothing is written, unless --salvage is given: then they are left empty. Ends with 0 when
every page was sound, 1 when not, 2 when used wrongly.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAGE, SALT, IV, MAC = 4096, 16, 16, 64


def stop(sentence):
    """End with a sentence."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def canonical(value):
    """Return the one spelling of what stands in a header: texts, whole numbers, lists and objects (RFC 8785)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def derived(secret, salt, info):
    """Return 32 bytes by HKDF-SHA256."""
    return HKDF(SHA256(), 32, salt=salt, info=info).derive(secret)


def recovery_secret(path):
    """Return the 20 bytes of a recovery key as somebody typed it."""
    letters = "".join(sign for sign in path.read_text("utf-8-sig").upper() if sign.isalnum())
    letters = letters.translate(str.maketrans("OILU", "011V"))
    if len(letters) != 36 or set(letters) - set(LETTERS):
        stop("A recovery key has 36 letters and digits: check the file against the printed page.")
    number = 0
    for letter in letters[:32]:
        number = number * 32 + LETTERS.index(letter)
    secret = number.to_bytes(20, "big")
    check = int.from_bytes(hashlib.sha256(b"recovery-check" + secret).digest(), "big") >> 236
    if letters[32:] != "".join(LETTERS[check >> shift & 31] for shift in (15, 10, 5, 0)):
        stop("There is a typing mistake in the recovery key: check the file against the printed page.")
    return secret


def key_in(content, secret):
    """Return the generation of a header and the data key in it; None where it is of another recovery key."""
    whole = json.loads(content)
    checksum = whole.pop("checksum")
    sound = whole["format"] == "chairside-vault" and checksum == hashlib.sha256(canonical(whole)).hexdigest()
    if not sound or whole["version"] != 1:
        return None
    mac = base64.b64decode(whole.pop("mac"))
    for slot in whole["slots"]:
        if slot["type"] != "recovery":
            continue
        box, salt = base64.b64decode(slot["box"]), base64.b64decode(slot["params"]["salt"])
        bound = {"params": slot["params"], "slot": slot["id"], "type": "recovery", "vault": whole["vault"]}
        try:
            key = AESGCM(derived(secret, salt, b"recovery")).decrypt(box[:12], box[12:], b"cpv1" + canonical(bound))
        except InvalidTag:
            continue
        if hmac.compare_digest(mac, hmac.new(derived(key, None, b"hdr-mac"), canonical(whole), "sha256").digest()):
            return whole["generation"], key
    return None


def data_key(store, secret):
    """Return the data key from the newest header that the recovery key opens; the spare one only if no other does."""
    for names in (("vault.keys", "vault.keys.new"), ("vault.keys.prev",)):
        present = [(store / name).read_bytes() for name in names if (store / name).is_file()]
        found = []
        for content in present:
            with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):  # then it is damaged
                found += filter(None, [key_in(content, secret)])
        if found:
            return max(found)[1]
    return stop("No sound key file in this store opens with this recovery key: check that both belong together.")


def pages(file, key):
    """Give each page as plain SQLite has it; None for one that was changed or is damaged."""
    salt = file.read(SALT)
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    file.seek(0)
    number = 0
    while page := file.read(PAGE):
        number += 1
        start = SALT if number == 1 else 0
        sealed, iv, mac = page[start : -IV - MAC], page[-IV - MAC : -MAC], page[-MAC:]
        said = hmac.new(mac_key, sealed + iv + number.to_bytes(4, "little"), "sha512").digest()
        if len(page) != PAGE or not hmac.compare_digest(mac, said):
            yield None
            continue
        opener = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        begin = b"SQLite format 3\0" if number == 1 else b""
        yield begin + opener.update(sealed) + opener.finalize() + bytes(IV + MAC)


def main(words):
    """Decrypt; return the exit status."""
    salvage = "--salvage" in words
    places = [Path(word) for word in words if word != "--salvage"]
    if len(places) != 3:
        print("Use: decrypt_store.py [--salvage] STORE RECOVERY-KEY-FILE OUT.db", file=sys.stderr)
        return 2
    store, key_file, out = places
    journal, database = store / "vault.db-journal", store / "vault.db"
    if journal.is_file() and journal.read_bytes()[:8].strip(b"\0"):
        stop("An act was cut off in this store (vault.db-journal is not empty): open it once with Chairside, or give a "
             "copy of the store without that file to have what the database holds.")  # fmt: skip
    key = data_key(store, recovery_secret(key_file))
    with database.open("rb") as file:
        bad = [number for number, page in enumerate(pages(file, key), 1) if page is None]
    for number in bad:
        print(f"Page {number} was changed or is damaged.", file=sys.stderr)
    if not database.stat().st_size:
        stop("The database of this store is empty.")
    if bad and not salvage:
        stop(f"{len(bad)} of the pages are not sound, so nothing was written: --salvage leaves them empty.")
    with database.open("rb") as file, os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        for page in pages(file, key):
            to.write(page or bytes(PAGE))
    print(f"{out} was written. It is not encrypted: keep it where nobody else can read it.")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, UnicodeDecodeError) as error:
        stop(f"A file could not be read or written ({getattr(error, 'strerror', None) or 'it is not text'}).")
