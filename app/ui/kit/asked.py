"""What a form asks; no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How something is asked."""

    LINE = "line"
    WORDS = "words"
    CHOICE = "choice"
    TICK = "tick"
    TICKS = "ticks"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a form asks: its key, what it says, and for a choice or ticks each value with its words."""

    key: str
    label: str
    kind: Kind = Kind.LINE
    hint: str = ""
    choices: Sequence[tuple[Any, str]] = ()
