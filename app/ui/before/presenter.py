"""What the page about the time before a meeting says and asks. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.models.attendance import Attendance, Capacity, Invitation
from app.models.case import Child
from app.models.meeting import State
from app.models.participation import Exclusion, Ruling
from app.practice.agenda import answer_to, asked_of, beforehand
from app.practice.arrangements import ExclusionGround
from app.practice.children import called
from app.practice.forecast import when_said
from app.practice.invitations import expected, forecast_quorum
from app.practice.origins import origin
from app.practice.pack import InviteTrigger, Pack
from app.practice.participation import FAMILY, KEPT_OUT, Asked, Report
from app.practice.questions import Prompt
from app.practice.quorum import quorum
from app.practice.words import clock, counted, day, listed, moment
from app.services.inviting import ToInvite
from app.ui.before.desk import Desk
from app.ui.kit import asked as forms
from app.ui.kit.asked import Kind
from app.ui.kit.days import read_day, written

DAYS = ("invited_on", "report_asked", "report_received")
RULINGS = (Ruling.REFUSED, Ruling.FOR_A_PART, Ruling.FOR_ALL)
# which field of a form a refusal is about
FIELDS: Mapping[str, str] = {
    "attendance.name-missing": "name", "attendance.second-chair": "capacity", "agency.unknown-sector": "sector",
    "exclusion.nobody": "who", "exclusion.unknown-ground": "ground", "exclusion.evidence-missing": "evidence",
    "exclusion.asker-missing": "asked_by", "exclusion.reason-missing": "reason", "exclusion.part-missing": "scope",
    "exclusion.ruling-missing": "ruling", "exclusion.views-missing": "views_by", "answer.text-missing": "text",
}  # fmt: skip


def standing(desk: Desk) -> str:
    """Return which meeting this is, when it is, and what can still be done here."""
    meeting = desk.meeting
    planned = f"{desk.type.label}, {meeting.reference}, planned for {when_said(meeting.planned_at)}."
    if meeting.state is State.PREPARED:
        return f"{planned} It has not started."
    if desk.open:
        return f"{planned} It has started: people can be asked to leave and come back from here."
    return f"{planned} It is over, so the list and the requests stay as they are."


def quorum_words(desk: Desk) -> str:
    """Return the quorum to expect, or the quorum there is once the meeting has started."""
    if desk.meeting.open:
        return f"{quorum(desk.meeting, desk.type, desk.pack, desk.now).words}."
    return expected(forecast_quorum(desk.type, desk.meeting.attendances, desk.pack))


def to_invite_row(one: ToInvite) -> str:
    """Return whom a rule says to ask, why, and whether somebody on the list stands for them."""
    there = {True: "on the list", False: "NOBODY ON THE LIST YET", None: "look at the list yourself"}[one.on_the_list]
    return f"{listed(one.trigger.invite)}: {there}. {one.trigger.label}."


def may_apply_row(trigger: InviteTrigger) -> str:
    """Return whom a rule says to ask once the chair has said that it applies."""
    return f"{listed(trigger.invite)}: only if this applies. {trigger.label}."


def to_invite_summary(found: Sequence[ToInvite]) -> str:
    """Return how many of those whom the rules say to ask have nobody on the list."""
    if not found:
        return "The rules of this meeting name nobody who must be asked."
    missing = sum(one.on_the_list is False for one in found)
    unknown = sum(one.on_the_list is None for one in found)
    told = (
        f"For {missing} of {counted(len(found), 'rule')} nobody is on the list yet."
        if missing
        else "Somebody is on the list for each agency that the rules name."
    )
    yours = " 1 rule names no agency: check it yourself." if unknown == 1 else (
        f" {unknown} rules name no agency: check them yourself."
    )  # fmt: skip
    return told + (yours if unknown else "")


def place_of(person: Attendance, pack: Pack) -> str:
    """Return in what capacity and for which agency somebody comes."""
    sector = pack.sector(person.agency.sector) if person.agency else None
    role = sector.role(person.role) if sector else None
    capacity = "" if person.capacity is Capacity.PRACTITIONER else pack.words("capacity", person.capacity).lower()
    agency = person.agency.label if person.agency else ""
    return ", ".join(part for part in (capacity, agency, role.label if role else person.role) if part)


def person_row(person: Attendance, pack: Pack) -> str:
    """Return somebody on the list, whether they were asked and how they take part."""
    if person.invitation is Invitation.INVITED:
        known = f"invited on {day(person.invited_on)}" if person.invited_on else "no invitation noted yet"
    else:
        known = pack.words("invitation", person.invitation).lower()
    part = f" Takes part: {person.takes_part}." if person.takes_part else ""
    note = f" {person.note.rstrip('.')}." if person.note else ""
    return f"{person.name}, {place_of(person, pack)}: {known}.{part}{note}"


def report_row(report: Report, today: date) -> str:
    """Return when a report was asked for and came, how many working days that was before, and who has seen it."""
    person = report.attendance
    asked = f"asked for on {day(person.report_asked)}" if person.report_asked else "not asked for"
    return f"{person.name}, {person.agency.label if person.agency else 'family'}: {asked}, {_came(report, today)}"


def _came(report: Report, today: date) -> str:
    person = report.attendance
    due = f"due by {when_said(report.due.at)}" if report.due else ""
    if person.report_received is None:
        state = "OVERDUE, " if report.missing(today) else ""
        return f"not here yet{f' ({state}{due})' if due else ''}."
    days = f", {counted(report.days, 'working day')} before the meeting" if report.days is not None else ""
    kept = f" ({'LATE, ' if report.late else 'in time, '}{due})" if due else ""
    shared = f" The family had it: {person.report_shared.rstrip('.')}." if person.report_shared else (
        " Not noted when the family had it."
    )  # fmt: skip
    return f"came on {day(person.report_received)}{days}{kept}.{shared}"


def report_why(report: Report, pack: Pack) -> str:
    """Return by which rule a report is due, how its day was counted, and where that rule comes from."""
    if report.limit is None:
        return "The rules of this meeting set no day for this report."
    counted_so = f" {report.due.because}" if report.due else ""
    return f"{report.limit.label}.{counted_so} {origin(report.limit, pack)}"


def summary_of_reports(found: Sequence[Report], today: date) -> str:
    """Return how many reports were asked for, came and are overdue; what to do where none was asked for."""
    if not found:
        return "No report was asked for yet. Choose a person above and note the day on which you asked."
    came = sum(one.attendance.report_received is not None for one in found)
    overdue = sum(one.missing(today) for one in found)
    late = sum(one.late for one in found)
    told = [f"{counted(came, 'report')} of {len(found)} came"]
    told += [f"{late} late"] if late else []
    told += [f"{overdue} overdue"] if overdue else []
    return f"{listed(told)}."


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle with the family beforehand, for one child where it is asked of each."""

    prompt: Prompt
    child: Child | None

    @property
    def key(self) -> str:
        """What it is known by on the page."""
        return f"{self.prompt.id} {self.child.id if self.child else ''}"


