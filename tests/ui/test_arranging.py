"""The settings, the local rules and writing them lead to each other in the window, and wait over a lock."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.ui.profile.editing import EditProfileScreen
from app.ui.profile.screen import ProfileScreen
from app.ui.settings.screen import SettingsScreen
from app.ui.shell.passage import Passage
from app.ui.shell.window import MainWindow
from tests.builders import Clock
from tests.ui.unlocking import come_in, unlock


def on_show(qtbot: QtBot, window: MainWindow, kind: type) -> object:
    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, kind))
    return window.screen_on_show


def at_the_editor(qtbot: QtBot, window: MainWindow, store: Path, clock: Clock) -> Passage:
    passage = come_in(qtbot, window, store, clock)
    passage._settle()
    settings = on_show(qtbot, window, SettingsScreen)
    assert isinstance(settings, SettingsScreen)
    settings.profile_wanted.emit()
    rules = on_show(qtbot, window, ProfileScreen)
    assert isinstance(rules, ProfileScreen)
    rules.edit.click()
    on_show(qtbot, window, EditProfileScreen)
    return passage


def test_from_the_settings_one_comes_to_writing_local_rules_and_back(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    at_the_editor(qtbot, window, signed_store, clock)
    editor = window.screen_on_show
    assert isinstance(editor, EditProfileScreen)
    editor.left.emit()
    rules = on_show(qtbot, window, ProfileScreen)
    assert isinstance(rules, ProfileScreen)
    rules.left.emit()
    on_show(qtbot, window, SettingsScreen)
    window.close()


def test_after_a_lock_the_page_of_local_rules_is_there_again(
    qtbot: QtBot, window: MainWindow, signed_store: Path, clock: Clock
) -> None:
    passage = at_the_editor(qtbot, window, signed_store, clock)
    before = window.screen_on_show
    passage.gate.lock()
    unlock(qtbot, window)
    assert on_show(qtbot, window, EditProfileScreen) is not before
    window.close()
