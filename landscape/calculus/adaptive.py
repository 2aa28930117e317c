"""Adaptive quadrature: the area under a curve of which no antiderivative is known, or the finding that none is to be
had."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

# Points of the two rules of Gauss and Legendre that are compared on every piece.
FEW, MANY = 10, 21
NODES = {count: np.polynomial.legendre.leggauss(count) for count in (FEW, MANY)}
# How far the two may be apart on a piece, and what one may hold that cannot be halved any more, as shares of the whole.
APART, LEFT = 1e-13, 1e-7
# So often a piece may be halved, and so many pieces there may be.
DEEPEST, MOST = 60, 1500


class Adaptive(NamedTuple):
    """An area, about how far it may be off, and None; or NaN, NaN, and near which place none was found."""

    area: float
    error: float
    failed: float | None


def adaptive(f: Callable[[np.ndarray], np.ndarray], a: float, b: float) -> Adaptive:
    """The area under f from a to b, a < b; f may have kinks, jumps, and places where it is upright or without bounds.

    A piece is halved for as long as two rules of Gauss and Legendre differ on it. Where a piece as small as rounding
    allows still holds much, or has no value, no area is found.
    Source: Davis & Rabinowitz (1984), "Methods of numerical integration", 2nd ed., section 6.2.
    """
    seen = f(np.linspace(a, b, 403)[1:-1])
    seen = np.abs(seen[np.isfinite(seen)])
    scale = (b - a) * float(np.quantile(seen, 0.9)) if seen.size else 0.0
    waiting, done, area, error = [(a, b, 0)], 0, 0.0, 0.0
    with np.errstate(all="ignore"):
        while waiting:
            low, high, depth = waiting.pop()
            done += 1
            few, many = (_rule(f, low, high, count) for count in (FEW, MANY))
            apart, middle = abs(many - few), (low + high) / 2
            if not (np.isfinite(many) and apart <= APART * (scale + abs(many))):
                if depth < DEEPEST and done < MOST and low < middle < high:
                    waiting += [(middle, high, depth + 1), (low, middle, depth + 1)]
                    continue
                if not abs(many) <= LEFT * scale:
                    # What is left of 0 is rounding.
                    near = 0.0 if abs(middle) < 1e-12 * (b - a) else middle
                    return Adaptive(float("nan"), float("nan"), near)
                apart += abs(many)
            area, error = area + many, error + apart
    return Adaptive(area, error, None)


def _rule(f: Callable[[np.ndarray], np.ndarray], low: float, high: float, count: int) -> float:
    nodes, weights = NODES[count]
    half = (high - low) / 2
    return float(half * np.sum(weights * f(low + half * (1 + nodes))))
