"""The way from a picture of many runs to one of them: the Descent page, opened at a start with these methods."""

from collections.abc import Mapping

import streamlit as st

from landscape.dashboard import runs
from landscape.dashboard.address import write_number
from landscape.landscapes import Landscape

GO = "descent.link"


def query(landscape: Landscape, methods: Mapping[str, runs.Settings], x: float, y: float, steps: int) -> dict[str, str]:
    """The Descent page's URL parameters for a race of `methods` from (x, y)."""
    settings = {f"{landscape.key}.{name}": value for name, value in landscape.settings}
    settings |= {f"{key}.{name}": value for key, chosen in methods.items() for name, value in chosen}
    return {
        "surface": landscape.key,
        "methods": ",".join(methods),
        "tune": "0",
        # Six digits: finer than a pixel of the map, and readable.
        "x": f"{x:.6g}",
        "y": f"{y:.6g}",
        "steps": str(steps),
        **{name: write_number(value) for name, value in settings.items()},
    }


def open_at(parameters: dict[str, str]) -> None:
    """Remember, in a callback, to open the Descent page; `leave_if_asked` then does."""
    st.session_state[GO] = parameters


def leave_if_asked() -> None:
    """Go to the Descent page if a click has asked for it; for the top of a page's script."""
    if parameters := st.session_state.pop(GO, None):
        st.switch_page("pages/descent.py", query_params=parameters)
