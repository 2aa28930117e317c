"""The Slope page's view of a difference quotient's error: truncation, rounding, and the best step between them."""

from typing import NamedTuple

from landscape.calculus import report
from landscape.calculus.curves import Curve
from landscape.calculus.differences import DIFFERENCES, PRECISIONS
from landscape.calculus.guesses import step_guess
from landscape.calculus.report import Judged
from landscape.calculus.step_errors import SHOWN, step_errors
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import segmented_control
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import clock_of, curve_control, curve_sketch, place_control, refuse_gap, rest
from landscape.figures.calculus.step_error import step_error_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

CURVE = "sine"


class Terms(NamedTuple):
    """A curve, the point, and the precision that is judged."""

    curve: Curve
    x: float
    precision: str


def controls(address: Address) -> Terms:
    curve = curve_control(address, CURVE, own=True)
    x = place_control(address, curve)
    precision = address.claim("precision", "double", choice("precision", PRECISIONS))
    segmented_control("Precision", list(PRECISIONS), key="precision", format_func=str.capitalize, required=True)
    return Terms(curve, x, precision)


def run(terms: Terms) -> Judged:
    refuse_gap(terms.curve, terms.x)
    return Judged(step_errors(terms.curve, terms.x), terms.precision)


def draw(terms: Terms, judged: Judged, seen: Seen) -> Stage:
    height = seen.size("calculus")[1]
    return step_error_stage(judged.found, terms.precision, seen.theme, narrow=seen.narrow, height=height)


def ask(terms: Terms, judged: Judged) -> Asking:
    knob = Knob(1e-3, 1e-16, 1, "log", "your h", "The h at which the forward quotient is best.")
    return Asking("best", "Which step h makes the forward quotient's error smallest?", knob, step_guess)


def sketch(terms: Terms, judged: Judged, guess: float, seen: Seen) -> Stage:
    return curve_sketch(terms.curve, [terms.x], seen)


def below(terms: Terms, judged: Judged, stage: Stage) -> None:
    formulas = [
        *(DIFFERENCES[scheme].latex for scheme in SHOWN),
        r"h^* = \left(\frac{R}{p\,T}\right)^{1/(p+1)} \quad\text{minimises}\quad T h^p + \frac{R}{h}",
    ]
    remarks = [
        "T is the leading term's factor. R is what rounding may do to f and to x + h: dotted in the picture.",
        "The complex step runs the formula on complex numbers. At a kink, or where f is not real, it has no answer.",
        "Sources: Nocedal & Wright (2006), section 8.1; Squire & Trapp (1998), SIAM Review 40, for the complex step.",
    ]
    rest(stage, judged.found.curve, "error", formulas, remarks)


VIEW = View(
    "error",
    "Error",
    "How small should h be?",
    controls,
    run,
    draw,
    report.step_findings,
    below,
    clock=lambda terms: clock_of(terms.curve),
    ask=ask,
    sketch=sketch,
)
