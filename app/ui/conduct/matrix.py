"""Several children side by side: what is decided for each on each question, in words. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.models.case import Child
from app.models.decision import Decision
from app.models.meeting import Meeting, State
from app.practice.carrying_on import in_turn
from app.practice.children import called
from app.practice.closing import needed_decisions, waits_for
from app.practice.finding import fill
from app.practice.hearing import departs, tally
from app.practice.pack import MeetingType, Pack
from app.practice.questions import DecisionQuestion
from app.practice.quorum import quorum
from app.practice.words import counted, listed
from app.ui.conduct.held import Held
from app.ui.conduct.presenter import option_words

_REASON_SHOWN = 90
_AGAIN = ("order-recorded", "order-recorded.mend")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is decided for one child on one question. ``wanted`` where it must be decided and is not.

    ``text`` is short and stands in the table; ``whole`` says everything, for below it and to those who hear it.
    """

    child: Child
    question: DecisionQuestion
    decision: Decision | None
    text: str
    whole: str
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """The questions, one row each, and the children, one column each."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def next_wanted(self, row: int, column: int) -> tuple[int, int] | None:
        """Return the next place that must be decided, question by question from this place on; None for none."""
        places = [(r, c) for r, line in enumerate(self.cells) for c, cell in enumerate(line) if cell.wanted]
        return next((place for place in places if place >= (row, column)), places[0] if places else None)


def matrix(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> Matrix:
    """Return what is decided for the children of a meeting, in their order."""
    named = called(meeting.children)
    made = {(d.child.id, d.question_id): d for d in meeting.decisions}
    needed = {child.id: needed_decisions(meeting, meeting_type, child) for child in meeting.children}

    def cell(question: DecisionQuestion, child: Child) -> Cell:
        begin, found = f"{named[child.id]}. {question.id}: {question.question}", made.get((child.id, question.id))
        if found is not None:
            return _decided(found, question, begin, named, pack)
        wanted = question in needed[child.id]
        text = _undecided(meeting, question, child, wanted=wanted)
        return Cell(child, question, None, text, f"{begin} {text}.", wanted)

    cells = tuple(tuple(cell(question, child) for child in meeting.children) for question in meeting_type.decisions)
    rows = tuple((question.id, question.question) for question in meeting_type.decisions)
    return Matrix(rows, tuple(named[child.id] for child in meeting.children), cells)


def _undecided(meeting: Meeting, question: DecisionQuestion, child: Child, *, wanted: bool) -> str:
    if wanted:
        return "To be decided"
    first = waits_for(meeting, question, child)
    return f"Comes after {listed(first, 'or')}" if first else "May stay open"


def _decided(made: Decision, question: DecisionQuestion, begin: str, named: Mapping[UUID, str], pack: Pack) -> Cell:
    marks = _marks(made, question, named, pack)
    chosen = option_words(made, question)
    text = "\n".join([*marks, chosen, shortened(made.reason)])
    departs_by = [f"Departs from the view of most agencies: {made.departure}"] if made.departure else []
    missing = [f"{made.quorum_note}."] if made.quorum_note else []
    said = [f"{mark}." for mark in marks]
    whole = " ".join([begin, f"{chosen}.", *said, *missing, f"Reasons: {made.reason}", *departs_by])
    return Cell(made.child, question, made, text, whole)


def _marks(made: Decision, question: DecisionQuestion, named: Mapping[UUID, str], pack: Pack) -> list[str]:
    marks = [] if made.quorate else [pack.words("marking", "inquorate").upper()]
    if made.likeness is not None:
        sibling = named.get(made.likeness.child.id, made.likeness.child.first_name)
        marks.append(f"AS FOR {sibling.upper()}, but: {made.likeness.differs}")
    return marks if question.per_child else [*marks, "For all children"]


def shortened(reason: str) -> str:
    """Return the beginning of a reason, whole words, where it is long."""
    if len(reason) <= _REASON_SHOWN:
        return reason
    return f"{reason[:_REASON_SHOWN].rsplit(' ', 1)[0]}…"


def summary(held: Held, found: Matrix) -> str:
    """Return how much is still to be decided, and why nothing can be where that is so."""
    meeting = held.meeting
    left = sum(cell.wanted for line in found.cells for cell in line)
    open_words = f"{counted(left, 'answer')} still to be decided." if left else "All that must be decided is decided."
    match meeting.state:
        case State.PREPARED:
            return f"The meeting has not started, so nothing can be decided yet. {open_words}"
        case State.ADJOURNED:
            return f"The meeting is adjourned: take it up again to decide. {open_words}"
        case State.IN_SESSION:
            state = quorum(meeting, held.type, held.pack, held.now)
            mark = held.pack.words("marking", "inquorate")
            return open_words if state.quorate else f"{state.words}. What is decided now is: {mark}. {open_words}"
    return f"The meeting is over: this is what was decided. {open_words}"


def advice(held: Held, question: DecisionQuestion, child: Child) -> str:
    """Return how the agencies see it, as advice to the chair, and that a decision now is provisional."""
    said = []
    for view in held.type.views:
        if view.decision == question.id:
            fall = tally(held.meeting, view, child, held.pack)
            said.append(f"{held.pack.words('opening', 'tally')}: {fall.words}.")
    state = quorum(held.meeting, held.type, held.pack, held.now)
    if not state.quorate and question.id not in held.type.quorum.if_inquorate.allowed_decisions:
        said.append(f"{held.pack.words('marking', 'inquorate')}. {state.words}.")
    return " ".join([*question.guidance, *said])


def majority(held: Held, question: DecisionQuestion, option: str, child: Child) -> str:
    """Return the answer of most agencies, where choosing ``option`` departs from it; else empty."""
    found = departs(held.meeting, held.type, question.id, option, child) if option else ""
    chosen = question.option(found) if found else None
    return chosen.label if chosen else found


def siblings(meeting: Meeting, question: DecisionQuestion, child: Child) -> list[tuple[str, str]]:
    """Return the other children for whom the question is decided, each an id and what was decided."""
    named = called(meeting.children)
    return [
        (str(made.child.id), f"{named[made.child.id]}: {option_words(made, question)}")
        for made in meeting.decisions
        if made.question_id == question.id and made.child.id != child.id and made.child.id in named
    ]


def before_in_order(meeting: Meeting) -> Sequence[Child]:
    """Return the children in their order in the meeting before; none where it was about fewer than two."""
    before = meeting.following.earlier.children if meeting.following else []
    return before if len(before) > 1 else []


def next_order(meeting: Meeting) -> list[UUID]:
    """Return the order in which another child comes first: that of the meeting before, turned, else this one turned."""
    now = [child.id for child in meeting.children]
    before = [child.id for child in before_in_order(meeting)]
    turned = in_turn(before or now, now)
    return turned if turned != now else in_turn(now, now)


def order_words(meeting: Meeting, pack: Pack) -> str:
    """Return why the order turns, what it was the last time, and that the same child comes first again."""
    why = "Whoever came first comes last the next time, so that it is not always the same child who is left to the end."
    before = before_in_order(meeting)
    if not before or meeting.following is None:
        return f"{why} There is no order from a meeting before, so this one is yours to choose."
    names = called(before)
    was = listed([names[child.id] for child in before])
    said = f"{why} In {meeting.following.earlier.reference} it was: {was}."
    first = meeting.children[0]
    if before[0].id != first.id:
        return said
    again = [fill(pack.words("closing", key), {"child": called(meeting.children)[first.id]}) for key in _AGAIN]
    return " ".join([said, *again])


def moved(meeting: Meeting, child_id: UUID, steps: int) -> list[UUID]:
    """Return the children's order with one of them so many places later; as it is where that leads nowhere."""
    ids = [child.id for child in meeting.children]
    place = ids.index(child_id) + steps
    if 0 <= place < len(ids):
        ids.remove(child_id)
        ids.insert(place, child_id)
    return ids
