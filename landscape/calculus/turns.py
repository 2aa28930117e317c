"""Where a curve turns, where it bends the other way, and where it has a kink: the changes of sign of its slope and
curvature."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.expansions import taylor

LATTICE = 2001
# On a lattice so many times as fine no more changes of sign are seen, where all can be counted.
FINER = 8
HALVINGS = 60
# A curve that changes by this share of its size within a millionth of its domain is broken there.
BREAK = 0.1
# So near to a point, as a share of the domain, and this share of it nearer, slopes are asked for on both its sides.
BESIDE, NEARER = 1e-9, 1 / 64
# They come together if their difference falls to less than this share, and grow without end if to more than that.
MET, GROWN = 0.9, 1.1
# A unit in which no derivative overflows.
TINY = 2.0**-60
# A change of the value that is no rounding, as a share of it or of 1; one that is as large nearer by is a leap.
LEAP = 1e-9


class Turns(NamedTuple):
    """Places on a curve's domain, each rising.

    minima, maxima   where its slope changes from falling to rising, and from rising to falling
    bends            where its curvature changes sign
    countless        whether its slope changes its sign more often than is seen here
    levels           (k, 2) from where to where its slope is 0, which has another sign behind that than before
    """

    minima: np.ndarray
    maxima: np.ndarray
    bends: np.ndarray
    levels: np.ndarray
    countless: bool


def turns(curve: Curve) -> Turns:
    """Where slope and curvature change their signs, each to rounding; of two within a 2000th of the domain neither.

    At a pole or a jump, where they may change their signs, too, the curve does not turn.
    """
    low, high = curve.domain
    at, bends = (_unbroken(curve, crossings(f, low, high)) for f in (curve.slope, curve.curvature))
    rising = curve.slope(at + 1e-6 * (high - low)) > 0
    # At a pole or a leap the sign may change, or not.
    seen, finer = (
        _unbroken(curve, crossings(curve.slope, low, high, count)) for count in (LATTICE, FINER * (LATTICE - 1) + 1)
    )
    countless = len(finer) != len(seen)
    return Turns(at[rising], at[~rising], bends, levels(curve.slope, low, high), countless)


def _unbroken(curve: Curve, at: np.ndarray) -> np.ndarray:
    """The places on both sides of which the curve goes on."""
    low, high = curve.domain
    beside = curve.value(at[:, None] + 1e-6 * (high - low) * np.array([-1.0, 0.0, 1.0]))
    seen = curve.value(np.linspace(low, high, LATTICE))
    seen = seen[np.isfinite(seen)]
    size = float(np.ptp(np.quantile(seen, [0.05, 0.95]))) if seen.size else 0.0
    with np.errstate(invalid="ignore"):
        return at[np.ptp(beside, axis=1) <= BREAK * size]


def crossings(f: Callable[[np.ndarray], np.ndarray], low: float, high: float, count: int = LATTICE) -> np.ndarray:
    """Where f changes its sign between low and high, as seen on so many points, by bisection, (k,)."""
    a, b = _changes(f, low, high, wide=False, count=count)
    # From both sides: around a zero of high order f is 0 for a while.
    found = (_end(f, a, b) + _end(f, b, a)) / 2
    # What is left of a place that is 0 is rounding.
    return np.where(np.abs(found) < 1e-12 * (high - low), 0.0, found)


def _end(f: Callable[[np.ndarray], np.ndarray], inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """How far f keeps the sign that it has inside, towards outside, by bisection."""
    sign = np.sign(f(inside))
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        kept = np.sign(f(middle)) == sign
        inside, outside = np.where(kept, middle, inside), np.where(kept, outside, middle)
    return (inside + outside) / 2


def levels(f: Callable[[np.ndarray], np.ndarray], low: float, high: float) -> np.ndarray:
    """From where to where f is 0 and between two signs, wider than the lattice is fine, by bisection, (k, 2)."""
    a, b = _changes(f, low, high, wide=True)
    ends = np.stack([_end(f, a, b), _end(f, b, a)], axis=-1)
    return np.where(np.abs(ends) < 1e-12 * (high - low), 0.0, ends)


def _changes(
    f: Callable[[np.ndarray], np.ndarray], low: float, high: float, *, wide: bool, count: int = LATTICE
) -> tuple[np.ndarray, np.ndarray]:
    """Points of a lattice between which f changes its sign, (k,) each: neighbours, or with zeros between them."""
    x = np.linspace(low, high, count)
    sign = np.sign(f(x))
    # A gap of one point between zeros is none.
    sign[1:-1] = np.where(np.isnan(sign[1:-1]) & (sign[:-2] == 0) & (sign[2:] == 0), 0.0, sign[1:-1])
    # A zero that falls on the lattice has neighbours on both sides that tell.
    known = np.flatnonzero(sign)
    here, there = known[:-1], known[1:]
    changed = (sign[here] * sign[there] < 0) & ((there - here > 2) == wide)
    return x[here[changed]], x[there[changed]]


class Local(NamedTuple):
    """A curve at one point: its value, slope and curvature there; NaN for what does not exist, as at a kink.

    left, right   the slopes beside it; infinite where they grow without end towards it
    leaps         whether it has another value there than beside it
    """

    value: float
    slope: float
    curvature: float
    left: float
    right: float
    leaps: bool


def local(curve: Curve, x: float) -> Local:
    """By its expansion, and where a part of that is not smooth by what is beside x."""
    value, slope, bend = (float(k * c) for k, c in zip((1, 1, 2), taylor(curve.compiled, x, 2), strict=True))
    at = x + BESIDE * (curve.domain[1] - curve.domain[0]) * np.array([-1, -NEARER, NEARER, 1])
    with np.errstate(all="ignore"):
        values, slopes, curvatures = curve.value(at), curve.slope(at), curve.curvature(at)
        off = np.abs(values - value)
        leaps = bool(((off[1:3] > LEAP * (1 + abs(value))) & (off[1:3] > MET * off[[0, 3]])).any())
    left, right = (float(each) for each in slopes[[0, 3]])
    if np.isfinite(value) and not np.isfinite(slope) and not leaps:
        slope = float(curve.slope(np.array(x))) if _meet(slopes) else np.nan
        if _grow(slopes):
            left, right = (float(np.copysign(np.inf, each)) for each in slopes[[1, 2]])
    if np.isfinite(slope) and not np.isfinite(bend):
        bend = float(curve.curvature(np.array(x))) if _meet(curvatures) else np.nan
        # What is there, and only too large for a number, keeps its sign.
        there = float(taylor(curve.compiled, x, 2, TINY)[2])
        bend = float(np.copysign(np.inf, there)) if np.isfinite(there) else bend
    return Local(value, slope, bend, left, right, leaps)


def _grow(beside: np.ndarray) -> bool:
    """Whether what is told at four places, left and right of a point, grows without end towards it."""
    size = np.abs(beside)
    return bool((size[1:3] > GROWN * size[[0, 3]]).all())


def _meet(beside: np.ndarray) -> bool:
    """Whether it comes together there."""
    far, near = abs(beside[3] - beside[0]), abs(beside[2] - beside[1])
    return bool((near == 0 or near < MET * far) and not _grow(beside))
