"""The controls by which a page chooses methods, their settings and their rates."""

from typing import Any

import streamlit as st

from landscape.dashboard import runs
from landscape.dashboard.address import Address, choices
from landscape.dashboard.controls import drawer, knob_control, knob_controls, knob_value
from landscape.dashboard.page import small
from landscape.knob import knobs
from landscape.landscapes import Landscape
from landscape.optimizers import OPTIMIZERS

TUNE_HELP = "Each runs at the best of 81 rates from this start: lowest over the last tenth, never above the start."


def method_menu(address: Address, landscape: Landscape, default: list[str], most: int | None = None) -> list[str]:
    """The keys of the chosen methods that apply to the landscape: one or more, at most `most`."""
    address.claim("methods", default, choices("methods", OPTIMIZERS, address.complain), ",".join)
    title = "Methods" if most is None else f"Methods, up to {most}"
    chosen = st.multiselect(title, list(OPTIMIZERS), key="methods", format_func=lambda k: OPTIMIZERS[k].title)
    for key in [key for key in chosen if not OPTIMIZERS[key].applies_to(landscape)]:
        small(f"{OPTIMIZERS[key].title} needs {OPTIMIZERS[key].needs}. It sits this landscape out.")
        chosen = [other for other in chosen if other != key]
    if not chosen:
        chosen = default[:1]
        small(f"No method is chosen, so {OPTIMIZERS[chosen[0]].title.lower()} runs.")
    if most is not None and len(chosen) > most:
        left_out = ", ".join(OPTIMIZERS[key].title for key in chosen[most:])
        small(f"There is room for {most}. Left out: {left_out}.")
    return chosen[:most]


def other_settings(address: Address, chosen: list[str]) -> dict[str, dict[str, Any]]:
    """Every chosen method's settings besides its rate."""
    settings = {}
    with drawer("Settings of each method") as box:
        for key in chosen:
            fields = {name: knob for name, knob in knobs(OPTIMIZERS[key]).items() if name != "lr"}
            if box.open and fields:
                st.markdown(f"**{OPTIMIZERS[key].title}**")
            settings[key] = knob_controls(address, key, fields, shown=box.open)
    return settings


def rates(
    address: Address, settings: dict[str, dict[str, Any]], tune: bool, conditions: dict[str, Any]
) -> dict[str, runs.Settings]:
    """Settings with rates: a slider each, or the best that tuning finds, which the sliders then start from."""
    methods = {}
    for key, rest in settings.items():
        knob = knobs(OPTIMIZERS[key]).get("lr")
        if knob is None:
            methods[key] = tuple(rest.items())
            continue
        name, title = f"{key}.lr", OPTIMIZERS[key].title
        if tune:
            method = conditions | {"optimizer_key": key, "optimizer_settings": tuple(rest.items())}
            rate = runs.tuned_rate(**method) or knob_value(address, name, knob)
            st.session_state[name] = rate
            address.release(name)
        else:
            rate = knob_control(address, name, knob, f"{title}: rate")
        methods[key] = (*rest.items(), ("lr", rate))
    return methods
