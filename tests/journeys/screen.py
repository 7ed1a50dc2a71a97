"""A screen without a monitor, the real program on it, and nothing but key presses: what a person at a laptop has."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.ui.shell.succession import VARIABLE
from tests.journeys.strokes import Keys, Stroke, Words

PATIENCE = 60.0  # seconds; a busy machine is not a finding
LOOK = 0.05
LONGEST_TYPED = 400


def until(true: Callable[[], bool], what: str, *, look: float = LOOK) -> None:
    """Wait until something is true, looking every so many seconds; raises ``NotSeen``."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise NotSeen(what)
        time.sleep(look)


def has_succeeded(process: int) -> bool:
    """Return whether the program at work in a process is one that a lock has begun."""
    try:
        return VARIABLE.encode() in Path(f"/proc/{process}/environ").read_bytes()
    except PermissionError:  # a program with a key shuts others out; one that has just begun does not yet
        return False


class NotSeen(AssertionError):
    """What was waited for did not come; says what was there in its place."""


class Screen:
    """An X display of a given size with a window manager, for as long as the block lasts."""

    def __init__(self, size: str = "1366x768") -> None:
        self._size = size
        self._children: list[subprocess.Popen[bytes]] = []
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "CHAIRSIDE_STORE", "XDG_DATA_HOME"}
        }
        self.environment |= {"QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"}

    def __enter__(self) -> Self:
        read, write = os.pipe()
        # without -noreset the first who asks and leaves lets the display begin anew, under the window manager's feet
        quiet = ["-nolisten", "tcp", "-r", "-noreset"]
        self._start(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{self._size}x24", *quiet], pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise NotSeen("Xvfb did not start")
        self.environment["DISPLAY"] = f":{number}"
        try:
            self._start_window_manager()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.wait()

    def _start(self, words: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        quiet = subprocess.DEVNULL
        self._children.append(
            subprocess.Popen(words, env=self.environment, pass_fds=pass_fds, stdout=quiet, stderr=quiet)
        )

    def _start_window_manager(self) -> None:
        """Start it, and again where it gave up: with the display still busy it may not be let in at once."""

        def is_there() -> bool:
            if len(self._children) == 1 or self._children[-1].poll() is not None:
                self._start(["openbox"])
            return "window id" in self.ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

        until(is_there, "the window manager did not start")

    def ask(self, *words: str) -> str:
        """Return what an X program prints, without regard to whether it found anything."""
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def press(self, strokes: Iterable[Stroke]) -> None:
        """Press keys, one after the other, as fast as a screen takes them."""
        for stroke in strokes:
            match stroke:
                case Keys():
                    self._do("key", "--delay", "2", *stroke.chords)
                case Words():
                    for start in range(0, len(stroke.text), LONGEST_TYPED):
                        self._do("type", "--delay", "2", "--", stroke.text[start : start + LONGEST_TYPED])

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, capture_output=True)

    def title(self) -> str:
        """Return the title of the window that has the keyboard; empty where none has.

        A window manager may call a window active a moment before it gives it the keyboard; keys are lost till then.
        """
        return self.ask("xdotool", "getwindowfocus", "getwindowname")

    def shot(self, path: Path) -> None:
        """Save a picture of the whole screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)

    def part(self, left: int, top: int, width: int, height: int) -> bytes:
        """Return the pixels of a part of the screen, given in hundredths of it."""
        across, down = (int(number) for number in self._size.split("x"))
        crop = f"{across * width // 100}x{down * height // 100}+{across * left // 100}+{down * top // 100}"
        words = ["import", "-window", "root", "-crop", crop, "rgb:-"]
        return subprocess.run(words, env=self.environment, check=True, capture_output=True).stdout


class Program:
    """Chairside's window on a screen, started from the checkout like a person starts it.

    ``watched`` is the command of a program that starts it in turn and watches what it does. The person's ``home`` is
    the folder around the store, where nothing else is said.
    """

    def __init__(
        self,
        screen: Screen,
        store: Path,
        *options: str,
        scale: float = 1,
        watched: Sequence[str] = (),
        home: Path | None = None,
    ) -> None:
        self.screen = screen
        environment = screen.environment | {"QT_SCALE_FACTOR": str(scale), "HOME": str(home or store.parent)}
        words = [*watched, sys.executable, "-m", "app", "--store", str(store), *options]
        self._errors = (store.parent / "window-stderr.txt").open("a")
        self._process = subprocess.Popen(words, env=environment, stdout=self._errors, stderr=self._errors)

    @property
    def process(self) -> int:
        """The number of the program's process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def press(self, *strokes: Stroke) -> None:
        """Press keys in the window in front."""
        self.screen.press(strokes)

    def wait(self, title: str, seconds: float = PATIENCE) -> str:
        """Return the window's title once it matches the pattern ``title``."""
        end = time.monotonic() + seconds
        found = ""
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise NotSeen(f"the program ended with {self._process.returncode} while waiting for {title!r}")
            found = self.screen.title()
            if re.search(title, found):
                return found
            time.sleep(LOOK)
        raise NotSeen(f"no window called {title!r} after {seconds:.0f} s; the one in front is called {found!r}")

    def ended(self, seconds: float = PATIENCE) -> int:
        """Return the exit status once the program has ended by itself."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End the program as a power cut does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
