"""The meeting that the page is about, as all of its parts see it; no Qt."""

from datetime import date, datetime
from uuid import UUID

from app.models.attendance import Attendance
from app.models.base import Refused
from app.models.meeting import Meeting, State
from app.models.participation import Exclusion
from app.practice.finding import fill
from app.practice.pack import MeetingType, Pack
from app.practice.words import legal_day
from app.services import meetings
from app.services.sitting import Sitting


class Desk:
    """One loaded meeting, read again once anything in the store has changed."""

    def __init__(self, sitting: Sitting, meeting_id: UUID) -> None:
        self.sitting, self.id = sitting, meeting_id
        self.meeting: Meeting = meetings.look_at(sitting, meeting_id)
        self.type: MeetingType = sitting.type_of(self.meeting)
        self.pack: Pack = sitting.pack_of(self.meeting)
        self.read_at = self.saved

    @property
    def saved(self) -> int:
        """The number of the last entry of the trail."""
        return self.sitting.store.saved.seq

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.sitting.now()

    @property
    def today(self) -> date:
        """The day it is."""
        return legal_day(self.now)

    @property
    def open(self) -> bool:
        """Whether the meeting is still to be concluded."""
        return self.meeting.state is State.PREPARED or self.meeting.open

    @property
    def in_session(self) -> bool:
        """Whether acts of the meeting are recorded now."""
        return self.meeting.state is State.IN_SESSION

    def reload(self) -> None:
        """Read the whole meeting again."""
        self.meeting = meetings.load(self.sitting, self.id)
        self.read_at = self.saved

    def person(self, attendance_id: UUID | None) -> Attendance | None:
        """Return somebody on the list."""
        return next((seat for seat in self.meeting.attendances if seat.id == attendance_id), None)

    def request(self, exclusion_id: UUID | None) -> Exclusion | None:
        """Return a request to keep somebody out."""
        return next((one for one in self.meeting.exclusions if one.id == exclusion_id), None)

    def sentence(self, refusal: Refused) -> str:
        """Return a refusal in words."""
        return fill(self.pack.words("refusal", refusal.rule), refusal.words)
