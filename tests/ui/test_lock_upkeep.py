"""An open store is looked after beside the work: backups, damage, room, and a folder it must not stay in."""

import shutil
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from time import monotonic

import pytest
from pytestqt.qtbot import QtBot

from app import resources
from app.services import cases, rotating
from app.services.exchange import import_record
from app.services.opening import open_store
from app.services.place import trouble
from app.services.sitting import Sitting
from app.services.unfinished import Kept
from app.ui.case.screen import CaseScreen
from app.ui.home.screen import HomeScreen
from app.ui.kit.lane import Lane
from app.ui.lock.screen import LockScreen
from app.ui.meeting.screen import MeetingScreen
from app.ui.shell.parting import Parting
from app.ui.shell.passage import Passage
from app.ui.shell.succession import Standing
from app.ui.shell.upkeep import Upkeep
from app.ui.shell.window import MainWindow
from tests.builders import Clock
from tests.ui.unlocking import PASSPHRASE, SLOW, a_store, come_in, unlock

PAGE = 4096


@pytest.fixture
def store(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a closed store in which somebody signs, with the short sample in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "store"
    sitting = a_store(folder, clock)
    import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    sitting.close()
    return folder


def flip_a_bit(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))


def test_a_store_found_damaged_by_its_backup_is_told_and_a_sound_backup_is_one_press_away(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    sitting = open_store(store, PASSPHRASE, clock)
    assert rotating.back_up_now(sitting) == ""
    cases.open_case(sitting, "NM-2026-0114")
    with sitting.store.connection() as connection:
        # nobody has been in need of this page yet
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'legal_hold'").scalar_one()
    sitting.close()
    flip_a_bit(store / "vault.db", page * PAGE - 100)
    passage = come_in(qtbot, window, store, clock)
    qtbot.waitUntil(lambda: "The store is damaged" in window.banner.text, timeout=SLOW)
    assert "Bring back the newest good backup, made on" in window.banner.text
    assert window._do.isVisible()
    window._do.click()
    lock = window.screen_on_show
    assert isinstance(lock, LockScreen)
    assert passage.gate.sitting is None
    qtbot.waitUntil(lock.mending.isVisible, timeout=SLOW)
    qtbot.keyClicks(lock._passphrase.line, PASSPHRASE)
    with qtbot.waitSignal(lock.mending.mended, timeout=SLOW):
        lock.mending._do.click()
    lock._passphrase.empty()
    unlock(qtbot, window)

    assert isinstance(window.screen_on_show, HomeScreen)
    assert passage.gate.sitting is not None
    assert rotating.back_up_now(passage.gate.sitting) == ""


def test_words_half_typed_do_not_wait_for_the_check_of_a_backup(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    passage = come_in(qtbot, window, store, clock)
    gate, going_on, heard = passage.gate, Event(), []
    gate.lane.run(lambda: [going_on.wait(60), lambda: None][1], window, aside=True)
    assert gate._keeper is not None
    passage.begin_meeting()
    gate._keeper.look()
    gate.lane.run(lambda: lambda: heard.append("after the words"), window)
    qtbot.waitUntil(lambda: bool(heard), timeout=SLOW)
    kept = gate.sitting.store.unfinished()
    going_on.set()

    assert kept["place"] == "new:"


def test_a_check_under_way_is_broken_off_when_the_person_locks_or_leaves(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    passage = come_in(qtbot, window, store, clock)
    upkeep = passage.gate._upkeep
    assert isinstance(upkeep, Upkeep)
    upkeep.begin()
    passage.gate.lock()
    left = list((store / "backups").iterdir())

    assert isinstance(window.screen_on_show, LockScreen)
    # one may be made at the lock; nobody is still at one
    assert not [path for path in left if path.name.startswith(".")]
    with open_store(store, PASSPHRASE, clock).store.connection():
        pass


def test_a_large_store_is_locked_as_quickly_as_a_small_one_and_no_half_backup_stays(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    with sitting.store.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (x BLOB)")
        connection.exec_driver_sql("INSERT INTO ballast VALUES (zeroblob(300000000))")
        connection.commit()
    began = monotonic()
    Parting(sitting, Kept("", {})).end(lane, 0.6)
    took = monotonic() - began
    qtbot.waitUntil(lambda: all(work.name != "parting" for work in enumerate_threads()), timeout=SLOW)

    assert took < 1
    assert not list(sitting.store.folder.glob("backups/.*"))


def test_a_disk_that_is_nearly_full_is_told_once_until_there_is_room_again(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    passage = come_in(qtbot, window, store, clock)
    assert passage.gate._upkeep is not None
    enough = passage.gate.sitting.store.least_free
    said: list[str] = []
    passage.gate._upkeep.short.connect(said.append)
    # more than there ever is: any disk is nearly full then
    passage.gate.sitting.store.least_free = 1 << 60
    cases.open_case(passage.gate.sitting, "NM-2026-0114")
    for _ in range(2):
        passage.gate._upkeep.look()
    assert "nearly full" in window.banner.text
    passage.gate.sitting.store.least_free = enough
    cases.open_case(passage.gate.sitting, "NM-2026-0115")
    passage.gate._upkeep.look()

    assert len(said) == 1


def test_a_store_in_a_synchronised_folder_is_moved_from_the_lock_screen_and_opens_there(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "Dropbox"
    (bad / ".dropbox.cache").mkdir(parents=True)
    shutil.move(store, bad / "store")
    assert trouble(bad / "store")
    passage = Passage(window, bad / "store", clock)
    passage.gate.enter()
    window.show()
    lock = window.screen_on_show
    assert isinstance(lock, LockScreen)
    qtbot.waitUntil(lock.moving.isVisible, timeout=SLOW)
    lock.moving._do.click()
    qtbot.waitUntil(lambda: window.screen_on_show is not lock, timeout=SLOW)
    after = window.screen_on_show
    assert isinstance(after, LockScreen)
    new = tmp_path / "data" / "Chairside" / "store"
    assert str(new) in after._saying.text
    assert (new / "vault.db").is_file()
    assert [path.name for path in (bad / "store").iterdir()] == ["moved-to.txt"]
    unlock(qtbot, window)

    assert isinstance(window.screen_on_show, HomeScreen)
    assert passage.gate.sitting.store.folder == new


def test_the_successor_of_a_moved_store_is_told_where_it_is(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    passage = Passage(window, store, clock)
    passage.gate.enter(Standing(str(store), told="The store was moved."))
    lock = window.screen_on_show

    assert isinstance(lock, LockScreen)
    assert lock._saying.text == "The store was moved."


def test_what_was_half_typed_about_a_case_is_forgotten_when_it_is_disposed_of(
    qtbot: QtBot, window: MainWindow, store: Path, clock: Clock
) -> None:
    passage = come_in(qtbot, window, store, clock)
    sitting = passage.gate.sitting
    case = cases.list_cases(sitting)[0]
    meeting = cases.look_at(sitting, case.id).meetings[0].id
    stage = passage._stage
    passage.go_to_meeting(meeting)
    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, MeetingScreen))
    stage.take(Kept("", {f"prepared:{meeting}": "of the case", "new:": "of another"}))
    passage.go_to_case(case.id)
    screen = window.screen_on_show
    assert isinstance(screen, CaseScreen)
    stage._kept[("meeting", meeting)] = LockScreen(store, clock, passage.gate.lane)
    screen._on_disposed()

    assert stage._kept == {}
    assert dict(stage.kept().words) == {"new:": "of another"}
