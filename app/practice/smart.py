"""What is pointed out in an outcome or action of a plan while somebody types it. It suggests, and blocks nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from app.models.plan import Carrier
from app.practice.arrangements import MostActions
from app.practice.pack import Pack

NO_OWNER: Final = "smart.no-owner"
NO_DATE: Final = "smart.no-date"
DATE_IN_WORDS: Final = "smart.date-in-words"
PARENT_ONLY: Final = "smart.parent-only"
ATTENDANCE: Final = "smart.attendance"
NO_INDICATOR: Final = "smart.no-indicator"
_PARENTS = (Carrier.PARENT, Carrier.NON_ABUSIVE_PARENT)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that nobody could check later: by which rule, why, and what could stand there instead.

    ``found`` is the piece of the text it is about, empty where it is about something that is missing.
    """

    rule: str
    why: str
    instead: tuple[str, ...] = ()
    found: str = ""


def of_action(
    text: str, pack: Pack, *, owner: str = "", due: date | str | None = None, carrier: Carrier = Carrier.AGENCY
) -> list[Suggestion]:
    """Return what is pointed out in an action; ``due`` as a text is what was typed and is no day."""
    found = list(_vague(text, pack))
    if not owner.strip():
        found.append(_said(NO_OWNER, pack))
    if isinstance(due, str) and due.strip():
        found += list(_vague(due, pack)) or [_said(DATE_IN_WORDS, pack, due.strip())]
    elif not due:
        found.append(_said(NO_DATE, pack))
    if carrier in _PARENTS:
        found.append(_said(PARENT_ONLY, pack))
    return found


def of_outcome(text: str, pack: Pack, *, indicator: str = "", target: date | str | None = None) -> list[Suggestion]:
    """Return what is pointed out in an outcome: words nobody can check, coming counted as change, and no measure."""
    found = [*_vague(text, pack), *_attendance(text, pack), *_attendance(indicator, pack)]
    if not indicator.strip():
        found.append(_said(NO_INDICATOR, pack))
    if not target or isinstance(target, str):
        found.append(_said(NO_DATE, pack))
    return found


def of_number(actions: int, pack: Pack) -> list[Suggestion]:
    """Return what is pointed out in how many actions a plan has."""
    most: MostActions | None = pack.plan.most_actions
    return [Suggestion(most.id, most.label)] if most and actions > most.count else []


def _said(rule: str, pack: Pack, found: str = "") -> Suggestion:
    return Suggestion(rule, pack.words("smart", rule.removeprefix("smart.")), found=found)


def _vague(text: str, pack: Pack) -> Iterator[Suggestion]:
    for vague in pack.plan.vague:
        met = _pattern((vague.term,)).search(text)
        if met:
            yield Suggestion(vague.id, vague.why, vague.instead, met.group())


def _attendance(text: str, pack: Pack) -> Iterator[Suggestion]:
    met = _pattern(tuple(pack.words("smart", "attendance-words").split(", "))).search(text)
    if met:
        yield _said(ATTENDANCE, pack, met.group())


@lru_cache(maxsize=256)
def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Return what finds any of the terms, their first word also with an ending; never within another word."""
    either = "|".join(_inflected(*term.split()) for term in terms)
    return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


def _inflected(first: str, *rest: str) -> str:
    stem = re.escape(first.removesuffix("e")) + r"(?:e?s|e?d|e|ing|e?ment|ance)?"
    return r"\s+".join([stem, *map(re.escape, rest)])
