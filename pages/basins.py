"""Basins: where each start ends up, and what two knobs make of one start."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from landscape.dashboard.basins import fates_view, sweep_view
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.descent_link import leave_if_asked
from landscape.dashboard.kit.landscapes import landscape_controls
from landscape.dashboard.kit.page import begin, show_complaints
from landscape.domain import Landscape


class View(NamedTuple):
    """A view's name, the question it answers, and what draws it."""

    title: str
    question: str
    show: Callable[[Address, Landscape], None]


VIEWS = {
    "fates": View("Fates", "Where does each start end up?", fates_view.show),
    "sweep": View("Sweep", "Which settings of two knobs work?", sweep_view.show),
}


def main() -> None:
    leave_if_asked()
    address = Address("basins")
    key = address.claim("view", "fates", choice("view", VIEWS))
    begin(VIEWS[key].question)
    with st.sidebar:
        st.segmented_control("View", list(VIEWS), key="view", format_func=lambda key: VIEWS[key].title, required=True)
        surface = landscape_controls(address, "himmelblau")
    VIEWS[key].show(address, surface)
    show_complaints(address)


main()
