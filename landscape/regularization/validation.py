"""Cross-validation: which strength does best on data that it has not seen, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from landscape.regularization.lars import lars_path
from landscape.regularization.paths import Path, check_strengths, regularization_path, ridge_path, strength_grid
from landscape.regularization.regression import checked


def folds_of(samples: int, folds: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Which fold each sample belongs to, shape (samples,): shuffled, and of sizes that differ by at most 1.

    rng shuffles; default_rng(0) if not given, so that the folds are the same every time. ValueError for fewer than 2
    folds, or more than samples.
    """
    if not 2 <= folds <= samples:
        raise ValueError(f"folds is {folds}; allowed is 2 to {samples}, the number of samples")
    rng = np.random.default_rng(0) if rng is None else rng
    return rng.permutation(np.arange(samples) % folds)


@dataclass(frozen=True)
class CrossValidation:
    """What each strength costs on the folds that were left out.

    path    the minima on all the data, its strengths falling
    errors  (folds, k)  mean squared error on each fold of the fit to all others
    fold    (N,)        which fold each sample was in
    """

    path: Path
    errors: np.ndarray
    fold: np.ndarray

    @property
    def strengths(self) -> np.ndarray:
        return self.path.strengths

    @property
    def mean(self) -> np.ndarray:
        """Over the folds, shape (k,)."""
        return self.errors.mean(axis=0)

    @property
    def standard_error(self) -> np.ndarray:
        """Of that mean, shape (k,): the folds' standard deviation, with folds - 1 below, over the root of folds."""
        return self.errors.std(axis=0, ddof=1) / np.sqrt(len(self.errors))

    @property
    def best(self) -> int:
        """The index of the strength with the smallest mean error; of several, the largest strength."""
        return int(np.argmin(self.mean))

    @property
    def one_standard_error(self) -> int:
        """The index of the largest strength whose mean error is within one standard error of the smallest."""
        within = self.mean <= self.mean[self.best] + self.standard_error[self.best]
        return int(np.argmax(within))


def fit_path(X: np.ndarray, y: np.ndarray, strengths: np.ndarray, ratio: float) -> Path:
    """The minima for all strengths by the fastest of the exact ways for this ratio."""
    if ratio == 0:
        return ridge_path(X, y, strengths)
    return lars_path(X, y).at(strengths) if ratio == 1 else regularization_path(X, y, strengths, ratio)


def cross_validate(
    X: np.ndarray,
    y: np.ndarray,
    strengths: np.ndarray | None = None,
    ratio: float = 1.0,
    folds: int = 10,
    rng: np.random.Generator | None = None,
) -> CrossValidation:
    """Ridge (ratio 0), elastic net or lasso (ratio 1) on each set of all folds but one, judged on the one left out.

    The strengths, strength_grid's by default, are sorted from the largest down and are the same in every fold. Columns
    are taken as they come: to scale them by all the data beforehand lets a fold's own spread in, though not its target.
    Source: Hastie, Tibshirani & Friedman (2009), "The elements of statistical learning", section 7.10.1, one-standard-
    error rule included.
    """
    X, y = checked(X, y)
    strengths = strength_grid(X, y, ratio) if strengths is None else np.sort(check_strengths(strengths))[::-1]
    fold = folds_of(len(y), folds, rng)
    errors = np.empty((folds, len(strengths)))
    for k in range(folds):
        left_out = fold == k
        path = fit_path(X[~left_out], y[~left_out], strengths, ratio)
        errors[k] = np.mean((path.predict(X[left_out]) - y[left_out]) ** 2, axis=1)
    return CrossValidation(fit_path(X, y, strengths, ratio), errors, fold)
