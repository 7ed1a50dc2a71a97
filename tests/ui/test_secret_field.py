"""The field for a secret takes what a person could type again."""

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.kit.secret import SecretField


@pytest.mark.parametrize("around", ["\n", "\r\n", "\n\n"])
def test_a_line_break_that_came_along_with_a_pasted_passphrase_is_no_part_of_it(qtbot, around):
    field = SecretField("Passphrase")
    qtbot.addWidget(field)
    QApplication.clipboard().setText(f"{around} seven lamps\talong the river {around}")
    field.line.paste()
    assert field.text == " seven lamps\talong the river "
    QApplication.clipboard().clear()
