"""How long regularization takes. Run with `pytest tests/benchmarks --benchmark-enable`; nothing here asserts a time.

What is aimed at, on two cores: the exact lasso path of 442 x 10 and its value at 100 strengths in at most 10 ms, and
every polynomial fit that one slider can ask for well within the 0.3 s of a repaint.
"""

import numpy as np
import pytest

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.regularization.early_stopping import early_stopping
from landscape.regularization.lars import lars_path
from landscape.regularization.paths import regularization_path, ridge_path, solution_path, strength_grid
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import noisy_points, polynomial_fits
from landscape.regularization.regression import LeastSquares
from landscape.regularization.validation import cross_validate

X, Y = standardize(TABLES["diabetes"].x).X, TABLES["diabetes"].y
STRENGTHS = strength_grid(X, Y)


def test_exact_lasso_path_at_100_strengths(benchmark):
    path = benchmark(lambda: lars_path(X, Y).at(STRENGTHS))
    assert path.coefficients.shape == (100, 10)


def test_ridge_path_at_100_strengths(benchmark):
    path = benchmark(ridge_path, X, Y, strength_grid(X, Y, 0.0))
    assert path.coefficients.shape == (100, 10)


@pytest.mark.parametrize("ratio", [0.5, 1.0])
def test_coordinate_descent_at_100_strengths(benchmark, ratio):
    path = benchmark(regularization_path, X, Y, ratio=ratio)
    assert path.coefficients.shape == (100, 10)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_ten_fold_cross_validation(benchmark, ratio):
    result = benchmark(cross_validate, X, Y, ratio=ratio)
    assert result.errors.shape == (10, 100)


def test_group_lasso_path_by_fista(benchmark):
    loss = LeastSquares(X, Y, intercept=True)
    strengths = np.logspace(-1, 2, 50)
    w, _ = benchmark(solution_path, loss, PENALTIES["group_lasso"](), strengths, 1 / loss.curvature, steps=500)
    assert w.shape == (50, 11)


def test_polynomials_of_20_degrees_at_60_strengths(benchmark):
    rng = np.random.default_rng(0)
    train, validation = noisy_points(30, 0.3, rng), noisy_points(200, 0.3, rng)
    t = np.linspace(-1, 1, 200)
    curves = benchmark(lambda: polynomial_fits(train, validation, np.arange(1, 21), np.logspace(1, -8, 60)).curve(t))
    assert curves.shape == (20, 60, 200)


def test_early_stopping_over_300_numbers_of_steps(benchmark):
    result = benchmark(early_stopping, X, Y, 0.2, np.arange(1, 301))
    assert result.strengths.shape == (300,)


@pytest.mark.parametrize("key", PENALTIES)
def test_contours_of_a_penalised_loss(benchmark, key):
    objective = LeastSquares(X[:, 2:4], Y - Y.mean()) + PENALTIES[key](5.0)
    axis = np.linspace(-30, 30, 200)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    assert benchmark(objective.value, grid).shape == (200, 200)
