"""What a new revision of a child's plan is to say, as somebody writes it, and the revision made from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.models.agency import Agency
from app.models.base import LONGEST_NAME, Act, Base, Refused, required, tidy
from app.models.plan import (
    BottomLine,
    Carrier,
    Contingency,
    CoreMember,
    DangerStatement,
    Outcome,
    Plan,
    Standing,
    Step,
)
from app.practice import words
from app.practice.pack import Pack
from app.services.sitting import agency_of

RARELY_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a draft. With the ``key`` of a line of the plan that stands it is that line; any other is a new one.

    Other entries of the draft may name it by its key.
    """

    key: str = ""


@dataclass(frozen=True, slots=True)
class Danger(Line):
    """What everybody is worried will happen, and what safety would look like."""

    text: str
    safety_goal: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Line):
    """A bottom line, and what happens if it is broken."""

    text: str
    if_broken: str = ""


@dataclass(frozen=True, slots=True)
class Aim(Line):
    """An outcome: the change for the child, seen by what, by when; ``danger`` is the key of what it answers."""

    text: str
    benefit: str = ""
    baseline: str = ""
    indicator: str = ""
    target: date | str | None = None
    danger: str = ""


@dataclass(frozen=True, slots=True)
class Task(Line):
    """An action: who does what by when; ``outcome`` is the key of the outcome it serves."""

    text: str
    owner: str
    due: date | str | None = None
    carrier: Carrier = Carrier.AGENCY
    agency: UUID | None = None
    evidence: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class If(Line):
    """What is done, by whom and how soon, if something goes wrong."""

    text: str
    action: str = ""
    owner: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Member(Line):
    """Somebody of the core group."""

    name: str
    role: str = ""
    agency: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a revision says (reference: domain, E1).

    ``standing`` is what is wished: a plan is interim all the same where the meeting can make no other. Without
    ``started_on`` a new plan starts the day it is made, and a later revision keeps the day. ``visit_every`` counts
    working days. Where this is the first revision known here, ``version`` is its number, and ``earlier`` how many plans
    the child had before.
    """

    category: str
    standing: Standing = Standing.IN_FORCE
    started_on: date | None = None
    secondary: Sequence[str] = ()
    why: str = ""
    lead_practitioner: str = ""
    family_help_lead: str = ""
    visit_every: int | None = None
    seen_alone: str = ""
    unannounced: bool = False
    contact: str = ""
    assessments: str = ""
    family_plan: str = ""
    legal: str = ""
    earlier: int = 0
    version: int = 1
    dangers: Sequence[Danger] = ()
    bottom_lines: Sequence[Rule] = ()
    outcomes: Sequence[Aim] = ()
    steps: Sequence[Task] = ()
    contingencies: Sequence[If] = ()
    core_group: Sequence[Member] = ()


Entered = TypeVar("Entered", bound=Line)

# the lists of a draft in the order in which one may name another, with the record each entry becomes
LISTS: Mapping[str, type[Base]] = {
    "dangers": DangerStatement,
    "bottom_lines": BottomLine,
    "outcomes": Outcome,
    "steps": Step,
    "contingencies": Contingency,
    "core_group": CoreMember,
}
TEXTS = (
    "why", "lead_practitioner", "family_help_lead", "seen_alone", "contact", "assessments", "family_plan", "legal",
)  # fmt: skip
SAME = ("category", "secondary", "visit_every", "unannounced", *TEXTS)
# what each entry of a list of a draft is written as
LINES: Mapping[str, type[Line]] = {
    "dangers": Danger, "bottom_lines": Rule, "outcomes": Aim, "steps": Task, "contingencies": If, "core_group": Member,
}  # fmt: skip


def drafted(plan: Plan) -> Draft:
    """Return what a plan says as a draft to be changed; each entry has its line as its key."""
    lists: dict[str, Any] = {
        name: tuple(_line(kind, entry) for entry in getattr(plan, name)) for name, kind in LINES.items()
    }
    return Draft(standing=plan.standing, started_on=plan.started_on, **{n: getattr(plan, n) for n in SAME}, **lists)


def _line(kind: type[Line], entry: Base) -> Line:
    said: dict[str, Any] = {}
    for name in (one.name for one in fields(kind)):
        value = getattr(entry, "line" if name == "key" else name)
        if name in ("key", "danger", "outcome"):
            value = str(value) if value else ""
        said[name] = value.id if isinstance(value, Agency) else value
    return kind(**said)


@dataclass(slots=True)
class Writer:
    """Makes the entries of a revision from a draft; ``lines`` are those of the plan that stands."""

    session: Session
    act: Act
    lines: frozenset[UUID]
    _keys: dict[str, UUID] = field(default_factory=dict)

    def write(self, plan: Plan, draft: Draft) -> None:
        """Add every entry of ``draft`` to a plan that has none; raises ``Refused``."""
        for name, kind in LISTS.items():
            for position, line in enumerate(getattr(draft, name), 1):
                said = dict(self._said(line))
                entry = kind(id=self.act.new_id(), plan=plan, line=self._of(line.key), position=position, **said)
                self.session.add(entry)

    def _of(self, key: str) -> UUID:
        if key and key in self._keys:
            raise Refused("plan.line-twice")
        kept = next((line for line in self.lines if str(line) == key), None) or self.act.new_id()
        self._keys[key] = kept
        return kept

    def _said(self, line: Line) -> Iterator[tuple[str, object]]:
        kept = settled(line)
        for name in (one.name for one in fields(kept) if one.name != "key"):
            value = getattr(kept, name)
            if name == "agency":
                value = agency_of(self.session, value)
            elif name in ("danger", "outcome"):
                value = self._named(value)
            yield name, value

    def _named(self, key: str) -> UUID | None:
        if key and key not in self._keys:
            raise Refused("plan.unknown-line")
        return self._keys[key] if key else None


def settled(line: Entered) -> Entered:
    """Return an entry of a draft with its words tidied and its days read; raises ``Refused`` where something lacks."""
    kept: dict[str, Any] = {}
    for name in (one.name for one in fields(line) if one.name != "key"):
        value = getattr(line, name)
        match name:
            case "text":
                kept[name] = required(value, "plan.text-missing")
            case "name":
                kept[name] = required(value, "plan.member-missing", LONGEST_NAME)
            case "owner" if isinstance(line, Task):
                kept[name] = required(value, "plan.owner-missing", LONGEST_NAME)
            case "due" | "target":
                kept[name] = read_day(value)
            case "agency" | "danger" | "outcome" | "carrier":
                pass
            case _:
                kept[name] = tidy(value)
    return replace(line, **kept)


def read_day(said: date | str | None) -> date | None:
    """Return the day that was given; a text must be one such as 2027-01-14. Raises ``Refused`` for a date in words."""
    if not isinstance(said, str):
        return said
    if not said.strip():
        return None
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        raise Refused("plan.date-in-words", said=tidy(said, LONGEST_NAME)) from None


def checked(draft: Draft, pack: Pack) -> dict[str, Any]:
    """Return the facts of a draft that stay as they are written; raises ``Refused``."""
    category = required(draft.category, "plan.category-missing")
    for chosen in (category, *draft.secondary):
        if pack.plan.categories and pack.plan.category(chosen) is None:
            raise Refused("plan.unknown-category")
    if draft.visit_every is not None and not 1 <= draft.visit_every <= RARELY_DAYS:
        raise Refused("plan.visits-out-of-range", most=words.number(RARELY_DAYS))
    further = [each for each in dict.fromkeys(draft.secondary) if each != category]
    facts = {name: tidy(getattr(draft, name)) for name in TEXTS}
    return {
        **facts,
        "category": category,
        "secondary": further,
        "visit_every": draft.visit_every,
        "unannounced": draft.unannounced,
    }
