"""The organisation's key: a pair whose public half is imported here and whose private half lies in its safe.

Format and suite: ``resources/docs/formats/vault.md``, sections 4.4 and 8.
"""

import base64
import binascii
import hashlib
import json
import secrets
import textwrap
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.vault import header
from app.vault import passphrase as phrases
from app.vault.errors import NotAnEscrowKey, WrongSecret
from app.vault.header import Slot, as_bytes, as_text
from app.vault.passphrase import Cost

LARGEST_FILE = 16 * 1024

_PUBLIC, _PRIVATE = "CHAIRSIDE ESCROW PUBLIC KEY", "CHAIRSIDE ESCROW PRIVATE KEY"
_VERSION = 1
_MLKEM_PUBLIC, _MLKEM_SEED, _X25519 = 1184, 64, 32
_NONCE_BYTES = 12
_BOX_BYTES = _NONCE_BYTES + _MLKEM_SEED + _X25519 + 16
_FINGERPRINT_SIGNS, _GROUP = 24, 4

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_DEFAULT_COST = Cost()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An organisation's public key; ``raw`` is that of ML-KEM-768, then that of X25519. Raises NotAnEscrowKey."""

    label: str
    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not header.is_label(self.label):
            raise NotAnEscrowKey(f"The name of the organisation is one line of at most {header.LONGEST_LABEL} letters.")
        self.whole()

    def whole(self) -> hpke.MLKEM768X25519PublicKey:
        """Return the key that seals."""
        try:
            one = MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC])
            other = X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC:])
        except ValueError:
            raise NotAnEscrowKey from None
        return hpke.MLKEM768X25519PublicKey(one, other)

    @property
    def fingerprint(self) -> str:
        """What tells this key from any other, short enough to be read out: six groups of four hex digits."""
        digits = hashlib.sha256(b"escrow-fingerprint" + self.raw).hexdigest()[:_FINGERPRINT_SIGNS]
        return " ".join(textwrap.wrap(digits, _GROUP))

    def written(self) -> bytes:
        """Return the file that the organisation hands out."""
        return _armoured(_PUBLIC, {"label": self.label, "public": as_text(self.raw)})


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An organisation's key pair; ``raw`` is the seed of ML-KEM-768, then the private key of X25519."""

    label: str
    raw: bytes = field(repr=False)

    @classmethod
    def made(cls, label: str) -> "PrivateKey":
        """Return a new pair; raises NotAnEscrowKey for a label that cannot be shown."""
        pair = cls(label, secrets.token_bytes(_MLKEM_SEED + _X25519))
        pair.public()
        return pair

    def public(self) -> PublicKey:
        """Return the half to be handed out."""
        one, other = self._halves()
        return PublicKey(self.label, one.public_key().public_bytes_raw() + other.public_key().public_bytes_raw())

    def written(self, passphrase: str, cost: Cost = _DEFAULT_COST) -> bytes:
        """Return the file for the safe, encrypted with a passphrase; raises PassphraseTooWeak or NotEnoughMemory."""
        phrases.check_strength(passphrase)
        salt, nonce = secrets.token_bytes(header.SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
        costs: dict[str, Any] = {"m": cost.memory, "p": cost.lanes, "t": cost.passes}
        body = {"kdf": "argon2id", "label": self.label, "salt": as_text(salt), "v": 19, **costs}
        sealed = AESGCM(phrases.slot_key(passphrase, salt, cost)).encrypt(nonce, self.raw, _bound(body))
        return _armoured(_PRIVATE, {**body, "box": as_text(nonce + sealed)})

    def open(self, vault: UUID, slot: Slot) -> bytes | None:
        """Return the data key in an escrow slot, or None where it was not made for this pair."""
        try:
            return _SUITE.decrypt(slot.box, hpke.MLKEM768X25519PrivateKey(*self._halves()), _info(vault, slot))
        except InvalidTag:
            return None

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        one, other = self.raw[:_MLKEM_SEED], self.raw[_MLKEM_SEED:]
        return MLKEM768PrivateKey.from_seed_bytes(one), X25519PrivateKey.from_private_bytes(other)


def sealed(vault: UUID, public: PublicKey, key: bytes) -> Slot:
    """Return a slot with the data key that only the holder of the private half can open."""
    params = {"label": public.label, "public": as_text(public.raw), "suite": header.SUITE}
    empty = Slot(header.random_id(), header.ESCROW, params, b"")
    return Slot(empty.id, empty.type, params, _SUITE.encrypt(key, public.whole(), _info(vault, empty)))


def is_escrow(slot: Slot) -> bool:
    """Say whether a slot is an organisation's, of the suite of this version."""
    return slot.type == header.ESCROW and slot.params.get("suite") == header.SUITE


def public_key(slot: Slot) -> PublicKey:
    """Return whom a slot of a known suite lets in."""
    return PublicKey(str(slot.params["label"]), as_bytes(slot.params["public"]))


def read_public(content: bytes) -> PublicKey:
    """Return the key in a file that an organisation handed out; raises NotAnEscrowKey."""
    try:
        body = _body(_PUBLIC, content)
        if set(body) != {"label", "public", "suite", "version"}:
            raise NotAnEscrowKey
        return PublicKey(body["label"], as_bytes(body["public"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotAnEscrowKey from None


def read_private(content: bytes, passphrase: str) -> PrivateKey:
    """Return the pair in a file from the safe; raises NotAnEscrowKey, NotEnoughMemory, or WrongSecret."""
    wrong = NotAnEscrowKey("This file does not hold an organisation's private key: check that it is the right one.")
    try:
        body = _body(_PRIVATE, content)
        box, salt = as_bytes(body.pop("box")), as_bytes(body["salt"])
        names = {"kdf", "label", "m", "p", "salt", "suite", "t", "v", "version"}
        costs = [body["t"], body["m"], body["p"]]
        if set(body) != names or (body["kdf"], body["v"]) != ("argon2id", 19) or not header.is_label(body["label"]):
            raise wrong
        if any(type(cost) is not int for cost in costs) or (len(box), len(salt)) != (_BOX_BYTES, header.SALT_BYTES):
            raise wrong
        cost = Cost(*costs)
    except (NotAnEscrowKey, ValueError, KeyError, TypeError, RecursionError):
        raise wrong from None
    del body["suite"], body["version"]
    try:
        slot_key = phrases.slot_key(passphrase, salt, cost)
        raw = AESGCM(slot_key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _bound(body))
    except InvalidTag:
        raise WrongSecret("That passphrase does not open the organisation's private key: type it again.") from None
    return PrivateKey(body["label"], raw)


def _info(vault: UUID, slot: Slot) -> bytes:
    return header.associated(vault, slot.id, slot.type, slot.params)


def _bound(body: dict[str, Any]) -> bytes:
    return b"cpe1" + rfc8785.dumps({**body, "suite": header.SUITE, "version": _VERSION})


def _armoured(title: str, body: dict[str, Any]) -> bytes:
    whole = {**body, "suite": header.SUITE, "version": _VERSION}
    content = rfc8785.dumps({**whole, "checksum": hashlib.sha256(rfc8785.dumps(whole)).hexdigest()})
    lines = textwrap.wrap(base64.b64encode(content).decode("ascii"), 64)
    return "\n".join([f"-----BEGIN {title}-----", *lines, f"-----END {title}-----", ""]).encode("ascii")


def _body(title: str, content: bytes) -> dict[str, Any]:
    """Return what stands between the lines of a key file; raises NotAnEscrowKey or ValueError."""
    if len(content) > LARGEST_FILE:
        raise NotAnEscrowKey
    lines = [line.strip() for line in content.decode("ascii").split("\n")]
    first, last = lines.index(f"-----BEGIN {title}-----"), lines.index(f"-----END {title}-----")
    try:
        whole = json.loads(base64.b64decode("".join(lines[first + 1 : last]), validate=True))
    except binascii.Error:
        raise NotAnEscrowKey from None
    if not isinstance(whole, dict):
        raise NotAnEscrowKey
    checksum = whole.pop("checksum")
    if checksum != hashlib.sha256(rfc8785.dumps(whole)).hexdigest() or whole["version"] != _VERSION:
        raise NotAnEscrowKey
    if whole["suite"] != header.SUITE:
        raise NotAnEscrowKey("This key is of a kind that this version of Chairside does not know: update Chairside.")
    return whole
