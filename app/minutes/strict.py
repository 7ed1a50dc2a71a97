"""Finds the chair's signature in a file, and accepts it only in the exact form in which this program writes it.

All bytes of the file but one gap are covered by the signature, and the gap holds exactly the signature: so no byte can
differ without being noticed. Nothing here trusts what the file says about itself before it is checked.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.minutes import cms
from app.minutes.seal import FIELD, SEAL, SEALED_KEY

_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,12}) (\d{1,12}) (\d{1,12})\] *")
_SIGNATURE_TRACES = (b"/ByteRange", b"/ETSI.CAdES.detached")
_SEALED_TRACES = tuple(name.encode() for name in (SEALED_KEY, FIELD, SEAL))


class Altered(Exception):
    """The file is not, byte for byte, as it was signed; the message says what does not fit."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that covers the whole file: its two ranges, its bytes as in the file, and the signer (DER)."""

    first: int
    second: int
    length: int
    contents: bytes
    certificate: bytes


def looks_sealed(pdf: bytes) -> bool:
    """Return whether the file bears traces of minutes sealed by this program."""
    return any(trace in pdf for trace in _SEALED_TRACES)


def looks_signed(pdf: bytes) -> bool:
    """Return whether the file bears traces of a signature."""
    return any(trace in pdf for trace in _SIGNATURE_TRACES)


def read(pdf: bytes) -> Signature:
    """Return the signature of ``pdf``, checked; raises Altered if any byte is not as it was signed."""
    found = list(_RANGE.finditer(pdf))
    if not found:
        raise Altered("the signature's place in the file cannot be found")
    first, second, length = (int(number) for number in found[-1].groups())
    if not first < second <= len(pdf) or second + length != len(pdf):
        raise Altered("the signature does not cover the whole file")
    digits = pdf[first + 1 : second - 1]
    if pdf[first : first + 1] != b"<" or pdf[second - 1 : second] != b">" or re.search(rb"[^0-9A-F]", digits):
        raise Altered("the signature is not written as it was")
    contents = _bytes(digits)
    digest = sha256(pdf[:first] + pdf[second:]).digest()
    try:
        certificate, signature = cms.parts(contents, digest)
    except cms.NotOurForm as other:
        raise Altered("the text or the signature is not as it was signed") from other
    _check(cms.to_be_signed(digest, certificate), certificate, signature)
    return Signature(first, second, length, contents, certificate)


def _bytes(digits: bytes) -> bytes:
    if len(digits) % 2:
        raise Altered("the signature is cut short")
    return bytes.fromhex(digits.decode("ascii"))


def _check(content: bytes, certificate: bytes, signature: bytes) -> None:
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as broken:
        raise Altered("the signer's certificate is damaged") from broken
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Altered("the signer's key is not of the kind this program uses")
    try:
        key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as wrong:
        raise Altered("the text or the signature is not as it was signed") from wrong
