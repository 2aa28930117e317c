"""The Basins page's view of sweeps: what two knobs of one method make of one start."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit import kept, runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, knob_controls
from landscape.dashboard.kit.descent_link import open_at, query
from landscape.dashboard.kit.landscapes import formula, off_the_map, start_controls
from landscape.dashboard.kit.methods import one_method_menu
from landscape.dashboard.kit.page import small, theme
from landscape.dashboard.kit.player import clickable_chart, screen
from landscape.domain import Landscape, diagonal
from landscape.figures.basins.sweeps import SHOWN, Swept, sweep_stage
from landscape.knob import Knob, knobs
from landscape.maps.sweeps import Sweep, axis, predicted, stability_limit, sweep
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import bowl_below

STEPS = Knob(100, 1, 1000, "integer", "steps", "How long each run is.")
SWEPT = [key for key, cls in OPTIMIZERS.items() if len(knobs(cls)) >= 2]
DEFAULT = "momentum"
COLUMNS, ROWS = 96, 60
TOLERANCE = 1e-6
HEIGHT = {"laptop": 580, "hall": 880, "phone": 520}


def show(address: Address, surface: Landscape) -> None:
    with st.sidebar:
        key, names, settings, shown = _method(address, surface)
        start = start_controls(address, surface.axes, surface.start)
        steps = knob_control(address, "steps", STEPS)
        off_the_map(surface, start)
    fields = knobs(OPTIMIZERS[key])
    job = _job(surface, key, names, tuple(settings.items()), start, steps)
    (done,) = kept.results({OPTIMIZERS[key].title: job}).values()
    swept = _swept(surface, key, done, settings, start)
    seen_on = screen()
    stage = sweep_stage(swept, theme(), shown=shown, height=HEIGHT[seen_on], narrow=seen_on == "phone")

    def clicked(x: float, y: float, _: str) -> None:
        values = {name: _nearest(fields[name], at) for name, at in zip(names, (x, y), strict=True)}
        chosen = tuple((name, values.get(name, settings.get(name, fields[name].default))) for name in fields)
        open_at(query(surface, {key: chosen}, *start, steps))

    clickable_chart("sweep", stage, clicked)
    address.close()
    _below(swept, surface, key, steps)


def _nearest(knob: Knob, value: float) -> Any:
    """A knob's value nearest to where its axis was clicked."""
    value = float(np.clip(value, knob.low, knob.high))
    if knob.scale == "switch":
        return value >= 0.5
    return round(value) if knob.scale == "integer" else float(f"{value:.4g}")


def _method(address: Address, surface: Landscape) -> tuple[str, tuple[str, str], dict[str, Any], str]:
    """The method, the two knobs that are swept, its other settings, and what is shown."""
    key = one_method_menu(address, SWEPT, surface, DEFAULT)
    names = list(knobs(OPTIMIZERS[key]))
    swept = []
    for place, name in zip(("across", "up"), names, strict=False):
        others = [each for each in names if each not in swept]
        default = name if name in others else others[0]
        # Another method has other knobs.
        if st.session_state.get(place) not in others:
            st.session_state.pop(place, None)
        address.claim(place, default, choice(place, others))
        label = "Across" if place == "across" else "Up"
        swept.append(st.selectbox(label, others, key=place))
    address.claim("shown", "value", choice("shown", SHOWN))
    shown = st.segmented_control("Show", list(SHOWN), key="shown", format_func=lambda k: SHOWN[k], required=True)
    rest = {name: knob for name, knob in knobs(OPTIMIZERS[key]).items() if name not in swept}
    return key, (swept[0], swept[1]), knob_controls(address, key, rest), str(shown)


def _job(
    surface: Landscape,
    key: str,
    names: tuple[str, str],
    settings: runs.Settings,
    start: tuple[float, float],
    steps: int,
) -> tuple[tuple[object, ...], Callable[[Callable[[float], None]], Sweep]]:
    def work(tell: Callable[[float], None]) -> Sweep:
        fields = knobs(OPTIMIZERS[key])
        grid = {name: axis(fields[name], count) for name, count in zip(names, (COLUMNS, ROWS), strict=True)}
        return sweep(surface, OPTIMIZERS[key], np.array(start), steps, grid, dict(settings), TOLERANCE, tell)

    return ("sweep", surface.key, surface.settings, key, names, settings, start, steps), work


def _swept(surface: Landscape, key: str, done: Sweep, settings: dict[str, Any], start: tuple[float, float]) -> Swept:
    fields = knobs(OPTIMIZERS[key])
    points = runs.stationary_around(surface.key, surface.settings)
    index = bowl_below(surface, points, np.array(start), diagonal(surface.domain))
    factor, limit = None, np.empty((0, 2))
    if index is not None:
        asked = (OPTIMIZERS[key], done, settings, points.eigenvalues[index])
        factor, limit = predicted(*asked), stability_limit(*asked)
    exact = bool(surface.minima)
    lowest = np.nanmin(done.value) if np.isfinite(done.value).any() else 0.0
    base = surface.minima[0].value if exact else float(lowest)
    first, second = (fields[name] for name in done.names)
    return Swept(OPTIMIZERS[key].title, done, (first, second), base, exact, factor, limit)


def _below(swept: Swept, surface: Landscape, key: str, steps: int) -> None:
    row, column = swept.best
    x, y = swept.sweep.values
    one, two = swept.sweep.names
    arrived = int(swept.sweep.steps[row, column])
    tail = f", there in {arrived} steps" if arrived >= 0 else f" after {steps} steps"
    st.markdown(
        f"- Lowest: {one} **{x[column]:.4g}** with {two} **{y[row]:.4g}**, {swept.height[row, column]:.3g} above the "
        f"{'minimum' if swept.exact else 'lowest value found'}{tail}."
    )
    gone = np.isnan(swept.sweep.value)
    arrived_share = float((swept.sweep.steps >= 0).mean())
    st.markdown(f"- {100 * gone.mean():.3g} % of the pairs diverge, {100 * arrived_share:.3g} % arrive.")
    if swept.factor is not None:
        stable = swept.factor < 1
        agree = float(((stable & ~gone) | (~stable & gone)).mean())
        st.markdown(
            f"- Theory, from the curvature at the minimum below this start, tells diverging pairs from others for "
            f"**{100 * agree:.3g} %** of them; near the line and far from the minimum it need not."
        )
    else:
        small("Theory draws no line here: the method is no linear map near a minimum, or there is no bowl below.")
    small("Click a pair to open the Descent page with it.")
    st.latex(OPTIMIZERS[key].rule)
    formula(surface)
