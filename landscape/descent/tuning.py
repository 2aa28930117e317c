"""Tuning: the rate that serves a method best, found in one batched run.

A shared rate makes good methods look broken, so each is given its own.
"""

from collections.abc import Callable

import numpy as np

from landscape.descent.descend import check_steps
from landscape.descent.race import noisy
from landscape.descent.rest import length
from landscape.descent.schedules import Schedule
from landscape.descent.walk import RUNAWAY, Walk
from landscape.domain import Landscape
from landscape.knob import knobs
from landscape.optimizers import Optimizer

# Steps whose values are worked out at a time: always the same ones together, so that they do not depend on what was
# asked before.
BLOCK = 50


def tune(
    surface: Landscape,
    optimizer: Optimizer,
    start: np.ndarray,
    steps: int,
    *,
    noise: float = 0.0,
    seed: int = 0,
    schedule: Schedule | None = None,
    progress: Callable[[float], None] | None = None,
) -> float | None:
    """The rate on the knob's own grid that serves this method best from this start, found in one batched run.

    Best is the lowest value, on average over the last tenth of the run, among the rates whose path never rises above
    its start, so that luck at the edge of stability does not win; among rates within a millionth of the best, the one
    that got there first.
    None for a method without a rate to tune, or where every rate climbs. See `descend` for progress.
    """
    check_steps(steps)
    factors = None if schedule is None else schedule.factors(steps)
    return Tuning(surface, optimizer, start, noise=noise, seed=seed, factors=factors).best(steps, progress)


class Tuning:
    """What `tune` finds for any number of steps: a shorter run is the beginning of a longer one.

    factors   (T,) of the rate, where a schedule sets them; then for T steps alone
    """

    def __init__(
        self,
        surface: Landscape,
        optimizer: Optimizer,
        start: np.ndarray,
        *,
        noise: float = 0.0,
        seed: int = 0,
        factors: np.ndarray | None = None,
    ) -> None:
        knob = knobs(optimizer).get("lr")
        self._rates = knob.grid() if knob is not None and optimizer.tunable else np.empty(0)
        self._most = None if factors is None else len(factors)
        self._surface, self._values = surface, np.empty((0, len(self._rates)))
        # The step at which each run has left the finite world.
        self._lost = np.full(len(self._rates), np.inf)
        if len(self._rates):
            candidates = optimizer.with_rate(self._rates[:, None])
            starts = np.tile(np.asarray(start, dtype=float), (len(self._rates), 1))
            self._walk = Walk(noisy(surface, noise), candidates, starts, np.random.default_rng(seed), factors)

    @property
    def nbytes(self) -> int:
        return self._values.nbytes + (self._walk.nbytes if len(self._rates) else 0)

    def best(self, steps: int, progress: Callable[[float], None] | None = None) -> float | None:
        """The rate and the progress, as `tune` has them."""
        check_steps(steps)
        if not len(self._rates):
            return None
        while len(self._values) <= steps:
            self._go_on(progress)
        return best(self._rates, self._values[: steps + 1], self._lost <= steps)

    def _go_on(self, progress: Callable[[float], None] | None) -> None:
        """Walk a block further."""
        first = len(self._values)
        last = first + BLOCK - 1 if self._most is None else min(first + BLOCK - 1, self._most)
        x = self._walk.go(last, progress).iterates(last)[first:]
        with np.errstate(all="ignore"):
            value, gradient = self._surface.value(x), self._surface.gradient(x)
            sound = np.isfinite(value) & np.isfinite(length(gradient)) & (length(x) <= RUNAWAY)
        lost = np.where(sound.all(axis=0), np.inf, first + sound.argmin(axis=0))
        self._lost = np.minimum(self._lost, lost)
        self._values = np.concatenate([self._values, value])


def best(rates: np.ndarray, value: np.ndarray, lost: np.ndarray) -> float | None:
    """The rate that `tune` takes, of runs at these rates, (k,), from one start; None where every one climbs.

    value   (T+1, k), at every step; lost: (k,), which runs left the finite world
    """
    steps = len(value) - 1
    calm = ~lost & (value <= value[0]).all(axis=0)
    if not calm.any():
        return None
    final = np.where(calm, value[-max(1, steps // 10) :].mean(axis=0), np.inf)
    near = final.min() + 1e-6 * (value[0, 0] - final.min())
    arrived = value <= near
    arrival = np.where(arrived.any(axis=0), arrived.argmax(axis=0), -1)
    return float(rates[np.argmin(np.where(final <= near, arrival, np.iinfo(int).max))])
