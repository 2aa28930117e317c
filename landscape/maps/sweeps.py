"""Sweeps: one run for every pair of values of two knobs, all at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.descent.descend import check_steps
from landscape.descent.rest import LONG, grounded, length, resting
from landscape.descent.walk import RUNAWAY, check_applies
from landscape.knob import Knob, knobs
from landscape.objective import Objective
from landscape.optimizers import Optimizer
from landscape.theory.quadratics import contraction

MAX_RUNS = 250_000

# Runs at a time, at most: enough that numpy's cost of a call counts little, few enough to tell how far the work is.
BLOCK = 2048

# A log knob is swept over this much of its range, the upper end; a whole number over this many values; at most.
SPAN, WHOLE = 1e6, 24

# Knobs of these scales may be arrays; of the others each value needs a run of its own.
BATCHED = ("linear", "log")


@dataclass(frozen=True)
class Sweep:
    """What became of a run for each pair of values. Rows follow the second knob, columns the first: x and y of a map.

    names    (first knob, second knob)
    values   (first's values (a,), second's values (b,))
    x        (b, a, n)  where each run ended; not finite where it diverged far
    value    (b, a)     the objective there; NaN for a run that diverged
    steps    (b, a)     the step from which on it rests with a gradient norm of at most the tolerance, or -1
    status   (b, a)     "converged", "diverged" or "max_steps", as in a Trajectory; a stall is not told apart
    """

    names: tuple[str, str]
    values: tuple[np.ndarray, np.ndarray]
    x: np.ndarray
    value: np.ndarray
    steps: np.ndarray
    status: np.ndarray


def sweep(
    objective: Objective,
    optimizer_class: type[Optimizer],
    start: np.ndarray,
    steps: int,
    grid: Mapping[str, Any],
    settings: Mapping[str, Any] | None = None,
    tolerance: float = 1e-6,
    progress: Callable[[float], None] | None = None,
) -> Sweep:
    """Run an optimizer from one start for all pairs of values of two knobs: `{"lr": rates, "momentum": momenta}`.

    settings   the other knobs, where they are not at their defaults
    tolerance  the gradient norm that counts as arrived; a run that gets there rests
    progress   called with the share that is done, every few steps of each block; what it raises ends the work

    ValueError for anything but two knobs that the method has, for values out of their range, and for too many runs.
    """
    names = _checked_names(optimizer_class, grid)
    start = np.asarray(start, dtype=float)
    if start.shape != (objective.dimension,) or not np.isfinite(start).all():
        raise ValueError(f"start is {start}; it must be {objective.dimension} finite numbers")
    check_steps(steps)
    values = np.asarray(grid[names[0]]), np.asarray(grid[names[1]])
    pairs = np.meshgrid(*values)
    count = pairs[0].size
    if count > MAX_RUNS:
        raise ValueError(f"the grid has {count} runs; at most {MAX_RUNS} are allowed")
    x, value, arrival = np.empty((count, len(start))), np.empty(count), np.empty(count, dtype=int)
    done = 0

    def tell(runs: float) -> None:
        if progress is not None:
            progress((done + runs) / count)

    for group, hyper in _groups(optimizer_class, names, pairs):
        optimizer = optimizer_class(**dict(settings or {}) | hyper)
        check_applies(objective, optimizer)
        x[group], value[group], arrival[group] = _run(objective, optimizer, start, steps, len(group), tolerance, tell)
        done += len(group)
        tell(0)
    status = np.select([np.isnan(value), arrival >= 0], ["diverged", "converged"], "max_steps")
    shape = pairs[0].shape
    maps = (part.reshape(shape) for part in (value, arrival, status))
    return Sweep(names, values, x.reshape(*shape, -1), *maps)


def axis(knob: Knob, count: int) -> np.ndarray:
    """Values of a knob to sweep, low to high, `count` of them where its scale is continuous."""
    if knob.scale == "switch":
        return np.array([False, True])
    if knob.scale == "integer":
        return np.unique(np.linspace(knob.low, knob.high, min(count, WHOLE)).round().astype(int))
    if knob.scale == "log":
        return np.geomspace(max(knob.low, knob.high / SPAN), knob.high, count)
    return np.linspace(knob.low, knob.high, count)


def predicted(
    optimizer_class: type[Optimizer], done: Sweep, settings: Mapping[str, Any], eigenvalues: np.ndarray
) -> np.ndarray | None:
    """The error's factor a step that theory gives for each pair of a sweep near such a minimum, (b, a); None for none.

    None also where a swept knob cannot be an array.
    """
    factor = _factor(optimizer_class, done.names, settings, eigenvalues)
    return None if factor is None else factor(*np.meshgrid(*done.values))


def stability_limit(
    optimizer_class: type[Optimizer], done: Sweep, settings: Mapping[str, Any], eigenvalues: np.ndarray
) -> np.ndarray:
    """Pairs of values, (k, 2), at which theory's factor is 1: the line between growing errors and shrinking ones.

    Along every row of the sweep, or every column where more of those cross the line, to 1e-9 of a value.
    """
    factor = _factor(optimizer_class, done.names, settings, eigenvalues)
    if factor is None:
        return np.empty((0, 2))
    first, second = (np.asarray(each, dtype=float) for each in done.values)
    across = np.stack(_crossings(lambda u, v: factor(u, v) < 1, first, second), axis=-1)
    up = np.stack(_crossings(lambda u, v: factor(v, u) < 1, second, first)[::-1], axis=-1)
    return across if len(across) >= len(up) else up


def _factor(
    optimizer_class: type[Optimizer], names: tuple[str, str], settings: Mapping[str, Any], eigenvalues: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], np.ndarray] | None:
    scales = {name: knob.scale for name, knob in knobs(optimizer_class).items()}

    def factor(*pair: np.ndarray) -> np.ndarray:
        hyper = {name: each.ravel()[:, None] for name, each in zip(names, pair, strict=True)}
        found = contraction(optimizer_class(**dict(settings) | hyper), eigenvalues)
        return np.broadcast_to(np.nan if found is None else found, pair[0].size).reshape(pair[0].shape)

    first = {name: knobs(optimizer_class)[name].default for name in names}
    known = all(scales[name] in BATCHED for name in names)
    known = known and contraction(optimizer_class(**dict(settings) | first), eigenvalues) is not None
    return factor if known else None


def _crossings(
    stable: Callable[[np.ndarray, np.ndarray], np.ndarray], u: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The first place along u where `stable` ends or begins, by bisection, for each v that has one: their u and v."""
    calm = stable(*np.meshgrid(u, v))
    changes = calm[:, 1:] != calm[:, :-1]
    rows = np.flatnonzero(changes.any(axis=1))
    if not rows.size:
        return np.empty(0), np.empty(0)
    left = changes[rows].argmax(axis=1)
    low, high, at, before = u[left], u[left + 1], v[rows], calm[rows, left]
    for _ in range(32):
        middle = (low + high) / 2
        same = stable(middle, at) == before
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2, at


