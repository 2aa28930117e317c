"""Rest: whether a run has come to rest, or only passes a place without a slope.

A velocity can carry a run through a slope of zero, a method may leave the saddle that it has come to, and a slope may
fade for ever without a minimum to rest in. None of these has converged.
"""

from functools import reduce

import numpy as np

from landscape.linear_algebra import eigh, times
from landscape.objective import Objective

# Steps that a run must have rested for before it is let off the rest.
LONG = 10

# A step at most this long, or as long as the tolerance, as a share of x where that is more than 1, is none.
STILL = 1e-6

# Further than this from where its model has no slope, a run whose slope is within the tolerance is on fading ground.
FADING = 1e-2

# Curvature that is rounding, as a share of the largest; that is flat, in itself and beside the largest.
ROUNDED, FLAT = 1e-14, 1e-8

# So few components are compared one after the other.
FEW = 4

# In more dimensions than these no Hessian is asked for.
MOST = 50


def resting(norm: np.ndarray, move: np.ndarray, x: np.ndarray, tolerance: float) -> np.ndarray:
    """At which steps slope and step are small: norms and lengths (...), iterates (..., n) -> (...)."""
    reach = max(tolerance, STILL) * np.maximum(1.0, length(x))
    return (norm <= tolerance) & (move <= reach)


def length(step: np.ndarray) -> np.ndarray:
    """The largest component of a step, (..., n) -> (...)."""
    size = np.abs(step)
    if size.shape[-1] > FEW:
        return size.max(axis=-1)
    # numpy's own goes through all rows and takes two numbers at a time.
    return reduce(np.maximum, (size[..., component] for component in range(size.shape[-1])))


def grounded(objective: Objective, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of points with next to no slope, (..., n): which have a stationary point near by, and which bend down, (...).

    By Newton's step along each direction that curves. Exactly zero is no fading slope, whatever the curvature.
    """
    if x.shape[-1] > MOST:
        return np.ones(x.shape[:-1], dtype=bool), np.zeros(x.shape[:-1], dtype=bool)
    with np.errstate(all="ignore"):
        gradient = objective.gradient(x)
        curvature, ways = eigh(objective.hessian(x))
        along, size = np.abs(times(np.swapaxes(ways, -1, -2), gradient)), np.abs(curvature)
        curved = size > ROUNDED * size.max(axis=-1, keepdims=True)
        far = np.where(curved, along / size, 0.0).max(axis=-1)
        fades = (far > FADING) & (np.sum(gradient**2, axis=-1) > 0)
        down = curvature[..., 0] < -FLAT * np.maximum(1.0, size.max(axis=-1))
    return ~fades, down
