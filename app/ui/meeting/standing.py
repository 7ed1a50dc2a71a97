"""Starting, pausing and taking up a meeting again; no Qt."""

from app.practice.participation import expected
from app.services import meetings, table
from app.ui.meeting.room import Room


def change_state(room: Room, what: str) -> None:
    """Start, adjourn or resume the meeting; may raise ``Refused``.

    ``start-all`` also marks everybody who was invited as here, because the chair said so; but nobody who is kept out.
    """
    sitting, meeting_id = room.sitting, room.meeting.id
    if what in {"start", "start-all"}:
        # who is here when it starts arrives first, or the minutes would show a moment without a quorum
        for person in expected(room.meeting) if what == "start-all" else ():
            table.arrive(sitting, person.id)
        meetings.start(sitting, meeting_id)
    elif what == "adjourn":
        meetings.adjourn(sitting, meeting_id)
    elif what == "resume":
        meetings.resume(sitting, meeting_id)
    room.reload()
    room.note_saved()
