"""What anybody can check of a signed PDF, without a store."""

from collections.abc import Sequence
from typing import Any

from app.minutes import receipt
from app.minutes.pages import comparable_text
from app.minutes.verification import AuthorityUnreadable, Code, Verdict, sealed_parts
from app.minutes.verification import verify as verdict_on

# minutes of a thousand pages are a tenth of this
LARGEST = 256 * 1024 * 1024
UntrustedFile = AuthorityUnreadable
LARGEST_RECEIPT = receipt.LARGEST
NotAReceipt = receipt.ReceiptUnreadable
NOT_COMPARED = "The receipt was not compared, because nothing can be relied on in this file."


def verify(pdf: bytes, trust: Sequence[bytes] = ()) -> Verdict:
    """Return what can be said of a PDF, given the authorities that are trusted (PEM); raises ``UntrustedFile``."""
    return verdict_on(pdf, trust)


def hold_against(content: bytes, pdf: bytes, verdict: Verdict) -> receipt.Comparison | None:
    """Return what the receipt in ``content`` proves of a PDF with this verdict; None where the PDF proves nothing.

    Raises ``NotAReceipt``.
    """
    given = receipt.read(content)
    if verdict.code not in (Code.TRUSTED, Code.UNKNOWN_SIGNER):
        return None
    return receipt.compare(given, *sealed_parts(pdf), comparable_text(pdf))


def with_receipt(verdict: Verdict, comparison: receipt.Comparison | None) -> Code:
    """Return what came out of both: minutes without the dissent of a receipt are not what was sealed or agreed."""
    return verdict.code if comparison is None or comparison.there else Code.SEAL_DIFFERS


def comparison_words(comparison: receipt.Comparison | None) -> dict[str, Any]:
    """Return what came of holding a receipt against minutes as plain values, for a report."""
    if comparison is None:
        return {"found": None, "sentence": NOT_COMPARED, "proved": [], "not_proved": []}
    return {
        "found": comparison.found.value,
        "sentence": comparison.sentence,
        "proved": list(comparison.proved),
        "not_proved": list(comparison.not_proved),
    }


def verdict_words(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain values, for a report."""
    return {
        "code": int(verdict.code),
        "sentence": verdict.sentence,
        "signer": verdict.signer,
        "fingerprint": verdict.signer_fingerprint,
        "claimed_at": verdict.claimed_at.isoformat() if verdict.claimed_at else None,
        "reference": verdict.reference,
        "version": verdict.version,
        "checks": [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in verdict.checks],
    }
