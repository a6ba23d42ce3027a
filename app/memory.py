"""Keeps the memory of this process to itself: no core dump, no look from outside (R28, R78)."""

import ctypes
import resource
import sys

_SET_DUMPABLE, _GET_DUMPABLE = 4, 3  # prctl(2)


def keep_private() -> None:
    """A crash leaves no copy of the memory, also where a program is given all core dumps.

    On Linux nobody but root can read the memory or the environment of this process either.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def is_private() -> bool:
    """Whether a crash of this process would leave no copy of its memory."""
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        return False
    return sys.platform != "linux" or not ctypes.CDLL(None).prctl(_GET_DUMPABLE, 0, 0, 0, 0)
