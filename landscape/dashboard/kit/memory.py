"""Memory: what nobody can reach any more is looked for, and what large work has freed goes back to the system.

Python looks through all that it knows for circles that nobody holds any more: modules, formulas, open pages, a third of
a million things, for longer than a script takes, while all others wait. Here that is done when no script runs; in
between it looks at what has come since. C's allocator, too, keeps what was freed, and as many stores of it as there
were threads.
"""

import ctypes
import gc
from contextlib import suppress
from functools import cache
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

from streamlit import runtime

from landscape.dashboard.kit.turns import TURNS

# Seconds.
EVERY = 30.0
# Without a script for so long nobody is kept waiting; after so long it is looked through all the same.
PAUSE, LONGEST = 5.0, 600.0
# As malloc.h has it, and how many threads may ask for memory without waiting for each other.
M_ARENA_MAX, ARENAS = -8, 2


@cache
def _library(name: str) -> Any:
    """A function of glibc's; nothing, where C's library has none of that name."""
    return getattr(ctypes.CDLL(None), name, lambda *_: None)


def give_back() -> None:
    _library("malloc_trim")(0)


def forget_the_left() -> None:
    """Close the sessions that nobody comes back to: Streamlit keeps those that have expired until others come."""
    if not runtime.exists():
        return
    server: Any = runtime.get_instance()
    done = Event()

    def close() -> None:
        for _, left in server._session_mgr._session_storage._cache.expire():
            left.session.shutdown()
        done.set()

    # A server that is told to end answers no more.
    with suppress(RuntimeError):
        server._get_async_objs().eventloop.call_soon_threadsafe(close)
        done.wait(1.0)


def tidy() -> None:
    """Let go of what nobody can reach, and look at the rest no more until next time."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@cache
def keep_tidy() -> None:
    """Begin to be tidy, once for all viewers."""
    _library("mallopt")(M_ARENA_MAX, ARENAS)
    Thread(target=_go_on, daemon=True).start()


def _go_on() -> None:
    looked = -LONGEST
    while True:
        sleep(EVERY)
        forget_the_left()
        if due(looked):
            tidy()
            looked = monotonic()
        give_back()


def due(looked: float) -> bool:
    """Whether to look through everything, after a look at that time: while a class is at work it waits."""
    return TURNS.idle > PAUSE or monotonic() - looked > LONGEST
