"""Says whether signed minutes are as they were signed, and by whom. It needs no store, no screen and no network."""

from collections.abc import Sequence
from ctypes import c_int, create_string_buffer
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from hashlib import sha256

import pypdfium2.raw as pdfium
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import NameOID
from pypdfium2 import PdfDocument

from app.minutes import seal as seals
from app.minutes import strict
from app.minutes.identity import fingerprint
from app.minutes.pages import READER, PageUnreadable, comparable_text, opened


class Code(IntEnum):
    """What came out, as the command line's exit status."""

    TRUSTED = 0
    UNREADABLE = 1
    CHANGED = 10
    UNKNOWN_SIGNER = 11
    SEAL_DIFFERS = 12
    NOT_SIGNED = 13


SENTENCES = {
    Code.TRUSTED: "These minutes are unchanged since they were signed, and the signer is one you trust.",
    Code.UNREADABLE: "This file cannot be read as a PDF, so nothing can be said about it.",
    Code.CHANGED: "This file was changed or damaged after it was signed; ask the sender for the signed minutes again.",
    Code.UNKNOWN_SIGNER: (
        "These minutes are unchanged since they were signed, but nobody you trust vouches for the signer; "
        "compare the fingerprint with the sender by telephone."
    ),
    Code.SEAL_DIFFERS: "The signature is whole, but the seal does not match the text or the record; do not rely on it.",
    Code.NOT_SIGNED: "The signature to expect on signed minutes is missing, so nothing shows who made this file.",
}


