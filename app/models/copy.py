"""Copies the store keeps: the exact pack a meeting ran under, and what the person chose."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class PackCopy(Base):
    """The very files of a pack, by their digest, so that an old meeting reads the same in ten years."""

    __tablename__ = "pack_copy"

    digest: Mapped[str] = mapped_column(primary_key=True)
    pack_id: Mapped[str]
    version: Mapped[str]
    kept_at: Mapped[datetime]
    files: Mapped[bytes] = mapped_column(repr=False)


class Preference(Base):
    """Something the person chose or was told once."""

    __tablename__ = "preference"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
