"""A dissent or a reservation, in the words of the person who has it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.attendance import Attendance
    from app.models.case import Child
    from app.models.meeting import Meeting


class DissentKind(StrEnum):
    """A reservation is recorded and goes no further; a dissent is a formal act that asks for an answer."""

    RESERVATION = "reservation"
    DISSENT = "dissent"


class Dissent(Base):
    """What somebody disagrees with and why. ``question_id`` is the decision it is about, ``process`` for none of them.

    ``read_back_at`` is when the words were read back to the person and they agreed that they are theirs.
    """

    __tablename__ = "dissent"
    __table_args__ = (CheckConstraint("words <> ''", name="words_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    dissenter_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), init=False)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="dissents", lazy="raise")
    dissenter: Mapped[Attendance] = relationship(lazy="raise")
    item_id: Mapped[str]
    question_id: Mapped[str]
    kind: Mapped[DissentKind]
    words: Mapped[str]
    raised_at: Mapped[datetime]
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    preferred: Mapped[str] = mapped_column(default="")
    risk: Mapped[str] = mapped_column(default="")
    read_back_at: Mapped[datetime | None] = mapped_column(default=None)
