"""How far to go along a direction: line searches on all starts at once.

A search never leaves anyone waiting: each start has its own trial length, all trials of a round are one call of the
objective, and a start that is done keeps what it found. Numbers for one start each have shape (..., 1).

Near a minimum values cannot be told apart long before the gradient is small. Where two of them differ by no more than
DOUBT times their size, the slope at the trial decides in place of Armijo's condition, which for a quadratic says the
same: gradient(x + alpha * d) . d <= (2 * c1 - 1) * slope. Source: Hager & Zhang (2005), "A new conjugate gradient
method with guaranteed descent and an efficient line search", eq. 4.1.
"""

from typing import NamedTuple, Protocol

import numpy as np

from landscape.linear_algebra import dot
from landscape.objective import Objective

C1 = 1e-4
DOUBT = 1e-12
MOST_HALVINGS = 60
MOST_TRIALS = 30


class Point(NamedTuple):
    """Where a search ended, in lengths alpha along its direction; alpha is 0 where it found no acceptable point."""

    alpha: np.ndarray  # (..., 1)
    value: np.ndarray  # (..., 1)
    gradient: np.ndarray  # (..., n)


class Measured(Protocol):
    """The state of a method that keeps what its last search measured at x."""

    @property
    def t(self) -> int: ...

    @property
    def value(self) -> np.ndarray: ...

    @property
    def gradient(self) -> np.ndarray: ...


def measured(objective: Objective, x: np.ndarray, state: Measured) -> tuple[np.ndarray, np.ndarray]:
    """Value, (..., 1), and gradient at x: what the last search left, unless there was none or the objective changes."""
    if state.t and not objective.momentary:
        return state.value, state.gradient
    return objective.value(x)[..., None], objective.gradient(x)


def backtrack(
    objective: Objective,
    x: np.ndarray,
    direction: np.ndarray,
    slope: np.ndarray,
    first: float | np.ndarray,
    shrink: float | np.ndarray = 0.5,
    c1: float | np.ndarray = C1,
) -> np.ndarray:
    """The first alpha of first, first * shrink, first * shrink**2 ... with sufficient decrease, shape (..., 1).

        f(x + alpha * direction) <= f(x) + c1 * alpha * slope      (Armijo)

    slope is gradient . direction. alpha is 0 where that is not negative, or where no trial passes.
    Source: Nocedal & Wright (2006), "Numerical optimization", algorithm 3.1.
    """
    value = objective.value(x)[..., None]
    slack = DOUBT * np.abs(value)
    alpha = np.zeros_like(value)
    trial = np.zeros_like(value) + first
    searching = slope < 0
    with np.errstate(all="ignore"):
        for _ in range(MOST_HALVINGS):
            if not searching.any():
                break
            point = x + np.where(searching, trial, alpha) * direction
            new = objective.value(point)[..., None]
            passed = new <= value + c1 * trial * slope
            doubt = searching & (np.abs(new - value) <= slack)
            if doubt.any():
                passed = np.where(doubt, dot(objective.gradient(point), direction) <= (2 * c1 - 1) * slope, passed)
            passed = searching & passed
            alpha = np.where(passed, trial, alpha)
            searching = searching & ~passed
            trial = trial * shrink
    return alpha


def strong_wolfe(
    objective: Objective,
    x: np.ndarray,
    direction: np.ndarray,
    value: np.ndarray,
    gradient: np.ndarray,
    first: float | np.ndarray,
    c2: float | np.ndarray,
    c1: float = C1,
) -> Point:
    """A length with sufficient decrease where the slope has flattened, and value and gradient there.

        f(x + alpha * d) <= f(x) + c1 * alpha * slope              (Armijo)
        |gradient(x + alpha * d) . d| <= c2 * |slope|              (curvature),  slope = gradient . d

    `low` is the best length so far that passes Armijo's test; `high` is the other end of an interval that holds an
    acceptable length, and infinite until there is one. With that the bracketing and the zooming of the source are one
    loop. After MOST_TRIALS trials, or where no x lies between, `low` is taken as it is: 0 where nothing passed. It is 0
    too where direction leads uphill. Source: Nocedal & Wright (2006), algorithms 3.5 and 3.6, with the interpolation of
    eq. 3.59; while there is no interval the length doubles.
    """
    slope = dot(gradient, direction)
    slack = DOUBT * np.abs(value)
    zero = np.zeros_like(slope)
    low, value_low, slope_low, gradient_low = zero, value, slope, gradient
    high, value_high, slope_high = zero + np.inf, zero + np.inf, zero
    searching = slope < 0
    trial = zero + first
    with np.errstate(all="ignore"):
        for _ in range(MOST_TRIALS):
            if not searching.any():
                break
            point = x + np.where(searching, trial, low) * direction
            new, new_gradient = objective.value(point)[..., None], objective.gradient(point)
            new_slope = dot(new_gradient, direction)
            # Written so that a value that is not a number is bad.
            doubt = np.abs(new - value) <= slack
            enough = np.where(doubt, new_slope <= (2 * c1 - 1) * slope, new <= value + c1 * trial * slope)
            better = enough & (new <= value_low + slack) & np.isfinite(new_slope)
            bad, better = searching & ~better, searching & better
            turned = bad | (better & (new_slope * np.where(np.isfinite(high), high - low, 1.0) >= 0))
            # A bad trial becomes the far end; a better one on the far slope makes the old near end the far end.
            high = np.where(bad, trial, np.where(turned, low, high))
            value_high = np.where(bad, new, np.where(turned, value_low, value_high))
            slope_high = np.where(bad, new_slope, np.where(turned, slope_low, slope_high))
            low, value_low = np.where(better, trial, low), np.where(better, new, value_low)
            slope_low, gradient_low = (
                np.where(better, new_slope, slope_low),
                np.where(better, new_gradient, gradient_low),
            )
            searching = searching & ~(better & (np.abs(new_slope) <= c2 * np.abs(slope)))
            between = _interpolate(low, value_low, slope_low, high, value_high, slope_high)
            trial = np.where(np.isfinite(high), between, 2 * trial)
            # An interval that holds no further x has nothing more to search.
            searching = searching & (x + trial * direction != x + low * direction).any(axis=-1, keepdims=True)
    return Point(low, value_low, gradient_low)


def _interpolate(
    a: np.ndarray, f: np.ndarray, s: np.ndarray, b: np.ndarray, g: np.ndarray, t: np.ndarray
) -> np.ndarray:
    """Where the cubic with values f, g and slopes s, t at a, b is least, at least a tenth of the way from either end.

    The middle where there is no such cubic.
    """
    d1 = s + t - 3 * (f - g) / (a - b)
    d2 = np.sign(b - a) * np.sqrt(d1 * d1 - s * t)
    share = 1 - (t + d2 - d1) / (t - s + 2 * d2)
    return a + np.clip(np.where(np.isfinite(share), share, 0.5), 0.1, 0.9) * (b - a)
