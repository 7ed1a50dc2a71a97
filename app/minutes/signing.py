"""Seals and signs drawn minutes, and calls them signed only after two independent readers agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pikepdf import PdfError
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError as HankoError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.minutes import cms, finishing
from app.minutes import seal as seals
from app.minutes.identity import Identity
from app.minutes.pages import READER, PageUnreadable, comparable_text
from app.minutes.verification import Code, verify

_RESERVED = 8192  # hexadecimal digits; the longest certificate with names of 64 characters needs about 4,500


class NotSigned(Exception):
    """The minutes were not signed; the reason is one sentence for the person who tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """Signed minutes, with the seal inside them and the SHA-256 of the file in hexadecimal."""

    pdf: bytes
    seal: seals.Seal
    sha256: str


def seal_pdf(pdf: bytes, identity: Identity, at: datetime, seal: Mapping[str, object]) -> SignedPdf:
    """Return ``pdf``, which ``draw`` made with a record attached, sealed and certified so that no change is allowed.

    ``at`` is the signing time that will be claimed; ``seal`` holds what ``seal.made`` is given. Raises NotSigned, with
    the reason, unless the result passes every check that ``verify`` and pyHanko make; SealUnreadable if ``seal`` lacks
    something.
    """
    moment = at.astimezone(UTC).replace(microsecond=0)
    try:
        record = finishing.attached(pdf, seals.RECORD)
        text = comparable_text(pdf)
    except (PdfError, PageUnreadable) as broken:
        raise NotSigned(
            "The minutes could not be read back, so they were not signed; please draw them again."
        ) from broken
    if record is None:
        raise NotSigned("The minutes carry no record to seal, so they were not signed; please draw them again.")
    if finishing.attached(pdf, seals.SEAL) is not None:
        raise NotSigned("These minutes are signed already; make a new version to sign again.")
    made = seals.made(seal, record=record, text=text, reader=READER, at=moment, signer=identity.fingerprint)
    unsigned = finishing.sealable(pdf, made.to_json())
    try:
        signed = _certified(unsigned, identity, moment)
    except (SigningError, HankoError, ValueError, TypeError) as broken:
        raise NotSigned("The signature could not be written, so the minutes stay unsigned.") from broken
    _check(signed, unsigned, identity, moment)
    return SignedPdf(signed, made, sha256(signed).hexdigest())


def _certified(unsigned: bytes, identity: Identity, at: datetime) -> bytes:
    """Return ``unsigned`` followed by one update that holds the signature."""
    update = _update_of(unsigned)
    steps = PdfCMSEmbedder().write_cms(field_name=seals.FIELD, writer=update, existing_fields_only=True)
    next(steps)
    place = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=_RESERVED)
    allowed = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=place, mdp_setup=allowed))
    out = BytesIO()
    prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", output=out))
    steps.send(cms.signed(prepared.document_digest, identity.certificate, identity.sign))
    return out.getvalue()


def _update_of(unsigned: bytes) -> Any:
    """Return a writer of updates that adds no metadata, reads no clock and draws no identifier."""
    kind = type(
        "Update", (IncrementalPdfFileWriter,), {"_update_meta": _nothing, "_handle_id": classmethod(_identifier)}
    )
    return kind(BytesIO(unsigned))


def _nothing(_writer: Any) -> None:
    """Leave the metadata as the finishing pass wrote it."""


def _identifier(_kind: type, before: Any) -> ArrayObject:
    """Return the file's identifier: the first half kept, the second made from the bytes that get signed."""
    first = before.trailer["/ID"][0]
    before.stream.seek(0)
    return ArrayObject([first, ByteStringObject(sha256(before.stream.read()).digest()[:16])])


def _check(signed: bytes, unsigned: bytes, identity: Identity, at: datetime) -> None:
    """Raise NotSigned unless our own reading and pyHanko's agree that ``signed`` is whole, certified and ours."""
    verdict = verify(signed, [identity.authority_pem()])
    if verdict.code is not Code.TRUSTED or not signed.startswith(unsigned):
        failed = ", ".join(check.name for check in verdict.checks if not check.ok)
        raise NotSigned(f"The signature did not pass our own check ({failed}), so the minutes stay unsigned.")
    try:
        status = _second_opinion(signed, identity, at)
    except (SignatureValidationError, HankoError, ValueError) as broken:
        raise NotSigned("A second reader could not check the signature, so the minutes stay unsigned.") from broken
    if not (status.bottom_line and status.docmdp_ok and status.coverage is SignatureCoverageLevel.ENTIRE_FILE):
        raise NotSigned("A second reader did not accept the signature, so the minutes stay unsigned.")


def _second_opinion(signed: bytes, identity: Identity, at: datetime) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(identity.authority)], allow_fetching=False, moment=at, best_signature_time=at
    )
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    return validate_pdf_signature(
        signature,
        signer_validation_context=context,
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}),
    )
