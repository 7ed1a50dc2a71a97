"""The chair's independence: under which model it is declared, what is not declared yet, and what each answer does."""

from dataclasses import dataclass
from typing import Literal

from app.models.conduct import Declaration
from app.models.meeting import Meeting
from app.practice import arrangements
from app.practice.arrangements import ChairModel
from app.practice.pack import MeetingType, Pack


@dataclass(frozen=True, slots=True)
class Answered:
    """A question the chair has answered: as the pack asks it, and as the record holds the answer."""

    asked: arrangements.Declaration
    given: Declaration

    @property
    def effect(self) -> Literal["nothing", "note", "agreement", "block"]:
        """What the answer does; a no does nothing."""
        return self.asked.if_yes if self.given.answer else "nothing"

    @property
    def keeps_unsigned(self) -> bool:
        """Whether the minutes cannot be signed because of it, as long as nobody has confirmed the meeting."""
        return self.effect == "block" and not self.given.agreed_by


def model_of(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> ChairModel | None:
    """Return the model the chair declares under, the one first offered as long as nothing is declared.

    None where the type of meeting asks for no declaration.
    """
    declared = [one.model for one in meeting.declarations]
    return next((m for name in (*declared, *meeting_type.chair_models) if (m := pack.chair_model(name))), None)


def answered(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> list[Answered]:
    """Return what the chair has declared, in the order of the model's questions."""
    model = model_of(meeting, meeting_type, pack)
    given = {one.question_id: one for one in meeting.declarations}
    return [Answered(asked, given[asked.id]) for asked in (model.declarations if model else ()) if asked.id in given]


def undeclared(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> list[arrangements.Declaration]:
    """Return the questions of the model that the chair has not answered."""
    model = model_of(meeting, meeting_type, pack)
    given = {one.question_id for one in meeting.declarations}
    return [asked for asked in (model.declarations if model else ()) if asked.id not in given]


def kept_unsigned(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> list[Answered]:
    """Return the answers because of which the minutes cannot be signed now."""
    return [one for one in answered(meeting, meeting_type, pack) if one.keeps_unsigned]
