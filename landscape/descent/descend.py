"""descend: run an optimizer from one start or from many at once, and record what happened, honestly.

An iterate is never clipped or repaired. A run that leaves the finite world is `diverged`, and says at which step.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from landscape.descent.schedules import Schedule
from landscape.descent.walk import RUNAWAY, Evaluations, Walk, check_applies, checked_start, resting_since
from landscape.objective import Objective
from landscape.optimizers import Optimizer

# pandas is imported where it is used: it takes a third of a second, and a first picture does not need it.
if TYPE_CHECKING:
    import pandas as pd

MAX_STEPS = 100_000

# Starts that `endpoints` moves at a time: few enough for the cache, but enough that one operation takes as long as it
# takes to wake a thread, or those that wait for Python's lock hardly ever work at once.
BLOCK = 32_768
# Blocks that are moved at once.
CORES = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Trajectory:
    """What `descend` saw, for T steps from starts of shape (..., n).

    x              (T+1, ..., n)   iterates; a run that has ended rests at its last finite iterate
    value          (T+1, ...)      the objective there, without noise
    gradient_norm  (T+1, ...)      the Euclidean norm of its gradient there, without noise
    status         (...)           "converged": from a step on the gradient norm is within the tolerance, and x rests;
                                   a velocity through a slope of zero, or a slope that fades for ever, is no rest
                                   "diverged": an iterate, value or gradient was not finite, or |x| passed RUNAWAY
                                   "stalled": it stopped moving though the gradient is above the tolerance or only
                                   fades, and the next step would be the same; never where steps are drawn at random
                                   "max_steps": it was still moving at the end
    stop           (...)           the step at which it ended, or from which on it rests
    evaluations    Evaluations     what the method was charged
    """

    x: np.ndarray
    value: np.ndarray
    gradient_norm: np.ndarray
    status: np.ndarray
    stop: np.ndarray
    evaluations: Evaluations

    @property
    def steps(self) -> int:
        return len(self.x) - 1

    def first_step(self, reached: np.ndarray) -> np.ndarray:
        """The first step at which a condition of shape (T+1, ...) holds, -1 where it never does; shape (...)."""
        return np.where(reached.any(axis=0), reached.argmax(axis=0), -1)

    def frame(self) -> "pd.DataFrame":
        """A tidy table: one row a step and start, columns step, start, x0, x1 ..., value, gradient_norm, and calls."""
        import pandas as pd

        leading = self.value.shape
        step, start = np.divmod(np.arange(self.value.size), max(1, int(np.prod(leading[1:]))))
        columns = {"step": step, "start": start}
        columns |= {f"x{i}": self.x[..., i].ravel() for i in range(self.x.shape[-1])}
        columns |= {"value": self.value.ravel(), "gradient_norm": self.gradient_norm.ravel()}
        columns |= {f"{name}_calls": calls.ravel() for name, calls in self.evaluations._asdict().items()}
        return pd.DataFrame(columns)


def descend(
    objective: Objective,
    optimizer: Optimizer,
    start: np.ndarray,
    steps: int,
    rng: np.random.Generator | None = None,
    schedule: Schedule | None = None,
    tolerance: float = 0.0,
    progress: Callable[[float], None] | None = None,
) -> Trajectory:
    """Run `optimizer` for `steps` steps from every start of shape (..., n).

    rng        drives a stochastic objective's draws, one a step; default_rng(0) if not given
    schedule   multiplies the optimizer's rate, step by step
    tolerance  the gradient norm at which a run counts as converged, once it rests: see `rest`
    progress   called with the share that is done, every GLANCE steps; what it raises ends the work

    ValueError for a start of the wrong shape or not finite, for steps out of range, or where the optimizer needs what
    the objective does not have.
    """
    check_steps(steps)
    factors = None if schedule is None else schedule.factors(steps)
    return judge(Walk(objective, optimizer, start, rng, factors, tolerance).go(steps, progress), steps)


def judge(walk: Walk, steps: int) -> Trajectory:
    """What came of the first `steps` steps of a walk that has gone so far, or further."""
    objective, tolerance, x, rested = walk.objective, walk.tolerance, walk.iterates(steps), walk.rested(steps)
    with np.errstate(all="ignore"):
        value = objective.value(x)
        gradient_norm = np.sqrt(np.sum(objective.gradient(x) ** 2, axis=-1))
        calm = (gradient_norm[-1] <= tolerance) & (rested > steps)
        if calm.any():
            # A step more tells of it.
            onward = np.broadcast_to(walk.optimizer.step(objective, x[-1], walk.state(steps))[0], x.shape[1:])
            rested[calm] = resting_since(objective, x, onward, tolerance)[0][calm]
    excused = walk.retries(steps)
    if walk.factors is not None:
        # A step whose rate the schedule has set to zero is no sign of a stall.
        excused = excused | (walk.factors == 0).reshape(-1, *[1] * (value.ndim - 1))
    patience = steps + 1 if walk.noisy else walk.patience
    return _settle(x, value, gradient_norm, walk.counts(steps), excused, rested, patience)


def watched(steps: int, count: int) -> np.ndarray:
    """At most `count` steps of a run, first and last among them, evenly spread."""
    return np.unique(np.linspace(0, steps, min(count, steps + 1)).round().astype(int))


def check_steps(steps: int) -> None:
    if not 0 <= steps <= MAX_STEPS:
        raise ValueError(f"steps is {steps}; allowed is 0 to {MAX_STEPS}")


def _settle(
    x: np.ndarray,
    value: np.ndarray,
    gradient_norm: np.ndarray,
    counts: np.ndarray,
    excused: np.ndarray,
    arrived: np.ndarray,
    patience: int,
) -> Trajectory:
    """Decide how and when each run ended, and let it rest from there on.

    excused   (T, ...) steps after which an iterate may rest without having stalled
    arrived   (...) the step from which on it rests without a slope; T + 1 where it never does
    patience  steps that an iterate must have rested to have stalled
    """
    steps = len(x) - 1
    never = steps + 1
    step = np.arange(steps + 1).reshape(-1, *[1] * (value.ndim - 1))

    def first(condition: np.ndarray) -> np.ndarray:
        return np.where(condition, step, never).min(axis=0)

    with np.errstate(invalid="ignore"):
        sound = np.isfinite(value) & np.isfinite(gradient_norm) & (np.abs(x).max(axis=-1) <= RUNAWAY)
        bad = first(~sound)
        good = np.where(bad <= arrived, never, arrived)
    moved = (x[1:] != x[:-1]).any(axis=-1) | excused
    still = np.where(moved, step[1:], 0).max(axis=0, initial=0)

    diverged = bad < good
    converged = ~diverged & (good < never)
    stalled = ~diverged & ~converged & (still <= steps - patience)
    status = np.select([diverged, converged, stalled], ["diverged", "converged", "stalled"], "max_steps")
    stop = np.select([diverged, converged, stalled], [bad, good, still], steps)
    rest = np.where(diverged, np.maximum(bad - 1, 0), stop)

    index = np.minimum(step, rest)
    charged = np.minimum(step, stop)
    return Trajectory(
        x=np.take_along_axis(x, index[..., None], axis=0),
        value=np.take_along_axis(value, index, axis=0),
        gradient_norm=np.take_along_axis(gradient_norm, index, axis=0),
        status=status,
        stop=stop,
        evaluations=Evaluations(*np.moveaxis(counts[charged], -1, 0)),
    )


def endpoints(objective: Objective, optimizer: Optimizer, starts: np.ndarray, steps: int) -> np.ndarray:
    """Only where `steps` steps lead from each start, (..., n) -> (..., n), fast: for maps of thousands of starts.

    The objective's own gradient is used, without noise. A run that has left the finite world ends in NaN or infinity.
    """
    check_applies(objective, optimizer)
    starts = checked_start(objective, starts)
    flat = starts.reshape(-1, objective.dimension)
    # Component first in memory: each operation then runs over one contiguous block.
    out = np.empty(flat.shape, order="F")

    # Blocks that are still to be run: each thread takes the next.
    blocks = iter(range(0, len(flat), BLOCK))

    def run() -> None:
        for first in blocks:
            x = np.asfortranarray(flat[first : first + BLOCK])
            with np.errstate(all="ignore"):
                state = optimizer.init(x)
                for _ in range(steps):
                    x, state = optimizer.step(objective, x, state)
            out[first : first + BLOCK] = x

    # In threads: numpy lets go of Python's lock for as long as an operation takes. This thread is one of them, since
    # two new ones are often put on one core and stay there for as long as the work takes.
    with ThreadPoolExecutor(CORES) as pool:
        others = [pool.submit(run) for _ in range(CORES - 1)]
        run()
        for other in others:
            other.result()
    return out.reshape(starts.shape)
