"""A child protection plan: revisions only, each whole, and what was found of its progress (reference: domain, E1)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.agency import Agency
    from app.models.case import Case, Child
    from app.models.meeting import Meeting


class Standing(StrEnum):
    """What a revision of a plan is worth; an interim one comes from a meeting without a quorum."""

    INTERIM = "interim"
    OUTLINE = "outline"
    IN_FORCE = "in-force"
    ENDED = "ended"


class Plan(Base):
    """One revision of one child's plan, with everything it says; the one with the highest version stands.

    ``line`` in its parts stays the same from revision to revision, so that progress is told of the same thing.
    ``visit_every`` counts working days. ``earlier`` is how many plans the child had before this one.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("child_id", "version"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("standing <> 'ended' OR end_reason <> ''", name="ending_explained"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True, init=False)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True, init=False, default=None)
    case: Mapped[Case] = relationship(back_populates="plans", lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    version: Mapped[int]
    standing: Mapped[Standing]
    started_on: Mapped[date]
    made_at: Mapped[datetime]
    category: Mapped[str]
    meeting: Mapped[Meeting | None] = relationship(default=None, lazy="raise")
    secondary: Mapped[list[str]] = mapped_column(default_factory=list)
    why: Mapped[str] = mapped_column(default="")
    lead_practitioner: Mapped[str] = mapped_column(default="")
    family_help_lead: Mapped[str] = mapped_column(default="")
    visit_every: Mapped[int | None] = mapped_column(default=None)
    seen_alone: Mapped[str] = mapped_column(default="")
    unannounced: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(default="")
    assessments: Mapped[str] = mapped_column(default="")
    family_plan: Mapped[str] = mapped_column(default="")
    legal: Mapped[str] = mapped_column(default="")
    earlier: Mapped[int] = mapped_column(default=0)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    end_reason: Mapped[str] = mapped_column(default="")
    end_words: Mapped[str] = mapped_column(default="")
    dangers: Mapped[list[DangerStatement]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="DangerStatement.position"
    )
    bottom_lines: Mapped[list[BottomLine]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="BottomLine.position"
    )
    outcomes: Mapped[list[Outcome]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="Outcome.position"
    )
    steps: Mapped[list[Step]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="Step.position"
    )
    contingencies: Mapped[list[Contingency]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="Contingency.position"
    )
    core_group: Mapped[list[CoreMember]] = relationship(
        default_factory=list, back_populates="plan", lazy="raise", order_by="CoreMember.position"
    )


class DangerStatement(Base):
    """What everybody is worried will happen to the child if nothing changes, and what safety would look like."""

    __tablename__ = "danger_statement"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("text <> ''", name="text_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    plan: Mapped[Plan] = relationship(back_populates="dangers", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    safety_goal: Mapped[str] = mapped_column(default="")


class BottomLine(Base):
    """A safety rule that is not negotiable, and what happens if it is broken."""

    __tablename__ = "bottom_line"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("text <> ''", name="text_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    plan: Mapped[Plan] = relationship(back_populates="bottom_lines", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    if_broken: Mapped[str] = mapped_column(default="")


class Outcome(Base):
    """A change for the child that can be seen or counted: from where, to what, by when.

    ``danger`` is the line of the danger statement it answers, where it answers one.
    """

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("text <> ''", name="text_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    plan: Mapped[Plan] = relationship(back_populates="outcomes", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    benefit: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    indicator: Mapped[str] = mapped_column(default="")
    target: Mapped[date | None] = mapped_column(default=None)
    danger: Mapped[UUID | None] = mapped_column(default=None)


class Carrier(StrEnum):
    """Who carries the work of an action."""

    AGENCY = "agency"
    PARENT = "parent"
    NON_ABUSIVE_PARENT = "non-abusive-parent"
    FAMILY = "family"


class Step(Base):
    """One action of a plan: who does what, by when, and how it is known to be done.

    ``outcome`` is the line of the outcome it serves, where it serves one.
    """

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("text <> ''", name="text_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    plan: Mapped[Plan] = relationship(back_populates="steps", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    carrier: Mapped[Carrier]
    owner: Mapped[str]
    due: Mapped[date | None] = mapped_column(default=None)
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")
    evidence: Mapped[str] = mapped_column(default="")
    outcome: Mapped[UUID | None] = mapped_column(default=None)


class Contingency(Base):
    """What is done, by whom and how soon, if something goes wrong."""

    __tablename__ = "contingency"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("text <> ''", name="text_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    plan: Mapped[Plan] = relationship(back_populates="contingencies", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    action: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    within: Mapped[str] = mapped_column(default="")


class CoreMember(Base):
    """Somebody of the core group."""

    __tablename__ = "core_member"
    __table_args__ = (UniqueConstraint("plan_id", "line"), CheckConstraint("name <> ''", name="name_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    plan: Mapped[Plan] = relationship(back_populates="core_group", lazy="raise")
    line: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")


class Done(StrEnum):
    """How far an outcome or an action of a plan has come."""

    NOT_YET = "not-yet"
    PARTLY = "partly"
    DONE = "done"
    NO_LONGER = "no-longer-needed"


class Progress(Base):
    """What a meeting found of one outcome or action of a plan; ``change`` says what changed for the child."""

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("meeting_id", "child_id", "line"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="progress", lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    line: Mapped[UUID]
    done: Mapped[Done]
    noted_at: Mapped[datetime]
    change: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
