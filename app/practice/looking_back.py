"""A case over the time of its meetings: how each agency saw each question for a child, meeting by meeting."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.models.agency import Agency
from app.models.case import Child
from app.models.meeting import Meeting
from app.models.view import View
from app.practice.carrying_on import held_at
from app.practice.hearing import latest
from app.practice.pack import MeetingType
from app.practice.words import legal_day


@dataclass(frozen=True, slots=True)
class Column:
    """A meeting that asked the question."""

    meeting_id: UUID
    reference: str
    short: str
    day: date


@dataclass(frozen=True, slots=True)
class Cell:
    """What an agency answered in a meeting, and why; ``changed`` where it had answered otherwise before.

    ``place`` is that of the answer among those there are, counted from 0. One that ``decides`` nothing, such as being
    unsure, is no answer to what is to be decided.
    """

    label: str
    reason: str
    place: int
    decides: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What one agency answered, in each of the meetings that asked; None where it gave no view."""

    agency: Agency
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """One question for one child, in the words in which it was asked last, with the meetings in order of time."""

    question_id: str
    question: str
    meetings: tuple[Column, ...]
    rows: tuple[Seen, ...]


def over_time(
    meetings: Iterable[Meeting], type_of: Callable[[Meeting], MeetingType], child: Child
) -> list[OverTime]:  # fmt: skip
    """Return how the agencies saw each question for a child, those of the latest meeting first, in its order.

    The meetings are loaded with their views.
    """
    asked: dict[str, list[tuple[Meeting, list[View]]]] = {}
    in_order = sorted(meetings, key=lambda meeting: (held_at(meeting), meeting.id))
    for meeting in in_order:
        for view in latest(meeting.views):
            if view.child.id != child.id:
                continue
            held = asked.setdefault(view.question_id, [])
            if not held or held[-1][0] is not meeting:
                held.append((meeting, []))
            held[-1][1].append(view)

    def order(question_id: str) -> tuple[int, int]:
        last = asked[question_id][-1][0]
        ids = [question.id for question in type_of(last).views]
        return -in_order.index(last), ids.index(question_id) if question_id in ids else len(ids)

    return [_over_time(question_id, asked[question_id], type_of) for question_id in sorted(asked, key=order)]


def _over_time(
    question_id: str, held: Sequence[tuple[Meeting, list[View]]], type_of: Callable[[Meeting], MeetingType]
) -> OverTime:
    last = type_of(held[-1][0]).view(question_id)
    agencies = {view.agency.id: view.agency for _, views in held for view in views}
    return OverTime(
        question_id,
        last.question if last else question_id,
        tuple(Column(m.id, m.reference, type_of(m).short, legal_day(held_at(m))) for m, _ in held),
        tuple(
            Seen(agency, tuple(_cells(agency, question_id, held, type_of)))
            for agency in sorted(agencies.values(), key=lambda agency: agency.label)
        ),
    )


def _cells(
    agency: Agency, question_id: str, held: Sequence[tuple[Meeting, list[View]]],
    type_of: Callable[[Meeting], MeetingType],
) -> Iterable[Cell | None]:  # fmt: skip
    before = ""
    for meeting, views in held:
        view = next((view for view in views if view.agency.id == agency.id), None)
        yield _cell(view, question_id, type_of(meeting), before) if view else None
        before = view.option if view else before


def _cell(view: View, question_id: str, meeting_type: MeetingType, before: str) -> Cell:
    question = meeting_type.view(question_id)
    options = [option.id for option in question.options] if question else []
    option = question.option(view.option) if question else None
    decision = meeting_type.decision(question.decision) if question else None
    return Cell(
        option.label if option else view.option,
        view.reason,
        options.index(view.option) if view.option in options else len(options),
        decision is not None and decision.option(view.option) is not None,
        bool(before) and before != view.option,
    )


def last_change(found: OverTime) -> tuple[Column, list[tuple[Agency, Cell, Cell]]] | None:
    """Return the last meeting in which agencies changed their view, each with what it said before and then."""
    for place in reversed(range(len(found.meetings))):
        changed: list[tuple[Agency, Cell, Cell]] = []
        for row in found.rows:
            now = row.cells[place]
            earlier = [cell for cell in row.cells[:place] if cell is not None]
            if now is not None and now.changed:
                changed.append((row.agency, earlier[-1], now))
        if changed:
            return found.meetings[place], changed
    return None
