"""Curvature: the quadratic model that each step trusts, the rates it allows, and how fast the digits come."""

import streamlit as st

from landscape.dashboard.curvature import model_view, order_view, stability_view
from landscape.dashboard.kit.view import Page, show

# Where each view begins.
SURFACES = {view.VIEW.key: view.SURFACE for view in (model_view, stability_view, order_view)}


def follow(before: str, after: str) -> None:
    """Take a viewer who has chosen no landscape to the one the new view begins on."""
    session = st.session_state
    if session["surface"] == SURFACES[before]:
        session["surface"] = SURFACES[after]
        for name in ("x", "y"):
            session.pop(name, None)
    session.pop("steps", None)


PAGE = Page("curvature", (model_view.VIEW, stability_view.VIEW, order_view.VIEW), follow)

if __name__ == "__main__":
    show(PAGE)
