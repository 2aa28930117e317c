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
    within = short(max(each.seen.floor for each in found.closing.values()))
    told = []
    for k in steps:
        left = {OPTIMIZERS[key].title: _left(each.seen, k) for key, each in found.closing.items()}
        told.append(_said(left, within))
    return told


def _said(left: dict[str, float], within: str) -> str:
    """The distances left, by the titles of methods, in a sentence or two; what is 0 is at most `within`."""
    moving = {title: distance for title, distance in left.items() if distance}
    if not moving:
        return f"{', '.join(left) if len(left) <= MANY else 'All'}: at most {within} away."
    there = [title for title in left if title not in moving]
    if len(left) <= MANY:
        words = f"Distance left: {', '.join(f'{title} {short(distance)}' for title, distance in moving.items())}."
        return f"{words} At most {within}: {', '.join(there)}." if there else words
    furthest = max(moving, key=lambda title: moving[title])
    words = f"Furthest: {furthest}, {short(moving[furthest])} away."
    if there:
        return f"{words} {len(there)} of {len(left)} methods are at most {within} away."
    nearest = min(moving, key=lambda title: moving[title])
    if moving[nearest] == moving[furthest]:
        return f"All: {short(moving[nearest])} away."
    return f"Nearest: {nearest}, {short(moving[nearest])} away. {words}"


def _left(seen: Convergence, step: int) -> float:
    """The distance after a step; 0 below the floor, where it tells no speed."""
    error = float(seen.errors[min(step, len(seen.errors) - 1)])
    return error if error > seen.floor else 0.0
