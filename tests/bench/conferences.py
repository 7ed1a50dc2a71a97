"""The row about a long conference in the window: opened, gone through, scrolled and concluded."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from app.models.attendance import Capacity
from app.practice.chairing import undeclared
from app.practice.closing import needed_decisions
from app.services import cases, concluding, conduct, deciding, entries, meetings, table
from app.services.deciding import Choice
from app.services.sitting import Sitting
from tests.bench.row import Row, p99
from tests.bench.stores import START, TEXT, a_sitting
from tests.bench.window import application, run_until

if TYPE_CHECKING:
    from app.ui.kit.lane import Answer
    from app.ui.meeting.screen import MeetingScreen

CHILDREN, STATEMENTS = 5, 600
AGENCIES = (
    ("csc", "social_worker"), ("police", "ds"), ("health_community", "health_visitor"), ("health_acute", ""),
    ("gp", ""), ("education", "dsl"), ("early_years", "manager"), ("adult_mh", ""), ("substance", ""),
    ("da_specialist", ""), ("probation", ""), ("housing", ""),
)  # fmt: skip
VIEWS = {"harm": "likely", "plan": "plan", "category": "neglect", "working": "partly"}
CHOSEN = {"C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on"}


@contextmanager
def _a_review() -> Iterator[tuple[Sitting, UUID]]:
    """A review about five children with twelve agencies, all said, viewed and decided, and nothing left to mend."""
    with a_sitting() as sitting:
        case = cases.open_case(sitting, "BENCH-2")
        names = ("Robin", "Lou", "Sam", "Ash", "Jo")[:CHILDREN]
        children = [cases.add_child(sitting, case.id, f"{name} Sample", born=date(2020, 5, 4)) for name in names]
        meeting = meetings.prepare(sitting, case.id, "rcpc", [one.id for one in children], planned_at=START).id
        seats = [table.invite(sitting, meeting, "Kate Example", sector="csc", role="iro", capacity=Capacity.CHAIR)]
        seats += [
            table.invite(sitting, meeting, f"Person {number} Example", sector=sector, role=role)
            for number, (sector, role) in enumerate(AGENCIES, 1)
        ]
        seats.append(table.invite(sitting, meeting, "Mo Sample", capacity=Capacity.PARENT))
        meetings.start(sitting, meeting)
        for seat in seats:
            table.arrive(sitting, seat.id)
        _hold(sitting, meeting, [seat.id for seat in seats[1:-1]], [one.id for one in children])
        yield sitting, meeting


def _hold(sitting: Sitting, meeting: UUID, speakers: list[UUID], children: list[UUID]) -> None:
    loaded = meetings.load(sitting, meeting)
    kind = sitting.type_of(loaded)
    for asked in undeclared(loaded, kind, sitting.pack):
        conduct.declare(sitting, meeting, asked.id, False)
    each = -(-STATEMENTS // len(kind.agenda))
    for item in kind.agenda:
        meetings.open_item(sitting, meeting, item.id, done=True)
        for number in range(each):
            entries.record_statement(
                sitting, meeting, item.id, f"{number}. {TEXT}", speaker=speakers[number % len(speakers)]
            )
        for view in item.views:
            for speaker in speakers:
                for child in children:
                    deciding.record_view(sitting, meeting, view, child, VIEWS[view], "As we said.", speaker=speaker)
        for child in children if item.decisions else ():
            _decide(sitting, meeting, child, item.decisions)
    meetings.open_item(sitting, meeting, kind.agenda[0].id)


def _decide(sitting: Sitting, meeting: UUID, child: UUID, questions: tuple[str, ...]) -> None:
    while True:
        loaded = meetings.load(sitting, meeting)
        kind = sitting.type_of(loaded)
        about = next(one for one in loaded.children if one.id == child)
        asked = [one for one in needed_decisions(loaded, kind, about) if one.id in questions]
        if not asked:
            return
        option = asked[0].option(CHOSEN[asked[0].id])
        needs = option.needs if option else ()
        deciding.decide(
            sitting,
            meeting,
            Choice(
                asked[0].id, child, CHOSEN[asked[0].id], "The accounts agree.",
                on=START.date() + timedelta(days=1) if "date" in needs else None,
                person="Blair Example" if "person" in needs else "", detail="As read out." if "detail" in needs else "",
            ),
        )  # fmt: skip


def conference_held() -> Row:
    """How long anything a chair presses keeps the interface from doing anything else, in a long review conference.

    A clock that wants to tick all the time tells how long it could not.
    """
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest

    from app.ui.kit.lane import Lane
    from app.ui.meeting.room import read
    from app.ui.meeting.screen import MeetingScreen

    application()
    held: dict[str, list[float]] = {}
    ticks: list[float] = []
    clock = QTimer()
    clock.timeout.connect(lambda: ticks.append(time.perf_counter()))
    clock.start(0)

    def press(name: str, act: Callable[[], object], done: Callable[[], bool] = lambda: True) -> None:
        run_until(lambda: True)
        ticks[:] = [time.perf_counter()]
        act()
        run_until(done)
        run_until(lambda: True)
        ticks.append(time.perf_counter())
        held.setdefault(name, []).append(max(b - a for a, b in pairwise(ticks)))

    with _a_review() as (sitting, meeting):
        lane = Lane()
        gc.collect()
        gc.freeze()  # as the program does once its screens are loaded
        made: list[MeetingScreen] = []

        def show_in_turn(screen: MeetingScreen) -> None:
            QTimer.singleShot(0, screen, lambda: made.append(_shown(screen)))

        def show() -> None:
            def work() -> "Answer":
                loaded = read(sitting, meeting)
                return lambda: show_in_turn(MeetingScreen(sitting, loaded, lane))

            lane.run(work, lane)

        for number in range(8):
            press("opens", show, lambda number=number: len(made) > number)
            for one in made[:number]:
                one.hide()
        screen = made[-1]
        screen.focus_home()
        last = screen.room.type.agenda[-1]
        while screen.room.item is not last:
            stream = screen.desk.item.stream
            for key in (*[Qt.Key.Key_Up] * 10, *[Qt.Key.Key_PageUp] * 3, *[Qt.Key.Key_PageDown] * 3, Qt.Key.Key_Home):
                press("scrolls", lambda key=key, stream=stream: QTest.keyClick(stream, key))
            press("goes on", lambda: screen.floor.move(1))
        press("reads back", screen._on_closing_wanted)
        left = {(one.rule, one.subject): "It could not be had." for one in concluding.blocks(sitting, meeting)}
        screen.closing.reasons.update(left)
        press("reads back", screen._on_closing_wanted)
        press("concludes", screen.closing._on_conclude, lambda: not screen.room.meeting.open)
        clock.stop()
        for one in made:
            one.deleteLater()
        lane.drain()
        run_until(lambda: True)
        gc.unfreeze()
    # the first screen of its kind in a program makes fonts and styles that the others find made
    first = held["opens"].pop(0)
    every = [one for times in held.values() for one in times]
    figures = {f"{name}_max_s": max(times) for name, times in held.items()} | {"first_s": first}
    return Row(
        "interface thread held, p99, in a review of 5 children, 12 agencies and 600 statements",
        round(p99(every) * 1000, 1),
        50,
        figures,
        "milliseconds; opened eight times, each item, its entries scrolled, the closing page, concluded",
    )


def _shown(screen: "MeetingScreen") -> "MeetingScreen":
    screen.resize(1366, 768)
    screen.show()
    return screen
