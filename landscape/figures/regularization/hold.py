"""What follows while the data's minimum or the true weights are held: minima as the penalty grows, and their curves.

Moved weights in the data move the whole loss along; the penalty stays where it is. The minima are found by FISTA's own
step, recorded, from strength to strength.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.traces import Trace, marks
from landscape.figures.regularization.shrinkage_curves import RAYS, SHARES, box
from landscape.formulas.record import turned
from landscape.linear_algebra import eigh
from landscape.objective import Moved, Objective, Penalized
from landscape.optimizers.proximal import FISTA, FISTAState
from landscape.regularization.penalties import Registered
from landscape.regularization.regression import Regression
from landscape.regularization.shrinkage import Shrinkage

# What the true weights' mark is called.
TRUE = "true weights"
# The minimum at the play head, and FISTA's state there.
MINIMUM = ("minimum 1", "minimum 2", "before 1", "before 2", "momentum")
# Steps of FISTA at a strength, by the root of the loss's condition number, within these limits.
ROUNDS, LEAST, MOST = 6, 12, 60
# Newton's steps along a ray: from far out each at least halves the way to where a bowl has its level.
NEWTON = 13


class Held(NamedTuple):
    """The true weights: their names in links, where they are, (2,), and how far they may go."""

    names: tuple[str, str]
    at: np.ndarray
    spans: Sequence[tuple[float, float]]


class _Ground(NamedTuple):
    """The loss as it is drawn, the penalty at strength 1, and what is held."""

    loss: Regression
    unit: Registered
    found: Shrinkage
    held: Held

    def moved(self, *true: Any) -> Objective:
        """The loss with other true weights."""
        return Moved(self.loss, np.stack(true) - self.held.at)

    def penalised(self, *true: Any, strength: Any) -> Penalized:
        return self.moved(*true) + turned(self.unit, {"strength": strength, "free": ()})

    def lowest(self, *true: Any) -> Any:
        """The loss's own minimum."""
        return self.found.w[0] + np.stack(true) - self.held.at


def place_true(stage: Stage, held: Held) -> None:
    """The true weights' mark, by which a hand takes them."""
    style: Trace = {"symbol": "diamond", "size": 19, "edge": stage.theme.ink, "name": TRUE, "hover": TRUE}
    stage.draw(marks(held.at[:1], held.at[1:], stage.theme.paper, legend=True, **style))


def let_hold(stage: Stage, loss: Regression, unit: Registered, found: Shrinkage, held: Held) -> None:
    """Let a hand have the true weights, by their mark or that of the loss's minimum, and all that is drawn follow."""
    ground = _Ground(loss, unit, found, held)
    hold_true(stage, held, found.w[0], {"": "λ = 0"})
    stage.carry(place_of(stage, "loss", ""), *held.names)
    stage.live["stale"] = [i for i, trace in enumerate(stage.still) if "is exactly 0 from" in trace["name"]]
    way = _minima(stage, ground)
    _maps(stage, ground, way)
    _panels(stage, ground, way)
    names = [CLOCK, *MINIMUM[:2]]
    stage.tell(
        names,
        lambda strength, *w: {"first": w[0], "second": w[1], "size": unit.value(np.stack(w)), "strength": strength},
        "At λ = {strength} the minimum is w = ({first}, {second}), and the ball has size t = {size}.",
    )


def hold_true(stage: Stage, held: Held, lowest: np.ndarray, marked: Mapping[str, str]) -> None:
    """Let a hand have the true weights, by their mark on the first panel or by those of the loss's minimum, (2,).

    marked   the minimum's mark, by its name, on each panel that has one
    """
    for name, at, span in zip(held.names, held.at, held.spans, strict=True):
        stage.hold(name, at, span)
    for panel, name in marked.items():
        stage.grip(panel, *held.names, place_of(stage, name, panel), off=(lowest - held.at).tolist())
    stage.grip("", *held.names, place_of(stage, TRUE, ""))


def place_of(stage: Stage, name: str, panel: str) -> int:
    """Where a trace stands in the figure."""
    traces = stage.still + [trace for trace, _ in stage.moving]
    return next(i for i, t in enumerate(traces) if t["name"] == name and t.get("xaxis", "x") == f"x{panel}")


def _minima(stage: Stage, ground: _Ground) -> int:
    """The minimum at every strength, each found from the one before."""
    fista = FISTA(lr=1 / ground.loss.curvature)
    curved = np.linalg.eigvalsh(ground.loss.hessian(np.zeros(2)))
    rounds = ROUNDS * np.sqrt(curved[1] / max(curved[0], 1e-4 * curved[1]))

    def start(*numbers: Any) -> list[Any]:
        w = ground.lowest(*numbers[:2])
        return [*w, *w, 1.0]

    def step(*numbers: Any) -> list[Any]:
        true, strength, (x, last, t) = numbers[:2], numbers[2], (numbers[3:5], numbers[5:7], numbers[7:])
        objective = ground.penalised(*true, strength=strength)
        w, state = fista.step(objective, np.stack(x), FISTAState(np.stack(last), np.stack(t)))
        return [*w, *state.last, *state.t]

    strengths = ground.found.strengths
    rounds = int(np.clip(rounds, LEAST, MOST))
    return stage.way(ground.held.names, start, step, strengths, rounds, names=MINIMUM)


