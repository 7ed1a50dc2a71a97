"""What the page of directed work shows and asks: each piece of work in words, its plan, its end. No Qt."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.models.agency import Agency
from app.models.work import Work, WorkKind, WorkStep
from app.practice.directing import OUTCOMES, Offer, offers, resting_on, state_of
from app.practice.forecast import when_said
from app.practice.limits import last_second
from app.practice.origins import origin
from app.practice.pack import MeetingType, Pack
from app.practice.rule import Rule
from app.practice.rule_lines import words_of
from app.practice.words import clock, counted, day, legal_day, moment, weekday_day
from app.services import diary
from app.services.diary import Group
from app.services.directing import Directed
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.hours import NoSuchHour, read_hour, read_when

_DAY_HINT = "For example 3.3.2027, or tomorrow."


class Unclear(Exception):
    """What was typed under ``key`` names no time; the text says what to write."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


def summary(found: Sequence[Directed], now: datetime) -> str:
    """Return how much work goes on, in one sentence; what sets it going where there is none."""
    if not found:
        return (
            "No decision has set work going yet. It appears here by itself once a meeting decides on a section 47 "
            "enquiry, a medical, an interview with the child, or legal planning."
        )
    going = [one.work for one in found if one.work.ended_at is None]
    late = sum(work.due is not None and last_second(work.due) < now for work in going)
    return f"{len(going):,} under way, {late:,} of them overdue; {len(found) - len(going):,} ended."


def work_line(one: Directed, pack: Pack, now: datetime) -> str:
    """Return a piece of work as one row: what, for whom, by when, who leads, how many steps are done."""
    work = one.work
    about = f"{pack.words('work', work.kind)}, {one.child}"
    if work.ended_at is not None:
        return f"{about}: ended on {day(work.ended_at)}. {pack.words('work', work.outcome)}"
    done = sum(step.done_at is not None for step in work.steps)
    steps = f"{done} of {counted(len(work.steps), 'step')} done" if work.steps else "no steps yet"
    parts = (due_words(one, now), f"led by {leader(work)}" if leader(work) else "nobody leads it yet", steps)
    return f"{about}: {'; '.join(parts)}"


def due_words(one: Directed, now: datetime) -> str:
    """Return by when the work is due, or what is due after it where it has no day of its own, and how far off."""
    if one.work.due is not None:
        return f"due {weekday_day(one.work.due)}, {diary.far_away(one.work.due, now)}"
    running = [date_ for date_ in one.dates if date_.group is not Group.DONE]
    if running:
        return f"{running[0].label} by {when_said(running[0].when)}, {diary.far_away(running[0].when, now)}"
    return "no day is set for it"


def leader(work: Work) -> str:
    """Return who leads, with their agency; empty for nobody."""
    return ", ".join(part for part in (work.lead, work.agency.label if work.agency else "") if part)


def told(one: Directed, kind: MeetingType, pack: Pack, now: datetime) -> list[str]:
    """Return everything about a piece of work, a paragraph each; its steps stand in their own list."""
    work = one.work
    found = [_follows(work, kind), "\n".join(part for part in _how(one, pack, now) if part)]
    found += [f"{diary.line_of(date_, now, of_its_case=True)}. {diary.why_of(date_)}" for date_ in one.dates]
    if work.kind is WorkKind.COURT:
        found += [_offered(offer, legal_day(now), pack) for offer in offers(work.decision, kind, pack)]
    if work.ended_at is not None:
        words = f" {work.outcome_words}" if work.outcome_words else ""
        found.append(f"It ended on {moment(work.ended_at)}: {pack.words('work', work.outcome)}.{words}")
    return found


