"""Where the gradient of an objective vanishes on a map, and what kind of point each of these is."""

from dataclasses import dataclass

import numpy as np

from landscape.descent.descend import endpoints
from landscape.domain import Domain
from landscape.linear_algebra import eigh, solve
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS

KINDS = ("minimum", "saddle", "maximum", "degenerate")

# Newton's method is given this many rounds of steps.
ROUNDS, STEPS = 8, 8

# A Newton step this small, as a share of the map, has arrived.
ARRIVED = 1e-9

# Points closer than this, as a share of the map, are one.
SAME = 1e-5

# Curvature that counts as none, as a share of what is typical on the map.
FLAT = 1e-6


@dataclass(frozen=True)
class StationaryPoints:
    """Points of zero gradient: minima first, the lowest first, then saddles, maxima and degenerate points.

    x            (k, 2)
    value        (k,)
    eigenvalues  (k, 2) of the Hessian, ascending
    kind         (k,), of KINDS; "degenerate" where an eigenvalue is 0 and the Hessian cannot tell
    """

    x: np.ndarray
    value: np.ndarray
    eigenvalues: np.ndarray
    kind: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def of(self, kind: str) -> np.ndarray:
        """The points of one kind, shape (m, 2)."""
        return self.x[self.kind == kind]


def stationary_points(objective: Objective, domain: Domain, resolution: int = 64) -> StationaryPoints:
    """The stationary points in a domain ((x_low, x_high), (y_low, y_high)), found by Newton's method from a lattice.

    Newton's method is drawn to saddles and maxima as to minima, so all kinds are found, each start in one batch; ends
    that are one point to SAME of the map are merged. Points nearer to each other than the lattice's spacing may be
    missed. A surface's listed minima are among the answers even at a kink, where Newton's method has no hold, with
    the Hessian's eigenvalues there. Of a whole curve of stationary points, as the floor of a moat, none is reported.
    """
    if objective.dimension != 2:
        raise ValueError(f"dimension is {objective.dimension}; a map has 2")
    low, high = np.array(domain, dtype=float).T
    axes = [np.linspace(a, b, resolution) for a, b in zip(low, high, strict=True)]
    lattice = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    size = float(np.linalg.norm(high - low))
    with np.errstate(all="ignore"):
        ends = _newton(objective, lattice, size)
        flat = FLAT * float(np.nanmedian(np.abs(eigh(objective.hessian(lattice))[0])))
        degenerate = (np.abs(eigh(objective.hessian(ends))[0]) <= flat).any(axis=-1)
    inside = ((ends >= low - SAME * size) & (ends <= high + SAME * size)).all(axis=-1)
    regular = _distinct(ends[inside & ~degenerate], SAME * size)
    vague = _alone(_distinct(ends[inside & degenerate], size / resolution), size / 6)
    listed = np.array([m.point for m in getattr(objective, "minima", ())]).reshape(-1, 2)
    x = _distinct(np.concatenate([listed, regular, vague]), SAME * size)
    return _classified(objective, x, len(listed), flat)


def _newton(objective: Objective, x: np.ndarray, size: float) -> np.ndarray:
    """Where Newton's method comes to rest from x, (k, 2) -> (m, 2); ends and starts that run away leave the batch."""
    newton = OPTIMIZERS["newton"]()
    centre, found = x.mean(axis=0), []
    for _ in range(ROUNDS):
        x = endpoints(objective, newton, x, STEPS)
        p = solve(objective.hessian(x), objective.gradient(x))
        arrived = np.abs(p).max(axis=-1) <= ARRIVED * size
        found.append(x[arrived] - p[arrived])
        x = x[~arrived & (np.abs(x - centre).max(axis=-1) <= size)]
        if not len(x):
            break
    return np.concatenate(found)


def _distinct(x: np.ndarray, apart: float) -> np.ndarray:
    """One of each group of points that lie within `apart` of it, the first in each; order is kept."""
    kept = np.empty((0, 2))
    # Neighbours on a grid are merged first, so that few are left to compare.
    _, first = np.unique(np.round(x / apart), axis=0, return_index=True)
    for point in x[np.sort(first)]:
        if not len(kept) or np.abs(kept - point).max(axis=-1).min() > apart:
            kept = np.concatenate([kept, point[None]])
    return kept


def _alone(x: np.ndarray, apart: float) -> np.ndarray:
    """The points with no other within `apart`: a monkey saddle, but not a point of a curve of stationary points."""
    distance = np.linalg.norm(x[:, None] - x, axis=-1)
    return x[np.sum(distance <= apart, axis=-1) == 1]


def _classified(objective: Objective, x: np.ndarray, listed: int, flat: float) -> StationaryPoints:
    with np.errstate(all="ignore"):
        eigenvalues, value = eigh(objective.hessian(x))[0], objective.value(x)
    low, high = np.where(np.abs(eigenvalues) <= flat, 0, np.sign(eigenvalues)).T
    kind = np.select([low > 0, (low < 0) & (high > 0), high < 0], ["minimum", "saddle", "maximum"], "degenerate")
    kind[:listed] = "minimum"
    rank = np.array([KINDS.index(k) for k in kind], dtype=int)
    order = np.lexsort((x[:, 1], x[:, 0], np.round(value, 9), rank))
    return StationaryPoints(x[order], value[order], eigenvalues[order], kind[order])
