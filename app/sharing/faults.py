"""Everything that is wrong with a record before any of it is taken in."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from app.models.base import Refused, required
from app.models.case import FURTHEST_BIRTH_DAYS, OLDEST_YEARS
from app.practice.closing import place
from app.practice.pack import MeetingType, Pack
from app.practice.words import legal_day
from app.sharing.course import ENTRIES, Entry, entries, moment, out_of_order, plan_lines
from app.sharing.fault import Fault
from app.sharing.record import FORMAT, VERSION
from app.sharing.wording import departures

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
MOST = 1000
PROCESS = "process"
_OF_A_DECISION = ("option", "reason", "decided_at", "departure", "on", "person", "detail", "grounds")
DAYS = frozenset({
    "born", "expected", "due", "on", "report_received", "started_on", "ended_on", "target", "report_asked",
    "invited_on", "letter_on", "received_on", "due_on", "closed_on",
})  # fmt: skip


def faults(record: Mapping[str, Any], pack: Pack) -> list[Fault]:
    """Return every fault, up to ``MOST``, in the form of a record and in how its parts and ``pack`` fit together.

    What the rules of a meeting ask for is found by the services when the record is taken in.
    """
    heading = _heading(record) or _partial(record)
    found = heading or departures(record) or list(_no_such_times("", record))
    if found:
        return found[:MOST]
    if record["pack"]["id"] != pack.id:
        return [Fault("pack.id", f'is not "{pack.id}", the pack of this program')]
    meeting_type = pack.meeting_type(record["meeting"]["type_id"])
    if meeting_type is None:
        return [Fault("meeting.type_id", "names a type of meeting that the pack does not have")]
    return [
        *_people(record),
        *_names(record),
        *_plans(record),
        *_agencies(record, pack),
        *_of_the_pack(record["meeting"], meeting_type),
        *_decided_twice(record["meeting"], meeting_type),
        *out_of_order(record["meeting"], meeting_type),
    ][:MOST]


def _heading(record: Mapping[str, Any]) -> list[Fault]:
    if record.get("format") != FORMAT:
        return [Fault("format", f'is not "{FORMAT}": this is not a record of a meeting')]
    version = record.get("version")
    if version is not True and version == VERSION:
        return []
    if isinstance(version, int) and version is not True and version > VERSION:
        return [Fault("version", f"is newer than {VERSION}, the one this program reads: use a newer program")]
    return [Fault("version", f"must be {VERSION}")]


def _partial(record: Mapping[str, Any]) -> list[Fault]:
    if "one_child" not in record:
        return []
    return [Fault("one_child", "says that this is the record of one child alone: take in the whole record")]


def _no_such_times(path: str, value: Any) -> Iterator[Fault]:
    """Give each date and moment that is on no calendar, such as the 30th of February."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _no_such_times(f"{path}[{number}]", each)
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        below = f"{path}.{name}" if path else name
        if name in DAYS or name.endswith("_at"):
            try:
                year = moment(each).year if name.endswith("_at") else date.fromisoformat(each).year
            except ValueError:
                yield Fault(below, "is on no calendar or clock")
                continue
            if not EARLIEST_YEAR <= year <= LATEST_YEAR:
                yield Fault(below, f"must lie between the years {EARLIEST_YEAR} and {LATEST_YEAR}")
        else:
            yield from _no_such_times(below, each)


def _people(record: Entry) -> Iterator[Fault]:
    """Give what is wrong with who the children and the family are."""
    meeting = record["meeting"]
    today = legal_day(moment(meeting.get("started_at", meeting["planned_at"])))
    for number, child in enumerate(record["case"]["children"]):
        path = f"case.children[{number}]"
        born, expected = (date.fromisoformat(child[n]) if n in child else None for n in ("born", "expected"))
        yield from _unreadable(path, child, "name")
        if born and (expected or child.get("sex") == "unborn"):
            yield Fault(f"{path}.born", "is given for a child who is said to be unborn")
        known = [event for event in record["case"].get("events", []) if event["kind"] == "birth"]
        if born and born > today and not any(event.get("child") == child["id"] for event in known):
            yield Fault(f"{path}.born", "is a date of birth after the day of the meeting")
        if born and today.year - born.year > OLDEST_YEARS:
            yield Fault(f"{path}.born", f"is more than {OLDEST_YEARS} years before the meeting, so this is no child")
        if expected and abs((expected - today).days) > FURTHEST_BIRTH_DAYS:
            yield Fault(f"{path}.expected", "is too far from the day of the meeting")
    for number, person in enumerate(record["case"].get("people", [])):
        yield from _unreadable(f"case.people[{number}]", person, "name")
        if "born" in person and date.fromisoformat(person["born"]) > today:
            yield Fault(f"case.people[{number}].born", "is a date of birth after the day of the meeting")


