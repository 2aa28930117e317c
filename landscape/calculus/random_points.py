"""An area by random points, in many runs at once: their errors, and how often their intervals hold the truth."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.quadratures import quadrature, sampled

RUNS, MOST = 1000, 1000
# Runs at a time.
BLOCK = 50
# After how many points the runs are looked at.
COUNTS = np.unique(np.round(np.geomspace(2, MOST, 64)).astype(int))
# Pieces of the sum from which the standard deviation of f is known.
EXACT = 20_000


class RandomPoints(NamedTuple):
    """RUNS runs, looked at after n points, (k,).

    deviation   the standard deviation of one estimate from one point: (b - a) times that of f
    area        (RUNS, k) the estimates       standard_error, covers   (RUNS, k) see `Sampled`
    """

    curve: Curve
    a: float
    b: float
    truth: float
    deviation: float
    n: np.ndarray
    area: np.ndarray
    standard_error: np.ndarray
    covers: np.ndarray

    @property
    def told(self) -> np.ndarray:
        """The standard error that theory says, (k,): sigma / sqrt(n)."""
        return self.deviation / np.sqrt(self.n)

    @property
    def off(self) -> np.ndarray:
        """The root of the mean square error of all runs, (k,)."""
        return np.sqrt(np.mean((self.area - self.truth) ** 2, axis=0))

    @property
    def power(self) -> float:
        """With which power of n the error falls, fitted over all n; NaN where there is no error."""
        off = self.off
        return float(np.polyfit(np.log(self.n), np.log(off), 1)[0]) if (off > 0).all() else float("nan")


def random_points(curve: Curve, a: float, b: float, seed: int = 0) -> RandomPoints:
    """ValueError as `quadrature`, and for a curve of which no antiderivative is known."""
    truth = curve.integral(a, b)
    mean = truth / (b - a)
    variance = float(quadrature(lambda x: (curve.value(x) - mean) ** 2, a, b, EXACT, "midpoint")) / (b - a)
    # All runs at once would take eighty megabytes.
    rng, at = np.random.default_rng(seed), COUNTS - 1
    area, error, covers = [], [], []
    for _ in range(RUNS // BLOCK):
        run = sampled(curve.compiled, a, b, MOST, rng, BLOCK)
        area.append(run.area[:, at])
        error.append(run.standard_error[:, at])
        covers.append(run.covers(truth)[:, at])
    return RandomPoints(
        curve,
        a,
        b,
        truth,
        (b - a) * float(np.sqrt(variance)),
        COUNTS,
        np.concatenate(area),
        np.concatenate(error),
        np.concatenate(covers),
    )
