"""Carrying out what was typed: each entry becomes one act of a service, or opens the form it still needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.models.attendance import Attendance, Authority
from app.models.base import Base
from app.models.statement import Kind, Statement
from app.practice.participation import expected, shut_out
from app.practice.questions import AgendaItem, DecisionQuestion, Option, ViewQuestion
from app.practice.words import LONDON, clock, legal_day
from app.services import deciding, entries, meetings, table, undoing
from app.ui.meeting.choices import Wanted, wanted_decision, wanted_view
from app.ui.meeting.entry import Command, Entry, NotUnderstood
from app.ui.meeting.presenter import is_recorded
from app.ui.meeting.room import Room


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an entry did: what it recorded, what to say about it, and what to show next.

    ``opens`` names the form it needs, filled from ``wanted`` and ``entry``; ``whole`` that more than one row changed.
    """

    said: str = ""
    record: Base | None = None
    opens: Command | None = None
    wanted: Wanted | None = None
    entry: Entry | None = None
    moved: bool = False
    whole: bool = False


def carry_out(room: Room, entry: Entry) -> Outcome:
    """Return what the entry did; raises ``NotUnderstood`` or ``Refused``, and then nothing was done."""
    if entry.speaker is not None:
        room.speaker = entry.speaker
    if entry.command is None or entry.command in {Command.RESTRICTED, *(Command(kind.value) for kind in Kind)}:
        return _statement(room, entry)
    return _ACTS[entry.command](room, entry)


def _statement(room: Room, entry: Entry) -> Outcome:
    kind = Kind(entry.kind.value) if entry.kind else room.kind
    restricted = entry.restricted or room.restricted
    if not entry.text:
        if entry.command is None and entry.speaker is None:
            raise NotUnderstood("There is nothing to record yet: type what was said.")
        if entry.command is not None:
            room.kind, room.restricted = kind, restricted
        return Outcome(entry=entry)
    record = entries.record_statement(
        room.sitting, room.meeting.id, room.item.id, entry.text, speaker=room.speaker, child=entry.child or room.child,
        kind=kind, restricted=restricted or None,
    )  # fmt: skip
    room.kind, room.restricted = Kind.FACT, False
    return _kept(room, record)


def _kept(room: Room, record: Base, said: str = "") -> Outcome:
    room.take(record)
    return Outcome(said, record if is_recorded(record) else None, whole=not is_recorded(record))


def _gap(room: Room, entry: Entry) -> Outcome:
    if not entry.text:
        return Outcome(opens=Command.GAP, entry=entry)
    return _kept(
        room,
        entries.record_gap(
            room.sitting, room.meeting.id, room.item.id, entry.text, agency=entry.agency, owner=entry.owner,
            due=entry.due, child=entry.child or room.child,
        ),
    )  # fmt: skip


def _action(room: Room, entry: Entry) -> Outcome:
    if not entry.text:
        return Outcome(opens=Command.ACTION, entry=entry)
    return _kept(
        room,
        entries.record_action(
            room.sitting, room.meeting.id, room.item.id, entry.text, agency=entry.agency, owner=entry.owner,
            due=entry.due, child=entry.child or room.child,
        ),
    )  # fmt: skip


def _answer(room: Room, entry: Entry) -> Outcome:
    count = len(room.item.prompts)
    if not 0 < entry.number <= count:
        raise NotUnderstood(f"This item has {count} questions: give a number from 1 to {count}.")
    prompt = room.item.prompts[entry.number - 1]
    child = (entry.child or room.child or room.only_child) if prompt.per_child else None
    if prompt.per_child and child is None:
        names = " or ".join(_mention(room.called(child)) for child in room.meeting.children)
        raise NotUnderstood(f"This question is asked for each child: add {names} to the answer.")
    return _kept(room, entries.answer_prompt(room.sitting, room.meeting.id, prompt.id, entry.text, child=child))


