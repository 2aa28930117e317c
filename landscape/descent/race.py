"""Race: several optimizers on one surface from one start, fairly, and what came of it.

A shared rate makes good methods look broken, so `tune` finds each method its own; and a step of Newton costs more than
a step of gradient descent, so a race can be watched by what was spent instead of by steps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.descent.schedules import Schedule
from landscape.descent.walk import Walk
from landscape.domain import Domain, Landscape
from landscape.objective import Noisy, Objective
from landscape.optimizers import Optimizer

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
        """The value of the surface's minima, where it has any: global, or the lowest found if they are not proven."""
        return self.surface.minima[0].value if self.surface.minima else None


def rounding(value: float) -> float:
    """How far from a known minimum's value another may be and still count as it."""
    return 1e-9 * max(1.0, abs(value))


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
    progress: Callable[[float], None] | None = None,
) -> Trajectory:
    """One contestant's run; the same seed gives every contestant the same noise. See `descend` for progress."""
    rng = np.random.default_rng(seed)
    return descend(noisy(surface, noise), optimizer, start, steps, rng, schedule, tolerance, progress)


def begin(
    surface: Landscape, optimizer: Optimizer, start: np.ndarray, *, noise: float, seed: int, tolerance: float
) -> Walk:
    """One contestant's run without a schedule before its first step, for any number of steps."""
    return Walk(noisy(surface, noise), optimizer, start, np.random.default_rng(seed), tolerance=tolerance)


def noisy(surface: Landscape, noise: float) -> Objective:
    """What a contestant sees of a landscape."""
    return Noisy(surface, noise) if noise else surface


def left_map(trajectory: Trajectory, domain: Domain) -> tuple[int, np.ndarray] | None:
    """The first step that ends off the map, and where the path crosses its edge; None where none does.

    A start off the map is not an exit: what leaves is a path that was on it.
    """
    return leaves(trajectory.x, domain)


def leaves(path: np.ndarray, domain: Domain) -> tuple[int, np.ndarray] | None:
    """As `left_map`, of a path (T + 1, n)."""
    low, high = np.array(domain).T
    outside = ((path < low) | (path > high)).any(axis=-1)
    if not outside.any() or outside[0]:
        return None
    k = int(outside.argmax())
    tail, move = path[k - 1], path[k] - path[k - 1]
    with np.errstate(all="ignore"):
        reach = np.where(move > 0, (high - tail) / move, np.where(move < 0, (low - tail) / move, np.inf))
    return k, tail + np.min(reach) * move
