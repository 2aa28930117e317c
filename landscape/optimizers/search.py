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

from landscape.linear_algebra import dot, norm, ratio
from landscape.objective import Objective

C1 = 1e-4
DOUBT = 1e-12
MOST_HALVINGS = 60
MOST_TRIALS = 30
# A first trial goes at most so many times as far as x is from the origin, or 1: where the gradient is huge, a length of
# 1 may be further than MOST_TRIALS halvings lead back from.
REACHING = 10.0


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


class End(NamedTuple):
    """One end of the interval that a search has come down to; every array (..., 1)."""

    alpha: np.ndarray
    value: np.ndarray
    slope: np.ndarray


def strong_wolfe(
    objective: Objective,
    x: np.ndarray,
    direction: np.ndarray,
    value: np.ndarray,
    gradient: np.ndarray,
    first: float | np.ndarray,
    c2: float | np.ndarray,
) -> Point:
    """A length with sufficient decrease where the slope has flattened, and value and gradient there.

        f(x + alpha * d) <= f(x) + C1 * alpha * slope              (Armijo)
        |gradient(x + alpha * d) . d| <= c2 * |slope|              (curvature),  slope = gradient . d

    `low` is the best length so far that passes Armijo's test; `high` is the other end of an interval that holds an
    acceptable length, and infinite until there is one: so bracketing and zooming are one loop. After MOST_TRIALS
    trials, or where no x lies between, `low` is taken as it is; it is 0 where nothing passed, or d leads uphill.
    Source: Nocedal & Wright (2006), algorithms 3.5 and 3.6; while there is no interval the length doubles. The first
    trial is shortened to REACHING, which is added here.
    """
    slope = dot(gradient, direction)
    start = low = End(np.zeros_like(slope), value, slope)
    high = End(low.alpha + np.inf, value, slope)
    longest = ratio(REACHING * np.maximum(1.0, norm(x)), norm(direction), np.inf)
    gradient_low, trial, searching = gradient, np.minimum(low.alpha + first, longest), slope < 0
    with np.errstate(all="ignore"):
        for _ in range(MOST_TRIALS):
            if not searching.any():
                break
            point = x + np.where(searching, trial, low.alpha) * direction
            new_gradient = objective.gradient(point)
            new = End(trial, objective.value(point)[..., None], dot(new_gradient, direction))
            better = searching & _better(new, low, start)
            # A bad trial is the far end; a better one on the far slope makes the old near end the far end.
            turned = better & (new.slope * np.where(np.isfinite(high.alpha), high.alpha - low.alpha, 1.0) >= 0)
            high = _choose(searching & ~better, new, _choose(turned, low, high))
            low, gradient_low = _choose(better, new, low), np.where(better, new_gradient, gradient_low)
            trial = np.where(np.isfinite(high.alpha), _interpolate(low, high), 2 * trial)
            between = (x + trial * direction != x + low.alpha * direction).any(axis=-1, keepdims=True)
            searching = searching & between & ~(better & (np.abs(new.slope) <= c2 * np.abs(slope)))
    return Point(low.alpha, low.value, gradient_low)


def _better(new: End, low: End, start: End) -> np.ndarray:
    """Whether a trial passes Armijo's test, by slopes where values are in doubt, and is no worse than low."""
    slack = DOUBT * np.abs(start.value)
    passed = new.value <= start.value + C1 * new.alpha * start.slope
    by_slope = new.slope <= (2 * C1 - 1) * start.slope
    enough = np.where(np.abs(new.value - start.value) <= slack, by_slope, passed)
    return enough & (new.value <= low.value + slack) & np.isfinite(new.slope)


def _choose(condition: np.ndarray, a: End, b: End) -> End:
    return End(
        np.where(condition, a.alpha, b.alpha),
        np.where(condition, a.value, b.value),
        np.where(condition, a.slope, b.slope),
    )


def _interpolate(a: End, b: End) -> np.ndarray:
    """Where the cubic with the values and slopes of both ends is least, at least a tenth of the way from either.

    The middle where there is no such cubic. Source: Nocedal & Wright (2006), eq. 3.59.
    """
    d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.alpha - b.alpha)
    d2 = np.sign(b.alpha - a.alpha) * np.sqrt(d1 * d1 - a.slope * b.slope)
    share = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
    share = np.minimum(np.maximum(np.where(np.isfinite(share), share, 0.5), 0.1), 0.9)
    return a.alpha + share * (b.alpha - a.alpha)
