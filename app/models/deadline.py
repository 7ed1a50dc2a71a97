"""A date that must be kept, with the rule, trigger and calendar that made it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.case import Case, Child
    from app.models.event import Event
    from app.models.meeting import Meeting


class Deadline(Base):
    """When something is due, and why. A due day counts to its end; ``whole_day`` says that no hour was set.

    It comes from a meeting or from an event. A change of the date leaves a ``Recalculation``.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("meeting_id", "child_id", "limit_id"),
        CheckConstraint("meeting_id IS NOT NULL OR event_id IS NOT NULL", name="trigger_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True, init=False, default=None)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"), index=True, init=False, default=None)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    case: Mapped[Case] = relationship(back_populates="deadlines", lazy="raise")
    limit_id: Mapped[str]
    label: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    whole_day: Mapped[bool]
    because: Mapped[str]
    calendar_version: Mapped[str]
    meeting: Mapped[Meeting | None] = relationship(default=None, lazy="raise")
    event: Mapped[Event | None] = relationship(default=None, lazy="raise")
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    met_at: Mapped[datetime | None] = mapped_column(default=None)
    recalculations: Mapped[list[Recalculation]] = relationship(
        default_factory=list, back_populates="deadline", lazy="raise", order_by="Recalculation.changed_at"
    )

    @property
    def let_go(self) -> Recalculation | None:
        """Why the date need not be kept any more though nothing was done by it; None for one that stands or was kept.

        A date that was let go keeps its day: its last recalculation tells of leaving that day, not of coming to it.
        """
        last = self.recalculations[-1] if self.recalculations else None
        return last if last is not None and self.met_at is not None and last.was == self.due_at else None


class Recalculation(Base):
    """That a date moved: from when to when, and why."""

    __tablename__ = "recalculation"
    __table_args__ = (CheckConstraint("why <> ''", name="why_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id"), index=True, init=False)
    deadline: Mapped[Deadline] = relationship(back_populates="recalculations", lazy="raise")
    was: Mapped[datetime]
    now: Mapped[datetime]
    why: Mapped[str]
    changed_at: Mapped[datetime]
