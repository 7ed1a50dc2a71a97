"""The key header: its slots, and the one spelling it has on disk (``resources/docs/formats/vault.md``)."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.vault import passphrase
from app.vault.errors import HeaderDamaged, NewerVersion

FORMAT = "chairside-vault"
VERSION = 1
MOST_BYTES = 16 * 1024
MOST_SLOTS = 16
KEY_BYTES = 32
SALT_BYTES = 16

PASSPHRASE, RECOVERY, KEYRING, ESCROW = "passphrase", "recovery", "keyring", "escrow"

# An organisation's key: X-Wing (ML-KEM-768 with X25519) by HPKE.
SUITE = "hpke-mlkem768-x25519-hkdf-sha256-aes-256-gcm"
PUBLIC_KEY_BYTES = 1184 + 32
LONGEST_LABEL = 80

_NONCE_BYTES = 12
_BOX_BYTES = _NONCE_BYTES + KEY_BYTES + 16
_ESCROW_BOX_BYTES = 1088 + 32 + KEY_BYTES + 16
_MOST_BOX_BYTES = 4096
_HIGHEST_GENERATION = 2**53 - 1
_TYPE = re.compile(r"[a-z-]{1,32}")

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key, encrypted for one way of opening the store; ``params`` says how its slot key is derived."""

    id: UUID
    type: str
    params: Params
    box: bytes

    @classmethod
    def sealed(cls, vault: UUID, kind: str, params: Params, slot_key: bytes, key: bytes) -> "Slot":
        """Return a slot of a new id that opens with ``slot_key``."""
        slot_id = random_id()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = associated(vault, slot_id, kind, params)
        return cls(slot_id, kind, params, nonce + AESGCM(slot_key).encrypt(nonce, key, bound))

    def open(self, vault: UUID, slot_key: bytes) -> bytes | None:
        """Return the data key, or None where ``slot_key`` is not the one this slot was made for."""
        nonce, sealed = self.box[:_NONCE_BYTES], self.box[_NONCE_BYTES:]
        try:
            return AESGCM(slot_key).decrypt(nonce, sealed, associated(vault, self.id, self.type, self.params))
        except InvalidTag:
            return None


@dataclass(frozen=True, slots=True)
class Header:
    """All slots of a store at one generation, with the MAC that only the data key can make."""

    vault: UUID
    generation: int
    slots: tuple[Slot, ...]
    mac: bytes

    @classmethod
    def made(cls, vault: UUID, generation: int, slots: tuple[Slot, ...], key: bytes) -> "Header":
        """Return a header with its MAC."""
        return cls(vault, generation, slots, _mac(key, _body(vault, generation, slots)))

    def is_genuine(self, key: bytes) -> bool:
        """Say whether the MAC was made with this data key over just these slots."""
        return hmac.compare_digest(self.mac, _mac(key, _body(self.vault, self.generation, self.slots)))

    def of_type(self, kind: str) -> tuple[Slot, ...]:
        """Return the slots of one type."""
        return tuple(slot for slot in self.slots if slot.type == kind)

    def written(self) -> bytes:
        """Return the bytes of the file."""
        whole = _body(self.vault, self.generation, self.slots) | {"mac": as_text(self.mac)}
        return rfc8785.dumps(whole | {"checksum": _checksum(whole)})