def _unreadable(path: str, entry: Entry, name: str) -> Iterator[Fault]:
    try:
        required(entry[name], "text.missing")
    except Refused as refused:
        yield Fault(f"{path}.{name}", "is too long" if refused.rule == "text.too-long" else "holds nothing to read")


def _names(record: Entry) -> Iterator[Fault]:
    """Give each key that stands twice, and each name of something the record does not have."""
    case, meeting = record["case"], record["meeting"]
    yield from _twice("case.children", case["children"])
    for name in ("attendances", "statements", "gaps", "decisions", "dissents", "actions", "exclusions"):
        yield from _twice(f"meeting.{name}", meeting.get(name, []))
    children = {child["id"] for child in case["children"]}
    yield from _unknown("meeting.children", meeting["children"], children, "a child of the case")
    for key, count in Counter(meeting["children"]).items():
        if count > 1:
            yield Fault("meeting.children", f'names "{key}" twice')
    there = {person["id"] for person in meeting.get("attendances", [])}
    said = {entry["id"] for entry in meeting.get("statements", []) if "id" in entry}
    for name, path, entry in entries(meeting):
        yield from _unreadable(path, entry, ENTRIES[name][1])
        yield from _unknown(f"{path}.child", [entry.get("child")], set(meeting["children"]), "a child of the meeting")
        for who in ("speaker", "dissenter"):
            yield from _unknown(f"{path}.{who}", [entry.get(who)], there, "an attendance")
        yield from _unknown(f"{path}.grounds", entry.get("grounds", []), said, "a statement")
        yield from _unknown(f"{path}.witnesses", entry.get("witnesses", []), there, "an attendance")
    for number, event in enumerate(case.get("events", [])):
        yield from _unreadable(f"case.events[{number}]", event, "text")
        yield from _unknown(f"case.events[{number}].child", [event.get("child")], children, "a child of the case")
    for number, request in enumerate(meeting.get("exclusions", [])):
        path = f"meeting.exclusions[{number}]"
        yield from _unreadable(path, request, "evidence")
        yield from _unknown(f"{path}.attendance", [request["attendance"]], there, "an attendance")
    for number, complaint in enumerate(meeting.get("complaints", [])):
        yield from _unreadable(f"meeting.complaints[{number}]", complaint, "about")
    yield from _asked_twice(meeting)


