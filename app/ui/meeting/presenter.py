"""What the meeting workspace shows, in words: no Qt, and nothing here changes the record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.models.action import Action
from app.models.answer import Answer
from app.models.attendance import Attendance, Authority, Invitation
from app.models.base import Base
from app.models.case import Child
from app.models.decision import Decision
from app.models.dissent import Dissent
from app.models.gap import Gap, GapState
from app.models.statement import Kind, Statement
from app.models.view import View
from app.practice import origins
from app.practice.agenda import Progress, Step, forecast, steps
from app.practice.closing import blocks_closing
from app.practice.hearing import counted, has_spoken, latest, tally
from app.practice.quorum import quorum
from app.practice.rule import Rule
from app.practice.words import clock, day, listed
from app.ui.meeting.room import Room

_PROGRESS = {
    Progress.NOT_STARTED: "",
    Progress.OPEN: "open",
    Progress.LEFT_OPEN: "left open",
    Progress.DONE: "done",
}


@dataclass(frozen=True, slots=True)
class Top:
    """The line above everything: the quorum, the place on the agenda, and who may read this."""

    quorum: str
    quorate: bool
    where: str
    saved: str
    marking: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: what it is about, what it says, and whether it stands out."""

    key: str
    text: str
    strong: bool = False
    record_id: UUID | None = None


def top(room: Room) -> Top:
    """Return what stands above the panes."""
    state = quorum(room.meeting, room.type, room.pack, room.now)
    words = state.words if state.quorate else state.words.replace("Not quorate", "NOT QUORATE", 1)
    number, count = room.type.number(room.item.id), len(room.type.agenda)
    finish = clock(forecast(room.meeting, room.type, room.now))
    restricted = room.type.restricted_default or any(s.restricted for s in room.meeting.statements)
    return Top(
        words,
        state.quorate,
        f"Item {number} of {count}, finish about {finish}" if room.meeting.open else f"Item {number} of {count}",
        f"Saved {room.saved}" if room.saved else "",
        "Restricted" if restricted else room.marking,
    )


def rail(room: Room, mend: str) -> list[Line]:
    """Return the agenda, each item with how far it is; the last one says how much there is to ``mend``."""
    lines = []
    for step in steps(room.meeting, room.type, room.now):
        words = [_PROGRESS[step.progress], spent(step)]
        if step.number == len(room.type.agenda) and room.meeting.open:
            words.append(mend)
        said = ", ".join(word for word in words if word)
        lines.append(
            Line(
                step.item.id,
                f"{step.number}  {step.item.title}" + (f": {said}" if said else ""),
                step.progress is Progress.OPEN,
            )
        )
    return lines


def to_mend(room: Room) -> str:
    """Return how much still keeps the meeting open, in words."""
    count = len(blocks_closing(room.meeting, room.type, room.pack, room.now))
    return f"{count} to mend" if count else "nothing to mend"


