"""The dates of a case: set by meetings and events, counted again when something changes, kept, and let go.

Nothing moves silently: each change of a date leaves a ``Recalculation`` with the old date, the new one and why.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.base import Act
from app.models.case import Case, Child
from app.models.conduct import QuorumAnswer, WithoutQuorum
from app.models.deadline import Deadline, Recalculation
from app.models.event import Event, EventKind
from app.models.meeting import Meeting, State, Subject
from app.models.plan import Plan, Standing
from app.practice.catalogue import Sooner, TimeLimit
from app.practice.dates import DueDate, asked_before, dates_of_event, dates_set, ended_inquorate
from app.practice.forecast import Missed, Planned, because_of, moved, planned_in, when_said, will_miss
from app.practice.limits import Due
from app.practice.words import legal_day
from app.services.meetings import AT_THE_TABLE, whole
from app.services.sitting import Sitting, case_of

_LOADED = (
    selectinload(Deadline.child),
    selectinload(Deadline.meeting),
    selectinload(Deadline.event),
    selectinload(Deadline.recalculations),
)


def set_by_meeting(session: Session, sitting: Sitting, meeting: Meeting, act: Act) -> None:
    """Set the dates that a concluded meeting sets running, and note which earlier ones it kept or counts anew.

    A date beyond the years known is left out: the minutes name it, with the reason.
    """
    _note_kept(session, sitting, meeting.case_id)
    standing = open_dates(session, meeting.case_id)
    pack, meeting_type = sitting.pack_of(meeting), sitting.type_of(meeting)
    known, _unknown = dates_set(
        meeting, meeting_type, pack, sitting.calendar_of(pack),
        events=events_of(session, meeting.case_id), running=running(standing),
    )  # fmt: skip
    for found in known:
        same = [one for one in standing if _is_same_clock(found, one)]
        if asked_before(found.limit, meeting_type) or any(one.due_at == found.due.ends for one in same):
            continue
        _add(session, meeting.case, found, act, sitting.calendar_of(pack).version, meeting=meeting)
        why = f"it was counted anew from the meeting {meeting.reference}"
        for one in same:
            says = moved(_due_of(one), found.due, why)
            _recalculate(session, one, found.due.ends, says, act)
            one.met_at = act.at
    _note_kept(session, sitting, meeting.case_id)


def counted_again(session: Session, sitting: Sitting, case_id: UUID, event: Event, act: Act) -> None:
    """Set the dates that an event sets running by itself, and count those again that rest on it."""
    # first of all: a meeting that is loaded without its record is not loaded again with it
    resting = _meetings_that_set(session, sitting, case_id, event)
    standing = open_dates(session, case_id)
    _end_visits(standing, event)
    for meeting in resting:
        _count_again(session, sitting, meeting, standing, event, act)
    _set_alone(session, sitting, case_id, event, act)
    if event.kind is EventKind.DIED:
        for one in open_dates(session, case_id):
            if one.child_id is not None and event.child_id in (None, one.child_id):
                let_go(session, one, because_of(event), act)
    _note_kept(session, sitting, case_id)


def let_go(session: Session, deadline: Deadline, why: str, act: Act) -> None:
    """Note that a date need not be kept any more; ``why`` stands after "because"."""
    says = f"It was due by {when_said(day_or_moment(deadline))} and no longer is, because {why}."
    _recalculate(session, deadline, deadline.due_at, says, act)
    deadline.met_at = act.at


def open_dates(session: Session, case_id: UUID) -> list[Deadline]:
    """Return the dates of a case that are still to be kept, with what set them, the soonest first."""
    mine = select(Deadline).where(Deadline.case_id == case_id, Deadline.met_at.is_(None))
    return list(session.scalars(mine.options(*_LOADED).order_by(Deadline.due_at, Deadline.id)))


def events_of(session: Session, case_id: UUID) -> Sequence[Event]:
    """Return the significant events of a case with their children, in order of time."""
    mine = select(Event).where(Event.case_id == case_id).order_by(Event.happened_at, Event.id)
    return session.scalars(mine.options(selectinload(Event.child))).all()


def running(standing: Iterable[Deadline]) -> set[tuple[str, UUID]]:
    """Return the clocks that run for a child, by the ids of limit and child."""
    return {(one.limit_id, one.child_id) for one in standing if one.child_id is not None}


def will_be_missed(sitting: Sitting, meeting: Meeting, resumes: date | datetime | None = None) -> list[Missed]:
    """Return each date that will not be kept as things are planned, of this meeting's children, and what can be done.

    ``meeting`` is one with everything recorded in it. What counts is what it decided on and which meetings are
    prepared; ``resumes`` is when it goes on, where it is about to be adjourned. Dates of earlier meetings that are past
    already are not told again.
    """
    now = sitting.now()
    pack, meeting_type = sitting.pack_of(meeting), sitting.type_of(meeting)
    with sitting.store.read() as session:
        standing = open_dates(session, meeting.case_id)
        ours, _unknown = dates_set(
            meeting, meeting_type, pack, sitting.calendar_of(pack),
            events=events_of(session, meeting.case_id), running=running(standing), ends=now,
        )  # fmt: skip
        planned = [plan for _, plan in planned_in(meeting, meeting_type)]
        planned += _prepared(session, sitting, meeting)
    children = {child.id for child in meeting.children}
    others = [
        DueDate(limit, one.child, _due_of(one))
        for one in standing
        if one.meeting_id != meeting.id
        and one.due_at >= now
        and (one.child_id is None or one.child_id in children)
        and one.limit_id not in meeting_type.answers
        and (limit := pack.time_limit(one.limit_id)) is not None
    ]
    ours = [one for one in ours if not asked_before(one.limit, meeting_type)]
    return will_miss([*ours, *others], planned, now, resumes=resumes)


def _prepared(session: Session, sitting: Sitting, meeting: Meeting) -> list[Planned]:
    """Return when what limits ask for is planned by meetings of the case that are prepared."""
    rows = session.scalars(
        select(Meeting)
        .where(Meeting.case_id == meeting.case_id, Meeting.state == State.PREPARED, Meeting.id != meeting.id)
        .options(selectinload(Meeting.subjects).selectinload(Subject.child))
    )
    return [
        Planned(limit_id, other.planned_at, child)
        for other in rows
        for limit_id in sitting.type_of(other).answers
        for child in other.children
    ]


def _is_same_clock(found: DueDate, one: Deadline) -> bool:
    """Return whether an open date is the same clock, started before: what one meeting or decision asks is its own."""
    if found.child is None or found.limit.starts in ("decision", "meeting-concluded"):
        return False
    return (one.limit_id, one.child_id) == (found.limit.id, found.child.id)


def _add(
    session: Session,
    case: Case,
    found: DueDate,
    act: Act,
    version: str,
    *,
    meeting: Meeting | None = None,
    event: Event | None = None,
) -> None:
    session.add(
        Deadline(
            id=act.new_id(), case=case, meeting=meeting, event=event, child=found.child, limit_id=found.limit.id,
            label=found.limit.label, due_at=found.due.ends, whole_day=not isinstance(found.due.at, datetime),
            because=found.due.because, calendar_version=version,
        )
    )  # fmt: skip


def _recalculate(session: Session, deadline: Deadline, now: datetime, why: str, act: Act) -> None:
    session.add(
        Recalculation(
            id=act.new_id(), deadline=deadline, was=deadline.due_at, now=now, why=why, changed_at=act.at
        )
    )  # fmt: skip


def _due_of(deadline: Deadline) -> Due:
    return Due(day_or_moment(deadline), deadline.because)


def day_or_moment(deadline: Deadline) -> date | datetime:
    """Return when something is due: the day where no hour was set."""
    return legal_day(deadline.due_at) if deadline.whole_day else deadline.due_at


def _end_visits(standing: Iterable[Deadline], event: Event) -> None:
    """Note that a child who had to be seen was seen."""
    if event.kind is not EventKind.SEEN:
        return
    for one in standing:
        of_a_visit = one.event is not None and one.event.kind is EventKind.SEEN
        if of_a_visit and one.event is not event and event.child_id in (None, one.child_id):
            one.met_at = event.happened_at


def _meetings_that_set(session: Session, sitting: Sitting, case_id: UUID, event: Event) -> list[Meeting]:
    """Return the meetings whose open dates may rest on an event, each with everything recorded in it."""
    rows = session.execute(
        select(Deadline.limit_id, Deadline.meeting_id, Meeting.pack_digest)
        .join(Meeting, Deadline.meeting_id == Meeting.id)
        .where(Deadline.case_id == case_id, Deadline.met_at.is_(None))
        .order_by(Meeting.started_at)
    ).all()
    ids = {
        meeting_id: None
        for limit_id, meeting_id, digest in rows
        if meeting_id is not None
        and (limit := sitting.kept_pack(digest).time_limit(limit_id)) is not None
        and _rests_on(limit, event.kind)
    }
    return [whole(session, meeting_id) for meeting_id in ids]


def _rests_on(limit: TimeLimit, kind: EventKind) -> bool:
    counts: list[TimeLimit | Sooner] = [limit, limit.or_sooner] if limit.or_sooner else [limit]
    born = kind is EventKind.BIRTH
    return any(count.event == kind or (born and count.starts == "expected") for count in counts)


def _count_again(
    session: Session, sitting: Sitting, meeting: Meeting, standing: Iterable[Deadline], event: Event, act: Act
) -> None:
    pack = sitting.pack_of(meeting)
    events = events_of(session, meeting.case_id)
    known, _unknown = dates_set(meeting, sitting.type_of(meeting), pack, sitting.calendar_of(pack), events=events)
    now = {(found.limit.id, found.child.id if found.child else None): found.due for found in known}
    why = because_of(event)
    for one in standing:
        limit = pack.time_limit(one.limit_id)
        if one.meeting_id != meeting.id or limit is None or not _rests_on(limit, event.kind):
            continue
        due = now.get((one.limit_id, one.child_id))
        if due is None:
            let_go(session, one, why, act)
        elif due.ends != one.due_at:
            _recalculate(session, one, due.ends, moved(_due_of(one), due, why), act)
            one.due_at, one.whole_day, one.because = due.ends, not isinstance(due.at, datetime), due.because


def _set_alone(session: Session, sitting: Sitting, case_id: UUID, event: Event, act: Act) -> None:
    pack = sitting.pack
    children = session.scalars(select(Child).where(Child.case_id == case_id).order_by(Child.position)).all()
    on_plan = _on_plan(session, case_id)
    known, _unknown = dates_of_event(
        event, [limit for limit in pack.time_limits if limit.alone], children, sitting.calendar_of(pack)
    )
    case, standing = case_of(session, case_id), open_dates(session, case_id)
    for found in known:
        of_them = found.limit.alone == "always" or (found.child is not None and found.child.id in on_plan)
        there = any(_is_same_clock(found, one) and one.due_at >= found.due.ends for one in standing)
        if of_them and not there:
            _add(session, case, found, act, sitting.calendar_of(pack).version, event=event)


def _on_plan(session: Session, case_id: UUID) -> Collection[UUID]:
    """Return the children who have a plan that has not ended."""
    plans = session.scalars(select(Plan).where(Plan.case_id == case_id).order_by(Plan.version))
    standing = {plan.child_id: plan.standing for plan in plans}
    return [child_id for child_id, last in standing.items() if last is not Standing.ENDED]


def _note_kept(session: Session, sitting: Sitting, case_id: UUID) -> None:
    """Note of each open date whether a meeting held since keeps it, in whatever order the meetings were recorded."""
    session.flush()
    standing = open_dates(session, case_id)
    held = session.scalars(
        select(Meeting)
        .where(Meeting.case_id == case_id, Meeting.concluded_at.is_not(None))
        .options(selectinload(Meeting.subjects).selectinload(Subject.child))
        .order_by(Meeting.started_at)
    ).all()
    counts: dict[UUID, bool] = {}
    for one in standing:
        for meeting in held:
            if _answers(sitting, meeting, one):
                if meeting.id not in counts:
                    counts[meeting.id] = _was_held(session, sitting, meeting.id)
                if counts[meeting.id]:
                    one.met_at = meeting.started_at
                    break


def _answers(sitting: Sitting, meeting: Meeting, one: Deadline) -> bool:
    since = one.meeting.started_at if one.meeting is not None else one.event.happened_at if one.event else None
    if meeting.started_at is None or since is None or meeting.id == one.meeting_id or meeting.started_at < since:
        return False
    about = one.child_id is None or any(subject.child_id == one.child_id for subject in meeting.subjects)
    return about and one.limit_id in sitting.type_of(meeting).answers


def _was_held(session: Session, sitting: Sitting, meeting_id: UUID) -> bool:
    """Return whether a meeting counts as held: with a quorum at its end, or gone on with for reasons given."""
    meeting = session.scalars(select(Meeting).where(Meeting.id == meeting_id).options(*AT_THE_TABLE)).one()
    if not ended_inquorate(meeting, sitting.type_of(meeting), sitting.pack_of(meeting)):
        return True
    went_on = select(QuorumAnswer.id).where(
        QuorumAnswer.meeting_id == meeting_id, QuorumAnswer.choice == WithoutQuorum.PROCEED
    )
    return session.scalar(went_on) is not None
