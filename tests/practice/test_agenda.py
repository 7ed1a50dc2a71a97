"""Where a meeting is on its agenda, and when it will finish."""

from datetime import date, timedelta

from app.models.answer import Answer
from app.models.event import Event, EventKind
from app.models.meeting import Visit
from app.practice.agenda import Progress, answer_to, asked_of, beforehand, forecast, steps, unanswered
from app.practice.questions import ChildIs
from tests.builders import START, InMemory, clock, national_pack, strategy

AGENDA = strategy().agenda
WHOLE = timedelta(minutes=sum(item.minutes for item in AGENDA))


def visited(room: InMemory, item: int, begin: int, end: int | None, *, done: bool = False) -> None:
    left = None if end is None else START + timedelta(minutes=end)
    Visit(
        id=room.new_id(), meeting=room.meeting, item_id=AGENDA[item].id,
        opened_at=START + timedelta(minutes=begin), left_at=left, done=done,
    )  # fmt: skip


def test_each_item_tells_how_far_it_is_and_the_time_it_took() -> None:
    room = InMemory()
    visited(room, 0, 0, 3, done=True)
    visited(room, 1, 3, 4)
    visited(room, 4, 4, None)
    found = steps(room.meeting, strategy(), clock(10, 36))
    assert [found[n].progress for n in (0, 1, 4, 5)] == [
        Progress.DONE, Progress.LEFT_OPEN, Progress.OPEN, Progress.NOT_STARTED,
    ]  # fmt: skip
    assert [found[n].spent for n in (0, 1, 4, 5)] == [timedelta(minutes=m) for m in (3, 1, 2, 0)]
    assert [step.number for step in found] == list(range(1, len(AGENDA) + 1))


def test_the_finish_is_what_is_left_of_each_item_that_is_not_done() -> None:
    room = InMemory()
    assert forecast(room.meeting, strategy(), START) == START + WHOLE
    visited(room, 0, 0, 1, done=True)
    now = START + timedelta(minutes=1)
    assert forecast(room.meeting, strategy(), now) == now + WHOLE - timedelta(minutes=AGENDA[0].minutes)


def test_an_item_that_ran_over_gives_no_time_back() -> None:
    room = InMemory()
    visited(room, 0, 0, None)
    now = START + timedelta(minutes=AGENDA[0].minutes + 30)
    assert forecast(room.meeting, strategy(), now) == now + WHOLE - timedelta(minutes=AGENDA[0].minutes)


def test_a_clock_that_was_put_back_takes_no_time_away() -> None:
    room = InMemory()
    visited(room, 0, 10, None)
    assert steps(room.meeting, strategy(), START)[0].spent == timedelta()


def test_a_prompt_for_each_child_is_unanswered_child_by_child() -> None:
    room = InMemory("Robin Sample", "Wren Sample")
    item = strategy().item("safety")
    assert item is not None
    prompt = item.prompts[0]
    Answer(
        id=room.new_id(), meeting=room.meeting, item_id=item.id, prompt_id=prompt.id, text="At school.",
        answered_at=START, child=room.child,
    )  # fmt: skip
    left = [(p.id, child.name) for p, child in unanswered(room.meeting, item) if child and p.id == prompt.id]
    assert left == [(prompt.id, "Wren Sample")]
    assert answer_to(room.meeting, prompt, room.child) is not None
    assert answer_to(room.meeting, prompt) is None


def named(room: InMemory, **asked: object) -> list[str]:
    """Return who is asked a question for each child that is so."""
    question = strategy().agenda[0].prompts[0]
    prompt = question.model_copy(update={"per_child": True, "if_child": ChildIs.model_validate(asked)})
    return [child.first_name for child in asked_of(room.meeting, prompt) if child]


def a_family() -> InMemory:
    """A child of two years, a baby of five months, an unborn child, and one of whom no date is known."""
    room = InMemory("Robin Sample", "Wren Sample", "Unborn Sample", "Jay Sample")
    robin, wren, unborn, _ = room.meeting.children
    robin.born, wren.born, unborn.expected = date(2024, 12, 10), date(2026, 7, 10), date(2027, 3, 1)
    return room


def test_a_question_is_asked_of_the_children_who_are_so_and_of_those_the_record_does_not_know() -> None:
    room = a_family()
    assert named(room, born=True) == ["Robin", "Wren", "Jay"]
    assert named(room, born=False) == ["Unborn", "Jay"]
    assert named(room, under_months=12) == ["Wren", "Unborn", "Jay"]
    assert named(room, under_months=24) == ["Wren", "Unborn", "Jay"], "two years old on this very day"
    assert named(room, under_months=25) == ["Robin", "Wren", "Unborn", "Jay"]
    assert named(room, from_months=5) == ["Robin", "Wren", "Jay"]
    assert named(room, from_months=6, under_months=24) == ["Jay"]


def test_a_child_who_died_is_asked_about_only_where_that_is_meant() -> None:
    room = a_family()
    robin = room.meeting.children[0]
    assert named(room, living=True) == ["Robin", "Wren", "Unborn", "Jay"]
    Event(
        id=room.new_id(), case=room.case, kind=EventKind.DIED, text="Died in hospital.", child=robin, whole_day=True,
        happened_at=START - timedelta(days=1), noted_at=START,
    )  # fmt: skip
    assert named(room, living=True) == ["Wren", "Unborn", "Jay"]
    assert named(room, living=False) == ["Robin"]


def test_a_question_asked_once_is_left_out_where_no_child_is_so() -> None:
    room = InMemory()
    room.child.born = date(2021, 5, 4)
    [item] = [item for item in AGENDA if any(prompt.id == "F18" for prompt in item.prompts)]
    [baby] = [prompt for prompt in item.prompts if prompt.id == "F18"]
    assert baby not in [prompt for prompt, _ in unanswered(room.meeting, item)]
    assert asked_of(room.meeting, baby.model_copy(update={"per_child": False})) == []
    room.child.born = date(2026, 5, 4)
    assert (baby, room.child) in unanswered(room.meeting, item)
    assert asked_of(room.meeting, baby.model_copy(update={"per_child": False})) == [None]


def test_what_is_settled_with_a_family_beforehand_is_asked_only_where_a_family_comes() -> None:
    found = {kind.id: beforehand(kind) for kind in national_pack().meeting_types}
    conference = found["icpc"]
    assert conference is not None
    assert conference.id == "before"
    assert found["strategy_initial"] is None
    assert all(found[kind.id] is None for kind in national_pack().meeting_types if not kind.family_attend)
