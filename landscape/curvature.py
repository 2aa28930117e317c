"""The curvature of an objective at a point, and what its signs say."""

from dataclasses import dataclass

import numpy as np

from landscape.linear_algebra import eigh
from landscape.objective import Objective

# What the signs of the eigenvalues say, in words.
SHAPES = {
    "bowl": "it curves upwards in every direction",
    "hilltop": "it curves downwards in every direction",
    "saddle": "it curves upwards one way and downwards another",
    "trough": "it curves upwards one way and is flat another",
    "ridge": "it curves downwards one way and is flat another",
    "plateau": "it has no curvature in any direction",
}

# Curvature that counts as none, in itself and beside the largest.
FLAT = 1e-8


@dataclass(frozen=True)
class Local:
    """The curvature of an objective at x, and the rates at which gradient descent can live with it.

    x               (..., n)
    hessian         (..., n, n)
    eigenvalues     (..., n), ascending; eigenvectors (..., n, n), in columns
    shape           (...), a key of SHAPES: "bowl", "saddle" ... by the signs of the eigenvalues
    condition       (...), largest over smallest |eigenvalue|, infinite where one is 0
    largest_rate    (...), 2 / lambda_max, from where on gradient descent diverges; infinite where nothing curves up
    """

    x: np.ndarray
    hessian: np.ndarray
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    shape: np.ndarray
    condition: np.ndarray
    largest_rate: np.ndarray


def local(objective: Objective, x: np.ndarray) -> Local:
    """The curvature at x, (..., n)."""
    x = np.asarray(x, dtype=float)
    hessian = objective.hessian(x)
    values, vectors = eigh(hessian)
    size = np.abs(values)
    with np.errstate(all="ignore"):
        condition = np.where(size.min(axis=-1) > 0, size.max(axis=-1) / size.min(axis=-1), np.inf)
        largest_rate = np.where(values[..., -1] > 0, 2 / values[..., -1], np.inf)
    return Local(x, hessian, values, vectors, shapes(values), condition, largest_rate)


def shapes(eigenvalues: np.ndarray) -> np.ndarray:
    """The keys of SHAPES for eigenvalues of shape (..., n)."""
    zero = np.abs(eigenvalues) <= FLAT * np.maximum(1.0, np.abs(eigenvalues).max(axis=-1, keepdims=True))
    up, down = ((eigenvalues > 0) & ~zero).any(axis=-1), ((eigenvalues < 0) & ~zero).any(axis=-1)
    flat = zero.any(axis=-1)
    return np.select(
        [up & down, up & flat, up, down & flat, down], ["saddle", "trough", "bowl", "ridge", "hilltop"], "plateau"
    )
