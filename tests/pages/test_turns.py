"""Scripts take turns: few at once, in the order they came, and none is kept waiting by one that takes long."""

from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from landscape.dashboard.kit import kept
from landscape.dashboard.kit.turns import TURNS, Turns
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