def _checked_names(optimizer_class: type[Optimizer], grid: Mapping[str, Any]) -> tuple[str, str]:
    allowed = knobs(optimizer_class)
    if len(grid) != 2:
        raise ValueError(f"grid has {len(grid)} knobs ({', '.join(grid)}); it must have two")
    for name, values in grid.items():
        if name not in allowed:
            raise ValueError(
                f"{name!r} is not a knob of {optimizer_class.title}; it has {', '.join(allowed) or 'none'}"
            )
        if np.ndim(values) != 1 or not np.size(values):
            raise ValueError(f"{name} has shape {np.shape(values)}; it must be a list of values")
    first, second = grid
    return first, second


def _groups(
    optimizer_class: type[Optimizer], names: tuple[str, str], pairs: Sequence[np.ndarray]
) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """The runs that share a batch, by index, at most BLOCK of them, with their hyper-parameters as arrays (k, 1).

    Knobs that cannot be arrays are single values, the same for all runs of a batch.
    """
    scales = {name: knob.scale for name, knob in knobs(optimizer_class).items()}
    flat = {name: each.ravel() for name, each in zip(names, pairs, strict=True)}
    single = {name: each for name, each in flat.items() if scales[name] not in BATCHED}
    labels = list(zip(*single.values(), strict=True)) or [()] * pairs[0].size
    for label in dict.fromkeys(labels):
        same = np.array([i for i, each in enumerate(labels) if each == label])
        for group in np.array_split(same, -(-len(same) // BLOCK)):
            hyper = {name: each[group][:, None] for name, each in flat.items() if name not in single}
            yield group, hyper | {name: each.item() for name, each in zip(single, label, strict=True)}


def _run(
    objective: Objective,
    optimizer: Optimizer,
    start: np.ndarray,
    steps: int,
    count: int,
    tolerance: float,
    tell: Callable[[float], None],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`count` runs of an optimizer whose knobs are arrays: ends (count, n), values and arrivals (count,).

    A run has arrived where it has converged as in `descend`, and its end is where it began to rest. What is told is how
    many runs' worth of work is done.
    """
    x = np.asfortranarray(np.tile(start, (count, 1)))
    since, there = np.full(count, -1), x.copy()
    arrived, gone = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    with np.errstate(all="ignore"):
        state = optimizer.init(x)
        for step in range(steps + 1):
            if step % LONG == 0:
                tell(count * step / (steps + 1))
            small = np.sum(objective.gradient(x) ** 2, axis=-1) <= tolerance**2
            first = small & (since < 0) & ~arrived
            since[first], there[first] = step, x[first]
            since[~small & ~arrived] = -1
            due = (since >= 0) & ~arrived & (step - since >= LONG) & (step % LONG == 0)
            if due.any():
                settled, down = grounded(objective, x[due])
                arrived[due] = settled & ~down
            if (arrived | gone).all():
                break
            new, state = optimizer.step(objective, x, state)
            still = resting(np.zeros(count), length(new - x), x, tolerance)
            since[~still & ~arrived] = -1
            if step < steps:
                x = np.where(arrived[:, None], x, new)
                gone |= ~(length(x) <= RUNAWAY)
        late = (since >= 0) & ~arrived & ~gone
        if late.any():
            arrived[late] = grounded(objective, x[late])[0]
        arrived &= ~gone
        x = np.where(arrived[:, None], there, x)
        value = np.where(gone, np.nan, objective.value(x))
    return x, value, np.where(arrived, since, -1)
