"""The same integral in 1 to 10 dimensions: by grids and by random points, with equally many points.

The integrand is the product over the coordinates of exp(x) / (e - 1) on the unit cube: its integral is 1 in every
dimension, and all that a rule makes of it on a grid is a product, too.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

MOST = 10
# Numbers of points, and the runs of random points at each.
POINTS = 2 ** np.arange(2, 14)
RUNS = 64
# By key of QUADRATURES: how many points a side has for each piece, and one more or not.
GRIDS = {"midpoint": (1, 0), "simpson": (2, 1)}
# What a rule makes of the integral of exp(x) / (e - 1) from 0 to 1 in pieces of width h; it can be recorded.
SIDES: dict[str, Callable[[Any], Any]] = {
    "midpoint": lambda h: h / (2 * np.sinh(h / 2)),
    "simpson": lambda h: h * (2 + np.cosh(h / 2)) / (6 * np.sinh(h / 2)),
}


class Dimensions(NamedTuple):
    """Errors in 1 ... MOST dimensions, at each of POINTS.

    d, points     (MOST,) and (k,)
    side          by rule (MOST, k): points along one side of the largest grid with no more points; 0 for none
    grid          by rule (MOST, k): the error on that grid; NaN for none
    random        (MOST, k): the root of the mean square error of RUNS runs of random points
    told          (MOST, k): sigma / sqrt(n)
    """

    d: np.ndarray
    points: np.ndarray
    side: dict[str, np.ndarray]
    grid: dict[str, np.ndarray]
    random: np.ndarray
    told: np.ndarray

    def first_won(self, rule: str, k: int) -> int | None:
        """From which dimension on, up to the last, random points are nearer than the grid; None for from none on.

        A grid that takes more points than there are has lost.
        """
        won = ~(self.grid[rule][:, k] < self.told[:, k])
        lost = np.flatnonzero(~won)
        first = int(lost[-1]) + 1 if lost.size else 0
        return None if first == len(self.d) else int(self.d[first])


def dimensions(seed: int = 0) -> Dimensions:
    """Errors of both kinds; see `grid_error` and `spread`."""
    d = np.arange(1, MOST + 1)
    side = {rule: sides(rule, d[:, None], POINTS) for rule in GRIDS}
    grid = {rule: grid_error(rule, d[:, None], side[rule]) for rule in GRIDS}
    told = spread(d)[:, None] / np.sqrt(POINTS)
    return Dimensions(d, POINTS, side, grid, _random(seed), told)


def sides(rule: str, d: Any, points: Any) -> Any:
    """Points along a side of the largest grid of at most so many points in d dimensions; 0 where not one piece fits.

    As `grid_error` it can be recorded.
    """
    each, more = GRIDS[rule]
    # A root of whole numbers, whose rounding must not lose a point.
    longest = points ** (1 / d) * (1 + 1e-12)
    room = longest - more
    return np.where(room >= each, room - np.remainder(room, each) + more, 0.0)


def grid_error(rule: str, d: Any, side: Any) -> Any:
    """The error of a rule with `side` points along each of d sides: the product of d sums, less 1; NaN for none."""
    each, more = GRIDS[rule]
    pieces = np.where(side > 0, (side - more) / each, np.nan)
    return np.abs(SIDES[rule](1 / pieces) ** d - 1)


def spread(d: np.ndarray) -> np.ndarray:
    """The standard deviation of the integrand: sigma**2 = ((e + 1) / (2 (e - 1)))**d - 1."""
    return np.sqrt(np.expm1(d * np.log((np.e + 1) / (2 * (np.e - 1)))))


def _side(x: np.ndarray) -> np.ndarray:
    return np.exp(x) / np.expm1(1.0)


def _random(seed: int) -> np.ndarray:
    """Each dimension multiplies one more factor on to the points of the last one."""
    rng, most = np.random.default_rng(seed), int(POINTS[-1])
    f, out = np.ones((RUNS, most)), np.empty((MOST, len(POINTS)))
    for d in range(MOST):
        f *= _side(rng.random((RUNS, most)))
        means = np.cumsum(f, axis=1)[:, POINTS - 1] / POINTS
        out[d] = np.sqrt(np.mean((means - 1) ** 2, axis=0))
    return out
