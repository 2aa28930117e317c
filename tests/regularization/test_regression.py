"""Least squares and logistic loss are what they say, with an intercept that is a bias."""

import re
from pathlib import Path

import numpy as np
import pytest

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.descent.descend import descend
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.regression import LeastSquares, Logistic
from tests.numerics import check_gradient, check_hessian, check_taylor

SKLEARN = np.load(Path(__file__).parents[1] / "data" / "sklearn_paths.npz")


def data(samples=40, variables=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((samples, variables))
    return X, X @ np.arange(1.0, variables + 1) + rng.standard_normal(samples), rng


def losses(**kind):
    X, y, _ = data(**kind)
    labels = (y > 0).astype(float)
    for intercept in (False, True):
        yield LeastSquares(X, y, intercept=intercept)
        yield Logistic(X, labels, intercept=intercept)


@pytest.mark.parametrize("shape", [(40, 3), (3, 5), (1, 1)])
def test_derivatives_belong_to_the_value(shape):
    rng = np.random.default_rng(1)
    for loss in losses(samples=shape[0], variables=shape[1]):
        assert loss.dimension == shape[1] + loss.intercept
        x = rng.standard_normal(loss.dimension)
        check_gradient(loss, x, rng)
        check_hessian(loss, x, rng)
        check_taylor(loss, x, rng)


def test_leading_axes():
    rng = np.random.default_rng(2)
    for loss in losses():
        x, v = rng.standard_normal((2, 4, 5, loss.dimension))
        for answer in ("value", "gradient", "hessian", "residuals", "jacobian", "linear"):
            if hasattr(loss, answer) and (loss.has_residuals or answer not in ("residuals", "jacobian")):
                many = getattr(loss, answer)(x)
                np.testing.assert_allclose(many[2, 3], getattr(loss, answer)(x[2, 3]), rtol=1e-13, atol=1e-15)
                assert many.shape[:2] == (4, 5)
        np.testing.assert_allclose(loss.hessian_vector(x, v)[1, 1], loss.hessian(x)[1, 1] @ v[1, 1], atol=1e-13)


def test_least_squares_by_hand():
    # Residuals at w = (1), b = 1: 1 - 2, 2 - 2, 3 - 5 plus 1, so (0, 1, -1): value (0 + 1 + 1) / (2 * 3).
    loss = LeastSquares([[1.0], [2.0], [3.0]], [2.0, 2.0, 5.0], intercept=True)
    w = np.array([1.0, 1.0])
    np.testing.assert_allclose(loss.value(w), 1 / 3)
    np.testing.assert_allclose(loss.residuals(w), np.array([0, 1, -1]) / 6**0.5, atol=1e-15)
    np.testing.assert_allclose(loss.gradient(w), [(0 + 2 - 3) / 3, 0.0], atol=1e-15)
    np.testing.assert_allclose(loss.hessian(w), [[14 / 3, 2], [2, 1]])


def test_residuals_and_jacobian_make_value_gradient_and_hessian():
    for X, y, rng in (data(), data(samples=3, variables=6)):
        loss = LeastSquares(X, y, intercept=True)
        x = rng.standard_normal(loss.dimension)
        r, j = loss.residuals(x), loss.jacobian(x)
        np.testing.assert_allclose(loss.value(x), r @ r, rtol=1e-13)
        np.testing.assert_allclose(loss.gradient(x), 2 * r @ j, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(loss.hessian(x), 2 * j.T @ j, rtol=1e-12, atol=1e-14)


def test_a_small_loss_keeps_its_digits():
    X, _, _ = data()
    w = np.array([1.0, 2.0, 3.0])
    loss = LeastSquares(X, X @ w + 1e6, intercept=True)
    assert abs(loss.value(np.append(w, 1e6)) * 1e12) < 1e-5
    np.testing.assert_allclose(loss.value(np.append(w, 1e6 + 1e-6)), 0.5e-12, rtol=1e-2)


def test_logistic_by_hand_and_far_out():
    loss = Logistic([[1.0], [-2.0]], [1.0, 0.0])
    np.testing.assert_allclose(loss.value(np.array([0.0])), np.log(2))
    np.testing.assert_allclose(loss.gradient(np.array([0.0])), [(-0.5 * 1 + 0.5 * -2) / 2])
    np.testing.assert_allclose(loss.hessian(np.array([0.0])), [[(1 + 4) / 8]])
    # No overflow: a sample on the wrong side by m costs m.
    np.testing.assert_allclose(loss.value(np.array([-1e4])), 1.5e4)
    np.testing.assert_allclose(loss.value(np.array([1e4])), 0.0)
    np.testing.assert_allclose(loss.gradient(np.array([-1e4])), [-1.5])


def test_curvature_bounds_the_hessian():
    rng = np.random.default_rng(3)
    for loss in losses():
        x = np.concatenate([np.zeros((1, loss.dimension)), rng.standard_normal((50, loss.dimension))])
        largest = np.linalg.eigvalsh(loss.hessian(x)).max()
        assert largest <= loss.curvature * (1 + 1e-12)
        np.testing.assert_allclose(largest, loss.curvature, rtol=1e-12)


def test_predictions_for_new_rows():
    for loss in losses():
        x = np.random.default_rng(4).standard_normal((2, loss.dimension))
        np.testing.assert_allclose(loss.linear(x, loss.X[:5]), loss.linear(x)[:, :5], rtol=1e-12)
        if isinstance(loss, Logistic):
            np.testing.assert_allclose(loss.probability(x), 1 / (1 + np.exp(-loss.linear(x))), rtol=1e-12)


def test_the_intercept_is_not_penalised_unless_asked_for():
    for loss in losses():
        assert loss.biases == ((3,) if loss.intercept else ())
        penalized = loss + PENALTIES["l2"](10.0)
        x = np.full(loss.dimension, 2.0)
        np.testing.assert_allclose(penalized.value(x) - loss.value(x), 10 / 2 * 4 * 3)
        asked = loss + PENALTIES["l2"](10.0, free=())
        np.testing.assert_allclose(asked.value(x) - loss.value(x), 10 / 2 * 4 * loss.dimension)


def test_logistic_regression_equals_scikit_learn():
    table = TABLES["breast_cancer"]
    loss = Logistic(standardize(table.x).X, table.y, intercept=True)
    for strength, expected in zip(SKLEARN["logistic_at"], SKLEARN["logistic"], strict=True):
        penalized = loss + PENALTIES["l2"](float(strength))
        assert np.linalg.norm(penalized.gradient(expected)) < 1e-7
        run = descend(penalized, OPTIMIZERS["newton"](), np.zeros(31), 12)
        np.testing.assert_allclose(run.x[-1], expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], "X has shape (2,); it must be (samples, variables) with at least one of each"),
        (np.zeros((0, 2)), [], "X has shape (0, 2); it must be"),
        (np.zeros((2, 0)), [1.0, 2.0], "X has shape (2, 0); it must be"),
        ([[1.0], [2.0]], [1.0], "y has shape (1,); it must be (2,), one number a row of X"),
        ([[1.0], [np.nan]], [1.0, 2.0], "X has 1 entries that are not finite; none is allowed"),
        ([[1.0], [2.0]], [np.inf, -np.inf], "y has 2 entries that are not finite"),
        ([["a"], ["b"]], [1.0, 2.0], "X must be a table of numbers of one shape"),
        ([[1.0], [2.0, 3.0]], [1.0, 2.0], "X must be a table of numbers of one shape"),
    ],
)
def test_a_sentence_for_data_that_is_not(X, y, message):
    for loss in (LeastSquares, Logistic):
        with pytest.raises(ValueError, match="^" + re.escape(message)):
            loss(X, y)


def test_a_sentence_for_labels_that_are_not():
    with pytest.raises(ValueError, match=r"^y has a label 2; allowed are 0 and 1$"):
        Logistic([[1.0], [2.0]], [1.0, 2.0])
