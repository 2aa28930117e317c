"""Controls: a widget for every knob, from the knob alone, its value in the URL."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, number, switch, write_number
from landscape.knob import Knob


def knob_value(address: Address, name: str, knob: Knob) -> Any:
    """The value of a knob under the URL name `name`, whether or not its widget is shown."""
    return address.claim(name, knob.default, number(name, knob), write_number)


def knob_control(address: Address, name: str, knob: Knob, label: str = "") -> Any:
    """The widget for one knob under the URL name `name`; returns its value."""
    value = knob_value(address, name, knob)
    label = label or (knob.label or name.rsplit(".", 1)[-1]).capitalize()
    common: dict[str, Any] = {"key": name, "help": knob.help or None}
    if knob.scale == "switch":
        return st.toggle(label, **common)
    if knob.scale == "log":
        # A value from a link or a sweep may lie between the stops.
        stops = sorted({*knob.grid().tolist(), knob.default, value})
        return st.select_slider(label, stops, format_func=lambda v: f"{v:.4g}", **common)
    if knob.scale == "integer":
        return st.slider(label, int(knob.low), int(knob.high), **common)
    step = _step(knob)
    decimals = max(0, -round(np.log10(step)))
    return st.slider(label, float(knob.low), float(knob.high), step=step, format=f"%.{decimals}f", **common)


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


def drawer(label: str, key: str = "") -> Any:
    """An expander whose widgets need not be made while it is shut: `drawer(...).open` says whether it is open.

    key   its name, where the label changes
    """
    return st.expander(label, key=f"drawer.{key or label}", on_change="rerun")


def toggle(address: Address, name: str, label: str, default: bool, help: str | None = None) -> bool:
    address.claim(name, default, switch(name), write_number)
    return st.toggle(label, key=name, help=help)
