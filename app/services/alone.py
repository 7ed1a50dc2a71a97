"""One window at a time with a store."""

from pathlib import Path

from app.services.place import has_store
from app.vault.holder import AlreadyHeld, Holder, hold, take_over

__all__ = ["AlreadyHeld", "Holder", "alone", "leave"]

# The first window waits for this module: nothing heavy is imported here.


def alone(folder: Path, inherited: int | None = None) -> Holder | None:
    """Return the lock on the store, kept until it is let go; None where nothing can be written beside the store.

    ``inherited`` is the lock of the process whose place this one took. Raises ``AlreadyHeld``; the other window comes
    to the front then.
    """
    taken = take_over(folder, inherited) if inherited is not None else None
    return taken or hold(folder)


def leave(holder: Holder) -> None:
    """Let another window have the store, and leave no trace where none was made."""
    holder.let_go(for_good=not has_store(holder.path.parent))
