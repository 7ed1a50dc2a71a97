"""The parts of the minutes about what came out: views, decisions, dissents, actions, what was left open, and dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.minutes.document import Block, Facts, Heading, Table, Text, TextRole
from app.minutes.sections import Material, beside, due_day, lines, note, owner_of
from app.models.case import Child
from app.models.deadline import Deadline
from app.models.decision import Decision
from app.models.dissent import Dissent, DissentKind
from app.models.view import View
from app.practice import words
from app.practice.closing import needed_decisions
from app.practice.dates import DueDate, dates_following, moved_before
from app.practice.hearing import latest, missing_views, tally
from app.practice.limits import Due
from app.practice.questions import DecisionQuestion, ViewQuestion


def views(m: Material) -> Iterator[Block]:
    """Yield each agency's position and reasons, question by question and child by child, with earlier rounds."""
    yield Heading(1, m.said("views"))
    known = {question.id for question in m.meeting_type.views}
    strays = dict.fromkeys(view.question_id for view in m.meeting.views if view.question_id not in known)
    if not m.meeting.views and not m.meeting_type.views:
        yield Text(m.said("no_views"))
    for question in m.meeting_type.views:
        yield Text(question.question)
        for child in m.meeting.children:
            yield Heading(2, m.child(child))
            yield from _views_on(m, question, child)
    for stray in strays:
        yield Heading(2, stray)
        rows = (_view_row(m, view, None) for view in m.meeting.views if view.question_id == stray)
        yield _view_table(m, tuple(rows))


def _views_on(m: Material, question: ViewQuestion, child: Child) -> Iterator[Block]:
    given = [v for v in m.meeting.views if v.question_id == question.id and v.child is child]
    last = {view.id for view in latest(given)}
    current = [_view_row(m, view, question) for view in given if view.id in last]
    missing = missing_views(m.meeting, m.meeting_type, m.pack)
    absent = [x.agency.label for x in missing if x.question.id == question.id and x.child is child]
    rows = [*current, *((label, m.said("no_view"), "", "") for label in absent)]
    if rows:
        yield _view_table(m, tuple(rows))
    yield Text(tally_line(m, question, child))
    earlier = sorted((v for v in given if v.id not in last), key=lambda v: (v.given_at, v.id))
    if earlier:
        yield Heading(3, m.said("earlier_views"))
        yield _view_table(m, tuple(_view_row(m, view, question, round_shown=True) for view in earlier))


