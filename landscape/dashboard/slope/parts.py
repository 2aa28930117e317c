"""What the views of the Slope page share: their controls, and what stands below a stage."""

from collections.abc import Iterable, Sequence

import numpy as np
import streamlit as st

from landscape.calculus.curves import CURVES, OWN, Curve
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.picker import Option, picker
from landscape.dashboard.kit.view import RefusalError, Seen
from landscape.dashboard.slope.own_curve import own_curve_controls
from landscape.figures.calculus.guess import curve_stage
from landscape.figures.kit.layouts import ONE_PANEL
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

X = "x"
# The viewer's own curve of the last run.
BEFORE = "own.curve.before"


def curve_control(address: Address, default: str, forget: Iterable[str] = (X,), *, own: bool = False) -> Curve:
    """The menu of curves, with `own` the viewer's own among them; another one forgets the place on the last."""

    def forgotten() -> None:
        for name in forget:
            st.session_state.pop(name, None)

    options = [Option(OWN, "Your own formula", sign="f(x)")] if own else []
    options += [Option(key, curve.title) for key, curve in CURVES.items()]
    key = picker(address, "curve", "Function", options, default, "curves", forgotten)
    if key in CURVES:
        return CURVES[key]
    curve = own_curve_controls(address)
    if st.session_state.get(BEFORE) not in (None, curve.key) and not address.reading:
        forgotten()
    st.session_state[BEFORE] = curve.key
    return curve


def clock_of(curve: Curve) -> str:
    """What a play head's clock is named after: one name for all formulas of the viewer's own."""
    return curve.key.split()[0]


def refuse_gap(curve: Curve, x: float) -> None:
    """RefusalError where the curve has no value at x: in `run`, so that all controls stay."""
    if not np.isfinite(curve.value(np.array(x))):
        raise RefusalError(f"f has no value at x = {x:g}. Choose another point.")


def place_control(
    address: Address, curve: Curve, name: str = X, label: str = "point x", default: float | None = None
) -> float:
    """A slider for a place on a curve; a click on the stage sets it, too."""
    low, high = curve.domain
    at = curve.at if default is None else default
    return float(knob_control(address, name, Knob(at, low, high, "linear", label, "Or drag it on the stage.")))


def rest(stage: Stage, curve: Curve, name: str, formulas: Iterable[str], remarks: Iterable[str]) -> None:
    """The function, what theory says, where it comes from, and the stage as a file."""
    st.latex(rf"f(x) = {curve.latex()}")
    for formula in formulas:
        st.latex(formula)
    small(curve.note)
    for remark in remarks:
        small(remark)
    stage_download(st, stage, f"{curve.title}: {name}", name)


def curve_sketch(curve: Curve, points: Sequence[float], seen: Seen, upright: Sequence[float] = ()) -> Stage:
    """The stage for those who guess: the curve that is asked about; see `curve_stage`."""
    height = ONE_PANEL if seen.narrow else seen.size("calculus")[1]
    return curve_stage(curve, points, seen.theme, upright=upright, narrow=seen.narrow, height=height)
