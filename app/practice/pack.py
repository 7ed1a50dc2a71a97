"""What a pack says: the agendas, questions, limits, agencies and wording of one jurisdiction.

A pack is data and names only what this module and the rules in this folder know. Nothing in it is evaluated.
The form of each file is described in ``resources/docs/formats/pack.md``; ``reading`` turns files into these classes.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field

from app.practice.arrangements import ChairModel, Document, Flag, Participation, PlanRules
from app.practice.catalogue import (
    CalendarPart,
    GlossaryEntry,
    LexiconEntry,
    RecordChoice,
    Sector,
    Source,
    TimeLimit,
)
from app.practice.local import Profile
from app.practice.questions import AgendaItem, Condition, DecisionQuestion, Prompt, ViewQuestion
from app.practice.rule import Id, Part, Rule, Words


class IfInquorate(Part):
    """What may still be decided without a quorum, when to meet again, and what the chair may choose to do.

    ``proceed_when`` are the grounds on which the chair may go on all the same; ``sign_off`` says who must agree to a
    second meeting in a row without a quorum.
    """

    allowed_decisions: tuple[Id, ...] = ()
    mark: Words = ""
    reconvene_limit: Id = ""
    choices: tuple[Literal["interim-plan", "new-date", "proceed"], ...] = ()
    proceed_when: tuple[Words, ...] = ()
    sign_off: str = ""


class Several(Part):
    """A number of other agencies, whichever they are, that a quorum needs beside those it names.

    ``of`` are the sectors or kinds that count, none of them meaning any. Roles in ``separately`` count each as an
    agency of their own.
    """

    count: int = Field(ge=1, le=20)
    of: tuple[Id, ...] = ()
    separately: tuple[Id, ...] = ()
    label: Words


class Post(Part):
    """Somebody a quorum needs by their role: who has one of ``roles``, or any role in a sector or kind of ``of``."""

    label: Words
    roles: tuple[Id, ...] = ()
    of: tuple[Id, ...] = ()


class QuorumRule(Rule):
    """Who must be in the meeting for its decisions to be more than provisional; with nobody named, nobody must.

    ``all_of`` names sectors, or kinds that several sectors count as, such as ``health``: all of them are needed, all of
    ``several``, and for each of ``posts`` a person of its own.
    """

    label: Words
    all_of: tuple[Id, ...] = ()
    several: tuple[Several, ...] = ()
    posts: tuple[Post, ...] = ()
    if_inquorate: IfInquorate = IfInquorate()

    @property
    def needed(self) -> bool:
        """Whether the meeting needs a quorum at all."""
        return bool(self.all_of or self.several or self.posts)


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
    FOLLOW_UP_FIXED = "follow-up-fixed"
    DATES_KEPT = "dates-kept"
    PLAN_MADE = "plan-made"
    PROGRESS_TOLD = "progress-told"
    EXCLUDED_HEARD = "excluded-heard"
    CHAIR_DECLARED = "chair-declared"
    ORDER_RECORDED = "order-recorded"
    INQUORATE_ANSWERED = "inquorate-answered"


class FollowUp(Part):
    """The meeting that must be fixed before this one closes: of which type, within which limit, and why in words.

    It is fixed for a child of whom one of ``fixed_by`` is true.
    """

    type: Id
    limit: Id
    says: Words
    fixed_by: tuple[Condition, ...] = Field(min_length=1)


class MeetingType(Rule):
    """One kind of meeting, from its purpose to what its record must show.

    ``base`` is the type it states its differences from; here they are filled in already. It ``carries`` things on from
    the meeting before it, which is of a type that it ``follows``. Holding it ``answers`` limits: what they ask for is
    done. A ``privileged`` record never leaves the authority; one that ``keeps_clock`` never starts the time to the
    conference anew.
    """

    base: Id = ""
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
    answers: tuple[Id, ...] = ()
    closing: tuple[Clearance, ...] = ()
    record: tuple[RecordRequirement, ...] = ()
    not_by_telephone: tuple[Words, ...] = ()
    distribution: Words = ""
    document: Id = ""
    chair_models: tuple[Id, ...] = ()
    follows: tuple[Id, ...] = ()
    carries: tuple[Literal["decisions", "actions", "gaps", "dissents", "plan", "views", "not-told"], ...] = ()
    privileged: bool = False
    converts_to: Id = ""
    follow_up: FollowUp | None = None
    keeps_clock: bool = False
    children_together: bool = False

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


class Pack(Part):
    """A whole pack, checked, with the digest of the very files it was read from."""

    id: Id
    label: Words
    version: Words
    language: Words
    reviewed: date
    digest: str = ""
    order: tuple[Id, ...] = ()
    meeting_types: tuple[MeetingType, ...] = Field(min_length=1)
    sectors: tuple[Sector, ...] = Field(min_length=1)
    time_limits: tuple[TimeLimit, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    lexicon: tuple[LexiconEntry, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    calendar: CalendarPart
    markings: tuple[RecordChoice, ...] = ()
    retentions: tuple[RecordChoice, ...] = ()
    chair_models: tuple[ChairModel, ...] = ()
    flags: tuple[Flag, ...] = ()
    participation: Participation = Participation()
    plan: PlanRules = PlanRules()
    documents: tuple[Document, ...] = ()
    wording: Mapping[str, Mapping[str, str]] = {}
    profile: Profile | None = None

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

    def chair_model(self, model_id: str) -> ChairModel | None:
        """Return the model of a chair's independence with that id, if there is one."""
        return next((model for model in self.chair_models if model.id == model_id), None)

    def flag(self, flag_id: str) -> Flag | None:
        """Return the part of the law with that id, if there is one."""
        return next((flag for flag in self.flags if flag.id == flag_id), None)

    def document(self, document_id: str) -> Document | None:
        """Return who is given what of the kind of document with that id, if there is one."""
        return next((document for document in self.documents if document.id == document_id), None)

    def words(self, table: str, key: str) -> str:
        """Return a sentence of the wording; the key itself where the pack has none."""
        return self.wording.get(table, {}).get(key, key)
