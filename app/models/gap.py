"""What nobody in the room knows yet, who is to find out, and by when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.agency import Agency
    from app.models.case import Child
    from app.models.meeting import Meeting


class GapState(StrEnum):
    """How far a gap is from being filled."""

    NOT_ASKED = "not-asked"
    ASKED = "asked"
    REFUSED = "refused"
    ANSWERED = "answered"


class Gap(Base):
    """A question the decision needs and nobody here can answer. It is owned once an agency or a person has it."""

    __tablename__ = "gap"
    __table_args__ = (CheckConstraint("question <> ''", name="question_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="gaps", lazy="raise")
    item_id: Mapped[str]
    question: Mapped[str]
    noticed_at: Mapped[datetime]
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[GapState] = mapped_column(default=GapState.NOT_ASKED)
    answer: Mapped[str] = mapped_column(default="")

    @property
    def owned(self) -> bool:
        """Whether somebody has taken it on, or it is answered already."""
        return self.state is GapState.ANSWERED or self.agency is not None or bool(self.owner)