def questions(desk: Desk) -> list[Question]:
    """Return what is settled with the family beforehand, in the pack's order."""
    item = beforehand(desk.type)
    return [
        Question(prompt, child) for prompt in (item.prompts if item else ()) for child in asked_of(desk.meeting, prompt)
    ]


def question_row(one: Question, desk: Desk) -> str:
    """Return a question with its answer, or that there is none."""
    found = answer_to(desk.meeting, one.prompt, one.child)
    about = f"{called(desk.meeting.children)[one.child.id]}: " if one.child else ""
    when = f"{one.prompt.when}: " if one.prompt.when else ""
    return f"{about}{when}{one.prompt.text} {f'ANSWER: {found.text}' if found else 'Not answered yet.'}"


def request_row(one: Exclusion, notice: Asked | None, pack: Pack) -> str:
    """Return a request to keep somebody out with its ground, who asked, and what became of it."""
    ground = pack.participation.ground(one.ground)
    asked = f"asked by {one.asked_by}, {moment(one.asked_at)}"
    told = [f"{one.attendance.name}: {ground.label if ground else one.ground}, {asked}."]
    if notice and notice.late:
        told.append(f"It should have come by {when_said(notice.due.at)}, and is heard all the same.")
    told.append(f"{pack.words('ruling', one.ruling)}{f': {one.scope}' if one.scope else ''}.")
    told += [_out(one)] if one.left_at else []
    told += [f"Their views: {one.views_by}"] if one.views_by else []
    told += ["THEIR VIEWS ARE STILL TO BE BROUGHT IN."] if one.ruling in KEPT_OUT and not one.views_by else []
    told += [f"Written to on {day(one.letter_on)}."] if one.letter_on else []
    told += ["The chair offered to see them."] if one.chair_offered else []
    return " ".join(told)


