"""What nobody can reach is let go of, now and then: not after every script, and without looking at all that stays."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from contextlib import nullcontext
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit import memory
from landscape.dashboard.kit.memory import MUCH, forget_the_left, give_back_much, taken, tidy, when_all_have_left
from landscape.dashboard.kit.turns import Turns
from tests.conftest import finished


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


def test_everything_is_looked_through_when_nobody_is_at_work_or_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "TURNS", Turns(places=1, patience=60))
    monkeypatch.setattr(memory, "PAUSE", -1.0)
    assert memory.due(monotonic())
    monkeypatch.setattr(memory, "PAUSE", 0.0)
    with memory.TURNS.turn():
        assert memory.TURNS.idle == 0
        assert not memory.due(monotonic())
        assert memory.due(monotonic() - memory.LONGEST - 1)


class EndError(Exception):
    """Ends what goes on for ever."""


@pytest.mark.parametrize(("at_work", "looks"), [(True, 0), (False, 1)])
def test_a_script_that_is_at_work_from_the_beginning_is_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch, at_work: bool, looks: int
) -> None:
    """The first look through everything, too, comes when nobody is at work."""
    seconds, looked = iter(range(memory.LOOKS)), []

    def sleep(_: float) -> None:
        if next(seconds, None) is None:
            raise EndError

    monkeypatch.setattr(memory, "TURNS", Turns(places=1, patience=60))
    monkeypatch.setattr(memory, "PAUSE", 0.0)
    monkeypatch.setattr(memory, "sleep", sleep)
    monkeypatch.setattr(memory, "forget_the_left", lambda: None)
    monkeypatch.setattr(memory, "tidy", lambda: looked.append(1))
    with memory.TURNS.turn() if at_work else nullcontext(), pytest.raises(EndError):
        memory._go_on()
    assert len(looked) == looks


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


@pytest.mark.parametrize(("seconds", "closed"), [(0, ["first", "second"]), (60, [])])
def test_sessions_that_nobody_comes_back_to_are_closed(
    monkeypatch: pytest.MonkeyPatch, seconds: int, closed: list[str]
) -> None:
    """On Streamlit's own stores: on another version of it this says whether they are where they were."""
    storage = MemorySessionStorage(ttl_seconds=seconds)
    ended: list[str] = []
    none: Any = None
    sessions, cache = WebsocketSessionManager(storage, none, none, none), vars(storage)["_cache"]

    def session(name: str) -> Any:
        return SimpleNamespace(id=name, shutdown=lambda: ended.append(name))

    for name in ("first", "second"):
        # Not by `save`, which drops what has expired.
        cache._data[name] = SessionInfo(client=None, session=session(name))
        cache._expirations[name] = cache.timer() + seconds

    async def forget() -> None:
        assert callable(Runtime._get_async_objs)
        objects = SimpleNamespace(eventloop=asyncio.get_running_loop())
        server = SimpleNamespace(_session_mgr=sessions, _get_async_objs=lambda: objects)
        monkeypatch.setattr(memory.runtime, "exists", lambda: True)
        monkeypatch.setattr(memory.runtime, "get_instance", lambda: server)
        await asyncio.to_thread(forget_the_left)

    finished(forget())
    assert ended == closed
    assert len(cache._data) == 2 - len(closed)


@pytest.mark.parametrize("there", [True, False])
def test_where_all_have_left_what_goes_on_for_them_is_forgotten(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    state = RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED if there else RuntimeState.NO_SESSIONS_CONNECTED
    monkeypatch.setattr(memory.runtime, "exists", lambda: True)
    monkeypatch.setattr(memory.runtime, "get_instance", lambda: SimpleNamespace(state=state))
    monkeypatch.setattr(memory, "forget_the_left", lambda: None)
    monkeypatch.setattr(memory, "_EMPTIED", [])
    forgotten: list[str] = []
    when_all_have_left(lambda: forgotten.append("all"))
    tidy()
    assert forgotten == ([] if there else ["all"])