def _view_table(m: Material, rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(
        tuple(m.said(key) for key in ("agency", "position", "reasons", "would_change")), rows, (2.7, 1.3, 4, 3)
    )


def _view_row(m: Material, view: View, question: ViewQuestion | None, *, round_shown: bool = False) -> tuple[str, ...]:
    option = question.option(view.option) if question else None
    return (
        lines(
            view.agency.label,
            ", ".join(part for part in (view.speaker.name if view.speaker else "", m.when(view.given_at)) if part),
            m.labelled("round", str(view.round)) if round_shown else "",
        ),
        option.label if option else view.option,
        view.reason,
        view.would_change,
    )


def tally_line(m: Material, question: ViewQuestion, child: Child) -> str:
    """Return how the last views fall, marked as advisory."""
    count = tally(m.meeting, question, child, m.pack)
    return beside(m.pack.words("opening", "tally"), count.words)


@dataclass(frozen=True)
class Company:
    """Those who were present at some of the decisions, with the number by which the decisions name them."""

    number: int
    names: str


def companies(m: Material) -> dict[str, Company]:
    """Return each different set of people present at a decision, by the id of the decision."""
    numbers: dict[str, int] = {}
    found: dict[str, Company] = {}
    for decision in sorted(m.meeting.decisions, key=lambda d: (d.decided_at, d.id)):
        people = sorted((w.attendance for w in decision.witnesses), key=lambda a: a.position)
        names = "; ".join(m.who(a) for a in people) or m.said("nobody")
        number = numbers.setdefault(names, len(numbers) + 1)
        found[str(decision.id)] = Company(number, names)
    return found


def decisions(m: Material) -> Iterator[Block]:
    """Yield what was decided for each child, why, on which statements, and who was there."""
    yield Heading(1, m.said("decisions"))
    whole = decided_for_all(m)
    yield Text(m.said("chair_decides_all" if whole else "chair_decides"))
    present = companies(m)
    sets = {company.number: company.names for company in present.values()}
    if len(sets) == 1:
        yield Text(m.labelled("decided_before", sets[1]))
    elif sets:
        yield Facts(tuple((f"{m.said('present_sign')}{number}", names) for number, names in sorted(sets.items())))
    header = tuple(m.said(key) for key in ("question", "decision", "reasons"))
    numbers = {d.id: present[str(d.id)].number if len(sets) > 1 else 0 for d in m.meeting.decisions}
    if whole:
        yield Heading(2, m.said("all_children"))
        yield Table(header, tuple(_decision_row(m, d, numbers[d.id]) for d in whole.values()), (2.8, 2.4, 4.8))
    for child in m.meeting.children:
        yield Heading(2, m.child(child))
        made = [d for d in decisions_for(m, child) if d.question_id not in whole]
        rows = [_decision_row(m, d, numbers[d.id]) for d in made]
        needed = needed_decisions(m.meeting, m.meeting_type, child)
        rows += [(question.question, m.said("no_decision"), "") for question in needed]
        if rows:
            yield Table(header, tuple(rows), (2.8, 2.4, 4.8))
        else:
            yield Text(m.said("no_decision"))
        left = {d.question_id for d in made} | {question.id for question in needed} | whole.keys()
        others = [question.question for question in m.meeting_type.decisions if question.id not in left]
        yield from note(m.labelled("not_decided", " ".join(others)) if others else "")


def decided_for_all(m: Material) -> dict[str, Decision]:
    """Return by its question what was decided once for several children, and holds for every child there is."""
    children = m.meeting.children
    found: dict[str, Decision] = {}
    for question in m.meeting_type.decisions:
        made = [d for d in m.meeting.decisions if d.question_id == question.id]
        if not question.per_child and 1 < len(children) == len(made) and len({d.decided_at for d in made}) == 1:
            found[question.id] = made[0]
    return found


def decisions_for(m: Material, child: Child) -> list[Decision]:
    """Return what was decided for a child, in the order of the meeting type's questions."""
    places = {question.id: place for place, question in enumerate(m.meeting_type.decisions)}
    made = [decision for decision in m.meeting.decisions if decision.child is child]
    return sorted(made, key=lambda d: (places.get(d.question_id, len(places)), d.decided_at))


def outcome(m: Material, decision: Decision) -> str:
    """Return the chosen option with the date and the person it needs, marked where it is only provisional."""
    question = m.meeting_type.decision(decision.question_id)
    option = question.option(decision.option) if question else None
    return lines(
        option.label if option else decision.option,
        words.weekday_day(decision.on) if decision.on else "",
        decision.person,
        m.labelled("as_for", m.child(decision.likeness.child)) if decision.likeness else "",
        "" if decision.quorate else m.meeting_type.quorum.if_inquorate.mark,
    )


def asked(m: Material, question_id: str) -> str:
    """Return the words of a question that is decided."""
    question = m.meeting_type.decision(question_id)
    return question.question if question else question_id


def _decision_row(m: Material, decision: Decision, company: int) -> tuple[str, ...]:
    numbers = sorted(m.statements[ground.statement.id] for ground in decision.grounds)
    rests = ", ".join(map(str, numbers)) or m.said("no_grounds")
    group = [f"{m.said('present_sign')}{company}"] if company else []
    questions = [q for q in m.meeting_type.views if q.decision == decision.question_id]
    return (
        asked(m, decision.question_id),
        outcome(m, decision),
        lines(
            decision.detail,
            decision.reason,
            m.labelled("differs", decision.likeness.differs) if decision.likeness else "",
            *(tally_line(m, question, decision.child) for question in questions),
            m.labelled("departure", decision.departure) if decision.departure else "",
            decision.quorum_note,
            ". ".join((m.labelled("grounds", rests), m.labelled("decided_at", m.when(decision.decided_at)), *group)),
        ),
    )


def dissent_counts(m: Material) -> str:
    """Return how many dissents and reservations there are, in one line."""
    kinds = [dissent.kind for dissent in m.meeting.dissents]
    if not kinds:
        return m.said("no_dissent")
    formal = kinds.count(DissentKind.DISSENT)
    return f"{m.labelled('dissents', str(formal))}. {m.labelled('reservations', str(len(kinds) - formal))}."


def dissents_in_order(m: Material) -> list[Dissent]:
    """Return the dissents, then the reservations, each in the order in which they were raised."""
    return sorted(m.meeting.dissents, key=lambda d: (d.kind is not DissentKind.DISSENT, d.raised_at, d.id))


def dissent_about(m: Material, dissent: Dissent) -> str:
    """Return the question a dissent is about, and for which child."""
    question = m.meeting_type.decision(dissent.question_id)
    what = question.question if question else m.said(dissent.question_id)
    return f"{what} ({m.child(dissent.child)})"


def dissents(m: Material) -> Iterator[Block]:
    """Yield each dissent and reservation in the person's own words."""
    yield Heading(1, m.said("dissent"))
    yield Text(dissent_counts(m))
    for d in dissents_in_order(m):
        yield Heading(2, beside(m.pack.words("dissent_kind", d.kind), m.who(d.dissenter)), whole=str(d.id))
        yield Text(d.words, TextRole.QUOTE)
        decided = [x for x in m.meeting.decisions if x.question_id == d.question_id and d.child in (None, x.child)]
        rows = [
            ("role", m.role(d.dissenter)),
            ("dissent_about", dissent_about(m, d)),
            ("was_decided", "\n".join(beside(m.child(x.child), outcome(m, x)) for x in decided)),
            ("preferred", d.preferred),
            ("risk", d.risk),
            ("raised", m.when(d.raised_at)),
            ("read_back", m.when(d.read_back_at) if d.read_back_at else m.said("not_read_back")),
        ]
        yield Facts(tuple((m.said(key), value) for key, value in rows if value))


def actions(m: Material) -> Iterator[Block]:
    """Yield who does what by when."""
    if not m.meeting.actions:
        yield Text(m.said("no_actions"))
        return
    header = tuple(m.said(key) for key in ("no", "actions", "owner", "by_when"))
    ordered = sorted(m.meeting.actions, key=lambda a: (a.agreed_at, a.id))
    several = len(m.meeting.children) > 1
    rows = tuple(
        (
            str(number),
            lines(action.text, m.labelled("about", m.child(action.child)) if several else ""),
            owner_of(action.agency, action.owner) or m.said("nobody"),
            m.said("done") if action.done_at else due_day(action.due) or m.said("no_date"),
        )
        for number, action in enumerate(ordered, 1)
    )
    yield Table(header, rows, (0.7, 4.9, 2.6, 2.2))


def left_open(m: Material) -> Iterator[Block]:
    """Yield what the rules still asked for when the meeting was concluded, with the chair's reasons."""
    yield Heading(1, m.said("left_open"))
    if m.meeting.concluded_at is None:
        yield Text(m.said("not_ended"))
    elif not m.meeting.clearances:
        yield Text(m.said("nothing_open"))
    else:
        rows = tuple((reason.sentence, reason.reason, m.when(reason.given_at)) for reason in m.meeting.clearances)
        yield Table(tuple(m.said(key) for key in ("open_thing", "open_reason", "time")), rows, (4.4, 4.4, 1.2))


@dataclass(frozen=True)
class Dates:
    """The dates the meeting sets running, and the limits whose date cannot be said, each with the sentence why."""

    due: tuple[DueDate, ...]
    unknown: tuple[tuple[str, str], ...]


def dates_of(m: Material) -> Dates:
    """Return the dates that follow from the pack's time limits."""
    found, unknown = dates_following(m.meeting, m.meeting_type, m.pack, m.calendar)
    in_order = sorted(found, key=lambda one: words.legal_day(one.due.at))
    return Dates(tuple(in_order), tuple((limit.label, why) for limit, why in unknown))


def due_words(found: DueDate) -> str:
    """Return when something is due, as it is said."""
    at = found.due.at
    return f"{words.weekday_day(at)}, {words.clock(at)}" if isinstance(at, datetime) else words.weekday_day(at)


def due_rows(m: Material) -> list[tuple[str, str, str]]:
    """Return what is due, when and why; a date that is the same for several children stands once."""
    grouped: dict[tuple[str, Due], list[DueDate]] = {}
    for found in dates_of(m).due:
        grouped.setdefault((found.limit.id, found.due), []).append(found)
    return [
        (_for_children(m, group[0].limit.label, [one.child for one in group]), due_words(group[0]), _why(m, group[0]))
        for group in grouped.values()
    ]


def _for_children(m: Material, what: str, children: Sequence[Child | None]) -> str:
    names = words.listed([m.child(child) for child in children if child])
    return f"{what} ({names})" if names else what


def _decided_rows(m: Material) -> list[tuple[str, str, str]]:
    grouped: dict[tuple[str, date], list[Child]] = {}
    for child in m.meeting.children:
        for decision in decisions_for(m, child):
            if decision.on:
                grouped.setdefault((decision.question_id, decision.on), []).append(child)
    return [
        (_for_children(m, asked(m, question_id), children), words.weekday_day(on), m.said("set_by_chair"))
        for (question_id, on), children in grouped.items()
    ]


def dates(m: Material) -> Iterator[Block]:
    """Yield each date the meeting sets running with its explanation, and each date the chair set."""
    yield Heading(1, m.said("dates"))
    rows = [*due_rows(m), *_decided_rows(m)]
    rows += [(label, m.said("no_date"), why) for label, why in dates_of(m).unknown]
    if rows:
        yield Table(tuple(m.said(key) for key in ("date_what", "date_when", "date_why")), tuple(rows), (2.7, 2.5, 4.8))
    else:
        yield Text(m.said("no_dates"))
    if moved := moved_before(m.meeting):
        yield Heading(2, m.said("dates_moved"))
        told = tuple((_for_children(m, one.label, _concerned(one)), change.why) for one, change in moved)
        yield Table(tuple(m.said(key) for key in ("date_what", "date_why")), told, (3, 7))


def _concerned(deadline: Deadline) -> list[Child]:
    return [deadline.child] if deadline.child else []


def _why(m: Material, found: DueDate) -> str:
    rule = f"{m.said(f'authority.{found.limit.authority}')}: {', '.join(found.limit.source)}."
    return lines(found.due.because, rule)


def questions_of(m: Material) -> list[DecisionQuestion]:
    """Return the questions that were decided for some child, or had to be, in the order of the meeting type."""
    made = {decision.question_id for decision in m.meeting.decisions}
    needed = {q.id for child in m.meeting.children for q in needed_decisions(m.meeting, m.meeting_type, child)}
    return [question for question in m.meeting_type.decisions if question.id in made | needed]
