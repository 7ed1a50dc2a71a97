"""Before the meeting: who must be asked and why, what they are sent, and the chair's own notes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.models.attendance import Attendance
from app.models.base import Refused, tidy
from app.models.conduct import PrivateNote
from app.models.meeting import Meeting
from app.models.participation import Exclusion, Ruling
from app.practice.invitations import considered, not_yet_invited
from app.practice.pack import Circumstance, InviteTrigger
from app.practice.participation import report_due
from app.practice.quorum import stands_for
from app.practice.words import legal_day
from app.services import noting, participation, table
from app.services.meetings import load
from app.services.retaining import marking_words
from app.services.sitting import Sitting, meeting_of
from app.services.table import still_open

# what the trail calls it when one of these files leaves the store
LETTER, CALENDAR = "letter.exported", "invitation.exported"
_SHORTEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ToInvite:
    """Somebody to ask, the rule that says so, and whether anybody on the list stands for them already.

    None where the rule names no kind of agency, as for the family, so that only the chair can tell.
    """

    trigger: InviteTrigger
    on_the_list: bool | None


def who_to_invite(sitting: Sitting, meeting: Meeting) -> list[ToInvite]:
    """Return everybody the rules of the meeting say to ask, in the pack's order."""
    triggers = considered(sitting.type_of(meeting), meeting.children, meeting.circumstances)
    missing = not_yet_invited(triggers, meeting.attendances, sitting.pack_of(meeting))
    return [ToInvite(trigger, trigger not in missing if trigger.sectors else None) for trigger in triggers]


def may_apply(sitting: Sitting, meeting: Meeting) -> list[InviteTrigger]:
    """Return the rules that say to ask somebody where the chair says that they apply, said so or not."""
    return [trigger for trigger in sitting.type_of(meeting).invites if trigger.when is Circumstance.ASKED]


def say_applies(sitting: Sitting, meeting_id: UUID, trigger_id: str, applies: bool) -> Meeting:
    """Return the meeting after the chair said whether one of ``may_apply`` does; raises ``Refused`` for any other."""
    act = sitting.act()
    with sitting.store.begin(act, "circumstance.said", meeting_id) as session:
        meeting = still_open(session, meeting_id)
        known = [trigger.id for trigger in may_apply(sitting, meeting)]
        if trigger_id not in known:
            raise Refused("meeting.unknown-entry")
        said = {*meeting.circumstances, trigger_id} if applies else {*meeting.circumstances} - {trigger_id}
        meeting.circumstances = [one for one in known if one in said]
    return meeting


def calendar_file(sitting: Sitting, meeting_id: UUID) -> bytes:
    """Return the meeting for a calendar program, under its reference: no child and nobody else is named in it."""
    from app.sharing.icalendar import CalendarEntry, calendar

    meeting = load(sitting, meeting_id)
    meeting_type = sitting.type_of(meeting)
    planned = timedelta(minutes=sum(item.minutes for item in meeting_type.agenda))
    entry = CalendarEntry(
        meeting.id, meeting.planned_at, f"{meeting_type.short} {meeting.reference}", max(planned, _SHORTEST),
        place=meeting.venue,
    )  # fmt: skip
    return calendar([entry], sitting.now())


def invitation_letter(sitting: Sitting, meeting_id: UUID, attendance_id: UUID) -> bytes:
    """Return the letter that asks somebody on the list to come, as a PDF for ``save_letter``."""
    from app.minutes.letters import invitation
    from app.minutes.pdf import draw

    meeting = load(sitting, meeting_id)
    meeting_type, pack = sitting.type_of(meeting), sitting.pack_of(meeting)
    person = _on_the_list(meeting, attendance_id)
    due = report_due(person, meeting, meeting_type, pack, sitting.calendar_of(pack)) if person.counts else None
    own = stands_for(person, pack)
    triggers = considered(meeting_type, meeting.children, meeting.circumstances)
    why = [trigger.label for trigger in triggers if own.intersection(trigger.sectors)]
    by = legal_day(due.at) if due else None
    marked = marking_words(sitting)
    return draw(invitation(meeting, meeting_type, pack, person, marked=marked, why=why, report_by=by))


