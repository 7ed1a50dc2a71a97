"""The record keeps what it is given, in one form, and refuses what cannot be."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.base import LONGEST, Act, Base, Moment, Refused, required, tidy, uuid7
from app.models.case import Child, Sex
from app.models.meeting import State
from app.models.statement import Statement
from tests.builders import START, InMemory

TODAY = date(2026, 12, 10)


def a_child(name: str, **facts: Any) -> Child:
    return Child(id=UUID(int=1), case=InMemory().case, name=name, **facts)


def test_ids_sort_by_the_time_they_were_made_and_say_their_version() -> None:
    moments = [START + timedelta(microseconds=n) for n in (0, 1, 999, 1000, 10**6)]
    ids = [uuid7(at, bytes([255 - n]) * 8) for n, at in enumerate(moments)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {"specified in RFC 4122"}
    assert Act("Ash", START, lambda n: b"\1" * n).new_id() == uuid7(START, b"\1" * 8)


def test_a_moment_is_kept_in_utc_and_a_naive_one_is_refused() -> None:
    column, dialect = Moment(), None
    summer = datetime(2026, 7, 1, 11, 0, tzinfo=timezone(timedelta(hours=1)))
    bound = column.process_bind_param(summer, dialect)  # type: ignore[arg-type]  # no dialect is asked
    assert bound == datetime(2026, 7, 1, 10, 0)
    assert column.process_result_value(bound, dialect) == summer  # type: ignore[arg-type]  # no dialect is asked
    with pytest.raises(ValueError, match="time zone"):
        column.process_bind_param(datetime(2026, 7, 1), dialect)  # type: ignore[arg-type]  # no dialect is asked


@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u200b", "\u2060\ufeff", "\0", "\ud800", "\x1b", "\u00a0"])
def test_a_text_in_which_nothing_is_seen_is_empty(nothing: str) -> None:
    assert tidy(nothing) == ""
    with pytest.raises(Refused, match=r"statement\.text-missing"):
        required(nothing, "statement.text-missing")


@given(st.text(st.characters(codec=None), max_size=60))
def test_a_tidy_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    kept = tidy(text)
    kept.encode("utf-8")
    assert "\0" not in kept
    assert tidy(kept) == kept


def test_a_text_is_composed_and_its_halves_are_joined() -> None:
    assert tidy("Zoe\u0308 \ud83d\ude42") == "Zoë 🙂"


def test_the_longest_text_is_taken_and_one_more_is_not() -> None:
    assert len(tidy("x" * LONGEST)) == LONGEST
    with pytest.raises(Refused) as refused:
        tidy("x" * (LONGEST + 1))
    assert refused.value.words == {"longest": "20,000", "length": "20,001"}


def test_a_record_shows_nothing_of_its_words() -> None:
    room = InMemory("Robin Sample")
    statement = Statement(id=UUID(int=1), meeting=room.meeting, item_id="open", said_at=START, text="secret words")
    assert repr(statement) == "<Statement>"
    assert "Robin" not in repr(room.child)


def test_every_class_is_whole_without_a_database() -> None:
    room = InMemory()
    assert room.meeting.statements == []
    assert room.meeting.state is State.IN_SESSION
    assert room.meeting.children[0].name == "Robin Sample"
    assert all(table.primary_key for table in Base.metadata.tables.values())


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"name": ""}, "child.name-missing"),
        ({"born": TODAY + timedelta(days=1)}, "child.born-in-future"),
        ({"born": date(1999, 1, 1)}, "child.not-a-child"),
        ({"born": TODAY, "expected": TODAY}, "child.born-and-expected"),
        ({"born": TODAY, "sex": Sex.UNBORN}, "child.born-and-expected"),
        ({"expected": date(2030, 1, 1)}, "child.expected-out-of-range"),
    ],
)
def test_a_child_that_cannot_be_is_refused(facts: dict[str, date], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        a_child("Robin Sample").describe(TODAY, **facts)
    assert refused.value.rule == rule


def test_a_fact_no_child_has_is_a_mistake_in_the_program() -> None:
    child = a_child("Robin Sample")
    for name in ("shoe_size", "id", "position"):
        with pytest.raises(TypeError):
            child.describe(TODAY, **{name: "4"})


def test_a_child_is_unborn_until_the_date_of_birth_is_known() -> None:
    child = a_child("Unborn Sample")
    child.describe(TODAY, expected=date(2027, 2, 1))
    assert child.unborn
    assert child.age_on(TODAY) is None
    child.describe(TODAY, expected=None, born=TODAY)
    assert not child.unborn


def test_an_age_is_in_whole_years() -> None:
    child = a_child("Robin Sample", born=date(2020, 2, 29), known_as="Rob")
    assert [child.age_on(day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [5, 6]
    assert child.first_name == "Rob"


def test_initials_are_those_of_every_name() -> None:
    seat = InMemory().seat("police", "Mary-Jane van der Berg")
    assert seat.initials == "MJVDB"


def test_a_meeting_goes_from_state_to_state_and_nowhere_else() -> None:
    meeting = InMemory().meeting
    meeting.state = State.PREPARED
    refused = {
        State.PREPARED: ("meeting.not-started", meeting.adjourn),
        State.IN_SESSION: ("meeting.already-started", lambda: meeting.start(START)),
        State.ADJOURNED: ("meeting.adjourned", meeting.adjourn),
        State.CONCLUDED: ("meeting.already-concluded", meeting.adjourn),
        State.SEALED: ("meeting.already-sealed", meeting.seal),
    }
    steps = [
        lambda: meeting.start(START),
        meeting.adjourn,
        meeting.resume,
        lambda: meeting.conclude(START),
        meeting.seal,
    ]
    for step in [lambda: None, *steps]:
        step()
        rule, wrong = refused[meeting.state]
        with pytest.raises(Refused) as found:
            wrong()
        assert found.value.rule == rule
    with pytest.raises(Refused, match=r"meeting\.not-concluded"):
        InMemory().meeting.seal()


def test_the_clock_of_the_act_is_its_own() -> None:
    assert Act("Ash", datetime(2026, 1, 1, tzinfo=UTC), bytes).noted_at is None
