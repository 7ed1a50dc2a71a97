"""Files that leave the program: written whole, or not at all."""

import os
from contextlib import suppress
from pathlib import Path


class NotWritten(Exception):
    """A file could not be written; the text is one sentence."""


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, replacing what was there only once the new file is complete on the disk."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        why = error.strerror or "the disk refused it"
        raise NotWritten(f"The file could not be written ({why}): choose another folder or make room.") from error
