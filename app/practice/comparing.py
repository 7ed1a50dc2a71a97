"""Whether a local rule is stricter or looser than the national one: a closed list of what may be set, and how.

What is not on the list cannot be set by a profile. Where a comparison has no certain answer, the local rule counts as
looser, so that somebody says why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.practice.arrangements import ChairModel, ComplaintStage, Document, EndReason, MostActions, PlanAge
from app.practice.catalogue import Sector, TimeLimit
from app.practice.local import Stance
from app.practice.pack import InviteTrigger, MeetingType, Post, QuorumRule, Several
from app.practice.questions import AgendaItem, ChildIs, DecisionQuestion, Prompt, ViewQuestion
from app.practice.rule import Part, Rule
from app.practice.words import counted

_Compare = Callable[[Any, Any], Stance]


@dataclass(frozen=True, slots=True)
class _Setting:
    """Something a profile may set: what it is called, and how two values compare (two whole rules for ``whole``)."""

    called: str
    compare: _Compare
    whole: bool = False


def _stricter_if(stricter: bool) -> Stance:
    return Stance.STRICTER if stricter else Stance.LOOSER


def _more(old: Iterable[object], new: Iterable[object]) -> Stance:
    return _stricter_if(set(new) >= set(old))


def _fewer(old: Iterable[object], new: Iterable[object]) -> Stance:
    return _stricter_if(set(new) <= set(old))


def _fewer_but_some(old: Iterable[object], new: Iterable[object]) -> Stance:
    return _stricter_if(set(new) <= set(old) and any(True for _ in new))


def _lower(old: Any, new: Any) -> Stance:
    return _stricter_if(old is None or (new is not None and new <= old))


def _turned_on(_old: object, new: object) -> Stance:
    return _stricter_if(bool(new))


def _turned_off(_old: object, new: object) -> Stance:
    return _stricter_if(not new)


def _worded(_old: object, _new: object) -> Stance:
    return Stance.WORDS


def _unlike(_old: object, _new: object) -> Stance:
    return Stance.LOOSER


def _at_all_times(_old: object, new: object) -> Stance:
    """Compare when something is done, in words: always, for an empty text, asks for most."""
    return _stricter_if(new in ("", "always"))


def _firmer(_old: object, new: object) -> Stance:
    return _stricter_if(new == "maximum")


def _rolled_back(_old: object, new: object) -> Stance:
    return _stricter_if(new == "back")


def _more_agencies(old: tuple[Several, ...], new: tuple[Several, ...]) -> Stance:
    """Compare the numbers of other agencies that a quorum needs, each with the one in the same place."""
    pairs = zip(old, new, strict=False)
    return _stricter_if(len(new) >= len(old) and all(_asks_no_less(before, now) for before, now in pairs))


def _asks_no_less(before: Several, now: Several) -> bool:
    among = not before.of or (bool(now.of) and set(now.of) <= set(before.of))
    apart = set(now.separately) <= set(before.separately)
    return now.count >= before.count and among and apart


def _more_posts(old: tuple[Post, ...], new: tuple[Post, ...]) -> Stance:
    """Compare the roles that a quorum needs, each with the one in the same place; fewer may hold a stricter one."""
    pairs = zip(old, new, strict=False)
    narrower = all(set(now.roles) <= set(was.roles) and set(now.of) <= set(was.of) for was, now in pairs)
    return _stricter_if(len(new) >= len(old) and narrower)


def _sooner(old: TimeLimit, new: TimeLimit) -> Stance:
    """Compare two lengths of time. Less time is stricter, save where a limit counts back, is a least, or is given."""
    if (old.count, old.unit) == (new.count, new.unit):
        return Stance.SAME
    less_is_stricter = (old.direction == "before") == ((old.bound == "minimum") != old.granted)
    if old.unit == new.unit:
        never_longer, never_shorter = new.count <= old.count, new.count >= old.count
    else:
        (least, most), (new_least, new_most) = _hours(old.count, old.unit), _hours(new.count, new.unit)
        never_longer, never_shorter = new_most <= least, new_least >= most
    return _stricter_if(never_longer if less_is_stricter else never_shorter)


_NEVER: Final = 10**9
_HOLIDAYS_IN_A_WHILE, _HOLIDAYS_IN_A_YEAR, _A_WHILE = 5, 12, 25


def _hours(count: int, unit: str) -> tuple[int, int]:
    """Return the least and the most hours from a moment until the end of a count, whatever the time of year.

    A count of days ends with its last day, so it may be up to a day longer. What cannot be said has no bounds.
    """
    match unit:
        case "hours":
            return count, count
        case "days":
            return 24 * count, 24 * (count + 1)
        case "weeks":
            return 24 * 7 * count, 24 * (7 * count + 1)
        case "months":
            return 24 * (365 * count // 12 - 3), 24 * (366 * count // 12 + 4)
        case "working-days":
            closed = _HOLIDAYS_IN_A_WHILE if count <= _A_WHILE else _HOLIDAYS_IN_A_YEAR * (count // 250 + 1)
            least = count + 2 * (max(count - 1, 0) // 5)
            most = count + closed + 2 * ((count + closed + 4) // 5)
            return 24 * least, 24 * (most + 1)
    return -_NEVER, _NEVER


_LABEL: Final = _Setting("", _worded)
_ASKED: Final = _Setting("Asked", _unlike)
MAY_BE_SET: Final[Mapping[type[Rule], Mapping[str, _Setting]]] = {
    TimeLimit: {
        "label": _LABEL,
        "count": _Setting("", _sooner, whole=True),
        "unit": _Setting("", _sooner, whole=True),
        "clock": _Setting("By", _lower),
        "at_most": _Setting("At most", _lower),
        "extension": _Setting("May be extended by", _lower),
        "roll": _Setting("Where the last day is not worked", _rolled_back),
        "bound": _Setting("Counts as", _firmer),
    },
    QuorumRule: {
        "label": _LABEL,
        "all_of": _Setting("Needed", _more),
        "several": _Setting("And", _more_agencies),
        "posts": _Setting("By role", _more_posts),
        "if_inquorate.allowed_decisions": _Setting("Decided without a quorum", _fewer),
        "if_inquorate.choices": _Setting("Choices without a quorum", _fewer),
        "if_inquorate.proceed_when": _Setting("Grounds to go on", _fewer),
        "if_inquorate.sign_off": _Setting("Who agrees to a second one", _unlike),
    },
    MeetingType: {
        "label": _LABEL,
        "short": _LABEL,
        "purpose": _LABEL,
        "distribution": _Setting("Distribution", _unlike),
        "convened_by": _Setting("Convened by", _unlike),
        "chaired_by": _Setting("Chaired by", _unlike),
        "closing": _Setting("Asked before closing", _more),
        "time_limits": _Setting("Time limits", _more),
        "not_by_telephone": _Setting("Not by telephone", _more),
        "carries": _Setting("Carried on", _more),
        "chair_models": _Setting("Models of the chair", _fewer_but_some),
        "restricted_default": _Setting("Restricted", _turned_on),
        "privileged": _Setting("Privileged", _turned_on),
    },
    AgendaItem: {
        "title": _LABEL,
        "purpose": _LABEL,
        "minutes": _Setting("Minutes", _worded),
        "speakers": _Setting("Asked to speak", _more),
        "optional": _Setting("Optional", _turned_off),
        "confidential": _Setting("Confidential", _turned_on),
    },
    Prompt: {
        "text": _ASKED,
        "when": _Setting("Asked when", _at_all_times),
        "if_child": _Setting("Asked of", _unlike),
        "per_child": _Setting("For each child", _turned_on),
    },
    DecisionQuestion: {
        "question": _ASKED,
        "guidance": _Setting("Guidance", _more),
        "required": _Setting("Required", _turned_on),
        "interim": _Setting("May be provisional", _turned_off),
    },
    ViewQuestion: {"question": _ASKED},
    InviteTrigger: {
        "label": _LABEL,
        "when": _Setting("When", _at_all_times),
        "invite": _Setting("To consider", _more),
        "sectors": _Setting("Agencies", _fewer_but_some),
    },
    Sector: {
        "label": _LABEL,
        "short": _LABEL,
        "counts_as": _Setting("Counts as", _fewer),
        "key_meetings": _LABEL,
        "usual_authority": _LABEL,
    },
    ChairModel: {"label": _LABEL, "means": _LABEL, "default": _Setting("Offered first", _worded)},
    ComplaintStage: {
        "label": _LABEL,
        "who": _Setting("Who answers", _unlike),
        "within": _Setting("Within", _unlike),
    },
    EndReason: {"label": _LABEL, "without_conference": _Setting("Without a conference", _turned_off)},
    PlanAge: {"label": _LABEL, "months": _Setting("Months", _lower)},
    MostActions: {"label": _LABEL, "count": _Setting("Actions", _lower)},
    Document: {"label": _LABEL, "gives": _Setting("Gives", _unlike)},
}
_WEIGHT: Final = (Stance.SAME, Stance.WORDS, Stance.STRICTER, Stance.LOOSER)


def stance_of(national: Rule, local: Rule, keys: Iterable[str]) -> tuple[Stance, tuple[str, ...]]:
    """Return what ``local`` is beside ``national`` in what ``keys`` name, and the keys that no profile may set."""
    known = MAY_BE_SET.get(type(national), {})
    stances, unknown = [Stance.SAME], []
    for key in keys:
        setting, old, new = known.get(key), _value(national, key), _value(local, key)
        if setting is None:
            unknown.append(key)
        elif old != new:
            stances.append(setting.compare(national, local) if setting.whole else setting.compare(old, new))
    return max(stances, key=_WEIGHT.index), tuple(unknown)


def looser_in(base: Rule, own: Rule, keys: Iterable[str]) -> list[str]:
    """Return those of ``keys`` in which ``own`` asks for less than ``base``."""
    return [key for key in keys if stance_of(base, own, [key])[0] is Stance.LOOSER]


def said(rule: Rule, keys: Iterable[str]) -> str:
    """Return in words what a rule says under ``keys``; what it is called, only where nothing else is asked for."""
    known = MAY_BE_SET.get(type(rule), {})
    told: dict[str, None] = {}
    keys = list(keys)
    keys = [key for key in keys if known.get(key) is not _LABEL] or keys
    for key in keys:
        setting = known.get(key)
        called = setting.called if setting else key
        if isinstance(rule, TimeLimit) and setting is not None and setting.whole:
            told[_length(rule)] = None
        else:
            told[f"{called}: {_words(_value(rule, key))}" if called else _words(_value(rule, key))] = None
    return "; ".join(told)


def _length(limit: TimeLimit) -> str:
    if not limit.count:
        return "the same day"
    if limit.unit == "gestation-weeks":
        return counted(limit.count, "week of pregnancy", "weeks of pregnancy")
    unit = "day" if limit.unit == "clock-time" else limit.unit.replace("-", " ").removesuffix("s")
    return counted(limit.count, unit)


def _value(rule: Part, key: str) -> Any:
    value: Any = rule
    for name in key.split("."):
        value = getattr(value, name, None)
    return value


def _words(value: object) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case Post():
            return value.label
        case ChildIs():
            return _words(tuple(f"{name} {_words(to)}".replace("_", " ") for name, to in value if to is not None))
        case Several():
            return f"{value.count}, {value.label}"
        case tuple():
            return ", ".join(map(_words, value)) or "none"
        case Part():
            return ", ".join(f"{name} {_words(getattr(value, name))}" for name in type(value).model_fields)
    return str(value) if value not in ("", None) else "none"