def _how(one: Directed, pack: Pack, now: datetime) -> Iterator[str]:
    work = one.work
    if work.kind is not WorkKind.COURT:
        yield "Social care and the police do it together." if work.joint else "One agency does it by itself."
    yield f"Led by {leader(work)}." if leader(work) else "Nobody is named to lead it yet."
    yield _said(plan_label(work, pack), work.plan)
    yield _said("Consent", work.consent)
    yield f"It began on {moment(work.started_at)}." if work.started_at else ""
    if work.ended_at is None:
        words = due_words(one, now)
        yield f"{words[0].upper()}{words[1:]}."


def _follows(work: Work, kind: MeetingType) -> str:
    decision = work.decision
    question = kind.decision(decision.question_id)
    option = question.option(decision.option) if question else None
    asked, answer = question.question if question else decision.question_id, option.label if option else decision.option
    provisional = "" if decision.quorate else " It was decided without a quorum, so it is provisional."
    return (
        f"It follows from a decision of {day(decision.decided_at)} for {decision.child.name}, {kind.short} "
        f"({decision.meeting.reference}). {asked} {answer}. {decision.reason}{provisional}"
    )


def _offered(offer: Offer, today: date, pack: Pack) -> str:
    state = f"The law on it: {state_of(offer.flag, today, pack)}."
    if offer.question is None:
        return (
            f"{offer.flag.label}: this kind of meeting does not ask about it. Note it as a step once offered. {state}"
        )
    if offer.decision is None:
        return f"{offer.flag.label}: nothing was decided about it in the meeting. {state}"
    option = offer.question.option(offer.decision.option)
    label = option.label if option else offer.decision.option
    more = "; ".join(
        part for part in (offer.decision.person, written(offer.decision.on), offer.decision.detail) if part
    )  # fmt: skip
    return f"{offer.flag.label}: {label}{f' ({more})' if more else ''}. {state}"


def _said(label: str, words: str) -> str:
    return f"{label}: {words}" if words else ""


def plan_label(work: Work, pack: Pack) -> str:
    """Return what the plan of this kind of work is called."""
    return pack.words("work", "recommendation" if work.kind is WorkKind.COURT else "plan")


def steps_label(work: Work, pack: Pack) -> str:
    """Return what the steps of this kind of work are called."""
    return pack.words("work", "evidence" if work.kind is WorkKind.COURT else "steps")


def step_line(step: WorkStep, now: datetime) -> str:
    """Return a step as one row: who does it by when, and whether it is done."""
    due = f"by {due_of(step.due)}" if step.due else ""
    state = f"done {moment(step.done_at)}" if step.done_at else diary.far_away(step.due, now) if step.due else "open"
    said = ", ".join(part for part in (step.owner or "nobody named", due, state) if part)
    return f"{step.position}. {step.text} ({said})"


def due_of(at: datetime) -> str:
    """Return when something is due; only the day where it is due by the end of one."""
    return weekday_day(at) if at == last_second(legal_day(at)) else f"{weekday_day(at)}, {clock(at)}"


def origins_of(work: Work, kind: MeetingType, pack: Pack) -> str:
    """Return where the rules come from that the work rests on: the question, its time limits and the law."""
    rules: list[Rule | None] = [kind.decision(work.decision.question_id)]
    rules += resting_on(work.decision, kind, pack)
    if work.kind is WorkKind.COURT:
        rules += [offer.flag for offer in offers(work.decision, kind, pack)]
    return "\n\n".join(f"{words_of(rule)}\n{origin(rule, pack)}" for rule in rules if rule is not None)


def plan_asked(work: Work, agencies: Sequence[Agency], pack: Pack) -> list[Asked]:
    """Return what is asked about how a piece of work is done."""
    # one that was named can be changed for another, and not taken away
    nobody = [] if work.agency else [(None, "Not named")]
    asked = [
        Asked("lead", "Who leads it"),
        Asked("agency", "Of which agency", Kind.CHOICE, choices=nobody + [(one.id, one.label) for one in agencies]),
        Asked("plan", plan_label(work, pack), Kind.WORDS),
        Asked("consent", "Who consents, or why nobody is asked", Kind.WORDS),
        Asked("due", "Day by which it is due", hint=_DAY_HINT),
        Asked("began", "Day on which it began"),
        Asked("hour", "Time at which it began", hint="For example 14:30."),
    ]
    if work.kind is not WorkKind.COURT:
        asked.insert(2, Asked("joint", "Social care and the police do it together", Kind.TICK))
    return asked


