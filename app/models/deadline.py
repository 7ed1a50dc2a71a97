"""A date that must be kept, with the rule, trigger and calendar that made it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.case import Case, Child
    from app.models.meeting import Meeting


class Deadline(Base):
    """When something is due, and why. A due day counts to its end; ``whole_day`` says that no hour was set."""

    __tablename__ = "deadline"
    __table_args__ = (UniqueConstraint("meeting_id", "child_id", "limit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    case: Mapped[Case] = relationship(back_populates="deadlines", lazy="raise")
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    limit_id: Mapped[str]
    label: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    whole_day: Mapped[bool]
    because: Mapped[str]
    calendar_version: Mapped[str]
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    met_at: Mapped[datetime | None] = mapped_column(default=None)
