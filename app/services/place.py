"""Where a store is looked for."""

import os
from pathlib import Path

from platformdirs import user_data_path

VARIABLE = "CHAIRSIDE_STORE"


def store_folder(given: str | None = None) -> Path:
    """Return the folder of the store: the one given, else that of ``CHAIRSIDE_STORE``, else this person's own."""
    named = given or os.environ.get(VARIABLE, "")
    return Path(named).expanduser() if named else user_data_path("Chairside", appauthor=False, roaming=False) / "store"
