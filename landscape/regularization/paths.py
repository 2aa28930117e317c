"""Regularization paths: where the minimum of a penalised loss goes as the strength of its penalty grows.

    least squares / (2 N) + strength * (ratio * |w|_1 + (1 - ratio) / 2 * |w|_2**2)

1. `ridge_path` (ratio 0) has a closed form: one singular value decomposition serves all strengths.
2. `lars.lars_path` (ratio 1) is exact: the lasso's path is piecewise linear, so its corners say everything.
3. `regularization_path` takes any ratio, by coordinate descent that starts each strength from its neighbour's answer.
4. `solution_path` takes any convex objective and any penalty, all strengths in one batch of FISTA.

An intercept is never penalised: columns and target are centred, and the intercept follows from their means.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from landscape.objective import Objective
from landscape.optimizers.proximal import FISTA
from landscape.regularization.penalties import Registered, soft
from landscape.regularization.regression import checked

# pandas is imported where it is used: it takes a third of a second, and a first picture does not need it.
if TYPE_CHECKING:
    import pandas as pd

MAX_SWEEPS = 20_000

# A step that moves no weight further than this share of the largest, or of the first step, has moved none but in
# rounding; after QUIET such steps in a row the momentum, too, has died away.
ROUNDING, QUIET = 4 * np.finfo(float).eps, 10


class Centred(NamedTuple):
    """The second moments of centred data, which are all that a path depends on, and the means to go back."""

    gram: np.ndarray  # X' X / N, (p, p)
    correlation: np.ndarray  # X' y / N, (p,)
    x_mean: np.ndarray  # (p,), 0 without an intercept
    y_mean: float

    def intercepts(self, coefficients: np.ndarray) -> np.ndarray:
        return self.y_mean - coefficients @ self.x_mean

    def violation(self, w: np.ndarray, crease: float | np.ndarray, bowl: float | np.ndarray) -> np.ndarray:
        """The largest entry, by magnitude, of the shortest subgradient at w, (..., p) -> (...), of

        w' G w / 2 - c' w + crease * |w|_1 + bowl / 2 * |w|**2
        """
        g = w @ self.gram - self.correlation + bowl * w
        return np.abs(np.where(w == 0, soft(g, crease), g + crease * np.sign(w))).max(axis=-1)


def centre(X: np.ndarray, y: np.ndarray, intercept: bool) -> tuple[np.ndarray, np.ndarray, Centred]:
    """X and y less their means, shapes (N, p) and (N,), and their moments."""
    X, y = checked(X, y)
    x_mean = X.mean(axis=0) if intercept else np.zeros(X.shape[1])
    y_mean = float(y.mean()) if intercept else 0.0
    # What is left of a constant column is rounding, and would be fitted.
    X = np.where(np.ptp(X, axis=0) == 0, 0.0, X - x_mean) if intercept else X
    y = y - y_mean
    return X, y, Centred(X.T @ X / len(y), X.T @ y / len(y), x_mean, y_mean)


def check_strengths(strengths: np.ndarray) -> np.ndarray:
    """Strengths as a float64 array of shape (k,), or a ValueError."""
    array = np.atleast_1d(np.asarray(strengths, dtype=float))
    if array.ndim != 1 or not array.size:
        raise ValueError(f"strengths has shape {array.shape}; it must be a list of at least one number")
    if not np.all(np.isfinite(array) & (array >= 0)):
        bad = array[~(np.isfinite(array) & (array >= 0))][0]
        raise ValueError(f"strengths has {bad:g}; allowed are finite numbers, at least 0")
    return array


@dataclass(frozen=True)
class Path:
    """Minima for k strengths, in the order in which the strengths were given.

    strengths (k,), coefficients (k, p), intercepts (k,)
    """

    strengths: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray

    @property
    def nonzero(self) -> np.ndarray:
        """How many coefficients are not exactly zero, shape (k,)."""
        return np.count_nonzero(self.coefficients, axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """X w + b for each strength, (N, p) -> (k, N)."""
        return self.coefficients @ np.asarray(X, dtype=float).T + self.intercepts[:, None]

    def frame(self, names: tuple[str, ...] | None = None) -> "pd.DataFrame":
        """A tidy table: one row a strength and variable, columns strength, variable, coefficient."""
        import pandas as pd

        k, p = self.coefficients.shape
        names = tuple(f"x{i}" for i in range(p)) if names is None else names
        return pd.DataFrame(
            {
                "strength": np.repeat(self.strengths, p),
                "variable": list(names) * k,
                "coefficient": self.coefficients.ravel(),
            }
        )


def strength_grid(
    X: np.ndarray, y: np.ndarray, ratio: float = 1.0, count: int = 100, span: float = 1e-3, intercept: bool = True
) -> np.ndarray:
    """Strengths from the smallest at which every coefficient is 0 down to span times that, evenly in their logarithm.

    Ridge (ratio 0) has no such strength; its grid goes from 100 times the largest eigenvalue of X' X / N, where
    coefficients are about 1 % of what they were, down to span**2 times that. Returns shape (count,).
    Source: Friedman, Hastie & Tibshirani (2010), section 2.5.
    """
    _check_ratio(ratio)
    moments = centre(X, y, intercept)[2]
    if ratio == 0:
        high, span = 100 * float(np.linalg.eigvalsh(moments.gram)[-1]), span**2
    else:
        high = float(np.abs(moments.correlation).max()) / ratio
    # Where nothing can be fitted every strength has the same answer, and any grid will do.
    return (high or 1.0) * np.logspace(0, np.log10(span), count)


def _check_ratio(ratio: float) -> None:
    if not 0 <= ratio <= 1:
        raise ValueError(f"ratio is {ratio}; allowed is 0 to 1")


def ridge_path(X: np.ndarray, y: np.ndarray, strengths: np.ndarray, intercept: bool = True) -> Path:
    """Ridge regression for all strengths at once, from one singular value decomposition.

        X = sqrt(N) * U diag(d) V',  w = V diag(d / (d**2 + strength)) U' y / sqrt(N)

    At strength 0 it is least squares, the shortest solution where there are many. Equals scikit-learn's Ridge with
    alpha = strength * N.
    Source: Hastie, Tibshirani & Friedman (2009), "The elements of statistical learning", eq. 3.47.
    """
    strengths = check_strengths(strengths)
    root, given = np.sqrt(len(y)), np.linalg.norm(X)
    X, y, moments = centre(X, y, intercept)
    u, d, vt = np.linalg.svd(X / root, full_matrices=False)
    # Where points lie close together, what their mean leaves of the columns is small beside its own rounding.
    null = d <= given / root * max(X.shape) * np.finfo(float).eps
    square = np.where(null, 1.0, d * d)
    filters = np.where(null, 0.0, d) / (square + strengths[:, None])
    coefficients = (filters * (u.T @ y / root)) @ vt
    return Path(strengths, coefficients, moments.intercepts(coefficients))


def regularization_path(
    X: np.ndarray,
    y: np.ndarray,
    strengths: np.ndarray | None = None,
    ratio: float = 1.0,
    intercept: bool = True,
    tolerance: float = 1e-12,
    finish: bool = True,
) -> Path:
    """Lasso (ratio 1), elastic net, or ridge (ratio 0, in closed form) over strengths, strength_grid's by default.

    From the largest strength down, each starts from the answer before it. A sweep sets each coefficient in turn to

        w_j <- soft(c_j - sum_{i != j} G_ji w_i, strength * ratio) / (G_jj + strength * (1 - ratio))

    with G = X' X / N and c = X' y / N, until no entry of the shortest subgradient exceeds tolerance * max |c|. With
    `finish`, as soon as a sweep leaves every sign as it was, the linear equations that hold for those signs are solved,
    and taken if they meet the same test. ValueError where MAX_SWEEPS do not reach it.
    Source: Friedman, Hastie & Tibshirani (2010), "Regularization paths for generalized linear models via coordinate
    descent", eqs. 5 and 9; the finish and the test by subgradient are ours.
    """
    _check_ratio(ratio)
    strengths = strength_grid(X, y, ratio, intercept=intercept) if strengths is None else check_strengths(strengths)
    if ratio == 0:
        return ridge_path(X, y, strengths, intercept)
    moments = centre(X, y, intercept)[2]
    coefficients = np.empty((len(strengths), len(moments.correlation)))
    w = np.zeros(len(moments.correlation))
    for k in np.argsort(-strengths, kind="stable"):
        crease, bowl = float(strengths[k] * ratio), float(strengths[k] * (1 - ratio))
        w = coefficients[k] = _descend(moments, w, crease, bowl, tolerance, finish)
    return Path(strengths, coefficients, moments.intercepts(coefficients))


def _descend(moments: Centred, w: np.ndarray, crease: float, bowl: float, tolerance: float, finish: bool) -> np.ndarray:
    """Coordinate descent from w, for one strength."""
    allowed = tolerance * np.abs(moments.correlation).max()
    signs = np.full_like(w, np.nan)
    for _ in range(MAX_SWEEPS):
        if moments.violation(w, crease, bowl) <= allowed:
            return w
        w = _sweep(moments, w, crease, bowl)
        if finish and np.array_equal(np.sign(w), signs):
            guess = _solved(moments, signs, crease, bowl)
            if moments.violation(guess, crease, bowl) <= allowed:
                return guess
        signs = np.sign(w)
    reached = float(moments.violation(w, crease, bowl)) / np.abs(moments.correlation).max()
    raise ValueError(f"tolerance is {tolerance:g}; {MAX_SWEEPS} sweeps over columns so much alike reach {reached:.1g}")


def _sweep(moments: Centred, w: np.ndarray, crease: float, bowl: float) -> np.ndarray:
    w = w.copy()
    for j, row in enumerate(moments.gram):
        h = row[j]
        rho = moments.correlation[j] - row @ w + h * w[j]
        size = abs(rho) - crease
        # A column that is constant has no slope either: zero is as good as any.
        w[j] = 0.0 if size <= 0 or h == 0 else np.copysign(size, rho) / (h + bowl)
    return w


def _solved(moments: Centred, signs: np.ndarray, crease: float, bowl: float) -> np.ndarray:
    """The stationary point if the coefficients have these signs."""
    on = np.flatnonzero(signs)
    matrix = moments.gram[np.ix_(on, on)] + bowl * np.eye(len(on))
    w = np.zeros(len(signs))
    w[on] = solve_scaled(matrix, moments.correlation[on] - crease * signs[on])
    return w


def solve_scaled(gram: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The w with gram @ w = right, whatever the units of the columns; a least-squares answer if gram is singular."""
    root = np.sqrt(np.diag(gram))
    root = np.where(root == 0, 1.0, root)
    scale = root if right.ndim == 1 else root[:, None]
    return np.linalg.lstsq(gram / np.outer(root, root), right / scale, rcond=None)[0] / scale


def solution_path(
    objective: Objective, penalty: Registered, strengths: np.ndarray, rate: float, steps: int = 2000
) -> tuple[np.ndarray, np.ndarray]:
    """Minima of objective + penalty for each strength, (k, n), and how long their shortest subgradients are, (k,).

    For penalties and losses that have no path of their own: FISTA from 0, all strengths in one batch, until only
    rounding moves or for `steps`. The rate must be at most 1 over the objective's largest curvature. The second answer
    says how far each still was from optimal. ValueError for strengths out of the penalty's range.
    """
    strengths = check_strengths(strengths)
    penalized = objective + replace(penalty, strength=strengths[:, None])
    x = np.zeros((len(strengths), objective.dimension))
    fista = FISTA(lr=rate)
    state, quiet = fista.init(x), 0
    first = rate * np.abs(objective.gradient(x[0])).max()
    for _ in range(steps):
        before = x
        x, state = fista.step(penalized, before, state)
        moved = np.abs(x - before).max() > ROUNDING * max(np.abs(x).max(), first)
        quiet = 0 if moved else quiet + 1
        if quiet == QUIET:
            break
    return x, np.linalg.norm(penalized.gradient(x), axis=-1)
