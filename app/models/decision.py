"""What the chair decided for each child, why, on what, and who was there."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.attendance import Attendance
    from app.models.case import Child
    from app.models.meeting import Meeting
    from app.models.statement import Statement
    from app.models.work import Work


class Decision(Base):
    """The option chosen for one child, with reasons.

    ``quorate`` is what the quorum was at that moment; a decision made without one is provisional. ``departure`` says
    why the chair departed from the majority of views. ``on``, ``person`` and ``detail`` hold what the option asks for.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "child_id", "question_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="decisions", lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    item_id: Mapped[str]
    question_id: Mapped[str]
    option: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    quorate: Mapped[bool]
    quorum_note: Mapped[str] = mapped_column(default="")
    departure: Mapped[str] = mapped_column(default="")
    on: Mapped[date | None] = mapped_column(default=None)
    person: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    grounds: Mapped[list[Ground]] = relationship(
        default_factory=list, back_populates="decision", lazy="raise", order_by="Ground.id"
    )
    witnesses: Mapped[list[Witness]] = relationship(
        default_factory=list, back_populates="decision", lazy="raise", order_by="Witness.id"
    )
    likeness: Mapped[Likeness | None] = relationship(default=None, back_populates="decision", lazy="raise")
    works: Mapped[list[Work]] = relationship(
        default_factory=list, back_populates="decision", lazy="raise", order_by="Work.id"
    )


class Likeness(Base):
    """That a decision was taken over from that for another child, and what is different for this one."""

    __tablename__ = "likeness"
    __table_args__ = (CheckConstraint("differs <> ''", name="difference_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True, init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), init=False)
    decision: Mapped[Decision] = relationship(back_populates="likeness", lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    differs: Mapped[str]


class Ground(Base):
    """A statement that a decision rests on."""

    __tablename__ = "ground"
    __table_args__ = (UniqueConstraint("decision_id", "statement_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True, init=False)
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statement.id"), init=False)
    decision: Mapped[Decision] = relationship(back_populates="grounds", lazy="raise")
    statement: Mapped[Statement] = relationship(lazy="raise")


class Witness(Base):
    """Somebody who was in the meeting when a decision was made."""

    __tablename__ = "witness"
    __table_args__ = (UniqueConstraint("decision_id", "attendance_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True, init=False)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), init=False)
    decision: Mapped[Decision] = relationship(back_populates="witnesses", lazy="raise")
    attendance: Mapped[Attendance] = relationship(lazy="raise")
