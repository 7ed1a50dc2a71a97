"""The trail of one case, what else the trail is told of, and the mark by which an older store is noticed."""

import ast
import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import resources
from app.models.base import Refused
from app.services import backups, cases, exchange, meetings, noting, sealing, trailing
from app.services.marks import EVERY
from app.services.sitting import Sitting
from app.services.trailing import Group
from app.store.store import FILE, Store
from app.store.trail import told_of
from tests.builders import KEY, START, Clock, Room, a_room, a_sitting, national_files, national_pack, trail
from tests.store.test_trail import by_hand

ROOT = Path(__file__).parent.parent.parent
# what is done to the store as a whole, or to what several cases share
OF_NO_CASE = ("store", "signer", "preference", "agency", "keys")


@pytest.fixture(autouse=True)
def marks_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a place for its marks, as a person of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "Chairside" / "marks"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store") as made:
        yield made


def kinds(sitting: Sitting) -> list[str]:
    return [row[2] for row in trail(sitting.store)]


def told(sitting: Sitting, kind: str) -> dict[str, object]:
    return next(told_of(row[8]) for row in reversed(trail(sitting.store)) if row[2] == kind)


def opened(folder: Path, at: Clock | None = None) -> Sitting:
    store = Store.open(folder, KEY)
    sitting = Sitting(store, national_pack(), dict(national_files()), "Ash Example", at or Clock(), os.urandom)
    noting.opening(sitting)
    return sitting


