"""How a meeting is held: what it carries on from, what its chair declares, and what is done without a quorum."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.meeting import Meeting


class Following(Base):
    """The meeting before, which a meeting carries on from; ``converted`` where it was turned into this one."""

    __tablename__ = "following"
    __table_args__ = (CheckConstraint("meeting_id <> earlier_id", name="not_itself"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), unique=True, init=False)
    earlier_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(
        back_populates="following", lazy="raise", foreign_keys="Following.meeting_id"
    )
    earlier: Mapped[Meeting] = relationship(lazy="raise", foreign_keys="Following.earlier_id")
    converted: Mapped[bool] = mapped_column(default=False)


class Declaration(Base):
    """What the chair declares of their independence, under a model of the pack; ``agreed_by`` is a second manager."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("meeting_id", "question_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="declarations", lazy="raise")
    model: Mapped[str]
    question_id: Mapped[str]
    answer: Mapped[bool]
    declared_at: Mapped[datetime]
    agreed_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class WithoutQuorum(StrEnum):
    """What the chair does where a quorum is missing."""

    INTERIM_PLAN = "interim-plan"
    NEW_DATE = "new-date"
    PROCEED = "proceed"


class QuorumAnswer(Base):
    """What the chair chose to do without a quorum, and why; ``agreed_by`` is the senior who agreed, where one must."""

    __tablename__ = "quorum_answer"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="quorum_answers", lazy="raise")
    choice: Mapped[WithoutQuorum]
    reason: Mapped[str]
    given_at: Mapped[datetime]
    agreed_by: Mapped[str] = mapped_column(default="")


class PrivateNote(Base):
    """The chair's own notes before a meeting; nothing that leaves the store holds them."""

    __tablename__ = "private_note"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), unique=True, init=False)
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    text: Mapped[str]
    kept_at: Mapped[datetime]