def _view(room: Room, entry: Entry) -> Outcome:
    person = room.person(room.speaker)
    agency = entry.agency or (person.agency.id if person is not None and person.agency is not None else None)
    wanted = wanted_view(room, agency=agency, child=entry.child or room.child)
    if wanted is None:
        raise NotUnderstood("This kind of meeting asks no agency for its view.")
    option, reason = option_of(entry.text, wanted.view)
    if option is None or not reason or wanted.agency is None or wanted.view is None:
        return Outcome(opens=Command.VIEW, wanted=wanted, entry=replace(entry, text=reason))
    return take_view(room, wanted, option.id, reason)


def take_view(room: Room, wanted: Wanted, option: str, reason: str, would_change: str = "") -> Outcome:
    """Record an agency's view; the person who speaks for it is named where they are the current speaker."""
    person = room.person(room.speaker)
    by = person.id if person and person.agency and person.agency.id == wanted.agency else None
    question = wanted.view.id if wanted.view else ""
    record = deciding.record_view(
        room.sitting, room.meeting.id, question, wanted.child.id, option, reason, agency=wanted.agency, speaker=by,
        would_change=would_change,
    )  # fmt: skip
    return _kept(room, record)


def _decision(room: Room, entry: Entry) -> Outcome:
    named, _, rest = entry.text.partition(" ")
    question = next((q for q in room.type.decisions if q.id.casefold() == named.casefold()), None)
    wanted = wanted_decision(room, question=question, child=entry.child or room.child)
    if wanted is None:
        raise NotUnderstood("This kind of meeting has nothing to decide.")
    option, reason = option_of(rest if question else entry.text, wanted.decision)
    kept = replace(entry, text=reason)
    if option is None or not reason or option.needs or wanted.decision is None:
        return Outcome(opens=Command.DECISION, wanted=replace(wanted, option=option), entry=kept)
    if wanted.departs(room, option.id):
        return Outcome(opens=Command.DECISION, wanted=replace(wanted, option=option), entry=kept)
    return make_decision(room, deciding.Choice(wanted.decision.id, wanted.child.id, option.id, reason))


def make_decision(room: Room, choice: deciding.Choice) -> Outcome:
    """Record what the chair decided; without a quorum it says that the decision is provisional."""
    record = deciding.decide(room.sitting, room.meeting.id, choice)
    said = "" if record.quorate else f"{room.pack.words('marking', 'inquorate')}. {record.quorum_note}."
    return _kept(room, record, said)


def option_of(text: str, question: ViewQuestion | DecisionQuestion | None) -> tuple[Option | None, str]:
    """Return the option a text begins with (its number, its label or the first letters of it), and the rest."""
    options = question.options if question else ()
    for option in options:
        label = option.label.casefold()
        if text.casefold().startswith(label) and not text[len(label) : len(label) + 1].isalnum():
            return option, text[len(label) :].lstrip(" ,.:")
    word, _, rest = text.partition(" ")
    if word.isdigit():
        return (options[int(word) - 1], rest.strip()) if 0 < int(word) <= len(options) else (None, text)
    found = [option for option in options if word and option.label.casefold().startswith(word.casefold().rstrip(",.:"))]
    return (found[0], rest.strip()) if len(found) == 1 else (None, text)


def _dissent(_room: Room, entry: Entry) -> Outcome:
    return Outcome(opens=entry.command, entry=entry)


def _arrived(room: Room, entry: Entry) -> Outcome:
    waiting = [a for a in room.meeting.attendances if a.here is None]
    out = shut_out(room.meeting)  # one by one they can be let in, never with all the others
    several = [a for a in waiting if a.id in entry.people and a.id not in out]
    wanted = several if len(entry.people) > 1 else _named(room, entry)
    if not entry.people:
        wanted = expected(room.meeting)
        if len(wanted) != 1:
            raise NotUnderstood("Say who arrived by number, initials or agency, or “/arrived all”.")
    for person in wanted:
        room.take(table.arrive(room.sitting, person.id, _moment(room, entry.at)))
    names = ", ".join(room.who(person) for person in wanted)
    return Outcome(f"Here: {names}." if names else "Everybody is here already.", whole=True)


