"""The one place that knows where the program's own files are."""

import sys
from pathlib import Path


def folder(*parts: str) -> Path:
    """Return the path of a file or folder below ``resources``, in a checkout, a wheel or a frozen program.

    A checkout has the folder beside ``app``, a wheel inside it, PyInstaller beside its unpacked modules.
    """
    package = Path(__file__).resolve().parent
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    homes = [Path(frozen, "resources")] if frozen else [package / "_resources", package.parent / "resources"]
    for home in homes:
        if home.is_dir():
            return home.joinpath(*parts)
    raise FileNotFoundError("the program's own files are missing; please install Chairside again")
