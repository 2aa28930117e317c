"""descend: run an optimizer from one start or from many at once, and record what happened, honestly.

An iterate is never clipped or repaired. A run that leaves the finite world is `diverged`, and says at which step.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from landscape.descent.schedules import Schedule
from landscape.objective import Counting, Objective
from landscape.optimizers import Optimizer

# pandas is imported where it is used: it takes a third of a second, and a first picture does not need it.
if TYPE_CHECKING:
    import pandas as pd

MAX_STEPS = 100_000

# An iterate this far out has run away: on every landscape here it is past anything that could bring it back.
RUNAWAY = 1e8

# Steps that a method with a memory must have rested before it is called stalled; more in many dimensions.
PATIENCE = 10

# So often, in steps, a run is asked whether there is anything left to do.
GLANCE = 10

# Starts that `endpoints` moves at a time: enough that numpy's cost of a call does not count, few enough for the cache.
BLOCK = 32_768


class Evaluations(NamedTuple):
    """Calls of the objective, cumulative by step, each of shape (T+1, ...). A batched call counts once a start."""

    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    hessian_vector: np.ndarray
    jacobian: np.ndarray

    def cost(self, dimension: int) -> np.ndarray:
        """Work in gradient evaluations, shape (T+1, ...): a Hessian or a Jacobian counts as `dimension` of them."""
        return self.gradient + self.hessian_vector + dimension * (self.hessian + self.jacobian)


@dataclass(frozen=True)
class Trajectory:
    """What `descend` saw, for T steps from starts of shape (..., n).

    x              (T+1, ..., n)   iterates; a run that has ended rests at its last finite iterate
    value          (T+1, ...)      the objective there, without noise
    gradient_norm  (T+1, ...)      the Euclidean norm of its gradient there, without noise
    status         (...)           "converged": the gradient norm came down to the tolerance
                                   "diverged": an iterate, value or gradient was not finite, or |x| passed RUNAWAY
                                   "stalled": it stopped moving though the gradient is above the tolerance, and the
                                   next step would be the same; never where steps are drawn at random
                                   "max_steps": it was still moving at the end
    stop           (...)           the step at which it ended
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
) -> Trajectory:
    """Run `optimizer` for `steps` steps from every start of shape (..., n).

    rng        drives a stochastic objective's draws, one a step; default_rng(0) if not given
    schedule   multiplies the optimizer's rate, step by step
    tolerance  the gradient norm at which a run counts as converged and rests

    ValueError for a start of the wrong shape or not finite, for steps out of range, or where the optimizer needs what
    the objective does not have.
    """
    check_applies(objective, optimizer)
    start = _checked_start(objective, start)
    if not 0 <= steps <= MAX_STEPS:
        raise ValueError(f"steps is {steps}; allowed is 0 to {MAX_STEPS}")
    rng = np.random.default_rng(0) if rng is None else rng
    factors = np.ones(steps) if schedule is None else schedule.factors(steps)
    calls: Counter[str] = Counter()
    counted = Counting(objective, calls)
    x = np.full((steps + 1, *start.shape), np.nan)
    counts = np.zeros((steps + 1, len(Evaluations._fields)), dtype=int)
    retries = np.zeros((steps, *start.shape[:-1]), dtype=bool)
    ended = np.zeros(start.shape[:-1], dtype=bool)
    noisy, steady = False, bool((factors == factors[:1]).all())
    x[0] = start
    state = optimizer.init(start)
    # A method with a memory may rest and go on.
    patience = 1 if state is None else max(PATIENCE, 2 * objective.dimension)
    with np.errstate(all="ignore"):
        for k, factor in enumerate(factors):
            drawn = counted.draw(rng)
            noisy |= drawn is not counted
            new, state = optimizer.scaled(factor).step(drawn, x[k], state)
            x[k + 1] = new
            retries[k] = optimizer.retries(state)
            counts[k + 1] = [calls[name] for name in Evaluations._fields]
            if (k + 1) % GLANCE == 0:
                if tolerance:
                    ended |= _ended(objective, x[k + 2 - GLANCE : k + 2], tolerance)
                first = k + 1 - max(GLANCE, patience)
                if steady and not noisy and first >= 0:
                    rests = (x[first + 1 : k + 2] == x[first : k + 1]).all(axis=(0, -1))
                    ended |= rests & ~retries[first : k + 1].any(axis=0)
                if ended.all() or not np.isfinite(new).any():
                    x[k + 2 :], counts[k + 2 :] = new, counts[k + 1]
                    break
        value = objective.value(x)
        gradient_norm = np.sqrt(np.sum(objective.gradient(x) ** 2, axis=-1))
    # A step whose rate the schedule has set to zero is no sign of a stall.
    excused = retries | (factors == 0).reshape(-1, *[1] * (value.ndim - 1))
    return _settle(x, value, gradient_norm, counts, excused, tolerance, steps + 1 if noisy else patience)


def watched(steps: int, count: int) -> np.ndarray:
    """At most `count` steps of a run, first and last among them, evenly spread."""
    return np.unique(np.linspace(0, steps, min(count, steps + 1)).round().astype(int))


def check_applies(objective: Objective, optimizer: Optimizer) -> None:
    if not optimizer.applies_to(objective):
        raise ValueError(f"{optimizer.title} needs {optimizer.needs}")


def _checked_start(objective: Objective, start: np.ndarray) -> np.ndarray:
    start = np.asarray(start, dtype=float)
    if start.shape[-1:] != (objective.dimension,):
        raise ValueError(f"start has shape {start.shape}; its last axis must be {objective.dimension}")
    if not np.isfinite(start).all():
        raise ValueError(f"start is {start}; it must be finite")
    return start


def _ended(objective: Objective, x: np.ndarray, tolerance: float) -> np.ndarray:
    """Which runs have converged or diverged somewhere on x, (steps, ..., n) -> (...): nothing after that counts."""
    norm = np.linalg.norm(objective.gradient(x), axis=-1)
    going = (norm > tolerance) & np.isfinite(norm) & (np.abs(x).max(axis=-1) <= RUNAWAY)
    return ~going.all(axis=0)


def _settle(
    x: np.ndarray,
    value: np.ndarray,
    gradient_norm: np.ndarray,
    counts: np.ndarray,
    excused: np.ndarray,
    tolerance: float,
    patience: int,
) -> Trajectory:
    """Decide how and when each run ended, and let it rest from there on.

    excused   (T, ...) steps after which an iterate may rest without having stalled
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
        good = first(sound & (gradient_norm <= tolerance))
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
    starts = _checked_start(objective, starts)
    flat = starts.reshape(-1, objective.dimension)
    # Component first in memory: each operation then runs over one contiguous block.
    out = np.empty(flat.shape, order="F")
    with np.errstate(all="ignore"):
        for first in range(0, len(flat), BLOCK):
            x = np.asfortranarray(flat[first : first + BLOCK])
            state = optimizer.init(x)
            for _ in range(steps):
                x, state = optimizer.step(objective, x, state)
            out[first : first + BLOCK] = x
    return out.reshape(starts.shape)
