"""Asking for a file: the one place that opens such a dialog, so that none leaves a trace of what was opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

# The desktop's own dialogs write to its lists of recent files; Qt's own writes to its settings only.
_OURS = QFileDialog.Option.DontUseNativeDialog


def save_file(parent: QWidget, title: str, offered: str, kind: str) -> str:
    """Return where the person wants a file saved; empty where they do not."""
    with _without_trace():
        return QFileDialog.getSaveFileName(parent, title, offered, kind, options=_OURS)[0]


def open_file(parent: QWidget, title: str, kind: str, begin: str = "") -> str:
    """Return the file the person wants to open; empty where they want none."""
    with _without_trace():
        return QFileDialog.getOpenFileName(parent, title, begin, kind, options=_OURS)[0]


def open_folder(parent: QWidget, title: str, begin: str = "") -> str:
    """Return the folder the person chose; empty where they chose none."""
    with _without_trace():
        return QFileDialog.getExistingDirectory(parent, title, begin, options=_OURS | QFileDialog.Option.ShowDirsOnly)


@contextmanager
def _without_trace() -> Iterator[None]:
    """Let the dialog's settings, the folders it was in among them, go nowhere."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    try:
        yield
    finally:
        # Windows and macOS keep settings elsewhere than in a file with a path
        QSettings(QSettings.Scope.UserScope, "QtProject").remove("FileDialog")
