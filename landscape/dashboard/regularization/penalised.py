"""What the Regularization page computes, from cache. Keys are primitives."""

import numpy as np
import streamlit as st

from landscape.dashboard.kit.runs import Settings
from landscape.figures.regularization.overfitting import Points
from landscape.figures.regularization.shrinkage_curves import Curves, curves
from landscape.regularization.contest import Contest, contend
from landscape.regularization.early_stopping import EarlyStopping, early_stopping, weight_decay
from landscape.regularization.paths import ridge_path
from landscape.regularization.penalties import PENALTIES, Registered
from landscape.regularization.polynomials import PolynomialFits, noisy_points, polynomial_fits
from landscape.regularization.regression import Regression
from landscape.regularization.selection import Selection, design, select
from landscape.regularization.shrinkage import Shrinkage, shrink, strength_range
from landscape.regularization.two_weights import TWO_WEIGHTS

MAX_DEGREE = 20
VALIDATION = 200
STRENGTHS = np.append(0.0, np.logspace(-8, 1, 73))
FRAMES = 121


def penalty(key: str, settings: Settings, strength: float = 1.0) -> Registered:
    return PENALTIES[key](**{"strength": strength, **dict(settings)})  # type: ignore[arg-type]


@st.cache_resource(max_entries=50, show_spinner=False)
def loss(key: str, settings: Settings) -> Regression:
    return TWO_WEIGHTS[key].loss(**dict(settings))


@st.cache_data(max_entries=50, show_spinner="Following the minimum ...")
def shrinkage(
    loss_key: str, loss_settings: Settings, penalty_key: str, penalty_settings: Settings
) -> tuple[Shrinkage, Curves]:
    smooth, unit = loss(loss_key, loss_settings), penalty(penalty_key, penalty_settings)
    rate = 1 / smooth.curvature
    found = shrink(smooth, unit, strength_range(smooth, unit, rate), rate)
    return found, curves(smooth, unit, found)


@st.cache_data(max_entries=100, show_spinner=False)
def contest(
    loss_key: str,
    loss_settings: Settings,
    penalty_key: str,
    penalty_settings: Settings,
    strength: float,
    keys: tuple[str, ...],
    start: tuple[float, float],
    steps: int,
    share: float,
    own_decay: bool,
) -> Contest:
    """share is the rate as a share of 1 / L."""
    smooth = loss(loss_key, loss_settings)
    curvature = smooth.curvature
    pull = penalty(penalty_key, penalty_settings, strength)
    return contend(smooth, pull, keys, np.array(start), steps, share / curvature, curvature, own_decay)


@st.cache_data(max_entries=50, show_spinner="Cross-validating ridge, the elastic net and the lasso ...")
def selection(extra: str, rows: int, ratio: float, folds: int) -> Selection:
    return select(extra, rows, ratio, folds)


@st.cache_data(max_entries=50, show_spinner=False)
def polynomials(count: int, noise: float, seed: int) -> tuple[PolynomialFits, Points, Points]:
    rng = np.random.default_rng(seed)
    train, validation = noisy_points(count, noise, rng), noisy_points(VALIDATION, noise, rng)
    return polynomial_fits(train, validation, np.arange(1, MAX_DEGREE + 1), STRENGTHS), train, validation


@st.cache_data(max_entries=50, show_spinner=False)
def stopping(
    loss_key: str | None, loss_settings: Settings, share: float, decay: float
) -> tuple[EarlyStopping, np.ndarray, np.ndarray, float]:
    """Gradient descent, with weight decay too, ridge at that decay, and the rate; on the diabetes table for no loss."""
    if loss_key is None:
        X, y, _ = design("none", 442)
    else:
        smooth = loss(loss_key, loss_settings)
        X, y = smooth.X, smooth.y
    intercept = loss_key is None
    eigenvalues = np.linalg.eigvalsh((X - X.mean(axis=0) * intercept).T @ X / len(y))
    # As safe with the decay as without.
    lr = share / float(eigenvalues[-1] + decay)
    flattest = eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]][0]
    last = float(np.clip(6 / (lr * flattest), 30, 100_000))
    steps = np.unique(np.geomspace(1, last, FRAMES).round().astype(int))
    found = early_stopping(X, y, lr, steps, intercept)
    ridge = ridge_path(X, y, np.array([decay]), intercept).coefficients[0]
    return found, weight_decay(X, y, lr, decay, steps, intercept), ridge, lr
