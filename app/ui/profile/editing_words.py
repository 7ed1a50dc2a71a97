"""What the page that writes local rules says and asks. No Qt."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.practice.arrangements import MostActions
from app.practice.local import Change, Difference, OwnKeeping, Stance
from app.practice.origins import origin
from app.practice.pack import MeetingType, Pack, QuorumRule
from app.practice.retention import LEAST_YEARS, MOST_YEARS
from app.practice.rule import Authority, Rule
from app.practice.words import counted, day
from app.services import profile_draft
from app.services.profile_draft import Draft, RuleHere, Topic
from app.services.profile_terms import DECIDED, OTHERS, ROLLS, UNITS, Asks, Term, Typed, value_of
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import written
from app.ui.profile.presenter import STANCES, row

MARKING, RETENTION = "keeping.marking", "keeping.retention"
CHANGED, KEPT, OVERDUE = "changed", "kept", "overdue"
TOPICS: Final = (
    (CHANGED, "What you have changed"),
    (Topic.LIMITS, "Time limits"),
    (Topic.MINUTES, "How soon minutes and letters go out"),
    (Topic.LADDERS, "Dissents and complaints"),
    (Topic.QUORUM, "Quorum"),
    (Topic.TYPES, "Types of meeting"),
    (Topic.PLAN, "The plan"),
    (Topic.WORDING, "Wording"),
    (KEPT, "Marking, and how long cases are kept"),
    (OVERDUE, "Past their review date"),
)
_KINDS: Final = {
    Asks.NUMBER: Kind.LINE, Asks.LINE: Kind.LINE, Asks.WORDS: Kind.WORDS, Asks.HOUR: Kind.LINE,
    Asks.CHOICE: Kind.CHOICE, Asks.TICK: Kind.TICK, Asks.TICKS: Kind.TICKS,
}  # fmt: skip
_CALLED: Final = {
    "count": "How long, in figures", "unit": "Counted in", "clock": "By the clock", "at_most": "At most, in figures",
    "extension": "May be made longer once by, in figures", "roll": "Where the last day is not a working day",
    "all_of": "Agencies that must be there", OTHERS: "Other agencies besides these, in figures",
    DECIDED: "What may be decided without a quorum", "label": "What it is called", "text": "Words",
    "restricted_default": "Restricted from the start", "privileged": "Legal advice, which never leaves the authority",
    "distribution": "Who is given the record", "convened_by": "Convened by", "chaired_by": "Chaired by",
    "who": "Who answers", "within": "Within", "months": "Months, in figures",
    "without_conference": "Ends a plan without a conference",
}  # fmt: skip
_UNITS: Final = dict(zip(UNITS, ("hours", "days", "working days", "weeks", "months"), strict=True))
_ROLLS: Final = dict(zip(ROLLS, ("it is that day all the same", "it is the working day before"), strict=True))
_LONG: Final = 80


def topic_choices(rules: Sequence[RuleHere], keeping: OwnKeeping, today: date) -> list[tuple[str, str]]:
    """Return what may be looked at, each with how many rules it has and how many of them are changed."""
    choices = []
    for topic, words in TOPICS:
        own = of_topic(rules, topic, keeping, today)
        changed = sum(key in (MARKING, RETENTION) or _is_changed(one) for key, one in own.items())
        if topic == KEPT:
            changed = bool(keeping.marking) + bool(keeping.rule)
        more = f", {changed} changed" if changed and topic not in (CHANGED, OVERDUE) else ""
        choices.append((str(topic), f"{words} ({len(own)}{more})"))
    return choices


def of_topic(
    rules: Sequence[RuleHere], topic: str, keeping: OwnKeeping, today: date
) -> dict[str, RuleHere | None]:  # fmt: skip
    """Return the rules of a topic by their ids; for what an authority decides of its records there is none."""
    kept: dict[str, RuleHere | None] = {MARKING: None, RETENTION: None}
    if topic == KEPT:
        return kept
    found: dict[str, RuleHere | None] = {
        one.id: one
        for one in rules
        if (topic == CHANGED and _is_changed(one)) or (topic == OVERDUE and one.is_overdue(today)) or one.topic == topic
    }
    if topic == CHANGED:
        set_here = {MARKING: keeping.marking, RETENTION: keeping.rule}
        found |= {key: None for key in kept if set_here[key]}
    return found


def line(here: RuleHere, draft: Draft, pack: Pack, today: date) -> str:
    """Return a rule as one row: what it says here and nationally, how binding it is, its source and its review."""
    titles, late = profile_draft.sources_known(draft), " Past its review date." if here.is_overdue(today) else ""
    if here.difference is not None:
        shown = here.difference.model_copy(update={"meeting_types": (), "label": called(here)})
        if isinstance(here.rule, QuorumRule) and isinstance(here.local, QuorumRule):
            sides = {"national": quorum_words(here.rule, pack), "local": quorum_words(here.local, pack)}
            shown = shown.model_copy(update=sides)
        return row(shown, pack, titles, {}) + late
    if not here.can_be_asked:
        return f"{here.label}: the national rules have none of this name any more. Take it back before you save."
    if isinstance(here.rule, str):
        return f"“{here.rule}” As nationally."
    rule, binding = here.rule, pack.words("minutes", f"authority.{here.rule.authority}")
    says = quorum_words(rule, pack) if isinstance(rule, QuorumRule) else here.national
    source = "; ".join(titles.get(key, key) for key in rule.source)
    told = [f"{called(here)}: {says}, as nationally.", f"How binding: {binding}."]
    return " ".join([*told, f"Source: {source}. Reviewed on {day(rule.reviewed)}."]) + late


def kept_line(key: str, keeping: OwnKeeping) -> str:
    """Return what the local rules say of the marking, or of how long cases are kept, as one row."""
    if key == MARKING:
        said = f"minutes are marked {keeping.marking}" if keeping.marking else "left to the settings of each store"
        return f"Marking: {said}."
    years = f"{keeping.policy}, {counted(keeping.years, 'year')}" if keeping.rule else ""
    return f"How long cases are kept: {years or 'left to the settings of each store'}."


def called(here: RuleHere) -> str:
    """Return what a rule is called where it stands among others."""
    if isinstance(here.rule, str):
        return "Wording"
    if isinstance(here.rule, QuorumRule) and here.meeting is not None:
        return f"Quorum of {here.meeting.label}"
    return here.label


def quorum_words(quorum: QuorumRule, pack: Pack) -> str:
    """Return who must be there, in words."""
    names = agencies(pack)
    told = [names.get(key, key) for key in quorum.all_of]
    told += [one.label for one in quorum.several] + [one.label for one in quorum.posts]
    return ", ".join(told) or "nobody"


def agencies(pack: Pack) -> dict[str, str]:
    """Return the kinds of agency by their ids, in words."""
    return {**dict(pack.wording.get("agency_kinds", {})), **{one.id: one.label for one in pack.sectors}}


def where_from(here: RuleHere, pack: Pack) -> str:
    """Return what the national rule says, and where it comes from."""
    if isinstance(here.rule, str):
        return f"Nationally: “{here.rule}”"
    says = quorum_words(here.rule, pack) if isinstance(here.rule, QuorumRule) else here.national
    return f"Nationally: {says}. {origin(here.rule, pack)}"


def weighed(found: Difference, here: RuleHere) -> str:
    """Return whether what is typed is stricter or looser, and what follows from that."""
    sides = f"{found.national} becomes {found.local}" if found.national != found.local else found.national
    if isinstance(here.rule, QuorumRule) or len(sides) > _LONG:
        sides = ""
    stance = Stance.SAME if isinstance(here.rule, str) and found.local == found.national else found.stance
    after = {
        Stance.LOOSER: "Say why below: the minutes print your words.",
        Stance.STRICTER: "That needs no reason.",
        Stance.WORDS: "What it asks for stays the same.",
        Stance.SAME: "It may be kept with a source of your own.",
    }
    return " ".join(filter(None, (f"{STANCES[stance]}.", f"{sides}." if sides else "", after[stance])))


def asked(here: RuleHere, terms: Sequence[Term], draft: Draft, pack: Pack) -> list[Asked]:
    """Return what a form asks of a rule: its own terms, and where the local one comes from."""
    own = [_of_term(term, here, pack) for term in terms]
    binding = [(one.value, pack.words("minutes", f"authority.{one}")) for one in Authority]
    return [
        *own,
        Asked("source", "Where your rule comes from", Kind.CHOICE, choices=_sources(here, draft)),
        Asked("own_source", "Or a source of your own, by its title", hint="Such as your procedures and their year."),
        Asked("authority", "How binding it is", Kind.CHOICE, choices=binding),
        Asked("reviewed", "Last reviewed on", hint="After a year the check lists it."),
        Asked("why_looser", "Why it asks for less", Kind.WORDS, "Only where it does. The minutes print your words."),
        Asked("note", "A note, if you want one", Kind.WORDS),
    ]


def values(typed: Mapping[str, Typed], change: Change | None, today: date) -> dict[str, Any]:
    """Return what the form shows at first."""
    shown: dict[str, Any] = {
        **typed, "authority": Authority.LOCAL_EXAMPLE.value, "reviewed": written(today), "source": "",
    }  # fmt: skip
    if change is not None:
        shown |= {
            "authority": change.authority.value, "reviewed": written(change.reviewed), "note": change.note,
            "source": " ".join(change.source), "why_looser": change.why_looser,
        }  # fmt: skip
    return shown


def asked_of_keeping(key: str, pack: Pack) -> list[Asked]:
    """Return what a form asks of the marking, or of how long cases are kept."""
    if key == MARKING:
        used = ", ".join(one.label for one in pack.markings)
        hint = f"In use elsewhere: {used}. Empty leaves it to the settings."
        return [Asked("marking", "Marking of minutes", hint=hint)]
    rules = [("", "Left to the settings"), *((one.id, one.label) for one in pack.retentions)]
    return [
        Asked("rule", "How long a case is kept is counted as", Kind.CHOICE, choices=rules),
        Asked("years", "Years, in figures", hint=f"From {LEAST_YEARS} to {MOST_YEARS}; or the age in years."),
        Asked("policy", "What your authority calls its policy"),
    ]


def values_of_keeping(keeping: OwnKeeping) -> dict[str, Any]:
    """Return what the form of the marking or of keeping shows at first."""
    return {**keeping.model_dump(), "years": str(keeping.years) if keeping.years else ""}


def _is_changed(one: RuleHere | None) -> bool:
    return one is not None and (one.difference is not None or not one.can_be_asked)


def _of_term(term: Term, here: RuleHere, pack: Pack) -> Asked:
    label = _CALLED[term.key]
    if isinstance(here.rule, MostActions) and term.key == "count":
        label = "Actions, in figures"
    if term.asks is Asks.HOUR or (term.key == "count" and getattr(here.rule, "unit", "") == "clock-time"):
        label = "By the clock, such as 10:00" if term.asks is Asks.HOUR else "Days before, in figures"
    words = _choices(term, here, pack)
    choices = [(value, words.get(value, value)) for value in term.choices]
    return Asked(term.key, label, _KINDS[term.asks], _hint(term, here, words), choices)


def _choices(term: Term, here: RuleHere, pack: Pack) -> dict[str, str]:
    match term.key:
        case "unit":
            return _UNITS
        case "roll":
            return _ROLLS
        case "all_of":
            return agencies(pack)
    questions = here.meeting.decisions if isinstance(here.meeting, MeetingType) else ()
    return {one.id: one.question for one in questions}


def _hint(term: Term, here: RuleHere, words: Mapping[str, str]) -> str:
    if not isinstance(here.rule, Rule) or term.asks is Asks.TICK:
        return ""
    value = value_of(here.rule, term.key)
    if term.key == OTHERS:
        value = value[0].count if value else 0
    if isinstance(value, tuple):
        said = ", ".join(words.get(one, one) for one in value) or "none"
    else:
        said = words.get(str(value), str(value)) or "nothing"
    how = "Space ticks one. " if term.asks is Asks.TICKS else ""
    return f"{how}Nationally: {said[:5] if term.asks is Asks.HOUR else said}"


def _sources(here: RuleHere, draft: Draft) -> list[tuple[str, str]]:
    titles, change = profile_draft.sources_known(draft), draft.change_of(here.id)
    first = [change.source] if change else []
    first += [(one.key,) for one in draft.sources]
    first += [here.rule.source] if isinstance(here.rule, Rule) else []
    every = sorted(((key,) for key in titles), key=lambda one: titles[one[0]].casefold())
    found = {" ".join(keys): "; ".join(titles.get(key, key) for key in keys) for keys in (*first, *every)}
    return [("", "Not chosen yet"), *found.items()]
