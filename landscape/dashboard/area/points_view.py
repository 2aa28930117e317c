"""The Area page's view of random points: Monte Carlo, and how well it knows itself."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.calculus import area_report
from landscape.calculus.area_guesses import points_guess
from landscape.calculus.curves import CURVES
from landscape.calculus.random_points import RandomPoints, random_points
from landscape.dashboard.area.parts import area_controls, refuse_falling
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import curve_sketch, rest
from landscape.figures.calculus.random_points import points_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other points.")


class Terms(NamedTuple):
    """A curve by its key, from where to where, and the seed."""

    curve: str
    a: float
    b: float
    seed: int


def controls(address: Address) -> Terms:
    curve, a, b = area_controls(address)
    return Terms(curve.key, a, b, int(knob_control(address, "seed", SEED)))


@st.cache_data(max_entries=20, show_spinner=False)
def _found(curve: str, a: float, b: float, seed: int) -> RandomPoints:
    return random_points(CURVES[curve], a, b, seed)


def run(terms: Terms) -> RandomPoints:
    refuse_falling(terms.a, terms.b)
    return _found(*terms)


def draw(terms: Terms, found: RandomPoints, seen: Seen) -> Stage:
    return points_stage(found, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])


def ask(terms: Terms, found: RandomPoints) -> Asking | None:
    if not np.isfinite(found.power):
        return None
    knob = Knob(2.0, 1, 1000, "log", "times the points", "How many times the points for an error ten times smaller.")
    return Asking("more", "How many times the points for one more digit?", knob, points_guess)


def sketch(terms: Terms, found: RandomPoints, guess: float, seen: Seen) -> Stage:
    return curve_sketch(CURVES[terms.curve], [terms.a, terms.b], seen)


def below(terms: Terms, found: RandomPoints, stage: Stage) -> None:
    formulas = [
        r"\int_a^b f(x)\,dx \approx \frac{b-a}{n} \sum_{i=1}^{n} f(x_i),\qquad x_i \sim U(a, b)",
        r"\text{standard error} = \frac{\sigma}{\sqrt{n}},\qquad \sigma = (b - a)\,\text{sd}(f)",
    ]
    remarks = [
        "The interval uses the points' own standard deviation. With few points that is too small too often.",
        "Source: Owen (2013), “Monte Carlo theory, methods and examples”, chapter 2.",
    ]
    rest(stage, found.curve, "points", formulas, remarks)


VIEW = View(
    "points",
    "Monte Carlo",
    "How many points for one more digit?",
    controls,
    run,
    draw,
    area_report.points_findings,
    below,
    clock=lambda terms: terms.curve,
    ask=ask,
    sketch=sketch,
)
