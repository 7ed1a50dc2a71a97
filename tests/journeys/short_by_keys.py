"""A record of a meeting as the key presses a quick user makes to bring it into being in the window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import resources
from app.practice.pack import MeetingType, Pack
from app.practice.questions import DecisionQuestion
from app.practice.reading import files_of, read_files
from tests.journeys.strokes import Stroke, Words, keys, line

Part = Mapping[str, Any]
NEXT = keys("ctrl+Return")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of the record with its place in the meeting and when it was said."""

    item_id: str
    at: str
    kind: str
    part: Part


def england() -> Pack:
    """The pack that the samples are written for."""
    return read_files(files_of(resources.folder("packs", "england")))


def typed_day(iso: str) -> str:
    """A day as it is typed: 11.12.2026."""
    day = date.fromisoformat(iso)
    return f"{day.day}.{day.month}.{day.year}"


class ByKeys:
    """Turns a record into presses, part by part; each part waits for nothing but what is on the screen before it."""

    def __init__(self, record: Part, pack: Pack) -> None:
        self.case, self.meeting, self.pack = record["case"], record["meeting"], pack
        found = pack.meeting_type(self.meeting["type_id"])
        if found is None:
            raise ValueError("the pack has no such type of meeting")
        self.type: MeetingType = found
        self.people: list[Part] = sorted(self.meeting["attendances"], key=lambda a: a.get("capacity") != "chair")
        self._numbers = {person["id"]: place for place, person in enumerate(self.people, 1)}
        self._speaker = ""
        self._about_child = False

    def chair(self) -> list[Stroke]:
        """Who signs: asked once, when a store is new."""
        chair = self.people[0]
        role = self._role(chair)
        return [stroke for text in (chair["name"], role, chair["agency"]["name"]) for stroke in line(text)]

    def set_up(self) -> list[Stroke]:
        """From the home page to the first item."""
        strokes: list[Stroke] = [keys("ctrl+n"), *line(self.case["reference"])]
        for child in self.case["children"]:
            strokes += line(f"{child['name']} {typed_day(child['born'])}")
        strokes.append(keys("Return"))
        for person in self.people[1:]:
            strokes += line(f"{person['name']}, {self._post(person)}, {person['agency']['name']}")
        strokes += [keys("Return"), Words(self.meeting["reason"]), NEXT]
        return strokes

    def items(self) -> Iterator[tuple[str, list[Stroke]]]:
        """Each item of the agenda with what is pressed on it; the last press goes on to what follows."""
        said = sorted(self._said(), key=lambda one: one.at)
        for item in self.type.agenda:
            self._about_child = False
            strokes: list[Stroke] = []
            if "opening-statement" in item.shows and self.meeting.get("difference_read_at"):
                strokes += line("/rea")
            for one in said:
                if one.item_id == item.id:
                    strokes += getattr(self, f"_{one.kind}")(one.part)
            strokes += self._views(item.views)
            strokes += self._decisions(item.decisions)
            yield item.title, [*strokes, NEXT]

    def conclude(self) -> list[Stroke]:
        """On the closing page, where nothing is left to mend."""
        return [NEXT]

    def seal(self) -> list[Stroke]:
        """On the page of the minutes."""
        return [NEXT]

    def marking(self) -> list[Stroke]:
        """On the page of the minutes, where nobody has said yet which marking they carry: the first of the choices."""
        return [keys("Return")]

    def strokes(self) -> list[Stroke]:
        """Everything from the home page to the sealed minutes."""
        return [
            *self.set_up(), *(stroke for _, strokes in self.items() for stroke in strokes), *self.conclude(),
            *self.marking(), *self.seal(),
        ]  # fmt: skip

    def statement_number(self, statement_id: str) -> int:
        """The number under which a statement stands at the end of its row."""
        order = [s.get("id") for s in sorted(self.meeting["statements"], key=lambda s: s["said_at"])]
        return order.index(statement_id) + 1

    def _said(self) -> Iterator[Said]:
        for statement in self.meeting["statements"]:
            yield Said(statement["item_id"], statement["said_at"], "statement", statement)
        for gap in self.meeting["gaps"]:
            yield Said(gap["item_id"], gap["noticed_at"], "gap", gap)
        for action in self.meeting["actions"]:
            yield Said(action["item_id"], action["agreed_at"], "action", action)
        for answer in self.meeting["answers"]:
            item = next(i for i in self.type.agenda if any(p.id == answer["prompt_id"] for p in i.prompts))
            yield Said(item.id, answer["answered_at"], "answer", answer)

    def _by(self, speaker: str) -> list[Stroke]:
        if speaker == self._speaker:
            return []
        self._speaker = speaker
        return [keys(f"ctrl+{self._numbers[speaker]}")]

    def _about(self, part: Part) -> list[Stroke]:
        if self._about_child == ("child" in part):
            return []
        self._about_child = "child" in part
        return [keys("ctrl+k")]

    def _statement(self, part: Part) -> list[Stroke]:
        kind = {"fact": "", "observation": "/ob ", "allegation": "/al ", "opinion": "/op "}[part["kind"]]
        strokes = [*self._by(part["speaker"]), *self._about(part), *line(kind + part["text"])]
        return [*strokes, *line(f"/so {part['source']}")] if part.get("source") else strokes

    def _answer(self, part: Part) -> list[Stroke]:
        item = next(i for i in self.type.agenda if any(p.id == part["prompt_id"] for p in i.prompts))
        number = [prompt.id for prompt in item.prompts].index(part["prompt_id"]) + 1
        return [*line(f"/{number} {part['text']}")]

    def _gap(self, part: Part) -> list[Stroke]:
        return [*self._about(part), *line(f"/g {part['question']} {self._owned(part)}")]

    def _action(self, part: Part) -> list[Stroke]:
        return [*self._about(part), *line(f"/ac {part['text']} {self._owned(part)}")]

    def _owned(self, part: Part) -> str:
        owner = next(person for person in self.people if person["name"] == part["owner"])
        return f"@{self._numbers[owner['id']]} {typed_day(part['due'])}"

    def _views(self, questions: tuple[str, ...]) -> list[Stroke]:
        views = [view for view in self.meeting["views"] if view["question_id"] in questions]
        strokes: list[Stroke] = []
        # after a view is saved, the form asks for the next that is missing, in the order of the table
        for view in sorted(views, key=lambda v: self._numbers[v["speaker"]]):
            strokes += self._by(view["speaker"])
            strokes += line("/v") if view["speaker"] == self._first_of(views) else ()
            question = self.type.view(view["question_id"])
            place = [option.id for option in question.options].index(view["option"]) + 1 if question else 0
            strokes += [Words(str(place)), Words(view["reason"])]
            strokes += [keys("Tab"), Words(view["would_change"])] if view.get("would_change") else []
            strokes.append(NEXT)
        return strokes

    def _first_of(self, views: list[Part]) -> str:
        return str(min((view["speaker"] for view in views), key=self._numbers.__getitem__))

    def _decisions(self, questions: tuple[str, ...]) -> list[Stroke]:
        strokes: list[Stroke] = []
        for decision in self.meeting["decisions"]:
            if decision["question_id"] in questions:
                question = self.type.decision(decision["question_id"])
                strokes += self._decision(decision, question) if question else []
        return strokes

    def _decision(self, part: Part, question: DecisionQuestion) -> list[Stroke]:
        place = [option.id for option in question.options].index(part["option"]) + 1
        fields = [typed_day(part["on"])] if "on" in part else []
        fields += [part[name] for name in ("person", "detail") if name in part]
        if not fields and not part.get("grounds"):
            return [*line(f"/de {question.id} {place} {part['reason']}")]
        strokes: list[Stroke] = [*line(f"/de {question.id} {place}")]
        for text in fields:
            strokes += [Words(text), keys("Tab")]
        strokes.append(Words(part["reason"]))
        if part.get("grounds"):
            numbers = ", ".join(str(self.statement_number(ground)) for ground in part["grounds"])
            strokes += [keys("Tab"), Words(numbers)]
        return [*strokes, NEXT, keys("Escape")]

    def _post(self, person: Part) -> str:
        """What somebody does; with the kind of agency where others have such a post too."""
        role = self._role(person)
        known = [s for s in self.pack.sectors for post in s.roles if post.label == role]
        return (
            role if len(known) == 1 else f"{next(s.short for s in known if s.id == person['agency']['sector'])}, {role}"
        )

    def _role(self, person: Part) -> str:
        sector = self.pack.sector(person["agency"]["sector"])
        role = sector.role(person["role"]) if sector else None
        return role.label if role else str(person["role"])


