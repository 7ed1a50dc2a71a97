"""Records come in by the same acts as typing and go out again the same."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app import resources
from app.models.base import Refused
from app.models.meeting import State
from app.models.minutes import Minutes
from app.services import cases, deciding, entries, meetings, table
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.sitting import Sitting
from app.sharing.record import as_record
from app.store import trail
from tests.builders import a_room, a_sitting

MOMENTS = ("said_at", "noticed_at", "answered_at", "given_at", "decided_at", "raised_at", "agreed_at")
FOR_READERS = {"id", "state", "minutes"}


def sample(name: str) -> bytes:
    return resources.folder("sample", f"{name}.json").read_bytes()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "first", tmp_path / "second"
    one.mkdir()
    other.mkdir()
    return one, other


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    with a_sitting(tmp_path) as sitting:
        yield sitting


def in_time(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with the entries of each list in order of time, as they go out."""
    for name, listed in record["meeting"].items():
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            key = next((m for m in MOMENTS if m in listed[0] and name != "clearances"), None)
            if key:
                listed.sort(key=lambda entry: datetime.fromisoformat(entry[key]))
    return record


class Likeness:
    """Compares what a file says with what a store says, where ids differ but must stand for the same things."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def differences(self, said: Any, kept: Any, path: str = "") -> Iterator[str]:
        if isinstance(said, dict):
            yield from (f"{path}.{name} is lost" for name in said.keys() - kept.keys())
            for name in said.keys() & kept.keys():
                yield from self.differences(said[name], kept[name], f"{path}.{name}")
        elif isinstance(said, list):
            if len(said) != len(kept):
                yield f"{path} had {len(said)} entries and has {len(kept)}"
            for number, (one, other) in enumerate(zip(said, kept, strict=False)):
                yield from self.differences(one, other, f"{path}[{number}]")
        elif path.endswith("_at"):
            if datetime.fromisoformat(said) != datetime.fromisoformat(kept):
                yield f"{path} was {said} and is {kept}"
        elif isinstance(said, str) and "/" in said and path.endswith(".subject"):
            for one, other in zip(said.split("/"), kept.split("/"), strict=True):
                yield from self.differences(one, other, path)
        elif said != kept and not self.same_id(said, kept):
            yield f"{path} was {said!r} and is {kept!r}"

    def same_id(self, said: Any, kept: Any) -> bool:
        try:
            UUID(kept)
        except (ValueError, TypeError, AttributeError):
            return False
        return self.ids.setdefault(said, kept) == kept


def without_ids(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"meeting": {k: v for k, v in record["meeting"].items() if k not in FOR_READERS}}


@pytest.mark.parametrize("name", ["short", "full"])
def test_a_sample_goes_out_as_it_came_in(sitting: Sitting, name: str) -> None:
    meeting = import_record(sitting, sample(name))
    said, kept = json.loads(sample(name)), json.loads(export_meeting(sitting, meeting.id))
    assert list(Likeness().differences(without_ids(in_time(said)), kept)) == []


def test_what_went_out_comes_into_another_store_and_goes_out_the_same(folders: tuple[Path, Path]) -> None:
    with a_sitting(folders[0]) as first, a_sitting(folders[1]) as second:
        out = export_meeting(first, import_record(first, sample("full")).id)
        again = export_meeting(second, import_record(second, out).id)
    one, other = json.loads(out), json.loads(again)
    assert list(Likeness().differences(one, other)) == []
    assert list(Likeness().differences(other, one)) == []


def test_the_short_sample_is_concluded_without_any_reason_of_the_chair(sitting: Sitting) -> None:
    meeting = import_record(sitting, sample("short"))
    assert meeting.state is State.CONCLUDED
    assert meeting.clearances == []
    assert meeting.dissents == []
    assert all(decision.quorate for decision in meeting.decisions)


def test_the_short_sample_sets_the_conference_due_on_5_january_2027(sitting: Sitting) -> None:
    meeting = import_record(sitting, sample("short"))
    due = {d.limit_id: d.due_at.date().isoformat() for d in cases.load_case(sitting, meeting.case_id).deadlines}
    assert due["s47_icpc"] == "2027-01-05"


def test_the_full_sample_holds_what_a_hard_meeting_has(sitting: Sitting) -> None:
    meeting = import_record(sitting, sample("full"))
    came = {a.agency.name for a in meeting.attendances if a.came and a.agency}
    assert len(came) == 6
    assert len(meeting.children) == 2
    assert len(meeting.statements) >= 55
    assert any(s.restricted and s.speaker and s.speaker.agency.sector == "police" for s in meeting.statements)
    assert {d.kind.value for d in meeting.dissents} == {"dissent", "reservation"}
    assert all(d.read_back_at for d in meeting.dissents)
    assert {c.rule for c in meeting.clearances} == {"every-agency-heard", "every-gap-owned"}
    assert any(decision.departure for decision in meeting.decisions)
    assert any(gap.state.value == "not-asked" for gap in meeting.gaps)
    assert any(a.substitute_for for a in meeting.attendances)
    assert any(a.presences and a.presences[0].arrived_at > meeting.started_at for a in meeting.attendances)
    assert any(a.presences and a.presences[-1].left_at < meeting.concluded_at for a in meeting.attendances)
    for child in meeting.children:
        assert {"D1", "D2", "D4", "D12", "D13"} <= {d.question_id for d in meeting.decisions if d.child is child}


def test_who_was_there_when_a_decision_was_made_is_worked_out_from_the_stays(sitting: Sitting) -> None:
    meeting = import_record(sitting, sample("full"))
    first = meeting.decisions[0]
    assert "Colette Dubois" not in {w.attendance.name for w in first.witnesses}
    assert "Grace Oyelaran" in {w.attendance.name for w in first.witnesses}


def test_the_trail_says_when_it_happened_and_when_it_was_taken_in(sitting: Sitting) -> None:
    import_record(sitting, sample("short"))
    with sitting.store.connection() as connection:
        rows = connection.exec_driver_sql("SELECT head FROM audit_entry WHERE kind = 'statement.recorded'").all()
        assert list(trail.breaks(connection)) == []
    heads = [json.loads(row.head) for row in rows]
    assert heads[0]["happened"].startswith("2026-12-10T10:31:20")
    assert heads[0]["at"] != heads[0]["happened"]


def test_a_meeting_beyond_the_years_whose_holidays_are_known_comes_in_without_the_dates_nobody_knows(
    sitting: Sitting,
) -> None:
    meeting = import_record(sitting, sample("short").replace(b"2026-12", b"2034-12"))
    assert meeting.state is State.CONCLUDED
    assert "s47_icpc" not in {d.limit_id for d in cases.load_case(sitting, meeting.case_id).deadlines}


def test_a_prepared_meeting_comes_in_prepared(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    kept = ("reference", "type_id", "planned_at", "children", "method", "reason", "attendances")
    record["meeting"] = {name: record["meeting"][name] for name in kept}
    for person in record["meeting"]["attendances"]:
        del person["presences"]
    meeting = import_record(sitting, json.dumps(record).encode())
    assert meeting.state is State.PREPARED
    assert [a.name for a in meeting.attendances][1] == "Sam Okafor"
    assert meetings.start(sitting, meeting.id).state is State.IN_SESSION


def test_a_meeting_that_is_still_running_comes_in_where_it_stopped(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    said = record["meeting"]
    del said["concluded_at"], said["visits"][-1]["left_at"]
    meeting = import_record(sitting, json.dumps(record).encode())
    assert (meeting.state, meeting.current_item) == (State.IN_SESSION, "close")
    said["reference"], said["state"] = "SD-SAMPLE-PAUSED", "adjourned"
    said["visits"][-1]["left_at"] = "2026-12-10T10:49:50Z"
    assert import_record(sitting, json.dumps(record).encode()).state is State.ADJOURNED


def test_the_order_of_what_was_said_at_one_moment_is_kept(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    for number, statement in enumerate(record["meeting"]["statements"]):
        statement.update(said_at="2026-12-10T10:32:00Z", text=f"Number {number} of what was said at one moment.")
    meeting = import_record(sitting, json.dumps(record).encode())
    assert [s.text.split()[1] for s in meeting.statements] == [str(n) for n in range(len(meeting.statements))]


def test_the_same_file_twice_is_refused_the_second_time(sitting: Sitting) -> None:
    import_record(sitting, sample("short"))
    end = sitting.store.end
    with pytest.raises(Refused) as refused:
        import_record(sitting, sample("short"))
    assert refused.value.rule == "meeting.reference-taken"
    assert sitting.store.end == end


def test_a_second_meeting_of_a_case_joins_it(sitting: Sitting) -> None:
    first = import_record(sitting, sample("short"))
    record = json.loads(sample("short"))
    record["meeting"]["reference"] = "SD-SAMPLE-SECOND"
    record["case"]["people"].append({"name": "Casey Sample", "relation": "Uncle"})
    second = import_record(sitting, json.dumps(record).encode())
    assert second.case_id == first.case_id
    case = cases.load_case(sitting, first.case_id)
    assert [child.name for child in case.children] == ["Robin Sample"]
    assert [person.name for person in case.people] == ["Alex Sample", "Jordan Reed", "Kim Sample", "Casey Sample"]


def test_a_case_of_other_children_is_not_mixed_with_the_one_that_has_its_reference(sitting: Sitting) -> None:
    import_record(sitting, sample("short"))
    end = sitting.store.end
    record = json.loads(sample("short"))
    record["meeting"]["reference"] = "SD-SAMPLE-SECOND"
    record["case"]["children"][0]["born"] = "2021-03-14"
    with pytest.raises(BadRecord, match=r"case\.children\[0\]: is not, by name and date of birth"):
        import_record(sitting, json.dumps(record).encode())
    assert sitting.store.end == end


def test_a_meeting_typed_by_hand_goes_out_and_comes_in_the_same(folders: tuple[Path, Path]) -> None:
    with a_room(folders[0], children=2) as room, a_sitting(folders[1]) as second:
        meetings.open_item(room.sitting, room.meeting, "agencies", done=True)
        meetings.adjourn(room.sitting, room.meeting)
        meetings.resume(room.sitting, room.meeting)
        housing = table.name_agency(room.sitting, "housing", "Fernleigh Homes")
        entries.record_gap(room.sitting, room.meeting, "agencies", "Who holds the tenancy?", agency=housing.id)
        room.leave("Casey Example")
        room.arrive("Casey Example")
        room.settle()
        room.view("Drew Example", "unsure")
        seat = room.people["Casey Example"].id
        kind = deciding.DissentKind.RESERVATION
        dissent = deciding.record_dissent(room.sitting, room.meeting, "dissent", seat, kind, "I would wait a day.")
        deciding.read_back(room.sitting, dissent.id)
        room.conclude()
        out = export_meeting(room.sitting, room.meeting)
        again = export_meeting(second, import_record(second, out).id)
    one, other = json.loads(out), json.loads(again)
    assert list(Likeness().differences(one, other)) == []
    assert list(Likeness().differences(other, one)) == []


def test_a_record_from_an_older_pack_that_the_store_kept_runs_under_that_pack(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        older = room.sitting.pack.digest
        record = json.loads(export_meeting(room.sitting, room.meeting))
        files = {**room.sitting.pack_files}
        files["pack.toml"] = files["pack.toml"].replace(b'version = "', b'version = "9')
        newer = type(room.sitting)(
            room.sitting.store, room.sitting.pack.model_copy(update={"digest": "0" * 64}), files, "Ash Example",
            room.clock, room.sitting.chance,
        )  # fmt: skip
        record["meeting"]["reference"] = "SD-ANOTHER"
        assert import_record(newer, json.dumps(record).encode()).pack_digest == older


def test_a_record_under_a_pack_the_store_has_not_kept_runs_under_the_one_in_use(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    record["pack"]["digest"] = "f" * 64
    assert import_record(sitting, json.dumps(record).encode()).pack_digest == sitting.pack.digest


def test_somebody_of_no_agency_keeps_their_place(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    record["meeting"]["attendances"].append({"id": "interpreter", "name": "Ines Duarte", "capacity": "interpreter"})
    meeting = import_record(sitting, json.dumps(record).encode())
    assert [a.name for a in meeting.attendances if a.agency is None] == ["Ines Duarte"]


def test_sealed_minutes_go_out_as_their_digest_only(sitting: Sitting) -> None:
    record = json.loads(sample("short"))
    sealed = {
        "version": 1, "sealed_at": "2026-12-10T12:00:00Z", "signed_by": "Morgan Ellery", "fingerprint": "ab cd",
        "sha256": "0" * 64,
    }  # fmt: skip
    record["meeting"].update(state="sealed", minutes=[sealed])
    meeting = import_record(sitting, json.dumps(record).encode())
    assert meeting.state is State.CONCLUDED
    kept = Minutes(
        id=UUID(int=1), meeting=meeting, version=1, sealed_at=datetime(2026, 12, 10, 12, tzinfo=UTC),
        signed_by="Morgan Ellery", fingerprint="ab cd", sha256="0" * 64, pdf=b"%PDF", record=b"{}",
    )  # fmt: skip
    assert as_record(meeting, sitting.pack, [kept])["meeting"]["minutes"] == [sealed]


def test_there_is_nothing_to_export_of_a_meeting_that_is_not_there(sitting: Sitting) -> None:
    with pytest.raises(Refused, match=r"meeting\.unknown"):
        export_meeting(sitting, UUID(int=1))
