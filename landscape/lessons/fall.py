"""Gradient descent near the cliff, as it is and with its gradient clipped, and what is said of both."""

from typing import NamedTuple

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.finding import Finding
from landscape.networks.cliff import Cliff, folds, wall
from landscape.numbers import apart, counted, short, typeset
from landscape.optimizers.clipped import Clipped
from landscape.optimizers.first_order import GradientDescent

# Where the wall is measured, and from where on it is compared with the line: there it is steep enough.
WEIGHTS = np.linspace(4.6, 6.4, 10)
STEEP = (5.0, 6.0)
# How far to both sides of the line its feet are, and how finely its steepest place is looked for.
FOOT, LOOKS = 0.3, 801
HALVINGS = 70
# The weight at which its thickness is told, and the gap between neighbours among 32-bit numbers there.
THIN = 6.0
# Below this its thickness is not told.
THINNEST = 1e-10
# Gradients below this are rounding.
LEAST = 1e-12


class Walls(NamedTuple):
    """The wall for several weights, (k,) each: by theory, where E is steepest in b, and E's fall over its slope."""

    weights: np.ndarray
    predicted: np.ndarray
    measured: np.ndarray
    thickness: np.ndarray


class Fall(NamedTuple):
    """Two runs from one start.

    thrown, kept   gradient descent, and the same with its gradient clipped to `limit`
    back           |dE/dx_t| at each iterate of the first, (steps + 1, T + 1)
    """

    cliff: Cliff
    start: np.ndarray
    rate: float
    limit: float
    thrown: Trajectory
    kept: Trajectory
    back: np.ndarray
    walls: Walls


def steepest_so_far(seen: Fall) -> np.ndarray:
    """For each step of the first run the one, up to then, at which its gradient was largest, (steps + 1,)."""
    norm = seen.thrown.gradient_norm
    return np.maximum.accumulate(np.where(norm >= np.maximum.accumulate(norm), np.arange(len(norm)), 0))


def fall(cliff: Cliff, start: np.ndarray, rate: float, limit: float, steps: int) -> Fall:
    method = GradientDescent(lr=rate)
    thrown = descend(cliff, method, start, steps)
    kept = descend(cliff, Clipped(method, limit), start, steps)
    back = np.abs(cliff.back_in_time(thrown.x)).T
    return Fall(cliff, np.asarray(start), rate, limit, thrown, kept, back, walls(cliff, WEIGHTS))


def walls(cliff: Cliff, weights: np.ndarray) -> Walls:
    """Measured without theory but for where to begin: half-way down between the feet, then the steepest place near."""
    line = wall(weights).bias

    def height(b: np.ndarray) -> np.ndarray:
        return cliff.value(np.stack([np.broadcast_to(weights, b.shape), b], axis=-1))

    low, high = line - FOOT, line + FOOT
    fallen = height(low) - height(high)
    half = height(high) + fallen / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = height(middle) > half
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    slope = _slope(cliff, weights, low)
    near = low + np.linspace(-4, 4, LOOKS)[:, None] * np.abs(fallen) / slope
    steep = _slope(cliff, weights, near)
    best = steep.argmax(axis=0)
    take = np.arange(len(weights))
    return Walls(weights, line, near[best, take], np.abs(fallen) / steep[best, take])


def _slope(cliff: Cliff, weights: np.ndarray, b: np.ndarray) -> np.ndarray:
    """|dE/db|, (..., k)."""
    return np.abs(cliff.gradient(np.stack([np.broadcast_to(weights, b.shape), b], axis=-1))[..., 1])


def strides(run: Trajectory) -> np.ndarray:
    """How long each step of a run was, (T,)."""
    return np.linalg.norm(np.diff(run.x, axis=0), axis=-1)


def findings(seen: Fall) -> list[Finding]:
    """What the way back makes of the gradient, what the clipping saved, how thin the wall is, where the runs ended,
    where the wall stands, and that it is no fold."""
    return [*_growth(seen), _longest(seen), _thickness(seen), _end(seen), _place(seen), _fold(seen)]


def _growth(seen: Fall) -> list[Finding]:
    """The first of |dE/dx_t| over the last, where the plain run's gradient was largest; none where that is nothing."""
    steepest, times = int(steepest_so_far(seen)[-1]), seen.cliff.steps
    first, last = (float(v) for v in seen.back[steepest, [0, -1]])
    if not (first > LEAST and last > LEAST and np.isfinite(first / last)):
        return []
    growth = first / last
    numbers = {"step": steepest, "times": times, "growth": growth, "each": growth ** (1 / times)}
    text = f"At its steepest place the way back through {times} steps multiplies the gradient by **{short(growth)}**, "
    return [Finding("cliff.growth", numbers, f"{text}about {short(numbers['each'])} a step.")]


def _longest(seen: Fall) -> Finding:
    far, near = strides(seen.thrown), strides(seen.kept)
    step = int(far.argmax()) + 1
    numbers = {"step": step, "far": float(far.max()), "near": float(near.max())}
    text = f"Without clipping the longest step is **{short(far.max())}**, at step {step}. "
    text += f"With clipping it is **{short(near.max())}**."
    if not far.any():
        text = "Neither run moves: their steps are smaller than the rounding of w and b."
    return Finding("cliff.longest", numbers, text)


def _end(seen: Fall) -> Finding:
    far, near = float(seen.thrown.value[-1]), float(seen.kept.value[-1])
    numbers = {"steps": seen.thrown.steps, "far": far, "near": near}
    free, clipped = apart(far, near)
    text = f"After {counted(seen.thrown.steps, 'step')} E is {free} without clipping and {clipped} with it."
    return Finding("cliff.end", numbers, text)


def _place(seen: Fall) -> Finding:
    steep = (seen.walls.weights >= STEEP[0] - 1e-9) & (seen.walls.weights <= STEEP[1] + 1e-9)
    off = float(np.abs(seen.walls.measured - seen.walls.predicted)[steep].max())
    text = f"For w from 5 to 6 the steepest place is at most {short(off)} from the dashed line."
    return Finding("cliff.place", {"low": STEEP[0], "high": STEEP[1], "off": off}, text)


def _thickness(seen: Fall) -> Finding:
    place = int(np.abs(seen.walls.weights - THIN).argmin())
    thick = float(seen.walls.thickness[place])
    gap = float(np.spacing(np.float32(seen.walls.measured[place])))
    told = short(thick) if thick >= THINNEST else "less than a ten-billionth"
    text = f"At w = 6 the wall is {told} thick"
    text += (
        f". Numbers of single precision, {short(abs(gap))} apart there, can step over it." if thick < abs(gap) else "."
    )
    return Finding("cliff.thickness", {"weight": THIN, "thick": thick, "gap": abs(gap)}, text)


def _fold(seen: Fall) -> Finding:
    low, high = (float(b) for b in folds(np.array(THIN)))
    stands = float(wall(np.array(THIN)).bias)
    text = f"At w = 6 two states attract for b from {typeset(low)} to {typeset(high)}. The wall stands between, at "
    numbers = {"weight": THIN, "low": low, "high": high, "wall": stands}
    return Finding("cliff.fold", numbers, f"{text}{typeset(stands)}, where the start changes sides.")
