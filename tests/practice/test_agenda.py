"""Where a meeting is on its agenda, and when it will finish."""

from datetime import timedelta

from app.models.answer import Answer
from app.models.meeting import Visit
from app.practice.agenda import Progress, answer_to, forecast, steps, unanswered
from tests.builders import START, InMemory, clock, strategy

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
