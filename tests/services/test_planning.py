"""Plans: made whole and revised whole, never more sure than the meeting that made them, and told of afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.models.event import Event, EventKind
from app.models.plan import Done, Plan, Standing
from app.practice import plans
from app.services import cases, disposing, planning, retaining, table, undoing
from app.services.plan_draft import Danger, Draft, Task, drafted
from app.store import checking
from tests.builders import Room, dump, national_pack
from tests.services.acts import refused
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, but, conference, finish, lines, make

BARE = Draft(category="neglect")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Room, Held]]:
    with a_conference(tmp_path / "store", children=2) as found:
        yield found


def test_a_first_plan_says_everything_that_was_written(made: tuple[Room, Held]) -> None:
    room, held = made
    plan = make(held)
    (kept,) = planning.history(room.sitting, room.child.id)
    assert kept.id == plan.id
    assert (kept.version, kept.standing, kept.earlier) == (1, Standing.IN_FORCE, 0)
    assert planning.worth(room.sitting, kept) is Standing.IN_FORCE
    assert kept.started_on == date(2026, 12, 10)
    back = drafted(kept)
    for part in ("dangers", "bottom_lines", "outcomes", "steps", "contingencies", "core_group"):
        written, found = getattr(FULL, part), getattr(back, part)
        assert [replace(each, key="") for each in without_names(found)] == [
            replace(each, key="") for each in without_names(written)
        ]
    assert kept.outcomes[0].danger == kept.dangers[0].line
    assert kept.steps[0].outcome == kept.outcomes[0].line
    assert but(back, dangers=(), bottom_lines=(), outcomes=(), steps=(), contingencies=(), core_group=()) == but(
        FULL, dangers=(), bottom_lines=(), outcomes=(), steps=(), contingencies=(), core_group=(),
        started_on=date(2026, 12, 10), secondary=["emotional"],
    )  # fmt: skip


def without_names(entries: tuple[object, ...]) -> list[object]:
    """Return entries of a draft without the keys by which they name others."""
    blank = {"danger", "outcome"}
    return [replace(e, **dict.fromkeys(blank & set(e.__slots__), "")) for e in entries]  # type: ignore[type-var, attr-defined]


def test_a_revision_keeps_the_lines_that_stay_and_says_what_changed(made: tuple[Room, Held]) -> None:
    room, held = made
    first = make(held)
    draft = drafted(first)
    later = but(
        draft,
        visit_every=5,
        dangers=(*draft.dangers, Danger("Robin is alone at night.")),
        steps=(replace(draft.steps[0], due=date(2027, 2, 1)),),
    )
    second = planning.revise(room.sitting, room.child.id, later, meeting_id=held.meeting)
    before, after = planning.history(room.sitting, room.child.id)
    assert (second.id, after.version) == (after.id, 2)
    assert lines(after) | {"dangers": 0, "steps": 0} == lines(before) | {"dangers": 0, "steps": 0}
    assert after.dangers[0].line == before.dangers[0].line
    assert after.steps[0].line == before.steps[0].line
    told = [(c.part, c.field, c.was, c.now) for c in plans.changes(before, after, national_pack())]
    assert told == [
        ("", "visit_every", "10", "5"),
        ("dangers", "", "", "Robin is alone at night."),
        ("steps", "due", "14 January 2027", "1 February 2027"),
        ("steps", "", "Keep the food diary.", ""),
    ]


def test_twins_of_one_name_have_a_plan_each(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, _):
        twins = [cases.add_child(room.sitting, room.case.id, "Wren Sample", born=date(2024, 3, 3)) for _ in range(2)]
        held = conference(room, children=twins)
        make(held, FULL, twins[0])
        make(held, BARE, twins[1])
        assert [len(planning.history(room.sitting, twin.id)[0].steps) for twin in twins] == [2, 0]


def test_without_a_quorum_a_plan_is_interim_and_stays_so_until_a_conference_with_one_has_decided(
    made: tuple[Room, Held],
) -> None:
    room, held = made
    held.leave("manager")
    plan = make(held)
    assert plan.standing is Standing.INTERIM
    finish(held)
    outside = planning.revise(
        room.sitting, room.child.id, but(drafted(plan), visit_every=5, standing=Standing.IN_FORCE)
    )
    assert outside.standing is Standing.INTERIM
    group = conference(room, "core_group")
    within = planning.revise(
        room.sitting, room.child.id, but(drafted(outside), visit_every=6, standing=Standing.IN_FORCE),
        meeting_id=group.meeting,
    )  # fmt: skip
    assert within.standing is Standing.INTERIM
    finish(group)
    again = conference(room, "icpc")
    final = make(again, but(drafted(within), standing=Standing.IN_FORCE))
    assert planning.worth(room.sitting, planning.history(room.sitting, room.child.id)[-1]) is Standing.IN_FORCE
    assert final.standing is Standing.IN_FORCE


def test_a_plan_written_before_the_decision_or_decided_later_without_a_quorum_is_worth_no_more_than_interim(
    made: tuple[Room, Held],
) -> None:
    room, held = made
    planning.revise(room.sitting, room.child.id, FULL, meeting_id=held.meeting)

    def worth() -> Standing:
        plan = planning.standing_plan(room.sitting, room.child.id)
        assert plan is not None
        return planning.worth(room.sitting, plan)

    assert worth() is Standing.INTERIM
    held.choose(held.children[0], "C2", "plan")
    assert worth() is Standing.IN_FORCE
    held.leave("manager")
    held.choose(held.children[0], "C2", "plan")
    assert worth() is Standing.INTERIM


def test_a_core_group_completes_an_outline_and_no_change_outside_a_meeting_does(made: tuple[Room, Held]) -> None:
    room, held = made
    outline = make(held, but(FULL, standing=Standing.OUTLINE))
    finish(held)
    outside = planning.revise(
        room.sitting, room.child.id, but(drafted(outline), visit_every=5, standing=Standing.IN_FORCE)
    )
    assert outside.standing is Standing.OUTLINE
    group = conference(room, "core_group")
    whole = planning.revise(
        room.sitting, room.child.id, but(drafted(outside), standing=Standing.IN_FORCE), meeting_id=group.meeting
    )
    assert whole.standing is Standing.IN_FORCE


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Held]]:
    """Give a conference in which everything is refused, so that nothing of it changes."""
    with a_conference(tmp_path_factory.mktemp("begun") / "store") as found:
        yield found


@pytest.mark.parametrize(
    ("rule", "draft"),
    [
        ("plan.owner-missing", but(FULL, steps=(Task("Ring the clinic.", " \u200b"),))),
        ("plan.date-in-words", but(FULL, steps=(Task("Ring the clinic.", "Blair", "as soon as we can"),))),
        ("plan.text-missing", but(FULL, steps=(Task("", "Blair"),))),
        ("plan.category-missing", Draft(category=" ")),
        ("plan.unknown-category", Draft(category="unkindness")),
        ("plan.visits-out-of-range", but(BARE, visit_every=0)),
        ("plan.unknown-line", but(BARE, steps=(Task("Ring.", "Blair", outcome="nowhere"),))),
        ("plan.line-twice", but(BARE, dangers=(Danger("One.", key="x"), Danger("Two.", key="x")))),
        ("plan.ended-by-ending", but(BARE, standing=Standing.ENDED)),
        ("plan.starts-in-future", but(BARE, started_on=date(2027, 1, 1))),
    ],
)
def test_a_plan_nobody_could_carry_out_is_refused_in_one_sentence(
    begun: tuple[Room, Held], rule: str, draft: Draft
) -> None:
    room, held = begun
    found = refused(room, rule, lambda: planning.revise(room.sitting, room.child.id, draft, meeting_id=held.meeting))
    assert national_pack().words("refusal", found.rule) != found.rule


def test_a_plan_is_made_where_plans_are_made_and_only_where_it_was_not_decided_otherwise(
    made: tuple[Room, Held],
) -> None:
    room, held = made
    refused(room, "plan.meeting-missing", lambda: planning.revise(room.sitting, room.child.id, BARE))
    group = conference(room, "core_group")
    refused(
        room, "plan.not-made-here", lambda: planning.revise(room.sitting, room.child.id, BARE, meeting_id=group.meeting)
    )
    held.choose(held.children[0], "C2", "no_plan")
    refused(
        room,
        "plan.decided-otherwise",
        lambda: planning.revise(room.sitting, room.child.id, BARE, meeting_id=held.meeting),
    )
    make(held, BARE, held.children[1])
    refused(room, "plan.nothing-changed", lambda: planning.revise(room.sitting, held.children[1].id, BARE))
    refused(
        room, "plan.start-moved", lambda: planning.revise(
            room.sitting, held.children[1].id, but(BARE, started_on=date(2026, 12, 1))
        )
    )  # fmt: skip


def test_before_a_birth_a_plan_may_start_with_it(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, _):
        child = cases.add_child(room.sitting, room.case.id, "Unborn Sample", expected=date(2027, 3, 1))
        held = conference(room, "icpc_prebirth", [child])
        held.seat("health_acute", "safeguarding_midwife")
        come_back(held, "safeguarding_midwife")
        plan = make(held, but(FULL, started_on=date(2027, 3, 1)), child)
        assert (plan.standing, plan.started_on) == (Standing.OUTLINE, date(2027, 3, 1))
        finish(held)
        room.clock.at = datetime(2027, 2, 20, 10, 0, tzinfo=UTC)
        cases.change_child(room.sitting, child.id, born=date(2027, 2, 19), expected=None)
        born = planning.revise(room.sitting, child.id, but(drafted(plan), started_on=date(2027, 2, 19)))
        assert (born.standing, born.started_on) == (Standing.OUTLINE, date(2027, 2, 19))


def come_back(held: Held, who: str) -> None:
    table.arrive(held.sitting, held.people[who].id)


def test_nobody_revises_the_plan_of_somebody_who_turned_18_or_died_and_it_can_be_ended_without_a_conference(
    made: tuple[Room, Held],
) -> None:
    room, held = made
    robin, wren = held.children
    make(held, FULL, robin)
    make(held, FULL, wren)
    finish(held)
    room.clock.at = datetime(2039, 5, 4, 10, 0, tzinfo=UTC)
    refused(room, "plan.child-of-age", lambda: planning.revise(room.sitting, robin.id, BARE))
    cases.change_child(room.sitting, wren.id, born=date(2024, 1, 1))
    with room.sitting.store.begin(room.sitting.act(), "event.recorded", case=room.case.id) as session:
        wren_here = session.get_one(type(wren), wren.id)
        died = Event(
            id=room.sitting.act().new_id(), case=session.get_one(type(room.case), room.case.id), kind=EventKind.DIED,
            text="Died at home.", happened_at=room.clock.at, whole_day=True, noted_at=room.clock.at, child=wren_here,
        )  # fmt: skip
        session.add(died)
    refused(room, "plan.child-died", lambda: planning.revise(room.sitting, wren.id, BARE))
    ended = planning.end(room.sitting, robin.id, "turned_18", "By the date of birth.", on=date(2039, 5, 4))
    assert (ended.standing, ended.ended_on, len(ended.steps)) == (Standing.ENDED, date(2039, 5, 4), 2)
    assert planning.standing_plan(room.sitting, robin.id) is None
    refused(room, "plan.none-running", lambda: planning.end(room.sitting, robin.id, "turned_18", "Again."))


def test_a_plan_ends_only_by_a_decision_with_a_quorum(made: tuple[Room, Held]) -> None:
    room, held = made
    robin = held.children[0]
    make(held)
    finish(held)
    why, reason = "Three meals a day since January.", "no_longer_significant_harm"
    refused(room, "plan.end-needs-conference", lambda: planning.end(room.sitting, robin.id, reason, why))
    review = conference(room, "rcpc")
    refused(
        room, "plan.end-undecided", lambda: planning.end(room.sitting, robin.id, reason, why, meeting_id=review.meeting)
    )
    review.choose(robin, "C2", "no_plan")
    review.leave("health_visitor")
    refused(
        room, "plan.end-needs-quorum",
        lambda: planning.end(room.sitting, robin.id, reason, why, meeting_id=review.meeting),
    )  # fmt: skip
    come_back(review, "health_visitor")
    for rule, call in {
        "plan.unknown-end-reason": ("boredom", why, None),
        "plan.end-words-missing": (reason, " ", None),
        "plan.end-out-of-range": (reason, why, date(2026, 12, 1)),
    }.items():
        refused(
            room, rule,
            lambda call=call: planning.end(room.sitting, robin.id, *call[:2], meeting_id=review.meeting, on=call[2]),  # type: ignore[misc]
        )  # fmt: skip
    assert planning.end(room.sitting, robin.id, reason, why, meeting_id=review.meeting).standing is Standing.ENDED
    finish(review)
    again = conference(room)
    second = make(again, BARE)
    assert (second.version, second.earlier, second.standing) == (3, 1, Standing.IN_FORCE)


def test_what_came_before_a_revision_is_not_revised_after_it(made: tuple[Room, Held]) -> None:
    room, held = made
    make(held)
    earlier = room.sitting.when(room.clock.at - timedelta(minutes=1))
    refused(room, "plan.later-there", lambda: planning.revise(earlier, room.child.id, BARE))


def test_a_plan_taken_over_counts_the_plans_before_it(made: tuple[Room, Held]) -> None:
    room, _ = made
    plan = planning.take_over(room.sitting, room.child.id, but(FULL, started_on=date(2026, 1, 5), earlier=2, version=4))
    assert (plan.version, plan.earlier, plan.started_on) == (4, 2, date(2026, 1, 5))
    refused(room, "plan.there-already", lambda: planning.take_over(room.sitting, room.child.id, FULL))


@pytest.mark.parametrize("when", ["in-session", "concluded"])
def test_a_plan_taken_over_is_no_way_round_a_conference_without_a_quorum(made: tuple[Room, Held], when: str) -> None:
    room, held = made
    held.leave("manager")
    robin, wren = held.children
    held.choose(robin, "C2", "plan")
    if when == "concluded":
        finish(held)
    assert planning.take_over(room.sitting, robin.id, FULL).standing is Standing.INTERIM
    assert planning.take_over(room.sitting, wren.id, FULL).standing is Standing.IN_FORCE


def test_progress_asks_what_changed_for_the_child(made: tuple[Room, Held]) -> None:
    room, held = made
    plan = make(held)
    finish(held)
    review = conference(room, "rcpc")
    robin, outcome, step = room.child.id, plan.outcomes[0].line, plan.steps[0].line
    loaded = review.loaded()
    assert [entry.line for entry in plans.unanswered(loaded, loaded.children[0])] == [outcome]

    def note(line: object, done: Done, **rest: str) -> object:
        return planning.note_progress(room.sitting, review.meeting, robin, line, done, **rest)  # type: ignore[arg-type]

    refused(room, "progress.change-missing", lambda: note(outcome, Done.DONE))
    refused(room, "progress.change-missing", lambda: note(outcome, Done.PARTLY, evidence="Came to six sessions."))
    refused(room, "progress.change-missing", lambda: note(step, Done.DONE))
    refused(room, "progress.unknown-line", lambda: note(plan.dangers[0].line, Done.DONE, change="x"))
    note(outcome, Done.NOT_YET)
    note(step, Done.DONE, evidence="Notes of six visits.")
    note(outcome, Done.PARTLY, change="Robin eats lunch each day.", evidence="The diary.")
    loaded = review.loaded()
    child = loaded.children[0]
    assert plans.unanswered(loaded, child) == []
    told = [(entry.text, found.done, found.change) for entry, found in plans.progress_of(loaded, child)]
    assert told == [
        ("Robin eats three meals a day.", Done.PARTLY, "Robin eats lunch each day."),
        ("Visit on Tuesday and look into the fridge with the mother.", Done.DONE, ""),
    ]


def test_plans_and_progress_can_be_taken_back_and_done_again(made: tuple[Room, Held]) -> None:
    room, held = made
    sitting, store, child = room.sitting, room.sitting.store, room.child.id
    plan = make(held)
    planning.note_progress(sitting, held.meeting, child, plan.outcomes[0].line, Done.NOT_YET)
    planning.note_progress(sitting, held.meeting, child, plan.outcomes[0].line, Done.DONE, change="Three meals.")
    planning.revise(sitting, child, but(drafted(plan), visit_every=5), meeting_id=held.meeting)
    planning.end(sitting, child, "turned_18", "By the date of birth.", meeting_id=held.meeting)
    before, acts = dump(store), ["plan.ended", "plan.revised", "progress.noted", "progress.noted", "plan.revised"]
    assert [undoing.undo(sitting, held.meeting) for _ in acts] == acts
    assert planning.history(sitting, child) == []
    for _ in acts:
        undoing.redo(sitting, held.meeting)
    assert dump(store) == before
    assert list(checking.findings(store)) == []


def test_plans_and_progress_go_with_a_case_that_is_disposed_of(made: tuple[Room, Held]) -> None:
    room, held = made
    plan = make(held)
    planning.note_progress(room.sitting, held.meeting, room.child.id, plan.outcomes[0].line, Done.NOT_YET)
    finish(held)
    assert isinstance(plan, Plan)
    assert {"plan", "outcome", "progress"} <= gone(room)


def gone(room: Room) -> set[str]:
    """Dispose of the case; return the tables that were filled before and are empty now."""

    def filled() -> set[str]:
        return {name for name, rows in dump(room.sitting.store).items() if rows}

    before = filled()
    retaining.choose_policy(room.sitting, "after-closure", 1, "Schedule CS12")
    retaining.close_case(room.sitting, room.case.id, room.clock.at.date())
    disposing.dispose(room.sitting, room.case.id, "SAMPLE-1", earlier="A made-up case.")
    return before - filled()