def spent(step: Step) -> str:
    """Return the time an item has taken and was given."""
    planned = round(step.planned.total_seconds() / 60)
    if step.progress is Progress.NOT_STARTED:
        return f"{planned} min" if planned else ""
    taken = int(step.spent.total_seconds() // 60)
    return f"{taken} of {planned} min" if planned else f"{taken} min"


def item_heading(room: Room) -> tuple[str, str]:
    """Return the title of the item and the time it has taken."""
    step = next(s for s in steps(room.meeting, room.type, room.now) if s.item.id == room.item.id)
    return f"{step.number}  {step.item.title}", spent(step)


def chosen(room: Room, decision: Decision | None) -> str:
    """Return what was decided, in words."""
    if decision is None:
        return "not decided"
    question = room.type.decision(decision.question_id)
    option = question.option(decision.option) if question else None
    label = option.label if option else decision.option
    return label if decision.quorate else f"{label} ({room.pack.words('marking', 'inquorate')})"


def views_of(room: Room, question_id: str) -> list[str]:
    """Return for each child how many agencies gave their view on a question, and which did not; alike ones together."""
    question = room.type.view(question_id)
    if question is None:
        return []
    agencies = counted(room.meeting, room.pack)
    found: dict[str, list[str]] = {}
    if not agencies:
        return []
    views = [(v.child.id, v.agency.id) for v in room.meeting.views if v.question_id == question_id]
    for child in room.meeting.children:
        given = {agency for about, agency in views if about == child.id}
        missing = [a.label for a in agencies if a.id not in given]
        fall = tally(room.meeting, question, child, room.pack).words if given else ""
        words = f"{len(agencies) - len(missing)} of {len(agencies)}"
        words += f", missing {listed(missing)}" if missing else f" ({fall})" if fall else ""
        found.setdefault(words, []).append(room.called(child))
    if len(found) == 1 and len(room.meeting.children) > 1:
        return [f"Each child: {words}" for words in found]
    return [f"{listed(names)}: {words}" for words, names in found.items()]


def round_table(room: Room) -> list[Line]:
    """Return who is invited, each with what they are doing in words."""
    return [
        Line(str(person.position), f"{person.position}  {_called(person)}: {presence(room, person)}",
             person.id == room.speaker, person.id)
        for person in room.meeting.attendances
    ]  # fmt: skip


def _called(person: Attendance) -> str:
    chairs = (", chair" if person.chairs else "") + _deciding(person)
    return f"{person.agency.label}, {person.name}{chairs}" if person.agency else f"{person.name}{chairs}"


def _deciding(person: Attendance) -> str:
    return {Authority.YES: ", can decide", Authority.NO: ", cannot decide"}.get(person.authority, "")


def presence(room: Room, person: Attendance) -> str:
    """Return whether somebody is here, since when, and whether they have been heard on this item."""
    here = person.here
    if here is not None:
        heard = "speaking" if person.id == room.speaker else ""
        heard = heard or ("has spoken" if has_spoken(room.meeting, person, room.item.id) else "not heard on this item")
        return f"{heard}, here since {clock(here.arrived_at)}"
    if person.presences:
        last = max(p.left_at for p in person.presences if p.left_at is not None)
        return f"left {clock(last)}"
    if person.invitation is Invitation.APOLOGIES:
        return "sent apologies"
    return "not here" if person.invitation is Invitation.INVITED else "not invited"


def speaking(room: Room) -> str:
    """Return for whom and as what the next line will be recorded."""
    person = room.person(room.speaker)
    words = [room.who(person) if person else "Nobody named"]
    if room.kind is not Kind.FACT:
        words.append(room.pack.words("kind", room.kind).lower())
    if room.restricted:
        words.append("restricted")
    child = room.child_named(room.child)
    about = f" about {room.called(child)}" if child else ""
    return ", ".join(words) + about + " >"


def stream(room: Room) -> list[Line]:
    """Return what was recorded under this item, in the order it happened."""
    found = sorted(_recorded(room), key=lambda record: (_at(record), str(record.id)))
    return [line_of(room, record) for record in found]


Recorded = Statement | Gap | Answer | View | Decision | Dissent | Action


def is_recorded(record: Base) -> bool:
    """Return whether a record is one that the stream shows."""
    return isinstance(record, Recorded)


def _recorded(room: Room) -> Iterator[Recorded]:
    meeting, item_id = room.meeting, room.item.id
    lists: tuple[Iterable[Recorded], ...] = (
        meeting.statements, meeting.gaps, meeting.answers, meeting.views, meeting.decisions, meeting.dissents,
        meeting.actions,
    )  # fmt: skip
    for records in lists:
        yield from (record for record in records if record.item_id == item_id)


def find(room: Room, record_id: UUID | None) -> Recorded | None:
    """Return the entry of this item with that id."""
    return next((record for record in _recorded(room) if record.id == record_id), None)


def _at(record: Recorded) -> datetime:
    match record:
        case Statement():
            return record.said_at
        case Gap():
            return record.noticed_at
        case Answer():
            return record.answered_at
        case View():
            return record.given_at
        case Decision():
            return record.decided_at
        case Dissent():
            return record.raised_at
        case Action():
            return record.agreed_at


def line_of(room: Room, record: Recorded) -> Line:
    """Return the row of the stream for an entry."""
    who, kind, text = _words(room, record)
    child = record.child
    tail = f"  ({room.called(child)})" if child is not None else ""
    said = "  ".join(part for part in (clock(_at(record)), who, kind, text) if part)
    return Line(str(record.id), said + tail, record_id=record.id)


def _words(room: Room, record: Recorded) -> tuple[str, str, str]:
    match record:
        case Statement():
            marks = [room.pack.words("kind", record.kind).lower()]
            marks += ["RESTRICTED"] if record.restricted else []
            source = f"  [source: {record.source}]" if record.source else ""
            number = room.meeting.statements.index(record) + 1
            return room.who(record.speaker), ", ".join(marks), f"{record.text}{source}  [{number}]"
        case Gap():
            return "", "GAP", f"{record.question}  [{_owner_of_gap(room, record)}]"
        case Answer():
            prompts = [p.id for p in room.item.prompts]
            number = prompts.index(record.prompt_id) + 1 if record.prompt_id in prompts else 0
            return "", f"ANSWER to {number}", record.text
        case View():
            later = f", round {record.round}" if record.round > 1 else ""
            return record.agency.label, f"VIEW{later}", f"{_position(room, record)}: {record.reason}"
        case Decision():
            departs = f" Departs from the view of most: {record.departure}" if record.departure else ""
            text = f"{chosen(room, record)}{_likeness(room, record)}. {record.reason}{_extra(record)}{departs}"
            return "", f"DECISION {record.question_id}", text
        case Dissent():
            read = "" if record.read_back_at else "  [not read back yet]"
            kind = room.pack.words("dissent_kind", record.kind).upper()
            return room.who(record.dissenter), kind, f"“{record.words}”{read}"
        case Action():
            return "", "ACTION", f"{record.text}  [{_owner(record.agency, record.owner, record.due)}]"


def _position(room: Room, view: View) -> str:
    question = room.type.view(view.question_id)
    option = question.option(view.option) if question else None
    return option.label if option else view.option


def _likeness(room: Room, decision: Decision) -> str:
    """Return for which child it was decided so before, and what is different for this one."""
    like = decision.likeness
    return f", AS FOR {room.called(like.child).upper()} (but: {like.differs.rstrip('.')})" if like else ""


def _extra(decision: Decision) -> str:
    parts = [day(decision.on) if decision.on else "", decision.person, decision.detail]
    said = "; ".join(part for part in parts if part)
    return f" [{said}]" if said else ""


def _owner_of_gap(room: Room, gap: Gap) -> str:
    if gap.state is GapState.ANSWERED:
        return f"answered: {gap.answer}"
    state = room.pack.words("gap", gap.state).lower()
    whom = _owner(gap.agency, gap.owner, gap.due) if gap.owned else "nobody yet"
    return f"{state} of {whom}" if gap.state is GapState.ASKED else f"{state}, {whom}"


def _owner(agency: object, owner: str, due: date | None) -> str:
    label = getattr(agency, "label", "")
    named = " ".join(part for part in (label, f"({owner})" if label and owner else owner) if part)
    return ", ".join(part for part in (named or "no owner yet", day(due) if due else "no date yet") if part)


def origin(room: Room, rule: Rule) -> str:
    """Return where a rule of the meeting's pack comes from, how binding it is, and when that was last looked at."""
    return origins.origin(rule, room.pack)


def decided_views(room: Room, decision_id: str, child: Child) -> str:
    """Return how the agencies see what is to be decided for a child, marked as advice to the chair."""
    lines = []
    for question in room.type.views:
        if question.decision == decision_id:
            fall = tally(room.meeting, question, child, room.pack)
            given = [v for v in latest(room.meeting.views) if v.child.id == child.id and v.question_id == question.id]
            each = "; ".join(f"{v.agency.label}: {_position(room, v)}" for v in given)
            lines.append(f"{room.pack.words('opening', 'tally')}: {fall.words}" + (f" ({each})" if each else ""))
    return " ".join(lines)
