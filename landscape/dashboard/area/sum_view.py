"""The Area page's view of sums: pieces that come to an area."""

from typing import NamedTuple

import numpy as np

from landscape.calculus import area_report
from landscape.calculus.area_guesses import cost, pieces_guess
from landscape.calculus.curves import Curve
from landscape.calculus.quadratures import QUADRATURES
from landscape.calculus.sums import RULES, Sums, sums
from landscape.dashboard.area.parts import area_controls, refuse_falling
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import selectbox
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.slope.parts import clock_of, curve_sketch, rest
from landscape.figures.calculus.sums import sums_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

# The play head begins where the pieces can be told from one another.
BEGIN = 4


class Terms(NamedTuple):
    """A curve, from where to where, and the rule whose pieces are drawn."""

    curve: Curve
    a: float
    b: float
    rule: str


def controls(address: Address) -> Terms:
    curve, a, b = area_controls(address, own=True)
    rule = address.claim("rule", "left", choice("rule", RULES))
    selectbox("Rule", RULES, key="rule", format_func=lambda k: QUADRATURES[k].title)
    return Terms(curve, a, b, rule)


def run(terms: Terms) -> Sums:
    refuse_falling(terms.a, terms.b)
    return sums(terms.curve, terms.a, terms.b)


def draw(terms: Terms, found: Sums, seen: Seen) -> Stage:
    stage = sums_stage(found, terms.rule, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])
    return stage.begin_at(BEGIN)


def ask(terms: Terms, found: Sums) -> Asking | None:
    if not np.isfinite(cost(found, terms.rule)):
        return None
    knob = Knob(2.0, 1, 200, "log", "times the pieces", "How many times the pieces for an error ten times smaller.")
    named = QUADRATURES[terms.rule].title
    question = f"{named}: how many times the pieces for one more digit?"
    return Asking("times", question, knob, lambda record, guess: pieces_guess(record, terms.rule, guess))


def sketch(terms: Terms, found: Sums, guess: float, seen: Seen) -> Stage:
    return curve_sketch(terms.curve, [terms.a, terms.b], seen)


def below(terms: Terms, found: Sums, stage: Stage) -> None:
    formulas = [rf"\int_a^b f(x)\,dx \approx {QUADRATURES[terms.rule].latex},\qquad h = \frac{{b-a}}{{n}}"]
    remarks = [
        "Simpson also asks f at the middle of every piece: 2n + 1 values for n pieces.",
        "The area itself is exact: it comes from the antiderivative."
        if terms.curve.whole
        else "The area itself comes from adaptive quadrature: pieces are halved until two Gauss rules agree.",
        "Source: Davis & Rabinowitz (1984), “Methods of numerical integration”, chapter 2.",
    ]
    rest(stage, found.curve, "sum", formulas, remarks)


VIEW = View(
    "sum",
    "Sum",
    "How many pieces for one more digit?",
    controls,
    run,
    draw,
    area_report.sum_findings,
    below,
    clock=lambda terms: clock_of(terms.curve),
    ask=ask,
    sketch=sketch,
)
