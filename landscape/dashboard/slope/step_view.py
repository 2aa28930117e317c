"""The Slope page's view of steps on a curve: gradient descent and Newton's method."""

from typing import NamedTuple

from landscape.calculus import step_report
from landscape.calculus.curves import Curve
from landscape.calculus.guesses import needed_guess
from landscape.calculus.stepping import Stepping, starts, stepping
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import clock_of, curve_control, curve_sketch, refuse_gap, rest
from landscape.figures.calculus.stepping import stepping_stage, telling
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

CURVE = "wave"
START, RATE, STEPS = "start", "rate", "steps"
RATES = (0.001, 10.0)
# Where a curve shows most: start and rate. The parabola's is those of Dive into Deep Learning, section 12.3.
FIRST = {"square": (10.0, 0.2), "wave": (10.0, 0.5), "quartic": (1.5, 0.05), "kink": (0.6, 0.25), "sine": (-0.5, 0.5)}
OTHERWISE = 0.1
MOST = 40


class Terms(NamedTuple):
    """A curve, the start, gradient descent's rate, and how many steps."""

    curve: Curve
    start: float
    rate: float
    steps: int


def controls(address: Address) -> Terms:
    curve = curve_control(address, CURVE, (START, RATE), own=True)
    start, rate = FIRST.get(curve.key, (curve.at, OTHERWISE))
    begins = Knob(start, *starts(curve), "linear", "start x", "Or drag it on the stage.")
    return Terms(
        curve,
        float(knob_control(address, START, begins)),
        float(knob_control(address, RATE, Knob(rate, *RATES, "log", "rate η", "Gradient descent's rate."))),
        int(knob_control(address, STEPS, Knob(12, 1, MOST, "integer", "steps", "How many steps both methods take."))),
    )


def run(terms: Terms) -> Stepping:
    refuse_gap(terms.curve, terms.start)
    return stepping(terms.curve, terms.start, terms.rate, terms.steps)


def draw(terms: Terms, found: Stepping, seen: Seen) -> Stage:
    spans = starts(terms.curve), RATES
    stage = stepping_stage(found, seen.theme, spans, narrow=seen.narrow, height=seen.size("calculus")[1])
    return stage.begin_at(telling(found))


def ask(terms: Terms, found: Stepping) -> Asking:
    knob = Knob(1, 0, MOST, "integer", "your number of steps", "How many steps Newton's method needs.")
    question = f"From x = {terms.start:.3g}: how many steps will Newton's method need?"
    return Asking("needed", question, knob, needed_guess)


def sketch(terms: Terms, found: Stepping, guess: float, seen: Seen) -> Stage:
    return curve_sketch(terms.curve, [terms.start], seen)


def below(terms: Terms, found: Stepping, stage: Stage) -> None:
    formulas = [
        r"m(t) = f(x) + f'(x)(t - x) + \tfrac{1}{2\eta}(t - x)^2 \;\Rightarrow\; x \leftarrow x - \eta f'(x)",
        r"m(t) = f(x) + f'(x)(t - x) + \tfrac{1}{2} f''(x)(t - x)^2 \;\Rightarrow\; x \leftarrow x - f'(x)/f''(x)",
    ]
    remarks = [
        "Both trust a parabola that touches f at x. Gradient descent bends it by 1/η, Newton by f″.",
        "Where f bends downwards Newton's parabola has a top, and Newton goes there.",
    ]
    rest(stage, found.curve, "step", formulas, remarks)


VIEW = View(
    "step",
    "Step",
    "Where does the next step go?",
    controls,
    run,
    draw,
    step_report.step_run_findings,
    below,
    clock=lambda terms: clock_of(terms.curve),
    ask=ask,
    sketch=sketch,
)
