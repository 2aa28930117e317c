"""Long work, kept for all viewers: the one who waits sees how far it is, and may leave at any time.

st.cache_data is not for this: what is cached there may not report to a progress bar that stands outside of it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

import streamlit as st

Result = TypeVar("Result")

# Results kept, the latest used: a fate map of 256 x 256 takes half a megabyte.
MOST = 48


class Kept:
    """Results by key, at most MOST of them."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """The result under `key`, by `work` if it is not there; what work raises leaves nothing behind."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = work()
        with self._lock:
            self._results[key] = result
            while len(self._results) > MOST:
                self._results.popitem(last=False)
        return result


@st.cache_resource(show_spinner=False)
def _kept() -> Kept:
    return Kept()


def results(jobs: dict[str, tuple[Hashable, Callable[[Callable[[float], None]], Result]]]) -> dict[str, Result]:
    """The results of several jobs, by the jobs' titles, with a progress bar while there is something to wait for.

    A job is a key of primitives, and what works when it is called with a function to tell the share that is done. A
    viewer who leaves or changes a control makes that function raise, which ends the work.
    """
    store, slot = _kept(), st.empty()
    done: dict[str, Result] = {}
    for place, (title, (key, work)) in enumerate(jobs.items()):

        def tell(share: float, title: str = title, place: int = place) -> None:
            slot.progress(min(1.0, (place + share) / len(jobs)), f"{title}: {100 * share:.0f} %")

        def begin(work: Callable[[Callable[[float], None]], Result] = work, tell: Any = tell) -> Result:
            tell(0.0)
            return work(tell)

        done[title] = store.get(key, begin)
    slot.empty()
    return done
