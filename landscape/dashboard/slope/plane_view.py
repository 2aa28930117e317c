"""The Slope page's view of two variables: the gradient, the tangent plane, and the slope in a direction."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.calculus import step_report
from landscape.calculus.guesses import down_guess
from landscape.calculus.paths import KNOTS, Bent
from landscape.calculus.plane import Plane, plane, reach_of
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.landscapes import formula, landscape_options
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.picker import picker
from landscape.dashboard.kit.strokes import stroke_value
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.calculus.guess import down_stage
from landscape.figures.calculus.plane import plane_stage
from landscape.figures.kit.layouts import ONE_PANEL
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.numbers import latex_number
from landscape.surfaces import SURFACES, Surface

# Maps on which a direction can be told: smooth, and about as wide as they are high. The first is where the view begins.
MAPS = ("peaks", "quadratic", "saddle", "himmelblau", "mccormick", "double_well", "monkey_saddle", "two_gaussians")
ANGLE = Knob(30.0, 0, 360, "linear", "direction, degrees", "Counted from the x axis, towards y.")
BEND = Knob(0.0, -1, 1, "linear", "bend of the path", "At 0 the path is straight.")
PLACE, GUESS, WAY = ("px", "py"), "down", "way"


class Terms(NamedTuple):
    """A surface by its key, the point, the direction, and how the path through it bends; the knots of one by hand."""

    surface: str
    point: tuple[float, float]
    angle: float
    bend: float
    drawn: tuple[tuple[float, float], ...] | None


def controls(address: Address) -> Terms:
    def forgotten() -> None:
        for name in (*PLACE, WAY):
            st.session_state.pop(name, None)

    key = picker(address, "plane", "Landscape", landscape_options(MAPS), MAPS[0], "landscapes", forgotten)
    surface = SURFACES[key]
    with more():
        x, y = (
            float(knob_control(address, name, Knob(at, low, high, "linear", f"point {axis}", "Or drag it on the map.")))
            for name, axis, at, (low, high) in zip(PLACE, surface.axes, surface.start, surface.domain, strict=True)
        )
    angle, bend = (float(knob_control(address, name, knob)) for name, knob in (("angle", ANGLE), ("bend", BEND)))
    by_hand = toggle(address, "byhand", "Draw the path", False, "Draw it on the map, by mouse or finger.")
    knots = stroke_value(address, WAY, [*surface.domain] * KNOTS, _bent(surface, (x, y), angle, bend).ravel().tolist())
    if not by_hand:
        return Terms(key, (x, y), angle, bend, None)
    first = _bent(surface, (x, y), angle, bend) if knots is None else knots.reshape(KNOTS, 2)
    return Terms(key, (x, y), angle, bend, tuple((float(a), float(b)) for a, b in first))


def _bent(surface: Surface, point: tuple[float, float], angle: float, bend: float) -> np.ndarray:
    """Where a path begins that nobody has drawn yet: on the one that bends, as far as that is on the map."""
    way, (low, high) = Bent(np.array(point), angle, bend, reach_of(surface)), np.array(surface.domain).T
    return np.clip(way.at(np.linspace(*way.ends, KNOTS)), low, high)


def run(terms: Terms) -> Plane:
    knots = None if terms.drawn is None else np.array(terms.drawn)
    return plane(SURFACES[terms.surface], terms.point, terms.angle, terms.bend, knots)


def draw(terms: Terms, found: Plane, seen: Seen) -> Stage:
    return plane_stage(found, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])


def ask(terms: Terms, found: Plane) -> Asking | None:
    if found.steepness == 0:
        return None
    return Asking(GUESS, "Which way is straight down?", replace(ANGLE, default=0.0, label="your direction"), down_guess)


def sketch(terms: Terms, found: Plane, guess: float, seen: Seen) -> Stage:
    height = ONE_PANEL if seen.narrow else seen.size("calculus")[1]
    return down_stage(found, GUESS, guess, seen.theme, narrow=seen.narrow, height=height)


def below(terms: Terms, found: Plane, stage: Stage) -> None:
    formula(found.surface)
    st.latex(r"\frac{d}{ds} f(x(s)) = \nabla f(x(s)) \cdot x'(s)")
    st.latex(r"x'(0) = u:\quad \nabla f \cdot u = |\nabla f| \cos\varphi")
    st.latex(
        rf"\nabla f({', '.join(map(latex_number, np.round(found.point, 6)))}) = "
        rf"({', '.join(map(latex_number, found.gradient))})"
    )
    if found.steepness:
        small("The dashed lines are level lines of the tangent plane: parallel, and at right angles to the gradient.")
    else:
        small("Here the tangent plane is level: it has no level lines.")
    stage_download(st, stage, f"{found.surface.title}: two variables", "plane")


VIEW = View(
    "plane",
    "Two variables",
    "Which way is downhill?",
    controls,
    run,
    draw,
    step_report.plane_findings,
    below,
    clock=lambda terms: terms.surface,
    ask=ask,
    sketch=sketch,
)
