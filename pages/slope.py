"""Slope: a secant turns into a tangent, and what a slope is good for."""

import streamlit as st

from landscape.dashboard.kit.view import Page, show
from landscape.dashboard.slope import error_view, plane_view, secant_view, step_view, taylor_view

# Which curve each view begins on.
CURVES = {view.VIEW.key: view.CURVE for view in (secant_view, error_view, taylor_view, step_view)}


def follow(before: str, after: str) -> None:
    """Take a viewer who has chosen no curve to the one the new view begins on."""
    session = st.session_state
    if before in CURVES and after in CURVES and session["curve"] == CURVES[before]:
        session["curve"] = CURVES[after]
        for name in ("x", "h"):
            session.pop(name, None)


VIEWS = (secant_view.VIEW, error_view.VIEW, taylor_view.VIEW, step_view.VIEW, plane_view.VIEW)
PAGE = Page("slope", VIEWS, follow)

if __name__ == "__main__":
    show(PAGE)