def content(record: Part) -> list[str]:
    """What of a record has to be told in words, each once.

    That is: references, names, days, what was said and its sources, questions, answers and reasons. What is chosen
    (who speaks, about whom, of which kind, which option, who takes it on) counts nothing.
    """
    meeting, case = record["meeting"], record["case"]
    told = [case["reference"], meeting["reason"]]
    for child in case["children"]:
        told += [child["name"], typed_day(child["born"])]
    for person in meeting["attendances"]:
        if person.get("capacity") != "chair":
            told += [person["name"], person["agency"]["name"]]
    for name, fields in _TOLD.items():
        for part in meeting[name]:
            told += [part[field] for field in fields if part.get(field)]
            told += [typed_day(part[field]) for field in ("due", "on") if part.get(field)]
    return told


def told(record: Part) -> dict[str, list[Any]]:
    """What a record says, part by part, without ids, times and the order in which things were said."""
    meeting, case = record["meeting"], record["case"]
    names = {child["id"]: child["name"] for child in case["children"]}
    names |= {person["id"]: person["name"] for person in meeting["attendances"]}
    names |= {said["id"]: said["text"] for said in meeting["statements"] if "id" in said}
    found: dict[str, list[Any]] = {
        "case": [case["reference"]],
        "children": sorted([child["name"], child.get("born") or child["expected"]] for child in case["children"]),
        "reason": [meeting["reason"], meeting["method"], meeting["type_id"]],
        "read aloud": [bool(meeting.get("difference_read_at"))],
        "people": sorted(
            [a["name"], *_agency(a), a["role"], a.get("capacity", "practitioner")] for a in meeting["attendances"]
        ),
    }
    for name, fields in _TOLD.items():
        found[name] = sorted(
            [_plainly(part.get(field), names) for field in (*fields, *_CHOSEN[name])] for part in meeting.get(name, ())
        )
    return found


def _agency(person: Part) -> tuple[str, str]:
    """Return of which kind somebody's agency is and its name; empty for the family."""
    agency = person.get("agency", {})
    return agency.get("sector", ""), agency.get("name", "")


def _plainly(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "; ".join(sorted(_plainly(one, names) for one in value))
    if isinstance(value, Mapping):
        return f"{value['name']} ({value['sector']})"
    return names.get(str(value), str(value or ""))


_TOLD = {
    "statements": ("text", "source"),
    "gaps": ("question",),
    "answers": ("text",),
    "views": ("reason", "would_change"),
    "decisions": ("reason", "departure", "person", "detail"),
    "actions": ("text",),
}

_CHOSEN = {
    "statements": ("item_id", "speaker", "child", "kind", "restricted"),
    "gaps": ("item_id", "agency", "child", "owner", "due", "state"),
    "answers": ("prompt_id", "child"),
    "views": ("question_id", "child", "option", "speaker"),
    "decisions": ("question_id", "child", "option", "on", "grounds"),
    "actions": ("item_id", "agency", "owner", "child", "due"),
}
