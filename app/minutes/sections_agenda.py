"""The part of the minutes that follows the agenda: what was asked, answered and said, and what nobody knows."""

from collections.abc import Iterator

from app.minutes.document import Block, Facts, Heading, Table, Text, TextRole
from app.minutes.sections import Entry, Material, beside, due_day, lines, note, owner_of
from app.models.gap import Gap
from app.models.statement import Statement
from app.practice import words
from app.practice.agenda import asked_of
from app.practice.hearing import unheard
from app.practice.questions import AgendaItem, Prompt


def discussion(m: Material) -> Iterator[Block]:
    """Yield the agenda item by item, then the questions without an answer and the items that nobody opened."""
    yield Heading(1, m.said("agenda"))
    untouched: list[str] = []
    empty: list[str] = []
    unanswered: list[str] = []
    for number, item in enumerate(m.items, 1):
        name = f"{number}. {item.title}"
        stays = _stays(m, item)
        if _has_entries(m, item):
            yield from _item(m, name, item)
        elif stays:
            empty.append(" ".join((beside(name, f"{'; '.join(stays)}."), *_silent(m, item))))
        else:
            untouched.append(name)
        missing = " ".join(_unanswered(m, item)) if name not in untouched else ""
        unanswered += [beside(name, missing)] if missing else []
    if empty:
        yield Heading(2, m.said("no_entries"))
        yield from note(lines(*empty))
    if unanswered:
        yield Heading(2, m.said("not_answered"))
        yield from note(lines(*unanswered))
    if untouched:
        yield Heading(2, m.said("not_opened"))
        yield from note("; ".join(untouched))


def _stays(m: Material, item: AgendaItem) -> list[str]:
    """Return each stretch of time the meeting was on an item."""
    visits = [v for v in m.meeting.visits if v.item_id == item.id]
    until = m.until
    ends = [v.left_at or until or v.opened_at for v in visits]
    return [f"{m.when(v.opened_at)} {m.said('to')} {m.when(end)}" for v, end in zip(visits, ends, strict=True)]


def _silent(m: Material, item: AgendaItem) -> list[str]:
    """Return the sentence that names the agencies that said nothing on an item that hears each of them."""
    silent = [agency.label for agency in unheard(m.meeting, item, m.pack)]
    return [f"{m.labelled('unheard', words.listed(silent))}."] if silent else []


def _has_entries(m: Material, item: AgendaItem) -> bool:
    meeting = m.meeting
    entries: list[Entry] = [*meeting.statements, *meeting.gaps, *meeting.answers]
    answered = any(prompt.id in m.answers for prompt in item.prompts)
    return answered or any(entry.item_id == item.id for entry in entries)


def _item(m: Material, name: str, item: AgendaItem) -> Iterator[Block]:
    yield Heading(2, name)
    answered, expected = _count(m, item)
    counted = f"{m.labelled('answered', words.number(answered))} {m.said('of')} {words.number(expected)}."
    yield from note(
        " ".join((*(f"{stay}." for stay in _stays(m, item)), item.purpose, counted if expected else "")).strip()
    )
    yield from _answers(m, item)
    statements = m.statements_of(item)
    if statements:
        header = tuple(m.said(key) for key in ("no", "who", "statement"))
        restricted = tuple(place for place, s in enumerate(statements) if s.restricted)
        yield Table(header, tuple(_statement_row(m, s) for s in statements), (0.9, 2.9, 6.2), restricted)
    yield from note(lines(*_silent(m, item)))
    found = [gap_name(m, gap) for gap in m.gaps_in_order() if gap.item_id == item.id]
    yield from note(m.labelled("gaps_here", ", ".join(found)) if found else "")


def _count(m: Material, item: AgendaItem) -> tuple[int, int]:
    """Return how many questions were answered, of how many that are always asked or were answered."""
    answered = sum(prompt.id in m.answers for prompt in item.prompts)
    return answered, answered + len(_unanswered(m, item))


def _unanswered(m: Material, item: AgendaItem) -> list[str]:
    """Return the questions without an answer, but for those that only some circumstance brings up."""
    asked = (prompt for prompt in item.prompts if not prompt.when and asked_of(m.meeting, prompt))
    return [prompt.text for prompt in asked if prompt.id not in m.answers]


def _answers(m: Material, item: AgendaItem) -> Iterator[Block]:
    rows = [(prompt.text, _answered(m, prompt)) for prompt in item.prompts if prompt.id in m.answers]
    strays = [a for a in m.meeting.answers if a.item_id == item.id and m.meeting_type.prompt(a.prompt_id) is None]
    rows += [(stray.prompt_id, stray.text) for stray in strays]
    if rows and item.confidential:
        header = (m.said("question"), m.said("statement"))
        yield Table(header, tuple(rows), (4, 6), tuple(range(len(rows))))
    elif rows:
        yield Facts(tuple(rows))


def _answered(m: Material, prompt: Prompt) -> str:
    """Return the answers to a prompt, child by child, with the children for whom there is none; empty for no answer."""
    found = m.answers.get(prompt.id, [])
    by_child = prompt.per_child or any(answer.child for answer in found)
    given = [beside(m.child(answer.child), answer.text) if by_child else answer.text for answer in found]
    if given and prompt.per_child and not any(answer.child is None for answer in found):
        asked = asked_of(m.meeting, prompt)
        missing = [m.child(child) for child in asked if all(answer.child is not child for answer in found)]
        given += [m.labelled("not_answered_for", words.listed(missing))] if missing else []
    return "\n".join(given)


def _statement_row(m: Material, s: Statement) -> tuple[str, ...]:
    about = m.child(s.child) if len(m.meeting.children) > 1 else ""
    return (
        lines(str(m.statements[s.id]), m.when(s.said_at)),
        lines(m.who(s.speaker), ", ".join(part for part in (m.pack.words("kind", s.kind), about) if part)),
        lines(
            m.said("restricted").upper() if s.restricted else "",
            s.text,
            m.labelled("source", s.source) if s.source else "",
        ),
    )


def gap_name(m: Material, gap: Gap) -> str:
    """Return what a gap is called in these minutes, such as "G2"."""
    return f"{m.said('gap_sign')}{m.gaps[gap.id]}"


def gaps(m: Material) -> Iterator[Block]:
    """Yield what is not known: whether it was asked, of whom, by when, and what came of it."""
    yield Heading(1, m.said("gaps"))
    if not m.meeting.gaps:
        yield Text(m.said("no_gaps"))
        return
    header = tuple(m.said(key) for key in ("no", "gap_question", "gap_state", "gap_owner"))
    yield Table(header, tuple(_gap_row(m, gap) for gap in m.gaps_in_order()), (0.7, 4.6, 1.6, 3))
    unowned = [gap_name(m, gap) for gap in m.gaps_in_order() if not gap.owned]
    if unowned:
        yield Text(m.labelled("gaps_unowned", ", ".join(unowned)), TextRole.WARNING)


def _gap_row(m: Material, gap: Gap) -> tuple[str, ...]:
    about = m.labelled("about", m.child(gap.child)) if len(m.meeting.children) > 1 else ""
    return (
        gap_name(m, gap),
        lines(gap.question, about, m.labelled("gap_answer", gap.answer) if gap.answer else ""),
        m.pack.words("gap", gap.state),
        lines(owner_of(gap.agency, gap.owner) or m.said("nobody"), due_day(gap.due) or m.said("no_date")),
    )
