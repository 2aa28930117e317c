"""Commentary: how far the runs of a race for digits still are from what they close in on, step by step."""

from collections.abc import Iterable

from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Approaches, Convergence

# Of more methods than these the nearest and the furthest are told of.
MANY = 5


def distances(found: Approaches, steps: Iterable[int]) -> list[str]:
    """For each of these steps: the distance that each method has left."""
    if not found.closing:
        return ["No run closes in on a point." for _ in steps]
    told = []
    for k in steps:
        left = {key: _left(each.seen, k) for key, each in found.closing.items()}
        if len(left) <= MANY:
            each_told = [f"{OPTIMIZERS[key].title} {_said(distance)}" for key, distance in left.items()]
            told.append(f"Distance left: {', '.join(each_told)}.")
            continue
        near, far = min(left, key=lambda key: left[key]), max(left, key=lambda key: left[key])
        if left[near] == left[far]:
            told.append(f"Distance left: {_said(left[far])} for all.")
            continue
        nearest, furthest = (f"{OPTIMIZERS[key].title}, {_said(left[key])}" for key in (near, far))
        told.append(f"Distance left. Nearest: {nearest}. Furthest: {furthest}.")
    return told


def _left(seen: Convergence, step: int) -> float:
    """The distance after a step, 0 where it is rounding."""
    error = float(seen.errors[min(step, len(seen.errors) - 1)])
    return error if error > seen.floor else 0.0


def _said(distance: float) -> str:
    return short(distance) if distance else "rounding alone"
