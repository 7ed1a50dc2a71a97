"""Receipts: what a person whose dissent or reservation was recorded takes home, and can show later."""

from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import or_, select

from app.models.audit import AuditEntry
from app.models.base import Refused, sha256
from app.models.dissent import Dissent
from app.models.meeting import Meeting
from app.models.minutes import Minutes
from app.services.meetings import load
from app.services.opening import signer
from app.services.sealing import require_shareable, sealed_versions
from app.services.sitting import Sitting
from app.store.trail import changes_of

if TYPE_CHECKING:
    from app.minutes.receipt import Entry, Sealed

GIVEN = "dissent.receipt-given"
# the acts by which a dissent comes to be, gets its agreed words, or is taken back and done again
_KINDS = ("dissent.recorded", "dissent.read-back", "act.undone", "act.redone")


def dissents_of(meeting: Meeting) -> list[Dissent]:
    """Return the dissents and reservations of a meeting that is loaded, in the order in which they were raised."""
    return sorted(meeting.dissents, key=lambda dissent: (dissent.raised_at, dissent.id))


def of_dissent(sitting: Sitting, meeting_id: UUID, dissent_id: UUID) -> bytes:
    """Return the receipt for a dissent or reservation, as a file to give out as ``GIVEN``.

    It holds that one dissent and nothing else that was said. Raises ``Refused`` where the meeting has no such dissent,
    or never leaves the authority.
    """
    from app.minutes.identity import Identity
    from app.minutes.receipt import Mark, Receipt

    meeting = load(sitting, meeting_id)
    require_shareable(sitting, meeting)
    dissent = next((one for one in meeting.dissents if one.id == dissent_id), None)
    if dissent is None:
        raise Refused("meeting.unknown-entry")
    end = sitting.store.end
    sealed = sealed_versions(sitting, meeting_id)
    receipt = Receipt(
        issued_at=sitting.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        meeting=str(meeting.id),
        reference=meeting.reference,
        dissent=str(dissent.id),
        kind=dissent.kind.value,
        by=dissent.dissenter.name,
        words=dissent.words,
        entries=_entries(sitting, meeting_id, dissent_id),
        end=Mark(end.seq, end.digest.hex()),
        sealed=_paragraph(sealed[-1], dissent_id) if sealed else None,
    )
    person = signer(sitting)
    if person is not None:
        identity = Identity(person.authority, person.authority_key, person.certificate, person.key)
        receipt = receipt.signed(identity.certificate, identity.sign)
    return receipt.to_json()


def is_of_this_store(sitting: Sitting, content: bytes) -> bool:
    """Return whether the trail of this store holds what the receipt in ``content`` says, at the same numbers.

    Raises ``verifying.NotAReceipt``.
    """
    from app.minutes.receipt import read

    receipt = read(content)
    marks = [(entry.sequence, entry.digest) for entry in receipt.entries]
    marks.append((receipt.end.sequence, receipt.end.head))
    with sitting.store.read() as session:
        found = [session.get(AuditEntry, sequence) for sequence, _ in marks]
    return [entry.digest.hex() if entry else "" for entry in found] == [digest for _, digest in marks]


def _entries(sitting: Sitting, meeting_id: UUID, dissent_id: UUID) -> tuple["Entry", ...]:
    """Return the entries of the trail about a dissent, opened where they hold nothing about anything else."""
    from app.minutes.receipt import Entry

    # once, an entry about reading back did not say of which meeting it is
    here = or_(AuditEntry.meeting_id == meeting_id, AuditEntry.meeting_id.is_(None))
    ours = select(AuditEntry).where(AuditEntry.kind.in_(_KINDS), here).order_by(AuditEntry.seq)
    found: list[Entry] = []
    with sitting.store.read() as session:
        for entry in session.scalars(ours):
            rows = {change["id"] for change in changes_of(entry.payload)}
            if dissent_id.hex not in rows:
                continue
            before = session.get_one(AuditEntry, entry.seq - 1).digest.hex()
            # an entry that holds anything else is not opened: its digest must do
            salt, payload = (entry.salt, entry.payload) if rows == {dissent_id.hex} else (None, None)
            found.append(Entry(entry.seq, before, entry.head, (salt or b"").hex(), (payload or b"").decode()))
    return tuple(found)


def _paragraph(minutes: Minutes, dissent_id: UUID) -> "Sealed | None":
    """Return the dissent as a paragraph of sealed minutes; None for minutes sealed before paragraphs had a tree."""
    from app.minutes.finishing import attached
    from app.minutes.receipt import PART, Sealed
    from app.minutes.seal import SEAL
    from app.minutes.tree import Tree

    tree = Tree.from_bytes(minutes.tree) if minutes.tree else None
    place = tree.find(f"{PART}/{dissent_id}") if tree else None
    if tree is None or place is None:
        return None
    seal = attached(minutes.pdf, SEAL) or b""
    return Sealed(minutes.version, sha256(seal), tree.root(), tree.leaves[place], tree.proof(place))
