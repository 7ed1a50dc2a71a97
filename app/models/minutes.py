"""Sealed minutes, and whose signature they carry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.meeting import Meeting


class Minutes(Base):
    """One sealed version: the very PDF that was signed, the record inside it, and its digest. It never changes.

    ``tree`` is what its paragraphs are proved by, with the secret of their salts, so it is never given out whole; None
    for minutes sealed before there was one.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="minutes", lazy="raise")
    version: Mapped[int]
    sealed_at: Mapped[datetime]
    signed_by: Mapped[str]
    fingerprint: Mapped[str]
    sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(repr=False)
    record: Mapped[bytes] = mapped_column(repr=False)
    tree: Mapped[bytes | None] = mapped_column(default=None, repr=False)


class Signer(Base):
    """The chair's identity: a small authority of their own and the certificate it issued, with their keys."""

    __tablename__ = "signer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    organisation: Mapped[str]
    made_at: Mapped[datetime]
    fingerprint: Mapped[str]
    authority: Mapped[bytes] = mapped_column(repr=False)
    authority_key: Mapped[bytes] = mapped_column(repr=False)
    certificate: Mapped[bytes] = mapped_column(repr=False)
    key: Mapped[bytes] = mapped_column(repr=False)
