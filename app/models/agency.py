"""The agencies that work with children, and the practitioners who speak for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Agency(Base):
    """One organisation. ``sector`` is the pack's id of the kind of agency it is."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("sector", "name"), CheckConstraint("name <> ''", name="name_given"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sector: Mapped[str]
    name: Mapped[str]
    short: Mapped[str] = mapped_column(default="")
    practitioners: Mapped[list[Practitioner]] = relationship(
        default_factory=list, back_populates="agency", lazy="raise", order_by="Practitioner.name"
    )

    @property
    def label(self) -> str:
        """The name for narrow places: the short one where there is one."""
        return self.short or self.name


class Practitioner(Base):
    """Somebody who works for an agency. ``role`` is the pack's id of the post, or words where it has none."""

    __tablename__ = "practitioner"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True, init=False)
    agency: Mapped[Agency] = relationship(back_populates="practitioners", lazy="raise")
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
