"""The first page of the minutes: what was decided, who disagreed, who does what, and which dates follow."""

from collections.abc import Iterator, Sequence

from app.minutes.document import Block, Facts, Table, Text, TextRole
from app.minutes.sections import Material, beside
from app.minutes.sections_local import looser_rules
from app.minutes.sections_outcome import (
    actions,
    asked,
    decided_for_all,
    decisions_for,
    dissent_about,
    dissent_counts,
    dissents_in_order,
    due_rows,
    outcome,
    questions_of,
)
from app.models.case import Child
from app.practice import words
from app.practice.closing import needed_decisions

_COLUMNS = 3


def summary(m: Material) -> Iterator[Block]:
    """Yield what is read first; a short meeting fits it on one page."""
    if not m.final:
        yield Text(m.said("draft_warning"), TextRole.WARNING)
    yield from looser_rules(m)
    yield Facts(tuple(_facts(m)))
    yield from _decided(m)
    abouts = [
        (beside(m.pack.words("dissent_kind", d.kind), m.who(d.dissenter)), dissent_about(m, d))
        for d in dissents_in_order(m)
    ]
    if abouts:
        yield Table((m.said("summary_dissent"), m.said("dissent_about")), tuple(abouts), (5, 5))
    yield from actions(m)
    due = [beside(when, what) for what, when, _ in due_rows(m)]
    yield Facts(((m.said("dates"), "\n".join(due) or m.said("no_dates")),))


def _facts(m: Material) -> Iterator[tuple[str, str]]:
    meeting = m.meeting
    started = meeting.started_at
    ended = f" {m.said('to')} {m.when(meeting.concluded_at)}" if meeting.concluded_at else ""
    held = f"{words.weekday_day(started)}, {words.clock(started)}{ended}" if started else m.said("not_started")
    yield m.said("held"), f"{held}. {m.pack.words('methods', meeting.method)}."
    yield m.said("summary_children"), words.listed([child.name for child in meeting.children])
    agencies = dict.fromkeys(a.agency.label for a in meeting.attendances if a.came and a.agency)
    yield m.said("summary_present"), words.listed(list(agencies)) or m.said("nobody")
    if started and not m.spells:
        rule = m.meeting_type.quorum
        yield m.said("quorum"), m.said("quorate_throughout") if rule.needed else rule.label
    yield m.said("dissent"), dissent_counts(m)
    if meeting.clearances:
        yield m.said("left_open"), m.labelled("open_count", str(len(meeting.clearances)))


def _decided(m: Material) -> Iterator[Block]:
    questions = questions_of(m)
    strays = dict.fromkeys(d.question_id for d in m.meeting.decisions if not m.meeting_type.decision(d.question_id))
    ids = [*(question.id for question in questions), *strays]
    if not ids:
        yield Text(m.said("no_decision"))
    whole = decided_for_all(m)
    if whole:
        yield Facts(tuple((asked(m, question_id), outcome(m, one)) for question_id, one in whole.items()))
        ids = [question_id for question_id in ids if question_id not in whole]
    children = m.meeting.children
    for begin in range(0, len(children) if ids else 0, _COLUMNS):
        yield _matrix(m, ids, children[begin : begin + _COLUMNS])


def _matrix(m: Material, ids: list[str], children: Sequence[Child]) -> Table:
    cells = {
        (child.id, question.id): m.said("no_decision")
        for child in children
        for question in needed_decisions(m.meeting, m.meeting_type, child)
    }
    cells |= {(d.child.id, d.question_id): outcome(m, d) for child in children for d in decisions_for(m, child)}
    rows = tuple(
        (asked(m, question_id), *(cells.get((child.id, question_id), m.said("not_decided")) for child in children))
        for question_id in ids
    )
    widths = (7 - len(children), *((3 + len(children)) / len(children) for _ in children))
    return Table((m.said("summary_decisions"), *(m.child(child) for child in children)), rows, widths)
