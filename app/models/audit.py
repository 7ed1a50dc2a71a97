"""The audit trail: one entry for each act, chained to the one before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEntry(Base):
    """What one act changed. The form of each field is in ``resources/docs/formats/audit-trail.md``.

    ``payload`` and ``salt`` may be taken away later: ``head`` keeps only their salted digest, so the chain still holds.
    """

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    head: Mapped[str]
    digest: Mapped[bytes]
    meeting_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
    undoes: Mapped[int | None] = mapped_column(default=None)
    salt: Mapped[bytes | None] = mapped_column(default=None)
    payload: Mapped[bytes | None] = mapped_column(default=None)
    case_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
