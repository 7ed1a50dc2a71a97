"""Backups come about when they are needed, are checked, and go only when a newer one was opened and found sound."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import backups, copying, rotating
from app.services.backups import CHECKED, FAILED, PLACE, Notes
from app.services.keeping import NotWritten
from app.services.opening import CannotOpen, open_store
from app.services.sitting import Sitting
from app.store import reserve
from app.store.store import Store
from app.vault import backup, keys
from app.vault.passphrase import FLOOR
from tests.builders import START, Clock, an_act, trail
from tests.services.backing_up import (
    PHRASE,
    a_store_with_a_case,
    change,
    clock_of,
    folder_for,
    kept,
    later,
    names,
    note_all,
    seated,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store_with_a_case(tmp_path_factory.mktemp("made") / "store")


@pytest.fixture
def key(made: Path) -> bytes:
    return keys.unlock(made, PHRASE)


@pytest.fixture
def sitting(made: Path, tmp_path: Path, key: bytes) -> Iterator[Sitting]:
    """A sitting at a copy of that store, with a clock that a second passes whenever it is read."""
    with seated(shutil.copytree(made, tmp_path / "store"), key) as found:
        yield found


def test_the_first_opening_makes_a_backup_checks_it_and_says_nothing(sitting: Sitting) -> None:
    heard: list[str] = []
    assert rotating.at_opening(sitting, lambda what, _done, _of: heard.append(what)) == ""
    (one,) = kept(sitting)
    assert (one.verified, one.entries) == (True, 2)
    assert one.path.name == "backup-20261210T103001Z-000002.chairside-backup"
    assert {"Copying the store", "Checking the backup"} <= set(heard)
    assert trail(sitting.store)[-1][2] == "store.backed-up"
    assert names(one.path.parent) == [one.path.name, one.path.name + CHECKED]
    assert (sitting.store.folder / reserve.NAME).stat().st_size == reserve.SIZE


def test_a_store_in_which_nothing_was_changed_is_not_copied_again(sitting: Sitting) -> None:
    rotating.at_opening(sitting)
    with sitting.store.begin(sitting.act(), "case.read"):
        pass
    assert rotating.at_lock(sitting)
    assert rotating.at_opening(sitting) == ""
    assert len(kept(sitting)) == 1
    change(sitting)
    assert rotating.at_lock(sitting)
    assert [one.verified for one in kept(sitting)] == [False, True]


def test_new_keys_are_a_reason_for_a_backup_though_no_entry_changed_anything(sitting: Sitting, key: bytes) -> None:
    rotating.at_opening(sitting)
    keys.new_recovery_key(sitting.store.folder, key)
    later(sitting, hours=1)
    rotating.at_opening(sitting)
    assert len(kept(sitting)) == 2


def test_a_backup_made_at_locking_is_checked_at_the_next_opening(sitting: Sitting) -> None:
    assert rotating.at_lock(sitting)
    (one,) = kept(sitting)
    assert not one.verified
    assert rotating.at_opening(sitting) == ""
    assert [one.verified for one in kept(sitting)] == [True]


def test_a_copy_that_would_hold_up_locking_is_left_to_the_next_opening(sitting: Sitting) -> None:
    assert not rotating.at_lock(sitting, 0.0)
    assert not rotating.at_lock(sitting, 0.0001)
    assert kept(sitting) == []
    assert list(sitting.store.folder.glob(f"{PLACE}/*")) == []
    rotating.at_opening(sitting)
    assert len(kept(sitting)) == 1


def fill(sitting: Sitting, megabytes: int) -> None:
    with sitting.store.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (x BLOB)")
        for _ in range(megabytes):
            connection.exec_driver_sql("INSERT INTO ballast VALUES (zeroblob(1000000))")
        connection.commit()


class Stopwatch:
    """A clock on which some time passes from one look to the next; it knows how often somebody looked."""

    def __init__(self, pace: float) -> None:
        self.pace, self.looks = pace, 0

    def __call__(self) -> float:
        self.looks += 1
        return self.pace * self.looks


def test_a_large_store_is_copied_at_locking_as_far_as_the_time_goes_and_else_nothing_is_left(sitting: Sitting) -> None:
    fill(sitting, 100)
    place = sitting.store.folder / PLACE
    # a look for each megabyte that is copied, and for each that is read for its digest
    for looks in (2, 50, 98, 99, 150, 190):
        watch = Stopwatch(1 / looks)
        assert not rotating.at_lock(sitting, 1.0, watch)
        assert watch.looks <= looks + 2
        assert names(place) == []
    # on this computer, as fast as it is now
    began = time.monotonic()
    done = rotating.at_lock(sitting, 0.1)
    assert time.monotonic() - began < 2
    assert len(names(place)) == done
    assert rotating.at_lock(sitting, 1.0, Stopwatch(1 / 250))
    (one,) = kept(sitting)
    assert backup.check(one.path).parts[1].size > 100_000_000


def test_a_command_makes_its_backup_right_before_it_writes_and_none_where_it_does_not(sitting: Sitting) -> None:
    rotating.prepare(sitting)
    with sitting.store.read():
        pass
    assert kept(sitting) == []
    change(sitting)
    change(sitting)
    (one,) = kept(sitting)
    assert one.entries == 2
    assert backup.check(one.path).seq == 2


def test_a_person_may_always_have_one_made_now(sitting: Sitting) -> None:
    rotating.at_opening(sitting)
    later(sitting, minutes=1)
    assert rotating.back_up_now(sitting) == ""
    assert [one.verified for one in kept(sitting)] == [True, True]


def test_how_it_stands_is_one_sentence_and_warns_after_a_week(sitting: Sitting) -> None:
    assert "no checked backup" in rotating.standing(sitting)
    rotating.at_opening(sitting)
    assert rotating.standing(sitting) == "The newest checked backup is of 10 December 2026, 10:30."
    later(sitting, days=8)
    assert rotating.standing(sitting) == ("The newest checked backup is 8 days old, of 10 December 2026: make one now.")


def spoil(path: Path, place: int = -5000) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_backup_that_is_not_sound_is_told_kept_out_and_nothing_older_goes(sitting: Sitting) -> None:
    rotating.at_opening(sitting)
    change(sitting)
    rotating.at_lock(sitting)
    newest, older = kept(sitting)
    spoil(newest.path)
    said = rotating.settle(sitting)
    assert "is not sound" in said
    assert "All older backups are kept" in said
    assert [one.path for one in kept(sitting)] == [newest.path, older.path]
    assert not kept(sitting)[0].verified
    assert trail(sitting.store)[-1][2] == "store.checked"
    # it is said once, and the next opening makes a good one
    later(sitting, minutes=1)
    assert rotating.at_opening(sitting) == ""
    assert [one.verified for one in kept(sitting)] == [False, True]
    change(sitting)
    later(sitting, minutes=1)
    assert rotating.at_opening(sitting) == ""
    assert [one.verified for one in kept(sitting)] == [True, False, True]


def test_a_damaged_store_is_noticed_by_the_check_of_its_backup(sitting: Sitting) -> None:
    with sitting.store.connection() as connection:
        connection.exec_driver_sql("DROP TRIGGER sealed_audit_entry_update")
        connection.exec_driver_sql("UPDATE audit_entry SET kind = 'case.forgotten' WHERE seq = 2")
        connection.commit()
    said = rotating.at_opening(sitting)
    assert "check the store now" in said
    assert "entry 2" in said


def test_over_sixty_days_ten_latest_seven_daily_and_four_weekly_stay(sitting: Sitting, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    assert rotating.set_second_folder(sitting, str(second)) == ""
    for _day in range(60):
        for _sitting in range(2):
            rotating.prepare(sitting)
            change(sitting)
            note_all(sitting)
            assert rotating.settle(sitting) == ""
            later(sitting, hours=2)
        later(sitting, hours=18)
    found = kept(sitting)
    stay = {one.path for one in found}
    assert stay == rotating.kept(found)
    assert [one.made for one in found[:10]] == sorted((one.made for one in found), reverse=True)[:10]
    assert len({one.made.date() for one in found}) >= 7
    assert len({one.made.isocalendar()[:2] for one in found}) == 4
    assert 13 <= len(found) <= 16
    assert names(second) == names(sitting.store.folder / PLACE)
    for one in found:
        assert backup.check(one.path).is_signed(sitting.store.mac)
    # the newest opens with everything, in a process of its own
    proof = copying.prove_apart(found[0].path, sitting.store.key, aside=tmp_path)
    assert proof.findings == ()


def test_nobody_who_was_away_for_a_year_comes_back_to_fewer_backups(sitting: Sitting) -> None:
    for _ in range(14):
        later(sitting, days=1)
        change(sitting)
        rotating.at_lock(sitting)
    note_all(sitting)
    rotating.settle(sitting)
    before = kept(sitting)
    later(sitting, days=365)
    change(sitting)
    rotating.at_opening(sitting)
    assert set(before[:9]) <= set(kept(sitting))
    assert len({one.made.date() for one in kept(sitting)}) >= 7


def test_a_backup_that_changed_after_its_check_lets_no_older_one_go(sitting: Sitting) -> None:
    for _ in range(30):
        later(sitting, minutes=5)
        change(sitting)
        rotating.at_lock(sitting)
    note_all(sitting)
    spoil(kept(sitting)[0].path)
    said = rotating.settle(sitting)
    assert "not what it was when it was checked" in said
    assert len(kept(sitting)) == 30


def test_a_clock_that_once_ran_ahead_takes_no_backup_of_today_away(sitting: Sitting) -> None:
    later(sitting, days=1500)
    for _week in range(12):
        later(sitting, days=8)
        change(sitting)
        rotating.at_lock(sitting)
    note_all(sitting)
    later(sitting, days=-1596)
    today = clock_of(sitting).at.date()
    change(sitting)
    rotating.at_lock(sitting)
    note_all(sitting)
    assert rotating.settle(sitting) == ""
    assert kept(sitting)[-1].made.date() == today
    assert len(kept(sitting)) == rotating.LATEST + 1
    assert f"{today.day} December {today.year}" in rotating.standing(sitting)


def test_notes_of_somebody_else_take_no_backup_away_and_are_checked_again(sitting: Sitting, tmp_path: Path) -> None:
    other = Store.create(folder_for(tmp_path, "other"), bytes(32), an_act())
    forged = Notes(other)
    for _ in range(12):
        later(sitting, minutes=5)
        change(sitting)
        rotating.at_lock(sitting)
    for one in kept(sitting)[1:]:
        forged.write(one.path, backups.sha256_of(one.path), CHECKED)
    # the newest, which would let the others go, is not sound
    spoil(kept(sitting)[0].path)
    forged.write(kept(sitting)[0].path, backups.sha256_of(kept(sitting)[0].path), CHECKED)
    other.close()
    notes = Notes(sitting.store)
    assert not any(notes.says(one.path, CHECKED) for one in kept(sitting))
    for one in kept(sitting)[1:]:
        notes.write(one.path, backups.sha256_of(one.path), CHECKED)
    assert "not sound" in rotating.settle(sitting)
    assert len(kept(sitting)) == 12


def test_what_a_crash_left_half_made_is_taken_away_and_nothing_else(sitting: Sitting) -> None:
    place = folder_for(sitting.store.folder, PLACE)
    (place / ".checking-abc").mkdir()
    (place / ".checking-abc" / "vault.db").write_text("x")
    (place / ".backup-20261210T103000Z-000002.chairside-backup.part").write_text("half")
    (place / f"backup-20261210T103000Z-000001.chairside-backup{FAILED}").write_text("of one that is gone")
    (place / "letter.txt").write_text("Dear Sam")
    rotating.settle(sitting)
    assert names(place) == ["letter.txt"]


def test_backups_of_the_time_before_new_keys_are_left_alone_and_raise_no_alarm(
    sitting: Sitting, tmp_path: Path
) -> None:
    other = folder_for(tmp_path, "other")
    created = keys.create(other, PHRASE, kdf=FLOOR)
    store = Store.create(other, created.key, an_act())
    path = backups.add_to(other, store, START)
    store.close()
    rotating.at_opening(sitting)
    shutil.copy(path, sitting.store.folder / PLACE)
    assert rotating.settle(sitting) == ""
    assert len(kept(sitting)) == 2


def test_an_older_form_of_the_store_is_kept_in_a_backup_before_it_is_brought_to_the_newest(
    sitting: Sitting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = sitting.store.folder
    with sitting.store.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    sitting.store.close()
    before = (folder / "vault.db").read_bytes()
    # this store only says that it is older, so bringing it to the newest form fails, and what it was is safe
    with pytest.raises(CannotOpen, match=r"."):
        open_store(folder, PHRASE, Clock())
    (one,) = rotating.backups(folder)
    assert one.entries == 2
    (tmp_path / "aside").mkdir()
    backup.read(one.path, tmp_path / "aside")
    assert (tmp_path / "aside" / "vault.db").read_bytes() == before


def test_a_backup_that_cannot_be_written_keeps_nobody_from_saving(sitting: Sitting) -> None:
    (sitting.store.folder / PLACE).write_text("a file where the folder should be")
    rotating.prepare(sitting)
    change(sitting)
    assert sitting.store.end.seq == 3
    assert "could not be written" in rotating.at_opening(sitting)
    assert not rotating.at_lock(sitting)
    with pytest.raises(NotWritten):
        backups.add_to(sitting.store.folder, sitting.store, START)
