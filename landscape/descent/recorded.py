"""What of a race can be run again elsewhere, as by a browser while a start is dragged: recorded, not written twice."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from landscape.descent.schedules import Schedule
from landscape.domain import Landscape
from landscape.formulas.record import UnrecordableError, measure, record
from landscape.knob import knobs
from landscape.objective import Objective
from landscape.optimizers import Optimizer


class RecordedMethod(NamedTuple):
    """A method on a landscape.

    recording  as `Recording.as_json` has it; None where it cannot be recorded
    knobs      the recording's, at the method's own numbers
    """

    recording: Mapping[str, Any] | None
    knobs: Mapping[str, float]


class RecordedRace(NamedTuple):
    """Everything that `descend` is given, for each method of a race.

    measure  x -> value, gradient, as `Program.as_json` has it; None where the landscape cannot be recorded
    factors  (steps,) of the rate; tilts: (steps, n) what noise adds to the gradient, or None without any
    """

    measure: Mapping[str, Any] | None
    methods: Mapping[str, RecordedMethod]
    factors: np.ndarray
    tilts: np.ndarray | None

    def follows(self, key: str) -> bool:
        """Whether a method can be run elsewhere."""
        return self.measure is not None and self.methods[key].recording is not None


def recorded(
    surface: Landscape, optimizers: Mapping[str, Optimizer], steps: int, *, noise: float, seed: int, schedule: Schedule
) -> RecordedRace:
    """A race's methods, schedule and noise, as `race.hold` runs them from any start."""
    function = surface.recordable
    draws = np.random.default_rng(seed).standard_normal((steps, surface.dimension)) if noise else None
    return RecordedRace(
        None if function is None else _measured(function),
        {key: _method(optimizer, function) for key, optimizer in optimizers.items()},
        schedule.factors(steps),
        None if draws is None else noise * draws,
    )


def recorded_runs(objective: Objective, runs: Mapping[str, tuple[Optimizer, Objective]], steps: int) -> RecordedRace:
    """Methods at their own rates without noise, each on an objective of its own; heights are the first objective's."""
    methods = {key: _method(optimizer, its) for key, (optimizer, its) in runs.items()}
    return RecordedRace(_measured(objective), methods, np.ones(steps), None)


def _method(optimizer: Optimizer, objective: Objective | None) -> RecordedMethod:
    made = None if objective is None else _recorded(optimizer, objective)
    names = () if made is None else made["knobs"]
    return RecordedMethod(made, {name: float(getattr(optimizer, name)) for name in knobs(optimizer) if name in names})


@lru_cache(maxsize=64)
def _measured(objective: Objective) -> Mapping[str, Any] | None:
    try:
        return measure(objective).as_json()
    except UnrecordableError:
        return None


@lru_cache(maxsize=256)
def _recorded(optimizer: Optimizer, objective: Objective) -> Mapping[str, Any] | None:
    try:
        return record(optimizer, objective).as_json()
    except UnrecordableError:
        return None
