"""Early stopping as regularization: t steps of gradient descent on least squares, and the ridge that comes closest.

In the eigenvectors of X' X / N, with eigenvalues s, both multiply the coordinates of the least-squares solution by a
filter factor:

    gradient descent from 0    1 - (1 - lr * s)**t
    ridge                      s / (s + strength)

Both let the steep directions through and hold back the flat ones. For small lr * s * t both are about s * lr * t and
s / strength, so that strength is about 1 / (lr * t).
Source: Bishop (1995), "Regularization and complexity control in feed-forward networks"; Goodfellow, Bengio & Courville
(2016), "Deep learning", section 7.8, eqs. 7.40-7.45.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.regularization.paths import centre

# The search covers this many decades on either side of 1 / (lr * t), then narrows down on its best point.
DECADES = 4
POINTS = 161
GOLDEN = (np.sqrt(5) - 1) / 2


def descent_filter(eigenvalues: np.ndarray, lr: float, steps: np.ndarray) -> np.ndarray:
    """1 - (1 - lr * s)**t, shapes (p,) and (T,) -> (T, p)."""
    return descended(eigenvalues, lr, np.asarray(steps)[:, None])


def ridge_filter(eigenvalues: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """s / (s + strength), shapes (p,) and (...) -> (..., p); 0 where s is 0, at strength 0 too."""
    return shrunk(eigenvalues, np.asarray(strengths)[..., None])


def descended(s: Any, lr: Any, t: Any) -> Any:
    """1 - (1 - lr * s)**t, of shapes that broadcast; can be recorded."""
    return 1 - (1 - lr * s) ** t


def shrunk(s: Any, strength: Any) -> Any:
    """s / (s + strength), 0 where s is 0, of shapes that broadcast; can be recorded."""
    total = s + strength
    return np.where(s > 0, s / np.where(total > 0, total, 1.0), 0.0)


@dataclass(frozen=True)
class EarlyStopping:
    """Gradient descent after each number of steps, beside the ridge solution nearest to it.

    steps        (T,)
    strengths    (T,)     the ridge strength whose solution is nearest
    difference   (T,)     how far apart the two are, as a fraction of the length of the least-squares solution
    stopped      (T, p)   coefficients after that many steps
    ridge        (T, p)   coefficients of that ridge
    full         (p,)     coefficients of least squares
    eigenvalues  (p,)     of X' X / N, rising
    vectors      (p, p)   its eigenvectors, in columns
    """

    steps: np.ndarray
    strengths: np.ndarray
    difference: np.ndarray
    stopped: np.ndarray
    ridge: np.ndarray
    full: np.ndarray
    eigenvalues: np.ndarray
    vectors: np.ndarray


class StoppingAndDecay(NamedTuple):
    """Early stopping, beside weight decay at the same rate and the ridge of that strength.

    decayed  (T, p)  with weight decay, after as many steps as `found` has
    ridge    (p,)    at strength `decay`
    """

    found: EarlyStopping
    decayed: np.ndarray
    ridge: np.ndarray
    lr: float
    decay: float


def early_stopping(X: np.ndarray, y: np.ndarray, lr: float, steps: np.ndarray, intercept: bool = True) -> EarlyStopping:
    """For each number of steps, the ridge strength that comes closest to gradient descent from 0 at rate lr.

    Closest in the Euclidean distance of the coefficients. ValueError for a rate at which gradient descent would not
    converge, or for steps below 1: after no step at all only an infinite strength would do.
    """
    moments = centre(X, y, intercept)[2]
    s, v = np.linalg.eigh(moments.gram)
    s = np.where(s <= s[-1] * len(s) * np.finfo(float).eps, 0.0, s)
    steps = np.atleast_1d(np.asarray(steps))
    if not 0 < lr * s[-1] < 2:
        raise ValueError(f"lr is {lr:g}; allowed is more than 0 and less than {2 / s[-1] if s[-1] else np.inf:.4g}")
    if not np.all(steps >= 1):
        raise ValueError(f"steps has {steps.min()}; it must be at least 1")
    full = np.where(s > 0, (moments.correlation @ v) / np.where(s > 0, s, 1.0), 0.0)
    stopped = descent_filter(s, lr, steps) * full

    def distance(log_strength: np.ndarray) -> np.ndarray:
        ridge = ridge_filter(s, np.exp(log_strength)) * full
        return np.linalg.norm(ridge - stopped.reshape(len(steps), *[1] * (ridge.ndim - 2), len(s)), axis=-1)

    strengths = np.exp(_minimise(distance, -np.log(lr * steps)))
    ridge = ridge_filter(s, strengths) * full
    length = np.linalg.norm(full) or 1.0
    return EarlyStopping(
        steps=steps,
        strengths=strengths,
        difference=np.linalg.norm(ridge - stopped, axis=-1) / length,
        stopped=stopped @ v.T,
        ridge=ridge @ v.T,
        full=v @ full,
        eigenvalues=s,
        vectors=v,
    )


def _minimise(function: Callable[[np.ndarray], np.ndarray], around: np.ndarray) -> np.ndarray:
    """For each entry of around, the point near it where function is least: a grid first, then the golden section.

    function takes one point an entry, shape (T,), or a row of them, shape (T, points), and treats entries alone.
    """
    spread = np.log(10) * DECADES * np.linspace(-1, 1, POINTS)
    grid = around[:, None] + spread
    best = np.take_along_axis(grid, function(grid).argmin(axis=1)[:, None], axis=1)[:, 0]
    spacing = spread[1] - spread[0]
    low, high = np.maximum(best - spacing, grid[:, 0]), np.minimum(best + spacing, grid[:, -1])
    # Each round leaves 0.618 of the interval; 60 leave a relative 1e-13, past what the distance can tell.
    for _ in range(60):
        low, high = narrowed(function, low, high)
    return (low + high) / 2


def narrowed(function: Callable[[Any], Any], low: Any, high: Any) -> tuple[Any, Any]:
    """One round of the golden section: the part of each interval that has the lower of two points inside; can be
    recorded."""
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    left = function(a) < function(b)
    return np.where(left, low, a), np.where(left, b, high)


def weight_decay(
    X: np.ndarray, y: np.ndarray, lr: float, decay: float, steps: np.ndarray, intercept: bool = True
) -> np.ndarray:
    """Coefficients after each number of steps of gradient descent from 0 on least squares, with weight decay, (T, p).

        w <- (1 - lr * decay) * w - lr * gradient

    With plain gradient descent that is L2 of strength `decay` and nothing else, so it ends at ridge's answer.
    ValueError for a rate at which it would not.
    """
    moments = centre(X, y, intercept)[2]
    s, v = np.linalg.eigh(moments.gram)
    if not (decay >= 0 and 0 < lr * (s[-1] + decay) < 2):
        raise ValueError(f"decay is {decay:g}; with lr = {lr:g} allowed is 0 to less than {2 / lr - s[-1]:.4g}")
    shifted = np.maximum(s, 0.0) + decay
    # The sum of (1 - lr * shifted)**i over i < t, times lr.
    grown = np.where(shifted > 0, descent_filter(shifted, lr, steps) / np.where(shifted > 0, shifted, 1.0), 0.0)
    return (grown * (moments.correlation @ v)) @ v.T
