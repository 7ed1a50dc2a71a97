"""Who was invited, who came, when, and for whom they can decide."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Refused

if TYPE_CHECKING:
    from app.models.agency import Agency
    from app.models.meeting import Meeting


class Capacity(StrEnum):
    """In what capacity somebody is in the meeting."""

    PRACTITIONER = "practitioner"
    CHAIR = "chair"
    MINUTE_TAKER = "minute-taker"
    ADVISER = "adviser"
    OBSERVER = "observer"
    INTERPRETER = "interpreter"
    ADVOCATE = "advocate"
    PARENT = "parent"
    CHILD = "child"
    SUPPORTER = "supporter"


class Invitation(StrEnum):
    """What is known of somebody's coming."""

    INVITED = "invited"
    APOLOGIES = "apologies"
    NOT_INVITED = "not-invited"


class Authority(StrEnum):
    """Whether somebody can decide for their agency."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not-asked"


NOT_COUNTED = frozenset(Capacity) - {Capacity.PRACTITIONER}


class Attendance(Base):
    """One person's part in one meeting. ``position`` is the number they are called by on the keyboard.

    ``agency`` is None for family and for people of no agency. ``takes_part`` says how, where it is not like everybody
    else: apart from another person, in writing, through somebody. ``note`` says why somebody was not invited or sent
    apologies. ``substitute_for`` is the attendance of the person they stand in for.
    """

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), init=False, default=None)
    substitute_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance.id"), init=False, default=None)
    meeting: Mapped[Meeting] = relationship(back_populates="attendances", lazy="raise")
    name: Mapped[str]
    agency: Mapped[Agency | None] = relationship(default=None, lazy="raise")
    role: Mapped[str] = mapped_column(default="")
    capacity: Mapped[Capacity] = mapped_column(default=Capacity.PRACTITIONER)
    position: Mapped[int] = mapped_column(default=1)
    authority: Mapped[Authority] = mapped_column(default=Authority.NOT_ASKED)
    invitation: Mapped[Invitation] = mapped_column(default=Invitation.INVITED)
    note: Mapped[str] = mapped_column(default="")
    report_received: Mapped[date | None] = mapped_column(default=None)
    report_shared: Mapped[str] = mapped_column(default="")
    invited_on: Mapped[date | None] = mapped_column(default=None)
    report_asked: Mapped[date | None] = mapped_column(default=None)
    takes_part: Mapped[str | None] = mapped_column(default=None)
    substitute_for: Mapped[Attendance | None] = relationship(default=None, lazy="raise", remote_side="Attendance.id")
    presences: Mapped[list[Presence]] = relationship(
        default_factory=list, back_populates="attendance", lazy="raise", order_by="Presence.arrived_at"
    )

    @property
    def chairs(self) -> bool:
        """Whether this person chairs."""
        return self.capacity is Capacity.CHAIR

    @property
    def counts(self) -> bool:
        """Whether this person's agency is asked for its view through them (reference: domain, section C1)."""
        return self.agency is not None and self.capacity not in NOT_COUNTED

    @property
    def initials(self) -> str:
        """The first letters of the names, in capitals."""
        return "".join(part[0] for part in self.name.replace("-", " ").split()).upper()

    @property
    def here(self) -> Presence | None:
        """The presence that is not over yet, if the person is in the meeting."""
        return next((p for p in self.presences if p.left_at is None), None)

    @property
    def came(self) -> bool:
        """Whether the person was there at any time."""
        return bool(self.presences)

    def present_at(self, moment: datetime) -> bool:
        """Return whether the person was in the meeting at ``moment``."""
        return any(p.arrived_at <= moment and (p.left_at is None or moment < p.left_at) for p in self.presences)

    def arrive(self, presence_id: UUID, at: datetime) -> Presence:
        """Return the presence that begins now."""
        if self.here is not None:
            raise Refused("attendance.already-here", who=self.name)
        if any(p.left_at is not None and p.left_at > at for p in self.presences):
            raise Refused("attendance.before-leaving", who=self.name)
        return Presence(id=presence_id, attendance=self, arrived_at=at)

    def leave(self, at: datetime) -> Presence:
        """Return the presence that ends now."""
        presence = self.here
        if presence is None:
            raise Refused("attendance.not-here", who=self.name)
        presence.left_at = max(at, presence.arrived_at)
        return presence


class Presence(Base):
    """One stay in the meeting, from arriving to leaving."""

    __tablename__ = "presence"
    __table_args__ = (CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), index=True, init=False)
    attendance: Mapped[Attendance] = relationship(back_populates="presences", lazy="raise")
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
