"""The part of the minutes about the work that the decisions set going, and the law that some of them rest on."""

from collections.abc import Iterator

from app.minutes.document import Block, Facts, Heading, Table
from app.minutes.sections import Material, beside, lines, owner_of
from app.models.case import Child
from app.models.work import Work, WorkKind, WorkStep
from app.practice import words
from app.practice.directing import flags_of, state_of, works_of


def work(m: Material) -> Iterator[Block]:
    """Yield each piece of work with its plan and what came of it, and the state of the law it rests on."""
    found = works_of(m.meeting)
    flags = flags_of(m.meeting, m.meeting_type, m.pack)
    if not found and not flags:
        return
    yield Heading(1, m.said("work"))
    if found:
        children = {work.id: decision.child for decision in m.meeting.decisions for work in decision.works}
        header = tuple(m.said(key) for key in ("work_what", "work_how", "work_came"))
        yield Table(header, tuple(_row(m, one, children[one.id]) for one in found), (2.4, 5, 2.6))
    if flags:
        day = words.legal_day(m.meeting.started_at or m.meeting.planned_at)
        yield Heading(2, m.said("work_law"))
        yield Facts(tuple((flag.label, lines(state_of(flag, day, m.pack), flag.law)) for flag in flags))


def _row(m: Material, one: Work, child: Child) -> tuple[str, ...]:
    what = m.pack.words("work", one.kind)
    return lines(what, m.child(child)), lines(*_how(m, one)), lines(*_came(m, one))


def _how(m: Material, one: Work) -> Iterator[str]:
    led = owner_of(one.agency, one.lead)
    yield m.labelled("work_lead", led) if led else m.said("work_no_lead")
    if one.joint:
        yield m.said("work_joint")
    court = one.kind is WorkKind.COURT
    if one.plan:
        yield beside(m.pack.words("work", "recommendation" if court else "plan"), one.plan)
    if one.consent:
        yield m.labelled("work_consent", one.consent)
    if one.due:
        yield m.labelled("work_due", words.weekday_day(one.due))
    if one.steps:
        yield f"{m.pack.words('work', 'evidence' if court else 'steps')}:"
        yield from (_step(m, step) for step in one.steps)


def _step(m: Material, step: WorkStep) -> str:
    parts = [step.text, step.owner, m.labelled("work_due", words.moment(step.due)) if step.due else ""]
    parts.append(m.labelled("work_done", words.moment(step.done_at)) if step.done_at else "")
    return f"{step.position}. {'; '.join(part for part in parts if part)}"


def _came(m: Material, one: Work) -> Iterator[str]:
    if one.started_at:
        yield m.labelled("work_began", words.moment(one.started_at))
    if one.ended_at is None:
        yield m.said("work_under_way")
        return
    yield m.pack.words("work", one.outcome)
    yield one.outcome_words
    yield m.labelled("work_ended", words.moment(one.ended_at))
