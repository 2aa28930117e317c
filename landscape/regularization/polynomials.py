"""Over-fitting: polynomials of every degree through noisy points, with every strength of ridge, in closed form.

The features are Legendre polynomials rather than powers. They span the same curves, but are orthogonal, so that degree
20 is as easy to solve for as degree 2; and they are scaled so that the penalty on their weights is one on slopes,

    |w|**2 = mean over [-1, 1] of (1 - t**2) * f'(t)**2

which holds wiggles back more, the faster they are, and means the same for every degree.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.regularization.paths import check_strengths, ridge_path

MAX_DEGREE = 50
# t and y, (N,) each.
Points = tuple[np.ndarray, np.ndarray]


def truth(t: np.ndarray) -> np.ndarray:
    """The curve behind the noisy points, sin(pi t) for t in [-1, 1]. Source: Bishop (2006), section 1.1, shifted."""
    return np.sin(np.pi * t)


def noisy_points(count: int, noise: float, rng: np.random.Generator) -> Points:
    """t, uniform in [-1, 1] and sorted, and truth(t) plus Gaussian noise of that deviation, both of shape (count,)."""
    t = np.sort(rng.uniform(-1, 1, count))
    return t, truth(t) + noise * rng.standard_normal(count)


def features(t: np.ndarray, degree: int) -> np.ndarray:
    """sqrt((2 j + 1) / (j (j + 1))) * P_j(t) for j = 1 ... degree, (N,) -> (N, degree), for t in [-1, 1].

    Each has mean 0 and mean square 1 / (j (j + 1)) over the interval and is orthogonal to the others there, and so are
    their slopes under the weight 1 - t**2, with mean square 1. The constant is left to the intercept. ValueError for a
    degree out of range. Source: Abramowitz & Stegun (1964), eqs. 22.2.10 and 22.6.13, for the norm and the slopes.
    """
    if not 1 <= degree <= MAX_DEGREE:
        raise ValueError(f"degree is {degree}; allowed is 1 to {MAX_DEGREE}")
    j = np.arange(1, degree + 1)
    return np.polynomial.legendre.legvander(t, degree)[:, 1:] * np.sqrt((2 * j + 1) / (j * (j + 1)))


@dataclass(frozen=True)
class PolynomialFits:
    """Ridge fits of m degrees at k strengths.

    degrees (m,), strengths (k,)
    coefficients  (m, k, largest degree)   weights of the features, 0 beyond a fit's own degree
    intercepts    (m, k)
    train         (m, k)                   mean squared error on the points that were fitted
    validation    (m, k)                   and on those that were held back
    """

    degrees: np.ndarray
    strengths: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray
    train: np.ndarray
    validation: np.ndarray

    def curve(self, t: np.ndarray) -> np.ndarray:
        """Every fitted curve at the points t, (T,) -> (m, k, T)."""
        return self.coefficients @ features(t, self.coefficients.shape[-1]).T + self.intercepts[..., None]

    @property
    def best(self) -> tuple[int, int]:
        """The indices of the degree and the strength with the smallest validation error."""
        i, j = np.unravel_index(np.argmin(self.validation), self.validation.shape)
        return int(i), int(j)


class OverFitting(NamedTuple):
    """Fits of every degree with every strength, the points that they were fitted to and judged by, and the degree that
    is looked at."""

    fits: PolynomialFits
    train: Points
    validation: Points
    degree: int


def polynomial_fits(
    train: Points,
    validation: Points,
    degrees: np.ndarray,
    strengths: np.ndarray,
) -> PolynomialFits:
    """Fit t, y of `train` by polynomials of all degrees with all strengths of ridge, and judge them on `validation`.

        mean over the points of (curve(t) - y)**2 / 2 + strength / 2 * |w|**2, intercept left out

    One singular value decomposition a degree. At strength 0 with more weights than points, the shortest weights.
    """
    strengths = check_strengths(strengths)
    degrees = np.atleast_1d(np.asarray(degrees, dtype=int))
    if not degrees.size:
        raise ValueError("degrees is empty; it must have at least one")
    paths = [ridge_path(features(train[0], int(degree)), train[1], strengths) for degree in degrees]
    coefficients = np.zeros((len(degrees), len(strengths), int(degrees.max())))
    for weights, path, degree in zip(coefficients, paths, degrees, strict=True):
        weights[:, :degree] = path.coefficients
    intercepts = np.array([path.intercepts for path in paths])

    def error(t: np.ndarray, y: np.ndarray) -> np.ndarray:
        fitted = coefficients @ features(t, coefficients.shape[-1]).T + intercepts[..., None]
        return np.mean((fitted - y) ** 2, axis=-1)

    return PolynomialFits(degrees, strengths, coefficients, intercepts, error(*train), error(*validation))
