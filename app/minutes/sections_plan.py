"""The part of the minutes about the children's plans: as they stand, marked where interim, and what changed."""

from collections.abc import Iterator

from app.minutes.document import Block, Facts, Heading, Table, Text, TextRole
from app.minutes.sections import Material, lines, note
from app.models.case import Child
from app.models.plan import Outcome, Plan, Standing, Step
from app.practice import plans, words

_SIZES = {
    "dangers": (5, 5),
    "bottom_lines": (5, 5),
    "outcomes": (3, 1.9, 1.5, 1.9, 1.6, 2),
    "steps": (3.2, 1.8, 1.8, 1.6, 1.6, 2),
    "contingencies": (3, 4, 1.7, 1.5),
    "core_group": (4, 3, 3),
}
_SHORT = {"steps": ("text", "owner", "carrier", "due", "evidence", "outcome")}


def plan(m: Material) -> Iterator[Block]:
    """Yield each child's plan as the meeting leaves it, what changed in it and what came of it, if there is one."""
    shown = _shown(m)
    if shown:
        yield Heading(1, m.said("plan"))
    for child, found in shown:
        yield from _plan(m, child, found)


def interim(m: Material) -> bool:
    """Whether any plan that these minutes print is interim."""
    return any(_mark(m, found) for _, found in _shown(m))


def _shown(m: Material) -> list[tuple[Child, Plan]]:
    """Return the plans that were made, ended or looked at here, and those of a meeting that has to do with plans."""
    asked = any({"plan", "progress"} & set(item.shows) for item in m.meeting_type.agenda)
    told = {found.child.id for found in m.meeting.progress}
    stand = [(child, found) for child in m.meeting.children if (found := plans.at_end_of(m.meeting, child))]
    return [
        (child, found)
        for child, found in stand
        if found.meeting is m.meeting or child.id in told or (asked and found.standing is not Standing.ENDED)
    ]


def _mark(m: Material, found: Plan) -> str:
    """Return the mark of an interim plan, empty for any other; the pack's words where it was made without a quorum."""
    if plans.standing(found, m.pack) is not Standing.INTERIM:
        return ""
    kind = m.pack.meeting_type(found.meeting.type_id) if found.meeting else None
    decision = plans.decided(found.meeting, kind, found.child, "plan") if found.meeting and kind else None
    unsure = found.standing is Standing.INTERIM or (decision is not None and not decision.quorate)
    of_meeting = kind.quorum.if_inquorate.mark if kind and unsure else ""
    return ". ".join(part for part in (m.pack.words("plan", Standing.INTERIM).upper(), of_meeting) if part)


def _plan(m: Material, child: Child, found: Plan) -> Iterator[Block]:
    mark = _mark(m, found)
    title = f"{m.said('plan_of')} {m.child(child)}"
    yield Heading(2, f"{title}: {mark}" if mark else title)
    if mark:
        yield Text(m.said("plan_interim_why"), TextRole.WARNING)
    yield Facts(tuple(_facts(m, found)))
    for part, fields in plans.PARTS.items():
        yield from _part(m, found, part, _SHORT.get(part, fields), mark)
    yield from _changed(m, child, found, mark)
    yield from _progress(m, child, mark)


def _facts(m: Material, found: Plan) -> Iterator[tuple[str, str]]:
    yield m.said("plan_version"), f"{found.version}, {words.moment(found.made_at)}"
    for name in plans.FACTS:
        value = plans.said(found, found, name, m.pack)
        if value:
            yield m.pack.words("plan", name), value
    if found.earlier:
        yield m.said("plan_before"), words.number(found.earlier)


def _part(m: Material, found: Plan, part: str, fields: tuple[str, ...], mark: str) -> Iterator[Block]:
    entries = getattr(found, part)
    if not entries:
        return
    yield Heading(3, _marked(m.pack.words("plan", part), mark))
    header = [m.pack.words("plan", f"{part}.{name}") for name in fields]
    resting = {step.line for step in plans.resting_on(found)} if part == "steps" else set()
    rows: list[tuple[str, ...]] = []
    for entry in entries:
        cells = [plans.said(found, entry, name, m.pack) for name in fields]
        agency = getattr(entry, "agency", None) if part == "steps" else None
        if part == "steps":
            cells[1] = lines(cells[1], agency.label if agency else "")
            cells[2] = lines(cells[2], m.said("plan_resting") if entry.line in resting else "")
        rows.append(tuple(cells))
    # a table runs over pages, and its header is on each of them
    yield Table((_marked(header[0], mark), *header[1:]), tuple(rows), _SIZES[part])


def _marked(text: str, mark: str) -> str:
    return f"{text} ({mark})" if mark else text


def _changed(m: Material, child: Child, found: Plan, mark: str) -> Iterator[Block]:
    before = plans.before(m.meeting, child)
    if before is None or before.standing is Standing.ENDED:
        yield from note(m.said("plan_first"))
    elif before is found:
        yield from note(f"{m.said('plan_same')} {words.day(found.made_at)}.")
    else:
        rows = tuple(_change_row(m, change) for change in plans.changes(before, found, m.pack))
        yield Heading(3, m.said("plan_changed"))
        header = tuple(m.said(key) for key in ("plan_what", "plan_was", "plan_now"))
        yield Table((_marked(header[0], mark), *header[1:]), rows, (3, 3.5, 3.5))


def _change_row(m: Material, change: plans.Change) -> tuple[str, ...]:
    name = ".".join(part for part in (change.part, change.field) if part)
    about = change.about if change.field and change.about not in (change.was, change.now) else ""
    return lines(m.pack.words("plan", name), about), change.was or "-", change.now or "-"


def _progress(m: Material, child: Child, mark: str) -> Iterator[Block]:
    told = plans.progress_of(m.meeting, child)
    missing = plans.unanswered(m.meeting, child) if m.meeting.progress else []
    rows = [
        (_line(m, entry), m.pack.words("plan", found.done), lines(found.change, found.evidence))
        for entry, found in told
    ]
    rows += [(_line(m, entry), m.said("plan_not_told"), "") for entry in missing]
    if rows:
        yield Heading(3, _marked(m.said("plan_progress"), mark))
        header = tuple(m.said(key) for key in ("plan_what", "gap_state", "plan_change"))
        yield Table(header, tuple(rows), (4, 1.6, 4.4))


def _line(m: Material, entry: Outcome | Step) -> str:
    part = "outcomes.text" if isinstance(entry, Outcome) else "steps.text"
    return lines(m.pack.words("plan", part), entry.text)
