"""What the Regularization page computes, from cache. Keys are NamedTuples of primitives, as in `runs.py`."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit.runs import Settings
from landscape.figures.regularization.shrinkage_curves import Curves
from landscape.figures.regularization.shrinkage_curves import curves as drawn_curves
from landscape.regularization.contest import Contest, contend
from landscape.regularization.early_stopping import StoppingAndDecay, early_stopping, weight_decay
from landscape.regularization.paths import ridge_path
from landscape.regularization.penalties import PENALTIES, Registered
from landscape.regularization.polynomials import OverFitting, Points, PolynomialFits, noisy_points, polynomial_fits
from landscape.regularization.regression import Regression
from landscape.regularization.selection import Selection, design, select
from landscape.regularization.shrinkage import Shrinkage, shrink, strength_range
from landscape.regularization.two_weights import TWO_WEIGHTS

MAX_DEGREE = 20
VALIDATION = 200
# The share of the safe rate at which gradient descent's last step is at least squares.
FULL = 0.1
STRENGTHS = np.append(0.0, np.logspace(-8, 1, 73))
FRAMES = 121


class Loss(NamedTuple):
    """A loss of two weights, by its key and its settings."""

    key: str
    settings: Settings


class Pull(NamedTuple):
    """A penalty, by its key and its settings but for its strength."""

    key: str
    settings: Settings


class Problem(NamedTuple):
    """A loss, and the penalty on it."""

    loss: Loss
    pull: Pull


class ContestTerms(NamedTuple):
    """Methods on a penalised loss; share is the rate as a share of 1 / L, own whether they pull by their own decay."""

    problem: Problem
    strength: float
    methods: tuple[str, ...]
    start: tuple[float, float]
    steps: int
    share: float
    own: bool


class SelectionTerms(NamedTuple):
    """What is added to the table, its rows that count, the elastic net's L1 share, and the folds."""

    extra: str
    rows: int
    ratio: float
    folds: int


class PointsTerms(NamedTuple):
    """How many noisy points, the deviation of their noise, and which noise."""

    size: int
    noise: float
    seed: int


class StoppingTerms(NamedTuple):
    """A loss, the diabetes table where it is None; the rate as a share of 1 / L; the weight decay."""

    loss: Loss | None
    share: float
    decay: float


def penalty(pull: Pull, strength: float = 1.0) -> Registered:
    return PENALTIES[pull.key](**{"strength": strength, **dict(pull.settings)}, free=None)


@st.cache_resource(max_entries=50, show_spinner=False)
def loss(terms: Loss) -> Regression:
    return TWO_WEIGHTS[terms.key].loss(**dict(terms.settings))


@st.cache_data(max_entries=50, show_spinner="Following the minimum …")
def shrinkage(problem: Problem) -> Shrinkage:
    """Where the minimum goes as the penalty grows."""
    smooth, unit = loss(problem.loss), penalty(problem.pull)
    rate = 1 / smooth.curvature
    return shrink(smooth, unit, strength_range(smooth, unit, rate), rate)


@st.cache_data(max_entries=50, show_spinner="Following the minimum …")
def curves(problem: Problem) -> Curves:
    """The curves that are drawn of it."""
    return drawn_curves(loss(problem.loss), penalty(problem.pull), shrinkage(problem))


@st.cache_data(max_entries=100, show_spinner=False)
def contest(terms: ContestTerms) -> Contest:
    """The methods' runs."""
    smooth = loss(terms.problem.loss)
    curvature = smooth.curvature
    pull = penalty(terms.problem.pull, terms.strength)
    rate, start = terms.share / curvature, np.array(terms.start)
    return contend(smooth, pull, terms.methods, start, terms.steps, rate, curvature, terms.own)


@st.cache_data(max_entries=50, show_spinner="Cross-validating ridge, the elastic net and the lasso …")
def selection(terms: SelectionTerms) -> Selection:
    return select(*terms)


@st.cache_data(max_entries=50, show_spinner=False)
def _polynomials(points: PointsTerms) -> tuple[PolynomialFits, Points, Points]:
    rng = np.random.default_rng(points.seed)
    train, validation = noisy_points(points.size, points.noise, rng), noisy_points(VALIDATION, points.noise, rng)
    return polynomial_fits(train, validation, np.arange(1, MAX_DEGREE + 1), STRENGTHS), train, validation


def over_fitting(points: PointsTerms, degree: int) -> OverFitting:
    """Fits of every degree with every strength; `degree` is looked at."""
    return OverFitting(*_polynomials(points), degree)


@st.cache_data(max_entries=50, show_spinner=False)
def stopping(terms: StoppingTerms) -> StoppingAndDecay:
    """Gradient descent, with weight decay too, and ridge at that decay."""
    if terms.loss is None:
        X, y, _ = design("none", 442)
    else:
        smooth = loss(terms.loss)
        X, y = smooth.X, smooth.y
    intercept, decay = terms.loss is None, terms.decay
    eigenvalues = np.linalg.eigvalsh((X - X.mean(axis=0) * intercept).T @ X / len(y))
    # As safe with the decay as without.
    lr = terms.share / float(eigenvalues[-1] + decay)
    flattest = eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]][0]
    # As many whatever the rate: so what is drawn stays where it is when that is held.
    last = float(np.clip(6 * eigenvalues[-1] / (FULL * flattest), 30, 100_000))
    steps = np.unique(np.geomspace(1, last, FRAMES).round().astype(int))
    found = early_stopping(X, y, lr, steps, intercept)
    ridge = ridge_path(X, y, np.array([decay]), intercept).coefficients[0]
    return StoppingAndDecay(found, weight_decay(X, y, lr, decay, steps, intercept), ridge, lr, decay)
