"""Rows about the window: on the screen, past the lock, through a long meeting, and how many keys a meeting takes."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app import resources
from app.services.opening import introduce, make_store
from app.vault.passphrase import Cost, slot_key
from tests.bench.row import Row, p99, seconds
from tests.bench.stores import TEXT, a_meeting, a_sitting
from tests.journeys.screen import NotSeen, Screen
from tests.journeys.short_by_keys import ByKeys, content, england
from tests.journeys.strokes import presses

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

# before anything imports PySide6 in this process
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PASSPHRASE = "four plain words here"
_BARE = (
    "import sys; from PySide6.QtWidgets import QApplication, QMainWindow; "
    "app = QApplication(sys.argv); window = QMainWindow(); window.show(); app.exec()"
)
_WINDOW = re.compile(r"0x[0-9a-f]+")
_LONGEST = 60.0


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _a_store() -> Iterator[Path]:
    """A store where somebody signs, closed; a try of its passphrase costs what the yardstick derives."""
    with TemporaryDirectory() as folder:
        made = make_store(Path(folder) / "store", PASSPHRASE, _now, recovery=False, kdf=Cost())
        introduce(made.sitting, "Morgan Ellery", "Team manager", "Fernleigh Children's Services")
        made.sitting.close()
        yield Path(folder) / "store"


def first_window(runs: int = 15) -> Row:
    """From the start of the process until its window is on the screen, against the smallest PySide6 program."""
    with _a_store() as store, Screen() as screen:
        screen.environment["CHAIRSIDE_STORE"] = str(store)
        # the command as it is installed, without a word after it: how people start it
        ours = [str(Path(sys.executable).parent / "chairside")]
        bare = [sys.executable, "-c", _BARE]
        for command in (ours, bare):
            _until_on_screen(screen, command)
        pairs = [(_until_on_screen(screen, ours), _until_on_screen(screen, bare)) for _ in range(runs)]
    figures = {"ours_s": median(a for a, _ in pairs), "yardstick_s": median(b for _, b in pairs)}
    ratio = median(a / b for a, b in pairs)
    return Row("first window on screen, warm", round(ratio, 3), 1.5, figures, "until the window manager shows it")


def _until_on_screen(screen: Screen, command: list[str]) -> float:
    """How long a program takes until the window manager has a window of it; the program is ended then."""
    watching = ["stdbuf", "-oL", "xprop", "-root", "-spy", "_NET_CLIENT_LIST"]
    with subprocess.Popen(watching, env=screen.environment, stdout=subprocess.PIPE, text=True) as spy:
        lines = spy.stdout or ()
        iterator = iter(lines)
        while _WINDOW.search(next(iterator)):
            pass
        start = time.perf_counter()
        with subprocess.Popen(command, env=screen.environment, stderr=subprocess.DEVNULL) as program:
            while not _WINDOW.search(next(iterator)):
                pass
            taken = time.perf_counter() - start
            program.kill()
        while _WINDOW.search(next(iterator)):
            pass
        spy.kill()
    return taken


def home_after_passphrase(runs: int = 9) -> Row:
    """From Return after the passphrase until the home page has the focus, against the key derivation alone."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    from app.ui.home.screen import HomeScreen
    from app.ui.lock.screen import LockScreen
    from app.ui.shell.passage import Passage
    from app.ui.shell.window import MainWindow

    program = application()
    with _a_store() as store:
        window = MainWindow()
        passage = Passage(window, store, _now)
        passage.gate.enter()
        window.show()
        run_until(lambda: isinstance(window.screen_on_show, LockScreen) and program.focusWidget() is not None)
        passage.gate.lane.drain()

        def enter() -> None:
            line = program.focusWidget()
            if not isinstance(line, QLineEdit):
                raise NotSeen("the passphrase line has not the focus")
            line.setText(PASSPHRASE)
            started = time.perf_counter()
            QTest.keyClick(line, Qt.Key.Key_Return)
            run_until(lambda: isinstance(window.screen_on_show, HomeScreen) and window.screen_on_show.isVisible())
            QCoreApplication.processEvents()
            taken.append(time.perf_counter() - started)

        taken: list[float] = []
        derived: list[float] = []
        for _ in range(runs + 1):
            enter()
            derived.append(seconds(lambda: slot_key(PASSPHRASE, b"s" * 16, Cost())))
            passage.gate.lock()
            run_until(lambda: isinstance(program.focusWidget(), QLineEdit))
            passage.gate.lane.drain()
        window.close()
        window.deleteLater()
        run_until(lambda: True)
    ratio = median(a / b for a, b in zip(taken[1:], derived[1:], strict=True))
    figures = {"ours_s": median(taken[1:]), "yardstick_s": median(derived[1:])}
    return Row("passphrase entered to home page usable", round(ratio, 3), 1.5, figures)


