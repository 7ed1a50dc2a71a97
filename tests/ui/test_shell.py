"""The window that joins the screens: what it loads, what it keeps, what it says when something fails."""

import gc
import os
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.__main__ import main
from app.models.base import Refused
from app.services import cases
from app.services.place import has_store, store_folder
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
from app.services.sitting import SaveFault
from app.ui.first.screen import FirstScreen
from app.ui.home.screen import HomeScreen
from app.ui.kit.lane import Answer, Lane
from app.ui.lock.screen import LockScreen
from app.ui.meeting.screen import MeetingScreen
from app.ui.meeting.view_form import ViewForm
from app.ui.setup.screen import SetupScreen
from app.ui.shell.faults import Faults, place, sentence
from app.ui.shell.menus import Acts, Menus
from app.ui.shell.window import MainWindow
from tests.builders import Clock
from tests.ui.unlocking import entered, unlock

FIRST_WINDOW = """
import sys
from PySide6 import QtCore
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui.shell import start
from app.ui.shell.window import MainWindow

def at_first_paint(window, show=MainWindow.show_fitting):
    show(window)
    loaded = {name.split(".")[0] for name in sys.modules}
    heavy = loaded & {"reportlab", "pyhanko", "alembic", "sqlalchemy", "keyring", "argon2", "pydantic", "holidays"}
    slow = {"Qt"} & set(vars(QtCore))  # PySide makes a namespace when it is first asked for, all of it
    print("heavy:", sorted(heavy | slow))
    QTimer.singleShot(0, QApplication.quit)

MainWindow.show_fitting = at_first_paint
sys.exit(start.run(sys.argv[1]))
"""


def run_python(*words: str, **also: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **also}
    )


def test_the_first_window_needs_qt_and_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "vault.keys").touch()  # what a store is known by, before it is opened

    ended = run_python("-c", FIRST_WINDOW, str(tmp_path))

    assert "heavy: []" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0


def test_a_command_goes_to_the_command_line_without_qt() -> None:
    script = "import sys; from app.__main__ import main; main(['--help']); print('PySide6' in sys.modules)"

    assert run_python("-c", script).stdout.splitlines()[-1] == "False"


def test_words_that_are_no_command_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-command"]) == 2
    assert "no-such-command" in capsys.readouterr().err


def test_the_store_is_where_it_was_said_to_be(tmp_path: Path) -> None:
    script = "from app.services.place import store_folder; print(store_folder())"

    assert store_folder(str(tmp_path / "other")) == tmp_path / "other"
    assert run_python("-c", script, CHAIRSIDE_STORE=str(tmp_path)).stdout.strip() == str(tmp_path)
    assert store_folder().name == "store"
    assert not has_store(tmp_path)


def test_without_a_store_the_window_begins_with_the_first_start(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, clock: Clock
) -> None:
    entered(qtbot, window, tmp_path / "store", clock)

    assert isinstance(window.screen_on_show, FirstScreen)


def test_locking_closes_the_store_and_empties_the_screens(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    assert isinstance(window.screen_on_show, HomeScreen)
    assert passage.gate.sitting is not None
    cases.open_case(passage.gate.sitting, "NM-2026-0114")
    passage.go_to_case(cases.list_cases(passage.gate.sitting)[0].id)
    assert window.windowTitle() == "NM-2026-0114 - Chairside"
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    assert passage.gate.sitting is None
    assert isinstance(window.screen_on_show, LockScreen)
    assert window.windowTitle() == "Locked - Chairside"
    unlock(qtbot, window)
    assert window.windowTitle() == "NM-2026-0114 - Chairside"
    window.close()
    assert passage.gate.sitting is None


def test_after_the_lock_the_meeting_goes_on_with_the_half_typed_line(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    sitting = passage.gate.sitting
    assert sitting is not None
    people = [PlannedPerson("Sam Okafor", "police", role="ds")]
    plan = Plan(sitting.pack.meeting_types[0].id, "NM-1", [PlannedChild("Robin Sample")], people)
    passage.go_to_meeting(set_up(sitting, plan, begin=True))
    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, MeetingScreen))
    before = window.screen_on_show
    assert isinstance(before, MeetingScreen)
    qtbot.keyClicks(before.desk.item.line.edit, "/item 7")
    qtbot.keyClick(before.desk.item.line.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(before.desk.item.line.edit, "1>The nursery sa")
    reasons = before.desk.item.forms.findChild(ViewForm)
    reasons.typed = ["half a reason", ""]
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    unlock(qtbot, window)

    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, MeetingScreen))
    after = window.screen_on_show
    assert isinstance(after, MeetingScreen)
    assert after is not before
    assert after.room.item.id == "voice"
    assert (after.desk.item.line.text, after.room.speaker) == ("The nursery sa", before.room.speaker)
    assert after.desk.item.forms.findChild(ViewForm).typed == ["half a reason", ""]
    window.close()


