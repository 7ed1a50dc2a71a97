"""The operating system's keyring: only the kinds that keep a secret, and one plain sentence for all that can fail."""

import base64
import binascii
import sys
from typing import TYPE_CHECKING

from app.vault.errors import NoKeyring

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# `keyring` is imported inside the functions: it takes a fifth of a second, and most starts do not need it.

SERVICE = "Chairside"
SECRET_BYTES = 32

_TRUSTED = {
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.macOS.Keyring",
}
_ABSENT = {"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"}

_NONE = "This computer has no keyring that can be used."
_UNSAFE = "The keyring set up on this computer does not protect what it keeps, so it is not used."
_LOCKED = "The keyring of this computer is locked."
_SILENT = "The keyring of this computer did not do what was asked of it."
_EMPTY = "The keyring of this computer holds no key for this store."

# The back-ends let errors of the libraries below them through, each a plain Exception of its own.
_FOREIGN_FAILURES = (
    ("dbus", "DBusException"),
    ("gi.repository.GLib", "Error"),
    ("jeepney", "DBusErrorResponse"),
    ("secretstorage.exceptions", "SecretStorageException"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)


def keep(user: str, secret: bytes) -> None:
    """Put 32 bytes into the keyring and make sure they are there; raises NoKeyring."""
    backend = _backend()
    text = base64.b64encode(secret).decode("ascii")
    try:
        backend.set_password(SERVICE, user, text)
        kept = backend.get_password(SERVICE, user) == text
    except _failures() as failed:
        raise NoKeyring(_sentence(failed)) from None
    if not kept:
        raise NoKeyring(_SILENT)


def fetch(user: str) -> bytes:
    """Return the 32 bytes kept; raises NoKeyring, also where there are none."""
    backend = _backend()
    try:
        text = backend.get_password(SERVICE, user)
    except _failures() as failed:
        raise NoKeyring(_sentence(failed)) from None
    if text is None:
        raise NoKeyring(_EMPTY)
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise NoKeyring(_EMPTY)
    return secret


def erase(user: str) -> None:
    """Take the item out of the keyring, if it is there; raises NoKeyring."""
    from keyring.errors import PasswordDeleteError

    backend = _backend()
    try:
        backend.delete_password(SERVICE, user)
    except PasswordDeleteError:
        return
    except _failures() as failed:
        raise NoKeyring(_sentence(failed)) from None


def require() -> None:
    """Raise NoKeyring where there is none to be trusted. Nothing is asked of it, so no other window can come up."""
    _backend()


def _backend() -> "KeyringBackend":
    """Return the keyring that the person or the system chose, if it is one of those we trust."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    try:
        chosen = keyring.get_keyring()
        offered = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    except _failures() as failed:
        raise NoKeyring(_sentence(failed)) from None
    names = [f"{type(backend).__module__}.{type(backend).__qualname__}" for backend in offered]
    for name, backend in zip(names, offered, strict=True):
        if name in _TRUSTED:
            return backend
    raise NoKeyring(_NONE if set(names) <= _ABSENT else _UNSAFE)


def _failures() -> tuple[type[Exception], ...]:
    """Return what a keyring is known to raise; only a library that was loaded can have raised its own."""
    from keyring.errors import KeyringError

    found = (getattr(sys.modules.get(module), name, None) for module, name in _FOREIGN_FAILURES)
    foreign = tuple(kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception))
    return (KeyringError, OSError, RuntimeError, ImportError, AttributeError, ValueError, EOFError, *foreign)


def _sentence(failed: Exception) -> str:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(failed, (KeyringLocked, InitError)):
        return _LOCKED  # a keyring that cannot ask for its password is as good as locked
    return _NONE if isinstance(failed, (NoKeyringError, ImportError)) else _SILENT
