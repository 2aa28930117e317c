"""What follows on the stage of early stopping while the true weights, the weight decay or the rate are held.

Steps stay as they are; the strength nearest to each is searched for as the core does, coarse first, then by the golden
section.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, look
from landscape.figures.regularization.hold import Held, hold_true, place_of
from landscape.knob import Knob
from landscape.regularization.early_stopping import DECADES, EarlyStopping, descended, narrowed, shrunk

RIDGE, DECAYED = "indigo", "teal"
# What traces are called that follow.
LEAST, TARGET = "least squares", "ridge at the decay"
RIDGED = ", ridge"
APART = ("stopped, to the nearest ridge", "stopped, to ridge at the decay", "decayed, to ridge at the decay")
# The least distance that is drawn.
FLOOR = 1e-12
# Points of the coarse search, and rounds of the fine one: to 1e-8 of a strength, as distances may be nothing.
COARSE, FINE = 33, 40
# Between which logarithms the strength lies that is nearest at the play head.
BETWEEN = ("low", "high")


class Turned(NamedTuple):
    """What can be held: the weight decay and the rate, as a share of the safe one, each with its name in links.

    true   the true weights, where there are two that move the loss along
    """

    decay: float
    share: float
    knobs: dict[str, Knob]
    true: Held | None


class _Seen(NamedTuple):
    """Least squares in the eigenvectors (p,), the rate and the weight decay, all recorded."""

    full: Any
    lr: Any
    decay: Any


class _Ground(NamedTuple):
    """What is drawn, and the names of what is held: the true weights first, then the decay and the rate."""

    found: EarlyStopping
    turned: Turned
    names: tuple[str, ...]

    def seen(self, *held: Any) -> _Seen:
        *true, decay, share = held
        s, v = self.found.eigenvalues, self.found.vectors
        full: Any = self.found.full @ v
        if self.turned.true is not None:
            # Where nothing curves least squares has no say.
            full = full + np.where(s > 0, (np.stack(true) - self.turned.true.at) @ v, 0.0)
        return _Seen(full, share / (s[-1] + decay), decay)

    def weights(self, filtered: Any) -> Any:
        """Weights from their coordinates in the eigenvectors."""
        return self.found.vectors @ filtered

    def stopped(self, seen: _Seen, t: Any) -> Any:
        """In the eigenvectors, as are the others."""
        return descended(self.found.eigenvalues, seen.lr, t) * seen.full

    def nearest(self, seen: _Seen, low: Any, high: Any) -> Any:
        return shrunk(self.found.eigenvalues, strength(low, high)) * seen.full

    def target(self, seen: _Seen) -> Any:
        return shrunk(self.found.eigenvalues, seen.decay) * seen.full

    def decayed(self, seen: _Seen, t: Any) -> Any:
        return descended(self.found.eigenvalues + seen.decay, seen.lr, t) * self.target(seen)


def strength(low: Any, high: Any) -> Any:
    return np.exp((low + high) / 2)


def of_descent(theme: Theme) -> str:
    """What stops early is gradient descent."""
    return look("gradient_descent", theme).color


def let_hold(stage: Stage, found: EarlyStopping, turned: Turned) -> None:
    """Let a hand have what is turned, and all that is drawn follow at the steps that are drawn."""
    for (name, knob), at, label, color in zip(
        turned.knobs.items(),
        (turned.decay, turned.share),
        ("Weight decay λ", "Rate, in units of 1/L"),
        (stage.theme.hue(DECAYED), of_descent(stage.theme)),
        strict=True,
    ):
        stage.hold(name, at, (knob.low, knob.high), scale=knob.scale, label=label, color=color)
    if turned.true is not None:
        hold_true(stage, turned.true, found.full, {"": LEAST})
        stage.carry(place_of(stage, "loss", ""), *turned.true.names)
    plain = any(trace["name"] == LEAST for trace in stage.still)
    for panel in ("2", "3") if plain else ("", "2", "3"):
        stage.grip(panel, CLOCK)
    ground = _Ground(found, turned, (*(turned.true.names if turned.true else ()), *turned.knobs))
    way = _strengths(stage, ground)
    if plain:
        _map(stage, ground, way)
    else:
        _coefficients(stage, ground, way)
    _panels(stage, ground, way)
    _say(stage, ground)


def _strengths(stage: Stage, ground: _Ground) -> int:
    """The nearest strength at each number of steps."""
    half = DECADES * np.log(10)
    spacing = 2 * half / (COARSE - 1)

    def start(*numbers: Any) -> list[Any]:
        middle = -np.log(ground.seen(*numbers[:-1]).lr * numbers[-1])
        return [middle, middle, np.inf, 0.0]

    def step(*numbers: Any) -> list[Any]:
        (*held, t), (low, high, least, k) = numbers[:-4], numbers[-4:]
        seen = ground.seen(*held)
        stopped = ground.stopped(seen, t)

        def distance(at: Any) -> Any:
            return np.sum((ground.nearest(seen, at, at) - stopped) ** 2)

        middle = -np.log(seen.lr * t)
        at = middle - half + spacing * k
        coarse, far = k < COARSE, distance(at)
        better = coarse & (far < least)
        a, b = narrowed(distance, low, high)
        low, high = np.where(coarse, low, a), np.where(coarse, high, b)
        low = np.where(better, np.maximum(at - spacing, middle - half), low)
        high = np.where(better, np.minimum(at + spacing, middle + half), high)
        return [low, high, np.where(better, far, least), k + 1]

    return stage.way(ground.names, start, step, ground.found.steps, COARSE + FINE, names=BETWEEN, fresh=True)


def _map(stage: Stage, ground: _Ground, way: int) -> None:
    names, found = ground.names, ground.found
    from_start = np.append(0, found.steps)

    def path(place: Callable[[_Seen, Any], Any]) -> Callable[..., Any]:
        return lambda *numbers: ground.weights(place(ground.seen(*numbers[:-1]), numbers[-1]))

    stage.follow(place_of(stage, "gradient descent, stopped", ""), names, path(ground.stopped), from_start)
    stage.follow(place_of(stage, "with weight decay", ""), names, path(ground.decayed), from_start)

    def ridge(seen: _Seen, inverse: Any) -> Any:
        return shrunk(found.eigenvalues * inverse, 1.0) * seen.full

    # By the inverse of their strengths: the first is infinite.
    stage.follow(place_of(stage, "ridge", ""), names, path(ridge), np.append(0.0, 1 / found.strengths))
    stage.follow(place_of(stage, LEAST, ""), names, path(lambda seen, _: seen.full), [0.0])
    stage.follow(place_of(stage, TARGET, ""), names, path(lambda seen, _: ground.target(seen)), [0.0])
    there = [*names, CLOCK, *BETWEEN]

    def ends(*numbers: Any) -> Any:
        (*held, t, low, high), which = numbers[:-1], numbers[-1]
        seen = ground.seen(*held)
        return ground.weights(np.where(which > 0, ground.nearest(seen, low, high), ground.stopped(seen, t)))

    def heads(*numbers: Any) -> Any:
        (*held, t, low, high), which = numbers[:-1], numbers[-1]
        seen = ground.seen(*held)
        three = ground.nearest(seen, low, high), ground.decayed(seen, t), ground.stopped(seen, t)
        return ground.weights(_pick(which, three))

    stage.follow(place_of(stage, "difference", ""), there, ends, [0.0, 1.0])
    stage.follow(place_of(stage, "heads", ""), there, heads, [0.0, 1.0, 2.0])


def _pick(which: Any, these: Sequence[Any]) -> Any:
    """The one of several that a whole number says."""
    chosen = these[-1]
    for k in reversed(range(len(these) - 1)):
        chosen = np.where(which > k, chosen, these[k])
    return chosen


def _coefficients(stage: Stage, ground: _Ground, way: int) -> None:
    names, count = ground.names, len(ground.found.full)
    ridges = [trace["name"] for trace in stage.still if trace["xaxis"] == "x" and trace["name"].endswith(RIDGED)]

    def coefficient(j: int, ridge: bool) -> Callable[..., Any]:
        def at(*numbers: Any) -> Any:
            (*held, t), (low, high) = numbers[:-4], numbers[-4:-2]
            seen = ground.seen(*held)
            filtered = ground.nearest(seen, low, high) if ridge else ground.stopped(seen, t)
            return t, ground.weights(filtered)[j]

        return at

    for j, name in enumerate(ridges):
        stage.follow(place_of(stage, name.removesuffix(RIDGED), ""), names, coefficient(j, False), along=way)
        stage.follow(place_of(stage, name, ""), names, coefficient(j, True), along=way)
    _cursor(stage, "")

    def heads(*numbers: Any) -> Any:
        (*held, t), which = numbers[:-1], numbers[-1]
        return t, _pick(which, list(ground.weights(ground.stopped(ground.seen(*held), t))))

    stage.follow(place_of(stage, "heads", ""), [*names, CLOCK], heads, np.arange(count))


def _cursor(stage: Stage, panel: str) -> None:
    at = place_of(stage, "play head", panel)
    stage.follow(at, [CLOCK], lambda t, y: (t, y), stage.moving[at - len(stage.still)][0]["y"])


def _panels(stage: Stage, ground: _Ground, way: int) -> None:
    names, t = ground.names, ground.found.steps
    there = [*names, CLOCK, *BETWEEN]
    stage.follow(place_of(stage, "1/(ηt)", "2"), names, lambda *held: (held[-1], rule(ground, held)), t)
    stage.follow(place_of(stage, "nearest λ", "2"), [], lambda t, low, high, *_: (t, strength(low, high)), along=way)
    stage.follow(place_of(stage, "decay", "2"), names[-2:-1], lambda decay, t: (t, decay), t[[0, -1]])
    stage.follow(place_of(stage, "λ now", "2"), there[-3:], lambda t, low, high, _: (t, strength(low, high)), [0.0])

    def apart(k: int) -> Callable[..., Any]:
        def at(*numbers: Any) -> Any:
            (*held, t), (low, high) = numbers[:-4], numbers[-4:-2]
            return t, distances(ground, held, t, low, high)[k]

        return at

    for k, name in enumerate(APART):
        stage.follow(place_of(stage, name, "3"), names, apart(k), along=way)

    def all_three(*numbers: Any) -> Any:
        (*held, t, low, high), which = numbers[:-1], numbers[-1]
        return t, _pick(which, distances(ground, held, t, low, high))

    stage.follow(place_of(stage, "distances now", "3"), there, all_three, np.arange(len(APART)))
    for panel in ("2", "3"):
        _cursor(stage, panel)


def rule(ground: _Ground, numbers: Sequence[Any]) -> Any:
    """1 / (lr * t) for what is held and t."""
    return 1 / (ground.seen(*numbers[:-1]).lr * numbers[-1])


def distances(ground: _Ground, held: Sequence[Any], t: Any, low: Any, high: Any) -> list[Any]:
    """As shares of least squares' length, in the order of APART."""
    seen = ground.seen(*held)
    stopped, target = ground.stopped(seen, t), ground.target(seen)
    length = np.sqrt(np.sum(seen.full**2))
    pairs = (stopped, ground.nearest(seen, low, high)), (stopped, target), (ground.decayed(seen, t), target)
    whole = np.where(length > 0, length, 1.0)
    return [np.maximum(np.sqrt(np.sum((one - other) ** 2)) / whole, FLOOR) for one, other in pairs]


def _say(stage: Stage, ground: _Ground) -> None:
    def numbers(*seen: Any) -> dict[str, Any]:
        *held, t, low, high = seen
        return {
            "steps": t,
            "strength": strength(low, high),
            "apart": 100 * distances(ground, held, t, low, high)[0],
            "rule": rule(ground, (*held, t)),
        }

    text = (
        "Step {steps} ends nearest to ridge with λ = {strength}, {apart} % of least squares' length away. "
        "The rule 1/(ηt) says {rule}."
    )
    stage.tell([*ground.names, CLOCK, *BETWEEN], numbers, text)