def exclusion_letter(sitting: Sitting, meeting_id: UUID, exclusion_id: UUID, words: str = "") -> bytes:
    """Return the letter about what the chair answered to a request, as a PDF for ``save_letter``.

    It holds neither the ground nor the evidence nor who asked; ``words`` are the chair's to the person.
    """
    from app.minutes.letters import exclusion
    from app.minutes.pdf import draw

    meeting = load(sitting, meeting_id)
    found = _asked(meeting, exclusion_id)
    if found.ruling is Ruling.ASKED:
        raise Refused("exclusion.ruling-missing")
    pack, marked = sitting.pack_of(meeting), marking_words(sitting)
    return draw(exclusion(meeting, sitting.type_of(meeting), pack, found, marked=marked, words_to_them=tidy(words)))


def save_letter(sitting: Sitting, meeting_id: UUID, path: Path, content: bytes) -> None:
    """Write a letter to ``path`` and note that it was given out, by its digest; raises ``NotWritten``."""
    noting.give_out(sitting, LETTER, path, content, meeting=meeting_id)


def save_invitation(sitting: Sitting, meeting_id: UUID, attendance_id: UUID, path: Path) -> None:
    """Write somebody's invitation to ``path`` and note the day, unless one is noted; raises ``NotWritten``."""
    save_letter(sitting, meeting_id, path, invitation_letter(sitting, meeting_id, attendance_id))
    if _on_the_list(load(sitting, meeting_id), attendance_id).invited_on is None:
        table.note_attendance(sitting, attendance_id, invited_on=legal_day(sitting.now()))


def save_exclusion_letter(
    sitting: Sitting, meeting_id: UUID, exclusion_id: UUID, path: Path, words: str = ""
) -> None:  # fmt: skip
    """Write the letter about what the chair answered to ``path`` and note the day; raises ``NotWritten``."""
    save_letter(sitting, meeting_id, path, exclusion_letter(sitting, meeting_id, exclusion_id, words))
    participation.note_exclusion(sitting, exclusion_id, letter_on=legal_day(sitting.now()))


def save_calendar(sitting: Sitting, meeting_id: UUID, path: Path) -> None:
    """Write the meeting for a calendar program to ``path`` and note that it was given out; raises ``NotWritten``."""
    noting.give_out(sitting, CALENDAR, path, calendar_file(sitting, meeting_id), meeting=meeting_id)


def _on_the_list(meeting: Meeting, attendance_id: UUID) -> Attendance:
    found = next((seat for seat in meeting.attendances if seat.id == attendance_id), None)
    if found is None:
        raise Refused("meeting.unknown-entry")
    return found


def _asked(meeting: Meeting, exclusion_id: UUID) -> Exclusion:
    found = next((one for one in meeting.exclusions if one.id == exclusion_id), None)
    if found is None:
        raise Refused("meeting.unknown-entry")
    return found


def keep_private_note(sitting: Sitting, meeting_id: UUID, text: str) -> None:
    """Keep the chair's own note on a meeting in place of the one before; no file that leaves the store holds it."""
    act = sitting.act()
    kept = tidy(text)
    with sitting.store.begin(act, "note.kept", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        note = session.scalar(select(PrivateNote).where(PrivateNote.meeting_id == meeting_id))
        if note is None:
            session.add(PrivateNote(id=act.new_id(), meeting=meeting, text=kept, kept_at=act.at))
        else:
            note.text, note.kept_at = kept, act.at


def private_note(sitting: Sitting, meeting_id: UUID) -> str:
    """Return the chair's own note on a meeting, empty where there is none."""
    with sitting.store.read() as session:
        return session.scalar(select(PrivateNote.text).where(PrivateNote.meeting_id == meeting_id)) or ""
