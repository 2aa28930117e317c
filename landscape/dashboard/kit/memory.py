"""Memory: what nobody can reach any more is looked for, and what large work has freed goes back to the system.

Python looks through all that it knows for circles that nobody holds any more: modules, formulas, open pages, a third of
a million things, for longer than a script takes, while all others wait. Here that is done once a minute; in between
it looks at what has come since. C's allocator, too, keeps what was freed, and as many stores of it as there were
threads.
"""

import ctypes
import gc
from functools import cache
from threading import Thread
from time import sleep
from typing import Any

# Seconds.
EVERY = 60.0
# What malloc.h calls M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD: how many stores there are at most; from how many
# bytes on memory is asked of the system, and given back to it when it is freed; and how much of what is free a store
# keeps at its end, without which it would go to and fro. Left alone, the second grows up to 32 MB.
SETTINGS = {-8: 2, -3: 2**20, -1: 16 * 2**20}


@cache
def _library(name: str) -> Any:
    """A function of glibc's; nothing, where C's library has none of that name."""
    return getattr(ctypes.CDLL(None), name, lambda *_: None)


def give_back() -> None:
    _library("malloc_trim")(0)


def tidy() -> None:
    """Let go of what nobody can reach, and look at the rest no more until next time."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


@cache
def keep_tidy() -> None:
    """Begin to be tidy every minute, once for all viewers."""
    for setting, value in SETTINGS.items():
        _library("mallopt")(setting, value)
    Thread(target=_go_on, daemon=True).start()


def _go_on() -> None:
    while True:
        sleep(EVERY)
        tidy()
