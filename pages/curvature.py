"""Curvature: the quadratic model that each step trusts, the rates it allows, and how fast the digits come."""

import streamlit as st

from landscape.dashboard import model_view, order_view, stability_view
from landscape.dashboard.address import Address, choice
from landscape.dashboard.landscapes import landscape_controls
from landscape.dashboard.page import begin, show_complaints

# Each view's name, the question it answers, and what draws it.
VIEWS = {
    "model": ("Model", "What does a second-order step believe?", model_view.show),
    "stability": ("Stability", "How large a step is still safe?", stability_view.show),
    "order": ("Order", "How fast do the digits come?", order_view.show),
}


def main() -> None:
    address = Address("curvature")
    view = address.claim("view", "model", choice("view", VIEWS))
    _, question, show = VIEWS[view]
    begin(question)
    with st.sidebar:
        st.segmented_control("View", list(VIEWS), key="view", format_func=lambda key: VIEWS[key][0], required=True)
        surface = landscape_controls(address, "rosenbrock")
    show(address, surface)
    show_complaints(address)


main()