def _twice(path: str, listed: Collection[Entry]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, entry in enumerate(listed):
        key = entry.get("id")
        if key in seen:
            yield Fault(f"{path}[{number}].id", f'is "{key}", which another one has already')
        if key is not None:
            seen.add(key)


def _unknown(path: str, named: Collection[str | None], known: Collection[str], what: str) -> Iterator[Fault]:
    for key in named:
        if key is not None and key not in known:
            yield Fault(path, f'names "{key}", which is not {what} in this record')


def _plans(record: Entry) -> Iterator[Fault]:
    """Give what is wrong with the plans: lines of nothing, and a plan before the meeting that was made after it."""
    meeting, children = record["meeting"], set(record["meeting"]["children"])
    for number, plan in enumerate(record["case"].get("plans", [])):
        path = f"case.plans[{number}]"
        yield from _unknown(f"{path}.child", [plan["child"]], children, "a child of the meeting")
        if "started_at" in meeting and moment(plan["made_at"]) >= moment(meeting["started_at"]):
            yield Fault(f"{path}.made_at", "is not before the meeting started")
        if plan["standing"] == "ended":
            yield Fault(f"{path}.standing", "is that of no plan that stands")
    lines: dict[str, set[str]] = {}
    for path, text, line, plan in plan_lines(record):
        yield from _unreadable(path, line, text)
        lines.setdefault(plan["child"], set()).add(line["line"])
    for number, found in enumerate(meeting.get("progress", [])):
        known = lines.get(found["child"], set())
        yield from _unknown(f"meeting.progress[{number}].line", [found["line"]], known, "a line of the child's plan")


def _asked_twice(meeting: Entry) -> Iterator[Fault]:
    for name, question in (("answers", "prompt_id"), ("decisions", "question_id"), ("progress", "line")):
        seen: set[tuple[str, str | None]] = set()
        for number, entry in enumerate(meeting.get(name, [])):
            about = (entry[question], entry.get("child"))
            if about in seen:
                yield Fault(f"meeting.{name}[{number}]", "is the second on this question for this child")
            seen.add(about)


def _agencies(record: Entry, pack: Pack) -> Iterator[Fault]:
    meeting = record["meeting"]
    holders = [(f"meeting.attendances[{n}]", a) for n, a in enumerate(meeting.get("attendances", []))]
    holders += [(path, entry) for _, path, entry in entries(meeting)]
    holders += [(path, line) for path, _, line, _ in plan_lines(record)]
    holders += [
        (f"meeting.decisions[{number}].works[{order}]", work)
        for number, decision in enumerate(meeting.get("decisions", []))
        for order, work in enumerate(decision.get("works", []))
    ]
    known: dict[str, tuple[str, str]] = {}
    for path, holder in holders:
        agency = holder.get("agency")
        if agency is None:
            continue
        if pack.sector(agency["sector"]) is None:
            yield Fault(f"{path}.agency.sector", f'names "{agency["sector"]}", a kind of agency the pack does not have')
        yield from _unreadable(f"{path}.agency", agency, "name")
        same = (agency["sector"], agency["name"])
        if known.setdefault(agency.get("id", ""), same) != same and "id" in agency:
            yield Fault(f"{path}.agency.id", f'is "{agency["id"]}", which another agency has already')
    earlier: set[str] = set()
    for path, person in holders[: len(meeting.get("attendances", []))]:
        yield from _unreadable(path, person, "name")
        yield from _unknown(
            f"{path}.substitute_for", [person.get("substitute_for")], earlier, "an attendance earlier in the list"
        )
        earlier.add(person["id"])
    chairs = [path for path, person in holders if person.get("capacity") == "chair"]
    yield from (Fault(f"{path}.capacity", "makes a second chair") for path in chairs[1:])


def _of_the_pack(meeting: Entry, meeting_type: MeetingType) -> Iterator[Fault]:
    """Give each id that the pack does not have in this type of meeting."""
    prompts = {prompt.id: item.id for item in meeting_type.agenda for prompt in item.prompts}
    items = {item.id for item in meeting_type.agenda}
    triggers = {trigger.id for trigger in meeting_type.invites}
    yield from _not_in_pack("meeting.circumstances", meeting.get("circumstances", []), triggers, "an invitation")
    for number, visit in enumerate(meeting.get("visits", [])):
        yield from _not_in_pack(f"meeting.visits[{number}].item_id", [visit["item_id"]], items, "an agenda item")
    for name, path, entry in entries(meeting):
        yield from _not_in_pack(f"{path}.item_id", [entry.get("item_id")], items, "an agenda item")
        yield from _not_in_pack(f"{path}.prompt_id", [entry.get("prompt_id")], prompts, "a prompt")
        item = prompts.get(entry.get("prompt_id", ""))
        if item and entry.get("item_id", item) != item:
            yield Fault(f"{path}.item_id", f'is not "{item}", where the agenda has this prompt')
        asked = entry.get("question_id", PROCESS)
        if asked == PROCESS and name == "dissents":
            continue
        question = meeting_type.view(asked) if name == "views" else meeting_type.decision(asked)
        if question is None and "question_id" in entry:
            yield Fault(f"{path}.question_id", f'names "{asked}", a question that this type of meeting does not have')
        fixed = place(meeting_type, **({"view": asked} if name == "views" else {"decision": asked}))
        if question is not None and name != "dissents" and entry.get("item_id", fixed) != fixed:
            yield Fault(f"{path}.item_id", f'is not "{fixed}", where the agenda has this question')
        if question is not None and "option" in entry and question.option(entry["option"]) is None:
            yield Fault(f"{path}.option", f'names "{entry["option"]}", which is not one of the choices')


def _decided_twice(meeting: Entry, meeting_type: MeetingType) -> Iterator[Fault]:
    """Give each decision that is one for the whole meeting and is not the same for a second child."""
    first: dict[str, Entry] = {}
    for number, made in enumerate(meeting.get("decisions", [])):
        question = meeting_type.decision(made["question_id"])
        before = first.setdefault(made["question_id"], made)
        alike = all(made.get(name) == before.get(name) for name in _OF_A_DECISION)
        if question is not None and not question.per_child and not alike:
            yield Fault(f"meeting.decisions[{number}]", "is not the same as for the others: it is decided once for all")


def _not_in_pack(path: str, named: Collection[str | None], known: Collection[str], what: str) -> Iterator[Fault]:
    for key in named:
        if key is not None and key not in known:
            yield Fault(path, f'names "{key}", {what} that this type of meeting does not have')
