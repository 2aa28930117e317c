"""The controls by which a page chooses methods, their settings and their rates."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, choice, choices
from landscape.dashboard.kit.controls import knob_control, knob_controls, knob_value, multiselect, selectbox
from landscape.dashboard.kit.drawer import folder, more
from landscape.dashboard.kit.kept import in_turn
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Method, Pace
from landscape.descent.schedules import SCHEDULES
from landscape.domain import Landscape
from landscape.knob import knobs
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS

TUNE_HELP = "Finds each method's best rate for this start, out of 81 that it tries."


def method_menu(address: Address, landscape: Landscape, default: list[str], most: int | None = None) -> list[str]:
    """The keys of the chosen methods that apply to the landscape: one or more, at most `most`."""
    address.claim("methods", default, choices("methods", OPTIMIZERS, address.complain), ",".join)
    title = "Methods" if most is None else f"Methods, up to {most}"
    wanted = multiselect(title, list(OPTIMIZERS), key="methods", format_func=lambda k: OPTIMIZERS[k].title)
    chosen = able(wanted, landscape, "this landscape")
    if not chosen:
        chosen = default[:1]
        small(f"No {'other ' if wanted else ''}method is chosen, so {OPTIMIZERS[chosen[0]].title.lower()} runs.")
    if most is not None and len(chosen) > most:
        left_out = ", ".join(OPTIMIZERS[key].title for key in chosen[most:])
        small(f"There is room for {most} methods. Left out: {left_out}.")
    return chosen[:most]


def one_method_menu(address: Address, keys: Sequence[str], landscape: Landscape, default: str) -> str:
    """The chosen one of those `keys` that apply to the landscape; `default` must."""
    usable = [key for key in keys if OPTIMIZERS[key].applies_to(landscape)]
    key = address.claim("method", default, choice("method", keys))
    if key not in usable:
        small(f"{OPTIMIZERS[key].title} needs {OPTIMIZERS[key].needs}.")
        st.session_state["method"] = default
        address.release("method")
    return selectbox("Method", usable, key="method", format_func=lambda k: OPTIMIZERS[k].title)


def able(chosen: Sequence[str], objective: Objective, what: str = "this") -> list[str]:
    """The methods that can run on an objective, and a sentence for each that cannot."""
    apply = {key: OPTIMIZERS[key].applies_to(objective) for key in chosen}
    for key in chosen:
        if not apply[key]:
            small(f"{OPTIMIZERS[key].title} needs {OPTIMIZERS[key].needs}. It sits {what} out.")
    return [key for key in chosen if apply[key]]


def schedule_controls(address: Address, *, shown: bool) -> Pace:
    """The rate schedule and its settings."""
    key = address.claim("schedule", "constant", choice("schedule", SCHEDULES))
    if shown:
        selectbox("Rate schedule", list(SCHEDULES), key="schedule", format_func=lambda k: SCHEDULES[k].title)
    settings = knob_controls(address, f"schedule.{key}", knobs(SCHEDULES[key]), shown=shown)
    return Pace(key, tuple(settings.items()))


def other_settings(
    address: Address, chosen: Iterable[str], label: str = "Settings of each method"
) -> dict[str, dict[str, Any]]:
    """Every chosen method's settings besides its rate."""
    settings = {}
    with folder(label) as box:
        for key in chosen:
            fields = {name: knob for name, knob in knobs(OPTIMIZERS[key]).items() if name != "lr"}
            if box.open and fields:
                st.markdown(f"**{OPTIMIZERS[key].title}**")
            settings[key] = knob_controls(address, f"method.{key}", fields, shown=box.open)
    return settings


def rates(
    address: Address,
    settings: dict[str, dict[str, Any]],
    tune: bool,
    tuned_rate: Callable[[Method], float | None],
) -> tuple[Method, ...]:
    """The methods, their settings with rates: a slider each, or the best that tuning finds, from which the sliders then
    start.

    tuned_rate   the rate that serves a method best, whose own settings lack one
    """
    methods, keys = [], list(settings)
    for key in in_turn(keys, lambda key: f"Tuning {OPTIMIZERS[key].title}") if tune else keys:
        rest = settings[key]
        knob = knobs(OPTIMIZERS[key]).get("lr")
        if knob is None:
            methods.append(Method(key, tuple(rest.items())))
            continue
        name, title = f"method.{key}.lr", OPTIMIZERS[key].title
        given = knob_value(address, name, knob)
        if tune:
            if address.asks(name):
                address.complain(f"In the link, {name} is set, but tuning finds the rate. Add tune=0 to use it.")
            rate = tuned_rate(Method(key, tuple(rest.items()))) or given
            st.session_state[name] = rate
            address.release(name)
        else:
            with more():
                rate = knob_control(address, name, knob, f"{title}: rate")
        methods.append(Method(key, (*rest.items(), ("lr", rate))))
    return tuple(methods)


def rules(keys: Iterable[str]) -> None:
    """How each method steps."""
    for key in keys:
        st.markdown(f"**{OPTIMIZERS[key].title}.** {OPTIMIZERS[key].note}")
        st.latex(OPTIMIZERS[key].rule)