def _maps(stage: Stage, ground: _Ground, way: int) -> None:
    names, here = ground.held.names, [*ground.held.names, *MINIMUM[:2]]
    reach = 4 * float(np.ptp(box(ground.found), axis=1).max())
    stage.follow(place_of(stage, "minimum as λ grows", ""), [], lambda _, x, y, *__: (x, y), along=way)
    stage.follow(place_of(stage, "λ = 0", ""), names, lambda a, b, _: tuple(ground.lowest(a, b)), [0.0])
    stage.follow(place_of(stage, "minimum at λ", ""), MINIMUM[:2], lambda x, y, _: (x, y), [0.0])

    def lowest(*seen: Any) -> Any:
        return np.stack(seen[-2:])

    def ball(*seen: Any) -> tuple[Any, Any]:
        return ground.unit, ground.unit.value(lowest(*seen))

    def touched(*seen: Any) -> tuple[Any, Any]:
        loss = ground.moved(*seen[:2])
        return loss, loss.value(lowest(*seen))

    def total(share: float, *seen: Any) -> tuple[Any, Any]:
        objective = ground.penalised(*seen[:2], strength=seen[2])
        height = objective.smooth.value(np.zeros(2)) - objective.smooth.value(ground.lowest(*seen[:2]))
        return objective, objective.value(lowest(*seen)) + share * height

    curve = partial(_level_curve, stage, reach)
    curve(place_of(stage, "loss through the minimum", ""), here, touched, lambda *seen: ground.lowest(*seen[:2]))
    curve(place_of(stage, "ball: penalty ≤ t", ""), MINIMUM[:2], ball, lambda *_: np.zeros(2))
    first = place_of(stage, "loss + λ · penalty", "")
    for j, share in enumerate(SHARES):
        curve(first + j, [*names, CLOCK, *MINIMUM[:2]], partial(total, share), lowest)


def _level_curve(
    stage: Stage,
    reach: float,
    trace: int,
    reads: Sequence[str],
    function: Callable[..., tuple[Any, Any]],
    centre: Callable[..., Any],
) -> None:
    """A trace that follows where a convex function has a level around a point inside, at most `reach` away.

    function, centre   of what is read: the function and its level, and the point

    As `level_curves`, by Newton's method from the far end of each ray: no step goes past the level.
    """
    turns = np.linspace(0, 2 * np.pi, RAYS + 1)
    rays = np.stack([np.cos(turns), np.sin(turns)], axis=1).round(5)

    def step(*numbers: Any) -> list[Any]:
        seen, ray, r = numbers[:-3], np.stack(numbers[-3:-1]), numbers[-1]
        convex, level = function(*seen)
        x = centre(*seen) + r * ray
        slope = np.sum(convex.gradient(x) * ray)
        rising = slope > 0
        return [np.where(rising, r - (convex.value(x) - level) / np.where(rising, slope, 1.0), 0.0)]

    def point(*numbers: Any) -> Any:
        seen, ray, r = numbers[:-3], np.stack(numbers[-3:-1]), numbers[-1]
        return centre(*seen) + np.minimum(r, reach) * ray

    way = stage.way(reads, lambda *_: [reach], step, rays, NEWTON, fresh=True)
    stage.follow(trace, reads, point, along=way)


def _panels(stage: Stage, ground: _Ground, way: int) -> None:
    """Weights and curvatures against strength, and their marks at the play head."""
    names = ground.held.names

    def curvatures(true: Sequence[Any], strength: Any, x: Any, y: Any) -> Any:
        w = np.stack([x, y])
        return eigh(ground.moved(*true).hessian(w) + strength * ground.unit.hessian(w))[0]

    def curvature(j: int) -> Any:
        return lambda a, b, s, x, y, *_: (s, curvatures((a, b), s, x, y)[j])

    there = [*names, CLOCK, *MINIMUM[:2]]
    stage.follow(place_of(stage, "w₁", "2"), [], lambda s, x, y, *_: (s, x), along=way)
    stage.follow(place_of(stage, "w₂", "2"), [], lambda s, x, y, *_: (s, y), along=way)
    upright = linear_range(ground.found.w, np.zeros(1))
    stage.follow(place_of(stage, "play head", "2"), [CLOCK], lambda s, y: (s, y), upright)
    weights, both = place_of(stage, "weights at λ", "2"), [0.0, 1.0]
    stage.follow(weights, there[2:], lambda s, x, y, which: (s, np.where(which > 0, y, x)), both)
    first = place_of(stage, "this sum", "3")
    for j in range(2):
        stage.follow(first + j, names, curvature(j), along=way)

    def either(a: Any, b: Any, s: Any, x: Any, y: Any, which: Any) -> Any:
        low, high = curvatures((a, b), s, x, y)
        return s, np.where(which > 0, high, low)

    stage.follow(place_of(stage, "curvatures at λ", "3"), there, either, both)
