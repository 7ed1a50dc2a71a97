"""What the forms of a revision ask, and the lines of a draft made from their answers. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.models.base import Refused
from app.models.plan import Carrier, Standing
from app.practice import plans, smart
from app.practice.finding import fill
from app.practice.origins import origin, origins_of
from app.practice.pack import Pack
from app.practice.smart import Suggestion
from app.services.plan_draft import LINES, TEXTS, Draft, Line, checked, settled
from app.services.plan_look import Look
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import NoSuchDay, looks_like_day, read_day, written
from app.ui.plan.presenter import WISH, in_rows

# the lists of a draft in the order in which people write them, each with what adds to it
PARTS = {
    "dangers": "Add a worr&y",
    "outcomes": "Add an &outcome",
    "steps": "Add an ac&tion",
    "contingencies": "Add what is done if somethin&g goes wrong",
    "bottom_lines": "Add a bottom li&ne",
    "core_group": "Add somebody to the core gro&up",
}
FACTS = "facts"
FORMS = (FACTS, *PARTS)
_DAYS = ("due", "target")
_SHORT = ("owner", "within", "name", "role", *_DAYS)
_SECONDARY = "secondary:"
_WISH_HINT = "Without a conference that decides it with a quorum it is interim all the same."
_DAY_HINT = "For example 14.1.2027 or 14 January 2027."
_BESIDE = {smart.NO_OWNER: "owner", smart.PARENT_ONLY: "carrier", smart.NO_INDICATOR: "indicator"}
_FIELDS = {
    "plan.text-missing": "text", "plan.member-missing": "name", "plan.owner-missing": "owner",
    "plan.category-missing": "category", "plan.unknown-category": "category", "plan.visits-out-of-range": "visit_every",
    "plan.start-moved": "started_on", "plan.starts-in-future": "started_on",
}  # fmt: skip


class NotThere(Exception):
    """Something typed cannot stand in a plan; the text is the sentence, ``key`` the field it is about."""

    def __init__(self, sentence: str, key: str) -> None:
        super().__init__(sentence)
        self.key = key


def asked(part: str, draft: Draft, look: Look) -> list[Asked]:
    """Return what is asked of one entry of a list of the draft."""
    return [_asked(part, name, draft, look) for name in _names(part)]


def _names(part: str) -> list[str]:
    return [one.name for one in fields(LINES[part]) if one.name != "key"]


def _asked(part: str, name: str, draft: Draft, look: Look) -> Asked:
    label = look.pack.words("plan", f"{part}.{name}")
    match name:
        case "danger" | "outcome":
            others: Sequence[Any] = draft.dangers if name == "danger" else draft.outcomes
            return Asked(name, label, Kind.CHOICE, choices=[("", "None"), *((one.key, one.text) for one in others)])
        case "agency":
            known = [(str(one.id), one.label) for one in look.agencies]
            return Asked(name, label, Kind.CHOICE, choices=[("", "None"), *known])
        case "carrier":
            return Asked(
                name, label, Kind.CHOICE, choices=[(one.value, look.pack.words("plan", one)) for one in Carrier]
            )
        case "due" | "target":
            return Asked(name, label, hint=_DAY_HINT)
        case "owner" | "within" | "name" | "role":
            return Asked(name, label)
        case _:
            return Asked(name, label, Kind.WORDS if name == "text" else Kind.LINE)


def values_of(line: Line) -> dict[str, Any]:
    """Return an entry of the draft as its form shows it."""
    return {one.name: _shown(getattr(line, one.name)) for one in fields(line) if one.name != "key"}


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case date():
            return written(value)
        case Carrier():
            return value.value
        case _:
            return str(value)


def line_from(part: str, key: str, values: Mapping[str, Any], today: date, pack: Pack) -> Line:
    """Return the entry of the draft that a form says; raises ``NotThere`` for a day in words, or something left out."""
    said: dict[str, Any] = {}
    for name in _names(part):
        value = values[name]
        if name in _DAYS:
            value = _day(value, name, today, pack)
        elif name == "agency":
            value = UUID(value) if value else None
        elif name == "carrier":
            value = Carrier(value)
        said[name] = value
    try:
        return settled(LINES[part](key=key, **said))
    except Refused as refused:
        raise NotThere(_sentence(refused, pack), _FIELDS.get(refused.rule, "")) from None


def _day(typed: str, name: str, today: date, pack: Pack) -> date | None:
    if not typed.strip():
        return None
    try:
        return read_day(typed, today)
    except NoSuchDay as wrong:
        in_words = fill(pack.words("refusal", "plan.date-in-words"), {"said": typed.strip()})
        raise NotThere(str(wrong) if looks_like_day(typed) else in_words, name) from None


def _sentence(refused: Refused, pack: Pack) -> str:
    return fill(pack.words("refusal", refused.rule), refused.words)


def line_words(part: str, line: Line, draft: Draft, look: Look) -> str:
    """Return one row of a list of the draft: what the entry says, and below that each further thing by its name."""
    said = {name: _in_words(name, getattr(line, name), draft, look) for name in plans.PARTS[part]}
    return in_rows(part, said, look.pack)


def _in_words(name: str, value: object, draft: Draft, look: Look) -> str:
    match value:
        case Carrier():
            return look.pack.words("plan", value)
        case UUID():
            return next((one.label for one in look.agencies if one.id == value), "")
        case str() if name in ("danger", "outcome"):
            others: Sequence[Any] = draft.dangers if name == "danger" else draft.outcomes
            return next((str(one.text) for one in others if one.key == value), "")
        case _:
            return _shown(value)


def suggestions(part: str, values: Mapping[str, Any], today: date, pack: Pack) -> dict[str, list[Suggestion]]:
    """Return what is pointed out in what somebody types, by the field it stands beside; nothing before they begin."""
    text = str(values.get("text", ""))
    if part not in ("steps", "outcomes") or not text.strip():
        return {}
    dated = "due" if part == "steps" else "target"
    due = _day_or_words(str(values[dated]), today)
    if part == "steps":
        found = smart.of_action(text, pack, owner=values["owner"], due=due, carrier=Carrier(values["carrier"]))
    else:
        found = smart.of_outcome(text, pack, indicator=values["indicator"], target=due)
    beside: dict[str, list[Suggestion]] = {}
    for one in found:
        in_day = one.rule in (smart.NO_DATE, smart.DATE_IN_WORDS) or (one.found and one.found not in text)
        key = _BESIDE.get(one.rule) or (dated if in_day else "text")
        beside.setdefault("indicator" if one.rule == smart.ATTENDANCE and one.found not in text else key, []).append(
            one
        )
    return beside


def _day_or_words(typed: str, today: date) -> date | str | None:
    try:
        return read_day(typed, today) if typed.strip() else None
    except NoSuchDay:
        return typed


def advice(found: Sequence[Suggestion]) -> str:
    """Return what is pointed out beside one field: why, and what could stand there instead."""
    return "\n".join(_advised(one) for one in found)


def _advised(one: Suggestion) -> str:
    named = f"“{one.found}”: " if one.found else ""
    return f"{named}{one.why}" + (f" Perhaps: “{one.instead[0]}”." if one.instead else "")


def origin_of(found: Sequence[Suggestion], pack: Pack) -> str:
    """Return where the rules come from by which something is pointed out; the app's own where the pack names none."""
    named = {rule.id: rule for rule in pack.plan.vague}
    told = [f"“{named[one.rule].term}”: {origin(named[one.rule], pack)}" for one in found if one.rule in named]
    own = "The rest is this program's own advice: who, by when, and what somebody could see. It blocks nothing."
    return "\n".join([*dict.fromkeys(told), own])


