"""The controls by which a page chooses methods, their settings and their rates."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice, choices
from landscape.dashboard.kit.controls import drawer, knob_control, knob_controls, knob_value
from landscape.dashboard.kit.page import small
from landscape.descent.schedules import SCHEDULES
from landscape.domain import Landscape
from landscape.knob import knobs
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS

TUNE_HELP = "Each runs at the best of 81 rates from this start: lowest over the last tenth, never above the start."


def method_menu(address: Address, landscape: Landscape, default: list[str], most: int | None = None) -> list[str]:
    """The keys of the chosen methods that apply to the landscape: one or more, at most `most`."""
    address.claim("methods", default, choices("methods", OPTIMIZERS, address.complain), ",".join)
    title = "Methods" if most is None else f"Methods, up to {most}"
    chosen = st.multiselect(title, list(OPTIMIZERS), key="methods", format_func=lambda k: OPTIMIZERS[k].title)
    chosen = able(chosen, landscape, "this landscape")
    if not chosen:
        chosen = default[:1]
        small(f"No method is chosen, so {OPTIMIZERS[chosen[0]].title.lower()} runs.")
    if most is not None and len(chosen) > most:
        left_out = ", ".join(OPTIMIZERS[key].title for key in chosen[most:])
        small(f"There is room for {most}. Left out: {left_out}.")
    return chosen[:most]


def one_method_menu(address: Address, keys: Sequence[str], landscape: Landscape, default: str) -> str:
    """The chosen one of those `keys` that apply to the landscape; `default` must."""
    usable = [key for key in keys if OPTIMIZERS[key].applies_to(landscape)]
    key = address.claim("method", default, choice("method", keys))
    if key not in usable:
        small(f"{OPTIMIZERS[key].title} needs {OPTIMIZERS[key].needs}.")
        st.session_state["method"] = default
        address.release("method")
    return st.selectbox("Method", usable, key="method", format_func=lambda k: OPTIMIZERS[k].title)


def able(chosen: Sequence[str], objective: Objective, what: str = "this") -> list[str]:
    """The methods that can run on an objective, and a sentence for each that cannot."""
    apply = {key: OPTIMIZERS[key].applies_to(objective) for key in chosen}
    for key in chosen:
        if not apply[key]:
            small(f"{OPTIMIZERS[key].title} needs {OPTIMIZERS[key].needs}. It sits {what} out.")
    return [key for key in chosen if apply[key]]


def schedule_controls(address: Address, *, shown: bool) -> dict[str, Any]:
    """The rate schedule and its settings, by the argument names of runs."""
    key = address.claim("schedule", "constant", choice("schedule", SCHEDULES))
    if shown:
        st.selectbox("Rate schedule", list(SCHEDULES), key="schedule", format_func=lambda k: SCHEDULES[k].title)
    settings = knob_controls(address, key, knobs(SCHEDULES[key]), shown=shown)
    return {"schedule_key": key, "schedule_settings": tuple(settings.items())}


def other_settings(
    address: Address, chosen: Iterable[str], label: str = "Settings of each method"
) -> dict[str, dict[str, Any]]:
    """Every chosen method's settings besides its rate."""
    settings = {}
    with drawer(label) as box:
        for key in chosen:
            fields = {name: knob for name, knob in knobs(OPTIMIZERS[key]).items() if name != "lr"}
            if box.open and fields:
                st.markdown(f"**{OPTIMIZERS[key].title}**")
            settings[key] = knob_controls(address, key, fields, shown=box.open)
    return settings


def rates(
    address: Address,
    settings: dict[str, dict[str, Any]],
    tune: bool,
    conditions: dict[str, Any],
    tuned_rate: Callable[..., float | None] = runs.tuned_rate,
) -> dict[str, runs.Settings]:
    """Settings with rates: a slider each, or the best that tuning finds, which the sliders then start from.

    tuned_rate   called with optimizer_key, optimizer_settings and the conditions
    """
    methods = {}
    for key, rest in settings.items():
        knob = knobs(OPTIMIZERS[key]).get("lr")
        if knob is None:
            methods[key] = tuple(rest.items())
            continue
        name, title = f"{key}.lr", OPTIMIZERS[key].title
        given = knob_value(address, name, knob)
        if tune:
            if address.asks(name):
                address.complain(f"In the link, {name} is given, but tuning finds it; tune=0 would take it.")
            method = conditions | {"optimizer_key": key, "optimizer_settings": tuple(rest.items())}
            rate = tuned_rate(**method) or given
            st.session_state[name] = rate
            address.release(name)
        else:
            rate = knob_control(address, name, knob, f"{title}: rate")
        methods[key] = (*rest.items(), ("lr", rate))
    return methods


def rules(keys: Iterable[str]) -> None:
    """How each method steps."""
    for key in keys:
        st.markdown(f"**{OPTIMIZERS[key].title}.** {OPTIMIZERS[key].note}")
        st.latex(OPTIMIZERS[key].rule)