def _left(room: Room, entry: Entry) -> Outcome:
    wanted = _named(room, entry)
    speaker = room.person(room.speaker)
    if not wanted and speaker is not None:
        wanted = [speaker]
    if not wanted:
        raise NotUnderstood("Say who left by number, initials or agency, as in “/left police”.")
    if len(wanted) > 1:
        wanted = [person for person in wanted if person.here is not None]
    for person in wanted:
        room.take(table.leave(room.sitting, person.id, _moment(room, entry.at)))
        if person.id == room.speaker:
            room.speaker = None
    return Outcome(f"Left {clock(room.now)}: {', '.join(room.who(p) for p in wanted)}.", whole=True)


def _named(room: Room, entry: Entry) -> list[Attendance]:
    return [person for person in room.meeting.attendances if person.id in entry.people]


def _moment(room: Room, at: time | None) -> datetime | None:
    today: date = legal_day(room.now)
    return datetime.combine(today, at, ZoneInfo(LONDON)) if at else None


def _substitute(room: Room, entry: Entry) -> Outcome:
    stand_in = table.substitute(room.sitting, entry.people[0], entry.text)
    room.reload()
    room.note_saved()
    return Outcome(f"{stand_in.name} is here now, number {stand_in.position}.", whole=True)


def _join(room: Room, entry: Entry) -> Outcome:
    if not entry.text:
        raise NotUnderstood("Say who is here and of which agency, as in “/join Jo Sample @school”.")
    agency = next((a.agency for a in room.meeting.attendances if a.agency and a.agency.id == entry.agency), None)
    sector = next((s.id for s in room.pack.sectors if s.short == entry.owner), agency.sector if agency else "")
    seat = table.invite(
        room.sitting, room.meeting.id, entry.text, sector=sector, agency=agency.name if agency else "",
        note="Joined during the meeting",
    )  # fmt: skip
    room.take(seat)
    room.take(table.arrive(room.sitting, seat.id))
    return Outcome(f"{seat.name} is here now, number {seat.position}.", whole=True)


def _authority(room: Room, entry: Entry) -> Outcome:
    """Note who can decide for their agency; without names it is whoever speaks."""
    speaker = room.person(room.speaker)
    wanted = _named(room, entry) or ([speaker] if speaker is not None else [])
    if not wanted:
        raise NotUnderstood("Say who can decide for their agency, as in “/authority all” or “/authority police no”.")
    answer = Authority.YES if entry.text == "yes" else Authority.NO
    for person in wanted:
        room.take(table.note_attendance(room.sitting, person.id, authority=answer))
    words = room.pack.words("can_decide", answer).lower()
    return Outcome(f"{', '.join(room.who(person) for person in wanted)}: {words}.", whole=True)


def _item(room: Room, entry: Entry) -> Outcome:
    agenda = room.type.agenda
    if entry.number:
        if entry.number > len(agenda):
            raise NotUnderstood(f"The agenda has {len(agenda)} items: give a number from 1 to {len(agenda)}.")
        return move(room, agenda[entry.number - 1])
    found = [item for item in agenda if entry.text and item.title.casefold().startswith(entry.text.casefold())]
    if len(found) != 1:
        raise NotUnderstood("Say which item by its number, as in “/item 5”.")
    return move(room, found[0])


def move(room: Room, item: AgendaItem, *, done: bool = False) -> Outcome:
    """Open an item of the agenda; ``done`` where the one before is finished."""
    visit = meetings.open_item(room.sitting, room.meeting.id, item.id, done=done)
    if visit is not None:
        room.take(visit, done=done)
    room.child = None
    return Outcome(f"Item {room.type.number(item.id)}: {item.title}.", moved=True, whole=True)


