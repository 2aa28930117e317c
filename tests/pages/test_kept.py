"""Work that grows: what there is of it is shown, at last all of it, from run to run."""

from collections.abc import Iterator
from threading import Semaphore

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.RootContainer_pb2 import RootContainer
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


def _one_by_one() -> None:
    """What a script works on itself, within controls that stand elsewhere than its bar."""
    import streamlit as st

    from landscape.dashboard.kit.kept import bar_here, in_turn
    from tests.pages import test_kept as here

    with bar_here(), st.sidebar:
        st.session_state["done"] = [here.looked_at(item) for item in in_turn("abcd", lambda item: f"Doing {item}")]


def looked_at(item: str) -> str:
    return item


@pytest.mark.parametrize(
    ("patience", "said"),
    [
        (60.0, []),
        (-1.0, ["Doing a: 1 of 4", "Doing b: 2 of 4", "Doing c: 3 of 4", "Doing d: 4 of 4"]),
    ],
)
def test_a_script_says_how_far_it_is_once_that_takes_long(
    monkeypatch: pytest.MonkeyPatch, patience: float, said: list[str]
) -> None:
    shown: list[str] = []
    places: list[bool] = []
    progress = DeltaGenerator.progress

    def seen(where: DeltaGenerator, share: float, text: str) -> DeltaGenerator:
        shown.append(text)
        places.append(where._root_container == RootContainer.MAIN)
        return progress(where, share, text)

    monkeypatch.setattr(kept, "PATIENCE", patience)
    monkeypatch.setattr(DeltaGenerator, "progress", seen)
    app = AppTest.from_function(_one_by_one, default_timeout=30).run()
    assert not app.exception
    assert app.session_state["done"] == list("abcd")
    assert shown == said
    assert all(places)
    # At the end there is none.
    assert not app.get("progress")


def test_who_leaves_ends_what_a_script_works_on_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class LeftError(Exception):
        pass

    def leave(*_: object) -> None:
        raise LeftError

    monkeypatch.setattr(kept, "PATIENCE", -1.0)
    monkeypatch.setattr(DeltaGenerator, "progress", leave)
    done: list[int] = []
    with pytest.raises(LeftError):
        done.extend(kept.in_turn([1, 2], str))
    assert not done
