"""The store in the real window, by key presses alone: encrypted anew, locked, and moved to a better place."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services.meetings import find, load
from app.services.opening import introduce, open_store
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
from app.store.faults import StoreFault
from app.store.store import Store
from app.vault import errors
from app.vault import keys as vault_keys
from tests.builders import a_store_of
from tests.journeys.screen import PATIENCE, NotSeen, Program, Screen, has_succeeded, until
from tests.journeys.strokes import keys, line

pytestmark = pytest.mark.window

PASSPHRASE = "seven lamps along the quiet river"
SAID = "Wattlebirds were heard before the door opened."
LOCKED_WITHIN = 1.0  # seconds
PICTURES = Path("out") / "window-store"
# the middle of a page; its lowest part, below what is pressed in it; and all there is below the buttons of the lock
# screen. In hundredths of the screen: left, top, width and height.
MIDDLE, LOWEST, BELOW = (25, 49, 45, 40), (30, 82, 40, 16), (30, 60, 40, 38)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a closed store in which somebody signs, with one meeting in session and its key on paper."""
    folder = tmp_path / "store"
    a_store_of(folder, PASSPHRASE, tmp_path / "paper.txt")
    sitting = open_store(folder, PASSPHRASE, now)
    introduce(sitting, "Kate Marsh", "Team manager", "")
    people = [PlannedPerson("Sam Okafor", "police", role="ds")]
    set_up(sitting, Plan(sitting.pack.meeting_types[0].id, "NM-1", [PlannedChild("Robin Sample")], people), begin=True)
    sitting.close()
    return folder


def go_in(window: Program, title: str) -> None:
    window.wait("^Locked")
    window.press(*line(PASSPHRASE))
    window.wait(title)


def holders(store: Path) -> list[int]:
    """Return the processes that the system says hold the lock of a store."""
    mark = f":{(store / 'vault.lock').stat().st_ino}"
    held = [row.split() for row in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    return [int(row[4]) for row in held if row[1] == "FLOCK" and row[5].endswith(mark)]


def on_paper(screen: Screen, picture: Path) -> tuple[str, list[str]]:
    """Return the recovery key that is on the screen, and the groups of it that are asked for in sight."""
    read = [sys.executable, str(Path(__file__).with_name("reading.py")), str(picture)]
    environment = screen.environment | {"PYTHONPATH": str(Path.cwd())}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        screen.shot(picture)
        done = subprocess.run(read, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            key, *asked = done.stdout.split()
            return key, [key.split("-")[int(number) - 1] for number in asked]
    raise NotSeen(f"no recovery key on the screen: {done.stderr}")


def drawn(screen: Screen) -> None:
    """Wait until a window that is new has anything in it: it is black before."""
    until(lambda: any(screen.part(*BELOW)), "a window with anything in it")


def drawn_after(screen: Screen, part: tuple[int, int, int, int], press: Callable[[], None]) -> None:
    """Press keys and wait until a part of the screen looks different, as somebody does who looks before typing on."""
    before = screen.part(*part)
    press()
    until(lambda: screen.part(*part) != before, "anything new")


def opens(act: Callable[[], object]) -> bool:
    try:
        act()
    except (errors.VaultError, StoreFault):
        return False
    return True


def statements(store: Path, reference: str) -> list[str]:
    sitting = open_store(store, PASSPHRASE, now)
    meeting = load(sitting, find(sitting, reference))
    found = [statement.text for statement in meeting.statements]
    sitting.close()
    return found


def test_after_everything_was_encrypted_anew_only_the_passphrase_and_the_key_on_the_new_paper_open_the_store(
    store, screen, tmp_path
):
    old_key = vault_keys.unlock(store, PASSPHRASE)
    old_paper = (tmp_path / "paper.txt").read_text(encoding="utf-8").strip()
    with Program(screen, store) as window:
        go_in(window, "^Home")
        window.press(keys("Return"))
        reference = window.wait(r"^[A-Z]+-\d{4}-\d+").removesuffix(" - Chairside")
        drawn_after(screen, MIDDLE, lambda: window.press(*line(SAID)))
        drawn_after(screen, MIDDLE, lambda: window.press(keys("ctrl+comma")))
        drawn_after(screen, LOWEST, lambda: window.press(keys("alt+c")))
        window.press(*line(PASSPHRASE))
        new_paper, groups = on_paper(screen, PICTURES / "new-key.png")
        # the second field comes into sight with the focus
        drawn_after(screen, LOWEST, lambda: window.press(*line(groups[0].lower())))
        again, groups = on_paper(screen, PICTURES / "new-key-second-group.png")
        window.press(*line(groups[-1].lower()))
        go_in(window, "^Home|^" + reference)
        screen.shot(PICTURES / "encrypted-anew.png")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    new_key = vault_keys.unlock(store, PASSPHRASE)
    assert again == new_paper
    assert len(groups) == 2
    assert new_key == vault_keys.unlock_with_recovery(store, new_paper) != old_key
    assert not opens(lambda: vault_keys.unlock_with_recovery(store, old_paper))
    assert not opens(lambda: Store.open(store, old_key).close())
    assert opens(lambda: Store.open(store, new_key).close())
    assert statements(store, reference) == [SAID]
    assert not (store / "vault.next").exists()


def test_a_lock_at_home_puts_another_program_in_the_place_of_the_first_while_nobody_else_gets_the_store(store, screen):
    with Program(screen, store) as window:
        go_in(window, "^Home")
        held = [holders(store)]

        def succeeded() -> bool:
            held.append(holders(store))
            return has_succeeded(window.process)

        assert not succeeded()
        begin = time.monotonic()
        window.press(keys("ctrl+l"))
        until(succeeded, "a successor")
        taken = time.monotonic() - begin
        window.wait("^Locked")
        held.append(holders(store))
        drawn(screen)
        screen.shot(PICTURES / "locked.png")
        go_in(window, "^Home")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    assert taken <= LOCKED_WITHIN
    assert held == [[window.process]] * len(held)
    assert not holders(store)


def test_a_store_in_a_synchronised_folder_is_moved_from_the_lock_screen_and_found_by_its_old_name(
    store, screen, tmp_path
):
    old, home = tmp_path / "Dropbox" / "store", tmp_path / "home"
    home.mkdir()
    old.parent.mkdir()
    store.rename(old)
    new = home / ".local" / "share" / "Chairside" / "store"
    with Program(screen, old, home=home) as window:
        window.wait("^Locked")
        until(lambda: len(set(screen.part(*BELOW))) > 1, "the offer to move it")
        screen.shot(PICTURES / "offered.png")
        window.press(keys("alt+m"))
        until(lambda: has_succeeded(window.process), "the store moved")
        window.wait("^Locked")
        drawn(screen)
        screen.shot(PICTURES / "moved.png")
        go_in(window, "^Home")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0
    left = [path.name for path in old.iterdir()]
    with Program(screen, old, home=home) as window:
        window.wait("^Locked")
        drawn(screen)
        screen.shot(PICTURES / "found.png")
        go_in(window, "^Home")
        window.press(keys("Return"))
        reference = window.wait(r"^[A-Z]+-\d{4}-\d+").removesuffix(" - Chairside")
        window.press(*line(SAID), keys("ctrl+q"))
        assert window.ended() == 0

    assert left == [path.name for path in old.iterdir()] == ["moved-to.txt"]
    assert statements(new, reference) == [SAID]
