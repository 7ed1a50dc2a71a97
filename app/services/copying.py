"""Copies of a whole store: made, opened and checked before they count, and brought back without overwriting."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.services.keeping import NotWritten
from app.services.opening import CannotOpen, Clock, open_store
from app.services.proving import check_store
from app.services.sitting import Sitting
from app.store.faults import StoreFault
from app.store.store import FILE
from app.vault import backup


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup that was opened and found sound."""

    sha256: str
    entries: int


def back_up(sitting: Sitting, path: Path, passphrase: str) -> Copied:
    """Return what was written to ``path``, once it was opened with the passphrase and found sound.

    Raises ``NotWritten``, or ``CannotOpen`` where the passphrase is wrong or the copy is not sound, and leaves no file.
    """
    if path.exists():
        raise NotWritten("There is already a file of that name: choose another name for the backup.")
    path = path.absolute()
    part = path.with_name(f".{path.name}.part")
    store, end = sitting.store, sitting.store.end
    try:
        part.unlink(missing_ok=True)  # of a backup that was cut off
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".chairside-") as folder:
            copy = Path(folder) / FILE
            store.copy_to(copy)
            parts = {FILE: copy, "vault.keys": store.folder / "vault.keys"}
            facts = {"made": sitting.now().isoformat(), "seq": end.seq, "head": end.digest.hex()}
            digest = backup.write(part, parts, facts)
            _prove(part, Path(folder) / "check", passphrase, sitting.now)
        part.replace(path)
    except OSError as error:
        raise NotWritten(
            f"The backup could not be written ({error.strerror}): make room or choose another folder."
        ) from error
    except StoreFault as fault:
        raise NotWritten(f"The backup could not be made. {fault}") from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Copied(digest, end.seq)


def _prove(part: Path, folder: Path, passphrase: str, now: Clock) -> None:
    """Bring the copy back aside, as it would be in earnest; raises ``CannotOpen`` or ``NotWritten``."""
    try:
        restore(part, folder, passphrase, now)
    except CannotOpen as fault:
        if fault.wrong_secret:
            raise
        raise NotWritten(
            "The copy was not whole when it was opened and checked, so no backup was written: check the store and the "
            "room on the disk."
        ) from fault


def restore(path: Path, folder: Path, passphrase: str, now: Clock) -> int:
    """Bring a backup back into ``folder``, which must be empty or new, and return the length of its audit trail.

    Everything is checked beside the folder first; raises ``CannotOpen`` and leaves nothing where it is not sound.
    """
    folder = folder.absolute()
    aside = folder.with_name(f".{folder.name}.restoring")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CannotOpen("The folder is not empty, and restoring never overwrites: choose a new or empty folder.")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True, mode=0o700)
        facts = backup.read(path, aside)
        sitting = open_store(aside, passphrase, now)
        try:
            report = check_store(sitting)
            end = sitting.store.end
        finally:
            sitting.close()
        if report.findings or (end.seq, end.digest.hex()) != (facts.get("seq"), facts.get("head")):
            raise CannotOpen("This backup opens, but it is not sound: use another one; nothing was changed.")
        if folder.exists():
            folder.rmdir()
        aside.replace(folder)
    except backup.NotABackup as error:
        raise CannotOpen(str(error)) from error
    except OSError as error:
        raise CannotOpen(f"The backup cannot be read or brought back ({error.strerror}).") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return report.entries
