"""Walk: the steps of a run, taken one after another, as far as somebody asks.

A run of fewer steps is the beginning of a longer one, so what was walked once need not be walked again; see
`descend.judge`, which says how a run has ended.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from operator import itemgetter
from typing import Any, NamedTuple, Self

import numpy as np

from landscape.descent.rest import LONG, grounded, length, resting
from landscape.objective import Counting, Objective
from landscape.optimizers import Optimizer

# An iterate this far out has run away: on every landscape here it is past anything that could bring it back.
RUNAWAY = 1e8

# Steps that a method with a memory must have rested before it is called stalled; more in many dimensions.
PATIENCE = 10

# So often, in steps, a run is asked whether there is anything left to do.
GLANCE = LONG

# A step that is never taken.
NEVER = np.iinfo(int).max


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


class Walk:
    """The iterates of a method from starts of shape (..., n), as many steps as `go` was asked for.

    factors    (T,) of the rate, where a schedule sets them: such a walk is T steps long
    tolerance  the gradient norm at which a run that rests has nothing left to do

    taken      how many steps were taken: as many as asked for, or fewer where nothing was left to do
    over       whether nothing is left to do
    noisy      whether steps are drawn at random

    ValueError as `descend`, but for the number of steps.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: Optimizer,
        start: np.ndarray,
        rng: np.random.Generator | None = None,
        factors: np.ndarray | None = None,
        tolerance: float = 0.0,
    ) -> None:
        check_applies(objective, optimizer)
        start = checked_start(objective, start)
        self.objective, self.optimizer, self.start, self.tolerance = objective, optimizer, start, tolerance
        self._rng = np.random.default_rng(0) if rng is None else rng
        self._as_given = deepcopy(self._rng)
        self.factors = factors
        self._steady = factors is None or bool((factors == factors[:1]).all())
        self._calls = Counter(dict.fromkeys(Evaluations._fields, 0))
        self.taken, self.over, self.noisy = 0, False, False
        self._x = start[None]
        self._counts = np.zeros((1, len(Evaluations._fields)), dtype=int)
        self._retries = np.zeros((0, *start.shape[:-1]), dtype=bool)
        # Which runs are let off, at which glance, and from which step on they had rested.
        self._ended = np.zeros(start.shape[:-1], dtype=bool)
        self._let_off = np.full(start.shape[:-1], NEVER)
        self._rested = np.full(start.shape[:-1], NEVER)
        self._state = optimizer.init(start)
        # A method with a memory may rest and go on.
        self.patience = 1 if self._state is None else max(PATIENCE, 2 * objective.dimension)

    @property
    def nbytes(self) -> int:
        return self._x.nbytes + self._counts.nbytes + self._retries.nbytes

    def go(self, steps: int, progress: Callable[[float], None] | None = None) -> Self:
        """Walk on, up to `steps` steps from the start; progress as in `descend`."""
        if self.over or steps <= self.taken:
            return self
        self._make_room(steps)
        counted, tell = Counting(self.objective, self._calls), itemgetter(*Evaluations._fields)
        x, counts, retries, optimizer = self._x, self._counts, self._retries, self.optimizer
        with np.errstate(all="ignore"):
            for k in range(self.taken, steps):
                drawn = counted.draw(self._rng)
                self.noisy |= drawn is not counted
                method = optimizer if self.factors is None else optimizer.scaled(self.factors[k])
                x[k + 1], self._state = method.step(drawn, x[k], self._state)
                retries[k] = optimizer.retries(self._state)
                counts[k + 1] = tell(self._calls)
                self.taken = k + 1
                if self.taken % GLANCE == 0:
                    if progress is not None:
                        progress(self.taken / steps)
                    self._glance()
                    if self.over:
                        break
        return self

    def _make_room(self, steps: int) -> None:
        def longer(rows: np.ndarray, count: int) -> np.ndarray:
            out = np.empty((count, *rows.shape[1:]), rows.dtype)
            kept = min(len(rows), count)
            out[:kept] = rows[:kept]
            return out

        self._x, self._counts = longer(self._x, steps + 1), longer(self._counts, steps + 1)
        self._retries = longer(self._retries, steps)

    def _glance(self) -> None:
        """Let off the runs that nothing more can come of; it is over once all are."""
        x = self._x[: self.taken + 1]
        if self.tolerance:
            self._let_off_resting(x)
        if self._steady and not self.noisy:
            self._ended |= _stuck(x, self._retries[: self.taken], max(GLANCE, self.patience))
        self.over = bool(self._ended.all() or not np.isfinite(x[-1]).any())

    def _let_off_resting(self, x: np.ndarray) -> None:
        """Mark those that are away for good or at rest, and since when; one that rests where the ground bends down may
        yet leave."""
        late = x[-LONG - 1 :]
        norm = np.linalg.norm(self.objective.gradient(late), axis=-1)
        self._ended |= ~(np.isfinite(norm) & (length(late) <= RUNAWAY)).all(axis=0)
        calm = (norm <= self.tolerance).all(axis=0) & ~self._ended
        if calm.any():
            # All of them, as an objective may have a strength for each.
            since, down = resting_since(self.objective, x, x[-1], self.tolerance)
            done = calm & (since <= len(x) - 1 - LONG) & ~down
            self._rested[done], self._let_off[done] = since[done], self.taken
            self._ended |= done

    def iterates(self, steps: int) -> np.ndarray:
        """(steps+1, ..., n); where nothing was left to do, the last one stays."""
        return _stretched(self._x[: self.taken + 1], steps + 1)

    def counts(self, steps: int) -> np.ndarray:
        """Calls after each step, (steps+1, kinds), in the order of Evaluations."""
        return _stretched(self._counts[: self.taken + 1], steps + 1)

    def retries(self, steps: int) -> np.ndarray:
        """After which steps, (steps, ...), a method only tries again from where it is."""
        out = np.zeros((steps, *self._retries.shape[1:]), dtype=bool)
        known = min(steps, self.taken)
        out[:known] = self._retries[:known]
        return out

    def rested(self, steps: int) -> np.ndarray:
        """The step from which on each run, (...), had rested when it was let off; steps + 1 where it was not."""
        return np.where(self._let_off <= steps, self._rested, steps + 1)

    def state(self, steps: int) -> Any:
        """What the method remembers after `steps` steps: walked anew where that is past."""
        if steps >= self.taken:
            return self._state
        given = deepcopy(self._as_given)
        again = Walk(self.objective, self.optimizer, self.start, given, self.factors, self.tolerance)
        return again.go(steps).state(steps)


