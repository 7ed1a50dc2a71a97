"""How things look: one style, and one scale of spaces from the system font."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QWidget

STYLE = "fusion"
_HINT = 0.7


def dress(app: QApplication, scheme: str = "") -> None:
    """Give the program its one style, and ``light`` or ``dark`` where that was asked for."""
    if app.style().name() != STYLE:
        app.setStyle(STYLE)
    if scheme:
        # most people keep the system's palette, and the first window need not wait for ours
        from app.ui.kit.schemes import palette

        app.setPalette(palette(scheme))
    else:
        _firm_up(app)
        # after the first picture
        QTimer.singleShot(0, app, lambda: app.styleHints().colorSchemeChanged.connect(lambda _scheme: _firm_up(app)))


def _firm_up(app: QApplication) -> None:
    """Show hints in empty fields at 4.5 to 1 or better; Qt's own are half as strong as text, which is too faint."""
    text = app.palette().color(QPalette.ColorRole.Text)
    text.setAlphaF(_HINT)
    colours = QPalette()
    colours.setColor(QPalette.ColorRole.PlaceholderText, text)
    app.setPalette(colours)


def space(steps: float = 1) -> int:
    """Return a distance on the one scale: a step is half the height of a line of text."""
    return max(1, round(QFontMetrics(QGuiApplication.font()).height() * steps / 2))


def letters(count: int) -> int:
    """Return the width of so many average letters."""
    return QFontMetrics(QGuiApplication.font()).averageCharWidth() * count


def lines(count: float) -> int:
    """Return the height of so many lines of text."""
    return round(QFontMetrics(QGuiApplication.font()).lineSpacing() * count)


def spread(layout: QLayout, margin: float = 0, gap: float = 1) -> None:
    """Set a layout's margins and spacing, in steps of the scale."""
    edge = space(margin) if margin else 0
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(space(gap) if gap else 0)


def sized(factor: float, *, bold: bool = False) -> QFont:
    """Return the system's font, larger by ``factor``."""
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    return font


def plain(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a text that wraps and is never read as markup."""
    label = QLabel(parent)
    label.setProperty("textFormat", "PlainText")  # by its name: see ``start``
    label.setWordWrap(True)
    label.setText(text)
    return label


def heading(text: str = "", level: int = 1, parent: QWidget | None = None) -> QLabel:
    """Return a heading of ``level`` 1 (of a page), 2 (of a part) or 3."""
    label = plain(text, parent)
    label.setFont(sized({1: 1.6, 2: 1.2}.get(level, 1.0), bold=True))
    return label
