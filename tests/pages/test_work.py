"""Long work: once for all who wait, ended when all have left, kept up to so many bytes."""

import pickle
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event, Semaphore, Thread
from time import sleep
from typing import Any

import numpy as np
import pytest

from landscape.dashboard.kit.work import HANDS, LeftError, Workshop, weight

ROOM = 5000
GRACE = 0.05
Tell = Callable[..., None]


def made(shop: Workshop, key: Any, calls: list[Any], size: int = 100) -> np.ndarray:
    def task(tell: Tell) -> np.ndarray:
        calls.append(key)
        return np.full(size, hash(key) % 251, dtype=np.uint8)

    with shop.order(key, task) as job:
        return job.future.result(10)


def test_results_are_kept_up_to_so_many_bytes_and_the_oldest_leave_first() -> None:
    shop, calls = Workshop(ROOM, GRACE), []
    fit = ROOM // weight((0, np.zeros(100, dtype=np.uint8)))
    for key in [*range(fit), 0, fit, 0]:
        np.testing.assert_array_equal(made(shop, key, calls), np.full(100, key))
    assert calls == list(range(fit + 1))
    made(shop, 1, calls)
    assert calls[-1] == 1


def test_a_thing_weighs_what_it_is_pickled_to_and_a_key_is_weighed_too() -> None:
    for thing in (7, ("text" * 50_000, np.zeros(100_000))):
        assert weight(thing) == len(pickle.dumps(thing, protocol=5))
    shop, calls = Workshop(ROOM, GRACE), []
    for key in ("a" * ROOM, "b", "a" * ROOM):
        made(shop, key, calls, 1)
    assert [key[0] for key in calls] == ["a", "b", "a"]


def test_what_is_larger_than_the_room_is_kept_alone() -> None:
    shop, calls = Workshop(ROOM, GRACE), []
    for key, size in ((0, 100), (1, 2 * ROOM), (1, 2 * ROOM), (0, 100)):
        made(shop, key, calls, size)
    assert calls == [0, 1, 0]


def test_viewers_who_want_the_same_wait_for_one_job() -> None:
    shop, calls, go, got = Workshop(ROOM, GRACE), [], Event(), []

    def task(tell: Tell) -> int:
        calls.append("begun")
        go.wait(10)
        tell(0.5)
        return 7

    def view() -> None:
        with shop.order("key", task) as job:
            got.append(job.future.result(10))

    viewers = [Thread(target=view) for _ in range(12)]
    for each in viewers:
        each.start()
    go.set()
    for each in viewers:
        each.join(10)
    assert got == [7] * 12
    assert calls == ["begun"]


def test_a_job_goes_on_while_one_waits_and_ends_when_the_last_has_left() -> None:
    shop, begun, told, ended = Workshop(ROOM, GRACE), Event(), Event(), Event()

    def task(tell: Tell) -> None:
        begun.set()
        try:
            while not ended.wait(0.001):
                tell(0.25)
                told.set()
        except LeftError:
            ended.set()
            raise

    with shop.order("key", task) as job:
        begun.wait(10)
        with shop.order("key", task) as same:
            assert same is job
        told.clear()
        assert told.wait(10)
        assert job.share == 0.25
        assert not ended.is_set()
    assert ended.wait(10)
    with pytest.raises(LeftError):
        job.future.result(10)
    # Begun anew for whoever comes then.
    with shop.order("key", lambda tell: 8) as other:
        assert other.future.result(10) == 8


def test_whoever_comes_back_at_once_finds_the_same_job() -> None:
    shop, go, begun = Workshop(ROOM, grace=60), Event(), []

    def task(tell: Tell) -> int:
        begun.append(1)
        tell(0.5, 3)
        go.wait(10)
        tell(0.75)
        return 7

    for _ in range(3):
        with shop.order("key", task) as job:
            while job.latest is None:
                pass
            assert (job.share, job.latest) == (0.5, 3)
    go.set()
    with shop.order("key", task) as same:
        assert same is job
        assert same.future.result(10) == 7
    assert begun == [1]


def test_a_queued_job_that_is_left_never_begins() -> None:
    shop, go, calls, busy = Workshop(ROOM, GRACE), Event(), [], Semaphore(0)

    def slow(tell: Tell) -> None:
        busy.release()
        go.wait(10)

    with ExitStack() as orders:
        for hand in range(HANDS):
            orders.enter_context(shop.order(hand, slow))
            assert busy.acquire(timeout=10)
        with shop.order("queued", lambda tell: calls.append("begun")) as job:
            pass
        sleep(2 * GRACE)
        go.set()
    assert isinstance(job.future.exception(10), LeftError)
    assert made(shop, 99, []).sum() == 9900
    assert calls == []


def test_what_a_task_raises_reaches_whoever_waits_and_leaves_nothing_behind() -> None:
    shop = Workshop(ROOM, GRACE)

    def refuse(tell: Tell) -> None:
        raise ValueError("steps is -1")

    with pytest.raises(ValueError, match="steps is -1"), shop.order("key", refuse) as job:
        job.future.result(10)
    with shop.order("key", lambda tell: 7) as job:
        assert job.future.result(10) == 7
