"""How long a case is kept, what holds it longer, and what is left to say of one that was disposed of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Closure(Base):
    """When the authority closed a case: the day its retention is counted from."""

    __tablename__ = "closure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)
    closed_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]


class LegalHold(Base):
    """Why a case may not be disposed of, whatever its age, until somebody lifts the hold and says why."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("lifted_at IS NULL OR lifted_reason <> ''", name="lifting_explained"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[str] = mapped_column(default="")
    lifted_reason: Mapped[str] = mapped_column(default="")


class Disposal(Base):
    """The certificate of a case that was disposed of. It names no person, and it never changes.

    ``case_id`` points at nothing any more; it is what the trail still calls the case.
    """

    __tablename__ = "disposal"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(unique=True)
    reference: Mapped[str]
    disposed_at: Mapped[datetime]
    disposed_by: Mapped[str]
    reason: Mapped[str]
    certificate: Mapped[bytes]
