"""What Windows tells a window about its session being locked and the computer going to sleep."""

import sys

_SESSION_CHANGE, _SESSION_LOCK = 0x02B1, 0x7
_POWER, _SUSPEND = 0x0218, 0x4

if sys.platform == "win32":
    import ctypes
    from collections.abc import Callable
    from ctypes import wintypes

    from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
    from PySide6.QtGui import QGuiApplication

    class _Messages(QAbstractNativeEventFilter):
        """Reads the messages of our windows."""

        def __init__(self, locked: Callable[[], None]) -> None:
            super().__init__()
            self._locked = locked

        def nativeEventFilter(self, _kind: QByteArray | bytes, message: int) -> tuple[bool, int]:
            """Tell of a session that locks and of a computer that goes to sleep."""
            told = wintypes.MSG.from_address(int(message))
            if (told.message, told.wParam) in {(_SESSION_CHANGE, _SESSION_LOCK), (_POWER, _SUSPEND)}:
                self._locked()
            return False, 0

    def listen(locked: Callable[[], None]) -> object:
        """Call ``locked`` when Windows says that the session locks or the computer sleeps; keep what is returned."""
        application, window = QCoreApplication.instance(), QGuiApplication.focusWindow()
        if application is None or window is None:
            return None
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(int(window.winId()), 0)
        messages = _Messages(locked)
        application.installNativeEventFilter(messages)
        return messages