def origin_of_facts(pack: Pack) -> str:
    """Return where the categories of harm come from, and how often a child is seen."""
    return origins_of([*pack.plan.categories, *plans.visit_limits(pack)], pack)


def too_many(draft: Draft, pack: Pack) -> str:
    """Return what is pointed out in how many actions a draft has; empty for nothing."""
    return " ".join(f"{one.why}: {len(draft.steps)}." for one in smart.of_number(len(draft.steps), pack))


def facts_asked(look: Look, *, first: bool) -> list[Asked]:
    """Return what is asked of the plan as a whole; of the ``first`` one known here also how many came before."""
    said = look.pack.words
    named = [(one.id, one.label) for one in look.pack.plan.categories]
    worth = [(one.value, said("plan", one)) for one in (Standing.IN_FORCE, Standing.OUTLINE, Standing.INTERIM)]
    further = said("plan", "secondary")
    lead, fhlp, seen, *others = (
        "lead_practitioner",
        "family_help_lead",
        "seen_alone",
        "contact",
        "assessments",
        "family_plan",
        "legal",
    )
    return [
        Asked("category", said("plan", "category"), Kind.CHOICE, choices=[("", "Not chosen yet"), *named]),
        *(Asked(_SECONDARY + one, f"{further}: {label}", Kind.TICK) for one, label in named),
        Asked("why", said("plan", "why"), Kind.WORDS),
        Asked("standing", WISH, Kind.CHOICE, _WISH_HINT, worth),
        Asked("started_on", said("plan", "started_on"), hint=f"Empty for the day it is made. {_DAY_HINT}"),
        Asked(lead, said("plan", lead)),
        Asked(fhlp, said("plan", fhlp)),
        Asked("visit_every", said("plan", "visit_every"), hint="For example 10."),
        Asked(seen, said("plan", seen)),
        Asked("unannounced", said("plan", "unannounced"), Kind.TICK),
        *(Asked(name, said("plan", name)) for name in others),
        *([Asked("earlier", "Plans before this one", hint="0 where there was none.")] if first else []),
    ]  # fmt: skip


