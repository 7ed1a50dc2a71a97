"""What was answered to a prompt of the agenda."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.case import Child
    from app.models.meeting import Meeting


class Answer(Base):
    """The answer to one prompt, in words; no ``child`` means for all of them."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("meeting_id", "prompt_id", "child_id"),
        CheckConstraint("text <> ''", name="text_given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="answers", lazy="raise")
    item_id: Mapped[str]
    prompt_id: Mapped[str]
    text: Mapped[str]
    answered_at: Mapped[datetime]
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
