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
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.vault import keys
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


def read_by_the_page(content: bytes, passphrase: str | None, recovery_key: str | None) -> bytes:
    """Give the data key, as the page says; whatever is wrong is an AssertionError."""
    whole = json.loads(content)
    assert rfc8785.dumps(whole) == content
    checksum = whole.pop("checksum")
    assert checksum == hashlib.sha256(rfc8785.dumps(whole)).hexdigest()
    mac = base64.b64decode(whole.pop("mac"))
    for slot in whole["slots"]:
        params, box = slot["params"], base64.b64decode(slot["box"])
        salt = base64.b64decode(params.get("salt", ""))
        if slot["type"] == "passphrase" and passphrase is not None:
            derive = Argon2id(
                salt=salt, length=32, iterations=params["t"], lanes=params["p"], memory_cost=params["m"]
            ).derive
            slot_key = derive(unicodedata.normalize("NFKC", passphrase).encode())
        elif slot["type"] == "recovery" and recovery_key is not None:
            slot_key = hkdf(recovery_secret(recovery_key), salt, b"recovery")
        else:
            continue
        bound = {"params": params, "slot": slot["id"], "type": slot["type"], "vault": whole["vault"]}
        try:
            key = AESGCM(slot_key).decrypt(box[:12], box[12:], b"cpv1" + rfc8785.dumps(bound))
        except InvalidTag:
            continue
        assert mac == hmac.digest(hkdf(key, None, b"hdr-mac"), rfc8785.dumps(whole), "sha256")
        return key
    raise AssertionError("no slot opens")


def header_of(vector: dict[str, Any]) -> Path:
    return FOLDER / f"{vector.get('header', vector['name'])}.keys"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_each_vector_opens_or_fails_in_the_way_that_is_written_beside_it(vector, tmp_path):
    shutil.copy(header_of(vector), tmp_path / "vault.keys")

    def unlocked() -> bytes:
        if "recovery_key" in vector:
            return keys.unlock_with_recovery(tmp_path, vector["recovery_key"])
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
    key = read_by_the_page(header_of(vector).read_bytes(), vector.get("passphrase"), vector.get("recovery_key"))
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
