"""What follows on the cliff's stage while its start is held: both runs, on the map and as their gradients' length."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.figures.descent.hold import START_NAMES
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.lessons.fall import Fall
from landscape.networks.cliff import START
from landscape.networks.layers.activations import sigmoid

# What a run carries along: its weights, then the unit's state, how it changes with each weight, and the time.
NUMBERS = ("w", "b", "state", "dw", "db", "time")


def follow_falls(
    stage: Stage, seen: Fall, paths: dict[str, int], curves: dict[str, int], heads: tuple[int, int], floor: float
) -> None:
    """Both runs follow the start; paths and curves by run, heads on the map and on the curve, by their places.

    floor   the least gradient that is drawn
    """
    _, size = _laws(seen)
    for key, limit in (("thrown", np.inf), ("kept", seen.limit)):
        way = _fall(stage, seen, key, limit)
        stage.follow(paths[key], [], lambda _, w, b, *__: (w, b), along=way)
        stage.follow(curves[key], [], lambda k, *now: (k, np.maximum(size(*now[2:5]), floor)), along=way)
    names = [f"{key} {name}" for key in paths for name in NUMBERS]
    both = np.arange(len(paths))[:, None]

    def chosen(now: tuple[Any, ...]) -> tuple[Any, ...]:
        """Of both runs' numbers those of the run that is asked for last."""
        *numbers, which = now
        first, second = numbers[: len(NUMBERS)], numbers[len(NUMBERS) :]
        return tuple(np.where(which == 0, a, b) for a, b in zip(first, second, strict=True))

    stage.follow(heads[0], names, lambda *now: chosen(now)[:2], both)
    stage.follow(heads[1], [CLOCK, *names], lambda k, *now: (k, np.maximum(size(*chosen(now)[2:5]), floor)), both)


def _laws(seen: Fall) -> tuple[Callable[..., tuple[Any, Any]], Callable[..., Any]]:
    """The gradient of E at the last state, from how that changes with the weights, and its length."""

    def gradient(state: Any, dw: Any, db: Any) -> tuple[Any, Any]:
        s = sigmoid(state)
        pull = 2 * (s - seen.cliff.target) * s * (1 - s)
        return pull * dw, pull * db

    def size(state: Any, dw: Any, db: Any) -> Any:
        return np.sqrt(sum(part**2 for part in gradient(state, dw, db)))

    return gradient, size


def _fall(stage: Stage, seen: Fall, key: str, limit: float) -> int:
    """A run's way: in each lane one step downhill, and then the unit hears itself as often as it does."""
    gradient, size = _laws(seen)

    def begin(w: Any, b: Any, _: Any) -> list[Any]:
        return [w, b, START, 0.0, 0.0, 0.0]

    def go(*now: Any) -> list[Any]:
        w, b, state, dw, db, time = now[3:]
        s, first = sigmoid(state), time == 0
        slope, (gw, gb) = w * s * (1 - s), gradient(state, dw, db)
        rate = seen.rate * np.minimum(1.0, limit / size(state, dw, db)) if np.isfinite(limit) else seen.rate
        return [
            np.where(first, w - rate * gw, w),
            np.where(first, b - rate * gb, b),
            np.where(first, START, w * s + b),
            np.where(first, 0.0, s + slope * dw),
            np.where(first, 0.0, 1 + slope * db),
            np.where(time == seen.cliff.steps, 0.0, time + 1),
        ]

    lanes, names = np.arange(seen.thrown.steps + 1), [f"{key} {name}" for name in NUMBERS]
    return stage.way(START_NAMES, begin, go, lanes, seen.cliff.steps + 1, names=names)
