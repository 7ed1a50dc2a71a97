"""Keeping the memory of a process that knows a key to itself."""

import sys

# The first window waits for this module: nothing heavy is imported here.


def no_crash_files() -> None:
    """Keep the system from writing this process's memory to disk where it crashes; its children inherit that."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def no_onlookers() -> None:
    """Keep other programs of this person from reading this process's memory, where the system can do that."""
    if sys.platform == "linux":
        import ctypes

        dumpable = 4  # PR_SET_DUMPABLE of prctl(2)
        ctypes.CDLL(None).prctl(dumpable, 0, 0, 0, 0)
