"""What is half typed outlives a lock, a quit and a power cut, and what cannot be put back is said calmly."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.copy import Preference
from app.services import locking, unfinished
from app.services.opening import open_store
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
from app.services.unfinished import Kept
from app.store.faults import DiskFull
from app.ui.home.screen import HomeScreen
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.lock.screen import LockScreen
from app.ui.meeting.screen import MeetingScreen, Unsaved
from app.ui.setup.screen import SetupScreen
from app.ui.shell.passage import Passage
from app.ui.shell.window import MainWindow
from app.vault import tries
from tests.builders import START, Clock
from tests.ui.unlocking import PASSPHRASE, SLOW, a_store, come_in, unlock


class Begun(NamedTuple):
    """A closed store in which somebody signs, and its one meeting, which is in session."""

    folder: Path
    meeting: UUID


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    folder = tmp_path_factory.mktemp("begun") / "store"
    sitting = a_store(folder, Clock())
    people = [PlannedPerson("Sam Okafor", "police", role="ds")]
    plan = Plan(sitting.pack.meeting_types[0].id, "NM-1", [PlannedChild("Robin Sample")], people)
    meeting = set_up(sitting, plan, begin=True)
    sitting.close()
    return Begun(folder, meeting)


@pytest.fixture
def clock() -> Clock:
    return Clock(at=START + timedelta(minutes=10))


@pytest.fixture
def store(begun: Begun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # each copy is a store of its own, not an older one put back
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return shutil.copytree(begun.folder, tmp_path / "store")


@pytest.fixture
def meeting(begun: Begun) -> UUID:
    return begun.meeting


def shown(qtbot: QtBot, window: MainWindow, kind: type) -> object:
    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, kind))
    return window.screen_on_show


def type_in(window: MainWindow, words: str) -> None:
    """Type as a keyboard does: the window gets each key first."""
    for letter in words:
        QTest.keyClick(window.windowHandle(), letter)


def kept_in(passage: Passage) -> Kept:
    assert passage.gate.sitting is not None
    return unfinished.kept(passage.gate.sitting)


def test_what_is_typed_is_in_the_store_two_seconds_later_and_leaves_it_once_it_is_saved(
    qtbot, window, store, meeting, clock
):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    edit = shown(qtbot, window, MeetingScreen).desk.item.line.edit
    qtbot.keyClicks(edit, "The nursery sa")
    qtbot.waitUntil(lambda: "The nursery sa" in kept_in(passage).words.get(f"meeting:{meeting}", ""))
    assert kept_in(passage).place == f"meeting:{meeting}"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The nursery sa" not in kept_in(passage).words.get(f"meeting:{meeting}", ""))


def test_after_a_lock_the_same_meeting_and_line_are_there_and_the_window_says_so(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    qtbot.keyClicks(shown(qtbot, window, MeetingScreen).desk.item.line.edit, "The nursery sa")
    passage.gate.lock()
    lock = shown(qtbot, window, LockScreen)
    assert "A meeting is running." in lock._running.text()
    assert lock._running.isVisible()
    unlock(qtbot, window)

    assert shown(qtbot, window, MeetingScreen).desk.item.line.text == "The nursery sa"
    assert "What you had typed is back" in window.banner.text


def test_what_is_typed_while_a_meeting_is_being_read_stands_in_its_line(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    type_in(window, "the nursery sa")
    assert not isinstance(window.screen_on_show, MeetingScreen)
    screen = shown(qtbot, window, MeetingScreen)
    qtbot.waitUntil(lambda: screen.desk.item.line.text == "the nursery sa")
    type_in(window, "ys")
    assert screen.desk.item.line.text == "the nursery says"


def test_what_is_typed_while_a_meeting_is_being_read_is_forgotten_by_a_lock(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    type_in(window, "the nursery sa")
    passage.gate.lock()
    unlock(qtbot, window)
    assert passage._ahead._held == []


def test_with_nothing_half_typed_the_window_says_nothing_of_it(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    shown(qtbot, window, MeetingScreen)
    passage.gate.lock()
    unlock(qtbot, window)

    shown(qtbot, window, MeetingScreen)
    assert not window.banner.text


def test_a_page_for_a_new_meeting_comes_back_after_a_lock(qtbot, window, store, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.begin_meeting()
    setup = shown(qtbot, window, SetupScreen)
    qtbot.keyClicks(setup._form.children_list.field.line, "Robin Sample 3.3.2022")
    qtbot.keyClick(setup._form.children_list.field.line, Qt.Key.Key_Return)
    qtbot.keyClicks(setup._form.reason.line, "A mark se")
    passage.gate.lock()
    unlock(qtbot, window)

    again = shown(qtbot, window, SetupScreen)
    assert again is not setup
    assert [child.name for child in again._draft.children] == ["Robin Sample"]
    assert again._form.reason.text == "A mark se"


def test_whoever_leaves_with_words_half_typed_finds_them_and_whoever_does_not_begins_at_home(
    qtbot, window, store, meeting, clock
):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    qtbot.keyClicks(shown(qtbot, window, MeetingScreen).desk.item.line.edit, "The nursery sa")
    assert not window.close()
    assert window.close()
    again = come_in(qtbot, window, store, clock)
    screen = shown(qtbot, window, MeetingScreen)
    assert screen.desk.item.line.text == "The nursery sa"
    screen.desk.item.line.clear()
    assert window.close()
    assert again.gate.sitting is None
    come_in(qtbot, window, store, clock)
    shown(qtbot, window, HomeScreen)


@pytest.mark.parametrize(
    ("place", "words"),
    [("meeting", ""), ("meeting", "no words of ours"), ("meeting", '{"line": 5}'), ("new", "{}"), ("new", "[]")],
)
def test_words_that_cannot_be_read_are_left_out_and_said_calmly(qtbot, window, store, meeting, clock, words, place):
    sitting = open_store(store, PASSPHRASE, clock)
    name = f"meeting:{meeting}" if place == "meeting" else "new:"
    unfinished.keep(sitting, Kept(name, {name: words}))
    sitting.close()
    come_in(qtbot, window, store, clock)

    shown(qtbot, window, MeetingScreen if place == "meeting" else SetupScreen)
    assert ("could not be put back" in window.banner.text) is bool(words)


def test_words_of_another_shape_of_the_screen_are_not_put_into_the_wrong_fields(qtbot, window, store, meeting, clock):
    sitting = open_store(store, PASSPHRASE, clock)
    name = f"meeting:{meeting}"
    unfinished.keep(sitting, Kept(name, {name: to_words(Unsaved("a line", [["one"]], [], None, None, False))}))
    sitting.close()
    come_in(qtbot, window, store, clock)

    assert shown(qtbot, window, MeetingScreen).desk.item.line.text == ""
    assert "could not be put back" in window.banner.text


@pytest.mark.parametrize("place", ["meeting:no-id", f"meeting:{UUID(int=7)}", "elsewhere:"])
def test_a_place_that_is_not_there_any_more_leads_home(qtbot, window, store, clock, place):
    sitting = open_store(store, PASSPHRASE, clock)
    unfinished.keep(sitting, Kept(place))
    sitting.close()
    come_in(qtbot, window, store, clock)

    shown(qtbot, window, HomeScreen)


def test_a_disk_that_takes_no_more_words_is_told_once(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    keeper = passage.gate._keeper
    told: list[str] = []
    keeper.failed.connect(told.append)
    for _ in range(2):
        keeper._under_way = True
        keeper._on_failed(DiskFull())

    assert told == [str(DiskFull())]


def test_a_lock_ends_the_program_within_its_limit_though_the_worker_does_not_stop(qtbot, window, store, meeting, clock):
    passage = come_in(qtbot, window, store, clock)
    passage.go_to_meeting(meeting)
    gate = passage.gate
    left: list[tuple[bool, str]] = []
    gate._succeed = lambda standing: left.append((standing.in_session, window.windowTitle()))
    going_on = Event()
    gate.lane.run(lambda: [going_on.wait(30), lambda: None][1], window)
    begin = monotonic()
    gate.lock()
    taken = monotonic() - begin
    going_on.set()

    assert left == [(True, "Chairside")]
    assert taken < 1.5
    assert isinstance(window.screen_on_show, LockScreen)


def test_words_are_read_back_as_they_were_written():
    half = Unsaved("a line", [["", "b"]], [(("D1", "x"), "why")], UUID(int=5), None, True)

    assert from_words(Unsaved, to_words(half)) == half
    with pytest.raises(Unreadable) as refused:
        from_words(Unsaved, '{"line": ["Robin"]}')
    assert "Robin" not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_the_lock_screen_counts_the_seconds_until_the_next_try_and_keeps_the_focus(qtbot, tmp_path, lane, clock):
    screen = LockScreen(tmp_path, clock, lane)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.focus_home()
    screen.wait(8)
    assert "7 seconds" in screen._waiting.text()
    assert screen._passphrase.line.isReadOnly()
    assert not screen._open.isEnabled()
    assert screen.focusWidget() is screen._passphrase.line
    clock.at += timedelta(seconds=5)
    qtbot.waitUntil(screen._open.isEnabled)

    assert screen._waiting.isHidden()
    assert not screen._passphrase.line.isReadOnly()
    assert screen.focusWidget() is screen._passphrase.line


@pytest.mark.parametrize(("failed", "tried", "least"), [(8, True, 10), (20, False, 50)])
def test_after_wrong_tries_the_lock_screen_waits_also_when_it_is_started_anew(
    qtbot, window, store, clock, failed, tried, least
):
    (store / tries.FILE).write_text(json.dumps({"at": 0 if tried else tries.seconds_up(), "failed": failed}))
    passage = Passage(window, store, clock)
    passage.gate.enter()
    window.show()
    lock = shown(qtbot, window, LockScreen)
    if tried:
        lock._passphrase.line.setText("not the right words")
        qtbot.keyClick(lock._passphrase.line, Qt.Key.Key_Return)
    said: set[int] = set()
    qtbot.waitUntil(lambda: not said.add(seconds_in(lock._waiting.text())) and max(said) >= least, timeout=SLOW)


def seconds_in(words: str) -> int:
    """Return the seconds that a sentence about waiting names."""
    return next((int(word) for word in words.split() if word.isdigit()), 1 if "in a second" in words else 0)


def test_no_minutes_longer_than_fifteen_come_out_of_the_store(qtbot, sitting):
    with sitting.store.begin(sitting.act(), "preference.set") as session:
        session.add(Preference(key="lock.idle-minutes", value="9999"))

    assert locking.idle_minutes(sitting) == locking.MOST
