"""The view of over-fitting: polynomials through noisy points, and how hard they are held back."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.parts import rest
from landscape.dashboard.regularization.penalised import PointsTerms
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization.overfitting import SWEEPS, alternative, overfitting_stage, positions
from landscape.knob import Knob
from landscape.regularization import report
from landscape.regularization.polynomials import OverFitting

DEGREE = Knob(14, 1, penalised.MAX_DEGREE, "integer", "degree", "The polynomial's degree: how far it can bend.")
POINTS = Knob(18, 2, 100, "integer", "points", "How many points the curve is fitted to.")
NOISE = Knob(0.3, 0, 1, "linear", "noise", "How far points scatter around sin(πt): their standard deviation.")
SEED = Knob(0, 0, 999, "integer", "seed", "Another seed draws other points.")
STRENGTH = Knob(1e-3, 1e-8, 10, "log", "strength λ", "How hard slopes are held back.", zero=True)
# The frame at which the play head begins, of each sweep.
BEGIN = {"strength": 18, "degree": 8}


class Terms(NamedTuple):
    """The points; what the play head slides, a key of SWEEPS; the degree and the strength, of which it slides one."""

    points: PointsTerms
    sweep: str
    degree: int
    strength: float


def controls(address: Address) -> Terms:
    address.claim("slide", "strength", choice("slide", SWEEPS))
    sweep = str(st.segmented_control("Slide", list(SWEEPS), key="slide", format_func=SWEEPS.__getitem__, required=True))
    degree = knob_control(address, "degree", DEGREE) if sweep == "strength" else DEGREE.default
    strength = knob_control(address, "held", STRENGTH) if sweep == "degree" else STRENGTH.default
    size, noise = knob_control(address, "points", POINTS), knob_control(address, "noise", NOISE)
    return Terms(PointsTerms(size, noise, knob_control(address, "seed", SEED)), sweep, degree, strength)


def run(terms: Terms) -> OverFitting:
    return penalised.over_fitting(terms.points, terms.degree)


def draw(terms: Terms, found: OverFitting, seen: Seen) -> Stage:
    fits, train, validation, degree = found
    at = degree - 1, int(np.argmin(np.abs(positions(fits.strengths) / max(terms.strength, 1e-9) - 1)))
    stage = overfitting_stage(
        fits,
        train,
        validation,
        at,
        seen.theme,
        sweep=terms.sweep,
        narrow=seen.narrow,
        height=seen.size("regularization")[1],
    )
    stage.alt = alternative(fits, at, terms.sweep)
    return stage.begin_at(BEGIN[terms.sweep])


def below(terms: Terms, found: OverFitting, stage: Stage) -> None:
    rest(
        stage,
        VIEW.question,
        formulas=[
            r"\min_{w, b}\ \tfrac{1}{2N} \sum_i (f(t_i) - y_i)^2 + \tfrac{\lambda}{2} \lVert w \rVert^2",
            r"\lVert w \rVert^2 = \tfrac12 \int_{-1}^{1} (1 - t^2)\, f'(t)^2\, dt",
        ],
        remarks=[
            "f is a sum of scaled Legendre polynomials, so the penalty is on slopes, whatever the degree. "
            f"Points are sin(πt) with noise; {penalised.VALIDATION} more are held back for validation. "
            "After Bishop (2006), “Pattern recognition and machine learning”, section 1.1.",
        ],
    )


VIEW = View(
    "fit",
    "Overfitting",
    "How hard should a curve be held back?",
    controls,
    run,
    draw,
    report.on_polynomials,
    below,
    clock=lambda terms: terms.sweep,
)
