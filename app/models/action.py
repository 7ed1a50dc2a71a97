"""What somebody is to do, and by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.agency import Agency
    from app.models.case import Child
    from app.models.meeting import Meeting


class Action(Base):
    """One act somebody agreed to; no ``child`` means for all of them."""

    __tablename__ = "action"
    __table_args__ = (CheckConstraint("text <> ''", name="text_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="actions", lazy="raise")
    item_id: Mapped[str]
    text: Mapped[str]
    agreed_at: Mapped[datetime]
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def owned(self) -> bool:
        """Whether it has an owner and a date."""
        return (self.agency is not None or bool(self.owner)) and self.due is not None
