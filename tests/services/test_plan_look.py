"""A plan as somebody looks at it: why it is interim, how visits are kept, and a revision foreseen and not kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.models.base import Refused
from app.models.event import EventKind
from app.models.plan import Done, Standing
from app.practice.plans import Doubt
from app.services import chronology, plan_look, planning
from app.services.plan_draft import Draft, Task, drafted
from tests.builders import Room, dump, trail
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, but, conference, finish, make


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Room, Held]]:
    with a_conference(tmp_path / "store") as found:
        yield found


def doubt(room: Room) -> Doubt | None:
    running = plan_look.look(room.sitting, room.child.id).running
    assert running is not None
    assert (running.worth is Standing.INTERIM) == (running.doubt is not None)
    return running.doubt


def test_each_reason_for_which_a_plan_is_interim_is_told_apart(made: tuple[Room, Held]) -> None:
    room, held = made
    planning.revise(room.sitting, room.child.id, FULL, meeting_id=held.meeting)
    assert doubt(room) is Doubt.NOT_DECIDED
    held.choose(held.children[0], "C2", "no_plan")
    assert doubt(room) is Doubt.DECIDED_OTHERWISE
    held.choose(held.children[0], "C2", "plan")
    assert doubt(room) is None
    held.leave("manager")
    held.choose(held.children[0], "C2", "plan")
    assert doubt(room) is Doubt.NO_QUORUM
    finish(held)
    group = conference(room, "core_group")
    planning.revise(room.sitting, room.child.id, but(FULL, visit_every=5), meeting_id=group.meeting)
    assert doubt(room) is Doubt.NO_CONFERENCE


def test_a_revision_foreseen_is_the_one_that_is_saved_and_keeps_nothing_itself(made: tuple[Room, Held]) -> None:
    room, held = made
    plan = make(held)
    draft = drafted(plan)
    later = but(draft, visit_every=5, steps=(*draft.steps, Task("Ring the clinic.", "Drew Example", date(2027, 1, 5))))
    before = dump(room.sitting.store), trail(room.sitting.store)
    seen = planning.preview(room.sitting, room.child.id, later, meeting_id=held.meeting)
    assert (dump(room.sitting.store), trail(room.sitting.store)) == before
    assert (seen.plan.version, seen.worth) == (2, Standing.IN_FORCE)
    assert seen.changes is not None
    foreseen = [(one.part, one.field, one.was, one.now) for one in seen.changes]
    planning.revise(room.sitting, room.child.id, later, meeting_id=held.meeting)
    saved = plan_look.look(room.sitting, room.child.id).history[-1].changes
    assert saved is not None
    assert foreseen == [(one.part, one.field, one.was, one.now) for one in saved]
    assert ("steps", "", "", "Ring the clinic.") in foreseen


def test_what_would_be_refused_is_refused_when_foreseen_but_not_a_draft_without_a_change(
    made: tuple[Room, Held],
) -> None:
    room, held = made
    with pytest.raises(Refused) as found:
        planning.preview(room.sitting, room.child.id, Draft(category=""), meeting_id=held.meeting)
    assert found.value.rule == "plan.category-missing"
    first = planning.preview(room.sitting, room.child.id, FULL, meeting_id=held.meeting)
    assert (first.plan.version, first.changes, first.doubt) == (1, None, Doubt.NOT_DECIDED)
    plan = make(held)
    same = planning.preview(room.sitting, room.child.id, drafted(plan), meeting_id=held.meeting)
    assert same.changes == []


def test_visits_and_drift_are_counted_by_the_day_somebody_looks(made: tuple[Room, Held]) -> None:
    room, held = made
    make(held)
    finish(held)
    room.clock.pass_by(days=20)
    chronology.record_event(
        room.sitting,
        room.case.id,
        EventKind.SEEN,
        "Seen at nursery.",
        date(2026, 12, 28),
        child=room.child.id,
        alone=True,
    )
    room.clock.pass_by(days=480)
    look = plan_look.look(room.sitting, room.child.id)
    assert look.drift is not None
    assert look.drift.months == 16
    assert look.drift.age is not None
    assert look.visits is not None
    assert (look.visits.last, look.visits.alone, look.visits.overdue) == (date(2026, 12, 28), date(2026, 12, 28), True)


def test_a_core_group_tells_of_the_plan_that_stood_when_it_began(made: tuple[Room, Held]) -> None:
    room, held = made
    plan = make(held)
    assert plan_look.at_meeting(room.sitting, held.meeting, room.child.id).told == []
    finish(held)
    group = conference(room, "core_group")
    at = plan_look.at_meeting(room.sitting, group.meeting, room.child.id)
    assert [one.entry.line for one in at.told] == [one.line for one in (*plan.outcomes, *plan.steps)]
    planning.note_progress(
        room.sitting, group.meeting, room.child.id, plan.outcomes[0].line, Done.PARTLY, change="Two meals a day."
    )
    again = plan_look.at_meeting(room.sitting, group.meeting, room.child.id)
    assert [one.progress.change if one.progress else None for one in again.told] == ["Two meals a day.", None, None]
    assert not [one for one in again.told if one.before]
    draft = replace(drafted(plan), steps=())
    planning.revise(room.sitting, room.child.id, draft, meeting_id=group.meeting)
    assert len(plan_look.at_meeting(room.sitting, group.meeting, room.child.id).told) == 3
    finish(group)
    [left] = plan_look.at_meeting(room.sitting, conference(room, "core_group").meeting, room.child.id).told
    assert left.progress is None
    assert left.before is not None
    assert left.before.change == "Two meals a day."