def _out(one: Exclusion) -> str:
    left = f"Out since {clock(one.left_at)}" if one.left_at else ""
    return f"{left.replace('since', 'from')} to {clock(one.back_at)}." if one.back_at else f"{left}."


def request_why(one: Exclusion, notice: Asked | None, pack: Pack) -> str:
    """Return what is on record of a request: the ground and its source, the evidence, and the chair's reasons."""
    ground = pack.participation.ground(one.ground)
    told = [ground_words(ground, pack)] if ground else []
    told.append(f"Evidence: {one.evidence}")
    told += [f"The chair's reasons: {one.reason}"] if one.reason else []
    told += [f"Legal advice: {one.legal_advice}"] if one.legal_advice else []
    told += [f"{notice.limit.label}: {notice.due.because} {origin(notice.limit, pack)}"] if notice else []
    return "\n".join(told)


def ground_words(ground: ExclusionGround, pack: Pack) -> str:
    """Return what a ground means and where it comes from."""
    return f"{ground.detail} {origin(ground, pack)}"


def people_to_keep_out(desk: Desk) -> list[tuple[str, str]]:
    """Return whom a request can be about, the parents first: each id with the name and the part."""
    seats = [seat for seat in desk.meeting.attendances if not seat.chairs]
    seats.sort(key=lambda seat: (seat.capacity is not Capacity.PARENT, seat.position))
    return [(str(seat.id), f"{seat.name}, {place_of(seat, desk.pack)}") for seat in seats]


def add_asked(pack: Pack, *, family: bool) -> list[forms.Asked]:
    """Return what is asked about somebody who is put on the list."""
    # those whom the page is mostly for stand first; the chair is set in the set-up of the meeting
    first = (Capacity.PRACTITIONER, Capacity.PARENT, Capacity.CHILD, Capacity.SUPPORTER, Capacity.ADVOCATE)
    rest = [one for one in Capacity if one not in first and one is not Capacity.CHAIR]
    usual = [one for one in (*first, *rest) if family or one not in FAMILY]
    sectors = [("", "No agency")] + [(sector.id, sector.short) for sector in pack.sectors]
    return [
        forms.Asked("name", "Name"),
        forms.Asked("capacity", "Comes as", Kind.CHOICE, choices=[(str(c), pack.words("capacity", c)) for c in usual]),
        forms.Asked("sector", "Agency", Kind.CHOICE, choices=sectors),
        forms.Asked("role", "Role, or whom they come for", hint="For example: health visitor; friend of the mother."),
    ]


def part_asked(pack: Pack) -> list[forms.Asked]:
    """Return what is asked about somebody's invitation, their report and how they take part."""
    day_hint = "For example today, or 3.3.2027. Leave it empty where it has not happened."
    known = [(str(value), pack.words("invitation", value)) for value in Invitation]
    return [
        forms.Asked("invitation", "What is known of their coming", Kind.CHOICE, choices=known),
        forms.Asked("invited_on", "Day on which they were invited", hint=day_hint),
        forms.Asked("report_asked", "Day on which their report was asked for", hint=day_hint),
        forms.Asked("report_received", "Day on which their report came", hint=day_hint),
        forms.Asked(
            "report_shared", "When and how the family had the report",
            hint="For example: gone through in person with the mother on 4 December.",
        ),
        forms.Asked(
            "takes_part", "How they take part, where it is not like everybody else",
            hint="For example: apart from the father, from 10:00; through the advocate; with an interpreter.",
        ),
        forms.Asked("note", "Note: why they were not invited, or what they said"),
    ]  # fmt: skip