def thread_held(entries: int = 500, an_item: int = 60) -> Row:
    """How long one key press keeps the interface from doing anything else, in a long meeting typed key by key."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtTest import QTest

    from app.ui.kit.lane import Lane
    from app.ui.meeting.screen import MeetingScreen

    application()
    held: list[float] = []
    every: list[float] = []

    def press(act: Callable[[], None], *, kept: bool) -> None:
        def whole() -> None:
            act()
            QCoreApplication.processEvents()

        taken = seconds(whole)
        every.append(taken)
        if kept:
            held.append(taken)

    with a_sitting() as sitting:
        meeting, _, _ = a_meeting(sitting)
        lane = Lane()
        screen = MeetingScreen(sitting, meeting, lane)
        screen.resize(1366, 768)
        screen.show()
        screen.focus_home()
        run_until(lambda: True)
        edit = screen.desk.item.line.edit
        kinds = ("", "/ob ", "/op ", "/g ", "/ac ", "/1 ")
        for number in range(entries):
            press(lambda: QTest.keyClick(edit, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier), kept=False)
            for character in f"{kinds[number % len(kinds)]}{number} {TEXT[: 20 + number % 60]}":
                press(lambda character=character: QTest.keyClick(edit, character), kept=False)
            press(lambda: QTest.keyClick(edit, Qt.Key.Key_Return), kept=True)
            if screen.holds_text():
                raise NotSeen(f"entry {number} was not taken: {screen.desk.item.line.said.text()}")
            if number % an_item == an_item - 1:
                press(lambda: QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier), kept=True)
        screen.deleteLater()
        lane.drain()
        run_until(lambda: True)
    figures = {
        "entry_p99_s": p99(held), "entry_median_s": median(held), "entry_max_s": max(held), "key_p99_s": p99(every),
        "key_median_s": median(every),
    }  # fmt: skip
    note = f"milliseconds; of the {len(held)} key presses that save an entry or open an item, the slowest kind"
    return Row(
        "interface thread held, p99, during a played meeting of 500 entries",
        round(p99(held) * 1000, 1),
        50,
        figures,
        note,
    )


def key_presses() -> Row:
    """Key presses from the home page to signed minutes of the short sample, against the characters told in it."""
    sample = json.loads(resources.folder("sample", "short.json").read_text(encoding="utf-8"))
    pressed = presses(ByKeys(sample, england()).strokes())
    characters = sum(len(text) for text in content(sample))
    figures = {"presses": float(pressed), "characters": float(characters)}
    note = "characters of names, days, statements, sources, questions, answers and reasons; choices count nothing"
    return Row(
        "key presses to enter the short sample in the window", round(pressed / characters, 3), 1.25, figures, note
    )


def application() -> "QApplication":
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from app.ui.kit.look import dress

    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    # the offscreen platform says of each change of size that it cannot pass it on
    qInstallMessageHandler(lambda _kind, _context, _text: None)
    made = QApplication(["bench"])
    dress(made)
    return made


def run_until(done: Callable[[], bool]) -> None:
    from PySide6.QtTest import QTest

    end = time.monotonic() + _LONGEST
    QTest.qWait(0)
    while not done():
        if time.monotonic() > end:
            raise NotSeen("the window did not come to what was waited for")
        QTest.qWait(1)
