"""The left drawer: at most MOST controls, most used first; the rest stand under "More".

A view's controls run within `left_drawer`, and every control of `controls` enters `control` to be made: the first ones
stand in the drawer, and those that find it full under More. What a view knows to be used less it makes `with more()`;
what is to stand where other pages have their views, `with tabs()`.

More stays shut whatever a link sets in it. The stage shows what is in force; and a drawer that opened by itself would,
on some links and not on others, move what somebody is about to press.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

MOST = 5
MORE = "More"


class _Drawer:
    """made: controls that stand in the drawer itself; under: whether what is made now stands elsewhere, as under More.

    tabs   the row under the question
    """

    def __init__(self, tabs: Any) -> None:
        self.tabs, self.front, self._rest = tabs, st.container(), st.container()
        self._more: Any = None
        self.made, self.under = 0, False

    @contextmanager
    def elsewhere(self, place: Any) -> Iterator[None]:
        before, self.under = self.under, True
        try:
            with place:
                yield
        finally:
            self.under = before

    def more(self) -> AbstractContextManager[None]:
        # Where nothing is left over there is no More.
        self._more = self._more or self._rest.expander(MORE, key="more")
        return self.elsewhere(self._more)


_DRAWER: ContextVar[_Drawer | None] = ContextVar("drawer", default=None)


@contextmanager
def left_drawer(tabs: Any = None) -> Iterator[None]:
    """The drawer, for the controls of a view; `tabs` is the row under the question."""
    with st.sidebar:
        made = _Drawer(tabs)
    token = _DRAWER.set(made)
    try:
        with made.front:
            yield
    finally:
        _DRAWER.reset(token)


@contextmanager
def more() -> Iterator[None]:
    """What is made within stands under More; elsewhere than in the drawer it stays where it is."""
    made = _DRAWER.get()
    if made is None or made.under:
        yield
    else:
        with made.more():
            yield


@contextmanager
def tabs() -> Iterator[None]:
    """What is made within stands under the question; where there is no such row it stays where it is."""
    made = _DRAWER.get()
    if made is None or made.tabs is None:
        yield
    else:
        with made.elsewhere(made.tabs):
            yield


@contextmanager
def control() -> Iterator[None]:
    """One control is made within: where it stands, or under More once the drawer is full."""
    made = _DRAWER.get()
    if made is None or made.under:
        yield
    elif made.made < MOST:
        made.made += 1
        yield
    else:
        with made.more():
            yield


@contextmanager
def folder(label: str, key: str = "") -> Iterator[Any]:
    """An expander whose widgets need not be made while it is shut: `.open` says whether it is open. In the drawer it
    stands under More.

    key   its name, where the label changes
    """
    with more(), st.expander(label, key=f"drawer.{key or label}", on_change="rerun") as box:
        yield box