def part_values(person: Attendance) -> dict[str, Any]:
    """Return what the form shows for somebody on the list."""
    values = {one: getattr(person, one) for one in ("report_shared", "takes_part", "note")}
    days = {name: written(getattr(person, name)) for name in DAYS}
    return {"invitation": str(person.invitation), **values, **days}


def day_typed(words: str, today: date) -> date | None:
    """Return the day that was typed, None for no words; raises ``NoSuchDay``."""
    return read_day(words, today) if words.strip() else None


def ask_asked(pack: Pack) -> list[forms.Asked]:
    """Return what is asked about a request to keep somebody out; whom it can be about is offered when it opens."""
    grounds = [(ground.id, ground.label) for ground in pack.participation.grounds]
    return [
        forms.Asked("who", "Who is to be kept out", Kind.CHOICE),
        forms.Asked("ground", "On which ground", Kind.CHOICE, choices=grounds),
        forms.Asked("asked_by", "Who asks for it", hint="The name and the agency. The time is noted by itself."),
        forms.Asked("evidence", "Evidence", Kind.WORDS, hint="No letter and no minutes print it."),
    ]  # fmt: skip


def rule_asked(pack: Pack) -> list[forms.Asked]:
    """Return what is asked about the chair's answer to a request."""
    answers = [(str(ruling), pack.words("ruling", ruling)) for ruling in RULINGS]
    return [
        forms.Asked("ruling", "The chair's answer", Kind.CHOICE, choices=answers),
        forms.Asked("scope", "For which part", hint="The shortest time that will do, where it is a part."),
        forms.Asked("reason", "Reasons", Kind.WORDS, hint="The minutes print them."),
        forms.Asked("legal_advice", "Legal advice, where it was taken"),
        forms.Asked("views_by", "How their views reach the meeting instead"),
    ]


def views_asked() -> list[forms.Asked]:
    """Return what is asked about how somebody who is kept out is heard."""
    hint = "For example: a letter that is read out; their advocate speaks for them."
    return [forms.Asked("views_by", "How their views reach the meeting, or what they are", Kind.WORDS, hint=hint)]


def letter_asked() -> list[forms.Asked]:
    """Return what is asked about the letter to them."""
    hint = "The letter holds neither the ground nor the evidence nor who asked."
    return [forms.Asked("words", "What the chair wants them to know", Kind.WORDS, hint=hint)]


def after_asked() -> list[forms.Asked]:
    """Return what is asked about what was done for them afterwards."""
    return [
        forms.Asked("letter_on", "Day on which they were written to"),
        forms.Asked("chair_offered", "The chair offered to see them afterwards", Kind.TICK),
    ]


def request_values(form: str, one: Exclusion) -> dict[str, Any]:
    """Return what a form about a request shows of what is known."""
    match form:
        case "rule":
            ruling = Ruling.REFUSED if one.ruling is Ruling.ASKED else one.ruling
            same = {name: getattr(one, name) for name in ("scope", "reason", "legal_advice", "views_by")}
            return {"ruling": str(ruling), **same}
        case "views":
            return {"views_by": one.views_by}
        case "after":
            return {"letter_on": written(one.letter_on), "chair_offered": one.chair_offered}
    return {}


def offered_name(desk: Desk, kind: str, person: UUID | None = None) -> str:
    """Return the file name offered for a letter or the calendar file: it names nobody."""
    found = desk.person(person)
    place = f"-{found.position}" if found else ""
    return f"{kind}-{desk.meeting.reference}{place}".replace("/", "-")
