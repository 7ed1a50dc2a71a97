"""Lists of rows: none is cut beside a scroll bar, and no name however long fills its row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QListWidgetItem, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.services import cases
from app.services.sitting import Sitting
from app.ui.home.screen import HomeScreen
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Entry, Listing
from tests.ui.test_pages import shown

LONG = "Robin " + "Sample " * 26 + "Example"
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def needed(listing: Listing, item: QListWidgetItem) -> float:
    """Return how high the words of a row are where they wrap at its width."""
    look = QStyleOptionViewItem()
    listing.initViewItemOption(look)
    look.rect = listing.visualItemRect(item)
    listing.itemDelegate().initStyleOption(look, listing.indexFromItem(item))
    room = listing.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, look, listing).width()
    margin = listing.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
    layout, wrapping = QTextLayout(item.text(), look.font), QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(wrapping)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room - 2 * margin)
        height += line.height()
    layout.endLayout()
    return height


@pytest.mark.parametrize("count", [3, 40])
def test_no_row_is_cut_whether_a_scroll_bar_stands_beside_it_or_not(qtbot: QtBot, count: int) -> None:
    listing = Listing("Dates due")
    shown(qtbot, listing)
    listing.show_entries(
        [
            Entry(n, f"Friday 4 September 2026: Review conference, Robin ({n:04}), overdue by {97 + n} days")
            for n in range(count)
        ]
    )
    bars = set()
    for width in range(250, 700, 5):
        listing.resize(width, 300)
        listing.grab()
        bars.add(listing.verticalScrollBar().isVisible())
        rows = [listing.item(row) for row in range(min(count, 4))]
        assert all(needed(listing, row) <= listing.visualItemRect(row).height() for row in rows), width
    assert bars == {count == 40}


def test_a_very_long_name_is_shortened_where_it_is_seen_and_whole_where_it_is_heard(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    case = cases.open_case(sitting, "NM-2026-0114")
    cases.add_child(sitting, case.id, LONG)
    screen = HomeScreen(sitting, lane)
    shown(qtbot, screen)
    row = screen._cases.item(0)

    assert row.text().startswith("NM-2026-0114: Robin Sample")
    assert row.text().endswith("…")
    assert len(row.text()) < 80
    assert row.data(SPOKEN) == row.toolTip() == f"NM-2026-0114: {LONG}"


def test_what_cannot_be_broken_into_lines_is_shortened_and_what_follows_it_still_shows() -> None:
    assert Entry(1, f"Due today: Visit ({'A' * 64}), overdue").shown == f"Due today: Visit ({'A' * 59}…), overdue"
    assert Entry(1, "NM-2026-0114: Robin Sample").shown == "NM-2026-0114: Robin Sample"
