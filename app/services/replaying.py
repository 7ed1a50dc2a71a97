"""Plays a record again, act by act in order of time, so that it obeys the rules it would have obeyed when typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import count, pairwise
from typing import Any
from uuid import UUID

from app.models.attendance import Authority, Capacity, Invitation
from app.models.base import Refused, tidy
from app.models.case import Fact, Responsibility, Sex
from app.models.meeting import Method
from app.practice.finding import fill
from app.services import (
    carrying_on,
    cases,
    concluding,
    deciding,
    meetings,
    retelling_conduct,
    retelling_events,
    retelling_family,
    table,
)
from app.services.retelling import RETELL, Entry, OutOfStep, RefusedBefore, Told, day
from app.services.retelling_plan import RETELL_PLANS, stood_before
from app.services.sitting import Sitting
from app.sharing.course import ENTRIES, entries, moment
from app.sharing.fault import Fault

# What happens at one moment happens in this order: people and items first, so that everything else finds them there.
ORDER = (
    "events", "start", "resume", "presences", *retelling_family.KINDS, "visits", "difference", "declarations",
    "statements", "gaps", "answers", "views", "quorum_answers", "decisions",
    "plans", "progress", "actions", "done", "dissents", "read-back", "adjourn",
)  # fmt: skip
NOTED = frozenset({"report_received", "report_shared", "invited_on", "report_asked", "takes_part"})
UNNAMED = {"who": "this person", "child": "this child"}
EVERY = {**RETELL, **RETELL_PLANS}
_ID_BYTES = 8
_COUNTED_BYTES = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the record: when it was, its kind in ``ORDER``, where it stands, and what carries it out."""

    at: datetime
    kind: str
    path: str
    act: Callable[[Sitting], object]


