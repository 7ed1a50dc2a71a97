"""What a pack says: the agendas, questions, limits, agencies and wording of one jurisdiction.

A pack is data and names only what this module and the rules in this folder know. Nothing in it is evaluated.
The form of each file is described in ``resources/docs/formats/pack.md``; ``reading`` turns files into these classes.
"""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]

SPEAKERS: Final = frozenset({"chair", "all", "referrer"})


class Authority(StrEnum):
    """How binding a rule is, from most to least (reference: domain, section 0)."""

    STATUTE = "statute"
    STATUTORY_GUIDANCE = "statutory_guidance"
    COMMON_LOCAL = "common_local"
    LOCAL_EXAMPLE = "local_example"
    APP_DEFAULT = "app_default"


class Part(BaseModel):
    """Anything a pack holds: strict, frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Rule(Part):
    """A part of a pack that a chair may ask about: how binding it is, where it comes from, when it was reviewed.

    ``source`` holds keys of ``sources.toml``; ``note`` says what is not confirmed.
    """

    id: Id
    authority: Authority
    source: tuple[Id, ...] = Field(min_length=1)
    reviewed: date
    note: str = ""


class Prompt(Rule):
    """A question the chair must establish an answer to; it is answered with words, never with a tick.

    ``when`` says in words what brings the question up; a question without it is always asked.
    """

    text: Words
    when: str = ""
    per_child: bool = False


class Option(Part):
    """One permitted answer to a question, and what must be said with it."""

    id: Id
    label: Words
    needs: tuple[Literal["date", "person", "detail"], ...] = ()


class Condition(Part):
    """True for a child whose decision ``decision`` is one of ``options``."""

    decision: Id
    options: tuple[Id, ...] = Field(min_length=1)


class DecisionQuestion(Rule):
    """What the chair decides for each child, with the options there are.

    It must be answered before the meeting is concluded where ``required``, or for a child of whom ``required_when`` is
    true.
    """

    question: Words
    options: tuple[Option, ...] = Field(min_length=2)
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    guidance: tuple[Words, ...] = ()

    def option(self, option_id: str) -> Option | None:
        """Return the option with that id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class ViewQuestion(Rule):
    """What each counted agency is asked about each child, and the decision its answers lead to.

    An option's ``id`` is the id of the option of ``decision`` it would choose, or one of its own, such as ``unsure``.
    """

    question: Words
    options: tuple[Option, ...] = Field(min_length=2)
    decision: Id

    def option(self, option_id: str) -> Option | None:
        """Return the option with that id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class AgendaItem(Rule):
    """One step of the agenda: its purpose, what to ask, who speaks, what is decided and which lists it shows.

    ``record`` says in words what must be on record when it is done. ``speakers`` names sectors, kinds or ``SPEAKERS``.
    """

    title: Words
    minutes: int = Field(ge=0, le=240)
    purpose: Words
    record: str = ""
    speakers: tuple[Id, ...] = ()
    hears: Literal["", "each-agency"] = ""
    prompts: tuple[Prompt, ...] = ()
    views: tuple[Id, ...] = ()
    decisions: tuple[Id, ...] = ()
    shows: tuple[
        Literal["attendance", "opening-statement", "children", "gaps", "dissents", "actions", "closing"], ...
    ] = ()


class IfInquorate(Part):
    """What may still be decided without a quorum, and when to meet again."""

    allowed_decisions: tuple[Id, ...] = ()
    mark: Words
    reconvene_limit: Id


class QuorumRule(Rule):
    """Which kinds of agency must be in the meeting, all of them, for its decisions to be more than provisional.

    ``all_of`` names sectors, or kinds that several sectors count as, such as ``health``.
    """

    label: Words
    all_of: tuple[Id, ...] = Field(min_length=1)
    if_inquorate: IfInquorate


class Circumstance(StrEnum):
    """When an invitation should be considered. All but ``asked`` follow from the record."""

    ALWAYS = "always"
    CHILD_UNBORN = "child-unborn"
    CHILD_LOOKED_AFTER = "child-looked-after"
    SEVERAL_CHILDREN = "several-children"
    ASKED = "asked"


class InviteTrigger(Rule):
    """Who to consider inviting, and when. ``asked`` means that the chair says whether it applies."""

    when: Circumstance
    label: Words
    invite: tuple[Words, ...] = Field(min_length=1)
    sectors: tuple[Id, ...] = ()


class Sooner(Part):
    """A second count that a limit runs beside: whichever of the two ends first is due."""

    trigger: Words
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
    """

    label: Words
    trigger: Words
    starts: Literal["meeting-started", "meeting-concluded", "decision", "elsewhere"] = "elsewhere"
    when: tuple[Condition, ...] = ()
    count: int = Field(ge=0)
    at_most: int | None = None
    extension: int = Field(default=0, ge=0)
    clock: time | None = None
    or_sooner: Sooner | None = None
    variants: tuple[Variant, ...] = ()
    unit: Literal["hours", "days", "working-days", "weeks", "months", "gestation-weeks", "clock-time"]
    direction: Literal["after", "before", "at"] = "after"
    bound: Literal["maximum", "minimum", "usual"] = "maximum"
    roll: Literal["none", "back"] = "none"


