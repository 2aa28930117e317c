"""Gradient descent and Newton's method on a curve, with the parabola that each of their steps trusts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.turns import Turns, turns
from landscape.descent.descend import Trajectory, descend
from landscape.optimizers import Optimizer
from landscape.optimizers.first_order import GradientDescent
from landscape.optimizers.second_order import Newton

METHODS = ("gradient_descent", "newton")
# A run has arrived within this share of the stretch that is drawn, and comes near within that one.
THERE, NEAR = 1e-6, 1e-2


class Stepping(NamedTuple):
    """A curve, its domain widened so that the start is on it, and the runs from there, of equal length.

    bends   by method, (T+1,) the curvature of the parabola that the step from each iterate trusts
    turns   where the curve turns
    """

    curve: Curve
    start: float
    rate: float
    runs: Mapping[str, Trajectory]
    bends: Mapping[str, np.ndarray]
    turns: Turns

    def x(self, method: str) -> np.ndarray:
        """The iterates, (T+1,)."""
        return self.runs[method].x[:, 0]

    def nearest(self, method: str) -> tuple[float, str] | None:
        """The turning point that a run ends near, and whether it is a "minimum" or a "maximum"."""
        low, high = self.curve.domain
        end = self.x(method)[-1]
        places = [
            (float(p), kind)
            for kind, at in (("minimum", self.turns.minima), ("maximum", self.turns.maxima))
            for p in at
        ]
        near = [each for each in places if abs(each[0] - end) <= NEAR * (high - low)]
        return min(near, key=lambda each: abs(each[0] - end), default=None)


def stepping(curve: Curve, start: float, rate: float, steps: int) -> Stepping:
    """The runs of METHODS. ValueError as `descend`."""
    wide = widened(curve, start)
    optimizers: dict[str, Optimizer] = {"gradient_descent": GradientDescent(lr=rate), "newton": Newton()}
    runs, bends = {}, {}
    for key, optimizer in optimizers.items():
        runs[key] = descend(curve.compiled, optimizer, np.array([start]), steps)
        x = runs[key].x[:, 0]
        bends[key] = np.full(len(x), 1 / rate) if key == "gradient_descent" else curve.curvature(x)
    return Stepping(wide, start, rate, runs, bends, turns(wide))


def widened(curve: Curve, start: float) -> Curve:
    """The curve as it is drawn: on its domain, or where the start is off that, wherever a run may begin."""
    low, high = curve.domain
    return curve if low <= start <= high else replace(curve, domain=starts(curve))


def starts(curve: Curve) -> tuple[float, float]:
    """Where a run may begin: on four times the domain where f has values there, else on the domain."""
    low, high = curve.domain
    middle, reach = (low + high) / 2, 2 * (high - low)
    far = np.linspace(middle - reach, middle + reach, 201)
    return (middle - reach, middle + reach) if np.isfinite(curve.value(far)).all() else curve.domain
