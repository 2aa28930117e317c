"""Convergence: how a run closes in on a stationary point, beside what theory says it must do there."""

from dataclasses import dataclass

import numpy as np

from landscape.descent import Trajectory, descend
from landscape.linear_algebra import EPSILON
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.stationary import StationaryPoints
from landscape.theory import contraction, heavy_ball, measured_rate, order_of_convergence

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


@dataclass(frozen=True)
class Trial:
    """A run of heavy ball, and what theory said of it at the minimum below its start.

    seen   the run relative to that minimum; its eigenvalues are positive
    """

    optimizer: Optimizer
    run: Trajectory
    seen: Convergence

    @property
    def key(self) -> str:
        return self.optimizer.key

    @property
    def lr(self) -> float:
        return float(self.optimizer.lr)  # type: ignore[attr-defined]

    @property
    def momentum(self) -> float:
        return float(self.optimizer.momentum)  # type: ignore[attr-defined]

    @property
    def forecast(self) -> tuple[float, str]:
        """The predicted factor a step, and the regime, a key of REGIMES."""
        factor, regime = heavy_ball(self.lr, self.momentum, self.seen.eigenvalues)
        return float(factor), str(regime)


def bowl_below(objective: Objective, points: StationaryPoints, start: np.ndarray, size: float) -> int | None:
    """The index of the minimum below start, where it is a bowl that theory can speak of: curved every way, finitely."""
    index = downhill(objective, points, start, size)
    if index is None:
        return None
    low, high = points.eigenvalues[index]
    return index if 0 < low <= high < np.inf else None


def verdict(trial: Trial) -> str:
    """What was predicted and what came of it, one sentence in Markdown."""
    factor, regime = trial.forecast
    end = float(trial.seen.errors[-1])
    edge = 2 * (1 + trial.momentum) / float(trial.seen.eigenvalues.max())
    side = "below" if trial.lr < edge else "above"
    text = f"The rate {trial.lr:.4g} lies {side} the limit **{edge:.4g}** for this momentum: **{regime}**, "
    text += f"and a factor of **{factor:.5g}** a step was predicted. "
    if str(trial.run.status) == "diverged":
        away = "" if factor >= 1 else ", for the start is too far out: the prediction holds near the minimum"
        return text + f"The run diverged at step {int(trial.run.stop)}{away}."
    if np.isfinite(trial.seen.rate):
        off = abs(trial.seen.rate / factor - 1) if factor > 0 else np.inf
        text += f"Measured: **{trial.seen.rate:.5g}**, {100 * off:.2g} % off."
        if off > 0.01 and abs(factor / np.sqrt(max(trial.momentum, 1e-12)) - 1) < 0.02:
            text += " Here two roots nearly coincide: the error shrinks as k times the factor's powers, and the "
            text += "measured rate comes near it slowly."
        return text
    return text + f"In {len(trial.seen.errors) - 1} steps the distance came to {end:.3g}; there is no rate to measure."
