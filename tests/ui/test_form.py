"""A form that opens in place: Esc never loses what was filled in without a word."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.kit.asked import Asked, Kind
from app.ui.kit.form import Form


def a_form(qtbot: QtBot, **values: str) -> tuple[Form, list[str]]:
    form = Form([Asked("who", "Who"), Asked("why", "Why", Kind.WORDS)])
    qtbot.addWidget(form)
    told: list[str] = []
    form.dropped.connect(lambda: told.append("dropped"))
    form.open("Somebody", values)
    with qtbot.waitActive(form):
        form.activateWindow()
    return form, told


def test_esc_puts_a_form_away_in_which_nothing_was_changed(qtbot: QtBot) -> None:
    form, told = a_form(qtbot, who="Casey Example")
    qtbot.keyClick(form.field("who").edit, Qt.Key.Key_Escape)
    assert (told, form.isHidden()) == (["dropped"], True)


def test_esc_says_first_that_something_would_be_lost_and_then_gives_it_up(qtbot: QtBot) -> None:
    form, told = a_form(qtbot, who="Casey Example")
    line = form.field("who").edit
    qtbot.keyClicks(line, " of the nursery")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (told, form.isHidden(), form.values["who"]) == ([], False, "Casey Example of the nursery")
    assert "Esc once more gives it up" in form._saying.text
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (told, form.isHidden()) == (["dropped"], True)


def test_whoever_went_on_typing_is_asked_again(qtbot: QtBot) -> None:
    form, told = a_form(qtbot)
    line = form.field("who").edit
    for words in ("Casey", " Example"):
        qtbot.keyClicks(line, words)
        qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (told, form.values["who"]) == ([], "Casey Example")


def test_what_was_taken_back_again_is_no_loss(qtbot: QtBot) -> None:
    form, told = a_form(qtbot)
    line = form.field("who").edit
    qtbot.keyClicks(line, "C")
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert told == ["dropped"]
