"""What happened in a child's life that the record must know: a line of the chronology, and what a limit counts from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.case import Case, Child


class EventKind(StrEnum):
    """What a significant event was; a pack's limits may count from any of them but ``incident`` and ``other``."""

    REFERRAL = "referral"
    INCIDENT = "incident"
    SEEN = "seen"
    BIRTH = "birth"
    MOVED = "moved"
    TRANSFER_NOTIFIED = "transfer-notified"
    NAME_CHANGED = "name-changed"
    POLICE_PROTECTION = "police-protection"
    EMERGENCY_PROTECTION = "epo"
    ASSESSMENT_ORDER = "cao"
    LOOKED_AFTER = "looked-after"
    LEFT_COUNTRY = "left-country"
    DIED = "died"
    OTHER = "other"


class Event(Base):
    """Something that happened to a child, or to all children of a case where there is no ``child``.

    ``whole_day`` says that no hour is known. ``alone`` is for a child who was seen: whether without a carer.
    """

    __tablename__ = "event"
    __table_args__ = (CheckConstraint("text <> ''", name="text_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), init=False, default=None)
    case: Mapped[Case] = relationship(back_populates="events", lazy="raise")
    kind: Mapped[EventKind]
    text: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(index=True)
    whole_day: Mapped[bool]
    noted_at: Mapped[datetime]
    child: Mapped[Child | None] = relationship(default=None, lazy="raise")
    source: Mapped[str] = mapped_column(default="")
    alone: Mapped[bool | None] = mapped_column(default=None)
