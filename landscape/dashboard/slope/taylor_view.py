"""The Slope page's view of Taylor polynomials: order after order, and how far they serve."""

from typing import NamedTuple

import numpy as np

from landscape.calculus import report
from landscape.calculus.curves import Curve
from landscape.calculus.expansion_run import HIGHEST, Expansion, expansion
from landscape.calculus.guesses import reach_guess
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import clock_of, curve_control, curve_sketch, place_control, refuse_gap, rest
from landscape.figures.calculus.taylor import taylor_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

CURVE = "witch"
# About which point, and where it is judged, at first: as far out as the series serves lies between.
ABOUT, PROBE = "about", "probe"
FIRST = {"witch": (0.0, 1.25), "logarithm": (0.0, 1.3), "step": (0.0, 0.6), "kink": (0.6, -0.4), "sine": (0.0, 3.0)}
BEGIN = 4


class Terms(NamedTuple):
    """A curve, the point it is expanded about, and the one at which that is judged."""

    curve: Curve
    about: float
    probe: float


def controls(address: Address) -> Terms:
    curve = curve_control(address, CURVE, (ABOUT, PROBE), own=True)
    low, high = curve.domain
    about, probe = FIRST.get(curve.key, (curve.at, low + 0.9 * (high - low)))
    return Terms(
        curve,
        place_control(address, curve, ABOUT, "about x", about),
        place_control(address, curve, PROBE, "judged at x", probe),
    )


def run(terms: Terms) -> Expansion:
    refuse_gap(terms.curve, terms.about)
    return expansion(terms.curve, terms.about, terms.probe)


def draw(terms: Terms, found: Expansion, seen: Seen) -> Stage:
    stage = taylor_stage(found, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])
    return stage.begin_at(BEGIN)


def ask(terms: Terms, found: Expansion) -> Asking | None:
    if np.isnan(found.reach) or found.last < HIGHEST:
        return None
    low, high = terms.curve.domain
    knob = Knob(0.0, 0, high - low, "linear", "your distance", "Counted from the point that the polynomials are about.")
    question = f"About x = {terms.about:.3g}: up to which distance does the Taylor series serve?"
    return Asking("reach", question, knob, reach_guess)


def sketch(terms: Terms, found: Expansion, guess: float, seen: Seen) -> Stage:
    return curve_sketch(terms.curve, [terms.about], seen, [terms.about - guess, terms.about + guess])


def below(terms: Terms, found: Expansion, stage: Stage) -> None:
    formulas = [
        rf"T_n(x) = \sum_{{k=0}}^{{n}} \frac{{f^{{(k)}}(a)}}{{k!}}\,(x - a)^k,\qquad n \le {HIGHEST}",
        r"f(x) - T_n(x) = \frac{f^{(n+1)}(\xi)}{(n+1)!}\,(x - a)^{n+1}",
    ]
    remarks = [
        "The coefficients are exact to rounding: the formula itself is run on power series.",
        "The second formula says what is left, at some ξ between a and x, where f is smooth in between.",
        "A series serves up to the nearest point, real or complex, at which f breaks off.",
    ]
    rest(stage, found.curve, "taylor", formulas, remarks)


VIEW = View(
    "taylor",
    "Taylor",
    "How far does a polynomial know a function?",
    controls,
    run,
    draw,
    report.taylor_findings,
    below,
    clock=lambda terms: clock_of(terms.curve),
    ask=ask,
    sketch=sketch,
)
