"""Long work, done once for all who wait for it: each sees how far it is and may leave; after the last, it ends.

A job runs on a thread that belongs to no viewer; what it has made is kept, up to so many bytes. st.cache_data is not
for this: what is computed there has the first viewer's thread, and goes on when all have left.
"""

import os
import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any, Generic, TypeVar

from landscape.dashboard.kit.memory import give_back
from landscape.dashboard.kit.turns import TURNS

Result = TypeVar("Result")
# What a task tells by which share of it is done, and what it has come to; it raises where the task is to end.
Tell = Callable[..., None]
Task = Callable[[Tell], Result]

# Two at most, so that scripts have their turn.
HANDS = min(2, os.cpu_count() or 1)
# Seconds that a job goes on alone: a script that runs again comes back to it.
GRACE = 0.8


class _Scales:
    """A file that only weighs what is written to it: a copy of what has just been made would be too much at once."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: Any) -> None:
        self.bytes += memoryview(data).nbytes


def weight(thing: Any) -> int:
    """Bytes of a thing as it is pickled."""
    scales = _Scales()
    pickle.dump(thing, scales, protocol=5)
    return scales.bytes


class LeftError(Exception):
    """Raised within a task for which nobody waits any more."""


class Job(Generic[Result]):
    """A task that is queued, at work or done.

    share, latest   what is done of it, and what it has come to so far, where it says that; in the end the result
    waiting, left   how many wait for it, and when the last of them left, by the monotonic clock, as begun
    """

    def __init__(self) -> None:
        self.future: Future[Result] = Future()
        self.share, self.waiting, self.left = 0.0, 0, 0.0
        self.begun = monotonic()
        self.latest: Result | None = None


class Workshop:
    """Jobs by key, and what they have made: at most `room` bytes of it, or the last alone. A key says all that a result
    depends on, a whole table perhaps: it is weighed with it."""

    def __init__(self, room: int, grace: float = GRACE) -> None:
        self.room, self.grace = room, grace
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = Lock()
        self._begun: dict[Hashable, Job[Any]] = {}
        self._made: OrderedDict[Hashable, tuple[Job[Any], int]] = OrderedDict()
        # Daemons, unlike those of a pool: a server that is told to end does not wait for a map.
        for _ in range(HANDS):
            Thread(target=self._hand, daemon=True).start()

    def _hand(self) -> None:
        while True:
            self._queue.get()()

    @contextmanager
    def order(self, key: Hashable, task: Task[Result]) -> Iterator[Job[Result]]:
        """The job of this key, begun if it was not: done already, or under way for others too."""
        with self._lock:
            job = self._known(key)
            if job is None:
                job = self._begun[key] = Job()
                self._queue.put(partial(self._do, key, job, task))
            job.waiting += 1
        try:
            yield job
        finally:
            with self._lock:
                job.waiting -= 1
                job.left = monotonic()

    def _known(self, key: Hashable) -> Job[Any] | None:
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key][0]
        return self._begun.get(key)

    def _do(self, key: Hashable, job: Job[Result], task: Task[Result]) -> None:
        tell = partial(self._tell, key, job)
        try:
            tell(0.0)
            job.latest = result = task(tell)
            self._keep(key, job, weight((key, result)))
            job.future.set_result(result)
        except Exception as error:
            job.future.set_exception(error)
        finally:
            with self._lock:
                self._forget(key, job)
            give_back()

    def _tell(self, key: Hashable, job: Job[Result], share: float, latest: Result | None = None) -> None:
        with self._lock:
            if not job.waiting and monotonic() - job.left > self.grace:
                # Whoever orders it after this begins it anew.
                self._forget(key, job)
                raise LeftError
        job.share = share
        job.latest = job.latest if latest is None else latest
        TURNS.give_way()

    def _keep(self, key: Hashable, job: Job[Any], size: int) -> None:
        job.share = 1.0
        with self._lock:
            self._made[key] = job, size
            while sum(size for _, size in self._made.values()) > self.room and len(self._made) > 1:
                self._made.popitem(last=False)

    def _forget(self, key: Hashable, job: Job[Any]) -> None:
        if self._begun.get(key) is job:
            del self._begun[key]
