"""What a command answers, and how it says that it could not be carried out."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DONE, COULD_NOT, USED_WRONGLY = 0, 1, 2


class Stopped(Exception):
    """The command could not be carried out; the text is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: lines for people, values for ``--json``, and the exit status."""

    lines: tuple[str, ...]
    values: Any
    status: int = DONE


Command = Callable[[argparse.Namespace], Answer]
