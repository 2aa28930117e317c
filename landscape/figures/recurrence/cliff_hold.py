"""What follows on the cliff's stage while its start is held: both runs, on the map and as their gradients' length."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.figures.descent.hold import START_NAMES
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.lessons.fall import Fall
from landscape.networks.cliff import START, wall
from landscape.networks.layers.activations import sigmoid

# What a run carries along: its weights, then the unit's state, how it changes with each weight, and the time; then the
# longest gradient so far, and the weights where it was.
STEEPEST = ("steepest w", "steepest b")
NUMBERS = ("w", "b", "state", "dw", "db", "time", "longest", *STEEPEST)
# What a step back in time turns a gradient by has a logarithm.
TINY = 1e-300


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
        return [w, b, START, 0.0, 0.0, 0.0, 0.0, w, b]

    def go(*now: Any) -> list[Any]:
        w, b, state, dw, db, time, longest, *steepest = now[3:]
        s, first, last = sigmoid(state), time == 0, time == seen.cliff.steps
        slope, (gw, gb) = w * s * (1 - s), gradient(state, dw, db)
        rate = seen.rate * np.minimum(1.0, limit / size(state, dw, db)) if np.isfinite(limit) else seen.rate
        there = [
            np.where(first, START, w * s + b),
            np.where(first, 0.0, s + slope * dw),
            np.where(first, 0.0, 1 + slope * db),
        ]
        # Of as long ones the later one.
        length = size(*there)
        longer = last & (length >= longest)
        return [
            np.where(first, w - rate * gw, w),
            np.where(first, b - rate * gb, b),
            *there,
            np.where(last, 0.0, time + 1),
            np.where(longer, length, longest),
            *(np.where(longer, here, before) for here, before in zip((w, b), steepest, strict=True)),
        ]

    lanes, names = np.arange(seen.thrown.steps + 1), [f"{key} {name}" for name in NUMBERS]
    return stage.way(START_NAMES, begin, go, lanes, seen.cliff.steps + 1, names=names)


def follow_back(stage: Stage, seen: Fall, places: tuple[int, int], span: tuple[float, float]) -> None:
    """The gradient's way back in time at the steepest step so far: what theory has, and what it is, by their places.

    span   the least and the largest that are drawn

    Each step back multiplies it by w s (1 - s), so that what is left of it before time t is the whole over the product
    up to t: the unit hears itself twice, for the whole and then for the products. Logarithms do not overflow.
    """
    end, factor = seen.cliff.steps, float(wall(np.array(1.0)).slope)
    low, high = span

    def begin(*_: Any) -> list[Any]:
        return [START, 0.0, 0.0]

    def go(w: Any, b: Any, lane: Any, state: Any, passed: Any, whole: Any) -> list[Any]:
        s, turns = sigmoid(state), lane == end
        last = passed + np.log(np.maximum(np.abs(2 * (s - seen.cliff.target) * s * (1 - s)), TINY))
        return [
            np.where(turns, START, w * s + b),
            np.where(turns, 0.0, passed + np.log(np.maximum(np.abs(w * s * (1 - s)), TINY))),
            np.where(turns, last, whole),
        ]

    names = [f"thrown {name}" for name in STEEPEST]
    way = stage.way(names, begin, go, np.arange(2 * end + 1), 1)

    def drawn(lane: Any, height: Any) -> tuple[Any, Any]:
        inside = np.maximum(height, np.log(low))
        return np.where(lane < end, np.nan, lane - end), np.exp(np.minimum(inside, np.log(high)))

    def theory(w: Any, lane: Any, _: Any, __: Any, whole: Any) -> tuple[Any, Any]:
        begin = np.maximum(whole, np.log(low))
        return drawn(lane, begin - (lane - end) * np.log(np.maximum(np.abs(factor * w), 1e-6)))

    stage.follow(places[0], names[:1], theory, along=way)
    stage.follow(places[1], [], lambda lane, _, passed, whole: drawn(lane, whole - passed), along=way)
