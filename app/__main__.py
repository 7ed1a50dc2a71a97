"""One door: a command goes to the command line, none opens the window."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or the window where there is none, and return the exit status."""
    _hold_the_standard_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    if _is_command(words):
        from app.cli import door

        return door.main(words)
    from app.ui.shell.start import run

    if not words:
        return run()
    given = _parser().parse_args(words)
    return run(given.store, given.scheme)


def _hold_the_standard_streams() -> None:
    """Keep the numbers of closed standard streams from the files of a store: a library may complain into them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _is_command(words: Sequence[str]) -> bool:
    """Return whether the words ask for a command; the window has options only, each with its value."""
    values = {"--store", "--scheme"}
    named = [word for before, word in zip(["", *words], words, strict=False) if before not in values]
    return any(not word.startswith("-") or word in {"-h", "--help"} for word in named)


def _parser() -> "argparse.ArgumentParser":
    import argparse

    parser = argparse.ArgumentParser(prog="chairside", add_help=False)
    parser.add_argument("--store", metavar="DIR")
    parser.add_argument("--scheme", choices=("light", "dark"), default="")
    return parser


if __name__ == "__main__":
    sys.exit(main())
