"""The meeting whose conduct is on the screen, and the act that was tried on it. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.base import Refused
from app.models.meeting import Meeting, State
from app.practice.finding import fill
from app.practice.pack import MeetingType, Pack
from app.services import conduct
from app.services.sitting import SaveFault, Sitting


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an act was not done: the sentence for the person, and the rule that refused it; empty where the disk did."""

    sentence: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """A form that stands half filled in: which one, what it is about, and what is typed in it, by key."""

    form: str
    about: str
    values: dict[str, str]


class Held:
    """One loaded meeting with how it is held. Raises ``Refused`` where there is no such meeting."""

    def __init__(self, sitting: Sitting, meeting_id: UUID) -> None:
        self.sitting = sitting
        self.meeting: Meeting = conduct.look_at(sitting, meeting_id)
        self.pack: Pack = sitting.pack_of(self.meeting)
        self.type: MeetingType = sitting.type_of(self.meeting)

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.sitting.now()

    @property
    def can_be_undone(self) -> bool:
        """Whether acts of this meeting can still be taken back."""
        return self.meeting.open or self.meeting.state is State.PREPARED

    def reload(self) -> None:
        """Read the meeting again."""
        self.meeting = conduct.look_at(self.sitting, self.meeting.id)

    def attempt(self, act: Callable[[], object]) -> Trouble | None:
        """Do something and read the meeting again; return why it was not done, None where it was."""
        try:
            act()
        except Refused as refused:
            return Trouble(self.sentence(refused), refused.rule)
        except SaveFault as fault:
            return Trouble(str(fault))
        self.reload()
        return None

    def sentence(self, refused: Refused) -> str:
        """Return why an act was refused, and what to do."""
        return fill(self.pack.words("refusal", refused.rule), refused.words)
