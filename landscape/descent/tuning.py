"""Tuning: the rate that serves a method best, found in one batched run.

A shared rate makes good methods look broken, so each is given its own.
"""

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.descent.race import run
from landscape.descent.schedules import Schedule
from landscape.domain import Landscape
from landscape.knob import knobs
from landscape.optimizers import Optimizer


def tune(
    surface: Landscape,
    optimizer: Optimizer,
    start: np.ndarray,
    steps: int,
    *,
    noise: float = 0.0,
    seed: int = 0,
    schedule: Schedule | None = None,
) -> float | None:
    """The rate on the knob's own grid that serves this method best from this start, found in one batched run.

    Best is the lowest value, on average over the last tenth of the run, among the rates whose path never rises above
    its start, so that luck at the edge of stability does not win; among rates within a millionth of the best, the one
    that got there first.
    None for a method without a rate to tune, or where every rate climbs.
    """
    knob = knobs(optimizer).get("lr")
    if knob is None or not optimizer.tunable:
        return None
    rates = knob.grid()
    candidates = optimizer.with_rate(rates[:, None])
    starts = np.tile(np.asarray(start, dtype=float), (len(rates), 1))
    runs = run(surface, candidates, starts, steps, noise=noise, seed=seed, schedule=schedule)
    return best(rates, runs)


def best(rates: np.ndarray, runs: Trajectory) -> float | None:
    """Of runs at these rates, (k,), from one start the rate that `tune` takes; None where every one climbs."""
    calm = (runs.status != "diverged") & (runs.value <= runs.value[0]).all(axis=0)
    if not calm.any():
        return None
    final = np.where(calm, runs.value[-max(1, runs.steps // 10) :].mean(axis=0), np.inf)
    near = final.min() + 1e-6 * (runs.value[0, 0] - final.min())
    arrival = runs.first_step(runs.value <= near)
    return float(rates[np.argmin(np.where(final <= near, arrival, np.iinfo(int).max))])
