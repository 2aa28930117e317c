"""Memory: what nobody can reach any more is looked for, and what large work has freed goes back to the system.

Python looks through all that it knows for circles that nobody holds any more: modules, formulas, open pages, a third of
a million things, for longer than a script takes, while all others wait. Here that is done when no script runs; in
between it looks at what has come since. C's allocator, too, keeps what was freed, and as many stores of it as there
were threads.
"""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from landscape.dashboard.kit.turns import TURNS

# Seconds between two looks at how much there is, and how many of them go by until all is looked through.
EVERY, LOOKS = 1.0, 30
# Without a script for so many seconds nobody is kept waiting; after so many it is looked through all the same.
PAUSE, LONGEST = 5.0, 600.0
# Bytes more than after the last time that are worth giving back.
MUCH = 32 * 2**20
# What malloc.h calls M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD: how many stores there are at most; from how
# many bytes on memory is asked of the system, and goes back to it when it is freed; and how much of what is free a
# store keeps at its end, without which it would go to and fro. Left alone, the last two grow to 32 and 64 MB.
SETTINGS = {-8: 2, -3: 2**20, -1: 4 * 2**20}

STATUS = Path("/proc/self/status")


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


# What is called where all have left.
_EMPTIED: list[Callable[[], None]] = []


def when_all_have_left(forget: Callable[[], None]) -> None:
    """From now on `forget` is called when nobody is there: what it lets go of serves those alone who are."""
    _EMPTIED.append(forget)


def tidy() -> None:
    """Let go of what nobody can reach, and look at the rest no more until next time."""
    if runtime.exists() and runtime.get_instance().state == RuntimeState.NO_SESSIONS_CONNECTED:
        for forget in _EMPTIED:
            forget()
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@cache
def keep_tidy() -> None:
    """Begin to be tidy, once for all viewers."""
    for setting, value in SETTINGS.items():
        _library("mallopt")(setting, value)
    # What has been imported by now stays: else it is looked through again and again while the pages are imported.
    gc.freeze()
    Thread(target=_go_on, daemon=True).start()


def _go_on() -> None:
    held, looked = taken(), monotonic()
    for look in count(1):
        sleep(EVERY)
        if look % LOOKS:
            held = give_back_much(held)
            continue
        forget_the_left()
        if due(looked):
            tidy()
            looked = monotonic()
        give_back()
        held = taken()


def due(looked: float) -> bool:
    """Whether to look through everything, after a look at that time: while a class is at work it waits."""
    return TURNS.idle > PAUSE or monotonic() - looked > LONGEST


def give_back_much(held: int) -> int:
    """Give back what is free, where far more is taken than the bytes held before; what is held now.

    Each store keeps what was freed in it: a class that comes at once has sixteen of them, before there is a limit.
    """
    if taken() > held + MUCH:
        give_back()
        return taken()
    return min(held, taken())


def taken() -> int:
    """Bytes of the machine's memory that this process has; 0 where the system does not say."""
    if not STATUS.exists():
        return 0
    return int(STATUS.read_text().split("VmRSS:")[1].split()[0]) * 1024
