"""Shrinkage: where the minimum of a convex loss goes as the strength of a penalty grows.

    w(strength) = argmin loss(w) + strength * penalty(w)

Every minimum is also that of the loss under a constraint, penalty(w) <= t with t = penalty(w(strength)): a level curve
of the loss touches a ball of the penalty there. The two curves and those of the sum are found here as points.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from landscape.knob import knobs
from landscape.linear_algebra import eigh
from landscape.objective import Objective
from landscape.regularization.paths import solution_path
from landscape.regularization.penalties import Registered

# The strongest penalty leaves at most this share of the weights.
LEFT = 0.08
FISTA_STEPS = 1200


@dataclass(frozen=True)
class Shrinkage:
    """Minima for k strengths from 0 up, of a loss with n weights.

    strengths    (k,)
    w            (k, n)
    loss, size   (k,)    the loss there, and the penalty there at strength 1, which is the constraint t
    eigenvalues  (k, n)  of the Hessian of the sum there, rising; kinks have none
    ridge        (k, n)  of the loss's Hessian there + strength * I
    zero_from    (n,)    the strength from which on the weight is exactly zero; inf where it never is
    slope        (k,)    how far from optimal: the length of the shortest subgradient
    """

    strengths: np.ndarray
    w: np.ndarray
    loss: np.ndarray
    size: np.ndarray
    eigenvalues: np.ndarray
    ridge: np.ndarray
    zero_from: np.ndarray
    slope: np.ndarray


def strength_range(loss: Objective, penalty: Registered, rate: float, count: int = 101) -> np.ndarray:
    """Strengths from 0 to where at most LEFT of the weights remain, closer together where they are small, (count,)."""
    knob = knobs(penalty)["strength"]
    probes = np.concatenate([[0.0], np.clip(np.logspace(-2.5, 3, 67) / rate, knob.low, knob.high)])
    length = np.linalg.norm(solution_path(loss, penalty, probes, rate, FISTA_STEPS)[0], axis=-1)
    small = length <= LEFT * length[0]
    top = probes[1:][small[1:]][0] if small[1:].any() else probes[-1]
    steps = min(1.15 * top, knob.high) * np.linspace(0, 1, count) ** 2
    return np.where(steps > 0, np.maximum(steps, knob.low), 0.0)


def shrink(loss: Objective, penalty: Registered, strengths: np.ndarray, rate: float) -> Shrinkage:
    """The minima of loss + penalty at each strength, rising from 0, by FISTA from 0 at a rate of at most 1 / L.

    Where a loss has many minima and no penalty chooses, it is the one that FISTA from 0 comes to. The strength from
    which on a weight is zero is narrowed down to a hundredth of the strengths' spacing.
    """
    w, slope = solution_path(loss, penalty, strengths, rate, FISTA_STEPS)
    unit = replace(penalty, strength=1.0)
    hessian = loss.hessian(w)
    curved = strengths[:, None, None] * unit.hessian(w)
    return Shrinkage(
        strengths,
        w,
        loss.value(w),
        unit.value(w),
        eigh(hessian + curved)[0],
        eigh(hessian)[0] + strengths[:, None],
        np.array([_zero_from(loss, penalty, strengths, w, rate, j) for j in range(loss.dimension)]),
        slope,
    )


def _zero_from(
    loss: Objective, penalty: Registered, strengths: np.ndarray, w: np.ndarray, rate: float, j: int
) -> float:
    """The strength from which on w_j is exactly zero, as far as the strengths go; inf where it is not at the last."""
    if w[-1, j] != 0:
        return np.inf
    if not w[:, j].any():
        return 0.0
    last = int(np.flatnonzero(w[:, j])[-1])
    between = np.linspace(strengths[last], strengths[last + 1], 101)
    fine = solution_path(loss, penalty, np.maximum(between, strengths[1] * (between > 0)), rate, FISTA_STEPS)[0]
    return float(between[np.flatnonzero(fine[:, j])[-1] + 1])


def level_curves(
    value: Callable[[np.ndarray], np.ndarray], centre: np.ndarray, levels: np.ndarray, reach: float, count: int = 60
) -> np.ndarray:
    """Closed level curves of a convex function about a point inside them, (..., 2) and (...) -> (..., count + 1, 2).

    Along each ray from the centre the function passes a level once, so halving finds where; a curve that goes further
    than reach is cut off there. value takes (..., rays, 2) and answers (..., rays).
    """
    angle = np.linspace(0, 2 * np.pi, count + 1)
    rays = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    low = np.zeros((*levels.shape, count + 1))
    high = np.full_like(low, reach)
    for _ in range(30):
        middle = (low + high) / 2
        below = value(centre[..., None, :] + middle[..., None] * rays) < levels[..., None]
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return centre[..., None, :] + high[..., None] * rays
