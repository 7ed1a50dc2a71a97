"""How the family takes part: who is kept from a meeting and why, and how they complain."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.attendance import Attendance
    from app.models.case import Case
    from app.models.meeting import Meeting


class Ruling(StrEnum):
    """What the chair said to a request to keep somebody out."""

    ASKED = "asked"
    REFUSED = "refused"
    FOR_A_PART = "for-a-part"
    FOR_ALL = "for-all"


class Exclusion(Base):
    """A request to keep one person from a meeting, on a ground of the pack, with what the chair made of it.

    ``scope`` says which part, where it is a part. ``views_by`` says how the person's views reach the meeting instead.
    """

    __tablename__ = "exclusion"
    __table_args__ = (
        CheckConstraint("evidence <> ''", name="evidence_given"),
        CheckConstraint("ruling = 'asked' OR reason <> ''", name="reason_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="exclusions", lazy="raise")
    attendance: Mapped[Attendance] = relationship(lazy="raise")
    ground: Mapped[str]
    evidence: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    ruling: Mapped[Ruling] = mapped_column(default=Ruling.ASKED)
    ruled_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    legal_advice: Mapped[str] = mapped_column(default="")
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    back_at: Mapped[datetime | None] = mapped_column(default=None)
    letter_on: Mapped[date | None] = mapped_column(default=None)
    chair_offered: Mapped[bool] = mapped_column(default=False)
    views_by: Mapped[str] = mapped_column(default="")


class Complaint(Base):
    """The family's route: a complaint about a conference. The decision stands meanwhile."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("about <> ''", name="about_given"),
        CheckConstraint("closed_on IS NULL OR outcome <> ''", name="outcome_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    case: Mapped[Case] = relationship(back_populates="complaints", lazy="raise")
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    who: Mapped[str]
    about: Mapped[str]
    received_on: Mapped[date]
    noted_at: Mapped[datetime]
    stage: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None] = mapped_column(default=None)
