"""Controls: a widget for every knob, from the knob alone, its value in the URL.

Widgets are made here alone, so that each has its place in the drawer.
"""

from collections.abc import Mapping
from functools import wraps
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, number, switch, write_number
from landscape.dashboard.kit.drawer import control
from landscape.knob import Knob
from landscape.numbers import typeset


def _placed(name: str) -> Any:
    """A widget of Streamlit's that takes its place as a control."""

    @wraps(getattr(st, name))
    def make(*given: Any, **look: Any) -> Any:
        with control():
            # Looked up when it is made, for what stands in for it where there is no page.
            return getattr(st, name)(*given, **look)

    return make


button, file_uploader, multiselect = map(_placed, ("button", "file_uploader", "multiselect"))
segmented_control, select_slider = map(_placed, ("segmented_control", "select_slider"))
selectbox, slider, text_input, switch_control = map(_placed, ("selectbox", "slider", "text_input", "toggle"))


def knob_value(address: Address, name: str, knob: Knob) -> Any:
    """The value of a knob under the URL name `name`, whether or not its widget is shown."""
    return address.claim(name, knob.default, number(name, knob), write_number)


def knob_control(address: Address, name: str, knob: Knob, label: str = "") -> Any:
    """The widget for one knob under the URL name `name`; returns its value."""
    value = knob_value(address, name, knob)
    label = label or (knob.label or name.rsplit(".", 1)[-1]).capitalize()
    common: dict[str, Any] = {"key": name, "help": knob.help or None}
    if knob.scale == "switch":
        return switch_control(label, **common)
    if knob.scale == "log":
        # A value from a link or a sweep may lie between the stops.
        stops = sorted({*knob.grid().tolist(), knob.default, value})
        return select_slider(label, stops, format_func=typeset, **common)
    if knob.scale == "integer":
        return slider(label, int(knob.low), int(knob.high), **common)
    step = _step(knob)
    decimals = max(0, -round(np.log10(step)))
    return slider(label, float(knob.low), float(knob.high), step=step, format=f"%.{decimals}f", **common)


def _step(knob: Knob) -> float:
    """A hundred stops or more, and fine enough that the default and the bounds are among them."""
    span = knob.high - knob.low
    step = 10.0 ** np.floor(np.log10(span / 50))
    while any(abs(v / step - round(v / step)) > 1e-6 for v in (knob.default, knob.low, knob.high)):
        step /= 10
    return float(step)


def knob_controls(address: Address, prefix: str, knobs: Mapping[str, Knob], *, shown: bool = True) -> dict[str, Any]:
    """Widgets for several knobs, URL names `prefix.knob`, or with `shown` False none; their values by knob name."""
    control = knob_control if shown else knob_value
    return {name: control(address, f"{prefix}.{name}", knob) for name, knob in knobs.items()}


def toggle(address: Address, name: str, label: str, default: bool, help: str | None = None) -> bool:
    address.claim(name, default, switch(name), write_number)
    return bool(switch_control(label, key=name, help=help))
