"""What was said, by whom, about which child."""

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


class Kind(StrEnum):
    """What kind of thing was said; they are never mixed."""

    FACT = "fact"
    OBSERVATION = "observation"
    ALLEGATION = "allegation"
    OPINION = "opinion"


class Statement(Base):
    """Something said in a meeting. No ``speaker`` means not known yet; no ``child`` means about all of them."""

    __tablename__ = "statement"
    __table_args__ = (CheckConstraint("text <> ''", name="text_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    speaker_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance.id"), init=False, default=None)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    item_id: Mapped[str]
    said_at: Mapped[datetime]
    text: Mapped[str]
    # not required: the one act that must be quick names the meeting by its id, and then nothing else is flushed
    meeting: Mapped[Meeting] = relationship(default=None, back_populates="statements", lazy="raise")
    speaker: Mapped[Attendance | None] = relationship(default=None, lazy="raise")
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    kind: Mapped[Kind] = mapped_column(default=Kind.FACT)
    source: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    wordings: Mapped[int] = mapped_column(default=1)
