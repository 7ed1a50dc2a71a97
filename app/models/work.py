"""Work that follows a decision: a section 47 enquiry, a medical, an interview, an application to a court."""

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
    from app.models.decision import Decision


class WorkKind(StrEnum):
    """What kind of work a decision set going."""

    ENQUIRY = "enquiry"
    MEDICAL = "medical"
    INTERVIEW = "interview"
    COURT = "court"


class Work(Base):
    """What a decision set going for its child: who leads, how it is done, and what came of it.

    ``joint`` says that social care and the police do it together. It goes on after the meeting is sealed.
    """

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("decision_id", "kind"),
        CheckConstraint("ended_at IS NULL OR outcome <> ''", name="outcome_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    decision: Mapped[Decision] = relationship(back_populates="works", lazy="raise")
    kind: Mapped[WorkKind]
    set_at: Mapped[datetime]
    lead: Mapped[str] = mapped_column(default="")
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")
    joint: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str] = mapped_column(default="")
    consent: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None] = mapped_column(default=None)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(default="")
    outcome_words: Mapped[str] = mapped_column(default="")
    steps: Mapped[list[WorkStep]] = relationship(
        default_factory=list, back_populates="work", lazy="raise", order_by="WorkStep.position"
    )


class WorkStep(Base):
    """One step of the plan for a piece of work, or one item of the evidence it needs."""

    __tablename__ = "work_step"
    __table_args__ = (CheckConstraint("text <> ''", name="text_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"), index=True, init=False)
    work: Mapped[Work] = relationship(back_populates="steps", lazy="raise")
    position: Mapped[int]
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
