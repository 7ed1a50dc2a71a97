"""The command line's door: reads the words, runs the command, and says any error in one sentence."""

import argparse
import json
import sys
from collections.abc import Sequence

from app.cli import meetings, proofs, stores
from app.cli.answer import COULD_NOT, USED_WRONGLY, Answer


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    top = argparse.ArgumentParser(
        prog="chairside", description="Runs child protection meetings and keeps their record."
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for group in (stores, meetings, proofs):
        group.add_to(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="answer in JSON")
    return top


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        given = parser().parse_args(words)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else USED_WRONGLY
    try:
        answer: Answer = given.run(given)
    except KeyboardInterrupt:
        return _say("Stopped before it was finished.", given)
    except Exception as error:  # noqa: BLE001  (the one door: whatever happens, a person reads one sentence)
        return _say(_sentence(error), given)
    if given.json:
        print(json.dumps(answer.values, indent=2, ensure_ascii=False))
    else:
        for line in answer.lines:
            print(line)
    return answer.status


def _say(sentence: str, given: argparse.Namespace) -> int:
    print(f"chairside {given.command}: {sentence}", file=sys.stderr)
    return COULD_NOT


def _sentence(error: Exception) -> str:
    from app.cli.sentences import sentence_of

    return sentence_of(error)
