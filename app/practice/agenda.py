"""Where a meeting is on its agenda, how long that took, and when it will finish."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.models.answer import Answer
from app.models.case import Child
from app.models.event import EventKind
from app.models.meeting import Meeting
from app.practice.pack import MeetingType
from app.practice.questions import AgendaItem, ChildIs, Prompt
from app.practice.words import legal_day


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


def beforehand(meeting_type: MeetingType) -> AgendaItem | None:
    """Return the item that asks how the family takes part: what it asks is settled before the others come."""
    return next((item for item in meeting_type.agenda if "participation" in item.shows and item.prompts), None)


def unanswered(meeting: Meeting, item: AgendaItem) -> list[tuple[Prompt, Child | None]]:
    """Return each prompt of an item without an answer, child by child where it is asked of each."""
    return [
        (prompt, child)
        for prompt in item.prompts
        for child in asked_of(meeting, prompt)
        if answer_to(meeting, prompt, child) is None
    ]


def asked_of(meeting: Meeting, prompt: Prompt) -> list[Child | None]:
    """Return of which children a prompt is asked; only None where it is asked once, nothing where no child is so."""
    day = legal_day(meeting.started_at or meeting.planned_at)
    fits = [child for child in meeting.children if prompt.if_child is None or _is(child, prompt.if_child, meeting, day)]
    if prompt.per_child:
        return [*fits]
    return [None] if fits or not meeting.children else []


def _is(child: Child, wanted: ChildIs, meeting: Meeting, day: date) -> bool:
    if wanted.living is not None and wanted.living == _died_by(child, meeting, day):
        return False
    if wanted.born is not None and wanted.born == child.unborn and (child.unborn or child.born):
        return False
    if child.unborn:
        return not wanted.from_months
    if child.born is None:
        return True
    months = (day.year - child.born.year) * 12 + day.month - child.born.month - (day.day < child.born.day)
    return (wanted.from_months or 0) <= max(months, 0) and (wanted.under_months is None or months < wanted.under_months)


def _died_by(child: Child, meeting: Meeting, day: date) -> bool:
    deaths = (e for e in meeting.case.events if e.kind is EventKind.DIED and e.child is child)
    return any(legal_day(death.happened_at) <= day for death in deaths)
