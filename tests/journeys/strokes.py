"""What fingers do on a keyboard, and how often they come down."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys pressed one after the other, as xdotool names them; keys held together are one press."""

    chords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Characters typed; each is one press."""

    text: str


Stroke = Keys | Words


def keys(*chords: str) -> Keys:
    """The presses of these chords."""
    return Keys(chords)


def line(text: str) -> tuple[Stroke, Stroke]:
    """Some text, then Return."""
    return Words(text), keys("Return")


def presses(strokes: Iterable[Stroke]) -> int:
    """How many times keys are pressed."""
    return sum(len(s.chords) if isinstance(s, Keys) else len(s.text) for s in strokes)
