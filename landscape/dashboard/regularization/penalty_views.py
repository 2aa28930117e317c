"""The views of the Regularization page: each reads its controls, runs what they ask for, and says what to draw."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, choice, choices
from landscape.dashboard.kit.controls import knob_control, knob_controls, toggle
from landscape.dashboard.kit.page import theme
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.penalty_controls import (
    RATE,
    STEPS,
    applicable,
    corner_start,
    loss_controls,
    penalty_controls,
    pick,
    presets,
    telling_strength,
)
from landscape.descent.report import markdown
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization import contest, overfitting, selection, shrinkage, stopping
from landscape.figures.regularization.shrinkage_curves import box
from landscape.knob import Knob
from landscape.optimizers import OPTIMIZERS
from landscape.regularization import report as report
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.selection import EXTRAS, TABLE, design, survivors
from landscape.regularization.two_weights import TWO_WEIGHTS

RATIO = Knob(0.5, 0.05, 0.95, "linear", r"L1 share $\rho$", "Of the elastic net: 0 is ridge, 1 is the lasso.")
ROWS = Knob(442, 10, 442, "integer", "patients", "The first so many: with few there are more columns than rows.")
FOLDS = Knob(10, 2, 10, "integer", "folds", "In how many parts the data are judged, each by a fit to the others.")
DEGREE = Knob(14, 1, penalised.MAX_DEGREE, "integer", "degree", "Of the polynomial.")
POINTS = Knob(18, 2, 100, "integer", "points", "That are fitted.")
NOISE = Knob(0.3, 0, 1, "linear", "noise", "Its standard deviation, on points of sin(πt).")
SEED = Knob(0, 0, 999, "integer", "seed", "Other points, other noise.")
STRENGTH = Knob(1e-3, 1e-8, 10, "log", "strength λ", "How hard slopes are held back.", zero=True)
STOP_RATE = Knob(0.2, 0.01, 1.95, "linear", "rate, in units of 1/L", "The smaller, the better the rule 1/(ηt).")
DECAY = Knob(0.5, 1e-3, 10, "log", "weight decay λ", "What the third run pulls with, and the ridge it ends at.")


@dataclass
class Shown:
    """What a view draws and says.

    clock     names what the play head slides over
    notes     what to notice, in Markdown
    formulas  LaTeX
    remarks   in small type: conventions and sources
    table     in Markdown
    """

    stage: Stage
    clock: str
    notes: list[str]
    formulas: list[str]
    remarks: list[str]
    table: str = ""
    clicks: bool = False


def two_weights(address: Address, **look: Any) -> Shown:
    penalty_key, penalty_settings = penalty_controls(address)
    loss_key, loss_settings = loss_controls(address)
    found, drawn = penalised.shrinkage(loss_key, loss_settings, penalty_key, penalty_settings)
    problem, penalty = TWO_WEIGHTS[loss_key], PENALTIES[penalty_key]
    stage = shrinkage.shrinkage_stage(
        penalised.loss(loss_key, loss_settings),
        penalised.penalty(penalty_key, penalty_settings),
        found,
        drawn,
        theme(),
        names=problem.names,
        of=problem.title,
        **look,
    )
    return Shown(
        stage.begin_at(55),
        f"{loss_key}-{penalty_key}",
        [*report.on_shrinkage(found), penalty.note, problem.note],
        [
            rf"w(\lambda) = \arg\min_w\ \ell(w) + {penalty.rule}",
            r"\text{least squares: } \ell(w) = \tfrac{1}{2N} \lVert X w - y \rVert^2",
            r"\text{logistic: } \ell(w) = \tfrac{1}{N} \sum_i \log(1 + e^{m_i}) - y_i m_i,\quad m = X w",
        ],
        [
            "Each w(λ) is also the lowest point of the loss inside the ball penalty(w) ≤ t. λ multiplies the penalty "
            "as written; the loss is a mean over samples, so λ means the same whatever their number.",
            f"Data: {problem.source}.",
        ],
    )


def methods(address: Address, **look: Any) -> Shown:
    presets()
    penalty_key, penalty_settings = penalty_controls(address)
    loss_key, loss_settings = loss_controls(address, shown=False)
    found, _ = penalised.shrinkage(loss_key, loss_settings, penalty_key, penalty_settings)
    knob = Knob(telling_strength(found), 1e-4, 100, "log", "strength λ", "How hard the penalty pulls.", zero=True)
    strength = knob_control(address, "strength", knob)
    address.claim(
        "methods", ["proximal_gradient", "gradient_descent"], choices("methods", OPTIMIZERS, address.complain), ",".join
    )
    chosen = st.multiselect("Methods", list(OPTIMIZERS), key="methods", format_func=lambda k: OPTIMIZERS[k].title)
    own = toggle(address, "own", "Pull by own weight decay", False, "Those that have one, as AdamW: λ is their decay.")
    share = knob_control(address, "rate", RATE, "Rate, in units of 1/L")
    steps = knob_control(address, "steps", STEPS)
    start = corner_start(address, box(found))
    loss_key, loss_settings = loss_controls(address)
    objective = penalised.loss(loss_key, loss_settings) + penalised.penalty(penalty_key, penalty_settings)
    chosen = applicable(chosen, objective, strength if own else None)
    ran = penalised.contest(
        loss_key, loss_settings, penalty_key, penalty_settings, strength, tuple(chosen), start, steps, share, own
    )
    (x_low, x_high), (y_low, y_high) = box(found).tolist()
    domain = ((x_low, x_high), (y_low, y_high))
    stage = contest.contest_stage(ran, domain, theme(), names=TWO_WEIGHTS[loss_key].names, **look)
    return Shown(
        stage,
        "steps",
        report.on_contest(ran),
        [OPTIMIZERS[key].rule for key in chosen],
        [
            f"λ = {strength:.4g}, L = {penalised.loss(loss_key, loss_settings).curvature:.4g}. On a crease a "
            "subgradient is the shortest there is. Methods whose rate is part of them, as Newton's, keep it.",
            "Adam divides the pull of L2 by the size of the gradient along with the rest; AdamW's own decay is left "
            "whole. So Adam ends at ridge's answer and AdamW elsewhere: nearly at the lowest point of the loss alone "
            "within |w| ≤ 1/λ in each weight. Loshchilov & Hutter (2019), “Decoupled weight decay regularization”; "
            r"Xie & Li (2024), “Implicit bias of AdamW: $\ell_\infty$ norm constrained optimization”.",
        ],
        clicks=True,
    )


def ten_weights(address: Address, **look: Any) -> Shown:
    titles = {"all": "All three", "0": "Ridge", "1": "Elastic net", "2": "Lasso"}
    which = pick(address, "show", "Penalties", titles, "all", titles.__getitem__)
    ratio = knob_control(address, "ratio", RATIO)
    extra = pick(address, "extra", "Add to the table", EXTRAS, "none", lambda k: EXTRAS[k][0])
    rows = knob_control(address, "rows", ROWS)
    folds = knob_control(address, "folds", FOLDS)
    chosen = penalised.selection(extra, rows, ratio, folds)
    names = tuple(chosen.results)
    shown = names if which == "all" else (names[int(which)],)
    stage = selection.selection_stage(chosen, shown, theme(), **look)
    lasso = chosen.results[names[-1]]
    return Shown(
        stage.begin_at(len(lasso.strengths) - 1 - lasso.one_standard_error),
        "strength",
        report.on_selection(chosen),
        [
            r"\min_{w, b}\ \tfrac{1}{2N} \lVert X w + b - y \rVert^2 + \lambda \Bigl( \rho \lVert w \rVert_1 + "
            r"\tfrac{1 - \rho}{2} \lVert w \rVert_2^2 \Bigr)",
            r"\rho = 0 \text{: ridge},\quad \rho = 1 \text{: lasso}",
        ],
        [
            "Columns are standardized, the target is in its own units, the intercept is not penalised. λ is "
            "scikit-learn's alpha for Lasso and ElasticNet; its Ridge has alpha = λN. The one-s.e. rule takes the "
            "strongest penalty whose error is within one standard error of the smallest. A dash is a variable dropped: "
            "its weight is exactly 0.",
            f"Data: {TABLE.source}. Licence: {TABLE.licence}.",
        ],
        markdown(survivors(chosen)),
    )


def over_fitting(address: Address, **look: Any) -> Shown:
    address.claim("slide", "strength", choice("slide", overfitting.SWEEPS))
    sweep = str(
        st.segmented_control(
            "Slide",
            list(overfitting.SWEEPS),
            key="slide",
            format_func=overfitting.SWEEPS.__getitem__,
            required=True,
        )
    )
    degree = knob_control(address, "degree", DEGREE) if sweep == "strength" else DEGREE.default
    strength = knob_control(address, "held", STRENGTH) if sweep == "degree" else STRENGTH.default
    count, noise = knob_control(address, "points", POINTS), knob_control(address, "noise", NOISE)
    fits, train, validation = penalised.polynomials(count, noise, knob_control(address, "seed", SEED))
    at = degree - 1, int(np.argmin(np.abs(overfitting.positions(fits.strengths) / max(strength, 1e-9) - 1)))
    stage = overfitting.overfitting_stage(fits, train, validation, at, theme(), sweep=sweep, **look)
    return Shown(
        stage.begin_at(18 if sweep == "strength" else 8),
        sweep,
        report.on_polynomials(fits, degree),
        [
            r"\min_{w, b}\ \tfrac{1}{2N} \sum_i (f(t_i) - y_i)^2 + \tfrac{\lambda}{2} \lVert w \rVert^2",
            r"\lVert w \rVert^2 = \tfrac12 \int_{-1}^{1} (1 - t^2)\, f'(t)^2\, dt",
        ],
        [
            "f is a polynomial in scaled Legendre polynomials, so the penalty is one on slopes and means the same for "
            f"every degree. Points are sin(πt) with noise; {penalised.VALIDATION} more are held back to judge by. "
            "After Bishop (2006), “Pattern recognition and machine learning”, section 1.1.",
        ],
    )


def early_stopping(address: Address, **look: Any) -> Shown:
    # Only least squares has filter factors to compare.
    on = {key: p.title for key, p in TWO_WEIGHTS.items() if p.loss().has_residuals} | {"ten": "Diabetes, ten weights"}
    key = pick(address, "on", "Loss", on, "correlated", on.__getitem__)
    decay, share = (
        knob_control(address, "decay", DECAY),
        knob_control(address, "eta", STOP_RATE, "Rate, in units of 1/L"),
    )
    if problem := TWO_WEIGHTS.get(key):
        settings = tuple(knob_controls(address, key, problem.knobs).items())
        found, decayed, ridge, lr = penalised.stopping(key, settings, share, decay)
        drawn: Mapping[str, Any] = {"loss": penalised.loss(key, settings), "names": problem.names}
    else:
        found, decayed, ridge, lr = penalised.stopping(None, (), share, decay)
        drawn = {"names": design("none", 442)[2]}
    stage = stopping.stopping_stage(found, decayed, ridge, lr, decay, theme(), **drawn, **look)
    apart = np.linalg.norm(found.stopped - ridge, axis=1)
    return Shown(
        stage.begin_at(int(np.argmin(apart))),
        key,
        report.on_stopping(found, decayed, ridge, lr, decay),
        [
            r"\text{stopped: } 1 - (1 - \eta s)^t \qquad \text{ridge: } \frac{s}{s + \lambda}",
            r"\lambda \approx \frac{1}{\eta t}",
        ],
        [
            "Both are the share of least squares' answer along an eigenvector of curvature s. They agree where ηst is "
            "small or large, and differ in between: early stopping lets steep directions through more sharply. Nearest "
            "is in Euclidean distance of weights.",
            "Bishop (1995), “Regularization and complexity control in feed-forward networks”; Goodfellow, Bengio & "
            "Courville (2016), “Deep learning”, section 7.8.",
        ],
    )


@dataclass(frozen=True)
class View:
    """A view of the page: its name in the menu, the question it answers, and the function that shows it."""

    title: str
    question: str
    show: Callable[..., Shown]


VIEWS = {
    "weights": View("Two weights", "What does a penalty do to a loss?", two_weights),
    "methods": View("Methods", "Which method makes a weight exactly zero?", methods),
    "table": View("Ten weights", "Which of ten weights survive?", ten_weights),
    "fit": View("Over-fitting", "How hard should a curve be held back?", over_fitting),
    "stopping": View("Early stopping", "How many steps equal which λ?", early_stopping),
}
