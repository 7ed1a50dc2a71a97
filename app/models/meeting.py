"""A meeting: one strategy discussion, conference, core group, consultation or legal planning meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Refused

if TYPE_CHECKING:
    from app.models.action import Action
    from app.models.answer import Answer
    from app.models.attendance import Attendance
    from app.models.case import Case, Child
    from app.models.conduct import Declaration, Following, QuorumAnswer
    from app.models.decision import Decision
    from app.models.dissent import Dissent
    from app.models.gap import Gap
    from app.models.minutes import Minutes
    from app.models.participation import Exclusion
    from app.models.plan import Progress
    from app.models.statement import Statement
    from app.models.view import View


class State(StrEnum):
    """Where a meeting is in its life (design, section 4)."""

    PREPARED = "prepared"
    IN_SESSION = "in-session"
    ADJOURNED = "adjourned"
    CONCLUDED = "concluded"
    DRAFTED = "minutes-drafted"
    CIRCULATED = "circulated"
    SEALED = "sealed"

    def require_in_session(self) -> None:
        """Raise ``Refused`` unless this is the state of a meeting in session."""
        match self:
            case State.IN_SESSION:
                return
            case State.PREPARED:
                raise Refused("meeting.not-started")
            case State.ADJOURNED:
                raise Refused("meeting.adjourned")
            case _:
                raise Refused("meeting.already-concluded")


class Method(StrEnum):
    """How people meet."""

    ROOM = "room"
    VIDEO = "video"
    TELEPHONE = "telephone"
    HYBRID = "hybrid"


class Meeting(Base):
    """One meeting about some of the children of a case, held under one exact pack.

    ``circumstances`` holds the ids of the pack's invitation triggers that the chair said apply.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("reference <> ''", name="reference_given"),
        CheckConstraint("concluded_at IS NULL OR started_at IS NOT NULL", name="started_before_concluded"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    case: Mapped[Case] = relationship(back_populates="meetings", lazy="raise")
    reference: Mapped[str] = mapped_column(unique=True)
    type_id: Mapped[str]
    pack_digest: Mapped[str] = mapped_column(ForeignKey("pack_copy.digest"))
    planned_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(default=State.PREPARED, index=True)
    method: Mapped[Method] = mapped_column(default=Method.TELEPHONE)
    venue: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    circumstances: Mapped[list[str]] = mapped_column(default_factory=list)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    concluded_at: Mapped[datetime | None] = mapped_column(default=None)
    current_item: Mapped[str] = mapped_column(default="")
    difference_read_at: Mapped[datetime | None] = mapped_column(default=None)
    telephone_reason: Mapped[str | None] = mapped_column(default=None)
    subjects: Mapped[list[Subject]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Subject.position"
    )
    attendances: Mapped[list[Attendance]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Attendance.position"
    )
    visits: Mapped[list[Visit]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Visit.id"
    )
    statements: Mapped[list[Statement]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Statement.id"
    )
    gaps: Mapped[list[Gap]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Gap.id"
    )
    answers: Mapped[list[Answer]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Answer.id"
    )
    views: Mapped[list[View]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="View.id"
    )
    decisions: Mapped[list[Decision]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Decision.id"
    )
    dissents: Mapped[list[Dissent]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Dissent.id"
    )
    actions: Mapped[list[Action]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Action.id"
    )
    clearances: Mapped[list[ClosingReason]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="ClosingReason.id"
    )
    minutes: Mapped[list[Minutes]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Minutes.version"
    )
    following: Mapped[Following | None] = relationship(
        default=None, back_populates="meeting", lazy="raise", foreign_keys="Following.meeting_id"
    )
    declarations: Mapped[list[Declaration]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Declaration.id"
    )
    quorum_answers: Mapped[list[QuorumAnswer]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="QuorumAnswer.given_at"
    )
    exclusions: Mapped[list[Exclusion]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Exclusion.asked_at"
    )
    progress: Mapped[list[Progress]] = relationship(
        default_factory=list, back_populates="meeting", lazy="raise", order_by="Progress.id"
    )

    @property
    def children(self) -> list[Child]:
        """The children this meeting is about."""
        return [subject.child for subject in self.subjects]

    @property
    def chair(self) -> Attendance | None:
        """Whoever chairs."""
        return next((a for a in self.attendances if a.chairs), None)

    @property
    def open(self) -> bool:
        """Whether acts may still be recorded."""
        return self.state in (State.IN_SESSION, State.ADJOURNED)

    def require_in_session(self) -> None:
        """Raise ``Refused`` unless the meeting is in session."""
        self.state.require_in_session()

    def start(self, at: datetime) -> None:
        """Open a prepared meeting."""
        if self.state is not State.PREPARED:
            raise Refused("meeting.already-started")
        self.state = State.IN_SESSION
        self.started_at = at

    def adjourn(self) -> None:
        """Pause the meeting."""
        self.require_in_session()
        self.state = State.ADJOURNED

    def resume(self) -> None:
        """Take up an adjourned meeting again."""
        if self.state is not State.ADJOURNED:
            raise Refused("meeting.not-adjourned")
        self.state = State.IN_SESSION

    def conclude(self, at: datetime) -> None:
        """End the meeting; nothing more is recorded after this."""
        self.require_in_session()
        self.state = State.CONCLUDED
        self.concluded_at = at

    def seal(self) -> None:
        """Close the record for good, once its minutes are signed."""
        if self.state is State.SEALED:
            raise Refused("meeting.already-sealed")
        if self.concluded_at is None:
            raise Refused("meeting.not-concluded")
        self.state = State.SEALED

    def spent(self, item_id: str, now: datetime) -> timedelta:
        """Return the time the meeting has spent on an agenda item by ``now``."""
        visits = (v for v in self.visits if v.item_id == item_id)
        return sum((max((v.left_at or now) - v.opened_at, timedelta()) for v in visits), timedelta())


class Subject(Base):
    """A child's place in a meeting."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("meeting_id", "child_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="subjects", lazy="raise")
    child: Mapped[Child] = relationship(lazy="raise")
    position: Mapped[int] = mapped_column(default=1)


class Visit(Base):
    """One stretch of time in which the meeting was on an agenda item; ``done`` where it was left as finished."""

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint("left_at IS NULL OR left_at >= opened_at", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="visits", lazy="raise")
    item_id: Mapped[str]
    opened_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    done: Mapped[bool] = mapped_column(default=False)


class ClosingReason(Base):
    """Why the chair concluded although a rule still asked for something. ``subject`` says what it was about."""

    __tablename__ = "closing_reason"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True, init=False)
    meeting: Mapped[Meeting] = relationship(back_populates="clearances", lazy="raise")
    rule: Mapped[str]
    subject: Mapped[str]
    sentence: Mapped[str]
    reason: Mapped[str]
    given_at: Mapped[datetime]
