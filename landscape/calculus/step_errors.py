"""How wrong a difference quotient is, for every step from 1 down to where nothing is left, in double and in single."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.differences import PRECISIONS, Forecast, difference, forecast
from landscape.calculus.orders import measured_order
from landscape.calculus.turns import Local, local

# The steps, and those before and after that are judged together: one lucky hit is no best step.
STEPS = 10.0 ** np.linspace(0, -16, 129)
AROUND = 4
# Backward is forward's mirror image.
SHOWN = ("forward", "central", "complex")


class Quotients(NamedTuple):
    """One scheme in one precision.

    error      (k,) its size at each step; NaN where the quotient is
    told       what theory says
    order      with which power of h the error falls, as measured; NaN where there is nothing to measure
    best, at   the step about which the worst error of half a decade to each side is least, and that error
    """

    error: np.ndarray
    told: Forecast
    order: float
    best: float
    at: float


class StepErrors(NamedTuple):
    """A curve at x, and its quotients at steps h, (k,), by scheme and precision."""

    curve: Curve
    x: float
    here: Local
    h: np.ndarray
    quotients: Mapping[tuple[str, str], Quotients]

    @property
    def scale(self) -> float:
        """What an error is compared with: the slope's size, or 1 where it is 0."""
        return abs(self.here.slope) or 1.0

    def digits(self, scheme: str, precision: str) -> np.ndarray:
        """How many digits of the slope are right at each step, (k,): 0 to those that the precision has."""
        most = -np.log10(np.finfo(PRECISIONS[precision][0]).eps / 2)
        with np.errstate(divide="ignore"):
            return np.clip(-np.log10(self.quotients[scheme, precision].error / self.scale), 0.0, most)


def step_errors(curve: Curve, x: float) -> StepErrors:
    """Every scheme of SHOWN in every precision. ValueError for an x that is not finite."""
    here = local(curve, x)
    found = {}
    for precision in PRECISIONS:
        for scheme in SHOWN:
            told = forecast(curve.compiled, x, scheme, precision)
            error = np.abs(difference(curve.compiled, x, STEPS, scheme, precision) - here.slope)
            order = measured_order(STEPS, error, told.bound(STEPS))
            found[scheme, precision] = Quotients(error, told, order, *_best(error))
    return StepErrors(curve, x, here, STEPS, found)


def _best(error: np.ndarray) -> tuple[float, float]:
    padded = np.pad(error, AROUND, mode="edge")
    worst = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1).max(axis=1)
    if np.isnan(worst).all():
        return float("nan"), float("nan")
    k = int(np.nanargmin(worst))
    return float(STEPS[k]), float(worst[k])
