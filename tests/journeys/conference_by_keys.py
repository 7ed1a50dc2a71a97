"""A conference as the key presses of a quick chair: with a type that is chosen, several children, and the family."""

import re
import time
from collections.abc import Iterable
from pathlib import Path

from tests.journeys.screen import Program, until
from tests.journeys.short_by_keys import NEXT, ByKeys, Part, typed_day
from tests.journeys.strokes import Keys, Stroke, Words, keys, line

BACK = keys("Escape")
# a button that is pressed by its letter acts a tenth of a second later, and a page is read before it is shown
_LOOKS = ("alt+", "ctrl+shift+", "ctrl+e", "Escape")
_CALM = 0.25  # seconds


class Hands:
    """Somebody at the keyboard who types on at once, but looks first where another page or a button was asked for."""

    def __init__(self, window: Program) -> None:
        self._window = window

    def press(self, *strokes: Stroke) -> None:
        """Press keys, and wait until the window has done what was asked for."""
        for stroke in strokes:
            before = self._at_work()
            self._window.press(stroke)
            if isinstance(stroke, Keys) and stroke.chords[-1].startswith(_LOOKS):
                self.look(before)

    def look(self, before: str = "") -> None:
        """Wait until the window has worked, and then has had nothing to do for a moment."""
        last, since = before, time.monotonic()

        def is_calm() -> bool:
            nonlocal last, since
            now = self._at_work()
            if now != last or now == before or _WORKING.search(now):
                last, since = now, time.monotonic()
            return time.monotonic() - since > _CALM

        until(is_calm, "a window that has done what it was asked for", look=0.01)

    def _at_work(self) -> str:
        """Return of each thread of the program whether it works now or waits for the disk, and how long it ever did."""
        found = []
        for thread in Path(f"/proc/{self._window.process}/task").iterdir():
            try:
                state = (thread / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
                found.append(state + (thread / "schedstat").read_text(encoding="ascii").split()[0])
            except (FileNotFoundError, ProcessLookupError):  # it has just ended
                continue
        return " ".join(found)


_WORKING = re.compile("[RD]")


class ConferenceByKeys(ByKeys):
    """Turns a record into presses, part by part, and the pages around the meeting with it."""

    @property
    def children(self) -> list[Part]:
        """The children, in the order in which they are typed."""
        return list(self.case["children"])

    def set_up(self) -> list[Stroke]:
        """From the home page to the first item."""
        strokes: list[Stroke] = [keys("ctrl+n"), keys("alt+t"), Words(self.type.label.split()[0]), keys("alt+r")]
        strokes += line(self.case["reference"])
        for child in self.children:
            due = child.get("expected")
            strokes += line(f"{child['name']} {f'due {typed_day(due)}' if due else typed_day(child['born'])}")
        strokes.append(keys("Return"))
        for person in self.people[1:]:
            strokes += line(self.person_line(person))
        return [*strokes, keys("Return"), Words(self.meeting["reason"]), NEXT]

    def person_line(self, person: Part) -> str:
        """Return what is typed for somebody."""
        if "agency" not in person:
            return f"{person['name']}, {person['role']}"
        return f"{person['name']}, {self._post(person)}, {person['agency']['name']}"

    def declare(self) -> list[Stroke]:
        """On the page about how the meeting is held: the chair says no to each question of the first model."""
        model = self.pack.chair_model(self.type.chair_models[0])
        asked = model.declarations if model else ()
        return [keys("ctrl+shift+h"), *(keys("alt+n") for _ in asked), BACK]

    def _about(self, part: Part) -> list[Stroke]:
        return []

    def _named(self, part: Part) -> str:
        """Return how a line says about which child it is; empty where it is about all."""
        return f" @{self.first_name(part['child'])}" if "child" in part else ""

    def first_name(self, child_id: str) -> str:
        """Return a child's first name."""
        return str(next(child["name"] for child in self.children if child["id"] == child_id)).split()[0]

    def _statement(self, part: Part) -> list[Stroke]:
        return super()._statement({**part, "text": part["text"] + self._named(part)})

    def _answer(self, part: Part) -> list[Stroke]:
        return super()._answer({**part, "text": part["text"] + self._named(part)})

    def _action(self, part: Part) -> list[Stroke]:
        return super()._action({**part, "text": part["text"] + self._named(part)})

    def _views(self, questions: tuple[str, ...]) -> list[Stroke]:
        """Every view on the item, in the order in which the form asks: question, child, then place at the table."""
        views = [view for view in self.meeting["views"] if view["question_id"] in questions]
        turn = self.meeting["children"]
        views.sort(
            key=lambda v: (questions.index(v["question_id"]), turn.index(v["child"]), self._numbers[v["speaker"]])
        )
        strokes: list[Stroke] = []
        for view in views:
            strokes += self._by(view["speaker"])
            strokes += line("/v") if view is views[0] else ()
            question = self.type.view(view["question_id"])
            place = [option.id for option in question.options].index(view["option"]) + 1 if question else 0
            strokes += [Words(str(place)), Words(view["reason"]), NEXT]
        return strokes

    def _decisions(self, questions: tuple[str, ...]) -> list[Stroke]:
        strokes: list[Stroke] = []
        for made in self.meeting["decisions"]:
            question = self.type.decision(made["question_id"])
            if made["question_id"] in questions and question:
                strokes += self._as_for(made) if "likeness" in made else self._decision(made, question)
        return strokes

    def _as_for(self, part: Part) -> list[Stroke]:
        """On the page of the children side by side, which opens on the first answer that is missing."""
        strokes = [keys("ctrl+shift+k"), keys("alt+l")]
        strokes += [Words(self.first_name(part["likeness"]["child"])), keys("Tab"), Words(part["likeness"]["differs"])]
        return [*strokes, NEXT, BACK]

    def turn(self) -> list[Stroke]:
        """On the page of the children side by side: the second child comes first from now on, and the first last."""
        return [keys("ctrl+shift+k"), keys("alt+n"), BACK]

    def write(self, plan: Part) -> list[Stroke]:
        """On the page of the plan of the first child: its category, a worry, an outcome and an action, and save it."""
        return [keys("ctrl+shift+p"), *self.draft(plan), keys("alt+r")]

    def draft(self, plan: Part, facts: Iterable[Stroke] = ()) -> list[Stroke]:
        """What is written on the page of a plan before it is saved; ``facts`` follow its category."""
        strokes: list[Stroke] = [keys("alt+w"), keys("alt+e"), Words(plan["category"]), *facts, NEXT]
        for letter, part in (("y", "danger"), ("o", "outcome"), ("t", "step")):
            strokes.append(keys(f"alt+{letter}"))
            for text in plan[part]:
                strokes += [Words(text), keys("Tab")]
            strokes.append(NEXT)
        return strokes

    def prepare(self) -> list[Stroke]:
        """From the home page to a meeting that is saved for later, and home again."""
        return [*self.set_up()[:-1], keys("ctrl+s")]

    def notify(self, on: str, words: str) -> list[Stroke]:
        """On the page of the case: another authority told in writing of the move here."""
        strokes = [keys("alt+g"), Words("Told"), keys("Tab", "Tab"), Words(typed_day(on)), keys("Tab", "Tab")]
        return [*strokes, Words(words), NEXT]

    def take_over(self, plan: Part) -> list[Stroke]:
        """On the page of the case: the plan that another authority made, with why it did and since when, and saved."""
        facts = [keys(*["Tab"] * 5), Words(plan["why"]), keys("Tab", "Tab"), Words(typed_day(plan["since"]))]
        there = [keys("alt+u"), keys("Tab"), keys("Return")]
        return [*there, *self.draft(plan, [*facts, keys(*["Tab"] * 10), Words(str(plan["earlier"]))]), keys("alt+r")]

    def exclude(self, asked: Part) -> list[Stroke]:
        """On the page about the time before a meeting: a request to keep somebody out, and the chair's answer to it."""
        request = [Words(asked["who"].split()[0]), keys("Tab"), Words(asked["ground"]), keys("Tab")]
        request += [Words(asked["asked_by"]), keys("Tab"), Words(asked["evidence"]), NEXT]
        # the last of the answers is the one for the whole meeting
        answer = [keys("End", "Tab", "Tab"), Words(asked["reason"]), keys("Tab", "Tab")]
        return [keys("alt+e"), *request, keys("alt+g"), *answer, Words(asked["views_by"]), NEXT]

    def tell(self, progress: Iterable[str]) -> list[Stroke]:
        """On the page of the plan: how far its first outcome has come, what changed by it, and how that is known."""
        done, change, evidence = progress
        strokes: list[Stroke] = [keys("ctrl+shift+p"), keys("alt+p"), keys("Return"), Words(done), keys("Tab")]
        return [*strokes, Words(change), keys("Tab"), Words(evidence), NEXT]
