"""A case: the children it is about, and their family and network."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import LONGEST_NAME, Base, Refused, required, tidy

if TYPE_CHECKING:
    from app.models.deadline import Deadline
    from app.models.event import Event
    from app.models.meeting import Meeting
    from app.models.participation import Complaint
    from app.models.plan import Plan


class Sex(StrEnum):
    """A child's sex as recorded; ``unborn`` before birth."""

    FEMALE = "female"
    MALE = "male"
    UNBORN = "unborn"
    NOT_RECORDED = "not-recorded"


class Responsibility(StrEnum):
    """Whether an adult has parental responsibility."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"


Fact = str | date | bool | Sex | Responsibility | None
OLDEST_YEARS = 26
FURTHEST_BIRTH_DAYS = 400


def _describe(record: Base, facts: dict[str, Fact]) -> None:
    columns = record.__mapper__.column_attrs
    for name, value in facts.items():
        if name not in columns or name in {"id", "case_id", "position"}:
            raise TypeError(f"{type(record).__name__} has no fact {name}")
        setattr(record, name, tidy(value) if type(value) is str else value)


class Case(Base):
    """One family's case, known by the authority's own reference."""

    __tablename__ = "case_file"
    __table_args__ = (CheckConstraint("reference <> ''", name="reference_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    children: Mapped[list[Child]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Child.position"
    )
    people: Mapped[list[Person]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Person.position"
    )
    meetings: Mapped[list[Meeting]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Meeting.planned_at"
    )
    deadlines: Mapped[list[Deadline]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Deadline.due_at"
    )
    events: Mapped[list[Event]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Event.happened_at"
    )
    plans: Mapped[list[Plan]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Plan.made_at"
    )
    complaints: Mapped[list[Complaint]] = relationship(
        default_factory=list, back_populates="case", lazy="raise", order_by="Complaint.received_on"
    )


class Child(Base):
    """A child, born or unborn. ``whereabouts`` says where the child is now; ``address`` where the child lives."""

    __tablename__ = "child"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("born IS NULL OR expected IS NULL", name="born_or_expected"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    case: Mapped[Case] = relationship(back_populates="children", lazy="raise")
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=1)
    known_as: Mapped[str] = mapped_column(default="")
    born: Mapped[date | None] = mapped_column(default=None)
    expected: Mapped[date | None] = mapped_column(default=None)
    sex: Mapped[Sex] = mapped_column(default=Sex.NOT_RECORDED)
    ethnicity: Mapped[str] = mapped_column(default="")
    first_language: Mapped[str] = mapped_column(default="")
    faith: Mapped[str] = mapped_column(default="")
    disability: Mapped[str] = mapped_column(default="")
    communication: Mapped[str] = mapped_column(default="")
    legal_status: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    whereabouts: Mapped[str] = mapped_column(default="")
    setting: Mapped[str] = mapped_column(default="")
    gp: Mapped[str] = mapped_column(default="")
    nhs_number: Mapped[str] = mapped_column(default="")

    @property
    def unborn(self) -> bool:
        """Whether the child is not born yet, as far as the record knows."""
        return self.born is None and (self.expected is not None or self.sex is Sex.UNBORN)

    @property
    def first_name(self) -> str:
        """The name the child is called by in lists: what they are known as, else the first of their names."""
        return self.known_as or self.name.split()[0]

    def describe(self, today: date, **facts: Fact) -> None:
        """Set columns of the child to what is known; raises ``Refused`` where a name or a date cannot be right."""
        _describe(self, facts)
        self.name = required(self.name, "child.name-missing", LONGEST_NAME)
        if self.born and (self.expected or self.sex is Sex.UNBORN):
            raise Refused("child.born-and-expected")
        if self.born and self.born > today:
            raise Refused("child.born-in-future")
        if self.born and today.year - self.born.year > OLDEST_YEARS:
            raise Refused("child.not-a-child")
        if self.expected and abs((self.expected - today).days) > FURTHEST_BIRTH_DAYS:
            raise Refused("child.expected-out-of-range")

    def age_on(self, day: date) -> int | None:
        """Return the child's age in whole years on ``day``; None where the date of birth is not known."""
        if self.born is None:
            return None
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


class Person(Base):
    """Somebody of the family or its network. ``address_withheld_from`` names who must not learn where they are."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True, init=False)
    case: Mapped[Case] = relationship(back_populates="people", lazy="raise")
    name: Mapped[str]
    relation: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=1)
    born: Mapped[date | None] = mapped_column(default=None)
    responsibility: Mapped[Responsibility] = mapped_column(default=Responsibility.NOT_KNOWN)
    in_household: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(default="")
    address_withheld_from: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    def describe(self, today: date, **facts: Fact) -> None:
        """Set columns of the person to what is known; raises ``Refused`` where a name or a date cannot be right."""
        _describe(self, facts)
        self.name = required(self.name, "person.name-missing", LONGEST_NAME)
        if self.born and self.born > today:
            raise Refused("person.born-in-future")
