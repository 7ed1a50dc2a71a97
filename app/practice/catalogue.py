"""What all meeting types of a pack share: kinds of agency, time limits, words, sources, days and records."""

from collections.abc import Mapping
from datetime import date, time
from typing import Literal

from pydantic import Field

from app.practice.questions import Condition
from app.practice.rule import Authority, Id, Part, Rule, Words


class Role(Part):
    """A post somebody holds in an agency; ``decides`` where it can usually decide for the agency."""

    id: Id
    label: Words
    decides: bool = False
    counts: bool = True


class Sector(Rule):
    """A kind of agency, with its roles.

    ``counts_as`` names what else it stands for in a quorum. ``key_meetings`` says in words which meetings it comes to.
    """

    label: Words
    short: Words
    counts_as: tuple[Id, ...] = ()
    key_meetings: str = ""
    statutory_partner: bool = False
    counts_in_views: bool = True
    usual_authority: str = ""
    roles: tuple[Role, ...] = Field(min_length=1)

    @property
    def kinds(self) -> frozenset[str]:
        """What the sector stands for in a quorum: itself, and all that it counts as."""
        return frozenset((self.id, *self.counts_as))

    def role(self, role_id: str) -> Role | None:
        """Return the role with that id, if there is one."""
        return next((role for role in self.roles if role.id == role_id), None)


Start = Literal["meeting-started", "meeting-concluded", "before-meeting", "decision", "event", "expected", "elsewhere"]
Event = Literal[
    "", "birth", "moved", "transfer-notified", "died", "turned-18", "police-protection", "epo", "cao", "seen",
    "referral",
]  # fmt: skip


class Sooner(Part):
    """A second count that a limit runs beside: whichever of the two ends first is due."""

    trigger: Words
    starts: Start = "elsewhere"
    event: Event = ""
    count: int = Field(ge=0)
    unit: Literal["hours", "days", "working-days", "weeks", "months"]


class Variant(Part):
    """Another figure in use somewhere for the same limit; it is shown, and a local profile may choose it."""

    label: Words
    count: int = Field(ge=0)
    unit: Literal["hours", "working-hours", "days", "working-days", "weeks", "months"]
    source: tuple[Id, ...] = Field(min_length=1)


class TimeLimit(Rule):
    """How long something may take, counted from a trigger (``practice.limits`` counts it).

    A count of 0 means the same day. ``at_most`` is the longest there may be where ``count`` is the usual one, and
    ``extension`` what may be added once. In ``clock-time`` the limit is ``clock`` on the day ``count`` days away.
    ``starts`` says what of the record sets it running: the meeting, counted back from its planned time for
    ``before-meeting``; a decision of ``when``; a significant ``event`` of the case; or the expected day of birth.
    Time that is ``granted`` is somebody's to use, such as a parent who may complain: less of it is no stricter.
    ``alone`` says whether such an event sets it running without a meeting, for any child or for one with a plan.
    ``asks_for`` says what has to come by then, where the rules must know: a report, of the sectors or kinds in
    ``asked_of`` (of all others where it names none), or a request to keep somebody out.
    """

    label: Words
    trigger: Words
    starts: Start = "elsewhere"
    event: Event = ""
    alone: Literal["", "always", "on-plan"] = ""
    when: tuple[Condition, ...] = ()
    count: int = Field(ge=0)
    at_most: int | None = None
    extension: int = Field(default=0, ge=0)
    clock: time | None = None
    or_sooner: Sooner | None = None
    variants: tuple[Variant, ...] = ()
    unit: Literal["hours", "days", "working-days", "weeks", "months", "gestation-weeks", "clock-time"]
    granted: bool = False
    direction: Literal["after", "before", "at"] = "after"
    bound: Literal["maximum", "minimum", "usual"] = "maximum"
    roll: Literal["none", "back"] = "none"
    asks_for: Literal["", "report", "exclusion"] = ""
    asked_of: tuple[Id, ...] = ()


class GlossaryEntry(Part):
    """A term of the field, in our own words; ``code`` is what program and data call it, where they do."""

    term: Words
    means: Words
    code: str = ""
    source: tuple[Id, ...] = Field(min_length=1)


class LexiconEntry(Rule):
    """A word to be careful with, why, and what could be said instead."""

    term: Words
    severity: Literal["advise", "question"]
    instead: tuple[Words, ...] = ()
    why: Words


class Source(Part):
    """Where rules come from."""

    key: Id
    title: Words
    address: str = ""
    standing: Literal["read", "not-read", "own"] = "read"


class CalendarPart(Part):
    """England's working days: the years known, and days added to or taken from the library's list."""

    first: date
    last: date
    authority: Authority
    source: tuple[Id, ...] = Field(min_length=1)
    reviewed: date
    note: str = ""
    added: Mapping[date, Words] = {}
    removed: tuple[date, ...] = ()


class RecordChoice(Rule):
    """What an authority may choose for its records: a marking, or how long a case is kept, counted from a day."""

    label: Words
    counts_from: Literal["", "closure", "youngest-birth"] = ""