class RecordRequirement(Rule):
    """What the record of a meeting must show, and the part of the minutes that shows it."""

    text: Words
    shown_in: Literal[
        "meeting", "children", "attendance", "quorum", "reason", "information", "gaps", "analysis", "views",
        "decisions", "enquiry", "dissent", "actions", "family", "dates", "distribution", "signature",
    ]  # fmt: skip


class Clearance(StrEnum):
    """The named rules that can keep a meeting open; ``practice.closing`` holds each of them."""

    QUORUM = "quorum"
    EVERY_AGENCY_HEARD = "every-agency-heard"
    EVERY_CHILD_DECIDED = "every-child-decided"
    EVERY_GAP_OWNED = "every-gap-owned"
    DISSENTS_READ_BACK = "dissents-read-back"
    MAJORITY_ANSWERED = "majority-answered"
    ACTIONS_OWNED = "actions-owned"


class MeetingType(Rule):
    """One kind of meeting, from its purpose to what its record must show."""

    label: Words
    short: Words
    purpose: Words
    convened_by: Words
    chaired_by: Words
    family_attend: bool = False
    restricted_default: bool = False
    quorum: QuorumRule
    agenda: tuple[AgendaItem, ...] = Field(min_length=1)
    decisions: tuple[DecisionQuestion, ...] = ()
    views: tuple[ViewQuestion, ...] = ()
    invites: tuple[InviteTrigger, ...] = ()
    time_limits: tuple[Id, ...] = ()
    closing: tuple[Clearance, ...] = ()
    record: tuple[RecordRequirement, ...] = ()
    not_by_telephone: tuple[Words, ...] = ()
    distribution: Words = ""

    def item(self, item_id: str) -> AgendaItem | None:
        """Return the agenda item with that id, if there is one."""
        return next((item for item in self.agenda if item.id == item_id), None)

    def number(self, item_id: str) -> int:
        """Return the place of an item on the agenda, counted from one; 0 where it is not on it."""
        return next((place for place, item in enumerate(self.agenda, 1) if item.id == item_id), 0)

    def decision(self, decision_id: str) -> DecisionQuestion | None:
        """Return the question with that id, if there is one."""
        return next((question for question in self.decisions if question.id == decision_id), None)

    def view(self, view_id: str) -> ViewQuestion | None:
        """Return the question to the agencies with that id, if there is one."""
        return next((question for question in self.views if question.id == view_id), None)

    def prompt(self, prompt_id: str) -> Prompt | None:
        """Return the prompt with that id, if there is one."""
        return next((prompt for item in self.agenda for prompt in item.prompts if prompt.id == prompt_id), None)


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


class Pack(Part):
    """A whole pack, checked, with the digest of the very files it was read from."""

    id: Id
    label: Words
    version: Words
    language: Words
    reviewed: date
    digest: str = ""
    meeting_types: tuple[MeetingType, ...] = Field(min_length=1)
    sectors: tuple[Sector, ...] = Field(min_length=1)
    time_limits: tuple[TimeLimit, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    lexicon: tuple[LexiconEntry, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    calendar: CalendarPart
    markings: tuple[RecordChoice, ...] = ()
    retentions: tuple[RecordChoice, ...] = ()
    wording: Mapping[str, Mapping[str, str]] = {}

    @cached_property
    def _types(self) -> dict[str, MeetingType]:
        return {meeting_type.id: meeting_type for meeting_type in self.meeting_types}

    @cached_property
    def _sectors(self) -> dict[str, Sector]:
        return {sector.id: sector for sector in self.sectors}

    def meeting_type(self, type_id: str) -> MeetingType | None:
        """Return the meeting type with that id, if there is one."""
        return self._types.get(type_id)

    def sector(self, sector_id: str) -> Sector | None:
        """Return the kind of agency with that id, if there is one."""
        return self._sectors.get(sector_id)

    def role_label(self, sector_id: str, role: str) -> str:
        """Return what a role is called: the label of the sector's role with that id, else the words as they are."""
        known = self._sectors[sector_id].role(role) if sector_id in self._sectors else None
        return known.label if known else role

    def time_limit(self, limit_id: str) -> TimeLimit | None:
        """Return the time limit with that id, if there is one."""
        return next((limit for limit in self.time_limits if limit.id == limit_id), None)

    def words(self, table: str, key: str) -> str:
        """Return a sentence of the wording; the key itself where the pack has none."""
        return self.wording.get(table, {}).get(key, key)
