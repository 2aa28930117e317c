"""Secants of a curve as their step shrinks, beside the tangent."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.differences import DIFFERENCES, difference, scheme_of
from landscape.calculus.turns import Local, Turns, local, turns

# So often the step is halved, and so many frames a halving takes.
HALVINGS, FRAMES = 10, 6
SECANTS = [key for key, scheme in DIFFERENCES.items() if not scheme.off_axis]


class Secants(NamedTuple):
    """A curve at x, and its secants with the steps h = first * 2**-halvings, each array (k,).

    here       the curve at x
    ends       where each secant meets the curve, (k, 2)
    quotient   its slope; NaN where the curve has no value at one of its ends
    turns      where the curve turns
    """

    curve: Curve
    x: float
    scheme: str
    here: Local
    turns: Turns
    halvings: np.ndarray
    h: np.ndarray
    ends: np.ndarray
    quotient: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """By how much each secant is off, (k,)."""
        return self.quotient - self.here.slope


def secants(curve: Curve, x: float, h: float, scheme: str) -> Secants:
    """The secants from step h down; ValueError as `difference`, and for a scheme that has no secant."""
    chosen = scheme_of(scheme)
    if chosen.off_axis:
        raise ValueError(f"scheme is {scheme!r}, which is no secant: it leaves the real axis")
    halvings = np.arange(HALVINGS * FRAMES + 1) / FRAMES
    steps = h * 0.5**halvings
    ends = np.stack([x - chosen.back * steps, x + chosen.ahead * steps], axis=-1)
    quotient = difference(curve.compiled, x, steps, scheme)
    return Secants(curve, x, scheme, local(curve, x), turns(curve), halvings, steps, ends, quotient)
