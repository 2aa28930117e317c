"""Work that grows: what there is of it is shown, at last all of it, from run to run."""

from collections.abc import Iterator
from threading import Semaphore

import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit import kept

STEPS = 4
# What the work below waits for at every step.
go = Semaphore(0)


def work(upto: int) -> Iterator[int]:
    for k in range(upto):
        assert go.acquire(timeout=10)
        yield k


def _script() -> None:
    """A script by itself, of which AppTest takes the text: what it needs is imported inside."""
    import streamlit as st

    from landscape.dashboard.kit.kept import go_on, grown
    from tests.pages import test_kept as here

    seen = st.session_state.setdefault("seen", [])
    if len(seen) < here.STEPS:
        here.go.release()
    seen.append(grown(("a test", here.STEPS), lambda: here.work(here.STEPS)))
    go_on()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "GROWTH", 0.01)
    kept._workshop.clear()


def test_each_run_shows_more_and_the_end_is_kept() -> None:
    app = AppTest.from_function(_script, default_timeout=30).run()
    assert not app.exception
    seen = list(app.session_state["seen"])
    assert seen[-1] == STEPS - 1
    assert seen == sorted(seen)
    assert len(set(seen)) > 1
    app.run()
    assert app.session_state["seen"][len(seen) :] == [STEPS - 1]


def test_without_a_running_script_all_is_done_at_once() -> None:
    assert kept.grown("alone", lambda: iter([1, 2, 3])) == 3
