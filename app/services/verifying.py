"""What anybody can check of a signed PDF, without a store."""

from collections.abc import Sequence
from typing import Any

from app.minutes.verification import AuthorityUnreadable, Verdict
from app.minutes.verification import verify as verdict_on

# minutes of a thousand pages are a tenth of this
LARGEST = 256 * 1024 * 1024
UntrustedFile = AuthorityUnreadable


def verify(pdf: bytes, trust: Sequence[bytes] = ()) -> Verdict:
    """Return what can be said of a PDF, given the authorities that are trusted (PEM); raises ``UntrustedFile``."""
    return verdict_on(pdf, trust)


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
