"""The ways into a store, when it locks and where its backups are, all changed on the settings page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import locking, rotating, securing
from app.services.opening import CannotOpen, open_store, open_with_recovery_key
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.settings import key_acts
from app.ui.settings.backups import BackupsPart
from app.ui.settings.locking import LockingPart
from app.ui.settings.screen import SettingsScreen
from app.ui.settings.secrets import SecretsPart

SLOW = 30_000
PASSPHRASE = "four plain words here"
OTHER = "five quite plain words now"


@pytest.fixture
def part(qtbot: QtBot, sitting: Sitting, lane: Lane) -> SecretsPart:
    made = SecretsPart(sitting, lane)
    qtbot.addWidget(made)
    made.show()
    return made


def act_of(part: SecretsPart) -> key_acts.KeyAct:
    assert part._open is not None
    return part._open


def said(qtbot: QtBot, part: SecretsPart) -> str:
    """Return what is said once an act is over."""
    qtbot.waitUntil(lambda: part._open is None and bool(part._saying.text), timeout=SLOW)
    return part._saying.text


def reopened(sitting: Sitting) -> tuple[Path, object]:
    sitting.close()
    return sitting.store.folder, sitting.now


def test_the_passphrase_is_changed_once_both_spellings_agree_and_are_strong(
    qtbot: QtBot, sitting: Sitting, part: SecretsPart
) -> None:
    part._change.click()
    act = act_of(part)
    act.do.click()
    assert act.phrase.said
    act.phrase.text, act._new.text = PASSPHRASE, "short"
    act.do.click()
    assert "12" in act._new.said
    act._new.text, act._again.text = OTHER, "something else entirely"
    act.do.click()
    assert act._again.said
    act._again.text = OTHER
    qtbot.keyClick(act._again.line, Qt.Key.Key_Return)
    assert "from now on" in said(qtbot, part)
    folder, now = reopened(sitting)
    open_store(folder, OTHER, now).close()
    with pytest.raises(CannotOpen):
        open_store(folder, PASSPHRASE, now)


def test_a_wrong_passphrase_changes_nothing_and_keeps_what_was_typed(qtbot: QtBot, part: SecretsPart) -> None:
    part._change.click()
    act = act_of(part)
    act.phrase.text, act._new.text, act._again.text = "not the passphrase", OTHER, OTHER
    act.do.click()
    qtbot.waitUntil(lambda: act.do.isEnabled() and "does not open" in act.saying.text, timeout=SLOW)
    assert act._new.text == OTHER
    qtbot.keyClick(act.phrase.line, Qt.Key.Key_Escape)
    assert part._open is None


def test_a_new_recovery_key_opens_the_store_only_once_it_was_typed_back_from_the_paper(
    qtbot: QtBot, sitting: Sitting, part: SecretsPart
) -> None:
    assert "none; make one" in part._ways.text()
    part._renew.click()
    act = act_of(part)
    act.phrase.text = PASSPHRASE
    act.do.click()
    qtbot.waitUntil(lambda: act._new is not None and act.do.isEnabled(), timeout=SLOW)
    key = act._new.printed
    assert key.split("-")[0] in act._key._large.text()
    asked = securing.groups_to_prove(act._new)
    act.do.click()
    assert all(field.said for field in act._key.fields)
    for field, number in zip(act._key.fields, asked, strict=True):
        field.text = key.split("-")[number - 1].lower()
    qtbot.keyClick(act._key.fields[1].line, Qt.Key.Key_Return)
    assert "opens the store from now on" in said(qtbot, part)
    assert "Recovery key on paper: in use" in part._ways.text()
    folder, now = reopened(sitting)
    open_with_recovery_key(folder, key, now).close()


def test_a_recovery_key_that_was_shown_and_not_proved_opens_nothing(
    qtbot: QtBot, sitting: Sitting, part: SecretsPart
) -> None:
    part._renew.click()
    act = act_of(part)
    act.phrase.text = PASSPHRASE
    act.do.click()
    qtbot.waitUntil(lambda: act._new is not None and act.do.isEnabled(), timeout=SLOW)
    key = act._new.printed
    act._drop.click()
    folder, now = reopened(sitting)
    with pytest.raises(CannotOpen):
        open_with_recovery_key(folder, key, now)


def test_the_organisation_is_let_in_after_its_fingerprint_was_shown_and_shut_out_again(
    qtbot: QtBot, sitting: Sitting, part: SecretsPart, tmp_path: Path
) -> None:
    _, public, fingerprint = securing.new_escrow_key("Example Council", OTHER)
    (tmp_path / "council.pem").write_bytes(public)
    (tmp_path / "other.pem").write_bytes(b"not a key")
    part._escrow.click()
    act = act_of(part)
    act.do.click()
    assert "Choose the file" in act.saying.text
    act.take(tmp_path / "other.pem")
    assert act.saying.text
    assert not act._pem
    act.take(tmp_path / "council.pem")
    assert "Example Council" in act._chosen.text()
    assert fingerprint in act._chosen.text()
    act.phrase.text = PASSPHRASE
    act.do.click()
    assert "from now on" in said(qtbot, part)
    assert "Example Council" in part._ways.text()
    part._escrow.click()
    act_of(part).phrase.text = PASSPHRASE
    act_of(part).do.click()
    qtbot.waitUntil(lambda: "Organisation's key: none" in part._ways.text(), timeout=SLOW)


def test_without_a_keyring_the_computer_cannot_remember_and_says_why(qtbot: QtBot, part: SecretsPart) -> None:
    part._keyring.click()
    act = act_of(part)
    act.phrase.text = PASSPHRASE
    act.do.click()
    qtbot.waitUntil(lambda: act.do.isEnabled() and "passphrase" in act.saying.text, timeout=SLOW)
    assert "keyring: off" in part._ways.text()


def test_encrypting_anew_closes_the_store_which_then_opens_with_the_same_passphrase_and_the_new_key(
    qtbot: QtBot, sitting: Sitting, part: SecretsPart
) -> None:
    before = sitting.store.key
    part._anew.click()
    act = act_of(part)
    act.phrase.text = PASSPHRASE
    act.do.click()
    qtbot.waitUntil(lambda: act._new is not None and act.do.isEnabled(), timeout=SLOW)
    key = act._new.printed
    for field, number in zip(act._key.fields, securing.groups_to_prove(act._new), strict=True):
        field.text = key.split("-")[number - 1]
    with qtbot.waitSignal(part.store_closed, timeout=SLOW):
        act.do.click()
    folder, now = reopened(sitting)
    again = open_with_recovery_key(folder, key, now)
    assert again.store.key != before
    again.close()
    open_store(folder, PASSPHRASE, now).close()


def test_the_minutes_until_it_locks_are_kept(qtbot: QtBot, sitting: Sitting) -> None:
    part = LockingPart(sitting)
    qtbot.addWidget(part)
    assert part._minutes.value() == locking.USUAL
    part._minutes.setValue(12)
    assert locking.idle_minutes(sitting) == 12
    assert "12 minutes" in part._saying.text
    assert part._minutes.maximum() == 15


def test_a_backup_made_now_is_listed_and_copies_go_to_another_folder_too(
    qtbot: QtBot, sitting: Sitting, lane: Lane, tmp_path: Path
) -> None:
    part = BackupsPart(sitting, lane)
    qtbot.addWidget(part)
    (tmp_path / "drive").mkdir()
    part._keep_in(str(tmp_path / "drive"))
    assert str(tmp_path / "drive") in part._second.text()
    part._now.click()
    qtbot.waitUntil(lambda: part._now.isEnabled() and "opened and checked" in part._saying.text, timeout=SLOW)
    assert part._listing.count() == len(rotating.backups(sitting.store.folder)) >= 1
    assert any((tmp_path / "drive").iterdir())
    part._keep_in("")
    assert "no other folder" in part._second.text()


def test_the_settings_page_passes_on_that_the_store_has_to_be_opened_again(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SettingsScreen(sitting, lane)
    qtbot.addWidget(screen)
    with qtbot.waitSignal(screen.store_closed):
        screen.findChild(SecretsPart).store_closed.emit()
