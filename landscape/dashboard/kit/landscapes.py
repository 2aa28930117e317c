"""The controls by which a page chooses a landscape and a start on it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, number, write_number
from landscape.dashboard.kit.controls import knob_controls
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.own import own_controls
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.picker import Option, picker
from landscape.dashboard.kit.typed import typed_number
from landscape.domain import Landscape
from landscape.knob import Knob
from landscape.landscapes import LANDSCAPES
from landscape.typed import OWN

PLACE = Knob(0.0, -1e6, 1e6)


def landscape_controls(address: Address, default: str, *, whole: bool = False) -> Landscape:
    """The menu of landscapes, the viewer's own first, and a widget for each knob of the one chosen.

    whole   every step is to see all of it: there is no mini-batch to choose
    """

    def forget_start() -> None:
        for name in ("x", "y"):
            st.session_state.pop(name, None)

    options = [Option(OWN, "Your own formula", "Yours", "f(x, y)"), *landscape_options(LANDSCAPES)]
    key = picker(address, "surface", "Landscape", options, default, "landscapes", forget_start)
    if key == OWN:
        return own_controls(address)
    chosen = LANDSCAPES[key]
    shown = {name: knob for name, knob in chosen.knobs.items() if not (whole and name in chosen.drawn)}
    with more():
        settings = knob_controls(address, f"surface.{key}", shown)
    return runs.landscape(runs.Place(key, tuple(settings.items())))


def landscape_options(keys: Iterable[str]) -> list[Option]:
    """Landscapes to choose from, under their groups."""
    return [Option(key, LANDSCAPES[key].title, LANDSCAPES[key].group) for key in keys]


def start_controls(address: Address, axes: Sequence[str], default: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Two number fields, which begin at `default`; a click on the map sets them, too."""
    with more():
        small("Start: drag it on the map, or type it.")
        columns, below = st.columns(2), st.container()
        x, y = (
            typed_number(address, name, replace(PLACE, default=float(at)), f"Start {axis}", place=column, below=below)
            for column, name, axis, at in zip(columns, ("x", "y"), axes, default, strict=True)
        )
    return x, y


def start_value(address: Address, default: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """The start where it has no fields of its own: it is held on the stage."""
    x, y = default
    return (
        address.claim("x", float(x), number("x", PLACE), write_number),
        address.claim("y", float(y), number("y", PLACE), write_number),
    )


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
