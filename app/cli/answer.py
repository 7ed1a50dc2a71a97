"""What a command answers, and how it says that it could not be carried out."""

import argparse
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

DONE, COULD_NOT, USED_WRONGLY = 0, 1, 2
PATIENCE_SECONDS, PAUSE_SECONDS = 1.0, 0.2


class Stopped(Exception):
    """The command could not be carried out; the text is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: lines for people, values for ``--json``, and the exit status."""

    lines: tuple[str, ...]
    values: Any
    status: int = DONE


Command = Callable[[argparse.Namespace], Answer]


@contextmanager
def progress(given: argparse.Namespace) -> Iterator[Callable[[str, int, int], None]]:
    """Give what hears how far a command is, and says so on standard error once it takes longer than a second.

    It is one line, written over and over, for a person at a terminal, or where ``--progress`` asks for it.
    """
    err, state, done = sys.stderr, [""], threading.Event()

    def told(what: str, part: int, of: int) -> None:
        state[0] = f"{what}: {100 * part // of} %" if of > 1 else what

    def show() -> None:
        width = 0
        wait = PATIENCE_SECONDS
        with suppress(OSError, ValueError):  # standard error may be closed at any time
            while not done.wait(wait):
                line, wait = state[0], PAUSE_SECONDS
                err.write(f"\r{line.ljust(width)}")
                err.flush()
                width = len(line)
            if width:
                err.write(f"\r{' ' * width}\r")
                err.flush()

    if err is None or not (given.progress or (err.isatty() and not given.json)):
        yield told
        return
    shown = threading.Thread(target=show, daemon=True)
    shown.start()
    try:
        yield told
    finally:
        done.set()
        shown.join()
