"""What the trail notes about the machine: which one, since which start, and a clock that never goes back."""

import platform
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

BOOT = Path("/proc/sys/kernel/random/boot_id")


@cache
def _boot() -> str:
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def stamp() -> Mapping[str, Any]:
    """Return the machine's part of an entry's head; ``mono`` is in nanoseconds since an arbitrary start."""
    return {"boot": _boot(), "device": platform.node(), "mono": str(time.monotonic_ns()), "tz": "Europe/London", "v": 2}
