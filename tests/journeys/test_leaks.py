"""What is copied, selected or saved in the window leaves nothing behind: asked of X and of the disk, not of Qt."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.screen import LOOK, PATIENCE, NotSeen, Screen, until

pytestmark = pytest.mark.window

WORD = "Quokkaberry"
# Shows a line with the word in it, and obeys what is said to it, a line at a time.
WINDOW = """
import sys
from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from app.ui.kit import clipboard, filing

if len(sys.argv) > 2:
    clipboard.LASTS = int(sys.argv[2])
app = QApplication(sys.argv[:1])
line = QLineEdit(sys.argv[1])
guard = clipboard.Clipboard(line)
line.show()

def accept():
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        QTimer.singleShot(50, accept)
    else:
        dialog.accept()

def obey():
    match sys.stdin.readline().split():
        case ["select"]:
            line.selectAll()
        case ["copy"]:
            line.selectAll()
            line.copy()
        case ["clear"]:
            guard.clear()
        case ["save", name]:
            QTimer.singleShot(50, accept)
            print(filing.save_file(line, "Save as", name, "PDF (*.pdf)"), flush=True)
        case _:
            app.quit()
    print("done", flush=True)

told = QSocketNotifier(0, QSocketNotifier.Type.Read)
told.activated.connect(obey)
QTimer.singleShot(0, lambda: print("shown", flush=True))
app.exec()
"""


class Window:
    """A window of the kit's parts, on a screen without a monitor."""

    def __init__(self, screen: Screen, home: Path, lasts: int = 30_000) -> None:
        self.screen = screen
        environment = screen.environment | {"HOME": str(home), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""}
        self.program = subprocess.Popen(
            [sys.executable, "-c", WINDOW, WORD, str(lasts)], env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.heard() == "shown"

    def heard(self) -> str:
        assert self.program.stdout is not None
        return self.program.stdout.readline().strip()

    def say(self, words: str) -> list[str]:
        assert self.program.stdin is not None
        self.program.stdin.write(f"{words}\n")
        self.program.stdin.flush()
        said = []
        while (line := self.heard()) != "done":
            said.append(line)
        return said

    def clipboard(self, *words: str) -> str:
        """Return what another program gets from a selection of X."""
        return self.screen.ask("xclip", "-o", "-selection", *words)

    def until(self, true: Callable[[], bool]) -> float:
        begin = time.monotonic()
        while not true():
            if time.monotonic() - begin > PATIENCE:
                raise NotSeen("the clipboard as it was waited for")
            time.sleep(LOOK)
        return time.monotonic() - begin


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    started: list[Window] = []

    def begin(**options: int) -> Window:
        started.append(Window(screen, tmp_path, **options))
        return started[-1]

    yield begin
    for window in started:
        window.program.kill()
        window.program.communicate()


def test_what_is_copied_can_be_pasted_and_asks_not_to_be_kept(start):
    window = start()
    window.say("copy")

    window.until(lambda: window.clipboard("clipboard") == WORD)
    assert "x-kde-passwordManagerHint" in window.clipboard("clipboard", "-t", "TARGETS")
    assert window.clipboard("clipboard", "-t", "x-kde-passwordManagerHint") == "secret"


def test_what_is_copied_is_gone_after_its_time_and_at_a_lock(start):
    window = start(lasts=1_500)
    window.say("copy")
    window.until(lambda: window.clipboard("clipboard") == WORD)
    taken = window.until(lambda: not window.clipboard("clipboard"))
    window.say("copy")
    window.until(lambda: window.clipboard("clipboard") == WORD)
    window.say("clear")

    assert taken <= 3
    assert not window.clipboard("clipboard")


def test_what_another_program_copied_meanwhile_stays(start):
    window = start(lasts=500)
    window.say("copy")
    environment = window.screen.environment
    subprocess.run(["xclip", "-i", "-selection", "clipboard"], input=b"theirs", env=environment, check=True)
    window.until(lambda: window.clipboard("clipboard") == "theirs")
    window.say("clear")
    time.sleep(1)  # longer than our own would last

    assert window.clipboard("clipboard") == "theirs"


def test_what_is_selected_is_not_handed_to_the_middle_button(start):
    window = start()
    window.say("select")
    window.say("select")

    assert not window.clipboard("primary")
    subprocess.run(["xclip", "-i", "-selection", "primary"], input=b"x", env=window.screen.environment, check=True)
    until(lambda: window.clipboard("primary") == "x", "the middle button's own text")


def test_a_dialog_for_a_file_leaves_no_trace_of_it(start, tmp_path):
    window = start()
    chosen = window.say(f"save {tmp_path / 'Minutes-CM-2026-0001.pdf'}")
    window.say("leave")
    window.program.wait(PATIENCE)

    assert chosen == [str(tmp_path / "Minutes-CM-2026-0001.pdf")]
    # without a message bus of the desktop, Qt starts one, which notes its address
    assert [path for path in tmp_path.rglob("*") if path.is_file() and ".dbus" not in path.parts] == []
