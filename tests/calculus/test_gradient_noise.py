"""The noise of mini-batches: its covariance, where a run under it settles, and what ends it."""

from itertools import combinations

import numpy as np
import pytest

from landscape.calculus.gradient_noise import (
    averaged_covariance,
    batch_covariance,
    covariances,
    noisy_descent,
    stationary_covariance,
)
from landscape.calculus.noise_ball import extent

H = np.array([[3.0, 1.0], [1.0, 0.7]])
C = np.array([[1.0, 0.3], [0.3, 0.4]])
RATE = 0.2


def scatter(x: np.ndarray) -> np.ndarray:
    return np.cov(x.reshape(-1, 2).T, bias=True)


@pytest.mark.parametrize("batch", [1, 2, 3, 6])
def test_the_covariance_of_a_batch_is_that_over_all_batches(batch: int) -> None:
    gradients = np.random.default_rng(0).standard_normal((6, 3)) + 2
    means = np.array([gradients[list(chosen)].mean(axis=0) for chosen in combinations(range(6), batch)])
    off = means - gradients.mean(axis=0)
    np.testing.assert_allclose(batch_covariance(gradients, batch), off.T @ off / len(off), atol=1e-14)


def test_with_replacement_it_falls_as_one_over_the_batch() -> None:
    gradients = np.random.default_rng(0).standard_normal((6, 3))
    one = batch_covariance(gradients, 1, replacement=True)
    np.testing.assert_allclose(batch_covariance(gradients, 5, replacement=True), one / 5)
    np.testing.assert_allclose(one, batch_covariance(gradients, 1))
    assert not batch_covariance(gradients[:1], 1).any()


def test_the_stationary_covariance_stays() -> None:
    rates = np.array([[0.01, 0.1], [0.2, 0.5]])
    found = stationary_covariance(H, C, rates)
    for place in np.ndindex(2, 2):
        a, s = np.eye(2) - rates[place] * H, found.exact[place]
        np.testing.assert_allclose(a @ s @ a + rates[place] ** 2 * C, s, atol=1e-14)
        limit = found.small[place]
        np.testing.assert_allclose(H @ limit + limit @ H, rates[place] * C, atol=1e-14)
    np.testing.assert_allclose(found.exact[0, 0], found.small[0, 0], rtol=0.03)


def test_along_one_eigenvalue_it_is_the_formula_of_the_book() -> None:
    found = stationary_covariance(np.array([[4.0]]), np.array([[3.0]]), 0.1)
    assert found.exact[0, 0] == pytest.approx(0.1 * 3 / (4 * (2 - 0.4)))
    assert found.small[0, 0] == pytest.approx(0.1 * 3 / 8)
    assert found.excess == pytest.approx(0.25)
    assert found.exact[0, 0] / found.small[0, 0] == pytest.approx(1.25)


@pytest.mark.parametrize("rate", [0.05, RATE, 0.5])
def test_a_run_scatters_as_predicted(rate: float) -> None:
    """Within 5 %, as 20,000 independent runs tell a variance to one percent."""
    # Settled but for 120 steps, in which whatever a beginning leaves is forgotten.
    first = np.random.default_rng(1).standard_normal((20_000, 2)) @ np.linalg.cholesky(rate * C).T
    x = noisy_descent(H, C, np.full(120, rate), first, np.random.default_rng(0))[-1]
    exact = stationary_covariance(H, C, rate).exact
    root = np.linalg.cholesky(np.linalg.inv(exact))
    np.testing.assert_allclose(root.T @ scatter(x) @ root, np.eye(2), atol=0.04)


def test_it_settles_nowhere_at_too_large_a_rate_or_on_a_saddle() -> None:
    edge = 2 / np.linalg.eigvalsh(H)[-1]
    found = stationary_covariance(H, C, np.array([0.999, 1.0, 1.5]) * edge)
    assert np.isfinite(found.exact[0]).all()
    assert np.isnan(found.exact[1:]).all()
    assert np.isnan(found.excess[1:]).all()
    assert np.isfinite(found.small).all()
    assert np.isnan(stationary_covariance(np.diag([1.0, -1.0]), C, 0.1).exact).all()
    assert np.isnan(stationary_covariance(np.diag([1.0, 0.0]), C, 0.1).small).all()


def test_a_decaying_rate_ends_the_scatter() -> None:
    rates = 0.4 / (1 + np.arange(4000) / 20)
    told = covariances(H, C, rates, np.zeros((2, 2)))
    x = noisy_descent(H, C, rates[:60], np.zeros((20_000, 2)), np.random.default_rng(1))
    for t in (1, 10, 60):
        np.testing.assert_allclose(scatter(x[t]), told[t], atol=0.02 * np.trace(told[t]))
    # In the end as the rate itself, which is halved in as many steps more.
    assert np.trace(told[-1]) / np.trace(told[2000]) == pytest.approx(0.5, abs=0.01)
    np.testing.assert_allclose(
        covariances(H, C, np.full(400, RATE), np.eye(2))[-1], stationary_covariance(H, C, RATE).exact, rtol=1e-9
    )


def test_the_mean_of_the_iterates_scatters_less() -> None:
    x = noisy_descent(H, C, np.full(140, RATE), np.zeros((20_000, 2)), np.random.default_rng(2))[101:]
    told = averaged_covariance(H, C, RATE, 40)
    np.testing.assert_allclose(scatter(x.mean(axis=0)), told, rtol=0.05)
    inverse = np.linalg.inv(H)
    np.testing.assert_allclose(1e4 * averaged_covariance(H, C, RATE, 10_000), inverse @ C @ inverse, rtol=2e-3)
    np.testing.assert_allclose(averaged_covariance(H, C, RATE, 1), stationary_covariance(H, C, RATE).exact)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: batch_covariance(np.ones((5, 2)), 6), "batch is 6; allowed is a whole number from 1 to 5, the number"),
        (lambda: batch_covariance(np.ones((5, 2)), 0), "batch is 0; allowed is"),
        (lambda: batch_covariance(np.ones((5, 2)), 1.5), r"batch is 1\.5; allowed is"),
        (lambda: batch_covariance(np.ones(5), 1), r"gradients has shape \(5,\); it must be \(samples, weights\)"),
        (lambda: batch_covariance(np.full((5, 2), np.inf), 1), "gradients has entries that are not finite"),
        (lambda: stationary_covariance(H, C, 0.0), "rate is 0; it must be positive and finite"),
        (lambda: stationary_covariance(H, C, np.inf), "rate is inf; it must be positive and finite"),
        (lambda: stationary_covariance(H, np.eye(3), 0.1), r"covariance has shape \(3, 3\); both matrices must be"),
        (lambda: stationary_covariance(H * np.nan, C, 0.1), "hessian has entries that are not finite"),
        (lambda: averaged_covariance(H, C, 0.1, 0), "steps is 0; it must be a whole number of at least 1"),
    ],
)
def test_what_cannot_be_is_named(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()


def test_the_width_of_a_cloud_that_is_nearly_a_line_is_not_rounding() -> None:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert extent(turn @ np.diag([9.0, 4.0]) @ turn.T) == "3 by 2"
    assert extent(turn @ np.diag([1e26, 1e-3]) @ turn.T) == "10¹³ by 0"
