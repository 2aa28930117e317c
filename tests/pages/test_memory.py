"""What nobody can reach is let go of, now and then: not after every script, and without looking at all that stays."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit import memory
from landscape.dashboard.kit.memory import MUCH, give_back_much, taken, tidy


class Circle:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_a_circle_that_nobody_holds_is_let_go_of_and_what_stays_is_looked_at_no_more() -> None:
    lost, held = Circle(), Circle()
    gone = weakref.ref(lost)
    del lost
    tidy()
    assert gone() is None
    assert not any(each is held for each in gc.get_objects())
    # At most what has come since.
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10


def test_what_was_held_then_is_let_go_of_when_nobody_holds_it_any_more() -> None:
    held = Circle()
    gone = weakref.ref(held)
    tidy()
    del held
    assert gone() is not None
    tidy()
    assert gone() is None


def test_no_script_ends_with_a_look_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(script_runner.gc, "collect", lambda *_: looks.append(1))
    app = AppTest.from_string("import streamlit as st\nst.write('here')").run()
    assert app.markdown[0].value == "here"
    assert not looks


def test_much_more_than_before_is_given_back_and_little_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, trims = [100, 100 + MUCH, 101 + MUCH, 150, 120, 90], []
    monkeypatch.setattr(memory, "taken", lambda: sizes[0])
    monkeypatch.setattr(memory, "give_back", lambda: trims.append(sizes.pop(0)))
    held = give_back_much(100)
    assert (held, trims) == (100, [])
    sizes.pop(0)
    assert (give_back_much(held), trims) == (100, [])
    sizes.pop(0)
    assert (give_back_much(held), trims) == (150, [101 + MUCH])
    # What is held is the least that there has been since.
    sizes[:] = [90]
    assert give_back_much(150) == 90


def test_a_process_takes_memory() -> None:
    assert taken() > 2**20
