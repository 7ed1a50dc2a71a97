"""What an item asks, in words: what is to be read out, viewed and decided, then its questions; no Qt."""

from collections.abc import Sequence

from app.models.case import Child
from app.practice.agenda import answer_to, asked_of
from app.practice.closing import needed_decisions
from app.practice.questions import Prompt
from app.practice.rule import Rule
from app.practice.words import clock
from app.ui.meeting import around
from app.ui.meeting.presenter import Line, chosen, views_of
from app.ui.meeting.room import Room

FOLD = "when"
_UNANSWERED = "not answered yet"


def asks(room: Room, *, unfolded: bool = False) -> list[Line]:
    """Return what this item asks: its views and decisions, and its prompts by number with their answers.

    Prompts that only sometimes apply stand under one row with what brings each up, and below it where ``unfolded``;
    one that has an answer stands with those that are always asked.
    """
    lines = [] if "opening-statement" not in room.item.shows else [_reading(room)]
    lines += [line for view_id in room.item.views for line in _view_lines(room, view_id)]
    lines += [_decision_line(room, decision_id) for decision_id in room.item.decisions]
    lines += around.rows(room)
    folded: list[tuple[int, Prompt]] = []
    for number, prompt in enumerate(room.item.prompts, 1):
        answered = any(answer.prompt_id == prompt.id for answer in room.meeting.answers)
        if not answered and not asked_of(room.meeting, prompt):
            continue  # what the record says of the children does not bring it up
        if prompt.when and not answered:
            folded.append((number, prompt))
        else:
            lines.append(_prompt_line(room, number, prompt))
    if folded:
        lines.append(_fold(folded, unfolded=unfolded))
    if unfolded:
        lines += [_prompt_line(room, number, prompt) for number, prompt in folded]
    return lines


def rule_of(room: Room, key: str) -> Rule:
    """Return the rule behind a row of what the item asks; the item itself for any other."""
    kind, _, name = key.partition("/")
    found: Rule | None = None
    if kind == "prompt":
        found = room.item.prompts[int(name) - 1]
    elif kind == "view":
        found = room.type.view(name)
    elif kind == "decision":
        found = room.type.decision(name)
    return found or room.item


def _reading(room: Room) -> Line:
    read = room.meeting.difference_read_at
    words = room.pack.words("opening", "difference_statement")
    state = f"Read aloud {clock(read)}" if read else "To read aloud, then /read"
    return Line("read", f"{state}:  {words}", strong=read is None)


def _view_lines(room: Room, view_id: str) -> list[Line]:
    question = room.type.view(view_id)
    if question is None:
        return []
    state = "; ".join(views_of(room, view_id)) or "no agency is here yet"
    return [Line(f"view/{view_id}", f"Views: {question.question}  –  {state}", strong=True)]


def _decision_line(room: Room, decision_id: str) -> Line:
    question = room.type.decision(decision_id)
    asked = question.question if question else decision_id
    made = {d.child.id: d for d in room.meeting.decisions if d.question_id == decision_id}
    states = [f"{room.called(c)}: {chosen(room, made.get(c.id))}" for c in room.meeting.children]
    if question and not question.per_child and len({state.partition(": ")[2] for state in states}) == 1:
        states = [states[0].partition(": ")[2]]  # decided once for all
    waits = any(question in needed_decisions(room.meeting, room.type, child) for child in room.meeting.children)
    return Line(f"decision/{decision_id}", f"{decision_id}  {asked}  –  {'; '.join(states)}", waits)


def _prompt_line(room: Room, number: int, prompt: Prompt) -> Line:
    """Return a prompt with its answers; the children are named once one of them has an answer."""
    when = f" ({prompt.when})" if prompt.when else ""
    asked = asked_of(room.meeting, prompt)
    each: Sequence[Child | None] = room.meeting.children if prompt.per_child else [None]
    answers = [(child, answer_to(room.meeting, prompt, child)) for child in each]
    found = [(child, answer) for child, answer in answers if answer or child in asked]
    said = "; ".join(
        (f"{room.called(child)}: " if child else "") + (answer.text if answer else _UNANSWERED)
        for child, answer in found
    )
    said = said if any(answer for _, answer in found) else _UNANSWERED
    return Line(f"prompt/{number}", f"{number}  {prompt.text}{when}  –  {said}")


def _fold(folded: list[tuple[int, Prompt]], *, unfolded: bool) -> Line:
    if unfolded:
        return Line(FOLD, f"If it applies ({len(folded)}), Return folds:")
    when = "; ".join(f"{number} {prompt.when}" for number, prompt in folded)
    return Line(FOLD, f"If it applies ({len(folded)}), Return shows what to ask:  {when}")