class AuthorityUnreadable(ValueError):
    """What was given as a trusted authority is not one or more certificates in PEM form."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, whether it was as it should be, and what was found."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one file; what is not known is empty or None.

    ``claimed_at`` is what the signing laptop's clock said; nobody else has confirmed it.
    """

    code: Code
    signer: str = ""
    signer_fingerprint: str = ""
    claimed_at: datetime | None = None
    reference: str = ""
    version: int | None = None
    checks: tuple[Check, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the one sentence for a reader."""
        return SENTENCES[self.code]


def verify(pdf: bytes, trust: Sequence[bytes] = ()) -> Verdict:
    """Return what can be said about ``pdf``, trusting signers that the authorities in ``trust`` (PEM) vouch for.

    No bytes make it fail; raises AuthorityUnreadable if ``trust`` holds something else than certificates.
    """
    authorities = [certificate for pem in trust for certificate in _authorities(pem)]
    state = _State.of(pdf)
    if not state.sealed:
        return Verdict(
            Code.NOT_SIGNED if state.readable else Code.UNREADABLE,
            checks=(Check("seal", False, "the file holds no seal of this program"),),
        )
    if state.readable and not state.signed and pdf.rstrip().endswith(b"%%EOF"):
        return Verdict(Code.NOT_SIGNED, checks=(Check("signature", False, "the seal is there, its signature is not"),))
    try:
        signature = strict.read(pdf)
    except strict.Altered as altered:
        return Verdict(Code.CHANGED, checks=(Check("signature", False, str(altered)),))
    return _weighed(pdf, signature, authorities)


def sealed_parts(pdf: bytes) -> tuple[seals.Seal, bytes]:
    """Return the seal and the record inside minutes that ``verify`` found unchanged.

    Raises SealUnreadable or PageUnreadable for any other file.
    """
    with opened(pdf) as document:
        attached = _attachments(document, {seals.SEAL, seals.RECORD})
    return seals.read(attached.get(seals.SEAL, b"")), attached.get(seals.RECORD, b"")


@dataclass(frozen=True, slots=True)
class _State:
    """What a file looks like from outside, before any of it is believed."""

    readable: bool
    sealed: bool
    signed: bool

    @classmethod
    def of(cls, pdf: bytes) -> "_State":
        sealed, signed = strict.looks_sealed(pdf), strict.looks_signed(pdf)
        try:
            with opened(pdf) as document:
                sealed = sealed or seals.SEAL in _attachments(document, {seals.SEAL})
                signed = signed or any(contents for contents, _, _ in _signatures(document))
                return cls(len(document) > 0, sealed, signed)
        except PageUnreadable:
            return cls(False, sealed, signed)


def _weighed(pdf: bytes, signature: strict.Signature, authorities: Sequence[x509.Certificate]) -> Verdict:
    """Return the verdict on a file whose bytes are as they were signed."""
    checks = [Check("signature", True, "every byte of the file is as it was signed")]
    names = x509.load_der_x509_certificate(signature.certificate).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    signer = str(names[0].value) if names else ""
    mark = fingerprint(signature.certificate)
    try:
        with opened(pdf) as document:
            in_place = _signatures(document) == [
                (signature.contents, [0, signature.first, signature.second, signature.length], 1)
            ]
            attached = _attachments(document, {seals.SEAL, seals.RECORD})
        seal = seals.read(attached.get(seals.SEAL, b""))
        text = comparable_text(pdf)
    except (PageUnreadable, seals.SealUnreadable) as broken:
        return Verdict(Code.SEAL_DIFFERS, signer, mark, checks=(*checks, Check("seal", False, str(broken))))
    checks += [
        Check("certification", in_place, "one signature, which certifies the file and allows no change"),
        _text_check(text, seal),
        Check("record", _digest(attached.get(seals.RECORD)) == seal.record_sha256, "the record against the seal"),
        Check("seal's signer", seal.signer == mark, "the signer named in the seal against the certificate"),
    ]
    known = Verdict(Code.TRUSTED, signer, mark, seal.moment, seal.reference, seal.version)
    if not all(check.ok for check in checks):
        return _with(known, Code.SEAL_DIFFERS, checks)
    trusted = any(_vouches(authority, signature.certificate, seal.moment) for authority in authorities)
    checks.append(Check("signer", trusted, "a trusted authority vouches for the signer at the time claimed"))
    return _with(known, Code.TRUSTED if trusted else Code.UNKNOWN_SIGNER, checks)


def _text_check(text: str, seal: seals.Seal) -> Check:
    """Return the second look at the text; the signature has already shown that no byte of it has changed."""
    same = seals.digest_of(text) == seal.text_sha256
    if not same and seal.text_reader != READER:
        return Check(
            "text", True, "not compared: the text was read by another version of the reader when it was sealed"
        )
    return Check("text", same, "the text of all pages against the seal")


def _with(known: Verdict, code: Code, checks: Sequence[Check]) -> Verdict:
    return Verdict(
        code,
        known.signer,
        known.signer_fingerprint,
        known.claimed_at,
        known.reference,
        known.version,
        tuple(checks),
    )


def _digest(content: bytes | None) -> str:
    return sha256(content).hexdigest() if content is not None else ""


def _authorities(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except (ValueError, x509.InvalidVersion) as broken:
        raise AuthorityUnreadable(
            "What was given as a trusted authority is not a certificate in PEM form: ask the sender for it again."
        ) from broken


def _vouches(authority: x509.Certificate, certificate: bytes, moment: datetime) -> bool:
    """Return whether ``authority`` issued the signer's ``certificate`` and both were valid at ``moment``."""
    signer = x509.load_der_x509_certificate(certificate)
    try:
        signer.verify_directly_issued_by(authority)
        may_issue = authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        may_issue &= authority.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
        may_sign = signer.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
    except (
        ValueError,
        TypeError,
        InvalidSignature,
        UnsupportedAlgorithm,
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
    ):
        return False
    in_time = all(c.not_valid_before_utc <= moment <= c.not_valid_after_utc for c in (authority, signer))
    return may_issue and may_sign and in_time


def _attachments(document: PdfDocument, wanted: set[str]) -> dict[str, bytes]:
    """Return the first attachment of each wanted name; one that cannot be read counts as empty."""
    found: dict[str, bytes] = {}
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        name = attachment.get_name()
        if name in wanted and name not in found:
            found[name] = bytes(attachment.get_data())
    return found


def _signatures(document: PdfDocument) -> list[tuple[bytes, list[int], int]]:
    """Return what the second reader finds of signatures: contents, byte range, and DocMDP permission (0 if none)."""
    found = []
    for index in range(max(0, pdfium.FPDF_GetSignatureCount(document))):
        signature = pdfium.FPDF_GetSignatureObject(document, index)
        contents = create_string_buffer(max(1, pdfium.FPDFSignatureObj_GetContents(signature, None, 0)))
        length = pdfium.FPDFSignatureObj_GetContents(signature, contents, len(contents))
        ranges = (c_int * max(1, pdfium.FPDFSignatureObj_GetByteRange(signature, None, 0)))()
        count = pdfium.FPDFSignatureObj_GetByteRange(signature, ranges, len(ranges))
        permission = pdfium.FPDFSignatureObj_GetDocMDPPermission(signature)
        found.append((contents.raw[:length], list(ranges)[:count], permission))
    return found
