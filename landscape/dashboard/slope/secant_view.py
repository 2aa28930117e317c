"""The Slope page's view of the secant: how it turns into the tangent."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.calculus import report
from landscape.calculus.curves import Curve, steepest
from landscape.calculus.differences import DIFFERENCES
from landscape.calculus.guesses import PLACES, drawn_guess, slope_guess, slope_places
from landscape.calculus.secants import SECANTS, Secants, secants
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control, segmented_control
from landscape.dashboard.kit.strokes import stroke_names, stroke_value
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import clock_of, curve_control, place_control, refuse_gap, rest
from landscape.figures.calculus.common import across, range_with_zero
from landscape.figures.calculus.guess import CHOSEN, drawing_stage, guess_stage
from landscape.figures.calculus.secant import secant_stage, telling
from landscape.figures.kit.layouts import ONE_PANEL
from landscape.figures.kit.stage import Stage
from landscape.finding import Finding
from landscape.knob import Knob

H = Knob(1.0, 0.01, 10, "log", "first step h", "The secant's first h. Playing halves it ten times.")
CURVE, GUESS = "wave", "slope"
# What may be asked: one slope, or all of f′, drawn by hand; and how a link calls what was drawn.
ASKED = {"slope": "One slope", "drawn": "Draw f′"}
DRAWN = "drawn"
# The first step at first, as a share of what is drawn.
SHARE = 1 / 8


class Terms(NamedTuple):
    """A curve, the point, the first step and the scheme; what is asked, and the heights of f′ as somebody drew it."""

    curve: Curve
    x: float
    h: float
    scheme: str
    asked: str
    drawn: tuple[float, ...] | None


def controls(address: Address) -> Terms:
    curve = curve_control(address, CURVE, ("x", "h", GUESS, DRAWN), own=True)
    x = place_control(address, curve)
    low, high = curve.domain
    h = knob_control(address, "h", H.beginning(float(f"{SHARE * (high - low):.1g}")))
    scheme = address.claim("scheme", "forward", choice("scheme", SECANTS))
    segmented_control("Secant", SECANTS, key="scheme", format_func=lambda k: DIFFERENCES[k].title, required=True)
    return Terms(curve, x, h, scheme, *_asked(address, curve))


def _asked(address: Address, curve: Curve) -> tuple[str, tuple[float, ...] | None]:
    """What is asked of those who want to guess first, and what they have drawn."""
    asked = address.claim("asked", "slope", choice("asked", ASKED))
    line = stroke_value(address, DRAWN, [_span(curve)] * PLACES, [0.0] * PLACES)
    return asked, None if line is None else tuple(line.tolist())


def _span(curve: Curve) -> tuple[float, float]:
    """From where to where a slope can be drawn."""
    low, high = range_with_zero(curve.slope(across(curve)))
    return low, high


def run(terms: Terms) -> Secants:
    refuse_gap(terms.curve, terms.x)
    return secants(terms.curve, terms.x, terms.h, terms.scheme)


def draw(terms: Terms, found: Secants, seen: Seen) -> Stage:
    drawn = None
    if seen.answered and terms.asked == DRAWN and terms.drawn is not None:
        drawn = slope_places(terms.curve), np.array(terms.drawn)
    height = seen.size("calculus")[1]
    stage = secant_stage(found, seen.theme, (H.low, H.high), drawn=drawn, narrow=seen.narrow, height=height)
    return stage.begin_at(telling(found))


def ask(terms: Terms, found: Secants) -> Asking:
    menu = ("asked", ASKED)
    if terms.asked == DRAWN:
        heights = np.array(terms.drawn or [0.0] * PLACES)

        def answer(record: Secants, _: float) -> Finding:
            return drawn_guess(record, heights, *_span(terms.curve))

        question = "Draw f′ under f: how does the slope go?"
        return Asking(DRAWN, question, None, answer, menu)
    reach = float(f"{1.2 * steepest(found.curve):.1g}") or 1.0
    knob = Knob(0.0, -reach, reach, "linear", "your slope", "Tilt the line until it touches.")
    return Asking(GUESS, f"How steep is f at x = {terms.x:.3g}?", knob, slope_guess, menu)


def sketch(terms: Terms, found: Secants, guess: float, seen: Seen) -> Stage:
    height = ONE_PANEL if seen.narrow else seen.size("calculus")[1]
    knob = ask(terms, found).knob
    if knob is None:
        heights, names = np.array(terms.drawn or [0.0] * PLACES), stroke_names(DRAWN, PLACES)
        chosen = int(st.session_state.get(CHOSEN, PLACES // 2))
        places = slope_places(terms.curve)
        return drawing_stage(terms.curve, places, heights, names, chosen, seen.theme, narrow=seen.narrow, height=height)
    span = knob.low, knob.high
    return guess_stage(found, GUESS, guess, span, seen.theme, narrow=seen.narrow, height=height)


def below(terms: Terms, found: Secants, stage: Stage) -> None:
    formulas = [DIFFERENCES[terms.scheme].latex, r"f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h}"]
    remarks = [
        "f′ and f″ are exact: they are derived from the formula.",
        "▼ and ▲ stand where f has a minimum and a maximum, ✕ where it bends the other way.",
    ]
    rest(stage, found.curve, "secant", formulas, remarks)


VIEW = View(
    "secant",
    "Secant",
    "What is a slope?",
    controls,
    run,
    draw,
    report.secant_findings,
    below,
    clock=lambda terms: clock_of(terms.curve),
    ask=ask,
    sketch=sketch,
)
