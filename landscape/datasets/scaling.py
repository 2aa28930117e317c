"""Columns without units."""

from typing import NamedTuple

import numpy as np


class Standardized(NamedTuple):
    """Columns of mean 0 and mean square 1; a constant column is 0 throughout, and its scale counts as 1."""

    X: np.ndarray  # (N, p)
    mean: np.ndarray  # (p,)
    scale: np.ndarray  # (p,), the standard deviation with N in the denominator


def standardize(X: np.ndarray) -> Standardized:
    """(X - mean) / scale, column by column, shape (N, p)."""
    X = np.asarray(X, dtype=float)
    mean = X.mean(axis=0)
    centred = X - mean
    scale = np.sqrt(np.mean(centred**2, axis=0))
    # A constant column leaves its rounding behind, not 0.
    constant = scale <= 1e-13 * np.abs(X).max(axis=0)
    scale = np.where(constant, 1.0, scale)
    return Standardized(np.where(constant, 0.0, centred / scale), mean, scale)
