"""Convergence: how a run closes in on a stationary point, beside what theory says it must do there."""

from dataclasses import dataclass

import numpy as np

from landscape.descent import Trajectory, descend
from landscape.linear_algebra import EPSILON
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.stationary import StationaryPoints
from landscape.theory import contraction, measured_rate, order_of_convergence

# A run whose end is further than this share of the points' own spread from all of them has not closed in on any.
NEAR = 0.1

# How many steps of a method that never climbs are taken to find what lies downhill.
SEARCH = 300


@dataclass(frozen=True)
class Convergence:
    """A run and the stationary point it closes in on.

    target     (2,), kind of KINDS, eigenvalues (2,) of the Hessian there
    errors     (T+1,) distance to the target; below `floor` it is rounding
    order      measured, NaN where too few steps are to be had
    rate       measured factor a step, likewise
    predicted  the factor theory gives for this method at the target, None where it gives none
    """

    target: np.ndarray
    kind: str
    eigenvalues: np.ndarray
    errors: np.ndarray
    floor: float
    order: float
    rate: float
    predicted: float | None


def convergence(optimizer: Optimizer, run: Trajectory, points: StationaryPoints, size: float) -> Convergence | None:
    """How `run`, of shape (T+1, 2), closes in on the nearest of `points`; None where it is nowhere near one.

    size   the length of the map, against which near is measured
    """
    index = nearest(points, run.x[-1])
    if index is None or np.linalg.norm(points.x[index] - run.x[-1]) > NEAR * size:
        return None
    return toward(optimizer, run, points, index)


def toward(optimizer: Optimizer, run: Trajectory, points: StationaryPoints, index: int) -> Convergence:
    """How `run` moves relative to the stationary point of that index, whether or not it gets there."""
    target, eigenvalues = points.x[index], points.eigenvalues[index]
    errors = np.linalg.norm(run.x[: int(run.stop) + 1] - target, axis=-1)
    # Coordinates near the target carry roundings of its own size; at the origin they carry none to speak of.
    floor = max(1e4 * EPSILON * float(np.abs(target).max()), 1e-150)
    return Convergence(
        target=target,
        kind=str(points.kind[index]),
        eigenvalues=eigenvalues,
        errors=errors,
        floor=floor,
        order=order_of_convergence(errors, floor / 10),
        rate=measured_rate(errors, floor),
        predicted=predicted_rate(optimizer, eigenvalues),
    )


def predicted_rate(optimizer: Optimizer, eigenvalues: np.ndarray) -> float | None:
    """The factor by which a step of `optimizer` must shrink the error near a point with these eigenvalues."""
    factor = contraction(optimizer, eigenvalues) if np.isfinite(eigenvalues).all() else None
    return None if factor is None else float(factor)


def nearest(points: StationaryPoints, x: np.ndarray) -> int | None:
    """The index of the point nearest x, (2,); None where there are no points or x is not finite."""
    if not len(points) or not np.isfinite(x).all():
        return None
    return int(np.linalg.norm(points.x - x, axis=-1).argmin())


def downhill(objective: Objective, points: StationaryPoints, start: np.ndarray, size: float) -> int | None:
    """The index of the minimum below start, (2,): where a trust region, which never climbs, comes to rest."""
    end = descend(objective, OPTIMIZERS["trust_region"](), start, SEARCH, tolerance=1e-9).x[-1]
    index = nearest(points, end)
    if index is None or points.kind[index] != "minimum" or np.linalg.norm(points.x[index] - end) > 1e-3 * size:
        return None
    return index
