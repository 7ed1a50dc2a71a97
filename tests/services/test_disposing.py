"""Keeping, holding and disposing of cases, on a real store."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from app import resources
from app.models.base import Refused
from app.services import backups, cases, disposing, meetings, retaining, rotating, sealing
from app.services.exchange import import_record
from app.services.opening import introduce, make_store, signer
from app.services.proving import check_store
from app.services.undoing import undo
from app.store import disposing as taking
from app.store.checking import findings
from app.store.trail import breaks
from app.vault import backup, keys
from app.vault.passphrase import FLOOR
from tests.builders import START, TYPE, Clock, Room, a_new_room, a_room, dump, the_file
from tests.journeys.opener import in_plain

CANARY = "Quixotic-Heliotrope"
MARCH = date(2026, 3, 4)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose meeting is prepared."""
    with a_room(tmp_path / "store", started=False) as made:
        yield made


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose case speaks of the canary wherever it can, with sealed minutes."""
    created = keys.create(tmp_path / "store", "four plain words here", recovery=False, kdf=FLOOR)
    with a_new_room(tmp_path / "store", key=created.key) as made:
        sitting = made.sitting
        introduce(sitting, "Ash Example", "Team manager", "Example Council")
        cases.change_child(sitting, made.child.id, address=f"1 {CANARY} Street")
        cases.add_person(sitting, made.case.id, f"Sam {CANARY}")
        made.say("Casey Example", f"{CANARY} was seen at the door")
        made.say("Drew Example", f"{CANARY} was typed by mistake")
        undo(sitting, made.meeting)
        made.settle()
        made.conclude()
        sealing.seal(sitting, made.meeting)
        yield made


def close(room: Room, *, years: int = 1) -> None:
    """Close the case on a day, under a rule of so many years."""
    retaining.choose_policy(room.sitting, "after-closure", years, "Schedule CS12")
    retaining.close_case(room.sitting, room.case.id, room.clock.at.date())


def refused_with(room: Room, *, typed: str = "SAMPLE-1", earlier: str = "") -> Refused:
    before = dump(room.sitting.store), room.sitting.store.end
    with pytest.raises(Refused) as refused:
        disposing.dispose(room.sitting, room.case.id, typed, earlier=earlier)
    assert (dump(room.sitting.store), room.sitting.store.end) == before
    return refused.value


def pages(room: Room) -> bytes:
    """Return the store's file as it is without the encryption, free pages and all."""
    return in_plain(the_file(room.sitting.store).read_bytes(), room.sitting.store.key)


def test_how_long_a_case_is_kept_has_no_silent_default(room: Room) -> None:
    assert retaining.policy(room.sitting) is None
    retaining.close_case(room.sitting, room.case.id, MARCH)
    kept = retaining.keeping(room.sitting, room.case.id).kept

    assert kept.until is None
    assert "not decided yet" in kept.because
    assert refused_with(room).rule == "case.still-kept"


def test_minutes_are_not_sealed_before_somebody_has_said_which_marking_they_carry(
    tmp_path: Path,
) -> None:
    made = make_store(tmp_path / "store", "four plain words here", Clock(), recovery=False, kdf=FLOOR)
    with closing(made.sitting) as sitting:
        meeting = import_record(sitting, resources.folder("sample", "short.json").read_bytes())
        sealing.introduce_chair(sitting, meeting.id)
        assert retaining.marking(sitting) == ""
        assert retaining.marking_words(sitting) == "Marking not decided yet"
        with pytest.raises(Refused, match=r"minutes\.marking-not-chosen"):
            sealing.seal(sitting, meeting.id)
        retaining.choose_marking(sitting, "OFFICIAL")
        assert sealing.draw(sitting, meetings.load(sitting, meeting.id), signer(sitting)).document.marking.startswith(
            "OFFICIAL"
        )
        assert sealing.seal(sitting, meeting.id).version == 1


