"""The minutes: drawn from the record, signed, sealed, and handed out exactly as signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.minutes.document import Document
from app.models.base import Refused, sha256
from app.models.meeting import Meeting, State
from app.models.minutes import Minutes, Signer
from app.practice.chairing import kept_unsigned
from app.services import noting
from app.services.meetings import WHOLE, load
from app.services.opening import introduce, signer
from app.services.retaining import marking, marking_words
from app.services.sitting import Sitting


def sealed_versions(sitting: Sitting, meeting_id: UUID) -> Sequence[Minutes]:
    """Return the sealed minutes of a meeting, the first version first."""
    with sitting.store.read() as session:
        return session.scalars(select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.version)).all()


def minutes(sitting: Sitting, meeting_id: UUID) -> bytes:
    """Return the minutes as a PDF: exactly as signed where they are sealed, a draft as the record stands otherwise."""
    noting.looked(sitting, "minutes.read", meeting=meeting_id)
    sealed = sealed_versions(sitting, meeting_id)
    if sealed:
        return sealed[-1].pdf
    return draw(sitting, load(sitting, meeting_id), signer(sitting)).pdf


def require_shareable(sitting: Sitting, meeting: Meeting) -> None:
    """Raise ``Refused`` where nothing of the meeting may be given out, since it is legal advice to the authority."""
    if sitting.type_of(meeting).privileged:
        raise Refused("meeting.privileged")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Minutes that are not signed yet: the PDF, the record attached to it, and what stands on its pages."""

    pdf: bytes
    record: bytes
    document: Document


def draw(sitting: Sitting, meeting: Meeting, person: Signer | None) -> Drawn:
    """Return the minutes as they would be signed now."""
    from app.minutes.compose import compose
    from app.minutes.pdf import draw as drawn
    from app.sharing.record import as_record, to_bytes

    pack = sitting.pack_of(meeting)
    record = to_bytes(as_record(meeting, pack))
    calendar = sitting.calendar_of(pack)
    document = compose(meeting, pack, calendar, signer=person, version=1, marked=marking_words(sitting))
    return Drawn(drawn(document, {"record.json": record}), record, document)


def seal(sitting: Sitting, meeting_id: UUID, preview: bytes | None = None) -> Minutes:
    """Return the sealed minutes: signed, checked, and only then kept and called signed.

    ``preview`` is the PDF the chair has looked at; the act is refused where the record has changed since. Raises
    ``Refused``, or ``NotSigned`` from the signing.
    """
    from app.minutes.identity import Identity
    from app.minutes.signing import seal_pdf
    from app.minutes.tree import SECRET, Tree, leaves_of

    person = signer(sitting)
    if person is None:
        raise Refused("signer.missing")
    meeting = require_sealable(sitting, meeting_id)
    drawn = draw(sitting, meeting, person)
    if preview is not None and preview != drawn.pdf:
        raise Refused("minutes.changed-since-preview")
    act = sitting.act()
    identity = Identity(person.authority, person.authority_key, person.certificate, person.key)
    end = sitting.store.end
    tree = Tree(leaves_of(drawn.document), act.chance(SECRET))
    signed = seal_pdf(
        drawn.pdf,
        identity,
        act.at,
        {
            "meeting": str(meeting.id),
            "reference": meeting.reference,
            "version": 1,
            "marking": drawn.document.marking,
            "dissents": len(meeting.dissents),
            "audit": {"sequence": end.seq, "head": end.digest.hex()},
            "merkle_root": tree.root(),
            "leaf_count": len(tree.leaves),
        },
    )
    with sitting.store.begin(act, "minutes.sealed", meeting_id) as session:
        kept = session.get_one(Meeting, meeting_id, options=WHOLE[:1])
        sealed = Minutes(
            id=act.new_id(), meeting=kept, version=1, sealed_at=act.at, signed_by=person.name,
            fingerprint=person.fingerprint, sha256=sha256(signed.pdf), pdf=signed.pdf, record=drawn.record,
            tree=tree.to_bytes(),
        )  # fmt: skip
        session.add(sealed)
        session.flush()
        kept.seal()
    sitting.keep_mark(act.at)
    return sealed


def require_sealable(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the meeting, whose minutes can be sealed now; raises ``Refused`` where they cannot."""
    meeting = load(sitting, meeting_id)
    if meeting.state is State.SEALED:
        raise Refused("meeting.already-sealed")
    if meeting.concluded_at is None:
        raise Refused("meeting.not-concluded")
    kept = kept_unsigned(meeting, sitting.type_of(meeting), sitting.pack_of(meeting))
    if kept:
        raise Refused("minutes.chair-not-independent", says=kept[0].asked.says)
    if not marking(sitting):
        raise Refused("minutes.marking-not-chosen")
    return meeting


def introduce_chair(sitting: Sitting, meeting_id: UUID) -> None:
    """Make the identity of whoever chaired the meeting, where the store has nobody yet who signs."""
    chair = load(sitting, meeting_id).chair
    if signer(sitting) is not None or chair is None:
        return
    sector, place = (chair.agency.sector, chair.agency.name) if chair.agency else ("", "")
    introduce(sitting, chair.name, sitting.pack.role_label(sector, chair.role), place)


def authority(sitting: Sitting) -> bytes:
    """Return the public part of the signer's authority as PEM, for those who verify."""
    from app.minutes.identity import Identity

    person = signer(sitting)
    if person is None:
        raise Refused("signer.missing")
    return Identity(person.authority, person.authority_key, person.certificate, person.key).authority_pem()