def test_after_the_lock_a_half_filled_page_for_a_new_meeting_is_there_again(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    passage.begin_meeting()
    setup = window.screen_on_show
    assert isinstance(setup, SetupScreen)
    qtbot.keyClicks(setup._form.children_list.field.line, "Robin Sample 3.3.2022")
    qtbot.keyClick(setup._form.children_list.field.line, Qt.Key.Key_Return)
    qtbot.keyClicks(setup._form.reason.line, "A mark se")
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    unlock(qtbot, window)
    passage.begin_meeting()

    again = window.screen_on_show
    assert isinstance(again, SetupScreen)
    assert again is not setup
    assert [child.name for child in again._draft.children] == ["Robin Sample"]
    assert again._form.children_list.listing.count() == 1
    assert again._form.reason.text == "A mark se"
    window.close()


def test_what_is_half_typed_is_there_again_when_the_person_comes_back(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    passage.begin_meeting()
    setup = window.screen_on_show
    assert isinstance(setup, SetupScreen)
    qtbot.keyClicks(setup._form.case.line, "NM-2026")
    passage.go_home()
    passage.begin_meeting()

    assert window.screen_on_show is setup
    assert setup._form.case.text == "NM-2026"
    window.close()


def test_closing_with_words_not_saved_says_so_once_and_then_closes(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    passage.begin_meeting()
    setup = window.screen_on_show
    assert isinstance(setup, SetupScreen)
    qtbot.keyClicks(setup._form.case.line, "NM-2026")

    assert not window.close()
    assert window.isVisible()
    assert "not saved yet" in window.banner.text
    assert setup._form.case.text == "NM-2026"
    assert window.close()


def test_the_meeting_menu_holds_the_acts_of_the_screen_on_show_each_with_its_keys(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = entered(qtbot, window, signed_store, clock)
    unlock(qtbot, window)
    for _ in range(2):
        passage.begin_meeting()
        menu = next(m.menu() for m in window.menuBar().actions() if m.text() == "&Meeting")
        texts = {action.text(): action.shortcut().toString() for action in menu.actions()}
        assert texts["&Start now"] == "Ctrl+Return"
        screen = window.screen_on_show
        assert isinstance(screen, SetupScreen)
        screen._form.case.text = "kept"
        passage.go_home()
        assert menu.isEmpty()
    window.close()


def test_a_failure_nobody_foresaw_is_told_without_a_word_of_the_record(
    qtbot: QtBot, window: MainWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = Faults()
    faults.told.connect(lambda error: window.tell(sentence(error)))
    error = ValueError("Robin Sample was seen")
    faults.take(ValueError, error, None)

    assert "ValueError" in window.banner.text
    assert "Robin" not in window.banner.text
    assert "Robin" not in capsys.readouterr().err
    window._on_hide()
    assert not window.banner.text


def test_a_refusal_or_a_full_disk_that_reaches_the_top_keeps_its_own_sentence() -> None:
    assert sentence(Refused("meeting.no-child")).endswith(".")
    assert sentence(SaveFault()) == SaveFault.sentence


def test_the_log_names_our_own_code_only() -> None:
    assert place(None) == "an unknown place"
    with pytest.raises(AttributeError) as raised:
        cases.open_case(None, "x")
    assert place(raised.tb).startswith("services/cases.py:")


def test_answers_come_back_in_order_and_not_to_a_screen_that_is_gone(qtbot: QtBot, lane: Lane) -> None:
    screen, gone = QWidget(), QWidget()
    qtbot.addWidget(screen)
    heard: list[int] = []

    def job(number: int) -> Answer:
        return lambda: heard.append(number)

    lane.run(lambda: job(-1), gone)
    gone.deleteLater()
    for number in range(20):
        lane.run(lambda number=number: job(number), screen)
    qtbot.waitUntil(lambda: len(heard) >= 20)

    assert heard[-20:] == list(range(20))


def test_a_worker_that_is_to_end_drops_what_waits_and_waits_no_longer_than_it_was_told(qtbot: QtBot) -> None:
    screen, begun, going_on = QWidget(), Event(), Event()
    qtbot.addWidget(screen)
    lane = Lane(screen)
    heard: list[str] = []

    def work() -> Answer:
        begun.set()
        going_on.wait()
        return lambda: heard.append("begun")

    lane.run(work, screen)
    assert begun.wait(5)
    lane.run(lambda: lambda: heard.append("waiting"), screen)
    begin = monotonic()
    lane.drain(0.2)
    taken = monotonic() - begin
    going_on.set()
    lane.run(lambda: lambda: heard.append("later"), screen)
    qtbot.waitUntil(lambda: len(heard) == 2)
    lane.drain()

    assert sorted(heard) == ["begun", "later"]
    assert taken < 1
    assert gc.isenabled()


def test_what_takes_long_keeps_nothing_else_waiting_and_is_waited_for_as_long_as_was_said(qtbot: QtBot) -> None:
    screen, begun, going_on = QWidget(), Event(), Event()
    qtbot.addWidget(screen)
    lane = Lane(screen)
    heard: list[str] = []

    def work() -> Answer:
        begun.set()
        going_on.wait()
        return lambda: heard.append("long")

    lane.run(work, screen, aside=True)
    assert begun.wait(5)
    lane.run(lambda: lambda: heard.append("short"), screen)
    qtbot.waitUntil(lambda: heard == ["short"])
    assert not gc.isenabled()
    assert not lane.drain(aside=0.1)
    lane.run(lambda: lambda: heard.append("later"), screen)
    going_on.set()
    qtbot.waitUntil(lambda: len(heard) == 3)

    assert lane.drain()
    assert gc.isenabled()


def test_an_answer_that_comes_after_the_window_has_gone_is_dropped(qtbot: QtBot) -> None:
    ground, screen, going_on, done = QWidget(), QWidget(), Event(), Event()
    qtbot.addWidget(screen)
    lane = Lane(ground)
    lane.run(lambda: [going_on.wait(30), done.set][1], screen, aside=True)
    thread = lane._workers[True].thread
    assert not lane.drain(0)
    shiboken6.delete(ground)
    going_on.set()
    thread.join(5)

    assert not thread.is_alive()
    assert not done.is_set()


def test_a_failure_on_the_worker_comes_back_as_an_answer(qtbot: QtBot, lane: Lane) -> None:
    screen = QWidget()
    qtbot.addWidget(screen)
    told: list[Exception] = []

    def work() -> Answer:
        raise ValueError

    lane.run(work, screen, told.append)
    qtbot.waitUntil(lambda: bool(told))
    with qtbot.captureExceptions() as raised:
        lane.run(work, screen)
        qtbot.waitUntil(lambda: bool(raised))

    assert isinstance(told[0], ValueError)
    assert raised[0][0] is ValueError


def test_an_action_without_words_is_not_in_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    menus = Menus(window, Acts(*[window.update] * len(Acts._fields)))
    menus.show_acts_of([QAction(window), QAction("&Undo", window)], is_open=True)

    menu = [m.menu() for m in window.menuBar().actions() if m.text() == "&Meeting"][-1]
    assert [action.text() for action in menu.actions()] == ["&Undo"]
