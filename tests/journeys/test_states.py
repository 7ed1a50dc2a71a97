"""Whatever is done in whatever order, on a real store, the promises hold."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.models.base import Refused
from app.models.dissent import DissentKind
from app.models.meeting import State
from app.practice.closing import blocks_closing
from app.services import concluding, deciding, entries, meetings, table, undoing
from app.store import trail
from tests.builders import Room, a_room, dump, national_pack, strategy
from tests.builders import trail as entries_of

PEOPLE = st.sampled_from(["Blair Example", "Casey Example", "Drew Example"])
TEXTS = st.sampled_from(["", " ", "\u200b", "Seen at home.", "=1+1", "$who {x}", "x" * 20_001])
ITEMS = st.sampled_from(["open", "agencies", "challenge", "threshold", "nowhere"])
CHILDREN = st.sampled_from([0, 1])


class Acts(RuleBasedStateMachine):
    """Acts in any order; each is done or refused, and after each of them everything is looked at."""

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.room: Room = self.stack.enter_context(a_room(Path(folder), children=2))

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, act: object) -> None:
        store = self.room.sitting.store
        before, entries_before = dump(store), len(entries_of(store))
        over = self.room.loaded().state is State.CONCLUDED
        assert callable(act)
        try:
            act()
        except Refused:
            assert (dump(store), len(entries_of(store))) == (before, entries_before)
        else:
            assert len(entries_of(store)) == entries_before + 1
            assert not over, "a concluded meeting took another act"

    @rule(who=PEOPLE, text=TEXTS, item=ITEMS)
    def say(self, who: str, text: str, item: str) -> None:
        self.attempt(lambda: self.room.say(who, text, item))

    @rule(who=PEOPLE, option=st.sampled_from(["met", "not_met", "unsure"]), child=CHILDREN)
    def view(self, who: str, option: str, child: int) -> None:
        self.attempt(lambda: self.room.view(who, option, self.room.children[child]))

    @rule(option=st.sampled_from(["met", "not_met"]), child=CHILDREN, departure=TEXTS)
    def decide(self, option: str, child: int, departure: str) -> None:
        self.attempt(lambda: self.room.decide("D1", option, self.room.children[child], departure=departure))

    @rule(question=st.sampled_from(["D2", "D4", "D12", "D13"]), child=CHILDREN)
    def decide_the_rest(self, question: str, child: int) -> None:
        option = {"D2": "no_s47", "D4": "none", "D12": "after_criminal", "D13": "not_needed"}[question]
        self.attempt(lambda: self.room.decide(question, option, self.room.children[child], detail="As agreed."))

    @rule(who=PEOPLE)
    def leave(self, who: str) -> None:
        self.attempt(lambda: self.room.leave(who))

    @rule(who=PEOPLE)
    def arrive(self, who: str) -> None:
        self.attempt(lambda: self.room.arrive(who))

    @rule(who=PEOPLE)
    def substitute(self, who: str) -> None:
        self.attempt(lambda: table.substitute(self.room.sitting, self.room.people[who].id, f"For {who}"))

    @rule(text=TEXTS)
    def gap(self, text: str) -> None:
        self.attempt(lambda: entries.record_gap(self.room.sitting, self.room.meeting, "agencies", text))

    @rule(who=PEOPLE, text=TEXTS)
    def dissent(self, who: str, text: str) -> None:
        person = self.room.people[who].id
        kind = DissentKind.DISSENT
        self.attempt(
            lambda: deciding.record_dissent(self.room.sitting, self.room.meeting, "dissent", person, kind, text)
        )

    @rule(item=ITEMS)
    def move(self, item: str) -> None:
        self.attempt(lambda: meetings.open_item(self.room.sitting, self.room.meeting, item))

    @rule()
    def take_a_break(self) -> None:
        self.attempt(lambda: meetings.adjourn(self.room.sitting, self.room.meeting))

    @rule()
    def go_on(self) -> None:
        self.attempt(lambda: meetings.resume(self.room.sitting, self.room.meeting))

    @rule()
    def undo(self) -> None:
        self.attempt(lambda: undoing.undo(self.room.sitting, self.room.meeting))

    @rule()
    def redo(self) -> None:
        self.attempt(lambda: undoing.redo(self.room.sitting, self.room.meeting))

    @rule(reason=st.sampled_from(["", "\u200b", "It could not be had today."]))
    def conclude(self, reason: str) -> None:
        before = self.room.loaded()
        found = blocks_closing(before, strategy(), national_pack(), self.room.clock.at)
        reasons = {(f.rule, f.subject): reason for f in found}
        self.attempt(lambda: concluding.conclude(self.room.sitting, self.room.meeting, reasons))
        after = self.room.loaded()
        if after.state is State.CONCLUDED and before.state is State.IN_SESSION:
            kept = {(c.rule, c.subject) for c in after.clearances if c.reason}
            assert kept == {(f.rule, f.subject) for f in found}, "nobody unheard goes without a reason"

    @invariant()
    def the_trail_verifies(self) -> None:
        if hasattr(self, "room"):
            with self.room.sitting.store.connection() as connection:
                assert not list(trail.breaks(connection))


def test_no_order_of_acts_breaks_a_promise() -> None:
    run_state_machine_as_test(
        Acts, settings=settings(max_examples=8, stateful_step_count=25, derandomize=True, database=None)
    )