def test_every_entry_of_a_played_meeting_says_of_which_case_it_is(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        meeting = exchange.import_record(sitting, resources.folder("sample", "full.json").read_bytes())
        sealing.introduce_chair(sitting, meeting.id)
        sealing.seal(sitting, meeting.id)
        sealing.minutes(sitting, meeting.id)
        with sitting.store.connection() as connection:
            rows = connection.exec_driver_sql("SELECT kind, case_id FROM audit_entry").all()
        nowhere = {kind for kind, case in rows if case is None}
        assert {kind.split(".")[0] for kind in nowhere} <= set(OF_NO_CASE), nowhere
        listed = trailing.of_case(sitting, meeting.case_id)
        assert len(listed) == sum(case == meeting.case_id.hex for _, case in rows)
        assert {"record.imported", "minutes.sealed", "minutes.read", "child.added"} <= {one.kind for one in listed}


def test_changing_what_is_known_of_the_family_is_in_the_trail_of_the_case(room: Room) -> None:
    person = cases.add_person(room.sitting, room.case.id, "Sam Sample", relation="Mother")
    cases.change_person(room.sitting, person.id, relation="Aunt")
    cases.change_child(room.sitting, room.child.id, whereabouts="At hospital")
    found = [one.kind for one in trailing.of_case(room.sitting, room.case.id)]
    assert found[:3] == ["child.changed", "person.changed", "person.added"]
    assert found[-1] == "case.opened"


def test_every_kind_of_act_has_plain_words() -> None:
    acts = {"begin", "looked", "given_out", "give_out", "_note", "changed", "changed_with_phrase", "_save"}
    found = {
        word.value
        for path in (ROOT / "app").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in acts
        for word in call.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value.count(".") == 1
        if not word.value.startswith(".")
    }
    assert {"case.read", "statement.recorded", "store.opened", "minutes.exported", "trail.exported"} <= found
    assert found <= set(national_pack().wording["act"])


def test_looking_at_a_case_a_meeting_and_minutes_is_noted_once_in_a_minute(room: Room) -> None:
    sitting = room.sitting
    for _ in range(3):
        cases.look_at(sitting, room.case.id)
        meetings.look_at(sitting, room.meeting)
        sealing.minutes(sitting, room.meeting)
    assert kinds(sitting)[-3:] == ["case.read", "meeting.read", "minutes.read"]
    room.clock.pass_by(minutes=1)
    cases.look_at(sitting, room.case.id)
    assert kinds(sitting)[-2:] == ["minutes.read", "case.read"]
    assert [one.group for one in trailing.of_case(sitting, room.case.id)[:4]] == [Group.READING] * 4


def test_a_file_that_is_given_out_is_known_by_its_digest(room: Room, tmp_path: Path) -> None:
    out = tmp_path / "record.json"
    content = exchange.export_meeting(room.sitting, room.meeting)
    noting.give_out(room.sitting, "record.exported", out, content, meeting=room.meeting)
    assert out.read_bytes() == content
    assert told(room.sitting, "record.exported")["size"] == len(content)
    first = trailing.of_case(room.sitting, room.case.id)[0]
    assert (first.group, first.meeting) == (Group.GIVEN_OUT, "CM-2026-0001")


def test_the_list_of_one_case_holds_nothing_of_another_and_nothing_that_was_typed(room: Room, tmp_path: Path) -> None:
    room.say("Casey Example", "A canary sang.")
    other = cases.open_case(room.sitting, "OTHER-1")
    cases.add_child(room.sitting, other.id, "Kestrel Canary")
    out = tmp_path / "trail.txt"
    trailing.save(room.sitting, room.case.id, out)
    text = out.read_text("utf-8")
    assert text.startswith("Case SAMPLE-1: who has done what\n")
    assert "Ash Example: Recorded what was said (CM-2026-0001)." in text
    assert not any(word in text for word in ("canary", "Canary", "OTHER", "Robin", "Casey"))
    assert kinds(room.sitting)[-1] == "trail.exported"
    assert [one.kind for one in trailing.of_case(room.sitting, other.id)] == ["child.added", "case.opened"]


def test_the_list_says_whether_the_chain_holds_and_where_it_breaks(room: Room) -> None:
    assert trailing.soundness(room.sitting).sentence.endswith("entries of the store holds.")
    with room.sitting.store.connection() as connection:
        by_hand(connection, "UPDATE audit_entry SET kind = 'case.read' WHERE seq = 3")
    holds = trailing.soundness(room.sitting)
    assert holds.breaks == (3,)
    assert "changed at entry 3" in holds.sentence


def test_a_case_is_found_by_reference_or_id(room: Room) -> None:
    wanted = (room.case.id, "SAMPLE-1")
    assert trailing.find_case(room.sitting, " SAMPLE-1 ") == wanted
    assert trailing.find_case(room.sitting, str(room.case.id)) == wanted
    for nothing in ("", "SAMPLE-2", "7"):
        with pytest.raises(Refused, match=r"case\.unknown"):
            trailing.find_case(room.sitting, nothing)


def test_a_clock_that_was_put_back_is_noted_and_nothing_is_refused(room: Room) -> None:
    room.say("Casey Example", "Before.")
    room.clock.at -= timedelta(hours=1)
    room.say("Casey Example", "After.")
    room.say("Casey Example", "And on.")
    entries = trailing.of_case(room.sitting, room.case.id)
    assert ["clock had been put back" in one.remark for one in entries[:3]] == [False, True, False]
    assert not trailing.soundness(room.sitting).breaks


def test_opening_and_locking_are_noted_with_how_and_after_how_many_wrong_tries(room: Room) -> None:
    room.sitting.close()
    again = Sitting(
        Store.open(room.sitting.store.folder, KEY), national_pack(), {}, "Ash", room.clock, os.urandom,
        opened_by="recovery", failed_tries=3,
    )  # fmt: skip
    noting.opening(again)
    assert told(again, "store.opened") == {"failed": 3, "how": "recovery"}
    again.close()
    last = opened(room.sitting.store.folder)
    assert kinds(last)[-3:] == ["store.opened", "store.locked", "store.opened"]
    last.close()


def played(folder: Path, acts: int = 3) -> tuple[Path, Path]:
    """Use a store twice and return its folder, and a copy of all of it as it was after the first time."""
    with a_sitting(folder) as first:
        noting.opening(first)
        cases.open_case(first, "SAMPLE-1")
        first.close()
    old = shutil.copytree(folder, folder.with_name("old"))
    later = opened(folder)
    for number in range(acts):
        cases.open_case(later, f"LATER-{number}")
    later.close()
    return folder, old


def put_back(old: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(old, folder)


def noticed(tmp_path: Path, times: int) -> int:
    """Return how often a whole older store was noticed when it was put back, of so many times."""
    folder, _ = played(tmp_path / "store")
    count = 0
    for turn in range(times):
        old, newer = (shutil.copytree(folder, tmp_path / f"{turn}-{age}") for age in ("old", "newer"))
        later = opened(newer)
        for number in range(turn % 3):
            cases.open_case(later, f"TURN-{turn}-{number}")
        later.close()
        put_back(old, folder)
        found = opened(folder)
        count += "older than when it was last used here on 10 December 2026" in found.rolled_back
        found.close()
        put_back(newer, folder)
        shutil.rmtree(old)
        shutil.rmtree(newer)
    return count


def test_a_whole_older_store_that_is_put_back_is_noticed_every_time(tmp_path: Path) -> None:
    assert noticed(tmp_path, 100) == 100


@pytest.mark.torture
def test_a_whole_older_store_that_is_put_back_is_noticed_a_thousand_times(tmp_path: Path) -> None:
    assert noticed(tmp_path, 1_000) == 1_000


def test_an_older_store_is_told_of_until_somebody_accepts_it(tmp_path: Path) -> None:
    folder, old = played(tmp_path / "store")
    put_back(old, folder)
    for _ in range(2):
        # what is done in it meanwhile makes it no newer
        found = opened(folder)
        assert found.rolled_back
        assert kinds(found)[-2:] == ["store.opened", "store.rolled-back"]
        for number in range(EVERY + 5):
            cases.open_case(found, f"IN-{found.store.end.seq}-{number}")
        found.close()
    found = opened(folder)
    noting.accept_as_it_is(found)
    assert not found.rolled_back
    found.close()
    again = opened(folder)
    assert not again.rolled_back
    again.close()


def test_a_store_that_ended_in_a_crash_or_was_never_marked_is_nothing_to_tell(
    tmp_path: Path, marks_folder: Path
) -> None:
    folder, _ = played(tmp_path / "store")
    crashed = opened(folder)
    for number in range(2 * EVERY):
        cases.open_case(crashed, f"MORE-{number}")
    (mark,) = marks_folder.iterdir()
    assert json.loads(mark.read_bytes())["seq"] >= crashed.store.end.seq - EVERY
    crashed.store.close()
    again = opened(folder)
    assert not again.rolled_back
    again.close()
    mark.unlink()
    unmarked = opened(folder)
    assert not unmarked.rolled_back
    unmarked.close()


def test_the_mark_is_for_its_owner_only_and_names_nobody(tmp_path: Path, marks_folder: Path) -> None:
    played(tmp_path / "store")
    (mark,) = marks_folder.iterdir()
    assert mark.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(mark.read_bytes())) == {"at", "head", "mac", "seq", "trail", "v"}


@pytest.mark.parametrize("how", ["seq", "head", "at", "mac", "trail", "cut", "empty", "other"])
def test_a_mark_that_was_changed_is_told_of(tmp_path: Path, marks_folder: Path, how: str) -> None:
    folder, _ = played(tmp_path / "store")
    (mark,) = marks_folder.iterdir()
    facts = json.loads(mark.read_bytes())
    match how:
        case "cut":
            mark.write_bytes(mark.read_bytes()[:-9])
        case "empty":
            mark.write_bytes(b"")
        case "other":
            mark.write_bytes(b"[1]")
        case "seq":
            mark.write_text(json.dumps(facts | {"seq": facts["seq"] - 1}))
        case _:
            mark.write_text(json.dumps(facts | {how: ("1" if facts[how][0] == "0" else "0") + facts[how][1:]}))
    found = opened(folder)
    assert "was changed or is damaged" in found.rolled_back
    found.close()


def test_a_folder_that_takes_no_mark_keeps_nothing_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    folder, old = played(tmp_path / "store")
    put_back(old, folder)
    found = opened(folder)
    assert not found.rolled_back
    found.close()


def test_acts_that_are_saved_together_are_marked_only_once_they_are_saved(tmp_path: Path, marks_folder: Path) -> None:
    folder, _ = played(tmp_path / "store")
    sitting = opened(folder)
    before = sitting.store.saved.seq

    def halfway() -> None:
        with sitting.store.together():
            for number in range(2 * EVERY):
                cases.open_case(sitting, f"NEVER-{number}")
            raise OSError("pulled out")

    with pytest.raises(OSError, match="pulled out"):
        halfway()
    (mark,) = marks_folder.iterdir()
    assert json.loads(mark.read_bytes())["seq"] <= before == sitting.store.end.seq
    sitting.store.close()
    again = opened(folder)
    assert not again.rolled_back
    again.close()


def test_without_a_mark_the_newest_backup_beside_the_store_tells_of_it(tmp_path: Path, marks_folder: Path) -> None:
    folder, old = played(tmp_path / "store")
    (folder / "vault.keys").write_bytes(b"{}")
    later = opened(folder)
    backups.add_to(folder, later.store, later.now())
    later.close()
    shutil.copyfile(old / FILE, folder / FILE)
    shutil.rmtree(marks_folder)
    found = opened(folder)
    assert "older than when it was last used" in found.rolled_back
    noting.accept_as_it_is(found)
    found.close()
    again = opened(folder)
    assert not again.rolled_back
    again.close()


def test_the_store_file_alone_put_back_is_noticed_too(tmp_path: Path) -> None:
    folder, old = played(tmp_path / "store")
    shutil.copyfile(old / FILE, folder / FILE)
    found = opened(folder, Clock(START + timedelta(days=1)))
    assert found.rolled_back
    found.close()