def random_id() -> UUID:
    """Return a new random id (version 4)."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


def is_label(given: Any) -> bool:
    """Say whether this can name an organisation on a screen: a line of up to 80 signs that can all be seen."""
    return isinstance(given, str) and 0 < len(given) <= LONGEST_LABEL and given.isprintable() and given == given.strip()


def is_ours(content: bytes) -> bool:
    """Say whether the bytes are a key header of ours, sound or damaged: two marks, so that one may be hurt."""
    return FORMAT.encode() in content or b'"generation"' in content


def read(content: bytes) -> Header:
    """Return the header in the bytes of a file; raises HeaderDamaged or NewerVersion."""
    try:
        return _header(_checked(content))
    except (ValueError, KeyError, TypeError, RecursionError, rfc8785.CanonicalizationError):
        # What was wrong is kept out of the chain: it could quote the content.
        raise HeaderDamaged from None


def _checked(content: bytes) -> dict[str, Any]:
    """Return the object in a file whose spelling and checksum are right; raises NewerVersion for a later format."""
    _need(len(content) <= MOST_BYTES)
    whole = json.loads(content)
    # One value has one spelling: this also refuses doubled names, spare spaces and numbers out of range.
    _need(isinstance(whole, dict) and rfc8785.dumps(whole) == content)
    body = {name: value for name, value in whole.items() if name != "checksum"}
    _need(whole["checksum"] == _checksum(body) and whole["format"] == FORMAT and type(whole["version"]) is int)
    if whole["version"] > VERSION:
        raise NewerVersion
    return body


def _header(whole: dict[str, Any]) -> Header:
    _need(set(whole) == {"format", "generation", "mac", "slots", "vault", "version"})
    generation, slots = whole["generation"], whole["slots"]
    _need(whole["version"] == VERSION and type(generation) is int and 1 <= generation <= _HIGHEST_GENERATION)
    _need(isinstance(slots, list) and 1 <= len(slots) <= MOST_SLOTS)
    read_slots = tuple(_slot(slot) for slot in slots)
    _need(len({slot.id for slot in read_slots}) == len(read_slots))
    mac = as_bytes(whole["mac"])
    _need(len(mac) == KEY_BYTES)
    return Header(_uuid(whole["vault"]), generation, read_slots, mac)


def _slot(given: Any) -> Slot:
    _need(isinstance(given, dict) and set(given) == {"box", "id", "params", "type"})
    kind, params, box = given["type"], given["params"], as_bytes(given["box"])
    _need(isinstance(kind, str) and _TYPE.fullmatch(kind) is not None and isinstance(params, dict))
    if kind in {PASSPHRASE, RECOVERY, KEYRING}:
        _need(len(box) == _BOX_BYTES)
        _check_params(kind, params)
    if kind == ESCROW and params.get("suite") == SUITE:  # one of a suite to come is none of ours
        _need(set(params) == {"label", "public", "suite"} and len(box) == _ESCROW_BOX_BYTES)
        _need(is_label(params["label"]) and len(as_bytes(params["public"])) == PUBLIC_KEY_BYTES)
    _need(1 <= len(box) <= _MOST_BOX_BYTES)
    return Slot(_uuid(given["id"]), kind, params, box)


def _check_params(kind: str, params: dict[str, Any]) -> None:
    if kind == PASSPHRASE:
        _need(set(params) == {"kdf", "m", "p", "salt", "t", "v"} and params["kdf"] == "argon2id" and params["v"] == 19)
        costs = [params["t"], params["m"], params["p"]]
        _need(all(type(cost) is int for cost in costs))
        passphrase.Cost(*costs)
    elif kind == RECOVERY:
        _need(set(params) == {"kdf", "salt"} and params["kdf"] == "hkdf-sha256")
    else:
        _need(not params)
    _need("salt" not in params or len(as_bytes(params["salt"])) == SALT_BYTES)


def _need(true: bool) -> None:
    if not true:
        raise ValueError


def _uuid(given: Any) -> UUID:
    _need(isinstance(given, str) and str(UUID(given)) == given)
    return UUID(given)


def as_bytes(given: Any) -> bytes:
    """Return the bytes of strict base64; raises ValueError for anything else."""
    _need(isinstance(given, str))
    content = base64.b64decode(given, validate=True)
    _need(as_text(content) == given)
    return content


def as_text(content: bytes) -> str:
    """Return the base64 of the bytes."""
    return base64.b64encode(content).decode("ascii")


def _body(vault: UUID, generation: int, slots: tuple[Slot, ...]) -> dict[str, Any]:
    listed = [
        {"box": as_text(slot.box), "id": str(slot.id), "params": dict(slot.params), "type": slot.type} for slot in slots
    ]
    return {"format": FORMAT, "generation": generation, "slots": listed, "vault": str(vault), "version": VERSION}


def associated(vault: UUID, slot: UUID, kind: str, params: Params) -> bytes:
    """Return what a box is bound to, so that it opens in this slot of this store alone."""
    bound: dict[str, Any] = {"params": dict(params), "slot": str(slot), "type": kind, "vault": str(vault)}
    return b"cpv1" + rfc8785.dumps(bound)


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


def _mac(key: bytes, body: dict[str, Any]) -> bytes:
    mac_key = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"hdr-mac").derive(key)
    return hmac.digest(mac_key, rfc8785.dumps(body), "sha256")
