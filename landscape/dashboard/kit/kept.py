"""What is long in the making, for a page: a bar shows how far it is, or what there is of it is shown as it grows.

Whoever leaves or changes a control is gone from it; see `work`.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landscape.dashboard.kit.turns import TURNS
from landscape.dashboard.kit.work import Job, Task, Tell, Workshop

__all__ = ["Tell", "Wanted", "bar_here", "go_on", "grown", "in_turn", "results"]

Item = TypeVar("Item")
Result = TypeVar("Result")
# A key of primitives, and what works when it is called with a function to tell the share that is done.
Wanted = tuple[Hashable, Task[Result]]

# Bytes of results kept for all viewers: a fate map of 256 x 256 takes half a megabyte, a training up to twelve.
ROOM = 32 * 2**20
# Seconds after which a bar shows that there is something to wait for, and between two looks at it.
PATIENCE, LOOK = 0.15, 0.25
# Seconds between two looks at what grows: it is drawn anew each time.
GROWTH = 1.0
# The share that tells how long the rest will take.
SOON = 0.02
UNFINISHED, SHOWN, GROWS, GREW = "kept.unfinished", "kept.shown", "kept.grows", "kept.grew"

# Where a bar is to stand.
_BAR: ContextVar[Any] = ContextVar("bar", default=None)


@st.cache_resource(show_spinner=False)
def _workshop() -> Workshop:
    return Workshop(ROOM)


@contextmanager
def bar_here() -> Iterator[None]:
    """What is waited for within shows here how far it is, also where that is controls in a drawer that may be shut."""
    token = _BAR.set(st.empty())
    try:
        yield
    finally:
        _BAR.reset(token)


def _place() -> Any:
    return st.empty() if _BAR.get() is None else _BAR.get()


def in_turn(items: Sequence[Item], words: Callable[[Item], str]) -> Iterator[Item]:
    """Each item, for a script that works on them itself; once that takes long a bar shows how far it is.

    words   what is being done with an item
    """
    slot, begun = _place(), monotonic()
    for k, item in enumerate(items):
        if monotonic() - begun > PATIENCE:
            # Where the viewer has left, this raises.
            slot.progress(k / len(items), f"{words(item)}: {k + 1} of {len(items)}{_to_go(k / len(items), begun)}")
        yield item
    slot.empty()


def results(jobs: dict[str, Wanted[Result]], first: float = float("inf")) -> dict[str, Result]:
    """The results of several jobs, by the jobs' titles, with a progress bar while there is something to wait for.

    A job's key says all that its result depends on; its work may not draw on the page. Several viewers who want the
    same wait for the same job. After `first` seconds what the jobs have come to is enough, once all have come to
    something; the bar is left standing, and `go_on` comes back and waits for the rest. Without a running script all
    of it is waited for.
    """
    slot, shop, begun, keys = _place(), _workshop(), monotonic(), [key for key, _ in jobs.values()]
    if st.session_state.pop(SHOWN, None) == keys or get_script_run_ctx() is None:
        first = float("inf")
    with ExitStack() as orders:
        ordered = {title: orders.enter_context(shop.order(*job)) for title, job in jobs.items()}
        futures, pause = [job.future for job in ordered.values()], PATIENCE
        while _unfinished(futures, pause):
            # Where the viewer has left, this raises.
            slot.progress(*_progress(ordered))
            pause = LOOK
            known = {title: job.latest for title, job in ordered.items() if job.latest is not None}
            if monotonic() - begun > first and len(known) == len(ordered):
                st.session_state[UNFINISHED], st.session_state[SHOWN] = True, keys
                return known
        slot.empty()
        return {title: job.future.result() for title, job in ordered.items()}


def _unfinished(futures: list[Future[Any]], seconds: float | None) -> bool:
    """Whether something is to be waited for still, after so many seconds in which another script has had the turn."""
    if all(future.done() for future in futures):
        return False
    with TURNS.aside():
        return bool(wait(futures, seconds).not_done)


def _progress(ordered: dict[str, Job[Any]]) -> tuple[float, str]:
    """The share that is done of all, and what is being done, for how long still."""
    share = min(1.0, sum(job.share for job in ordered.values()) / len(ordered))
    title, job = next(((title, job) for title, job in ordered.items() if job.share < 1), next(iter(ordered.items())))
    begun = min(job.begun for job in ordered.values())
    return share, f"{title}: {100 * job.share:.0f} %{_to_go(share, begun)}"


def _to_go(share: float, begun: float) -> str:
    """For how long still, where a share is done of what was begun then; nothing where that is short or not known."""
    seconds = (monotonic() - begun) * (1 / share - 1) if share > SOON else 0.0
    return f", about {seconds:.0f} s to go" if seconds >= 2 else ""


def grown(key: Hashable, begin: Callable[[], Iterator[Result]]) -> Result:
    """What work has come to that yields its result again and again, each time with more of it.

    `go_on` waits for more of it once all is drawn, so that nothing fades meanwhile, and looks again. Without a running
    script all of it is done at once.
    """

    def grow(tell: Tell) -> Result:
        for latest in begin():
            tell(0.0, latest)
        return latest

    slot = _place()
    with _workshop().order(key, grow) as job:
        alone = get_script_run_ctx() is None
        # After `go_on` it has been waited for.
        pause = 0.0 if st.session_state.pop(GREW, None) == key else GROWTH
        while _unfinished([job.future], None if alone else pause):
            # Where the viewer has left, this raises.
            slot.empty()
            if job.latest is not None:
                st.session_state[UNFINISHED] = True
                st.session_state[GROWS] = key, grow
                return job.latest
            pause = GROWTH
        return job.future.result()


def go_on() -> None:
    """At the end of a script: run it again where work was left unfinished, after a while where it grows."""
    if (grows := st.session_state.pop(GROWS, None)) is not None:
        with _workshop().order(*grows) as job:
            _unfinished([job.future], GROWTH)
        st.session_state[GREW] = grows[0]
    if st.session_state.pop(UNFINISHED, False):
        st.rerun()
