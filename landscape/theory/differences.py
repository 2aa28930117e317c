"""Central differences of any Objective, and how far its analytic derivatives are from them: a check on the spot."""

from typing import NamedTuple

import numpy as np

from landscape.objective import Objective

# Truncation falls as the fourth power of the step and rounding grows as its inverse; near here they meet.
STEP = 5e-4
_OFFSETS = np.array([-2, -1, 1, 2])
_WEIGHTS = np.array([1, -8, 8, -1]) / 12


class Truth(NamedTuple):
    """The largest difference between analytic and numerical derivative, relative to the largest analytic entry if
    that is not 0.

    gradient   of the gradient from differences of the value
    hessian    of the Hessian from differences of the gradient
    """

    gradient: float
    hessian: float


def central_gradient(objective: Objective, x: np.ndarray, step: float = STEP) -> np.ndarray:
    """The gradient at one point x by the five-point formula, shape (n,); its error is of order step**4.

    (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / (12 h), h = step along each axis in turn
    """
    return np.tensordot(_WEIGHTS, objective.value(_around(x, step)), axes=1) / step


def central_hessian(objective: Objective, x: np.ndarray, step: float = STEP) -> np.ndarray:
    """The Hessian at one point x by the same formula from the analytic gradient, shape (n, n), not symmetrized."""
    return np.tensordot(_WEIGHTS, objective.gradient(_around(x, step)), axes=1) / step


def truth(objective: Objective, x: np.ndarray) -> Truth:
    """How well the gradient and the Hessian at one point x agree with central differences.

    A kink within two steps of x shows as a difference, though nothing is wrong; so does rounding of a derivative that
    should be 0.
    """
    return Truth(
        _relative(objective.gradient(x), central_gradient(objective, x)),
        _relative(objective.hessian(x), central_hessian(objective, x)),
    )


def _around(x: np.ndarray, step: float) -> np.ndarray:
    """Four points along each axis, shape (4, n, n)."""
    x = np.asarray(x, dtype=float)
    return x + step * _OFFSETS[:, None, None] * np.eye(len(x))


def _relative(stated: np.ndarray, measured: np.ndarray) -> float:
    return float(np.abs(stated - measured).max() / (np.abs(stated).max() or 1.0))
