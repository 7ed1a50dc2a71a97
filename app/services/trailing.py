"""What the audit trail says of one case: who has done what and when, and whether the chain holds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import Row, or_, select

from app.models.audit import AuditEntry
from app.models.base import Refused, tidy
from app.models.case import Case
from app.models.disposal import Disposal
from app.models.meeting import Meeting
from app.practice.words import counted, moment
from app.services import noting
from app.services.sitting import Sitting, case_of
from app.store import trail

WHAT_IT_PROVES = (
    "Each entry is chained to the one before it, so none can be changed, taken out or put in between without being "
    "seen. The list cannot show that what was typed is true, nor who sat at the computer: a name is that of whoever "
    "this copy of Chairside belongs to, and a time is what the computer's clock said. "
    "The number in brackets is that of the entry in the store."
)


class Group(StrEnum):
    """What sort of act an entry is about."""

    READING = "reading"
    CHANGE = "change"
    GIVEN_OUT = "given-out"


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words, without anything that was typed; ``meeting`` is its reference, ``remark`` mostly empty."""

    seq: int
    at: datetime
    who: str
    kind: str
    words: str
    meeting: str
    group: Group
    remark: str


@dataclass(frozen=True, slots=True)
class Soundness:
    """Whether the chain holds over the whole store, and the sentence that says so; ``breaks`` are entries' numbers."""

    entries: int
    breaks: tuple[int, ...]
    sentence: str


def of_case(sitting: Sitting, case_id: UUID) -> list[Told]:
    """Return every entry of a case, the newest first; of one that was disposed of, that it was."""
    meetings = select(Meeting.id).where(Meeting.case_id == case_id)
    columns = (AuditEntry.seq, AuditEntry.at, AuditEntry.kind, AuditEntry.head, AuditEntry.payload)
    with sitting.store.read() as session:
        rows = session.execute(
            select(*columns, Meeting.reference)
            .outerjoin(Meeting, Meeting.id == AuditEntry.meeting_id)
            # entries of the first version name a meeting only
            .where(or_(AuditEntry.case_id == case_id, AuditEntry.meeting_id.in_(meetings)))
            .order_by(AuditEntry.seq.desc())
        )
        return [_told(sitting, row) for row in rows]


def _told(sitting: Sitting, row: Row[int, datetime, str, str, bytes | None, str]) -> Told:
    seq, at, kind, written, payload, reference = row
    try:
        head = json.loads(written)
        who, happened = str(head["who"]), datetime.fromisoformat(head["happened"])
    except (ValueError, TypeError, KeyError):
        who, happened = "", at  # the chain says that it was changed
    remarks = tuple(_remarks(at, happened, payload))
    words = sitting.pack.words("act", kind)
    return Told(seq, at, who, kind, words, reference or "", group_of(kind), " ".join(remarks))


def _remarks(at: datetime, happened: datetime, payload: bytes | None) -> Iterator[str]:
    if payload is None:
        yield "What it held was disposed of."
    elif "clock" in trail.told_of(payload):
        yield "The computer's clock had been put back: the entry before this one says a later time."
    if happened < at - noting.SAME_LOOK:
        yield f"It happened {moment(happened)}, and was written down later."


def group_of(kind: str) -> Group:
    """Return what sort of act a kind is; whatever neither reads nor gives out is a change."""
    if kind.endswith((".exported", ".printed", "-exported", "-given")):
        return Group.GIVEN_OUT
    reading = kind.endswith((".read", ".searched")) and kind != "difference.read"
    return Group.READING if reading else Group.CHANGE


def soundness(sitting: Sitting) -> Soundness:
    """Return whether the chain holds from the first entry to the last; it takes a second for 100,000 of them."""
    with sitting.store.connection() as connection:
        found = tuple(dict.fromkeys(found.seq for found in trail.breaks(connection)))
    entries = sitting.store.end.seq
    if not found:
        return Soundness(entries, found, f"The chain of all {entries:,} entries of the store holds.")
    more = f" and at {counted(len(found) - 1, 'more place')}" if len(found) > 1 else ""
    return Soundness(
        entries, found,
        f"The chain does not hold: something was changed at entry {found[0]:,}{more}. Do not rely on this list; keep "
        "the store as it is and ask your IT support.",
    )  # fmt: skip


def find_case(sitting: Sitting, reference_or_id: str) -> tuple[UUID, str]:
    """Return id and reference of a case, also of one that was disposed of; raises ``Refused`` where there is none."""
    kept = tidy(reference_or_id)
    with sitting.store.read() as session:
        case = session.scalar(select(Case).where(Case.reference == kept))
        if case is not None:
            return case.id, case.reference
        gone = session.scalar(select(Disposal).where(Disposal.reference == kept))
        if gone is not None:
            return gone.case_id, gone.reference
        try:
            case = case_of(session, UUID(kept))
        except ValueError:
            raise Refused("case.unknown") from None
        return case.id, case.reference


def look_at(sitting: Sitting, case_id: UUID) -> tuple[list[Told], Soundness]:
    """Return the entries of a case and whether the chain holds, and note that somebody looked."""
    entries = of_case(sitting, case_id)
    noting.looked(sitting, "trail.read", case=case_id)
    return entries, soundness(sitting)


def reference_of(sitting: Sitting, case_id: UUID) -> str:
    """Return the reference of a case."""
    with sitting.store.read() as session:
        return case_of(session, case_id).reference


def save(sitting: Sitting, case_id: UUID, path: Path) -> None:
    """Write the list to ``path`` as text for whoever asks for it, and note that it was given out.

    Raises ``NotWritten``.
    """
    content = as_text(reference_of(sitting, case_id), of_case(sitting, case_id), soundness(sitting), sitting.now())
    noting.give_out(sitting, "trail.exported", path, content, case=case_id)


def as_text(reference: str, entries: Sequence[Told], holds: Soundness, at: datetime) -> bytes:
    """Return the list as plain text in UTF-8, the newest first, with what it proves."""
    lines = [
        f"Case {reference}: who has done what",
        f"{counted(len(entries), 'entry', 'entries')} as of {moment(at)}. {holds.sentence}",
        WHAT_IT_PROVES,
        "",
        *(line_of(entry) for entry in entries),
    ]
    return ("\n".join(lines) + "\n").encode()


def line_of(entry: Told) -> str:
    """Return an entry in one line."""
    meeting = f" ({entry.meeting})" if entry.meeting else ""
    remark = f" {entry.remark}" if entry.remark else ""
    return f"{moment(entry.at)}, {entry.who}: {entry.words}{meeting}.{remark} [{entry.seq}]"
