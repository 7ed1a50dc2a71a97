"""The other folder for backups: each checked backup is copied there, and it may be away for a while."""

import os
import shutil
from pathlib import Path

from app.services.backups import CHECKED, Notes, Told, found_in, sha256_of
from app.vault import backup, files


def carry(place: Path, folder: Path, notes: Notes, told: Told) -> str:
    """Copy each checked backup that the other folder does not have; return the sentence why not, or an empty text."""
    missing = [
        (one.path, digest)
        for one in found_in(place)
        if (digest := notes.says(one.path, CHECKED)) and not notes.says(folder / one.path.name, CHECKED)
    ]
    try:
        if not folder.is_dir():
            raise FileNotFoundError(2, "it is not there")
        for done, (path, digest) in enumerate(missing):
            told("Copying to the other folder", done, len(missing))
            _copy(path, folder / path.name, digest)
            notes.write(folder / path.name, digest, CHECKED)
    except OSError as error:
        return (
            f"The other folder for backups could not be used ({error.strerror or 'it was changed meanwhile'}): the "
            "backups beside the store are complete, and the copies are made when the folder is there again."
        )
    return ""


def is_away(folder: Path) -> bool:
    """Return whether the folder is not there, as a drive that was unplugged is not."""
    try:
        return not folder.is_dir()
    except OSError:
        return True


def _copy(path: Path, target: Path, digest: str) -> None:
    """Copy a backup, flushed and compared; raises ``OSError`` and leaves nothing where that fails."""
    if target.exists():
        # ours, and its note was lost; or of another store that had the same moment, and is left alone
        if sha256_of(target) != digest:
            raise FileExistsError(0, "another file has the name of a backup there")
        return
    with backup.part_of(target) as part:
        with path.open("rb") as source, part.open("xb") as out:
            part.chmod(0o600)
            shutil.copyfileobj(source, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        if sha256_of(part) != digest:
            raise OSError(0, "what was written read back differently")
        files.rename(part, target)