def facts_of(draft: Draft) -> dict[str, Any]:
    """Return what a draft says of the plan as a whole, as its form shows it."""
    shown: dict[str, Any] = {name: getattr(draft, name) for name in ("category", "unannounced", *TEXTS)}
    shown |= {_SECONDARY + one: True for one in draft.secondary}
    every = str(draft.visit_every or "")
    return shown | {
        "standing": draft.standing.value, "started_on": written(draft.started_on), "visit_every": every,
        "earlier": str(draft.earlier),
    }  # fmt: skip


def facts_from(draft: Draft, values: Mapping[str, Any], today: date, pack: Pack) -> Draft:
    """Return a draft that says of the plan as a whole what a form says; raises ``NotThere``."""
    every, earlier = str(values["visit_every"]).strip(), str(values.get("earlier", "")).strip() or "0"
    if not earlier.isdecimal():
        raise NotThere("Write how many plans there were before as a number, such as 0 or 1.", "earlier")
    further = tuple(key.removeprefix(_SECONDARY) for key, on in values.items() if on and key.startswith(_SECONDARY))
    made = replace(
        draft, **{name: values[name] for name in ("category", "unannounced", *TEXTS)},
        secondary=further,
        standing=Standing(values["standing"]), started_on=_day(values["started_on"], "started_on", today, pack),
        # nothing but a number is a number the rule refuses
        visit_every=(int(every) if every.isdecimal() else 0) if every else None, earlier=int(earlier),
    )  # fmt: skip
    try:
        checked(made, pack)
    except Refused as refused:
        raise NotThere(_sentence(refused, pack), _FIELDS.get(refused.rule, "")) from None
    return made


def facts_words(draft: Draft, pack: Pack) -> str:
    """Return what a draft says of the plan as a whole, one thing a line."""
    category = plans.category_label(draft.category, pack) if draft.category else "not chosen yet"
    said = {
        "category": category,
        "secondary": ", ".join(plans.category_label(one, pack) for one in draft.secondary),
        "started_on": written(draft.started_on),
        "visit_every": str(draft.visit_every or ""),
        "unannounced": pack.words("plan", "yes") if draft.unannounced else "",
        **{name: getattr(draft, name) for name in TEXTS},
    }
    lines = [f"{pack.words('plan', name)}: {words}" for name, words in said.items() if words]
    wish = pack.words("plan", draft.standing)
    wish += "" if draft.standing is Standing.INTERIM else ", once a conference with a quorum has decided so"
    return "\n".join([*lines, f"{WISH}: {wish}"])


def without(draft: Draft, part: str, key: str) -> Draft:
    """Return a draft without one entry; what named it stands by itself from then on."""
    made = _with(draft, {part: [one for one in getattr(draft, part) if one.key != key]})
    outcomes = [replace(one, danger="") if one.danger == key else one for one in made.outcomes]
    steps = [replace(one, outcome="") if one.outcome == key else one for one in made.steps]
    return _with(made, {"outcomes": outcomes, "steps": steps})


def with_line(draft: Draft, part: str, line: Line) -> Draft:
    """Return a draft with an entry in the place of the one with its key, or at the end of its list."""
    before = getattr(draft, part)
    if all(one.key != line.key for one in before):
        return _with(draft, {part: [*before, line]})
    return _with(draft, {part: [line if one.key == line.key else one for one in before]})


def free_key(draft: Draft) -> str:
    """Return a key that no entry of the draft has."""
    taken = {one.key for part in LINES for one in getattr(draft, part)}
    return next(key for number in range(1, len(taken) + 2) if (key := f"new-{number}") not in taken)


def again(draft: Draft) -> Draft:
    """Return a draft as this page compares it: its lists as tuples, and days that were kept as words as days."""
    return replace(
        _with(draft, {part: map(settled, getattr(draft, part)) for part in LINES}), secondary=tuple(draft.secondary)
    )


def _with(draft: Draft, lists: Mapping[str, Iterable[Any]]) -> Draft:
    kept: dict[str, Any] = {part: tuple(entries) for part, entries in lists.items()}
    return replace(draft, **kept)
