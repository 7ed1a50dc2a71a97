"""Keeps ReportLab on its own defaults; imported before anything of ReportLab's.

ReportLab runs a module called ``reportlab_settings`` or a file ``.reportlab_settings`` in the home folder when it is
imported, and reads ``RL_`` variables. An empty module of that name comes first, so neither file is ever run.
"""

import os
import sys
from types import ModuleType

_NAME = "reportlab_settings"
_EMPTY = ModuleType(_NAME, "Empty on purpose.")

if "reportlab.rl_config" not in sys.modules:
    sys.modules[_NAME] = _EMPTY
    for _variable in [name for name in os.environ if name.startswith("RL_")]:
        del os.environ[_variable]


def check() -> None:
    """Raise RuntimeError if ReportLab was imported before it could be kept from other people's settings."""
    if sys.modules.get(_NAME) is not _EMPTY:
        raise RuntimeError("ReportLab was imported before its settings were closed; import app.minutes first")
