"""Records of meetings, out and in. Taking one in runs the same acts as typing it: all of them, or none."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models.base import Refused, tidy
from app.models.case import Case, Child
from app.models.copy import PackCopy
from app.models.meeting import Meeting
from app.practice.reading import read_kept
from app.services import noting
from app.services.meetings import load
from app.services.packing import unpacked
from app.services.replaying import Replay
from app.services.sealing import require_shareable, sealed_versions
from app.services.sitting import Sitting
from app.sharing.fault import Fault
from app.sharing.faults import faults
from app.sharing.one_child import of_one_child
from app.sharing.record import LARGEST as LARGEST_RECORD
from app.sharing.record import Unreadable, as_record, from_bytes, to_bytes

Record = Mapping[str, Any]

# no record is longer; whoever reads one from a file need not read further
LARGEST = LARGEST_RECORD


class BadRecord(ValueError):
    """A record that is refused, with all that is wrong with it; the text is one sentence with the first fault."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        self.faults = found
        more = f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""
        first = str(found[0]).rstrip(".")
        super().__init__(f"This record cannot be taken in, so nothing was changed: {first}{more}.")


def export_meeting(sitting: Sitting, meeting_id: UUID, child_id: UUID | None = None) -> bytes:
    """Return a meeting with its case as a record, of one of its children alone where ``child_id`` says so.

    Raises ``Refused`` where there is no such meeting or child, and for a meeting that never leaves the authority.
    """
    meeting = load(sitting, meeting_id)
    require_shareable(sitting, meeting)
    record = as_record(meeting, sitting.pack_of(meeting), sealed_versions(sitting, meeting_id))
    if child_id is None:
        return to_bytes(record)
    if all(child.id != child_id for child in meeting.children):
        raise Refused("meeting.unknown-child")
    return to_bytes(of_one_child(record, str(child_id)))


def record_to_give(sitting: Sitting, meeting_id: UUID) -> bytes:
    """Return the record as the sealed minutes hold it, or as it stands while there are none; refuses as export does."""
    record = export_meeting(sitting, meeting_id)
    sealed = sealed_versions(sitting, meeting_id)
    return sealed[-1].record if sealed else record


def child_named(sitting: Sitting, meeting_id: UUID, name: str) -> UUID:
    """Return the id of the child of a meeting with that name, first name or id.

    Raises ``Refused`` where none of the children has it, or two have.
    """
    kept = tidy(name).casefold()
    children = load(sitting, meeting_id).children
    exactly = [child.id for child in children if kept in (str(child.id), child.name.casefold())]
    for found in (exactly, [child.id for child in children if kept == child.first_name.casefold()]):
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused("child.name-shared")
    raise Refused("meeting.unknown-child")


def import_record(sitting: Sitting, content: bytes) -> Meeting:
    """Return the meeting of a record, taken in under the rules of typing it.

    Raises ``BadRecord`` with every fault that was found, or ``Refused`` where its reference is taken; nothing is
    changed then.
    """
    record = _read(content)
    under = _under_its_pack(sitting, record.get("pack"))
    found = faults(record, under.pack)
    if found:
        raise BadRecord(tuple(found))
    with sitting.store.together():
        _require_free(sitting, record["meeting"]["reference"])
        case_id, children = _case(sitting, record["case"])
        replay = Replay(under, record)
        meeting_id = replay.play(case_id, children)
        if replay.faults:
            raise BadRecord(tuple(replay.faults))
        noting.taken_in(sitting, content, meeting_id)
    return load(sitting, meeting_id)


def _read(content: bytes) -> Record:
    try:
        return from_bytes(content)
    except Unreadable as why:
        raise BadRecord((Fault("", str(why)),)) from None


def _under_its_pack(sitting: Sitting, said: Any) -> Sitting:
    """Return the sitting with the exact pack of the record where the store has kept it, as it is otherwise."""
    digest = said.get("digest") if isinstance(said, dict) else None
    if not isinstance(digest, str) or digest == sitting.pack.digest:
        return sitting
    with sitting.store.read() as session:
        kept = session.get(PackCopy, digest)
    if kept is None:
        return sitting
    files = unpacked(kept.files)
    return replace(sitting, pack=read_kept(files), pack_files=files)


def _require_free(sitting: Sitting, reference: str) -> None:
    kept = tidy(reference, 64)
    with sitting.store.read() as session:
        if session.scalar(select(Meeting.id).where(Meeting.reference == kept)) is not None:
            raise Refused("meeting.reference-taken", reference=kept)


def _case(sitting: Sitting, said: Record) -> tuple[UUID | None, dict[str, UUID]]:
    """Return the case the store has under the reference and its children by their keys in the file; None for a new one.

    A case is the same only where it has each child of the record, by name and date of birth.
    """
    with sitting.store.read() as session:
        case = session.scalar(
            select(Case).where(Case.reference == tidy(said["reference"], 64)).options(selectinload(Case.children))
        )
    if case is None:
        return None, {}
    known = {_who(child): child.id for child in case.children}
    wanted = {
        child["id"]: (tidy(child["name"]), child.get("born"), child.get("expected")) for child in said["children"]
    }
    strangers = [number for number, child in enumerate(said["children"]) if wanted[child["id"]] not in known]
    if strangers:
        sentence = "is not, by name and date of birth, a child of the case the store has under this reference"
        raise BadRecord(tuple(Fault(f"case.children[{number}]", sentence) for number in strangers))
    return case.id, {key: known[who] for key, who in wanted.items()}


def _who(child: Child) -> tuple[str, str | None, str | None]:
    born, expected = (day.isoformat() if day else None for day in (child.born, child.expected))
    return child.name, born, expected
