"""Where the gradient of an objective vanishes on a map, and what kind of point each of these is."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from landscape.curvature import curvature_at
from landscape.domain import Domain, Minimum
from landscape.linear_algebra import eigh, solve
from landscape.objective import Objective

KINDS = ("minimum", "saddle", "maximum", "degenerate")

# Points along each edge of the lattices: the first, and the last where every finer one still found something new.
COARSEST, FINEST = 32, 256

# Points along each edge of the lattice that says what curvature is typical, and of the one that says how low a map is.
TYPICAL, FLOOR = 16, 61

# Seeds taken from one lattice, at most: those whose cell has its zero nearest to the middle.
MOST = 8192

# Newton's method from a seed: steps at most, and how far from its seed and in one step it may go, in cells.
STEPS, REACH, STRIDE = 64, 8.0, 2.0

# A seed is given up where no step longer than this share of Newton's makes the gradient smaller, and where LOOK steps
# have not divided it by FALL: it creeps along a valley that other seeds lie in too.
LEAST, LOOK, FALL = 1e-3, 8, 3.0

# A Newton step this small, as a share of the map, has arrived.
ARRIVED = 1e-9

# Points closer than this, as a share of the map, are one; and points that may lie on a curve of such points.
SAME, SAME_VAGUE = 1e-5, 1 / 64

# How far beside a point one looks whether the gradient jumps, as a share of the map.
BESIDE = 1e-7

# A degenerate point with another so near, as a share of the map, is one of a curve or a plain.
ALONE = 1 / 6

# A slope this small, as a share of the steepest on a lattice, may be none: beside a pole Newton's steps vanish too,
# but slopes grow.
LEVEL = 1e-3

# Curvature that counts as none, as a share of what is typical on the map.
FLAT = 1e-6

# Where the Hessian cannot tell, so far around a point, as a share of the map, and at so many places one looks whether
# the ground is higher: valleys may be narrow. What differs by this share of the heights there is level.
AROUND, PLACES, LEVEL_GROUND = 1e-3, 4096, 1e-13


@dataclass(frozen=True)
class StationaryPoints:
    """Points of zero gradient: minima first, the lowest first, then saddles, maxima and degenerate points.

    x            (k, 2)
    value        (k,)
    eigenvalues  (k, 2) of the Hessian, ascending; NaN where slopes jump and there is none
    kind         (k,), of KINDS; "degenerate" where an eigenvalue is 0 and heights around are on both sides, or level
    """

    x: np.ndarray
    value: np.ndarray
    eigenvalues: np.ndarray
    kind: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def chosen(self, which: np.ndarray) -> "StationaryPoints":
        """Some of them, by index or by mask."""
        return StationaryPoints(*(each[which] for each in vars(self).values()))

    def of(self, kind: str) -> np.ndarray:
        """The points of one kind, shape (m, 2)."""
        return self.x[self.kind == kind]


class Found(NamedTuple):
    """Zeros of the gradient: regular (k, 2), and vague (m, 2) where a curvature is at most `flat`, some of a curve."""

    regular: np.ndarray
    vague: np.ndarray
    flat: float


def stationary_points(objective: Objective, domain: Domain) -> StationaryPoints:
    """The stationary points in a domain ((x_low, x_high), (y_low, y_high)), of all kinds.

    Newton's method for a zero of the gradient, from wherever a lattice says that one is near; the lattice is made finer
    until nothing new is found. Points nearer to each other than the finest lattice's spacing may be missed. A surface's
    listed minima are among the answers even at a kink, where Newton's method has no hold, with the Hessian's
    eigenvalues there. Of a whole curve of stationary points, as the floor of a moat, none is reported.

    ValueError for an objective that is not of two variables. The objective must be hashable: what was found on the last
    few maps is kept.
    """
    if objective.dimension != 2:
        raise ValueError(f"dimension is {objective.dimension}; a map has 2")
    regular, vague, flat = _search(objective, domain)
    low, high = np.array(domain, dtype=float).T
    size = float(np.linalg.norm(high - low))
    listed = np.array([m.point for m in getattr(objective, "minima", ())]).reshape(-1, 2)
    x = distinct(np.concatenate([listed, regular, _alone(vague, ALONE * size)]), SAME * size)
    return _classified(objective, x, len(listed), flat, size)


def global_minima(objective: Objective, domain: Domain) -> tuple[Minimum, ...]:
    """Each global minimum inside a domain, in ascending order of x.

    Empty where a point of a lattice is lower than every minimum found, that is, where the lowest point is on the edge.
    A minimum that is a curve or a plain does not count.
    """
    x = np.concatenate(_search(objective, domain)[:2])
    low, high = np.array(domain, dtype=float).T
    with np.errstate(all="ignore"):
        curvature = eigh(objective.hessian(x))[0]
        norm = np.linalg.norm(objective.gradient(x), axis=-1)
        heights = objective.value(_lattice(low, high, FLOOR))
        floor = np.min(heights, initial=np.inf, where=~np.isnan(heights))
    settled = (norm <= 1e-12 * (1 + curvature[:, 1])) & (curvature[:, 0] > 1e-9 * curvature[:, 1])
    x = x[settled & ((x > low) & (x < high)).all(axis=-1)]
    value = objective.value(x)
    lowest = value.min(initial=np.inf)
    if not lowest <= floor + 1e-12:
        return ()
    kept = value <= lowest + 1e-10
    pairs = zip(x[kept].tolist(), value[kept].tolist(), strict=True)
    return tuple(sorted(Minimum((a, b), height) for (a, b), height in pairs))


@lru_cache(maxsize=16)
def _search(objective: Objective, domain: Domain) -> Found:
    low, high = np.array(domain, dtype=float).T
    size = float(np.linalg.norm(high - low))
    regular = vague = np.empty((0, 2))
    with np.errstate(all="ignore"):
        curvature = np.abs(eigh(objective.hessian(_lattice(low, high, TYPICAL)))[0])
        if np.isnan(curvature).all():
            return Found(regular, vague, 0.0)
        flat = FLAT * float(np.nanmedian(curvature))
        resolution, before = COARSEST, -1
        while resolution <= FINEST and len(regular) != before:
            before = len(regular) if resolution > COARSEST else -1
            cell = (high - low) / (resolution - 1)
            ends = _ends(objective, _seeds(objective, _lattice(low, high, resolution), cell), cell, size)
            ends = ends[((ends >= low - SAME * size) & (ends <= high + SAME * size)).all(axis=-1)]
            degenerate = (np.abs(eigh(objective.hessian(ends))[0]) <= flat).any(axis=-1)
            regular = distinct(np.concatenate([regular, ends[~degenerate]]), SAME * size)
            vague = distinct(np.concatenate([vague, ends[degenerate]]), SAME_VAGUE * size)
            resolution *= 2
        steepest = np.linalg.norm(objective.gradient(_lattice(low, high, COARSEST)), axis=-1)
        level = LEVEL * np.max(steepest, initial=0, where=np.isfinite(steepest))
        regular, vague = (
            _off_creases(objective, _off_poles(objective, settled_at(objective, x), level), flat, size)
            for x in (regular, vague)
        )
        return Found(regular, vague, flat)


def _lattice(low: np.ndarray, high: np.ndarray, resolution: int) -> np.ndarray:
    """(resolution, resolution, 2); rows are y."""
    return np.stack(np.meshgrid(*np.linspace(low, high, resolution).T), axis=-1)


def _seeds(objective: Objective, lattice: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Where a zero of the gradient may be near, (k, 2).

    In each cell where both components change sign, the zero of the planes fitted to them, and the middle too where that
    zero is outside; and the pits of |g|**2, which show a pair of points that lie in one cell.
    """
    g = objective.gradient(lattice)
    corners = np.stack([g[:-1, :-1], g[:-1, 1:], g[1:, :-1], g[1:, 1:]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    # On level ground a component is 0 everywhere, which is no change of sign.
    crossed = ((low <= 0) & (high >= 0) & (low < high)).all(axis=-1)
    a, b, c, d = corners[:, crossed]
    p = solve(np.stack([b + d - a - c, c + d - a - b], axis=-1) / 2, (a + b + c + d) / 4)
    nearest = np.argsort(np.abs(p).max(axis=-1), kind="stable")[:MOST]
    p, middles = p[nearest], (lattice[:-1, :-1][crossed] + cell / 2)[nearest]
    inside = (np.abs(p) <= 0.5).all(axis=-1)
    zeros = middles - np.clip(p, -0.5, 0.5) * cell
    square = np.sum(g * g, axis=-1)
    square[np.isnan(square)] = np.inf
    pits = (square <= _around(np.minimum, square)) & (square < _around(np.maximum, square))
    return np.concatenate([zeros[np.isfinite(p).all(axis=-1)], middles[~inside], lattice[pits]])


def _around(extreme: np.ufunc, values: np.ndarray) -> np.ndarray:
    """np.minimum or np.maximum over each point of a lattice and its eight neighbours."""
    padded = np.pad(values, 1, mode="edge")
    rows = extreme(extreme(padded[:-2], padded[1:-1]), padded[2:])
    return extreme(extreme(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])


def _ends(objective: Objective, x: np.ndarray, cell: np.ndarray, size: float) -> np.ndarray:
    """Where Newton's method for g = 0 comes to rest from x, (k, 2) -> (m, 2); the seeds it gives up are left out.

    A step is never longer than STRIDE, and shortened until it makes |g| smaller.
    """
    home, found = x, []
    norm, p = _step(objective, x)
    share, mark = np.ones(len(x)), norm
    for step in range(1, STEPS + 1):
        arrived = np.abs(p).max(axis=-1) <= ARRIVED * size
        found.append((x - p)[arrived])
        going = ~arrived & (share > LEAST) & (np.abs(x - home) <= REACH * cell).all(axis=-1)
        if step % LOOK == 0:
            going &= norm * FALL <= mark
            mark = norm
        x, home, norm, p, share, mark = (each[going] for each in (x, home, norm, p, share, mark))
        if not len(x):
            break
        stride = np.minimum(share, STRIDE / np.abs(p / cell).max(axis=-1))
        trial = x - stride[:, None] * p
        trial_norm = np.linalg.norm(objective.gradient(trial), axis=-1)
        better = trial_norm < norm
        share = np.where(better, np.minimum(4 * share, 1), share / 4)
        x = np.where(better[:, None], trial, x)
        norm[better], p[better] = _step(objective, x[better])
    return np.concatenate(found)


def _step(objective: Objective, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """|g|, (k,), and what Newton's method takes away from x, (k, 2): NaN where the Hessian is singular."""
    g = objective.gradient(x)
    return np.linalg.norm(g, axis=-1), solve(objective.hessian(x), g)


def settled_at(objective: Objective, x: np.ndarray) -> np.ndarray:
    """A few Newton steps more, for as long as they make the gradient smaller: down to rounding."""
    norm, p = _step(objective, x)
    for _ in range(3):
        trial = x - p
        trial_norm, trial_p = _step(objective, trial)
        better = trial_norm < norm
        x, p = np.where(better[:, None], trial, x), np.where(better[:, None], trial_p, p)
        norm = np.where(better, trial_norm, norm)
    return x


def _off_poles(objective: Objective, x: np.ndarray, level: float) -> np.ndarray:
    """The points where the slope is at most `level`."""
    return x[np.linalg.norm(objective.gradient(x), axis=-1) <= level]


def _off_creases(objective: Objective, x: np.ndarray, flat: float, size: float) -> np.ndarray:
    """The points beside which the gradient is as small as curvature allows: across a crease it jumps."""
    step = BESIDE * size
    beside = objective.gradient(x[:, None] + step * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]))
    curvature = np.abs(eigh(objective.hessian(x))[0]).max(axis=-1) + flat / FLAT
    return x[~(np.linalg.norm(beside, axis=-1).max(axis=-1) > 10 * curvature * step)]


def distinct(x: np.ndarray, apart: float) -> np.ndarray:
    """One of each cluster of points, the first in each; order is kept.

    Points less than apart / 2 from each other are one, those more than `apart` are two: a small cluster lies within
    one square of one of four grids, each moved by half a square.
    """
    for shift in ((0.0, 0.0), (0.5, 0.5), (0.0, 0.5), (0.5, 0.0)):
        column, row = np.round(x / apart + shift).T
        x = x[np.sort(np.unique(column + 1j * row, return_index=True)[1])]
    return x


def _alone(x: np.ndarray, apart: float) -> np.ndarray:
    """The points with no other within `apart`: a monkey saddle, but not a point of a curve of stationary points."""
    near = [np.sum(np.linalg.norm(x - point, axis=-1) <= apart) for point in x]
    return x[np.array(near, dtype=int) == 1]


def _classified(objective: Objective, x: np.ndarray, listed: int, flat: float, size: float) -> StationaryPoints:
    with np.errstate(all="ignore"):
        hessian, creased = curvature_at(objective, x)
        eigenvalues, value = eigh(hessian)[0], objective.value(x)
    low, high = np.where(np.abs(eigenvalues) <= flat, 0, np.sign(eigenvalues)).T
    kind = np.select([low > 0, (low < 0) & (high > 0), high < 0], ["minimum", "saddle", "maximum"], "degenerate")
    for i in np.flatnonzero(kind == "degenerate"):
        kind[i] = _by_heights(objective, x[i], AROUND * size)
    kind[:listed] = "minimum"
    # A curvature within rounding of none is none; one that slopes jump across is none at all.
    eigenvalues = np.where(creased[:, None], np.nan, np.where(np.abs(eigenvalues) <= flat, 0.0, eigenvalues))
    rank = np.array([KINDS.index(k) for k in kind], dtype=int)
    order = np.lexsort((x[:, 1], x[:, 0], np.round(value, 9), rank))
    return StationaryPoints(x[order], value[order], eigenvalues[order], kind[order])


def _by_heights(objective: Objective, x: np.ndarray, reach: float) -> str:
    """The kind of a degenerate point, (2,), by the heights on a circle around it."""
    angle = np.linspace(0, 2 * np.pi, PLACES, endpoint=False)
    with np.errstate(all="ignore"):
        here = objective.value(x)
        above = objective.value(x + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1)) - here
    slack = LEVEL_GROUND * max(abs(float(here)), float(np.abs(above).max()))
    if (above > slack).all():
        return "minimum"
    return "maximum" if (above < -slack).all() else "degenerate"
