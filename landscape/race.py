"""Race: several optimizers on one surface from one start, fairly, and what came of it.

A shared rate makes good methods look broken, so `tune` finds each method its own; and a step of Newton costs more than
a step of gradient descent, so a race can be watched by what was spent instead of by steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from landscape.descent import Trajectory, descend
from landscape.knob import knobs
from landscape.landscapes import Landscape
from landscape.objective import Noisy
from landscape.optimizers import Optimizer
from landscape.schedules import Schedule
from landscape.surfaces import Domain


def rounding(value: float) -> float:
    """How far from a known minimum's value another may be and still count as it."""
    return 1e-9 * max(1.0, abs(value))


# What a clock can count: the key of the choice and its name.
CLOCKS = {"steps": "steps", "cost": "gradient evaluations"}


@dataclass(frozen=True)
class Race:
    """Runs from one start on one landscape, by optimizer key, all with the same number of steps.

    start      (2,)
    tolerance  the gradient norm at which a run counts as converged
    """

    surface: Landscape
    start: np.ndarray
    tolerance: float
    optimizers: Mapping[str, Optimizer]
    runs: Mapping[str, Trajectory]

    def clock(self, key: str, unit: str) -> np.ndarray:
        """What a run's clock shows at every step, shape (T+1,): the step's number, or what it had cost."""
        run = self.runs[key]
        return run.evaluations.cost(self.surface.dimension) if unit == "cost" else np.arange(run.steps + 1)

    @property
    def lowest_known(self) -> float | None:
        """The value of the surface's global minimum, where it has one."""
        return self.surface.minima[0].value if self.surface.minima else None


def hold(
    surface: Landscape,
    optimizers: Mapping[str, Optimizer],
    start: np.ndarray,
    steps: int,
    *,
    noise: float = 0.0,
    seed: int = 0,
    schedule: Schedule | None = None,
    tolerance: float = 0.0,
) -> Race:
    """Run every optimizer from `start`; with noise, each sees the same draws.

    noise   standard deviation of each gradient component
    """
    runs = {
        key: run(surface, optimizer, start, steps, noise=noise, seed=seed, schedule=schedule, tolerance=tolerance)
        for key, optimizer in optimizers.items()
    }
    return Race(surface, np.asarray(start, dtype=float), tolerance, dict(optimizers), runs)


def run(
    surface: Landscape,
    optimizer: Optimizer,
    start: np.ndarray,
    steps: int,
    *,
    noise: float = 0.0,
    seed: int = 0,
    schedule: Schedule | None = None,
    tolerance: float = 0.0,
) -> Trajectory:
    """One contestant's run; the same seed gives every contestant the same noise."""
    objective = Noisy(surface, noise) if noise else surface
    return descend(objective, optimizer, start, steps, np.random.default_rng(seed), schedule, tolerance)


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
    candidates = replace(optimizer, lr=rates[:, None])  # type: ignore[call-arg]
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


def left_map(trajectory: Trajectory, domain: Domain) -> tuple[int, np.ndarray] | None:
    """The first step that ends off the map, and where the path crosses its edge; None where none does.

    A start off the map is not an exit: what leaves is a path that was on it.
    """
    low, high = np.array(domain).T
    outside = ((trajectory.x < low) | (trajectory.x > high)).any(axis=-1)
    if not outside.any() or outside[0]:
        return None
    k = int(outside.argmax())
    tail, move = trajectory.x[k - 1], trajectory.x[k] - trajectory.x[k - 1]
    with np.errstate(all="ignore"):
        reach = np.where(move > 0, (high - tail) / move, np.where(move < 0, (low - tail) / move, np.inf))
    return k, tail + np.min(reach) * move
