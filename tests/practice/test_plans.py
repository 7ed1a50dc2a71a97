"""What follows from a child's plan."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.models.event import Event, EventKind
from app.models.plan import Carrier, Done, Outcome, Plan, Progress, Standing, Step
from app.practice import plans
from app.practice.closing import blocks_closing
from app.practice.pack import Clearance
from tests.builders import START, InMemory, national_pack
from tests.minutes.told import CALENDAR

AGES = national_pack().plan.ages


class Planned(InMemory):
    """A case without a store, with revisions of one child's plan."""

    def revise(self, *steps: tuple[str, date | None], started: date = date(2026, 1, 31), **rest: object) -> Plan:
        """Add a revision; each action is a new line unless it has the words of one before."""
        history = self.history
        known = {step.text: step.line for plan in history for step in plan.steps} if rest.pop("keep", True) else {}
        facts = {"standing": Standing.IN_FORCE, "category": "neglect", "started_on": started, "made_at": START, **rest}
        plan = Plan(id=self.new_id(), case=self.case, child=self.child, version=len(history) + 1, **facts)  # type: ignore[arg-type]
        for position, (text, due) in enumerate(steps, 1):
            Step(
                id=self.new_id(), plan=plan, line=known.get(text) or self.new_id(), position=position, text=text,
                carrier=Carrier.AGENCY, owner="Blair", due=due,
            )  # fmt: skip
        return plan

    @property
    def history(self) -> list[Plan]:
        return list(self.case.plans)

    def carried(self, plan: Plan, carrier: Carrier, outcome: UUID | None = None) -> Step:
        return Step(
            id=self.new_id(), plan=plan, line=self.new_id(), position=1, text="Keep the door shut.", carrier=carrier,
            owner="Sam", outcome=outcome,
        )  # fmt: skip

    def happened(self, kind: EventKind, at: datetime, *, alone: bool | None = None, child: bool = True) -> Event:
        return Event(
            id=self.new_id(), case=self.case, kind=kind, text="x", happened_at=at, whole_day=False, noted_at=at,
            child=self.child if child else None, alone=alone,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "today", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 3, 30), 1),
        (date(2026, 1, 31), date(2026, 3, 31), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 1, 15), date(2027, 4, 14), 14),
        (date(2026, 1, 15), date(2027, 4, 15), 15),
    ],
)
def test_months_are_counted_by_the_calendar(start: date, today: date, months: int) -> None:
    assert plans.whole_months(start, today) == months


@pytest.mark.parametrize(
    ("today", "level"),
    [
        (date(2027, 4, 29), None),
        (date(2027, 4, 30), "amber"),
        (date(2027, 7, 30), "amber"),
        (date(2027, 7, 31), "red"),
        (date(2028, 1, 30), "red"),
        (date(2028, 1, 31), "black"),
    ],
)
def test_a_plan_is_marked_at_fifteen_eighteen_and_twenty_four_months(today: date, level: str | None) -> None:
    known = Planned()
    known.revise()
    found = plans.drift(known.history, today, AGES)
    assert found is not None
    assert (found.age.level if found.age else None) == level


def test_drift_counts_the_plans_and_the_actions_set_again() -> None:
    known = Planned()
    known.revise(("Ring the clinic.", date(2026, 3, 1)), ("Mend the door.", date(2026, 3, 1)))
    known.revise(("Ring the clinic.", date(2026, 5, 1)), ("Mend the door.", date(2026, 3, 1)))
    known.revise(standing=Standing.ENDED, end_reason="died")
    assert plans.drift(known.history, date(2026, 12, 1), AGES) is None
    known.revise(("ring the Clinic", date(2026, 12, 20)), ("Mend the door.", date(2026, 3, 1)), earlier=1)
    found = plans.drift(known.history, date(2026, 12, 11), AGES)
    assert found is not None
    assert found.plans == 2
    assert [(each.text, each.times) for each in found.repeated] == [("ring the Clinic", 3)]
    assert plans.drift([], date(2026, 12, 1), AGES) is None


def test_a_plan_that_begins_with_a_birth_to_come_has_no_age() -> None:
    known = Planned()
    known.revise(started=date(2027, 3, 1))
    found = plans.drift(known.history, date(2026, 12, 11), AGES)
    assert found is not None
    assert (found.months, found.age) == (0, None)