def _next(room: Room, _entry: Entry) -> Outcome:
    following = room.neighbour(1)
    return Outcome(opens=Command.CLOSE) if following is None else move(room, following, done=True)


def _child(room: Room, entry: Entry) -> Outcome:
    room.child = entry.child
    child = room.child_named(entry.child)
    return Outcome(f"About {room.called(child) if child else 'all the children'} from now on.")


def _mention(name: str) -> str:
    """Return what is typed to name a child: one word, however much tells the child from the others."""
    return "@" + re.sub(r"\W+", "_", name).strip("_")


def _source(room: Room, entry: Entry) -> Outcome:
    said = [s for s in room.meeting.statements if s.item_id == room.item.id]
    if not said or not entry.text:
        raise NotUnderstood("Say where the last statement comes from, as in “/source GP letter of 3 December”.")
    last: Statement = said[-1]
    return _kept(room, entries.amend_statement(room.sitting, last.id, source=entry.text))


def _read(room: Room, _entry: Entry) -> Outcome:
    room.take(meetings.read_difference_statement(room.sitting, room.meeting.id))
    return Outcome("Noted as read aloud.", whole=True)


def _undo(room: Room, _entry: Entry) -> Outcome:
    return _reversed(room, undoing.undo, "Taken back")


def _redo(room: Room, _entry: Entry) -> Outcome:
    return _reversed(room, undoing.redo, "Done again")


def _reversed(room: Room, turn: Callable[..., str], what: str) -> Outcome:
    kind = turn(room.sitting, room.meeting.id)
    room.reload()
    room.note_saved()
    return Outcome(f"{what}: {_DONE.get(kind, kind)}.", whole=True)


def _close(_room: Room, _entry: Entry) -> Outcome:
    return Outcome(opens=Command.CLOSE)


_DONE = {
    "action.owned": "who does the action",
    "action.recorded": "the action",
    "attendance.arrived": "the arrival",
    "attendance.invited": "the invitation",
    "attendance.left": "the departure",
    "attendance.noted": "the note about who can decide",
    "attendance.substituted": "the substitution",
    "circumstance.said": "whether somebody else must be asked",
    "decision.made": "the decision",
    "difference.read": "that the statement was read aloud",
    "dissent.read-back": "that the words were read back",
    "dissent.recorded": "the dissent or reservation",
    "exclusion.asked": "the request to keep somebody out",
    "exclusion.back": "that somebody is back",
    "exclusion.heard": "how somebody is heard",
    "exclusion.left": "that somebody was asked to leave",
    "exclusion.noted": "the letter or the offer",
    "exclusion.ruled": "the chair's answer to a request",
    "gap.owned": "who finds out",
    "gap.recorded": "the gap",
    "prompt.answered": "the answer",
    "statement.amended": "the correction",
    "statement.recorded": "the statement",
    "view.recorded": "the view",
    "work.ended": "the outcome of the work",
    "work.gone-on": "that the work goes on",
    "work.planned": "the plan of the work",
    "work.step-added": "the step",
    "work.step-done": "that the step is done",
    "work.step-open": "that the step is not done after all",
}

_ACTS: dict[Command, Callable[[Room, Entry], Outcome]] = {
    Command.GAP: _gap,
    Command.ANSWER: _answer,
    Command.VIEW: _view,
    Command.DECISION: _decision,
    Command.DISSENT: _dissent,
    Command.RESERVATION: _dissent,
    Command.ACTION: _action,
    Command.ARRIVED: _arrived,
    Command.LEFT: _left,
    Command.SUBSTITUTE: _substitute,
    Command.JOIN: _join,
    Command.AUTHORITY: _authority,
    Command.ITEM: _item,
    Command.CHILD: _child,
    Command.SOURCE: _source,
    Command.READ: _read,
    Command.NEXT: _next,
    Command.UNDO: _undo,
    Command.REDO: _redo,
    Command.CLOSE: _close,
}
