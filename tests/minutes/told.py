"""A meeting told step by step, in memory, for the tests of the minutes. All of it is made up."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from app.minutes.compose import compose
from app.minutes.document import Document
from app.models.action import Action
from app.models.agency import Agency
from app.models.answer import Answer
from app.models.attendance import Attendance, Authority, Capacity, Invitation, Presence
from app.models.base import uuid7
from app.models.case import Case, Child, Person, Responsibility, Sex
from app.models.decision import Decision, Ground, Witness
from app.models.dissent import Dissent, DissentKind
from app.models.gap import Gap, GapState
from app.models.meeting import ClosingReason, Meeting, State, Subject, Visit
from app.models.minutes import Signer
from app.models.statement import Kind, Statement
from app.models.view import View
from app.practice.pack import Pack
from app.practice.reading import read_pack
from app.practice.working_days import england
from app.resources import folder

START = datetime(2026, 12, 10, 10, 30, tzinfo=UTC)
PACK = read_pack(folder("packs", "england"))
MARKED = "Official: sensitive. Child protection"
CALENDAR = england(PACK.calendar.first, PACK.calendar.last, f"{PACK.id} {PACK.version}")


class Told:
    """A meeting told step by step, in memory; each step takes half a minute."""

    def __init__(self, *children: Child, start: bool = True, words: str = "") -> None:
        self._steps = count(1)
        self.words = words
        self.case = Case(id=self.new(), reference="NM-31877", opened_at=START)
        self.meeting = Meeting(
            id=self.new(),
            case=self.case,
            reference="NM-2026-0114",
            type_id="strategy_initial",
            pack_digest=PACK.digest,
            planned_at=START,
            reason=self.say("The nursery was told of a loud quarrel at home, and saw that Robin was quiet."),
            state=State.IN_SESSION if start else State.PREPARED,
            started_at=START if start else None,
        )
        for position, child in enumerate(children, 1):
            child.case = self.case
            Subject(id=self.new(), meeting=self.meeting, child=child, position=position)
        self.people: dict[str, Attendance] = {}

    def new(self) -> UUID:
        return uuid7(self.now, b"\1" * 8)

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=30 * next(self._steps))

    def say(self, text: str) -> str:
        return f"{text} {self.words}".strip()

    def seat(self, name: str, sector: str, agency: str, role: str = "", **more: object) -> Attendance:
        known = {a.agency.name: a.agency for a in self.people.values() if a.agency}
        place = known.get(agency) or (Agency(id=self.new(), sector=sector, name=agency) if agency else None)
        seated = Attendance(
            id=self.new(), meeting=self.meeting, name=self.say(name), agency=place, role=role,
            position=len(self.people) + 1, **more,
        )  # fmt: skip
        if seated.invitation is Invitation.INVITED and self.meeting.started_at:
            Presence(id=self.new(), attendance=seated, arrived_at=START)
        self.people[name] = seated
        return seated

    def state(self, item: str, who: str, text: str, child: Child | None = None, **more: object) -> Statement:
        return Statement(
            id=self.new(), meeting=self.meeting, item_id=item, said_at=self.now, text=self.say(text),
            speaker=self.people.get(who), child=child, source=self.say("own record"), **more,
        )  # fmt: skip

    def view(self, who: str, child: Child, option: str, reason: str, **more: object) -> View:
        speaker = self.people[who]
        assert speaker.agency
        return View(
            id=self.new(), meeting=self.meeting, agency=speaker.agency, child=child, item_id="threshold",
            question_id="threshold", option=option, reason=self.say(reason), given_at=self.now, speaker=speaker,
            would_change=self.say("A medical opinion that explains the marks."), **more,
        )  # fmt: skip

    def decide(self, question: str, child: Child, option: str, reason: str, *grounds: Statement, **more: object):
        at = self.now
        made = Decision(
            id=self.new(), meeting=self.meeting, child=child, item_id="decisions", question_id=question, option=option,
            reason=self.say(reason), decided_at=at, quorate=bool(more.pop("quorate", True)), **more,
        )  # fmt: skip
        for ground in grounds:
            Ground(id=self.new(), decision=made, statement=ground)
        for person in self.people.values():
            if person.present_at(at):
                Witness(id=self.new(), decision=made, attendance=person)
        return made

    def conclude(self) -> Meeting:
        at = self.now
        for person in self.people.values():
            if person.here:
                person.leave(at)
        self.meeting.conclude(at)
        return self.meeting


def a_child(name: str, position: int, **facts: object) -> Child:
    case = Case(id=UUID(int=position), reference="elsewhere", opened_at=START)
    return Child(id=UUID(int=position), case=case, name=name, position=position, **facts)


def a_full_meeting(words: str = "") -> Told:
    robin = a_child(
        "Robin Sample", 1, born=date(2022, 3, 14), sex=Sex.FEMALE, ethnicity="White British", first_language="English",
        communication="Short sentences, and pictures", address="4 Example Lane, Northmoor",
        whereabouts="At nursery until 15:30", setting="Little Oaks Nursery", gp="Dr Example, Moor Surgery",
        legal_status="None", nhs_number="999 000 0000",
    )  # fmt: skip
    baby = a_child("Baby Sample", 2, expected=date(2027, 5, 4), sex=Sex.UNBORN)
    told = Told(robin, baby, words=words)
    for child in (robin, baby):
        child.name = told.say(child.name)
        child.known_as = child.name.split()[0]
    robin.address = told.say(robin.address)
    Person(
        id=told.new(), case=told.case, name=told.say("Alex Sample"), relation="Mother", position=1, in_household=True,
        responsibility=Responsibility.YES, born=date(1995, 7, 2),
    )  # fmt: skip
    Person(
        id=told.new(), case=told.case, name=told.say("Jo Sample"), relation=told.say("Grandmother"), position=2,
        responsibility=Responsibility.NO, address=told.say("9 Hidden Close"), address_withheld_from="Mr Example",
        note=told.say("Speaks to Robin every evening."),
    )  # fmt: skip
    _table(told)
    _talk(told, robin, baby)
    _outcome(told, robin, baby)
    return told


def _table(told: Told) -> None:
    can = {"authority": Authority.YES}
    told.seat("Amina Okafor", "csc", "Northmoor Children's Services", "team_manager", capacity=Capacity.CHAIR)
    told.seat("Lee Marsh", "csc", "Northmoor Children's Services", "social_worker", **can)
    told.seat("Ray Hollis", "police", "Northmoor Police", "ds", **can)
    told.seat("Priya Nair", "health_community", "Northmoor Community Health", "health_visitor", **can)
    told.seat("Dana Cole", "early_years", "Little Oaks Nursery", "")
    told.seat("Sam Poole", "csc", "Northmoor Children's Services", "", capacity=Capacity.MINUTE_TAKER)
    told.seat("Dr Wu", "gp", "Moor Surgery", "gp", invitation=Invitation.APOLOGIES, note=told.say("In clinic."))
    told.seat("Chris Vale", "", "", "neighbour", invitation=Invitation.NOT_INVITED, note=told.say("Is a witness."))
    stand_in = told.seat("Ann Reed", "early_years", "Little Oaks Nursery", "", substitute_for=told.people["Dana Cole"])
    stand_in.report_received, stand_in.report_shared = date(2026, 12, 9), told.say("Not shared: first to be discussed")


def _talk(told: Told, robin: Child, baby: Child) -> None:
    meeting = told.meeting
    meeting.difference_read_at = told.now
    for item in ("open", "concern", "safety", "agencies", "threshold", "decisions", "close"):
        Visit(id=told.new(), meeting=meeting, item_id=item, opened_at=told.now, left_at=told.now, done=True)
    told.state("concern", "Dana Cole", "Robin said that the man was cross and the plate was broken.", robin)
    told.state(
        "concern", "Lee Marsh", "The caller gave a name and was rung back within the hour.", kind=Kind.OBSERVATION
    )
    told.state("agencies", "Ray Hollis", "Two calls to the address since June; no arrest.", restricted=True)
    told.state("agencies", "Priya Nair", "Midwife booked on 3 November; all appointments kept.", baby)
    told.state("agencies", "Dana Cole", "Quieter since October, and tired in the mornings.", robin, kind=Kind.OPINION)
    told.state("agencies", "Nobody", "Somebody on the line said that the father has moved out.", kind=Kind.ALLEGATION)
    for item, prompt, text, child in (
        ("safety", "safety.tonight", "Yes: at her grandmother's, who has agreed in writing.", robin),
        ("safety", "safety.tonight", "Not born yet; the midwife sees the mother tomorrow.", baby),
        ("safety", "safety.who-has", "The grandmother.", robin),
        ("concern", "concern.what", "A quarrel on Tuesday night, and a plate thrown.", None),
    ):
        Answer(
            id=told.new(), meeting=meeting, item_id=item, prompt_id=prompt, text=told.say(text),
            answered_at=told.now, child=child,
        )  # fmt: skip
    health = told.people["Priya Nair"].agency
    for question, state, agency, due, child in (
        ("What did the GP record on 3 December?", GapState.ASKED, health, date(2026, 12, 11), robin),
        ("Has anybody spoken to the neighbour upstairs?", GapState.NOT_ASKED, None, None, None),
        ("Was there ever a plan in another authority?", GapState.ANSWERED, None, None, None),
    ):
        Gap(
            id=told.new(), meeting=meeting, item_id="agencies", question=told.say(question), noticed_at=told.now,
            agency=agency, child=child, due=due, state=state,
            answer=told.say("No plan is known.") if state is GapState.ANSWERED else "",
        )  # fmt: skip


def _outcome(told: Told, robin: Child, baby: Child) -> None:
    meeting, first = told.meeting, told.meeting.statements[0]
    for child in (robin, baby):
        told.view("Dana Cole", child, "met", "She has told two people the same thing, in her own words.")
        told.view("Ray Hollis", child, "not_met", "Both calls ended without an offence being found.")
        told.view("Priya Nair", child, "met", "The pattern fits what the midwife hears.")
    told.view("Ray Hollis", robin, "met", "The older call was to this address after all.", round=2)
    for child in (robin, baby):
        option = "met" if child is robin else "not_met"
        told.decide("D1", child, option, "Two sources agree, and neither knew of the other.", first, departure=told.say(
            "" if child is robin else "Harm to the unborn child rests on one source so far."))  # fmt: skip
        told.decide("D2", child, "joint" if child is robin else "no_s47", "An offence may have been committed.", first)
        told.decide("D4", child, "family_arrangement", "The grandmother is able and willing.", *meeting.statements[:3])
        told.decide("D8", child, "end_of_s47", "The enquiry will show it.")
        told.decide("D12", child, "now", "Nothing is lost by telling them.", person=told.say("Lee Marsh, today"))
    told.decide(
        "D13", robin, "reconvene", "To hear the medical opinion.", on=date(2026, 12, 17), detail=told.say("At 10:00.")
    )
    for kind, words in (
        (DissentKind.DISSENT, "I dissent. The threshold is met for the baby as well."),
        (DissentKind.RESERVATION, "I would have asked the neighbour first."),
    ):
        Dissent(
            id=told.new(), meeting=meeting, dissenter=told.people["Dana Cole"], item_id="dissent", kind=kind,
            question_id="D1" if kind is DissentKind.DISSENT else "process", words=told.say(words),
            raised_at=told.now, child=baby if kind is DissentKind.DISSENT else None,
            preferred=told.say("Met, with a review in a month."), risk=told.say("Nobody looks again before the birth."),
            read_back_at=told.now if kind is DissentKind.DISSENT else None,
        )  # fmt: skip
    for text, owner, due, child in (
        ("Visit Robin at her grandmother's and see her alone.", "Lee Marsh", date(2026, 12, 11), robin),
        ("Ask the GP for the entry of 3 December.", "", None, None),
    ):
        Action(
            id=told.new(), meeting=meeting, item_id="enquiry", text=told.say(text), agreed_at=told.now, owner=owner,
            due=due, child=child, agency=told.people["Lee Marsh"].agency if owner else None,
        )  # fmt: skip
    ClosingReason(
        id=told.new(), meeting=meeting, rule="every-gap-owned", subject="x",
        sentence=told.say("Nobody has taken on what is not known: the neighbour upstairs."),
        reason=told.say("The visit tomorrow will show whether it matters."), given_at=told.now,
    )  # fmt: skip


def a_signer() -> Signer:
    return Signer(
        id=UUID(int=9), name="Amina Okafor", role="Team manager", organisation="Northmoor Children's Services",
        made_at=START, fingerprint="AB12 " * 15 + "AB12", authority=b"", authority_key=b"", certificate=b"", key=b"",
    )  # fmt: skip


def minutes_of(told: Told, signer: Signer | None = None, pack: Pack = PACK) -> Document:
    return compose(told.meeting, pack, CALENDAR, signer=signer, version=1, marked=MARKED)
