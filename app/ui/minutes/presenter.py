"""What the minutes screen says: what to look at before signing, and what to tell those who verify. No Qt."""

from dataclasses import dataclass
from uuid import UUID

from app.models.meeting import Meeting
from app.models.minutes import Minutes
from app.practice.agenda import unanswered
from app.practice.pack import MeetingType
from app.practice.words import counted, moment
from app.services import meetings, receipts, retaining, sealing
from app.services.sitting import Sitting


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the minutes of a meeting are: a draft, ready to sign, or sealed; and each dissent with whose it is.

    ``asks_marking`` where nothing is missing but the authority's protective marking, which is asked for once.
    """

    reference: str
    state: str
    can_sign: bool
    asks_marking: bool
    sealed: Minutes | None
    warnings: tuple[str, ...]
    dissents: tuple[tuple[UUID, str], ...]


def standing(sitting: Sitting, meeting_id: UUID) -> Standing:
    """Return how far the minutes are, in words, with what the chair should know before signing."""
    meeting = meetings.load(sitting, meeting_id)
    versions = sealing.sealed_versions(sitting, meeting_id)
    sealed = versions[-1] if versions else None
    if sealed is not None:
        state = f"Sealed: version {sealed.version}, signed by {sealed.signed_by}, {moment(sealed.sealed_at)}."
    elif meeting.concluded_at is None:
        state = "A draft: the meeting is not concluded, so these minutes cannot be signed yet."
    elif not retaining.marking(sitting):
        state = "The meeting is concluded. Before the minutes can be signed, say which marking they carry."
    else:
        state = "Ready to sign. What you see is the very document that will be signed."
    to_sign = sealed is None and meeting.concluded_at is not None
    can_sign = to_sign and bool(retaining.marking(sitting))
    warnings = () if sealed else tuple(warnings_of(meeting, sitting.type_of(meeting)))
    dissents = tuple((one.id, one.dissenter.name) for one in receipts.dissents_of(meeting))
    return Standing(meeting.reference, state, can_sign, to_sign and not can_sign, sealed, warnings, dissents)


def title(now: Standing, *, drawn: bool) -> str:
    """Return what the window is called: which minutes, and how far they are once they can be seen."""
    if now.sealed is not None:
        return f"Minutes of {now.reference}, signed"
    if drawn and now.can_sign:
        return f"Minutes of {now.reference}, ready to sign"
    if drawn and now.asks_marking:
        return f"Minutes of {now.reference}, which marking?"
    return f"Minutes of {now.reference}"


def warnings_of(meeting: Meeting, meeting_type: MeetingType) -> list[str]:
    """Return what is unusual in the record, each in one sentence."""
    found: list[str] = []
    provisional = [d for d in meeting.decisions if not d.quorate]
    if provisional:
        found.append(f"{counted(len(provisional), 'decision')} made without a quorum: printed as provisional.")
    if meeting.clearances:
        found.append(
            f"{counted(len(meeting.clearances), 'thing')} left open with the chair's reason, which is printed."
        )
    unread = [d for d in meeting.dissents if d.read_back_at is None]
    if unread:
        found.append(f"{counted(len(unread), 'dissent or reservation', 'dissents or reservations')} not read back.")
    not_owned = [gap for gap in meeting.gaps if not gap.owned]
    if not_owned:
        found.append(f"{counted(len(not_owned), 'gap')} nobody has taken on: printed as not asked.")
    if "opening-statement" in {shown for item in meeting_type.agenda for shown in item.shows}:
        found += [] if meeting.difference_read_at else ["The statement about differing views was not read aloud."]
    open_questions = [p for item in meeting_type.agenda for p, _ in unanswered(meeting, item) if not p.when]
    if open_questions:
        found.append(f"{counted(len(open_questions), 'question')} of the agenda without an answer: printed so.")
    nobody = [s for s in meeting.statements if s.speaker is None]
    if nobody:
        found.append(f"{counted(len(nobody), 'statement')} without a speaker.")
    restricted = [s for s in meeting.statements if s.restricted]
    if restricted:
        found.append(
            f"{counted(len(restricted), 'restricted statement')}: this is the restricted version, for named recipients."
        )
    return found


def how_to_verify(fingerprint: str) -> str:
    """Return what to tell whoever is given the minutes."""
    return (
        "Whoever receives the PDF can check it: any PDF reader shows in its signature panel whether it was changed, "
        "and “chairside verify FILE.pdf --trust AUTHORITY.pem” says so too. Give the authority's file and this "
        f"fingerprint by another way than the PDF: {grouped(fingerprint)}"
    )


def grouped(fingerprint: str) -> str:
    """Return a fingerprint in groups of four, to be read out."""
    plain = fingerprint.replace(":", "").replace(" ", "")
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))


def file_name(reference: str, ending: str) -> str:
    """Return a name to offer for a file: the reference, with what no file system takes replaced."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in reference).strip(".-") or "minutes"
    return f"{kept[:80]}{ending}"
