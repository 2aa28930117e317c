"""Cross-validation judges on what was left out; polynomials over-fit and ridge holds them; stopping early is ridge."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.early_stopping import descent_filter, early_stopping, ridge_filter, weight_decay
from landscape.regularization.paths import regularization_path, ridge_path, strength_grid
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import features, noisy_points, polynomial_fits, truth
from landscape.regularization.regression import LeastSquares
from landscape.regularization.validation import cross_validate, folds_of

TABLE = TABLES["diabetes"]
X, Y = standardize(TABLE.x).X, TABLE.y


# Cross-validation.


def test_folds_are_even_and_the_same_every_time():
    fold = folds_of(442, 10)
    assert set(np.bincount(fold)) == {44, 45}
    np.testing.assert_array_equal(fold, folds_of(442, 10))
    assert np.any(fold != folds_of(442, 10, np.random.default_rng(1)))


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_errors_are_those_of_fits_that_never_saw_the_fold(ratio):
    strengths = [0.05, 5.0, 0.5]
    result = cross_validate(X, Y, strengths, ratio, folds=5)
    assert result.errors.shape == (5, 3)
    np.testing.assert_array_equal(result.strengths, [5.0, 0.5, 0.05])
    out = result.fold == 3
    path = regularization_path(X[~out], Y[~out], [0.5], ratio)
    np.testing.assert_allclose(result.errors[3, 1], np.mean((path.predict(X[out])[0] - Y[out]) ** 2), rtol=1e-9)
    np.testing.assert_allclose(result.mean[1], result.errors[:, 1].mean())
    np.testing.assert_allclose(result.standard_error[1], result.errors[:, 1].std(ddof=1) / 5**0.5)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_the_chosen_strengths(ratio):
    result = cross_validate(X, Y, ratio=ratio)
    best, simpler = result.best, result.one_standard_error
    assert np.all(result.mean >= result.mean[best])
    assert simpler <= best
    limit = result.mean[best] + result.standard_error[best]
    assert result.mean[simpler] <= limit
    assert np.all(result.mean[:simpler] > limit)
    # The noise that no linear model removes is about 54**2; the spread of the target 77**2.
    assert 50**2 < result.mean[best] < 58**2
    assert 0 < best < 99
    if ratio == 1:
        assert result.path.nonzero[simpler] < result.path.nonzero[best] <= 10


def test_pure_noise_is_best_left_alone():
    rng = np.random.default_rng(5)
    noise = rng.standard_normal((60, 8))
    result = cross_validate(noise, rng.standard_normal(60))
    assert result.path.nonzero[result.one_standard_error] == 0


def test_leave_one_out_and_sentences():
    small = cross_validate(X[:12], Y[:12], [100.0, 10.0], folds=12)
    assert small.errors.shape == (12, 2)
    for folds in (1, 13):
        with pytest.raises(ValueError, match=rf"^folds is {folds}; allowed is 2 to 12, the number of samples$"):
            cross_validate(X[:12], Y[:12], [1.0], folds=folds)
    with pytest.raises(ValueError, match=r"^strengths has -1;"):
        cross_validate(X, Y, [-1.0])


# Polynomials.


def points(seed=0):
    rng = np.random.default_rng(seed)
    return noisy_points(15, 0.3, rng), noisy_points(200, 0.3, rng)


def test_features_and_their_slopes_are_orthogonal():
    t, weight = np.polynomial.legendre.leggauss(60)
    columns, j = features(t, 20), np.arange(1, 21)
    np.testing.assert_allclose((columns.T * weight / 2) @ columns, np.diag(1 / (j * (j + 1))), atol=1e-13)
    np.testing.assert_allclose(weight @ columns, 0.0, atol=1e-13)
    slopes = (features(t + 1e-6, 20) - features(t - 1e-6, 20)) / 2e-6
    np.testing.assert_allclose((slopes.T * (1 - t**2) * weight / 2) @ slopes, np.eye(20), atol=1e-6)


def test_every_fit_is_that_of_ridge_alone():
    train, validation = points()
    degrees, strengths = np.arange(1, 21), np.logspace(1, -8, 30)
    fits = polynomial_fits(train, validation, degrees, strengths)
    assert fits.train.shape == fits.validation.shape == (20, 30)
    i, j = 8, 11
    path = ridge_path(features(train[0], 9), train[1], strengths[j])
    np.testing.assert_allclose(fits.coefficients[i, j, :9], path.coefficients[0], rtol=1e-12, atol=1e-15)
    assert np.all(fits.coefficients[i, j, 9:] == 0)
    curve = fits.curve(validation[0])[i, j]
    np.testing.assert_allclose(curve, path.predict(features(validation[0], 9))[0], atol=1e-12)
    np.testing.assert_allclose(fits.validation[i, j], np.mean((curve - validation[1]) ** 2))
    i, j = fits.best
    assert fits.validation[i, j] == fits.validation.min()


def test_training_error_only_falls_with_degree_and_rises_with_strength():
    fits = polynomial_fits(*points(), np.arange(1, 21), np.append(np.logspace(1, -8, 30), 0.0))
    assert np.all(np.diff(fits.train[:, -1]) <= 1e-12)
    assert np.all(np.diff(fits.train, axis=1) <= 1e-12)
    # From degree 14 on a curve goes through all fifteen points, and does badly between them.
    assert np.all(fits.train[13:, -1] < 1e-20)
    assert fits.validation[13, -1] > 5 * fits.validation.min()


def test_a_penalty_mends_a_degree_that_is_too_high():
    fits = polynomial_fits(*points(), np.arange(1, 21), np.logspace(1, -8, 60))
    assert fits.validation[19].min() < 0.5 * fits.validation[19, -1]
    assert fits.validation[19].min() < 2 * fits.validation.min()


def test_a_polynomial_without_noise_is_found():
    t = np.linspace(-1, 1, 30)
    fits = polynomial_fits((t, t**5 - t), (t, t**5 - t), [4, 5, 20], [0.0])
    assert fits.validation[0, 0] > 1e-4
    assert np.all(fits.validation[1:, 0] < 1e-28)
    np.testing.assert_allclose(truth(np.array([-0.5, 0.0, 0.5])), [-1, 0, 1], atol=1e-15)


@pytest.mark.parametrize("degree", [0, 51, -1])
def test_a_sentence_for_degrees_that_are_not(degree):
    with pytest.raises(ValueError, match=rf"^degree is {degree}; allowed is 1 to 50$"):
        polynomial_fits(*points(), [degree], [1.0])
    with pytest.raises(ValueError, match=r"^degrees is empty"):
        polynomial_fits(*points(), [], [1.0])


# Early stopping.


def test_stopped_coefficients_are_those_of_gradient_descent():
    loss = LeastSquares(X, Y - Y.mean())
    lr = 0.9 / loss.curvature
    result = early_stopping(X, Y, lr, np.arange(1, 101))
    descent = OPTIMIZERS["gradient_descent"](lr=lr)
    w = np.zeros(10)
    for t in range(100):
        w, _ = descent.step(loss, w, None)
        np.testing.assert_allclose(result.stopped[t], w, rtol=0, atol=1e-10)


def test_the_ridge_beside_them_is_ridge_and_none_is_nearer():
    result = early_stopping(X, Y, 0.2, [1, 3, 10, 100, 1000])
    path = ridge_path(X, Y, result.strengths)
    np.testing.assert_allclose(result.ridge, path.coefficients, rtol=0, atol=1e-9)
    np.testing.assert_allclose(result.full, ridge_path(X, Y, [0.0]).coefficients[0], rtol=0, atol=1e-9)
    full = np.linalg.norm(result.full)
    for i, strength in enumerate(result.strengths):

        def distance(log_strength, i=i):
            return np.linalg.norm(ridge_path(X, Y, [np.exp(log_strength)]).coefficients[0] - result.stopped[i]) / full

        np.testing.assert_allclose(result.difference[i], distance(np.log(strength)), rtol=1e-6, atol=1e-12)
        wide = min(distance(at) for at in np.log(strength) + np.linspace(-10, 10, 400))
        near = minimize_scalar(distance, bracket=(np.log(strength) - 0.1, np.log(strength) + 0.1)).fun
        assert result.difference[i] <= min(wide, near) + 1e-9
    assert np.all(np.diff(result.strengths) < 0)


def test_weight_decay_is_gradient_descent_on_ridge_and_ends_there():
    loss = LeastSquares(X, Y - Y.mean()) + PENALTIES["l2"](0.3)
    lr = 0.9 / (loss.smooth.curvature + 0.3)
    decayed = weight_decay(X, Y, lr, 0.3, np.arange(1, 61))
    descent = OPTIMIZERS["gradient_descent"](lr=lr)
    w = np.zeros(10)
    for t in range(60):
        w, _ = descent.step(loss, w, None)
        np.testing.assert_allclose(decayed[t], w, rtol=0, atol=1e-10)
    end = weight_decay(X, Y, lr, 0.3, [5000])[0]
    np.testing.assert_allclose(end, ridge_path(X, Y, [0.3]).coefficients[0], rtol=1e-9)
    np.testing.assert_allclose(weight_decay(X, Y, lr, 0.0, [7]), early_stopping(X, Y, lr, [7]).stopped, rtol=1e-9)
    for decay in (-0.1, 1e3):
        with pytest.raises(ValueError, match=rf"^decay is {decay:g}; with lr = "):
            weight_decay(X, Y, lr, decay, [1])


def test_with_one_variable_they_are_the_same():
    # s / (s + strength) = 1 - (1 - lr s)**t has the answer strength = s (1 - lr s)**t / (1 - (1 - lr s)**t).
    steps = np.array([1, 5, 20])
    s = 1.0
    result = early_stopping(X[:, :1], Y, 0.1, steps)
    rest = (1 - 0.1 * s) ** steps
    np.testing.assert_allclose(result.strengths, s * rest / (1 - rest), rtol=1e-6)
    np.testing.assert_allclose(result.difference, 0.0, atol=1e-7)


def test_few_small_steps_are_a_strength_of_one_over_lr_t():
    result = early_stopping(X, Y, 1e-5, [1, 10, 100])
    np.testing.assert_allclose(result.strengths * 1e-5 * result.steps, 1.0, rtol=5e-3)


def test_filters():
    s = np.array([0.0, 0.5, 2.0])
    np.testing.assert_allclose(descent_filter(s, 0.5, [1, 2]), [[0, 0.25, 1], [0, 1 - 0.75**2, 1]])
    np.testing.assert_allclose(ridge_filter(s, np.array([0.0, 0.5])), [[0, 1, 1], [0, 0.5, 0.8]])


def test_data_without_full_rank_have_an_answer():
    for design, target in ((np.column_stack([X, X[:, 0], np.ones(len(X))]), Y), (X[:5], Y[:5]), (X, 0 * Y)):
        result = early_stopping(design, target, 0.01, [1, 50])
        for part in (result.strengths, result.difference, result.stopped, result.ridge):
            assert np.isfinite(part).all()


def test_sentences_for_rates_and_steps():
    top = 2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1]
    for lr in (0.0, -1.0, 2.0):
        with pytest.raises(ValueError, match=rf"^lr is {lr:g}; allowed is more than 0 and less than {top:.4g}$"):
            early_stopping(X, Y, lr, [1])
    with pytest.raises(ValueError, match=r"^steps has 0; it must be at least 1$"):
        early_stopping(X, Y, 0.1, [0, 1])


def test_grids_for_data_that_say_nothing():
    for ratio in (0.0, 1.0):
        assert np.all(strength_grid(np.ones((4, 2)), np.arange(4.0), ratio) > 0)
