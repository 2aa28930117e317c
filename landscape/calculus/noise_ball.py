"""Stochastic gradient descent around a minimum: how its cloud settles, what was predicted, and what ends it."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.gradient_noise import (
    Stationary,
    averaged_covariance,
    covariances,
    noisy_descent,
    stationary_covariance,
)
from landscape.numbers import short

# The bowl, and the covariance of one sample's gradient.
HESSIAN = np.array([[2.375, 1.0825317547305482], [1.0825317547305482, 1.125]])
COVARIANCE = np.array([[9.0, 2.7], [2.7, 5.4]])
START = np.array([-2.0, 2.0])
RUNS = 400
# A run is settled when so little of its beginning is left; then it goes on for so many times as long.
LEFT, LONGER = 1e-3, 3
MOST, DIVERGING = 2400, 40
# A decaying rate is halved in a quarter of the time that a constant one takes to settle.
QUARTER = 4
# The root of the rounding in a covariance: of a cloud that is nearly a line its width is not known.
ROUNDING = 1e-7


class NoiseBall(NamedTuple):
    """RUNS runs of one rate, and as many with a rate that decays from it, on a bowl with Gaussian gradient noise.

    rate, batch       the noise of a step has covariance COVARIANCE / batch
    settled           the step from which on the cloud counts as settled
    theory            where it settles; NaN where it does not
    x, decayed        (T+1, RUNS, 2)
    spread            (T+1, 2, 2) the covariance over the runs at each step; decayed_spread likewise
    told              (T+1, 2, 2) the same as predicted; decayed_told likewise
    measured          (2, 2) about the minimum, over all steps from `settled` on
    lengths           (k,) of means over iterates; mean_spread, mean_told (k,) the trace of their covariance
    """

    rate: float
    batch: int
    settled: int
    theory: Stationary
    x: np.ndarray
    decayed: np.ndarray
    spread: np.ndarray
    decayed_spread: np.ndarray
    told: np.ndarray
    decayed_told: np.ndarray
    measured: np.ndarray
    lengths: np.ndarray
    mean_spread: np.ndarray
    mean_told: np.ndarray

    @property
    def limit(self) -> float:
        """The rate from which on there is no ball."""
        return 2 / float(np.linalg.eigvalsh(HESSIAN)[-1])

    @property
    def settles(self) -> bool:
        return self.rate < self.limit


def noise_ball(rate: float, batch: int, seed: int = 0) -> NoiseBall:
    """ValueError for a rate that is not positive and finite, and a batch that is not a whole number of at least 1."""
    if batch < 1 or batch != int(batch):
        raise ValueError(f"batch is {batch}; it must be a whole number of at least 1")
    noise, rng = COVARIANCE / batch, np.random.default_rng(seed)
    theory = stationary_covariance(HESSIAN, noise, rate)
    settled, steps = _lengths(rate)
    rates = np.full(steps, rate)
    falling = rate / (1 + QUARTER * np.arange(steps) / settled)
    starts = np.broadcast_to(START, (RUNS, 2))
    x, decayed = (noisy_descent(HESSIAN, noise, each, starts, rng) for each in (rates, falling))
    nowhere = np.zeros((2, 2))
    late = x[settled:].reshape(-1, 2)
    lengths = np.unique(np.round(2.0 ** np.arange(0, np.log2(steps - settled), 0.5)).astype(int))
    means = [x[-n:].mean(axis=0) for n in lengths]
    steady = np.isfinite(theory.exact).all()
    return NoiseBall(
        rate,
        int(batch),
        settled,
        theory,
        x,
        decayed,
        _spread(x),
        _spread(decayed),
        covariances(HESSIAN, noise, rates, nowhere),
        covariances(HESSIAN, noise, falling, nowhere),
        late.T @ late / len(late),
        lengths,
        np.array([np.sum(mean**2) / RUNS for mean in means]),
        np.array([np.trace(averaged_covariance(HESSIAN, noise, rate, n)) if steady else np.nan for n in lengths]),
    )


def _lengths(rate: float) -> tuple[int, int]:
    """After how many steps the beginning is forgotten, and how many there are."""
    kept = float(np.abs(1 - rate * np.linalg.eigvalsh(HESSIAN)).max())
    if kept >= 1:
        return DIVERGING // 2, DIVERGING
    settled = min(MOST // (1 + LONGER), max(12, int(np.ceil(np.log(LEFT) / np.log(kept)))))
    return settled, settled * (1 + LONGER)


def _spread(x: np.ndarray) -> np.ndarray:
    off = x - x.mean(axis=1, keepdims=True)
    return np.einsum("tri,trj->tij", off, off) / x.shape[1]


def axes_of(covariance: np.ndarray) -> np.ndarray:
    """The standard deviations along a covariance's own axes, the longer first, (2,)."""
    return np.sqrt(np.maximum(np.linalg.eigvalsh(covariance)[::-1], 0.0))


def extent(covariance: np.ndarray) -> str:
    """Both of them for people: "0.3 by 0.1". Beside the larger one a smaller than ROUNDING of it is none."""
    both = axes_of(covariance)
    return " by ".join(map(short, np.where(both < ROUNDING * both.max(), 0.0, both).tolist()))


def off_by(measured: np.ndarray, told: np.ndarray) -> float:
    """By which share a measured covariance differs from a predicted one, along the direction where it does most."""
    root = np.linalg.inv(np.linalg.cholesky(told))
    return float(np.abs(np.linalg.eigvalsh(root @ measured @ root.T) - 1).max())
