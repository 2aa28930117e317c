"""The Taylor polynomials of a curve about one point, order after order, and what each leaves."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.expansions import partial_sums, taylor
from landscape.calculus.radius import radius

HIGHEST = 12
POINTS = 361
# So small that no coefficient of what is smooth overflows.
UNIT = 2.0**-60


class Expansion(NamedTuple):
    """A curve about `at`, in polynomials of order 0 to HIGHEST.

    probe          a place at which they are judged, and there_error (orders,) how far off each is
    coefficients   (orders,), NaN from the one on that does not exist
    last           the highest order that exists and is a number, -1 where the curve has no value
    exists         the highest that exists, though it may be too large for a number
    reach          `radius`: inf where the series serves everywhere, NaN where that is not known
    x, f           (points,) the curve
    sums           (orders, points) each polynomial; beyond the last order that exists, that one again
    """

    curve: Curve
    at: float
    probe: float
    coefficients: np.ndarray
    last: int
    exists: int
    reach: float
    x: np.ndarray
    f: np.ndarray
    sums: np.ndarray
    there_error: np.ndarray


def expansion(curve: Curve, at: float, probe: float) -> Expansion:
    """ValueError as `taylor`."""
    c = taylor(curve.compiled, at, HIGHEST)
    last, exists = (int(np.isfinite(each).sum()) - 1 for each in (c, taylor(curve.compiled, at, HIGHEST, UNIT)))
    x = np.linspace(*curve.domain, POINTS)
    known = np.minimum(np.arange(HIGHEST + 1), max(last, 0))
    sums = partial_sums(c, at, x)[known]
    off = np.abs(partial_sums(c, at, np.array(probe)) - curve.value(np.array(probe)))[known]
    return Expansion(curve, at, probe, c, last, exists, radius(curve.compiled, at), x, curve.value(x), sums, off)
