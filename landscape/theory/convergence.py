"""Convergence: how a run closes in on a stationary point, beside what theory says it must do there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.linear_algebra import EPSILON
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.optimizers.first_order import Momentum
from landscape.optimizers.second_order import GaussNewton
from landscape.theory.quadratics import contraction, heavy_ball
from landscape.theory.stationary import StationaryPoints

# A run whose end is further than this share of the map from all points has not closed in on any.
NEAR = 0.1

# Steps at the end of a run over which its distance to a point that it closes in on must have shrunk.
LATE = 8

# A run that stalls so near to a point, as a share of the map, or that stalls at the same height, or rests, so near, is
# there but for rounding.
ROUNDED, LEVEL = 1e-7, 1e-3

# A curvature at most this share of the largest may be none.
VAGUE = 1e-8

# Ground on which the slope is below this share of a bowl's is not that bowl's.
OTHER = 0.01

# How many steps of a method that never climbs are taken to find what lies downhill.
SEARCH = 300

# Errors through which a line says something however they scatter, as under momentum, and how straight fewer must lie.
MANY, STRAIGHT = 10, 0.9


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
    """How `run`, of shape (T+1, 2), closes in on the nearest of `points`; None where it does not.

    size   the length of the map, against which near is measured
    """
    index = nearest(points, run.x[-1])
    if index is None or np.linalg.norm(points.x[index] - run.x[-1]) > NEAR * size:
        return None
    seen = toward(optimizer, run, points, index)
    height = float(points.value[index])
    level = abs(float(run.value[-1]) - height) <= 4 * EPSILON * max(abs(height), np.finfo(float).tiny)
    share = LEVEL if level or str(run.status) == "converged" else ROUNDED
    reach = max(1e3 * seen.floor, share * size)
    return seen if closes_in(seen.errors, seen.floor, str(run.status), reach) else None


def closes_in(errors: np.ndarray, floor: float, status: str, reach: float) -> bool:
    """Whether the end of a run belongs to a point from which it is, or was, these distances away, (T+1,).

    It is there, but for rounding, if it rests or stalls within reach; else it must have come half the way, and the
    farthest that it was over the last LATE steps be less than over the LATE steps before those: it is not passing, and
    not chattering.
    """
    if status in ("converged", "stalled") or errors[-1] <= floor:
        return bool(errors[-1] <= max(reach, floor))
    late = min(LATE, (len(errors) - 1) // 2)
    if status == "diverged" or not late:
        return False
    last, before = errors[-late:].max(), errors[-2 * late : -late].max()
    return bool(last < before and errors[-1] < errors[0] / 2)


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
    """The factor by which a step of `optimizer` must shrink the error near a point with these eigenvalues.

    None where theory says nothing: at a zero eigenvalue, where there are none, and for a method that is no linear map.
    """
    size = np.abs(eigenvalues)
    # Where curvature is nought, or slopes jump, no linear map is near; the curvature that Gauss-Newton sees is another.
    told = bool((size > VAGUE * size.max()).all()) and not isinstance(optimizer, GaussNewton)
    factor = contraction(optimizer, eigenvalues) if told else None
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


@dataclass(frozen=True)
class Closing:
    """A run that closes in on a stationary point."""

    run: Trajectory
    seen: Convergence


@dataclass(frozen=True)
class Approaches:
    """Runs of several methods from one start, by optimizer key, and the stationary points they close in on.

    points    what there is to close in on
    closing   the runs that do; lost, those that end at none of them
    """

    objective: Objective
    points: StationaryPoints
    optimizers: Mapping[str, Optimizer]
    closing: Mapping[str, Closing]
    lost: Mapping[str, Trajectory]

    @property
    def seen(self) -> Mapping[str, Closing]:
        """What can be drawn: the runs that close in on a point, or, where none does, all, as seen from the lowest."""
        if self.closing or not len(self.points):
            return self.closing
        low = int(np.argmin(self.points.value))
        return {
            key: Closing(run, toward(self.optimizers[key], run, self.points, low)) for key, run in self.lost.items()
        }


def approaches(
    objective: Objective,
    points: StationaryPoints,
    optimizers: Mapping[str, Optimizer],
    runs: Mapping[str, Trajectory],
    size: float,
) -> Approaches:
    """Which of these runs, by optimizer key, close in on one of `points`; size as in `convergence`."""
    seen = {key: convergence(optimizers[key], run, points, size) for key, run in runs.items()}
    closing = {key: Closing(runs[key], each) for key, each in seen.items() if each is not None}
    lost = {key: run for key, run in runs.items() if seen[key] is None}
    return Approaches(objective, points, optimizers, closing, lost)


@dataclass(frozen=True)
class Trial:
    """A run of heavy ball, and what theory said of it at the minimum below its start.

    seen   the run relative to that minimum; its eigenvalues are positive
    """

    objective: Objective
    optimizer: Momentum
    run: Trajectory
    seen: Convergence

    @property
    def key(self) -> str:
        return self.optimizer.key

    @property
    def lr(self) -> float:
        return float(self.optimizer.lr)

    @property
    def momentum(self) -> float:
        return float(self.optimizer.momentum)

    @property
    def limit(self) -> float:
        """The rate below which heavy ball is stable at this momentum."""
        return 2 * (1 + self.momentum) / float(self.seen.eigenvalues.max())

    @property
    def forecast(self) -> tuple[float, str]:
        """The predicted factor a step, and the regime, a key of REGIMES."""
        factor, regime = heavy_ball(self.lr, self.momentum, self.seen.eigenvalues)
        return float(factor), str(regime)

    @property
    def elsewhere(self) -> bool:
        """Whether the run ends where the slope is next to nothing beside that of the minimum's own bowl so far out."""
        end, low = float(self.seen.errors[-1]), float(self.seen.eigenvalues.min())
        return end > self.seen.floor and bool(self.run.gradient_norm[-1] < OTHER * low * end)

    @property
    def steady(self) -> bool:
        """Whether there is a factor to measure: the run stays in the minimum's bowl, and its errors keep to one."""
        known = str(self.run.status) != "diverged" and bool(np.isfinite(self.seen.rate))
        return known and not self.elsewhere and steady(self.seen.errors, self.seen.floor)


