"""Scripts take turns: few at once, in the order they came, and none is kept waiting by one that takes long."""

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from threading import Event, Thread
from time import monotonic, sleep
from types import SimpleNamespace

import pytest

from landscape.dashboard.kit import kept, runs, turns
from landscape.dashboard.kit.runs import Conditions, Method, Pace, Place
from landscape.dashboard.kit.turns import COURTESY, MOMENT, SLICE, TURNS, Turns
from landscape.dashboard.kit.work import Tell

LONG = 60.0


class Script:
    """A script that has its turn until it is told to end."""

    def __init__(self, turns: Turns, order: list[int], number: int) -> None:
        self.begun, self.end = Event(), Event()

        def work() -> None:
            with turns.turn():
                order.append(number)
                self.begun.set()
                self.end.wait(10)

        self.thread = Thread(target=work)
        self.thread.start()


def wait_for(held: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not held():
        assert monotonic() < deadline
        sleep(0.001)


@pytest.fixture
def scripts() -> Iterator[list[Script]]:
    known: list[Script] = []
    yield known
    for each in known:
        each.end.set()
        each.thread.join(10)


def test_few_are_at_work_at_once_and_each_comes_in_its_order(scripts: list[Script]) -> None:
    turns = Turns(places=2, patience=LONG)
    order: list[int] = []
    for number in range(6):
        scripts.append(Script(turns, order, number))
        wait_for(lambda: len(order) + len(turns._line) == len(scripts))
    for number in range(4):
        assert order == list(range(number + 2))
        scripts[number].end.set()
        assert scripts[number + 2].begun.wait(10)
    assert order == list(range(6))


def test_one_that_takes_long_keeps_nobody_waiting(scripts: list[Script]) -> None:
    turns = Turns(places=1, patience=0.05)
    order: list[int] = []
    for number in range(3):
        scripts.append(Script(turns, order, number))
        assert scripts[-1].begun.wait(10)
    assert order == [0, 1, 2]


def test_who_waits_for_something_else_steps_aside(scripts: list[Script]) -> None:
    turns = Turns(places=1, patience=LONG)
    order: list[int] = []
    with turns.turn():
        scripts.append(Script(turns, order, 0))
        wait_for(lambda: len(turns._line) == 1)
        assert not scripts[0].begun.is_set()
        with turns.aside():
            assert scripts[0].begun.wait(10)
            scripts[0].end.set()
        scripts.append(Script(turns, order, 1))
        wait_for(lambda: len(turns._line) == 1)
        assert not scripts[1].begun.is_set()
    assert scripts[1].begun.wait(10)


def test_a_turn_ends_with_what_is_raised_in_it() -> None:
    turns = Turns(places=1, patience=LONG)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="gone"), turns.turn(), turns.aside():
            raise RuntimeError("gone")
    with turns.turn():
        pass


def test_without_a_turn_there_is_none_to_give_up() -> None:
    turns = Turns(places=1, patience=LONG)
    with turns.turn():
        outside = Thread(target=lambda: turns.aside().__enter__())
        outside.start()
        outside.join(10)
        assert not outside.is_alive()


def test_a_script_that_waits_for_a_job_lets_another_have_its_turn() -> None:
    """The job itself looks, on a thread of its own."""
    seen: list[int] = []

    def work(tell: Tell) -> int:
        seen.append(len(TURNS._since))
        return 7

    with TURNS.turn():
        here = len(TURNS._since)
        assert kept.results({"a job": (("turns", monotonic()), work)}) == {"a job": 7}
    assert seen == [here - 1]


class Clock:
    """Stands in for the time in `turns`: it moves when told to and while somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.slept, self.meanwhile = 0.0, 0, SimpleNamespace(happens=lambda: None)
        monkeypatch.setattr(turns, "monotonic", lambda: self.now)
        monkeypatch.setattr(turns, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1
        self.meanwhile.happens()


def test_what_computes_hands_the_lock_over_sooner_than_python_does_by_itself() -> None:
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        turns.hand_over_soon()
        assert sys.getswitchinterval() == pytest.approx(turns.HANDOVER, rel=1e-3)
    finally:
        sys.setswitchinterval(before)
    assert turns.HANDOVER < 0.005


def test_who_takes_long_lets_go_once_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, here = Clock(monkeypatch), Turns(places=1, patience=LONG)
    slices = []
    with here.turn():
        for _ in range(100):
            here.give_way(0.5)
            if clock.slept > len(slices):
                slices.append(clock.now)
            clock.now += 1.01 * SLICE / 4
    assert len(slices) == 24
    assert all(later - sooner <= 1.5 * SLICE for sooner, later in pairwise(slices))


def test_what_takes_long_waits_while_a_younger_script_is_at_work(
    monkeypatch: pytest.MonkeyPatch, scripts: list[Script]
) -> None:
    clock, here = Clock(monkeypatch), Turns(places=1, patience=LONG)
    here.give_way()
    scripts.append(Script(here, [], 0))
    assert scripts[0].begun.wait(10)
    clock.now += 1.01 * SLICE

    def third_moment() -> None:
        if clock.slept == 3:
            scripts[0].end.set()
            scripts[0].thread.join(10)

    clock.meanwhile.happens = third_moment
    here.give_way()
    assert clock.slept == 3
    assert not here._since


@pytest.mark.parametrize(("age", "moments"), [(0.0, COURTESY / MOMENT), (LONG, 0)])
def test_it_waits_no_longer_than_is_polite_and_for_nobody_who_takes_long(
    monkeypatch: pytest.MonkeyPatch, scripts: list[Script], age: float, moments: float
) -> None:
    clock, here = Clock(monkeypatch), Turns(places=1, patience=LONG)
    here.give_way()
    scripts.append(Script(here, [], 0))
    assert scripts[0].begun.wait(10)
    clock.now += 1.01 * SLICE + age
    here.give_way()
    assert clock.slept == pytest.approx(1 + moments, abs=1)


def test_a_script_in_its_own_turn_waits_for_no_other(monkeypatch: pytest.MonkeyPatch, scripts: list[Script]) -> None:
    clock, here = Clock(monkeypatch), Turns(places=2, patience=LONG)
    scripts.append(Script(here, [], 0))
    assert scripts[0].begun.wait(10)
    with here.turn():
        here.give_way()
        clock.now += 1.01 * SLICE
        here.give_way()
    assert clock.slept == 1


@pytest.mark.parametrize("pace", [Pace(), Pace("cosine", ())])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_runs_and_tunings_give_way_every_few_steps(monkeypatch: pytest.MonkeyPatch, pace: Pace, noise: float) -> None:
    """A slice of the lock is a few steps of one method, however many methods and steps a viewer asks for."""
    called: list[float] = []
    monkeypatch.setattr(TURNS, "give_way", called.append)
    # No other test has this seed, so nothing of it is kept.
    here = Conditions(Place("rosenbrock", ()), (-1.5, 2.0), 200, noise, 871, pace)
    for work in (runs.trajectory, runs.tuned_rate):
        called.clear()
        work(Method("gradient_descent", (("lr", 1e-3),) if work is runs.trajectory else ()), here)
        assert len(called) >= 20
