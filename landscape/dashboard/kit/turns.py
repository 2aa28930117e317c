"""Turns: a few scripts at work at once, the others in line.

Python runs one thread at a time. Of fifty scripts that all want to run each gets a fiftieth, and so does the thread
that answers everybody; two in their turn are done sooner, and that thread has its own turn between them.

What takes long gives way between slices. Python alone does not see to it: a thread that waits for the lock asks for it
when nobody has let go of it for a while, and numpy lets go of it at every step, to take it back at once.
"""

import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident, local
from time import monotonic, sleep

PLACES = min(2, os.cpu_count() or 1)
# Seconds after which a script that is still at work keeps nobody waiting.
PATIENCE = 1.0
# Seconds of work after which who takes long gives way, for how long at least, and at most while a script is at work.
SLICE, MOMENT, COURTESY = 0.02, 0.001, 0.1
# Seconds after which a thread that waits asks for the lock: the one that answers everybody waits a dozen times for one
# answer. Python has 5 ms; with a tenth of that fifty viewers' scripts take a tenth longer.
HANDOVER = 0.002


class Turns:
    """At most `places` threads have a turn, first come, first served; one that has had it for `patience` seconds goes
    on, but counts no more."""

    def __init__(self, places: int, patience: float) -> None:
        self.places, self.patience = places, patience
        self._lock = Lock()
        # What wakes each thread that waits.
        self._line: deque[Event] = deque()
        # When each thread's turn began, by the monotonic clock.
        self._since: dict[int, float] = {}
        self._last = monotonic()
        # When this thread last gave way, by the monotonic clock.
        self._own = local()

    @property
    def idle(self) -> float:
        """Seconds for which nobody has had a turn."""
        with self._lock:
            return 0.0 if self._since or self._line else monotonic() - self._last

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it meanwhile."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Others have this thread's turn while it waits for something else; nothing, where it has none."""
        if get_ident() not in self._since:
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take()

    def give_way(self, _share: float = 1.0) -> None:
        """Called again and again by who takes long, as the progress of its work: others who want to run do so now and
        then, and a script whose turn is younger than `patience` first."""
        now = monotonic()
        if now - vars(self._own).setdefault("gave_way", now) < SLICE:
            return
        sleep(MOMENT)
        until = monotonic() + COURTESY
        while self._younger() and monotonic() < until:
            sleep(MOMENT)
        self._own.gave_way = monotonic()

    def _younger(self) -> bool:
        """Whether another has a turn that counts, and this thread has none."""
        late = monotonic() - self.patience
        with self._lock:
            counted = [thread for thread, since in self._since.items() if since > late]
        return bool(counted) and get_ident() not in counted

    def _take(self) -> None:
        me = Event()
        with self._lock:
            self._line.append(me)
        while True:
            with self._lock:
                me.clear()
                first = self._line[0] is me
                seconds = self._wait() if first else None
                if seconds == 0.0:
                    self._line.popleft()
                    self._since[get_ident()] = monotonic()
                    self._wake()
                    return
            me.wait(seconds)

    def _wake(self) -> None:
        """The first in line alone: of fifty that are woken, forty-nine would have to wait again."""
        if self._line:
            self._line[0].set()

    def _give(self) -> None:
        with self._lock:
            del self._since[get_ident()]
            self._last = monotonic()
            self._wake()

    def _wait(self) -> float:
        """Seconds until there is a place if nobody gives one up; 0 where there is one."""
        late = monotonic() - self.patience
        counted = sorted(since for since in self._since.values() if since > late)
        return counted[-self.places] - late if len(counted) >= self.places else 0.0


TURNS = Turns(PLACES, PATIENCE)


def hand_over_soon() -> None:
    """From now on a thread that computes hands Python's lock to those that wait within a few milliseconds."""
    sys.setswitchinterval(HANDOVER)
