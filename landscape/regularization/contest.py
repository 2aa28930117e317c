"""Contest: optimizers on a penalised loss, and what came of it, exact zeros included."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.descent.recorded import RecordedRace, recorded_runs
from landscape.knob import knobs
from landscape.objective import Objective, Penalized
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.regularization.paths import solution_path
from landscape.regularization.penalties import Registered
from landscape.regularization.shrinkage import shared

FISTA_STEPS = 3000


@dataclass(frozen=True)
class Contest:
    """Runs from one start with as many steps each, by optimizer key.

    minimum, lowest  of the penalised loss: (n,) and its value; shared where it is one of many minima
    own              the keys that ran on the loss without the penalty and pulled by their own weight decay
    """

    objective: Penalized
    minimum: np.ndarray
    lowest: float
    optimizers: Mapping[str, Optimizer]
    runs: Mapping[str, Trajectory]
    own: tuple[str, ...]
    shared: bool

    @property
    def watched(self) -> int:
        """The weight to watch: of those nearest to zero at the minimum the last."""
        size = np.abs(self.minimum)
        return int(np.flatnonzero(size == size.min())[-1])

    def excess(self, key: str) -> np.ndarray:
        """The penalised loss above its minimum at each step, (T + 1,), whatever the method ran on."""
        return np.maximum(self.objective.value(self.runs[key].x) - self.lowest, 0.0)

    def zero_since(self, key: str) -> int | None:
        """The step from which on the watched weight is exactly zero to the end; None where it is not at the end."""
        moved = np.flatnonzero(self.runs[key].x[:, self.watched])
        since = int(moved[-1]) + 1 if moved.size else 0
        return since if since < len(self.runs[key].x) else None

    @property
    def recorded(self) -> RecordedRace:
        """The methods, each on what it ran on, for a start that is dragged."""
        on = {key: self.objective.smooth if key in self.own else self.objective for key in self.runs}
        steps = len(next(iter(self.runs.values())).x) - 1
        return recorded_runs(self.objective, {key: (self.optimizers[key], on[key]) for key in on}, steps)


def equipped(key: str, rate: float, decay: float | None = None) -> Optimizer:
    """An optimizer at this rate, or as near as its knob allows; with its own weight decay if one is given.

    One whose rate is part of the method, as Newton's 1, keeps it. ValueError for a decay out of its knob's range.
    """
    fields = knobs(OPTIMIZERS[key])
    settings = {}
    if "lr" in fields and OPTIMIZERS[key].tunable:
        settings["lr"] = fields["lr"].nearest(rate)
    if decay is not None:
        settings["weight_decay"] = decay
    return OPTIMIZERS[key](**settings)


def decays(key: str) -> bool:
    """Whether a method has a weight decay of its own."""
    return "weight_decay" in knobs(OPTIMIZERS[key])


def contend(
    loss: Objective,
    penalty: Registered,
    keys: tuple[str, ...],
    start: np.ndarray,
    steps: int,
    rate: float,
    curvature: float,
    own_decay: bool = False,
) -> Contest:
    """Run the methods with these keys on loss + penalty from start, all at one rate.

    curvature   the loss's largest, for the minimum that they are compared with
    own_decay   methods with a weight decay of their own run on the loss alone, with the penalty's strength as decay

    ValueError where a method does not apply, or cannot decay as much.
    """
    strength = float(penalty.strength)
    objective = loss + penalty
    minimum = solution_path(loss, penalty, np.array([strength]), 1 / curvature, FISTA_STEPS)[0][0]
    own = tuple(key for key in keys if own_decay and decays(key))
    optimizers = {key: equipped(key, rate, strength if key in own else None) for key in keys}
    runs = {key: descend(loss if key in own else objective, o, start, steps) for key, o in optimizers.items()}
    many = bool(shared(loss, replace(penalty, strength=1.0), np.array([strength]), minimum[None])[0])
    return Contest(objective, minimum, float(objective.value(minimum)), optimizers, runs, own, many)