def test_a_rule_and_a_marking_are_chosen_changed_and_told_to_the_trail(room: Room) -> None:
    sitting = room.sitting
    retaining.choose_policy(sitting, "after-closure", 35, "Schedule CS12")
    retaining.choose_policy(sitting, "after-birth-of-youngest", 25, "Schedule CS13")
    retaining.choose_marking(sitting, " RESTRICTED ")

    chosen = retaining.policy(sitting)
    assert chosen is not None
    assert chosen.words == "Schedule CS13: until the youngest child is 25"
    assert retaining.marking(sitting) == retaining.marking_words(sitting) == "RESTRICTED"
    assert list(findings(sitting.store)) == []
    with pytest.raises(Refused, match=r"minutes\.marking-missing"):
        retaining.choose_marking(sitting, " ")


def test_a_case_is_closed_on_a_day_that_can_be_mended_and_taken_back(room: Room) -> None:
    sitting, case = room.sitting, room.case.id
    retaining.close_case(sitting, case, MARCH)
    retaining.close_case(sitting, case, MARCH + timedelta(days=1))

    assert retaining.keeping(sitting, case).closed_on == date(2026, 3, 5)
    retaining.reopen_case(sitting, case)
    assert retaining.keeping(sitting, case).closed_on is None
    with pytest.raises(Refused, match=r"case\.not-closed"):
        retaining.reopen_case(sitting, case)
    with pytest.raises(Refused, match=r"case\.closed-in-future"):
        retaining.close_case(sitting, case, date(2027, 1, 1))
    assert list(findings(sitting.store)) == []


def test_a_case_with_a_meeting_that_is_still_running_cannot_be_closed(tmp_path: Path) -> None:
    with a_room(tmp_path / "store") as room, pytest.raises(Refused, match=r"case\.meeting-open"):
        retaining.close_case(room.sitting, room.case.id, MARCH)


def test_a_hold_keeps_a_case_until_somebody_lifts_it_and_says_why(room: Room) -> None:
    sitting, case = room.sitting, room.case.id
    close(room)
    room.clock.pass_by(days=400)
    hold = retaining.place_hold(sitting, case, "A public inquiry asked for the record")

    assert refused_with(room, earlier="No longer needed").words["reason"] == "A public inquiry asked for the record"
    assert not retaining.keeping(sitting, case).due(room.clock.at.date())
    for reason, rule in (("", "hold.lifting-reason-missing"), ("The inquiry is over", "")):
        if rule:
            with pytest.raises(Refused, match=rule):
                retaining.lift_hold(sitting, hold.id, reason)
        else:
            retaining.lift_hold(sitting, hold.id, reason)
    with pytest.raises(Refused, match=r"hold\.not-there"):
        retaining.lift_hold(sitting, hold.id, "Again")
    with pytest.raises(Refused, match=r"hold\.reason-missing"):
        retaining.place_hold(sitting, case, " ")
    [kept] = retaining.keeping(sitting, case).holds
    assert (kept.placed_by, kept.lifted_by, kept.lifted_reason) == ("Ash Example", "Ash Example", "The inquiry is over")
    assert disposing.dispose(sitting, case, "SAMPLE-1").certificate["reference"] == "SAMPLE-1"


def test_cases_due_are_listed_and_nothing_is_disposed_of_by_itself(room: Room) -> None:
    sitting = room.sitting
    other = cases.open_case(sitting, "SAMPLE-2")
    cases.open_case(sitting, "SAMPLE-3")
    close(room)
    retaining.close_case(sitting, other.id, MARCH)
    today = date(2027, 6, 1)

    found = retaining.all_kept(sitting)
    assert [one.case.reference for one in found] == ["SAMPLE-2", "SAMPLE-1"]
    assert [one.case.reference for one in found if one.due(today)] == ["SAMPLE-2"]
    room.clock.pass_by(days=4000)
    assert len(retaining.all_kept(sitting)) == 2


@pytest.mark.parametrize("typed", ["", "SAMPLE-2", "sample-1"])
def test_a_case_goes_only_once_its_reference_is_typed(room: Room, typed: str) -> None:
    close(room)
    room.clock.pass_by(days=400)

    assert refused_with(room, typed=typed).rule == "case.reference-differs"


