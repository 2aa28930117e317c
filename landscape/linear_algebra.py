"""Batched linear algebra in which one bad matrix does not spoil the batch."""

import numpy as np

EPSILON = float(np.finfo(float).eps)


def solve(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The p with hessian @ p = gradient, shapes (..., n, n) and (..., n); NaN where the matrix is singular.

    Singular means to working precision, whatever the scale of its rows: for n = 2 the determinant is lost in its own
    rounding, otherwise the condition number of the matrix with its rows scaled to 1 exceeds 1 / EPSILON. A matrix that
    is not finite counts as singular.
    """
    return _solve_2(hessian, gradient) if gradient.shape[-1] == 2 else _solve_n(hessian, gradient)


def _solve_2(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    # Transposed, a component is a number for one start and contiguous memory for a batch that is component first.
    (a, c), (b, d) = hessian.T
    g, h = gradient.T
    ad, bc = a * d, b * c
    determinant = ad - bc
    regular = abs(determinant) > 4 * EPSILON * (abs(ad) + abs(bc))
    determinant = np.where(regular, determinant, np.nan)
    return np.array([(d * g - b * h) / determinant, (a * h - c * g) / determinant]).T


def _solve_n(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = np.abs(hessian).max(axis=-1, keepdims=True)
        scaled = hessian / rows
        regular = (np.linalg.cond(scaled, 1) < 1 / EPSILON)[..., None]
        # numpy refuses a whole batch for one singular matrix, so those are replaced before and struck out after.
        p = np.linalg.solve(np.where(regular[..., None], scaled, np.eye(hessian.shape[-1])), gradient[..., None] / rows)
    return np.where(regular, p[..., 0], np.nan)
