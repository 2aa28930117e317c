"""The noise of mini-batches: how a batch's gradient scatters about the true one, and what that does to a run.

Near a minimum with Hessian H, stochastic gradient descent is x <- x - rate * (H x + noise), x from the minimum. Its
scatter settles where a step's noise makes up for what the step contracts.
"""

from typing import Any, NamedTuple

import numpy as np

from landscape.linear_algebra import eigh


def batch_covariance(gradients: np.ndarray, batch: int, *, replacement: bool = False) -> np.ndarray:
    """The covariance of the mean of `batch` of N gradients about the mean of all, (N, n) -> (n, n).

        Sigma / batch * (N - batch) / (N - 1)    drawn without replacement, as `Objective.draw` does
        Sigma / batch                            with

    Sigma is the covariance of the N, divided by N: they are all there are. ValueError for a batch that is not a whole
    number from 1 to N, and for gradients that are not a finite table.
    Source: Cochran (1977), "Sampling techniques", 3rd ed., theorem 2.2.
    """
    g = np.asarray(gradients, dtype=float)
    if g.ndim != 2 or 0 in g.shape:
        raise ValueError(f"gradients has shape {g.shape}; it must be (samples, weights)")
    if not np.isfinite(g).all():
        raise ValueError("gradients has entries that are not finite; none is allowed")
    size = checked_batch(batch, len(g))
    off = g - g.mean(axis=0)
    sigma = off.T @ off / len(g)
    share = 1.0 if replacement or len(g) == 1 else (len(g) - size) / (len(g) - 1)
    return sigma * share / size


def checked_batch(batch: int, samples: int) -> int:
    """The batch size, or a ValueError: a whole number from 1 to the number of samples."""
    if isinstance(batch, bool) or batch != int(batch) or not 1 <= batch <= samples:
        raise ValueError(f"batch is {batch}; allowed is a whole number from 1 to {samples}, the number of samples")
    return int(batch)


class Stationary(NamedTuple):
    """The covariance that stochastic gradient descent settles at, each (..., n, n); NaN where it does not settle.

    exact      S = (I - rate H) S (I - rate H) + rate**2 C, solved
    small      its limit for small rates: H S + S H = rate C
    excess     how much larger the exact one is along the worst eigenvalue, (...): 2 / (2 - rate * largest) - 1
    """

    exact: np.ndarray
    small: np.ndarray
    excess: np.ndarray


def stationary_covariance(hessian: np.ndarray, covariance: np.ndarray, rate: Any) -> Stationary:
    """Where the scatter of x <- x - rate * (H x + noise) settles, noise of covariance C at every step.

    In the eigenvectors of H, with eigenvalues l,

        S_ij = rate C_ij / (l_i + l_j - rate l_i l_j),    small rates: rate C_ij / (l_i + l_j)

    so that along one eigenvalue it is rate c / (l (2 - rate l)). rate has any shape. There is no such scatter for
    rate >= 2 / largest, nor for an eigenvalue that is not positive: NaN. ValueError for matrices that do not fit
    together, and for a rate that is not positive and finite.
    Source: Mandt, Hoffman & Blei (2017), "Stochastic gradient descent as approximate Bayesian inference", JMLR 18, for
    small rates; the exact one is that of any vector autoregression of order 1.
    """
    h, c = _fitting(hessian, covariance)
    eta = _positive(rate)[..., None, None]
    values, vectors = eigh(h)
    turned = vectors.T @ c @ vectors
    pairs, products = values[:, None] + values, values[:, None] * values
    with np.errstate(all="ignore"):
        settles = (values > 0).all() & (eta[..., 0, 0] * values[-1] < 2)
        exact = np.where(settles[..., None, None], eta * turned / (pairs - eta * products), np.nan)
        small = np.where((values > 0).all(), eta * turned / pairs, np.nan)
        excess = np.where(settles, 2 / (2 - eta[..., 0, 0] * values[-1]) - 1, np.nan)
    return Stationary(vectors @ exact @ vectors.T, vectors @ small @ vectors.T, excess)


def covariances(hessian: np.ndarray, covariance: np.ndarray, rates: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The scatter after each step of a run whose rate changes, (T,) -> (T + 1, n, n): S <- A S A + rate**2 C.

    A = I - rate H. With a rate that decays to 0, but whose sum has no end, the scatter goes to 0.
    Source: Robbins & Monro (1951), "A stochastic approximation method".
    """
    h, c = _fitting(hessian, covariance)
    out = np.empty((len(rates) + 1, *h.shape))
    out[0] = first
    for t, rate in enumerate(_positive(rates)):
        a = np.eye(len(h)) - rate * h
        out[t + 1] = a @ out[t] @ a + rate * rate * c
    return out


def averaged_covariance(hessian: np.ndarray, covariance: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """The covariance of the mean of `steps` iterates in a row of a run that has settled, (n, n).

    In the eigenvectors of H, with a = 1 - rate l:  S_ij / T**2 * (T + sum_{k < T} (T - k) (a_i**k + a_j**k)).
    For long means it comes to H^-1 C H^-1 / T, whatever the rate.
    Source: Polyak & Juditsky (1992), "Acceleration of stochastic approximation by averaging", theorem 1, for the limit.
    """
    h, c = _fitting(hessian, covariance)
    if steps < 1 or steps != int(steps):
        raise ValueError(f"steps is {steps}; it must be a whole number of at least 1")
    values, vectors = eigh(h)
    settled = vectors.T @ stationary_covariance(h, c, rate).exact @ vectors
    k = np.arange(1, int(steps))
    kept = ((steps - k) * (1 - rate * values[:, None]) ** k).sum(axis=1)
    return vectors @ (settled * (steps + kept[:, None] + kept) / steps**2) @ vectors.T


def noisy_descent(
    hessian: np.ndarray, covariance: np.ndarray, rates: np.ndarray, starts: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Runs of x <- x - rate * (H x + noise), Gaussian noise of covariance C: (runs, n) -> (T + 1, runs, n)."""
    h, c = _fitting(hessian, covariance)
    values, vectors = np.linalg.eigh(c)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    x = np.empty((len(rates) + 1, *np.shape(starts)))
    x[0] = starts
    for t, rate in enumerate(_positive(rates)):
        x[t + 1] = x[t] - rate * (x[t] @ h + rng.standard_normal(x[t].shape) @ root.T)
    return x


def _fitting(hessian: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    h, c = np.asarray(hessian, dtype=float), np.asarray(covariance, dtype=float)
    for name, matrix in (("hessian", h), ("covariance", c)):
        if matrix.ndim != 2 or matrix.shape != h.shape or len(matrix) != matrix.shape[1]:
            raise ValueError(f"{name} has shape {matrix.shape}; both matrices must be (n, n)")
        if not np.isfinite(matrix).all():
            raise ValueError(f"{name} has entries that are not finite; none is allowed")
    return h, c


def _positive(rate: Any) -> np.ndarray:
    eta = np.asarray(rate, dtype=float)
    if not ((eta > 0) & np.isfinite(eta)).all():
        raise ValueError(f"rate is {eta[~((eta > 0) & np.isfinite(eta))].flat[0]:g}; it must be positive and finite")
    return eta
