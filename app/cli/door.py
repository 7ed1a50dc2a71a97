"""The command line's door: reads the words, runs the command, and says any error in one sentence."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from typing_extensions import override

from app.cli import copies, disposals, keys, meetings, profiles, proofs, stores, trails
from app.cli.answer import COULD_NOT, USED_WRONGLY, Answer, plain, say, took
from app.services.shielding import no_crash_files, no_onlookers

LONGEST_COMPLAINT = 300


class Words(argparse.ArgumentParser):
    """A reader of the command line that says what is wrong in one line."""

    @override
    def error(self, message: str) -> NoReturn:
        """Leave with the status of a command used wrongly."""
        self.exit(USED_WRONGLY, f"{self.prog}: {plain(message[:LONGEST_COMPLAINT])}; see {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    top = Words(prog="chairside", description="Runs child protection meetings and keeps their record.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for group in (stores, copies, meetings, proofs, trails, keys, disposals, profiles):
        group.add_to(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="answer in JSON")
    return top


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        given = parser().parse_args(words)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else USED_WRONGLY
        took(sys.stderr)
        return _told(Answer((), None, status), argparse.Namespace(command="--help", json=False))
    no_crash_files()
    if hasattr(given, "store"):
        no_onlookers()  # it will know a key
    try:
        with _ended_as_interrupted():
            answer: Answer = given.run(given)
    except KeyboardInterrupt:
        return _failed("Stopped before it was finished.", (), given)
    except Exception as error:  # noqa: BLE001  (the one door: whatever happens, a person reads one sentence)
        from app.cli.sentences import faults_of, sentence_of

        return _failed(sentence_of(error), faults_of(error), given)
    return _told(answer, given)


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Let the signals that end a program interrupt it instead, so that it takes away what it had begun."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before: dict[int, Any] = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # outside the main thread none can be set, and one that is ignored (nohup) stays so
        with suppress(ValueError):
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, kept in before.items():
            signal.signal(number, kept)


def _told(answer: Answer, given: argparse.Namespace) -> int:
    """Print the answer; where that fails the command is done all the same, and the person is told so."""
    values = answer.values if given.json else None
    if _printed(answer.lines, values):
        return answer.status
    say("The command was carried out, but its answer could not be printed.", given)
    return COULD_NOT


def _failed(sentence: str, faults: Sequence[dict[str, str]], given: argparse.Namespace) -> int:
    """Say why the command could not be carried out; a longer list of faults is the answer it has."""
    say(sentence, given)
    lines = [f"{fault['path']}: {fault['fault']}" for fault in faults] if len(faults) > 1 else []
    _printed(lines, {"error": sentence, "faults": list(faults)} if given.json else None)
    return COULD_NOT


def _printed(lines: Sequence[str], values: Any) -> bool:
    """Return whether standard output took the values in JSON, or where there are none the lines."""
    if sys.stdout is None:
        return True  # it was closed on purpose
    encoding = sys.stdout.encoding or "utf-8"
    if values is None:
        text = "".join(f"{plain(line)}\n" for line in lines).encode(encoding, "backslashreplace").decode(encoding)
    else:
        text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = json.dumps(values, indent=2) + "\n"
    return took(sys.stdout, text)
