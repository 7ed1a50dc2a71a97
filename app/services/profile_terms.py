"""What a partnership may say of a rule in the rule's own terms, and what the words that were typed set."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any, Final

from app.models.base import LONGEST_NAME, Refused, tidy
from app.practice.arrangements import ComplaintStage, EndReason, MostActions, PlanAge
from app.practice.catalogue import TimeLimit
from app.practice.contents import Contents
from app.practice.pack import MeetingType, QuorumRule, Several
from app.practice.rule import Part, Rule

UNITS: Final = ("hours", "days", "working-days", "weeks", "months")
ROLLS: Final = ("none", "back")
OTHERS: Final = "several"
DECIDED: Final = "if_inquorate.allowed_decisions"

_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_OTHER_AGENCIES = "two other agencies"
_FIGURES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

Typed = str | bool | tuple[str, ...]


class Asks(StrEnum):
    """How a term is asked for."""

    NUMBER = "number"
    LINE = "line"
    WORDS = "words"
    HOUR = "hour"
    CHOICE = "choice"
    TICK = "tick"
    TICKS = "ticks"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that may be set of a rule: its key in the rule, how it is asked for, and what may be chosen.

    ``main`` is what the rule is about; the others are set where they differ.
    """

    key: str
    asks: Asks
    choices: Sequence[str] = ()
    main: bool = False


_LABEL: Final = Term("label", Asks.LINE)
_TEXT: Final = Term("text", Asks.WORDS, main=True)
_PLAIN: Final[Mapping[type[Rule], tuple[Term, ...]]] = {
    MeetingType: (
        Term("restricted_default", Asks.TICK, main=True), Term("privileged", Asks.TICK),
        Term("distribution", Asks.WORDS), Term("convened_by", Asks.WORDS), Term("chaired_by", Asks.WORDS), _LABEL,
    ),
    ComplaintStage: (Term("who", Asks.LINE, main=True), Term("within", Asks.LINE, main=True), _LABEL),
    PlanAge: (Term("months", Asks.NUMBER, main=True), _LABEL),
    MostActions: (Term("count", Asks.NUMBER, main=True), _LABEL),
    EndReason: (Term("without_conference", Asks.TICK, main=True), _LABEL),
}  # fmt: skip
ASKED_HERE: Final = frozenset({TimeLimit, QuorumRule, *_PLAIN})


def terms_of(rule: Rule | str, meeting: MeetingType | None, contents: Contents) -> tuple[Term, ...]:
    """Return what may be said of a rule here, of the ``meeting`` type that it is of; of a wording its text."""
    match rule:
        case str():
            return (_TEXT,)
        case TimeLimit():
            return _of_a_limit(rule)
        case QuorumRule():
            return _of_a_quorum(rule, meeting, contents)
    return _PLAIN.get(type(rule), ())


def typed_of(rule: Rule | str, terms: Sequence[Term]) -> dict[str, Typed]:
    """Return what a form shows of a rule, by the keys of its terms."""
    if isinstance(rule, str):
        return {_TEXT.key: rule}
    return {term.key: _typed(term, value_of(rule, term.key)) for term in terms}


