"""What the case page shows and asks: children, family and network, meetings and dates. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.models.case import Case, Child, Fact, Person, Responsibility, Sex
from app.models.deadline import Deadline
from app.models.meeting import Meeting, State
from app.practice.children import called
from app.practice.pack import Pack
from app.practice.words import day, listed
from app.services import diary
from app.services.sitting import Sitting
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import read_day, written

DAYS = ("born", "expected")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the id of what it stands for, its words, where it leads and why it is so."""

    id: UUID
    text: str
    leads_to: str = ""
    because: str = ""


def child_line(child: Child, pack: Pack, today: date) -> Line:
    """Return a child as one row."""
    age = child.age_on(today)
    born = f"born {day(child.born)}, aged {age}" if child.born else ""
    due = f"due {day(child.expected)}" if child.expected else ""
    sex = "" if child.sex is Sex.NOT_RECORDED else pack.words("sex", child.sex).lower()
    where = f"now: {child.whereabouts}" if child.whereabouts else "where the child is now is not recorded"
    parts = (child.name, born or due or "date of birth not known", sex, where)
    return Line(child.id, ", ".join(part for part in parts if part))


def person_line(person: Person, pack: Pack) -> Line:
    """Return somebody of the family or network as one row."""
    withheld = f"address not to be told to {person.address_withheld_from}" if person.address_withheld_from else ""
    parts = (
        person.name,
        person.relation,
        pack.words("responsibility", person.responsibility).lower(),
        "in the household" if person.in_household else "",
        withheld,
    )
    return Line(person.id, ", ".join(part for part in parts if part))


def meeting_line(meeting: Meeting, case: Case, sitting: Sitting) -> Line:
    """Return a meeting of the case as one row, and where it leads."""
    leads_to = "minutes"
    if meeting.open:
        leads_to = "meeting"
    elif meeting.state is State.PREPARED:
        leads_to = "setup"
    state = sitting.pack.words("state", meeting.state)
    named = called(case.children)
    about = listed([named[subject.child_id] for subject in meeting.subjects])
    label = sitting.type_of(meeting).short
    return Line(meeting.id, f"{day(meeting.planned_at)}: {label}, {about} ({meeting.reference}), {state}", leads_to)


def deadline_line(deadline: Deadline, sitting: Sitting, now: datetime) -> Line:
    """Return a date of the case as one row."""
    one = diary.told(sitting, deadline, now)
    return Line(deadline.id, diary.line_of(one, now, of_its_case=True), because=diary.why_of(one))


def child_asked(pack: Pack) -> list[Asked]:
    """Return what is asked about a child."""
    # what nobody said stands first, since the first is what a new form shows
    sexes = [(sex, pack.words("sex", sex)) for sex in sorted(Sex, key=lambda sex: sex is not Sex.NOT_RECORDED)]
    return [
        Asked("name", "Name"),
        Asked("known_as", "Known as"),
        Asked("born", "Date of birth", hint="For example 3.3.2022. Leave it empty for a child who is not born."),
        Asked("expected", "Date the birth is expected"),
        Asked("whereabouts", "Where the child is now"),
        Asked("address", "Where the child lives"),
        Asked("setting", "School, nursery or other setting"),
        Asked("gp", "GP"),
        Asked("sex", "Sex", Kind.CHOICE, choices=sexes),
        Asked("ethnicity", "Ethnicity"),
        Asked("first_language", "First language"),
        Asked("faith", "Faith"),
        Asked("disability", "Disability"),
        Asked("communication", "How the child communicates"),
        Asked("legal_status", "Legal status", hint="For example: looked after, section 20."),
        Asked("nhs_number", "NHS number"),
    ]


def person_asked(pack: Pack) -> list[Asked]:
    """Return what is asked about somebody of the family or network."""
    unknown_first = sorted(Responsibility, key=lambda value: value is not Responsibility.NOT_KNOWN)
    choices = [(value, pack.words("responsibility", value)) for value in unknown_first]
    return [
        Asked("name", "Name"),
        Asked("relation", "Relation to the children", hint="For example: mother; partner of the mother; neighbour."),
        Asked("responsibility", "Parental responsibility", Kind.CHOICE, choices=choices),
        Asked("in_household", "Lives in the household", Kind.TICK),
        Asked("born", "Date of birth"),
        Asked("address", "Address, or whereabouts"),
        Asked("address_withheld_from", "Address must not be told to", hint="Names of those who must not learn it."),
        Asked("note", "Note", Kind.WORDS),
    ]


def values_of(record: Child | Person, asked: list[Asked]) -> dict[str, Any]:
    """Return what a form shows for a record."""
    values = {one.key: getattr(record, one.key) for one in asked}
    return values | {key: written(values[key]) for key in DAYS if key in values}


def facts_from(values: Mapping[str, Any], today: date) -> dict[str, Fact]:
    """Return what a form was filled in with as the record keeps it; raises ``NoSuchDay``."""
    facts: dict[str, Fact] = dict(values)
    for key in DAYS:
        if key in facts:
            words = str(facts[key]).strip()
            facts[key] = read_day(words, today) if words else None
    return facts


def field_of(rule: str) -> str:
    """Return the field that a refusal is about; empty where it is about none."""
    if rule.endswith("name-missing"):
        return "name"
    if "expected" in rule:
        return "expected"
    return "born" if "born" in rule or rule == "child.not-a-child" else ""


def ordered(case: Case) -> list[Meeting]:
    """Return the meetings of a case, the latest first."""
    return sorted(case.meetings, key=lambda meeting: meeting.planned_at, reverse=True)
