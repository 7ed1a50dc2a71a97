"""What the home page shows: meetings to go on with, dates to keep, cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.case import Case
from app.models.meeting import Meeting, State
from app.practice.children import called
from app.practice.words import clock, day, legal_day, listed, weekday_day
from app.services import cases, diary, meetings
from app.services.diary import Dated
from app.services.sitting import Sitting

UNFINISHED = (State.IN_SESSION, State.ADJOURNED, State.PREPARED, State.CONCLUDED, State.DRAFTED, State.CIRCULATED)
_ORDER = {state: place for place, state in enumerate(UNFINISHED)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the id of what it stands for, its words, where it leads, and the whole names in it."""

    id: UUID
    text: str
    leads_to: str = ""
    because: str = ""
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page in words."""

    today: str
    meetings: tuple[Line, ...]
    dates: tuple[Line, ...]
    cases: tuple[Line, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing has been recorded yet."""
        return not self.meetings and not self.cases


def view(sitting: Sitting) -> HomeView:
    """Return the home page as the store stands now."""
    now = sitting.now()
    unfinished = sorted(meetings.list_meetings(sitting, UNFINISHED), key=lambda m: (_ORDER[m.state], m.planned_at))
    return HomeView(
        weekday_day(legal_day(now)),
        tuple(meeting_line(sitting, meeting) for meeting in unfinished),
        tuple(date_line(one, now) for one in diary.next_dates(sitting)),
        tuple(case_line(case) for case in cases.list_cases(sitting)),
    )


def meeting_line(sitting: Sitting, meeting: Meeting) -> Line:
    """Return a meeting as one row: what it is, about whom, and what can be done with it."""
    meeting_type = sitting.type_of(meeting)
    named = called(meeting.case.children)
    about = listed([named[child.id] for child in meeting.children])
    leads_to, state = _state(meeting)
    return Line(
        meeting.id,
        f"{state}: {meeting_type.short}, {about} ({meeting.case.reference}, {meeting.reference})",
        leads_to,
    )


def _state(meeting: Meeting) -> tuple[str, str]:
    match meeting.state:
        case State.IN_SESSION:
            since = f", since {clock(meeting.started_at)}" if meeting.started_at else ""
            return "meeting", f"In session{since}, go on"
        case State.ADJOURNED:
            return "meeting", "Adjourned, take it up again"
        case State.PREPARED:
            return "setup", f"Prepared for {day(meeting.planned_at)}, start it"
        case _:
            return "minutes", "Concluded, seal its minutes"


def date_line(one: Dated, now: datetime) -> Line:
    """Return a date to keep as one row, with how far away it is."""
    return Line(one.id, diary.line_of(one, now), "", diary.why_of(one))


def case_line(case: Case) -> Line:
    """Return a case as one row."""
    names = listed([child.name for child in case.children]) or "no child yet"
    return Line(case.id, f"{case.reference}: {names}", names=[child.name for child in case.children])


def begin_words(sitting: Sitting) -> str:
    """Return what the button that begins a meeting says."""
    types: Sequence[object] = sitting.pack.meeting_types
    return f"&Begin: {sitting.pack.meeting_types[0].short}" if len(types) == 1 else "&Begin a meeting"
