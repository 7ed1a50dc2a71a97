"""A second reader, written from ``resources/docs/formats/vault.md`` alone, and the vectors both must agree on."""

import base64
import hashlib
import hmac
import json
import shutil
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.vault import escrow, keys
from app.vault.errors import HeaderDamaged, NewerVersion, NoVault, WrongSecret

FOLDER = Path(__file__).parents[1] / "vectors" / "vault"
VECTORS: list[dict[str, Any]] = tomllib.loads((FOLDER / "vectors.toml").read_text(encoding="utf-8"))["vector"]
OUTCOMES = {
    "wrong-secret": WrongSecret,
    "header-damaged": HeaderDamaged,
    "newer-version": NewerVersion,
    "no-vault": NoVault,
}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def hkdf(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=info).derive(secret)


def recovery_secret(printed: str) -> bytes:
    letters = [ALPHABET.index(letter) for letter in printed.replace("-", "")]
    bits = "".join(f"{value:05b}" for value in letters)
    return int(bits[:160], 2).to_bytes(20, "big")


def extracted(salt: bytes, suite: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def expanded(key: bytes, suite: bytes, label: bytes, context: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    return hmac.digest(key, labelled + b"\1", "sha256")[:length]


def hpke_opened(box: bytes, private: bytes, info: bytes) -> bytes:
    """X-Wing and the key schedule of RFC 9180 by hand, so that the page's names for the suite are known to be right."""
    lattice, curve = MLKEM768PrivateKey.from_seed_bytes(private[:64]), X25519PrivateKey.from_private_bytes(private[64:])
    sent, sealed = box[:1120], box[1120:]
    shared = curve.exchange(X25519PublicKey.from_public_bytes(sent[1088:]))
    mine = curve.public_key().public_bytes_raw()
    secret = hashlib.sha3_256(lattice.decapsulate(sent[:1088]) + shared + sent[1088:] + mine + b"\\.//^\\").digest()
    suite = b"HPKE" + bytes.fromhex("647a00010002")
    context = b"\0" + extracted(b"", suite, b"psk_id_hash", b"") + extracted(b"", suite, b"info_hash", info)
    scheduled = extracted(secret, suite, b"secret", b"")
    key = expanded(scheduled, suite, b"key", context, 32)
    return AESGCM(key).decrypt(expanded(scheduled, suite, b"base_nonce", context, 12), sealed, b"")


def read_by_the_page(
    content: bytes, passphrase: str | None, recovery_key: str | None, escrow_key: bytes | None = None
) -> bytes:
    """Give the data key, as the page says; whatever is wrong is an AssertionError."""
    whole = json.loads(content)
    assert rfc8785.dumps(whole) == content
    checksum = whole.pop("checksum")
    assert checksum == hashlib.sha256(rfc8785.dumps(whole)).hexdigest()
    mac = base64.b64decode(whole.pop("mac"))
    for slot in whole["slots"]:
        params, box = slot["params"], base64.b64decode(slot["box"])
        salt = base64.b64decode(params.get("salt", ""))
        bound = {"params": params, "slot": slot["id"], "type": slot["type"], "vault": whole["vault"]}
        info = b"cpv1" + rfc8785.dumps(bound)
        if slot["type"] == "passphrase" and passphrase is not None:
            derive = Argon2id(
                salt=salt, length=32, iterations=params["t"], lanes=params["p"], memory_cost=params["m"]
            ).derive
            slot_key = derive(unicodedata.normalize("NFKC", passphrase).encode())
        elif slot["type"] == "recovery" and recovery_key is not None:
            slot_key = hkdf(recovery_secret(recovery_key), salt, b"recovery")
        elif slot["type"] != "escrow" or escrow_key is None:
            continue
        try:
            if slot["type"] == "escrow" and escrow_key is not None:
                key = hpke_opened(box, escrow_key, info)
            else:
                key = AESGCM(slot_key).decrypt(box[:12], box[12:], info)
        except InvalidTag:
            continue
        assert mac == hmac.digest(hkdf(key, None, b"hdr-mac"), rfc8785.dumps(whole), "sha256")
        return key
    raise AssertionError("no slot opens")


def header_of(vector: dict[str, Any]) -> Path:
    return FOLDER / f"{vector.get('header', vector['name'])}.keys"


def private_key(vector: dict[str, Any]) -> escrow.PrivateKey:
    return escrow.PrivateKey("Example Council", bytes.fromhex(vector["escrow_key"]))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_each_vector_opens_or_fails_in_the_way_that_is_written_beside_it(vector, tmp_path):
    shutil.copy(header_of(vector), tmp_path / "vault.keys")

    def unlocked() -> bytes:
        if "recovery_key" in vector:
            return keys.unlock_with_recovery(tmp_path, vector["recovery_key"])
        if "escrow_key" in vector:
            return keys.unlock_with_escrow(tmp_path, private_key(vector))
        return keys.unlock(tmp_path, vector["passphrase"])

    if vector["expect"] == "opens":
        assert unlocked().hex() == vector["key"]
    else:
        with pytest.raises(OUTCOMES[vector["expect"]]):
            unlocked()


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector["expect"] == "opens" and "typed" not in vector["name"]],
    ids=lambda vector: vector["name"],
)
def test_a_reader_written_from_the_page_alone_opens_the_good_vectors(vector):
    private = bytes.fromhex(vector.get("escrow_key", "")) or None
    content = header_of(vector).read_bytes()
    key = read_by_the_page(content, vector.get("passphrase"), vector.get("recovery_key"), private)
    assert key.hex() == vector["key"]


def test_a_reader_written_from_the_page_alone_opens_a_new_store(tmp_path):
    passphrase = "what the page says is enough"
    made = keys.create(tmp_path, passphrase)
    content = (tmp_path / "vault.keys").read_bytes()
    assert read_by_the_page(content, passphrase, None) == made.key
    assert made.recovery_key is not None
    assert read_by_the_page(content, None, made.recovery_key) == made.key


def test_every_vector_file_has_its_row():
    assert {header_of(vector).name for vector in VECTORS} == {path.name for path in FOLDER.glob("*.keys")}
