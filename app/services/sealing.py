"""The minutes: drawn from the record, signed, sealed, and handed out exactly as signed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models.base import Refused, sha256
from app.models.meeting import Meeting, State
from app.models.minutes import Minutes, Signer
from app.services.meetings import WHOLE, load
from app.services.opening import signer
from app.services.sitting import Sitting


def next_version(sitting: Sitting, meeting_id: UUID) -> int:
    """Return the number the next sealed minutes of a meeting will have."""
    return len(sealed_versions(sitting, meeting_id)) + 1


def sealed_versions(sitting: Sitting, meeting_id: UUID) -> Sequence[Minutes]:
    """Return the sealed minutes of a meeting, the first version first."""
    with sitting.store.read() as session:
        return session.scalars(select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.version)).all()


def minutes(sitting: Sitting, meeting_id: UUID) -> bytes:
    """Return the minutes as a PDF: exactly as signed where they are sealed, a draft as the record stands otherwise."""
    sealed = sealed_versions(sitting, meeting_id)
    if sealed:
        return sealed[-1].pdf
    return draw(sitting, load(sitting, meeting_id), signer(sitting))[0]


def draw(sitting: Sitting, meeting: Meeting, person: Signer | None) -> tuple[bytes, bytes]:
    """Return the minutes as they would be signed now, and the record that is attached to them."""
    from app.minutes.compose import compose
    from app.minutes.pdf import draw as drawn
    from app.sharing.record import as_record, to_bytes

    pack = sitting.pack_of(meeting)
    record = to_bytes(as_record(meeting, pack))
    calendar = sitting.calendar_of(pack)
    document = compose(meeting, pack, calendar, signer=person, version=1)
    return drawn(document, {"record.json": record}), record


def seal(sitting: Sitting, meeting_id: UUID, preview: bytes | None = None) -> Minutes:
    """Return the sealed minutes: signed, checked, and only then kept and called signed.

    ``preview`` is the PDF the chair has looked at; the act is refused where the record has changed since. Raises
    ``Refused``, or ``NotSigned`` from the signing.
    """
    from app.minutes.identity import Identity
    from app.minutes.signing import seal_pdf

    person = signer(sitting)
    if person is None:
        raise Refused("signer.missing")
    meeting = load(sitting, meeting_id)
    if meeting.state is State.SEALED:
        raise Refused("meeting.already-sealed")
    if meeting.concluded_at is None:
        raise Refused("meeting.not-concluded")
    pdf, record = draw(sitting, meeting, person)
    if preview is not None and preview != pdf:
        raise Refused("minutes.changed-since-preview")
    act = sitting.act()
    identity = Identity(person.authority, person.authority_key, person.certificate, person.key)
    end = sitting.store.end
    signed = seal_pdf(
        pdf,
        identity,
        act.at,
        {
            "meeting": str(meeting.id),
            "reference": meeting.reference,
            "version": 1,
            "marking": sitting.pack_of(meeting).words("marking", "default"),
            "dissents": len(meeting.dissents),
            "audit": {"sequence": end.seq, "head": end.digest.hex()},
        },
    )
    with sitting.store.begin(act, "minutes.sealed", meeting_id) as session:
        kept = session.get_one(Meeting, meeting_id, options=WHOLE[:1])
        sealed = Minutes(
            id=act.new_id(), meeting=kept, version=1, sealed_at=act.at, signed_by=person.name,
            fingerprint=person.fingerprint, sha256=sha256(signed.pdf), pdf=signed.pdf, record=record,
        )  # fmt: skip
        session.add(sealed)
        session.flush()
        kept.seal()
    return sealed


def authority(sitting: Sitting) -> bytes:
    """Return the public part of the signer's authority as PEM, for those who verify."""
    from app.minutes.identity import Identity

    person = signer(sitting)
    if person is None:
        raise Refused("signer.missing")
    return Identity(person.authority, person.authority_key, person.certificate, person.key).authority_pem()
