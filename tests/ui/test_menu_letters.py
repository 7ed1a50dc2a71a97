"""The letters of the menu bar, which nothing on a page may take: the key would do neither."""

import ast
import re
from pathlib import Path

from app import ui

MENU = re.compile(r"&[fmvh]", re.IGNORECASE)
# pages that are shown without the menu of the meeting, and what stands in a menu itself
LOCKED = {"lock", "shell"}
ENTRIES = {"About which c&hild", "Where does this come &from?", "&How the meeting is held"}


def test_no_button_and_no_field_of_a_page_takes_the_letter_of_a_menu() -> None:
    folder = Path(ui.__file__).parent
    taken = [
        (path.name, node.value)
        for path in sorted(folder.rglob("*.py"))
        if path.parent.name not in LOCKED
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and MENU.search(node.value)
    ]
    assert [(name, text) for name, text in taken if text not in ENTRIES and "&&" not in text] == []