def test_a_case_that_is_open_or_still_kept_is_not_disposed_of_without_a_reason(room: Room) -> None:
    assert refused_with(room, earlier="It was entered twice").rule == "case.not-closed"
    close(room, years=35)
    refusal = refused_with(room)
    assert refusal.rule == "case.still-kept"
    assert "35 years" in refusal.words["because"]

    done = disposing.dispose(room.sitting, room.case.id, "SAMPLE-1", earlier="It was entered twice")
    assert done.certificate["reason"] == "It was entered twice"
    assert done.certificate["before_its_time"] is True


def test_after_disposal_nothing_of_the_case_is_left_and_the_trail_still_holds(sealed: Room) -> None:
    sitting = sealed.sitting
    close(sealed)
    sealed.clock.pass_by(days=400)
    before = sitting.store.end
    assert CANARY.encode() in pages(sealed)
    assert b"Robin Sample" in pages(sealed)

    done = disposing.dispose(sitting, sealed.case.id, "SAMPLE-1")

    assert done.trouble == ""
    for words in (CANARY, CANARY.lower(), "Robin Sample", "The accounts agree"):
        assert words.encode() not in pages(sealed)
        assert words.encode("utf-16-le") not in pages(sealed)
    assert check_store(sitting).findings == ()
    with sitting.store.connection() as connection:
        assert list(breaks(connection)) == []
    left = {name for name, rows in dump(sitting.store).items() if rows}
    assert left == {"agency", "practitioner", "pack_copy", "preference", "signer", "disposal"}
    assert sitting.store.end.seq > before.seq
    with pytest.raises(Refused, match=r"case\.unknown"):
        cases.load_case(sitting, sealed.case.id)


def test_the_certificate_says_what_went_and_what_remains_and_names_nobody_of_the_family(sealed: Room) -> None:
    close(sealed)
    sealed.clock.pass_by(days=400)
    end = sealed.sitting.store.end

    certificate = disposing.dispose(sealed.sitting, sealed.case.id, "SAMPLE-1").certificate

    assert certificate == disposing.certificate_of(sealed.sitting, sealed.case.id)
    assert certificate["disposed_by"] == "Ash Example"
    assert certificate["rule"] == "The rule is: Schedule CS12: 1 year after the case was closed."
    assert certificate["deleted"]["case_file"] == certificate["deleted"]["minutes"] == 1
    assert certificate["deleted"]["attendance"] == 4
    assert certificate["trail"]["before"] == {"entry": end.seq, "digest": end.digest.hex()}
    assert certificate["trail"]["after"]["entry"] == end.seq + 1
    assert certificate["remain"]["not_known"]
    text = disposing.file_of(certificate).decode()
    assert json.loads(text) == certificate
    for name in ("Robin", CANARY, "Casey", "Drew", "2021"):
        assert name not in text
    assert [one.reference for one in retaining.disposed(sealed.sitting)] == ["SAMPLE-1"]


def another_case(room: Room) -> Room:
    """Give the store a second case, with a meeting in session at which one of the same people sits."""
    sitting = room.sitting
    case = cases.open_case(sitting, "SAMPLE-2")
    child = cases.add_child(sitting, case.id, "Wren Sample", born=date(2022, 2, 2))
    meeting = meetings.prepare(sitting, case.id, TYPE, [child.id], planned_at=room.clock.at)
    other = Room(sitting, room.clock, case, [child], meeting.id)
    other.invite("police", "Casey Example", role="ds")
    meetings.start(sitting, meeting.id)
    other.arrive("Casey Example")
    other.say("Casey Example", "Wren was well")
    return other


def test_other_cases_are_untouched_and_go_on(sealed: Room) -> None:
    sitting = sealed.sitting
    other = another_case(sealed)
    close(sealed)
    sealed.clock.pass_by(days=400)
    before = dump(sitting.store)

    deleted = disposing.dispose(sitting, sealed.case.id, "SAMPLE-1").certificate["deleted"]

    after = dump(sitting.store, but=("audit_entry", "disposal"))
    for name, rows in after.items():
        assert all(row in before[name] for row in rows)
        assert len(before[name]) - len(rows) == deleted.get(name, 0)
    assert len(after["child"]) == len(after["statement"]) == 1
    other.say("Casey Example", "Wren is at school")
    undo(sitting, other.meeting)
    assert check_store(sitting).findings == ()