def plan_values(work: Work) -> dict[str, Any]:
    """Return what the form about the plan shows at first."""
    return {
        "lead": work.lead, "agency": work.agency.id if work.agency else None, "joint": work.joint, "plan": work.plan,
        "consent": work.consent, "due": written(work.due),
        "began": written(legal_day(work.started_at)) if work.started_at else "",
        "hour": clock(work.started_at) if work.started_at else "",
    }  # fmt: skip


def plan_facts(values: Mapping[str, Any], work: Work, today: date) -> dict[str, Any]:
    """Return a filled in plan as ``directing.plan_work`` takes it; raises ``Unclear``."""
    facts = {key: values[key] for key in ("lead", "agency", "joint", "plan", "consent") if key in values}
    facts["due"] = _day(values, "due", today)
    facts["started_at"] = _moment(values, "began", today)
    for key, before, now in (("due", work.due, facts["due"]), ("began", work.started_at, facts["started_at"])):
        if before is not None and now is None:
            raise Unclear(key, "A day that was set can be changed, and not taken away: write the right day.")
    return facts


def step_asked(work: Work) -> list[Asked]:
    """Return what is asked about a new step, or a piece of evidence."""
    court = work.kind is WorkKind.COURT
    return [
        Asked("text", "Evidence that is needed" if court else "What is to be done"),
        Asked("owner", "Who brings it" if court else "Who does it"),
        Asked("due", "Day by which it is due", hint=_DAY_HINT),
        Asked("hour", "Time, where it matters", hint="For example 14:30. Without one the whole day counts."),
    ]


def step_due(values: Mapping[str, Any], today: date) -> datetime | None:
    """Return when a new step is due, at the end of its day where no time is named; raises ``Unclear``."""
    if not values["due"].strip() and not values["hour"].strip():
        return None
    return last_second(_when(values, "due", today))


def end_asked(work: Work, pack: Pack) -> list[Asked]:
    """Return what is asked about the end of a piece of work."""
    return [
        Asked(
            "outcome", "What came of it", Kind.CHOICE,
            # nothing is chosen for whoever saves without looking
            choices=[("", "Not chosen yet"), *((name, pack.words("work", name)) for name in OUTCOMES[work.kind])],
        ),
        Asked("words", "In words", Kind.WORDS),
        Asked("day", "Day on which it ended", hint="Leave it empty if it ended just now."),
        Asked("hour", "Time at which it ended"),
    ]  # fmt: skip


def end_at(values: Mapping[str, Any], today: date) -> datetime | None:
    """Return when a piece of work ended, None for now; raises ``Unclear``."""
    return _moment(values, "day", today)


def _day(values: Mapping[str, Any], key: str, today: date) -> date | None:
    try:
        return read_day(values[key], today) if values[key].strip() else None
    except NoSuchDay as wrong:
        raise Unclear(key, str(wrong)) from None


def _moment(values: Mapping[str, Any], key: str, today: date) -> datetime | None:
    """Return a day with its time, both or neither: a time that nobody said is not invented."""
    if not values[key].strip() and not values["hour"].strip():
        return None
    at = _when(values, key, today)
    if not isinstance(at, datetime):
        raise Unclear("hour", "Write the time too, such as 14:30.")
    return at


def _when(values: Mapping[str, Any], key: str, today: date) -> date | datetime:
    try:
        read_hour(values["hour"])
    except NoSuchHour as wrong:
        raise Unclear("hour", str(wrong)) from None
    try:
        return read_when(values[key], values["hour"], today)
    except NoSuchDay as wrong:
        raise Unclear(key, str(wrong)) from None