def set_of(
    national: Rule | str, terms: Sequence[Term], typed: Mapping[str, Typed], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a change sets: what was typed otherwise than nationally, and what ``before`` set already.

    Where all is as nationally the main terms are set, since a partnership may say that it does the same. Raises
    ``Refused`` with the key of the term as its word ``field``.
    """
    if isinstance(national, str):
        return {term.key: _read(term, typed.get(term.key, "")) for term in terms}
    # what is empty nationally may stay so
    found = {
        term.key: _read(term, typed.get(term.key, ""), may_be_empty=value_of(national, term.key) == "")
        for term in terms
    }
    stated, values = dict(_paths(before)), dict[str, Any]()
    shown = {term.key: term for term in terms}
    differ = [key for key, term in shown.items() if not _same(found[key], _plain(term, value_of(national, key)))]
    kept = [path for path in stated if path not in shown]
    set_here = [key for key in shown if key in differ or key in stated]
    for key in set_here or ([] if kept else [key for key, term in shown.items() if term.main]):
        _put(values, key, _stated_as(found[key], shown[key], national, stated.get(key)))
    for path in kept:
        _put(values, path, stated[path])
    return values


def value_of(part: Part, key: str) -> Any:
    """Return what a part holds under a key, which may be of a part below it."""
    value: Any = part
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _of_a_limit(limit: TimeLimit) -> tuple[Term, ...]:
    terms = [Term("count", Asks.NUMBER, main=True)]
    if limit.unit == "clock-time":
        terms.append(Term("clock", Asks.HOUR, main=True))
    elif limit.unit in UNITS:
        terms.append(Term("unit", Asks.CHOICE, UNITS, main=True))
        terms += [Term("at_most", Asks.NUMBER)] if limit.at_most is not None else []
        terms += [Term("extension", Asks.NUMBER)] if limit.extension else []
        terms.append(Term("roll", Asks.CHOICE, ROLLS))
    return (*terms, _LABEL)


def _of_a_quorum(quorum: QuorumRule, meeting: MeetingType | None, contents: Contents) -> tuple[Term, ...]:
    sectors = contents.sectors or ()
    kinds = {sector.id: None for sector in sectors} | {kind: None for one in sectors for kind in one.counts_as}
    asked = [Term("all_of", Asks.TICKS, tuple(kinds), main=True)]
    countable = not quorum.several or (len(quorum.several) == 1 and not quorum.several[0].of)
    asked += [Term(OTHERS, Asks.NUMBER, main=True)] if countable else []
    decisions = tuple(dict.fromkeys(one.id for one in meeting.decisions)) if meeting else ()
    asked += [Term(DECIDED, Asks.TICKS, decisions)] if decisions and quorum.needed else []
    return (*asked, _LABEL)


def _typed(term: Term, value: Any) -> Typed:
    plain = _plain(term, value)
    match term.asks:
        case Asks.TICK:
            return bool(plain)
        case Asks.TICKS:
            return tuple(plain)
        case Asks.HOUR:
            return str(plain)[:5]
    return "" if plain is None else str(plain)


def _plain(term: Term, value: Any) -> Any:
    """Return a value as a change sets it."""
    match value:
        case time():
            return value.isoformat()
        case tuple() if term.key == OTHERS:
            return value[0].count if value else 0
        case tuple():
            return list(value)
    return value


def _read(term: Term, typed: Typed, *, may_be_empty: bool = False) -> Any:
    match term.asks:
        case Asks.TICK:
            return bool(typed)
        case Asks.TICKS:
            ticked = typed if isinstance(typed, tuple) else ()
            return [one for one in term.choices if one in ticked]
        case Asks.CHOICE:
            return str(typed)
    words = tidy(str(typed))
    match term.asks:
        case Asks.NUMBER:
            if not _NUMBER.fullmatch(words):
                raise Refused("profile.number-missing", field=term.key)
            return int(words)
        case Asks.HOUR:
            found = _HOUR.fullmatch(words)
            if found is None:
                raise Refused("profile.hour-missing", field=term.key)
            return time(int(found[1]), int(found[2])).isoformat()
    if not words and not may_be_empty:
        raise Refused("profile.text-missing", field=term.key)
    return tidy(words, LONGEST_NAME) if term.asks is Asks.LINE else words


def _same(one: Any, other: Any) -> bool:
    """Return whether two values say the same: what is ticked has no order."""
    return set(one) == set(other) if isinstance(one, list) and isinstance(other, list) else bool(one == other)


def _stated_as(value: Any, term: Term, national: Rule, before: Any) -> Any:
    """Return a value as the change states it: in the words and the order of ``before`` where that said the same."""
    if term.key == OTHERS:
        known: tuple[Several, ...] = value_of(national, OTHERS)
        first = known[0].model_dump(mode="json", exclude_defaults=True) if known else {"label": _OTHER_AGENCIES}
        first = before[0] if before else first
        return [{**first, "count": value, "label": _so_many(first["label"], value)}] if value else []
    kept = (before, _plain(term, value_of(national, term.key)))
    return next((one for one in kept if one is not None and _same(value, one)), value)


def _so_many(label: str, count: int) -> str:
    """Return what so many agencies are called, where their number is its first word."""
    first, _, rest = label.partition(" ")
    if first not in _FIGURES:
        return label
    rest = rest.replace("agencies", "agency") if count == 1 else rest.replace("agency", "agencies")
    return f"{_FIGURES[count] if count < len(_FIGURES) else count} {rest}"


def _paths(values: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        whole = not isinstance(value, Mapping) or key in ("gives", "if_child")
        found += [(f"{above}{key}", value)] if whole else _paths(value, f"{above}{key}.")
    return found


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    *above, key = path.split(".")
    for name in above:
        values = values.setdefault(name, {})
    values[key] = value
