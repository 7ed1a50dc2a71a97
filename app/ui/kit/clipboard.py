"""The clipboard: what is copied here asks not to be kept, and is gone after half a minute."""

import sys
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

LASTS = 30_000  # milliseconds
_HINTS: Mapping[str, bytes] = {"x-kde-passwordManagerHint": b"secret"}
_WINDOWS_HINTS: Mapping[str, bytes] = {
    f'application/x-qt-windows-mime;value="{name}"': bytes(4)
    for name in (
        "ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
    )
}  # fmt: skip


def hints(platform: str) -> Mapping[str, bytes]:
    """Return the formats that ask the programs of a platform not to keep or send on what is copied."""
    return _WINDOWS_HINTS if platform == "win32" else _HINTS


def marked(copied: QMimeData, platform: str) -> QMimeData:
    """Return what was copied, with those formats beside it."""
    made = QMimeData()
    for kind in copied.formats():
        made.setData(kind, copied.data(kind))
    for kind, content in hints(platform).items():
        made.setData(kind, QByteArray(content))
    return made


class Clipboard(QObject):
    """Watches over whatever this program puts on the clipboard, from whichever field it comes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._board = QGuiApplication.clipboard()
        self._time = QTimer(self)
        self._time.setSingleShot(True)
        self._time.setInterval(LASTS)
        self._time.timeout.connect(self.clear)
        self._board.dataChanged.connect(self._on_copied)
        self._board.selectionChanged.connect(self._on_selected)

    def clear(self) -> None:
        """Take away what this program put there; what another put there since is theirs."""
        self._time.stop()
        if self._board.ownsClipboard():
            self._board.clear()
        self._on_selected()

    def _on_copied(self) -> None:
        if not self._board.ownsClipboard():
            self._time.stop()
            return
        copied = self._board.mimeData()
        if not copied.formats() or all(copied.hasFormat(kind) for kind in hints(sys.platform)):
            return
        self._board.setMimeData(marked(copied, sys.platform))
        self._time.start()

    def _on_selected(self) -> None:
        # X11 hands every selection to whoever presses the middle button
        if self._board.ownsSelection():
            self._board.clear(QClipboard.Mode.Selection)
