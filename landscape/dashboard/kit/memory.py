"""Memory that large work has freed, given back to the system: C's allocator keeps it otherwise."""

import ctypes
from functools import cache
from typing import Any


@cache
def _trim() -> Any:
    """glibc's malloc_trim; None where C's library has none."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    trim = _trim()
    if trim is not None:
        trim(0)
