"""Keeps ReportLab on its own defaults; imported before anything of ReportLab's.

When it is imported, ReportLab runs modules called ``reportlab_mods`` and ``reportlab_settings``, wherever Python finds
them, or files of these names in the home folder, and reads ``RL_`` variables. Empty modules of those names come first,
so none of these files is ever run.
"""

import os
import sys
from types import ModuleType

_NAMES = ("reportlab_settings", "reportlab_mods", "reportlab.local_rl_settings", "reportlab.local_rl_mods")
_EMPTY = {name: ModuleType(name, "Empty on purpose.") for name in _NAMES}

if "reportlab" not in sys.modules:
    sys.modules.update(_EMPTY)
    for _variable in [name for name in os.environ if name.startswith("RL_")]:
        del os.environ[_variable]


def check() -> None:
    """Raise RuntimeError if ReportLab was imported before it could be kept from other people's settings."""
    if any(sys.modules.get(name) is not empty for name, empty in _EMPTY.items()):
        raise RuntimeError("ReportLab was imported before its settings were closed; import app.minutes first")
