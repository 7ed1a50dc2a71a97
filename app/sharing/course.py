"""The course of a meeting as a record tells it: what happened when, and what cannot have happened in that order."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from app.models.meeting import State
from app.practice.agenda import beforehand
from app.practice.pack import MeetingType
from app.sharing.fault import Fault

Entry = Mapping[str, Any]
# each list of entries, the moment of an entry, and the text that must hold something to read
ENTRIES: Mapping[str, tuple[str, str]] = {
    "statements": ("said_at", "text"),
    "gaps": ("noticed_at", "question"),
    "answers": ("answered_at", "text"),
    "views": ("given_at", "reason"),
    "decisions": ("decided_at", "reason"),
    "plans": ("made_at", "category"),
    "progress": ("noted_at", "done"),
    "dissents": ("raised_at", "words"),
    "actions": ("agreed_at", "text"),
}


def moment(written: str) -> datetime:
    """Return the moment a record says; raises ValueError where there is no such moment."""
    return datetime.fromisoformat(written)


# the lists of a plan, each with the text of an entry that must hold something to read
PLAN_LISTS: Mapping[str, str] = {
    "dangers": "text",
    "bottom_lines": "text",
    "outcomes": "text",
    "steps": "text",
    "contingencies": "text",
    "core_group": "name",
}


def plan_lines(record: Entry) -> Iterator[tuple[str, str, Entry, Entry]]:
    """Give each line of every plan of a record: its path, the text that must hold something, the line and its plan."""
    for place in ("case", "meeting"):
        for number, plan in enumerate(record[place].get("plans", [])):
            for name, text in PLAN_LISTS.items():
                for order, line in enumerate(plan.get(name, [])):
                    yield f"{place}.plans[{number}].{name}[{order}]", text, line, plan


def entries(meeting: Entry) -> Iterator[tuple[str, str, Entry]]:
    """Give each entry of a meeting with the name of its list and its path."""
    for name in ENTRIES:
        for number, entry in enumerate(meeting.get(name, [])):
            yield name, f"meeting.{name}[{number}]", entry


def out_of_order(meeting: Entry, meeting_type: MeetingType) -> Iterator[Fault]:
    """Give what happens out of order, or outside the meeting."""
    yield from _state(meeting)
    yield from _times(meeting, meeting_type)
    yield from _exclusions(meeting)
    yield from _visits(meeting, meeting_type)


def _answered_early(meeting: Entry, meeting_type: MeetingType) -> set[str]:
    """Return where answers stand that were given to what is settled with the family before a meeting starts."""
    item, started = beforehand(meeting_type), meeting.get("started_at")
    asked = {prompt.id for prompt in item.prompts} if item else set()
    return {
        f"{path}.answered_at"
        for name, path, entry in entries(meeting)
        if name == "answers"
        and entry["prompt_id"] in asked
        and (started is None or moment(entry["answered_at"]) < moment(started))
    }


def _times(meeting: Entry, meeting_type: MeetingType) -> Iterator[Fault]:
    started, concluded = (moment(meeting[n]) if n in meeting else None for n in ("started_at", "concluded_at"))
    if concluded and (started is None or concluded < started):
        yield Fault("meeting.concluded_at", "is not after the meeting started")
        return
    for number, person in enumerate(meeting.get("attendances", [])):
        path = f"meeting.attendances[{number}].presences"
        stays = person.get("presences", [])
        for order, stay in enumerate(stays):
            ends = moment(stay.get("left_at", stay["arrived_at"]))
            if ends < moment(stay["arrived_at"]):
                yield Fault(f"{path}[{order}].left_at", "is before the person arrived")
            if concluded and ends > concluded:
                yield Fault(f"{path}[{order}]", "goes on after the meeting was concluded")
        for order, (before, after) in enumerate(pairwise(stays), 1):
            if "left_at" not in before or moment(before["left_at"]) > moment(after["arrived_at"]):
                yield Fault(f"{path}[{order}].arrived_at", "is before the person left the time before")
    happened = [(f"{path}.{ENTRIES[name][0]}", entry[ENTRIES[name][0]]) for name, path, entry in entries(meeting)]
    early = _answered_early(meeting, meeting_type)
    happened = [(path, at) for path, at in happened if path not in early]
    happened += [(f"{p}.read_back_at", e["read_back_at"]) for _, p, e in entries(meeting) if "read_back_at" in e]
    happened += [("meeting.difference_read_at", meeting[n]) for n in ("difference_read_at",) if n in meeting]
    for path, at in happened:
        if started is None:
            yield Fault(path, "is given, and the meeting has not started")
        elif moment(at) < started or (concluded and moment(at) > concluded):
            yield Fault(path, "is outside the time of the meeting")
    yield from _later_than_it_rests_on(meeting)


def _later_than_it_rests_on(meeting: Entry) -> Iterator[Fault]:
    said = {entry["id"]: moment(entry["said_at"]) for entry in meeting.get("statements", []) if "id" in entry}
    for number, decision in enumerate(meeting.get("decisions", [])):
        for key in decision.get("grounds", []):
            if key in said and said[key] > moment(decision["decided_at"]):
                yield Fault(f"meeting.decisions[{number}].grounds", f'names "{key}", which was said only later')
    for number, dissent in enumerate(meeting.get("dissents", [])):
        if "read_back_at" in dissent and moment(dissent["read_back_at"]) < moment(dissent["raised_at"]):
            yield Fault(f"meeting.dissents[{number}].read_back_at", "is before the dissent was raised")


def _exclusions(meeting: Entry) -> Iterator[Fault]:
    """Give what cannot be of a request to keep somebody out: it is asked, answered, and only then carried out."""
    for number, request in enumerate(meeting.get("exclusions", [])):
        path = f"meeting.exclusions[{number}]"
        if (request.get("ruling", "asked") == "asked") is ("ruled_at" in request):
            yield Fault(f"{path}.ruled_at", "does not fit whether the chair has answered")
        known = [(name, moment(request[name])) for name in _IN_TURN if name in request]
        for (_, before), (name, after) in pairwise(known):
            if after < before:
                yield Fault(f"{path}.{name}", "is before what must come first")
        if "concluded_at" in meeting and known[-1][1] > moment(meeting["concluded_at"]):
            yield Fault(f"{path}.{known[-1][0]}", "is after the meeting was concluded")


_IN_TURN = ("asked_at", "ruled_at", "left_at", "back_at")


def _state(meeting: Entry) -> Iterator[Fault]:
    match meeting.get("state"):
        case None:
            return
        case State.PREPARED:
            fits = "started_at" not in meeting
        case State.IN_SESSION | State.ADJOURNED as state:
            paused = "left_at" in (meeting.get("visits") or [{}])[-1]
            running = "started_at" in meeting and "concluded_at" not in meeting
            fits = running and paused is (state == State.ADJOURNED)
        case _:
            fits = "concluded_at" in meeting
    if not fits:
        yield Fault("meeting.state", "does not fit the times of the meeting and of its last visit to an item")


def _visits(meeting: Entry, meeting_type: MeetingType) -> Iterator[Fault]:
    visits = meeting.get("visits", [])
    if not visits:
        return
    first, last, end = meeting_type.agenda[0].id, len(visits) - 1, meeting.get("concluded_at")
    if visits[0]["item_id"] != first:
        yield Fault("meeting.visits[0].item_id", f'is not "{first}", the item every meeting of this type starts with')
    if "started_at" not in meeting or moment(visits[0]["opened_at"]) != moment(meeting["started_at"]):
        yield Fault("meeting.visits[0].opened_at", "is not the moment the meeting started")
    if end and moment(visits[last].get("left_at", end)) != moment(end):
        yield Fault(f"meeting.visits[{last}].left_at", "is not the moment the meeting was concluded")
    for number, visit in enumerate(visits):
        if "left_at" not in visit and number != last:
            yield Fault(f"meeting.visits[{number}].left_at", "is missing, and the meeting went on to another item")
        if "left_at" in visit and moment(visit["left_at"]) < moment(visit["opened_at"]):
            yield Fault(f"meeting.visits[{number}].left_at", "is before the item was opened")
    for number, (before, after) in enumerate(pairwise(visits), 1):
        yield from _next(f"meeting.visits[{number}]", before, after)


def _next(path: str, before: Entry, after: Entry) -> Iterator[Fault]:
    """Give what is wrong with one visit after another; where time lies between them, the meeting was adjourned."""
    opened = moment(after["opened_at"])
    left = moment(before.get("left_at", after["opened_at"]))
    same = before["item_id"] == after["item_id"]
    if opened < left:
        yield Fault(f"{path}.opened_at", "is before the item before it was left")
    elif opened == left and same:
        yield Fault(f"{path}.item_id", "is the item the meeting was on already")
    elif opened > left and not same:
        yield Fault(f"{path}.item_id", "is not the item at which the meeting paused")
