"""The controls by which a page chooses a landscape and a start on it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice, number, write_number
from landscape.dashboard.kit.controls import knob_controls
from landscape.dashboard.kit.page import small
from landscape.domain import Landscape
from landscape.knob import Knob
from landscape.landscapes import LANDSCAPES

PLACE = Knob(0.0, -1e6, 1e6)


def landscape_controls(address: Address, default: str) -> Landscape:
    """The menu of landscapes, and a widget for each knob of the one chosen."""

    def forget_start() -> None:
        for name in ("x", "y"):
            st.session_state.pop(name, None)

    address.claim("surface", default, choice("surface", LANDSCAPES))
    key = st.selectbox(
        "Landscape",
        list(LANDSCAPES),
        key="surface",
        format_func=lambda k: f"{LANDSCAPES[k].group}: {LANDSCAPES[k].title}",
        on_change=forget_start,
    )
    settings = knob_controls(address, f"surface.{key}", LANDSCAPES[key].knobs)
    return runs.landscape(runs.Place(key, tuple(settings.items())))


def start_controls(address: Address, axes: Sequence[str], default: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Two number fields, which begin at `default`; a click on the map sets them, too."""
    small("Start: click the map, or type it.")
    start = []
    for column, name, axis, at in zip(st.columns(2), ("x", "y"), axes, default, strict=True):
        with column:
            address.claim(name, float(at), number(name, PLACE), write_number)
            label = f"Start {axis}"
            start.append(st.number_input(label, PLACE.low, PLACE.high, key=name, step=0.1, format="%.4f"))
    return start[0], start[1]


def set_start(x: float, y: float) -> None:
    """Put the start where the map was clicked; for use in a callback."""
    # Six digits: finer than a pixel of the map, and readable.
    st.session_state["x"], st.session_state["y"] = float(f"{x:.6g}"), float(f"{y:.6g}")


def off_the_map(landscape: Landscape, start: tuple[float, float]) -> None:
    """A sentence where the start is off the map."""
    if any(not low <= at <= high for at, (low, high) in zip(start, landscape.domain, strict=True)):
        st.info("The start lies off the map. Click the map to bring it back.", icon=":material/location_off:")


def formula(landscape: Landscape) -> None:
    st.latex(rf"{landscape.symbol}({landscape.arguments}) = {landscape.latex('value')}")
