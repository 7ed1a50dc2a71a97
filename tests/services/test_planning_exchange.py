"""Plans and their progress go out and come in with the record, and never as surer than they are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.models.plan import Done, Standing
from app.services import planning
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.plan_draft import drafted
from app.services.sitting import Sitting
from tests.builders import Room, a_sitting
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, but, conference, finish, make
from tests.services.test_exchange import Likeness


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Give the records of a conference that made a plan, and of a review that revised it and found what came of it."""
    with a_conference(tmp_path_factory.mktemp("records") / "store") as (room, first):
        plan = make(first)
        finish(first)
        review = conference(room, "rcpc")
        child, here = room.child.id, review.meeting
        outcome, step = plan.outcomes[0].line, plan.steps[0].line
        planning.note_progress(room.sitting, here, child, outcome, Done.PARTLY, change="Robin eats lunch.")
        planning.note_progress(room.sitting, here, child, step, Done.DONE, evidence="Notes of six visits.")
        review.choose(review.children[0], "C2", "plan")
        later = but(drafted(plan), visit_every=5, steps=drafted(plan).steps[:1])
        planning.revise(room.sitting, child, later, meeting_id=here)
        finish(review)
        return [said(room, first), said(room, review)]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    """Give a store that takes in nothing."""
    with a_sitting(tmp_path_factory.mktemp("other")) as sitting:
        yield sitting


def said(room: Room, held: Held) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(export_meeting(room.sitting, held.meeting))
    return record


def changed(record: dict[str, Any], other: Sitting) -> list[str]:
    """Return what is different of a record that is taken in and goes out again.

    The reasons for closing are all of one moment, so they have no order to keep.
    """
    kept = json.loads(export_meeting(other, import_record(other, bytes_of(record)).id))
    one, again = (each | {"meeting": {**each["meeting"], "clearances": []}} for each in (record, kept))
    return [*Likeness().differences(one, again), *Likeness().differences(again, one)]


def bytes_of(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def test_a_plan_and_its_review_come_in_as_they_went_out(records: list[dict[str, Any]], tmp_path: Path) -> None:
    assert "plans" not in records[0]["case"]
    assert [plan["version"] for plan in (*records[1]["case"]["plans"], *records[1]["meeting"]["plans"])] == [1, 2]
    with a_sitting(tmp_path / "second") as other:
        assert [changed(record, other) for record in records] == [[], []]


def test_a_review_by_itself_brings_the_plan_it_began_with(records: list[dict[str, Any]], tmp_path: Path) -> None:
    with a_sitting(tmp_path / "second") as other:
        assert changed(records[1], other) == []


def test_a_plan_that_ended_and_the_next_one_come_in_each_by_itself_with_their_numbers(tmp_path: Path) -> None:
    with a_conference(tmp_path / "first") as (room, first):
        make(first)
        finish(first)
        review = conference(room, "rcpc")
        review.choose(review.children[0], "C2", "no_plan")
        reason = "no_longer_significant_harm"
        planning.end(room.sitting, room.child.id, reason, "Three meals a day.", meeting_id=review.meeting)
        finish(review)
        again = conference(room)
        make(again)
        finish(again)
        records = [said(room, held) for held in (first, review, again)]
    assert [record["meeting"]["plans"][0]["standing"] for record in records] == ["in-force", "ended", "in-force"]
    (last,) = records[2]["meeting"]["plans"]
    assert (last["version"], last["earlier"], records[2]["case"].get("plans")) == (3, 1, None)
    for number, record in enumerate(records[1:]):
        with a_sitting(tmp_path / f"by itself {number}") as other:
            assert changed(record, other) == []


def test_a_plan_made_without_a_quorum_goes_out_as_interim_and_does_not_come_in_as_more(tmp_path: Path) -> None:
    with a_conference(tmp_path / "first") as (room, first):
        first.leave("manager")
        make(first)
        finish(first)
        record = said(room, first)
    (plan,) = record["meeting"]["plans"]
    assert plan["standing"] == "interim"
    plan["standing"] = "in-force"
    with a_sitting(tmp_path / "second") as other, pytest.raises(BadRecord, match="is worth no more than"):
        import_record(other, bytes_of(record))


def test_a_plan_that_was_written_and_never_decided_goes_out_as_interim(tmp_path: Path) -> None:
    with a_conference(tmp_path / "first") as (room, first):
        made = planning.revise(room.sitting, room.child.id, FULL, meeting_id=first.meeting)
        assert made.standing is Standing.IN_FORCE
        assert said(room, first)["meeting"]["plans"][0]["standing"] == "interim"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("meeting.progress[0].line", lambda r: r["meeting"]["progress"][0].update(line="nothing")),
        ("meeting.progress[1]", lambda r: r["meeting"]["progress"][1].update(line=r["meeting"]["progress"][0]["line"])),
        ("case.plans[0].made_at", lambda r: r["case"]["plans"][0].update(made_at=r["meeting"]["concluded_at"])),
        ("case.plans[0].child", lambda r: r["case"]["plans"][0].update(child="nobody")),
        ("case.plans[0].standing", lambda r: r["case"]["plans"][0].update(standing="ended")),
        ("meeting.plans[0].steps[0].due", lambda r: r["meeting"]["plans"][0]["steps"][0].update(due="soon")),
        ("meeting.plans[0].steps[0].owner", lambda r: r["meeting"]["plans"][0]["steps"][0].pop("owner")),
        ("meeting.plans[0].steps[0].text", lambda r: r["meeting"]["plans"][0]["steps"][0].update(text="\u200b")),
        ("meeting.plans[0].started_on", lambda r: r["meeting"]["plans"][0].update(started_on="2026-02-30")),
    ],
)
def test_what_cannot_be_in_a_plan_is_told_with_its_place(
    records: list[dict[str, Any]], other: Sitting, path: str, change: Any
) -> None:
    record = json.loads(bytes_of(records[1]))
    change(record)
    with pytest.raises(BadRecord) as found:
        import_record(other, bytes_of(record))
    assert path in {fault.path for fault in found.value.faults}
