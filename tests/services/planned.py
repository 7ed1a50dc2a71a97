"""Conferences with a plan to make, for the tests: what people choose, and plans that say something in every part."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.models.attendance import Capacity
from app.models.case import Child
from app.models.plan import Carrier, Plan
from app.practice.plans import PARTS
from app.services import concluding, planning
from app.services.plan_draft import Aim, Danger, Draft, If, Member, Rule, Task
from tests.builders import Room, a_room
from tests.services.holding import Held, prepared

SEATS = (("csc", "social_worker"), ("health_community", "health_visitor"), ("early_years", "manager"))
VIEWS = {"harm": "likely", "plan": "plan", "category": "neglect", "working": "partly"}
CHOSEN = {
    "C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on", "C9": "cin",
    "R1": "no_longer_significant_harm", "K1": "partly", "K2": "yes", "K4": "on",
}  # fmt: skip

FULL = Draft(
    category="neglect",
    secondary=("emotional",),
    why="Robin is often hungry and alone in the evening.",
    lead_practitioner="Blair Example",
    family_help_lead="Drew Example",
    visit_every=10,
    seen_alone="At nursery, each second week.",
    unannounced=True,
    contact="With the grandmother on Sundays.",
    assessments="Speech and language.",
    family_plan="The aunt cooks on Fridays.",
    legal="None.",
    dangers=(Danger("Robin goes without food.", "There is a meal each evening.", key="d1"),),
    bottom_lines=(Rule("Robin is never alone at night.", "Ring the duty team the same night.", key="b1"),),
    outcomes=(
        Aim(
            "Robin eats three meals a day.", "Robin grows and learns.", "One meal a day.", "The food diary.",
            date(2027, 2, 1), "d1", key="o1",
        ),
    ),
    steps=(
        Task(
            "Visit on Tuesday and look into the fridge with the mother.", "Blair Example", date(2027, 1, 14),
            evidence="A note of each visit.", outcome="o1", key="s1",
        ),
        Task(
            "Keep the food diary.", "Sam Sample", date(2027, 1, 14), Carrier.NON_ABUSIVE_PARENT, key="s2",
        ),
    ),
    contingencies=(If("The diary stops.", "A strategy discussion is held.", "Blair Example", "One day", key="c1"),),
    core_group=(Member("Drew Example", "Health visitor", key="m1"),),
)  # fmt: skip


def conference(room: Room, type_id: str = "icpc", children: list[Child] | None = None, **chosen: str) -> Held:
    """Return a meeting of the room's case that has begun, with everybody it needs."""
    held = prepared(room.sitting, room.case.id, children or room.children, type_id, VIEWS, CHOSEN | chosen)
    held.seat("csc", "team_manager" if type_id == "core_group" else "iro", Capacity.CHAIR)
    for sector, role in SEATS:
        held.seat(sector, role)
    held.seat("", capacity=Capacity.PARENT)
    held.begin()
    return held


def finish(held: Held) -> None:
    """Conclude, with a reason for whatever is left."""
    found = concluding.blocks(held.sitting, held.meeting)
    concluding.conclude(held.sitting, held.meeting, {(f.rule, f.subject): "It could not be had today." for f in found})


def make(held: Held, draft: Draft = FULL, child: Child | None = None) -> Plan:
    """Decide that there is a plan for a child, and make it."""
    about = child or held.children[0]
    held.choose(about, "C2", "plan")
    return planning.revise(held.sitting, about.id, draft, meeting_id=held.meeting)


@contextmanager
def a_conference(folder: Path, *, children: int = 1) -> Iterator[tuple[Room, Held]]:
    """Give an initial conference that has begun, with the room of its case."""
    with a_room(folder, children=children, started=False) as room:
        yield room, conference(room)


def lines(plan: Plan) -> Mapping[str, object]:
    """Return the lines of every part of a plan."""
    return {part: [entry.line for entry in getattr(plan, part)] for part in PARTS}


def but(draft: Draft, **rest: object) -> Draft:
    return replace(draft, **rest)  # type: ignore[arg-type]
