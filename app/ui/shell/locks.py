"""The computer's own lock and sleep: what the system tells programs about them, where it tells them."""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
_LOGIN = "org.freedesktop.login1"
# PySide's stub asks for bytes here, and its code takes nothing but the text that SLOT makes
_ON_ACTIVE: Any = SLOT("on_active(bool)")
_ON_LOCK: Any = SLOT("on_lock()")


class SystemLocks(QObject):
    """``locked`` when the screen of the computer locks or the computer is about to sleep."""

    locked = Signal()

    def listen(self) -> None:
        """Begin to listen; where the system has nobody who tells, nothing happens."""
        if sys.platform == "win32":
            from app.ui.shell.windows_locks import listen

            self._messages = listen(self.locked.emit)
        elif sys.platform != "darwin":
            self._listen_on_buses()

    def _listen_on_buses(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        if _has_session_bus():
            session = QDBusConnection.sessionBus()
            for saver in _SAVERS if session.isConnected() else ():
                session.connect("", "", saver, "ActiveChanged", self, _ON_ACTIVE)
        if _has_system_bus():
            system = QDBusConnection.systemBus()
            if system.isConnected():
                system.connect("", "", f"{_LOGIN}.Session", "Lock", self, _ON_LOCK)
                system.connect("", "", f"{_LOGIN}.Manager", "PrepareForSleep", self, _ON_ACTIVE)

    @Slot(bool)
    def on_active(self, active: bool) -> None:
        """Tell of a screen that locks, or a sleep that begins; not of its end."""
        if active:
            self.locked.emit()

    @Slot()
    def on_lock(self) -> None:
        """Tell of a session that locks."""
        self.locked.emit()


def _has_session_bus() -> bool:
    """Return whether there is a session bus; looking for one that is not there would start one."""
    own = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or own.exists()


def _has_system_bus() -> bool:
    usual = (Path("/run/dbus/system_bus_socket"), Path("/var/run/dbus/system_bus_socket"))
    return bool(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")) or any(path.exists() for path in usual)