def check_applies(objective: Objective, optimizer: Optimizer) -> None:
    if not optimizer.applies_to(objective):
        raise ValueError(f"{optimizer.title} needs {optimizer.needs}")


def checked_start(objective: Objective, start: np.ndarray) -> np.ndarray:
    start = np.asarray(start, dtype=float)
    if start.shape[-1:] != (objective.dimension,):
        raise ValueError(f"start has shape {start.shape}; its last axis must be {objective.dimension}")
    if not np.isfinite(start).all():
        raise ValueError(f"start is {start}; it must be finite")
    return start


def _stretched(rows: np.ndarray, count: int) -> np.ndarray:
    """So many rows: the first ones, or all and the last one again and again."""
    if len(rows) >= count:
        return rows[:count]
    return np.concatenate([rows, np.broadcast_to(rows[-1], (count - len(rows), *rows.shape[1:]))])


def _stuck(x: np.ndarray, retries: np.ndarray, patience: int) -> np.ndarray | bool:
    """Which runs have not moved for that many steps, x (k+1, ..., n), though they were not trying again, (k, ...)."""
    if len(retries) < patience:
        return False
    resting = (x[-1] == x[-2]).all(axis=-1)
    if not resting.any():
        # As at nearly every glance.
        return resting
    late = x[-patience - 1 :]
    return (late[1:] == late[:-1]).all(axis=(0, -1)) & ~retries[-patience:].any(axis=0)


def resting_since(
    objective: Objective, x: np.ndarray, onward: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """The step from which on each run rests to its end, past the last where it does not; whether it bends down there.

    x is (k+1, ..., n); onward, (..., n), is where a step more would lead.
    """
    norm = np.linalg.norm(objective.gradient(x), axis=-1)
    # Where x is not finite no comparison holds.
    calm = resting(norm, length(np.diff(np.concatenate([x, onward[None]]), axis=0)), x, tolerance)
    since = np.where(calm.all(axis=0), 0, len(x) - np.argmin(calm[::-1], axis=0))
    settled, down = grounded(objective, x[-1])
    return np.where(settled, since, len(x)), down
