"""What a command answers, and how it says that it could not be carried out."""

import argparse
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TextIO

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


def plain(text: str) -> str:
    """Return ``text`` with whatever could move a terminal's cursor or hide in a line shown as its code point."""
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)


def say(sentence: str, given: argparse.Namespace) -> None:
    """Say a sentence on standard error; where nothing takes it, the command goes on all the same."""
    took(sys.stderr, f"chairside {given.command}: {plain(sentence)}\n")


def took(stream: TextIO | None, text: str = "") -> bool:
    """Return whether a stream took ``text`` and all before it; one that was closed on purpose wanted nothing."""
    if stream is None:
        return True
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # what is left in the buffer must not fail once more when the program ends
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


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
