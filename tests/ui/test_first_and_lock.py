"""The first start and the lock screen, on a real store."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.opening import make_store, signer
from app.services.sitting import Sitting
from app.ui.first.presenter import judge, wrong_groups
from app.ui.first.screen import FirstScreen
from app.ui.first.steps import KeyStep, PassphraseStep, PersonStep
from app.ui.kit.lane import Lane
from app.ui.lock.screen import LockScreen

PASSPHRASE = "four plain words here"
SLOW = 20_000


def step_of(screen: FirstScreen, kind: type) -> object:
    current = screen.currentWidget()
    assert isinstance(current, kind), type(current)
    return current


def test_the_first_start_leads_to_a_store_with_somebody_to_sign_by_keys_alone(
    qtbot: QtBot, tmp_path: Path, lane: Lane, clock: object
) -> None:
    screen = FirstScreen(tmp_path / "store", clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    first = screen.findChild(PassphraseStep)
    qtbot.keyClicks(first.first.line, PASSPHRASE)
    qtbot.keyClick(first.first.line, Qt.Key.Key_Return)
    qtbot.keyClicks(first.second.line, PASSPHRASE)
    qtbot.keyClick(first.second.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(screen.currentWidget(), KeyStep), timeout=SLOW)

    key = screen.findChild(KeyStep)
    groups = dict(part.split() for part in key.key._large.accessibleName().split(", "))
    for field in key.key.fields:
        qtbot.keyClicks(field.line, groups[field.line.accessibleName().split()[1]].lower())
    qtbot.keyClick(key.key.fields[1].line, Qt.Key.Key_Return)
    person = step_of(screen, PersonStep)
    assert isinstance(person, PersonStep)
    assert not first.first.text
    assert not first.second.text
    qtbot.keyClicks(person.name.line, "Kate Marsh")
    with qtbot.waitSignal(screen.finished, timeout=SLOW) as finished:
        qtbot.keyClick(person.organisation.line, Qt.Key.Key_Return)

    sitting = finished.args[0]
    assert isinstance(sitting, Sitting)
    found = signer(sitting)
    assert found is not None
    assert found.name == "Kate Marsh"
    sitting.close()


def test_a_weak_or_mistyped_passphrase_is_said_beside_its_field() -> None:
    def strength(phrase: str) -> str:
        return "" if len(phrase) >= 12 else "too short"

    assert judge("short", "short", strength, "differ").first == "too short"
    assert judge(PASSPHRASE, "other", strength, "differ").second == "differ"
    assert judge(PASSPHRASE, PASSPHRASE, strength, "differ").usable


def test_a_group_that_is_not_on_the_paper_is_found() -> None:
    key = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH-JJJJ"

    assert wrong_groups(key, (2, 9), ("bbbb", "HHHH"), lambda a, b: a.casefold() == b.casefold()) == [1]


def test_the_lock_tells_a_wrong_passphrase_a_damaged_store_and_one_in_use_apart(
    qtbot: QtBot, tmp_path: Path, lane: Lane, clock: object
) -> None:
    folder = tmp_path / "store"
    made = make_store(folder, PASSPHRASE, clock)
    screen = LockScreen(folder, clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    said = set()

    def attempt(phrase: str) -> None:
        screen._passphrase.empty()
        qtbot.keyClicks(screen._passphrase.line, phrase)
        qtbot.keyClick(screen._passphrase.line, Qt.Key.Key_Return)
        qtbot.waitUntil(screen._open.isEnabled, timeout=SLOW)
        said.add(screen._passphrase.said or screen._saying.text)

    attempt("not the right words")
    attempt(PASSPHRASE)
    made.sitting.close()
    (folder / "vault.db").write_bytes(bytes(4096))
    attempt(PASSPHRASE)

    assert len(said) == 3
    assert all(said)


def test_the_printed_recovery_key_opens_what_the_passphrase_opens(
    qtbot: QtBot, tmp_path: Path, lane: Lane, clock: object
) -> None:
    folder = tmp_path / "store"
    made = make_store(folder, PASSPHRASE, clock)
    made.sitting.close()
    assert made.recovery_key
    screen = LockScreen(folder, clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    screen._other.click()
    qtbot.keyClicks(screen._recovery.line, made.recovery_key)
    with qtbot.waitSignal(screen.opened, timeout=SLOW) as opened:
        qtbot.keyClick(screen._recovery.line, Qt.Key.Key_Return)

    assert not screen._recovery.text
    opened.args[0].close()


def test_a_capital_without_shift_brings_a_word_about_caps_lock(
    qtbot: QtBot, tmp_path: Path, lane: Lane, clock: object
) -> None:
    screen = LockScreen(tmp_path, clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.keyClicks(screen._passphrase.line, "A")

    assert "Caps Lock" in screen._passphrase.line.accessibleDescription()


def test_tab_leads_from_the_passphrase_to_its_repetition(
    qtbot: QtBot, tmp_path: Path, lane: Lane, clock: object
) -> None:
    screen = FirstScreen(tmp_path / "store", clock, lane)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.focus_home()
    step = screen.findChild(PassphraseStep)
    qtbot.keyClick(step.first.line, Qt.Key.Key_Tab)

    assert screen.focusWidget() is step.second.line