@dataclass(slots=True)
class Replay:
    """One record on its way in. ``faults`` holds what the rules refused; the caller then keeps nothing of it."""

    sitting: Sitting
    record: Entry
    faults: list[Fault] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    _made: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sitting = replace(self.sitting, chance=in_order(self.sitting.chance))

    @property
    def said(self) -> Entry:
        """What the record says of the meeting itself."""
        meeting: Entry = self.record["meeting"]
        return meeting

    def play(self, case_id: UUID | None, children: Mapping[str, UUID]) -> UUID:
        """Return the id of the new meeting.

        ``case_id`` is the case the store has already, ``children`` its children by their keys in the file.
        """
        self.told.ids = {("children", key): child_id for key, child_id in children.items()}
        beginning = self.sitting.when(beginning_of(self.said))
        self._attempt("meeting", partial(self._prepare, beginning, case_id))
        if not self.faults:
            for number, plan in enumerate(self.record["case"].get("plans", [])):
                stood = partial(stood_before, self.told, self.sitting.when(moment(plan["made_at"])), plan)
                self._attempt(f"case.plans[{number}]", stood)
            for number, person in enumerate(self.said.get("attendances", [])):
                self._attempt(f"meeting.attendances[{number}]", partial(self._invite, beginning, person))
            for step in sorted(self._steps(), key=lambda step: (step.at, ORDER.index(step.kind))):
                self._attempt(step.path, partial(step.act, self.sitting.when(step.at)))
        if "concluded_at" in self.said and not self.faults:
            self._conclude(self.sitting.when(moment(self.said["concluded_at"])))
        if not self.faults:
            self._go_on_afterwards()
        return self.told.meeting_id

    def _go_on_afterwards(self) -> None:
        said = self.said
        latest = max((step.at for step in self._steps()), default=moment(said["planned_at"]))
        end = moment(said["concluded_at"]) if "concluded_at" in said else latest
        for at, path, act in retelling_events.noted(self.told, self.record["case"]):
            if at > end:
                self._attempt(path, partial(act, self.sitting.when(at)))
        for path, act in retelling_family.afterwards(self.told, said, self._made, end):
            self._attempt(path, partial(act, self.sitting))

    def _attempt(self, path: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Refused as refused:
            # the path says who is meant; a fault never repeats a name
            words = {name: UNNAMED.get(name, word) for name, word in refused.words.items()}
            self.faults.append(Fault(path, fill(self.sitting.pack.words("refusal", refused.rule), words)))
        except OutOfStep as why:
            self.faults.append(Fault(path, str(why)))
        except RefusedBefore:
            pass

    def _prepare(self, sitting: Sitting, known: UUID | None) -> None:
        """Make the case where the store has none, add the people it does not know, and prepare the meeting."""
        told, said = self.record["case"], self.said
        case_id = known or cases.open_case(sitting, told["reference"]).id
        for child in told["children"]:
            if ("children", child["id"]) not in self.told.ids:
                facts = retelling_events.before_its_birth(child, _facts(child), sitting.now())
                added = cases.add_child(sitting, case_id, child["name"], **facts)
                self.told.keep("children", child, added.id)
        there = {(person.name, person.relation) for person in cases.load_case(sitting, case_id).people}
        for person in told.get("people", []):
            if (tidy(person["name"]), tidy(person.get("relation", ""))) not in there:
                cases.add_person(sitting, case_id, person["name"], **_facts(person))
        self.told.meeting_id = meetings.prepare(
            sitting,
            case_id,
            said["type_id"],
            [self.told.named("children", key) for key in said["children"]],
            planned_at=moment(said["planned_at"]),
            method=Method(said.get("method", Method.TELEPHONE)),
            venue=said.get("venue", ""),
            reason=said.get("reason", ""),
            circumstances=said.get("circumstances", ()),
            reference=said["reference"],
            follows=retelling_conduct.followed(sitting, known, said),
            in_turn=False,
            converted=said.get("following", {}).get("converted", False),
        ).id

    def _invite(self, sitting: Sitting, person: Entry) -> None:
        agency = person.get("agency", {})
        seated = table.invite(
            sitting,
            self.told.meeting_id,
            person["name"],
            sector=agency.get("sector", ""),
            agency=agency.get("name", ""),
            role=person.get("role", ""),
            capacity=Capacity(person.get("capacity", Capacity.PRACTITIONER)),
            authority=Authority(person.get("authority", Authority.NOT_ASKED)),
            invitation=Invitation(person.get("invitation", Invitation.INVITED)),
            note=person.get("note", ""),
            substitute_for=self.told.maybe("attendances", person.get("substitute_for")),
        )
        self.told.keep("attendances", person, seated.id)
        if seated.agency_id is not None:
            self.told.keep_agency(agency, seated.agency_id)
        if not NOTED.isdisjoint(person):
            table.note_attendance(
                sitting,
                seated.id,
                report_received=day(person, "report_received"),
                report_shared=person.get("report_shared"),
                invited_on=day(person, "invited_on"),
                report_asked=day(person, "report_asked"),
                takes_part=person.get("takes_part"),
            )

    def _steps(self) -> Iterator[Step]:
        said = self.said
        for at, path, act in retelling_events.noted(self.told, self.record["case"]):
            if "concluded_at" not in said or at <= moment(said["concluded_at"]):
                yield Step(at, "events", path, act)
        if "started_at" in said:
            yield Step(moment(said["started_at"]), "start", "meeting.started_at", partial(self._of_meeting, "start"))
        for number, person in enumerate(said.get("attendances", [])):
            yield from self._stays(f"meeting.attendances[{number}].presences", person)
        yield from self._way()
        if "difference_read_at" in said:
            act = partial(self._of_meeting, "read_difference_statement")
            yield Step(moment(said["difference_read_at"]), "difference", "meeting.difference_read_at", act)
        yield from (Step(*step) for step in retelling_family.steps(self.told, said))
        yield from (Step(*step) for step in retelling_conduct.steps(self.told, said))
        for name, path, entry in entries(said):
            yield Step(moment(entry[ENTRIES[name][0]]), name, path, partial(self._retell, name, path, entry))
            if "read_back_at" in entry:
                yield Step(moment(entry["read_back_at"]), "read-back", path, partial(self._read_back, path))
            if "done_at" in entry:
                yield Step(moment(entry["done_at"]), "done", path, partial(self._finish, path))

    def _stays(self, path: str, person: Entry) -> Iterator[Step]:
        for number, stay in enumerate(person.get("presences", [])):
            here = f"{path}[{number}]"
            yield Step(moment(stay["arrived_at"]), "presences", here, partial(self._move, table.arrive, person["id"]))
            # whoever stayed to the end leaves by its conclusion: were they gone before it, they would be missing
            if "left_at" in stay and not self._is_end(stay["left_at"]):
                yield Step(moment(stay["left_at"]), "presences", here, partial(self._move, table.leave, person["id"]))

    def _way(self) -> Iterator[Step]:
        """Give the way through the agenda; starting opens the first item, and time between visits is a break."""
        visits = self.said.get("visits", [])
        for number, (before, after) in enumerate(pairwise(visits), 1):
            path, opened = f"meeting.visits[{number}]", moment(after["opened_at"])
            if "left_at" in before and moment(before["left_at"]) < opened:
                yield Step(moment(before["left_at"]), "adjourn", path, partial(self._of_meeting, "adjourn"))
                yield Step(opened, "resume", path, partial(self._of_meeting, "resume"))
            else:
                done = before.get("done", False)
                yield Step(opened, "visits", path, partial(self._open_item, after["item_id"], done))
        if visits and "left_at" in visits[-1] and "concluded_at" not in self.said:
            path, left = f"meeting.visits[{len(visits) - 1}]", moment(visits[-1]["left_at"])
            yield Step(left, "adjourn", path, partial(self._of_meeting, "adjourn"))

    def _is_end(self, at: str) -> bool:
        return "concluded_at" in self.said and moment(at) == moment(self.said["concluded_at"])

    def _of_meeting(self, act: str, sitting: Sitting) -> None:
        OF_MEETING[act](sitting, self.told.meeting_id)

    def _open_item(self, item_id: str, done: bool, sitting: Sitting) -> None:
        meetings.open_item(sitting, self.told.meeting_id, item_id, done=done)

    def _move(self, act: Callable[[Sitting, UUID], object], key: str, sitting: Sitting) -> None:
        act(sitting, self.told.named("attendances", key))

    def _retell(self, name: str, path: str, entry: Entry, sitting: Sitting) -> None:
        made = EVERY[name](self.told, sitting, entry)
        self.told.keep(name, entry, made)
        self._made[path] = made

    def _read_back(self, path: str, sitting: Sitting) -> None:
        if path in self._made:
            deciding.read_back(sitting, self._made[path])

    def _finish(self, path: str, sitting: Sitting) -> None:
        if path in self._made:
            carrying_on.finish(sitting, self.told.meeting_id, self._made[path])

    def _conclude(self, sitting: Sitting) -> None:
        """Conclude with the chair's reasons; every finding without one is a fault, and so is a reason for none."""
        given = {(c["rule"], c.get("subject", "")): (n, c) for n, c in enumerate(self.said.get("clearances", []))}
        reasons: dict[tuple[str, str], str] = {}
        for finding in concluding.blocks(sitting, self.told.meeting_id):
            _, reason = given.pop((finding.rule, self.told.in_file(finding.subject)), (0, {}))
            if reason:
                reasons[finding.rule, finding.subject] = reason["reason"]
            else:
                what = f'the rule "{finding.rule}" for "{self.told.in_file(finding.subject)}"'
                self.faults.append(Fault("meeting.clearances", f"gives no reason, and {what} keeps the meeting open"))
        for number, _ in given.values():
            self.faults.append(Fault(f"meeting.clearances[{number}]", "gives a reason for what no rule asks"))
        if not self.faults:
            act = partial(concluding.conclude, sitting, self.told.meeting_id, reasons)
            self._attempt("meeting.concluded_at", act)


OF_MEETING: Mapping[str, Callable[[Sitting, UUID], object]] = {
    "start": meetings.start,
    "adjourn": meetings.adjourn,
    "resume": meetings.resume,
    "read_difference_statement": meetings.read_difference_statement,
}


def beginning_of(meeting: Entry) -> datetime:
    """Return the first moment a record knows of: people are told of and invited by then."""
    stays = [stay["arrived_at"] for person in meeting.get("attendances", []) for stay in person.get("presences", [])]
    asked = [request["asked_at"] for request in meeting.get("exclusions", [])]
    answered = [answer["answered_at"] for answer in meeting.get("answers", [])]
    known = (meeting["planned_at"], meeting.get("started_at", meeting["planned_at"]), *stays, *asked, *answered)
    return min(moment(at) for at in known)


def in_order(chance: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return chance whose ids sort in the order they are asked for, also where many are made for one moment."""
    numbers = count(1)

    def counted(length: int) -> bytes:
        if length != _ID_BYTES:
            return chance(length)
        return next(numbers).to_bytes(_COUNTED_BYTES, "big") + chance(length - _COUNTED_BYTES)

    return counted


def _facts(said: Entry) -> dict[str, Fact]:
    """Return what a record says of a child or a person as the facts of the record it becomes."""
    kinds: Mapping[str, Callable[[Any], Fact]] = {
        "born": date.fromisoformat,
        "expected": date.fromisoformat,
        "sex": Sex,
        "responsibility": Responsibility,
    }
    return {name: kinds.get(name, _as_it_is)(value) for name, value in said.items() if name not in {"id", "name"}}


def _as_it_is(value: Fact) -> Fact:
    return value
