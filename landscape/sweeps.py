"""Sweeps: one run for every pair of values of two knobs, all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.descent import BLOCK, MAX_STEPS, RUNAWAY, check_applies
from landscape.knob import knobs
from landscape.objective import Objective
from landscape.optimizers import Optimizer

MAX_RUNS = 250_000

# Knobs of these scales may be arrays; of the others each value needs a run of its own.
BATCHED = ("linear", "log")


@dataclass(frozen=True)
class Sweep:
    """What became of a run for each pair of values. Rows follow the second knob, columns the first: x and y of a map.

    names    (first knob, second knob)
    values   (first's values (a,), second's values (b,))
    x        (b, a, n)  where each run ended; not finite where it diverged far
    value    (b, a)     the objective there; NaN for a run that diverged
    steps    (b, a)     the first step with a gradient norm of at most the tolerance, -1 where there was none
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
    progress   called with the share that is done, between blocks; what it raises ends the work

    ValueError for anything but two knobs that the method has, for values out of their range, and for too many runs.
    """
    first, second = _checked_names(optimizer_class, grid)
    start = np.asarray(start, dtype=float)
    if start.shape != (objective.dimension,) or not np.isfinite(start).all():
        raise ValueError(f"start is {start}; it must be {objective.dimension} finite numbers")
    if not 0 <= steps <= MAX_STEPS:
        raise ValueError(f"steps is {steps}; allowed is 0 to {MAX_STEPS}")
    values = (np.asarray(grid[first]), np.asarray(grid[second]))
    columns, rows = np.meshgrid(*values)
    if columns.size > MAX_RUNS:
        raise ValueError(f"the grid has {columns.size} runs; at most {MAX_RUNS} are allowed")
    scales = {name: knob.scale for name, knob in knobs(optimizer_class).items()}
    batched = {n: v.ravel() for n, v in ((first, columns), (second, rows)) if scales[n] in BATCHED}
    single = {n: v.ravel() for n, v in ((first, columns), (second, rows)) if scales[n] not in BATCHED}
    x, value = np.empty((columns.size, len(start))), np.empty(columns.size)
    arrival = np.empty(columns.size, dtype=int)
    groups = _groups(single, columns.size)
    for done, group in enumerate(groups):
        hyper: dict[str, Any] = {n: v[group][:, None] for n, v in batched.items()}
        hyper |= {n: v[group[0]].item() for n, v in single.items()}
        optimizer = optimizer_class(**dict(settings or {}) | hyper)
        check_applies(objective, optimizer)
        x[group], value[group], arrival[group] = _run(objective, optimizer, start, steps, len(group), tolerance)
        if progress is not None:
            progress((done + 1) / len(groups))
    status = np.select([np.isnan(value), arrival >= 0], ["diverged", "converged"], "max_steps")
    shape = columns.shape
    return Sweep(
        names=(first, second),
        values=values,
        x=x.reshape(*shape, -1),
        value=value.reshape(shape),
        steps=arrival.reshape(shape),
        status=status.reshape(shape),
    )


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


def _groups(single: Mapping[str, np.ndarray], count: int) -> list[np.ndarray]:
    """Which runs share a batch: those with the same values of the knobs that cannot be arrays, BLOCK at a time."""
    if not single:
        same = [np.arange(count)]
    else:
        _, label = np.unique(np.stack(list(single.values())), axis=1, return_inverse=True)
        same = [np.flatnonzero(label.ravel() == k) for k in range(label.max() + 1)]
    return [group[i : i + BLOCK] for group in same for i in range(0, len(group), BLOCK)]


def _run(
    objective: Objective, optimizer: Optimizer, start: np.ndarray, steps: int, count: int, tolerance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`count` runs of an optimizer whose knobs are arrays: ends (count, n), values and arrivals (count,)."""
    x = np.asfortranarray(np.tile(start, (count, 1)))
    arrival, gone = np.full(count, -1), np.zeros(count, dtype=bool)
    with np.errstate(all="ignore"):
        state = optimizer.init(x)
        for step in range(steps + 1):
            small = np.sum(objective.gradient(x) ** 2, axis=-1) <= tolerance**2
            arrival[small & (arrival < 0) & ~gone] = step
            if step == steps or ((arrival >= 0) | gone).all():
                break
            new, state = optimizer.step(objective, x, state)
            x = np.where((arrival >= 0)[:, None], x, new)
            gone |= ~(np.abs(x).max(axis=-1) <= RUNAWAY)
        value = np.where(gone, np.nan, objective.value(x))
    return x, value, arrival