def test_a_second_case_is_disposed_of_after_the_first_and_the_trail_still_holds(sealed: Room) -> None:
    sitting = sealed.sitting
    other = another_case(sealed)
    close(sealed)
    sealed.clock.pass_by(days=400)
    disposing.dispose(sitting, sealed.case.id, "SAMPLE-1")
    with pytest.raises(Refused, match=r"case\.meeting-open"):
        disposing.dispose(sitting, other.case.id, "SAMPLE-2", earlier="It was made up")
    other.conclude()
    close(other)

    disposing.dispose(sitting, other.case.id, "SAMPLE-2", earlier="It was made up")

    assert check_store(sitting).findings == ()
    assert b"Wren" not in pages(sealed)
    assert [one.reference for one in retaining.disposed(sitting)] == ["SAMPLE-2", "SAMPLE-1"]


def test_what_stood_half_typed_about_the_case_goes_with_it_and_nothing_else_does(room: Room) -> None:
    store = room.sitting.store
    words = {f"meeting {room.meeting}": CANARY, f"case {room.case.id.hex}": CANARY, "home": "Wren"}
    store.keep_unfinished(words, room.clock())
    close(room)
    room.clock.pass_by(days=400)

    disposing.dispose(room.sitting, room.case.id, "SAMPLE-1")

    assert store.unfinished() == {"home": "Wren"}


def test_what_belongs_to_a_case_is_counted_without_touching_it(room: Room) -> None:
    store, before = room.sitting.store, dump(room.sitting.store)
    with store.connection() as connection:
        found = taking.belongings(connection, room.case.id)

    assert dump(store) == before
    assert found.rows["case_file"] == 1
    assert "agency" not in found.rows
    assert found.entries == tuple(sorted(found.entries))


def test_files_that_were_given_out_are_listed_by_their_digest(room: Room) -> None:
    sitting = room.sitting
    with sitting.store.begin(sitting.act(), "minutes.exported", room.meeting, told={"sha256": "ab" * 32, "size": 7}):
        pass
    with sitting.store.begin(sitting.act(), "authority.exported", room.meeting, told={"sha256": "cd" * 32, "size": 7}):
        pass

    remaining = disposing.what_remains(sitting, room.case.id)
    assert [(one.kind, one.sha256) for one in remaining.given_out] == [("minutes.exported", "ab" * 32)]


def test_the_backups_that_still_hold_the_case_are_named_with_the_day_they_go_at_the_latest(sealed: Room) -> None:
    sitting = sealed.sitting
    assert rotating.back_up_now(sitting, rotating.quiet) == ""
    close(sealed)
    sealed.clock.pass_by(days=400)
    remaining = disposing.what_remains(sitting, sealed.case.id)
    certificate = disposing.dispose(sitting, sealed.case.id, "SAMPLE-1").certificate

    assert [backup.path.name for backup in remaining.backups] == [
        backup["file"] for backup in certificate["remain"]["backups"]
    ]
    assert len(remaining.backups) == 1
    assert len(rotating.backups(sitting.store.folder)) == 2


def test_35_days_after_a_disposal_the_backups_that_still_hold_the_case_go(sealed: Room) -> None:
    sitting, told = sealed.sitting, rotating.quiet
    assert rotating.back_up_now(sitting, told) == ""
    [old] = rotating.backups(sitting.store.folder)
    close(sealed)
    done = disposing.dispose(sitting, sealed.case.id, "SAMPLE-1", earlier="It was made up")
    assert done.trouble == ""
    sealed.clock.pass_by(days=30)
    assert rotating.back_up_now(sitting, told) == ""
    assert old.path.exists()
    sealed.clock.pass_by(days=6)
    assert rotating.back_up_now(sitting, told) == ""
    assert not old.path.exists()
    assert len(rotating.backups(sitting.store.folder)) == 3


