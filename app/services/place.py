"""Where a store is looked for."""

import os
from pathlib import Path

VARIABLE = "CHAIRSIDE_STORE"
STORE_FILES = ("vault.keys", "vault.keys.new", "vault.keys.prev", "vault.db")


def store_folder(given: str | None = None) -> Path:
    """Return the folder of the store: the one given, else that of ``CHAIRSIDE_STORE``, else this person's own."""
    named = given or os.environ.get(VARIABLE, "")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError:  # nobody of that name: then it is a folder's own name
            return Path(named)
    # the first window waits for this module, and mostly for nothing in it
    from platformdirs import user_data_path

    return user_data_path("Chairside", appauthor=False, roaming=False) / "store"


def has_store(folder: Path) -> bool:
    """Return whether anything of a store is in ``folder``; quick, and nothing is opened."""
    return any((folder / name).exists() for name in STORE_FILES)
