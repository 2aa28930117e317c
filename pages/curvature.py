"""Curvature: the quadratic model that each step trusts, the rates it allows, and how fast the digits come."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from landscape.dashboard.curvature import model_view, order_view, stability_view
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.landscapes import landscape_controls
from landscape.dashboard.kit.page import begin, show_complaints
from landscape.domain import Landscape


class View(NamedTuple):
    """A view's name, the question it answers, the landscape it begins on, and what draws it."""

    title: str
    question: str
    landscape: str
    show: Callable[[Address, Landscape], None]


VIEWS = {
    "model": View("Model", "What does a second-order step believe?", "rosenbrock", model_view.show),
    "stability": View("Stability", "How large a step is still safe?", "quadratic", stability_view.show),
    "order": View("Order", "How fast do the digits come?", "six_hump_camel", order_view.show),
}


def follow_view() -> None:
    """Take a viewer who has chosen no landscape to the one the new view begins on."""
    session = st.session_state
    if session["surface"] == VIEWS[session["curvature.view"]].landscape:
        session["surface"] = VIEWS[session["view"]].landscape
        for name in ("x", "y"):
            session.pop(name, None)
    session.pop("steps", None)


def main() -> None:
    address = Address("curvature")
    key = address.claim("view", "model", choice("view", VIEWS))
    st.session_state["curvature.view"] = key
    view = VIEWS[key]
    begin(view.question)
    with st.sidebar:
        st.segmented_control(
            "View",
            list(VIEWS),
            key="view",
            format_func=lambda key: VIEWS[key].title,
            on_change=follow_view,
            required=True,
        )
        surface = landscape_controls(address, view.landscape)
    view.show(address, surface)
    show_complaints(address)


main()