def a_backup(path: Path, header: bytes) -> Path:
    """Write a whole backup with these keys, and a database that nobody opens."""

    def database(out: BinaryIO) -> dict[str, object]:
        out.write(b"a database")
        return {"made": START.isoformat(), "seq": 9, "head": "0" * 64}

    backup.write(path, header, database, lambda _label, _data: bytes(32))
    return path


def test_35_days_after_a_disposal_no_backup_of_any_kind_that_holds_the_case_is_left(
    sealed: Room, tmp_path: Path
) -> None:
    sitting, told = sealed.sitting, rotating.quiet
    folder, key = sitting.store.folder, sitting.store.key
    place, second = folder / backups.PLACE, tmp_path / "second"
    second.mkdir()
    assert rotating.set_second_folder(sitting, str(second)) == ""
    assert rotating.back_up_now(sitting, told) == ""
    before_rekey = keys.rewrapped(folder, key, bytes(32), "four plain words here", bytes(20)).written()
    keys.create(tmp_path / "other", "four plain words here", recovery=False, kdf=FLOOR)
    [sound] = rotating.backups(folder)
    unsound = place / "backup-20261210T103001Z-000008.chairside-backup"
    unsound.write_bytes(sound.path.read_bytes()[:-1])
    gone = [sound.path, unsound, second / sound.path.name]
    theirs = []
    for where in (place, second):
        gone.append(a_backup(where / "backup-20261210T103002Z-000009.chairside-backup", before_rekey))
        keys_there = (tmp_path / "other" / "vault.keys").read_bytes()
        theirs.append(a_backup(where / "backup-20261210T103003Z-000009.chairside-backup", keys_there))
    assert "not sound" in rotating.settle(sitting)
    close(sealed)
    sealed.clock.pass_by(hours=1)
    assert disposing.dispose(sitting, sealed.case.id, "SAMPLE-1", earlier="It was made up").trouble == ""
    [clean, *_] = rotating.backups(folder)
    sealed.clock.pass_by(days=36)
    # nothing goes while no newer one is known to be sound
    content = clean.path.read_bytes()
    clean.path.write_bytes(b"spoilt")
    rotating.settle(sitting)
    assert all(path.exists() for path in gone if path.parent == place)
    clean.path.write_bytes(content)
    assert rotating.back_up_now(sitting, told) == ""
    assert [path for path in gone if path.exists()] == []
    assert all(path.exists() for path in theirs)


def test_a_backup_that_holds_the_case_goes_also_where_the_clock_ran_ahead_when_it_was_made(sealed: Room) -> None:
    sitting, told = sealed.sitting, rotating.quiet
    sealed.clock.pass_by(days=300)
    assert rotating.back_up_now(sitting, told) == ""
    [ahead] = rotating.backups(sitting.store.folder)
    sealed.clock.pass_by(days=-300)
    close(sealed)
    assert disposing.dispose(sitting, sealed.case.id, "SAMPLE-1", earlier="It was made up").trouble == ""
    [without] = [one for one in rotating.backups(sitting.store.folder) if one != ahead]
    sealed.clock.pass_by(days=36)
    assert rotating.back_up_now(sitting, told) == ""
    assert (ahead.path.exists(), without.path.exists()) == (False, True)


def test_a_backup_without_the_case_stays_also_where_the_clock_was_behind_when_it_was_made(sealed: Room) -> None:
    sitting, told = sealed.sitting, rotating.quiet
    close(sealed)
    assert disposing.dispose(sitting, sealed.case.id, "SAMPLE-1", earlier="It was made up").trouble == ""
    sealed.clock.pass_by(days=-2)
    assert rotating.back_up_now(sitting, told) == ""
    behind = rotating.backups(sitting.store.folder)[-1]
    sealed.clock.pass_by(days=38)
    assert rotating.back_up_now(sitting, told) == ""
    assert behind.path.exists()
