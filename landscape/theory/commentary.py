"""Commentary: how far the runs of a race for digits still are from what they close in on, step by step."""

from collections.abc import Iterable

from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Approaches, Convergence


def distances(found: Approaches, steps: Iterable[int]) -> list[str]:
    """For each of these steps: the distance that each method has left."""
    if not found.closing:
        return ["No run closes in on a point." for _ in steps]
    told = []
    for k in steps:
        left = [f"{OPTIMIZERS[key].title} {_left(each.seen, k)}" for key, each in found.closing.items()]
        told.append(f"Distance left: {', '.join(left)}.")
    return told


def _left(seen: Convergence, step: int) -> str:
    error = float(seen.errors[min(step, len(seen.errors) - 1)])
    return short(error) if error > seen.floor else "rounding alone"