def bowl_below(objective: Objective, points: StationaryPoints, start: np.ndarray, size: float) -> int | None:
    """The index of the minimum below start, where it is a bowl that theory can speak of: curved every way, finitely.

    A crease's bottom is none: there slopes jump.
    """
    index = downhill(objective, points, start, size)
    if index is None:
        return None
    low, high = points.eigenvalues[index]
    return index if 0 < low <= high < np.inf else None


def measured_rate(errors: np.ndarray, floor: float = 1e-12) -> float:
    """The factor by which errors shrink a step, from the last half of a run of shape (T+1,), down to `floor`.

    Errors that swing are measured from peak to peak. floor is where errors turn into rounding, about 1e4 roundings of
    the place they are measured from; 0 if that is the origin. NaN where fewer than eight steps are left to measure.
    """
    errors = np.asarray(errors, dtype=float)
    # The largest error still to come, or so far if they grow: a peak is where it is met.
    growing = len(errors) > 0 and errors[-1] > errors[0]
    envelope = np.maximum.accumulate(errors) if growing else np.maximum.accumulate(errors[::-1])[::-1]
    usable = np.flatnonzero(np.isfinite(envelope) & (envelope > floor))
    if len(usable) < 8:
        return np.nan
    late = usable[len(usable) // 2 :]
    peaks = late[errors[late] == envelope[late]]
    if len(peaks) < 2:
        return np.nan
    return float((envelope[peaks[-1]] / envelope[peaks[0]]) ** (1 / (peaks[-1] - peaks[0])))


def steady(errors: np.ndarray, floor: float) -> bool:
    """Whether errors of shape (T+1,) shrink, or grow, at one rate: in the third and the fourth quarter, and in all."""
    growing = errors[-1] > errors[0]
    envelope = np.maximum.accumulate(errors) if growing else np.maximum.accumulate(errors[::-1])[::-1]
    usable = np.flatnonzero(np.isfinite(envelope) & (envelope > floor))
    if len(usable) < 16:
        return False
    late = usable[len(usable) // 2 :]
    logs, half = np.log(envelope[late]), len(late) // 2
    third = (logs[half] - logs[0]) / (late[half] - late[0])
    fourth = (logs[-1] - logs[half]) / (late[-1] - late[half])
    told, fit = np.log(measured_rate(errors, floor)), np.polyfit(late, logs, 1)[0]
    apart = max(abs(third - fourth), 2 * abs(told - fit))
    return bool(apart <= 0.1 * max(abs(third), abs(fourth)) + 2e-3)


def order_of_convergence(errors: np.ndarray, floor: float = 1e-13) -> float:
    """The p of error[k+1] ~ C * error[k]**p: the slope of error[k+1] over error[k] on log axes, shape (T+1,) -> ().

    The line is fitted through the last points above `floor`, where errors turn into rounding: at least three, and all
    those within a factor of 100 of the last. 1 for a linear method, 2 for Newton's. NaN where three errors are not to
    be had, where they hardly change, and where a few lie on no line, as Barzilai and Borwein's.
    """
    e = np.asarray(errors, dtype=float)
    with np.errstate(invalid="ignore"):
        over = np.flatnonzero(~(np.isfinite(e) & (e > floor)))
    e = e[: over[0]] if len(over) else e
    if len(e) < 3:
        return np.nan
    count = max(3, int(np.sum(e[:-1] <= 100 * e[-1])))
    before, after = np.log(e[:-1][-count:]), np.log(e[1:][-count:])
    if np.ptp(before) < np.log(2) or np.ptp(after) == 0:
        return np.nan
    if len(before) < MANY and np.corrcoef(before, after)[0, 1] < STRAIGHT:
        return np.nan
    return float(np.polyfit(before, after, 1)[0])
