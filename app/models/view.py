"""What each agency thinks about each question for each child."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.agency import Agency
    from app.models.attendance import Attendance
    from app.models.case import Child
    from app.models.meeting import Meeting


class View(Base):
    """One agency's position on one question for one child, with its reasons, in one round."""

    __tablename__ = "view"
    __table_args__ = (
        UniqueConstraint("meeting_id", "agency_id", "child_id", "question_id", "round"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), init=False)
    speaker_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="views", lazy="raise")
    agency: Mapped[Agency] = relationship(lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    item_id: Mapped[str]
    question_id: Mapped[str]
    option: Mapped[str]
    reason: Mapped[str]
    given_at: Mapped[datetime]
    speaker: Mapped[Attendance | None] = relationship(default=None, lazy="raise")
    would_change: Mapped[str] = mapped_column(default="")
    round: Mapped[int] = mapped_column(default=1)
