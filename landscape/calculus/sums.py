"""Sums over a grid that come to an area: every rule with every number of pieces, and the order each is seen to have."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from landscape.calculus.adaptive import Adaptive, adaptive
from landscape.calculus.curves import Curve, checked_stretch
from landscape.calculus.orders import measured_order
from landscape.calculus.quadratures import QUADRATURES, quadrature

# Numbers of pieces: those that are drawn piece by piece, and on to those on which the orders are measured.
PIECES = np.unique(np.round(2.0 ** np.arange(0, 13.1, 0.5)).astype(int))
DRAWN = PIECES[PIECES <= 128]
RULES = [key for key, rule in QUADRATURES.items() if rule.within]


class Sums(NamedTuple):
    """A curve's area from a to b, and by rule (k,) its sums in `pieces` pieces.

    truth      NaN where no area was found, near the place `failed`
    order      by rule, the power of the width with which the error falls, as measured; NaN where that is not known
    rounding   about what rounding may do to a sum, or how far `truth` may be off
    """

    curve: Curve
    a: float
    b: float
    truth: float
    pieces: np.ndarray
    sums: Mapping[str, np.ndarray]
    order: Mapping[str, float]
    rounding: float
    failed: float | None = None

    @property
    def area(self) -> float:
        """The truth, 0 where what cancels leaves rounding alone."""
        return 0.0 if abs(self.truth) <= self.rounding else self.truth

    def error(self, rule: str) -> np.ndarray:
        return np.abs(self.sums[rule] - self.truth)


def sums(curve: Curve, a: float, b: float) -> Sums:
    """ValueError as `quadrature`. The area comes from the antiderivative, or where none is known from `adaptive`.

    A sum that asks f where it has no value is NaN.
    """
    known = Adaptive(curve.integral(a, b), 0.0, None) if curve.whole else _area(curve, a, b)
    truth = known.area
    found = {rule: quadrature(curve.compiled, a, b, PIECES, rule) for rule in RULES}
    found = {rule: np.where(np.isfinite(each), each, np.nan) for rule, each in found.items()}
    seen = np.abs(curve.value(np.linspace(a, b, 201)))
    size = float(seen[np.isfinite(seen)].max(initial=0.0))
    rounding = max(float(np.finfo(float).eps) * (b - a) * size, known.error if np.isfinite(known.error) else 0.0)
    order = {rule: measured_order((b - a) / PIECES, np.abs(found[rule] - truth), np.array(rounding)) for rule in RULES}
    return Sums(curve, a, b, truth, PIECES, found, order, rounding, known.failed)


@lru_cache(maxsize=64)
def _area(curve: Curve, a: float, b: float) -> Adaptive:
    checked_stretch("a to b", a, b)
    return adaptive(curve.value, a, b)


def outline(curve: Curve, a: float, b: float, n: int, rule: str) -> np.ndarray:
    """The pieces whose areas a rule adds up, as lines from the axis to the axis with gaps, (n, points + 1, 2)."""
    left = a + (b - a) / n * np.arange(n)[:, None]
    h = (b - a) / n
    shares = np.linspace(0, 1, 9 if rule == "simpson" else 2)
    x = left + h * shares
    tops = sum(
        w * curve.value(left + h * s) for s, w in zip(QUADRATURES[rule].within, _basis(rule, shares), strict=True)
    )
    ends = np.concatenate([left, x, left + h], axis=1), np.concatenate([0 * left, tops, 0 * left], axis=1)
    return np.stack([np.concatenate([each, np.full((n, 1), np.nan)], axis=1) for each in ends], axis=-1)


def _basis(rule: str, t: np.ndarray) -> list[np.ndarray]:
    """What stands on a piece: the polynomials that are 1 at one of the rule's points and 0 at the others."""
    nodes = QUADRATURES[rule].within
    return [
        np.prod([(t - other) / (node - other) for other in nodes if other != node], axis=0) + 0 * t for node in nodes
    ]
