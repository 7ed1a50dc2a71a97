"""Where a meeting is on its agenda, how long that took, and when it will finish."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.answer import Answer
from app.models.case import Child
from app.models.meeting import Meeting
from app.practice.pack import MeetingType
from app.practice.questions import AgendaItem, Prompt


class Progress(StrEnum):
    """How far an agenda item is."""

    NOT_STARTED = "not-started"
    OPEN = "open"
    LEFT_OPEN = "left-open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """An agenda item with its number, how far it is, and the time spent on it and planned for it."""

    number: int
    item: AgendaItem
    progress: Progress
    spent: timedelta
    planned: timedelta


def steps(meeting: Meeting, meeting_type: MeetingType, now: datetime) -> list[Step]:
    """Return the agenda as the meeting stands at ``now``."""
    return [
        Step(number, item, progress(meeting, item), meeting.spent(item.id, now), timedelta(minutes=item.minutes))
        for number, item in enumerate(meeting_type.agenda, 1)
    ]


def progress(meeting: Meeting, item: AgendaItem) -> Progress:
    """Return how far an item is."""
    visits = [visit for visit in meeting.visits if visit.item_id == item.id]
    if not visits:
        return Progress.NOT_STARTED
    if visits[-1].left_at is None:
        return Progress.OPEN
    return Progress.DONE if visits[-1].done else Progress.LEFT_OPEN


def forecast(meeting: Meeting, meeting_type: MeetingType, now: datetime) -> datetime:
    """Return when the meeting will finish if each item that is not done takes what is left of its time."""
    left = timedelta()
    for step in steps(meeting, meeting_type, now):
        if step.progress is not Progress.DONE:
            left += max(step.planned - step.spent, timedelta())
    return now + left


def answer_to(meeting: Meeting, prompt: Prompt, child: Child | None = None) -> Answer | None:
    """Return what was answered to a prompt, for one child where it is asked of each."""
    return next((a for a in meeting.answers if a.prompt_id == prompt.id and a.child is child), None)


def unanswered(meeting: Meeting, item: AgendaItem) -> list[tuple[Prompt, Child | None]]:
    """Return each prompt of an item without an answer, child by child where it is asked of each."""
    return [
        (prompt, child)
        for prompt in item.prompts
        for child in (meeting.children if prompt.per_child else [None])
        if answer_to(meeting, prompt, child) is None
    ]