def test_what_rests_only_on_the_parent_who_does_no_harm_is_pointed_out() -> None:
    known = Planned()
    plan = known.revise()
    outcomes = [
        Outcome(id=known.new_id(), plan=plan, line=known.new_id(), position=n, text="Safe at night.") for n in (1, 2)
    ]
    alone = known.carried(plan, Carrier.NON_ABUSIVE_PARENT, outcomes[0].line)
    known.carried(plan, Carrier.NON_ABUSIVE_PARENT, outcomes[1].line)
    known.carried(plan, Carrier.AGENCY, outcomes[1].line)
    known.carried(plan, Carrier.PARENT)
    loose = known.carried(plan, Carrier.NON_ABUSIVE_PARENT)
    assert plans.resting_on(plan) == [alone, loose]


def test_a_visit_is_overdue_the_working_day_after_it_was_due() -> None:
    known = Planned()
    plan = known.revise(started=date(2026, 12, 10), visit_every=10)
    # ten working days from Thursday 10 December 2026 is Christmas Eve; the 25th and the 28th are bank holidays
    found = plans.visits(plan, [], date(2026, 12, 24), CALENDAR)
    assert (found.last, found.due, found.overdue) == (None, date(2026, 12, 24), False)
    assert plans.visits(plan, [], date(2026, 12, 25), CALENDAR).overdue
    at = datetime(2026, 12, 17, 15, 0, tzinfo=UTC)
    events = [
        known.happened(EventKind.SEEN, at, alone=True),
        known.happened(EventKind.SEEN, at.replace(day=21)),
        known.happened(EventKind.INCIDENT, at.replace(day=22)),
        known.happened(EventKind.SEEN, at.replace(day=29), alone=True),
    ]
    found = plans.visits(plan, events, date(2026, 12, 25), CALENDAR)
    assert (found.last, found.alone) == (date(2026, 12, 21), date(2026, 12, 17))
    assert (found.due, found.overdue) == (date(2027, 1, 7), False)
    plan.visit_every = None
    assert plans.visits(plan, events, date(2026, 12, 25), CALENDAR).due is None


def test_two_revisions_that_say_the_same_have_no_change() -> None:
    known = Planned()
    one = known.revise(("Ring the clinic.", date(2026, 3, 1)))
    two = known.revise(("Ring the clinic.", date(2026, 3, 1)))
    assert plans.changes(one, two, national_pack()) == []


def test_conferences_make_plans_and_core_groups_work_on_them() -> None:
    types = national_pack().meeting_types
    assert {kind.id for kind in types if plans.makes_plans(kind)} == {"icpc", "rcpc", "icpc_prebirth", "icpc_transfer"}
    works = {kind.id for kind in types if plans.works_on_plans(kind)}
    assert works == {"icpc", "rcpc", "icpc_prebirth", "icpc_transfer", "core_group"}


def blocks(known: Planned, type_id: str, *rules: Clearance) -> list[tuple[str, str]]:
    kind = national_pack().meeting_type(type_id)
    assert kind is not None
    asking = kind.model_copy(update={"closing": rules})
    return [(f.rule, f.item_id) for f in blocks_closing(known.meeting, asking, national_pack(), START)]


def test_a_conference_that_decides_on_a_plan_is_asked_for_one_until_there_is_one() -> None:
    known = Planned()
    assert blocks(known, "icpc", Clearance.PLAN_MADE) == []
    known.decide("C2", "plan")
    assert blocks(known, "icpc", Clearance.PLAN_MADE) == [("plan-made", "plan")]
    known.revise(meeting=known.meeting)
    assert blocks(known, "icpc", Clearance.PLAN_MADE) == []
    known.revise(meeting=known.meeting, standing=Standing.ENDED, end_reason="died")
    assert blocks(known, "icpc", Clearance.PLAN_MADE) == [("plan-made", "plan")]


def test_what_changed_is_asked_for_each_outcome_of_the_plan_that_stood() -> None:
    known = Planned()
    plan = known.revise(made_at=START.replace(month=9))
    lines = [known.new_id(), known.new_id()]
    for line in lines:
        Outcome(id=known.new_id(), plan=plan, line=line, position=1, text="Robin eats three meals.")
    asked = ("progress-told", place_of("core_group"))
    assert blocks(known, "core_group", Clearance.PROGRESS_TOLD) == [asked, asked]
    Progress(
        id=known.new_id(), meeting=known.meeting, child=known.child, line=lines[0], done=Done.NOT_YET, noted_at=START
    )
    assert blocks(known, "core_group", Clearance.PROGRESS_TOLD) == [asked]


def place_of(type_id: str) -> str:
    kind = national_pack().meeting_type(type_id)
    assert kind is not None
    return next(item.id for item in kind.agenda if "progress" in item.shows)
