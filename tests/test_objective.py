"""The wrappers change one answer each, and say so honestly; everything else passes through."""

from collections import Counter

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.objective import Counting, Moved, Noisy, Objective, Tilted, Wrapped
from tests.numerics import check_gradient, check_hessian, check_taylor

F = parse("(1 - x)**2 + 100*(y - x**2)**2")
X = np.array([[0.3, -0.7], [1.2, 2.0], [-1.0, 0.5]])
V = np.array([[1.0, 2.0], [-0.5, 0.1], [0.0, 3.0]])


def same_answers(a: Objective, b: Objective) -> None:
    np.testing.assert_array_equal(a.value(X), b.value(X))
    np.testing.assert_array_equal(a.gradient(X), b.gradient(X))
    np.testing.assert_array_equal(a.hessian(X), b.hessian(X))
    np.testing.assert_array_equal(a.hessian_vector(X, V), b.hessian_vector(X, V))


def test_the_default_hessian_vector_is_the_hessian_times_the_vector():
    expected = np.stack([F.hessian(x) @ v for x, v in zip(X, V, strict=True)])
    np.testing.assert_allclose(F.hessian_vector(X, V), expected, rtol=1e-14)
    np.testing.assert_allclose(F.hessian_vector(X[0], V[0]), expected[0], rtol=1e-14)
    np.testing.assert_allclose(F.hessian_vector(X[:, None], V), F.hessian_vector(X[:, None], V[None]))


def test_a_draw_of_a_deterministic_objective_is_itself():
    assert F.draw(np.random.default_rng(0)) is F


@pytest.mark.parametrize("wrap", [Wrapped, lambda f: Noisy(f, 3.0), lambda f: Counting(f, Counter())])
def test_a_wrapper_passes_every_question_on(wrap):
    same_answers(wrap(F), F)
    assert wrap(F).dimension == 2
    assert wrap(parse("x + y + z", ("x", "y", "z"))).dimension == 3


# Noise.


def test_noise_is_unbiased_and_has_the_stated_scale():
    rng = np.random.default_rng(0)
    x = X[0]
    errors = np.array([Noisy(F, 0.5).draw(rng).gradient(x) - F.gradient(x) for _ in range(4000)])
    standard_error = 0.5 / np.sqrt(4000)
    assert np.abs(errors.mean(axis=0)).max() < 4 * standard_error
    np.testing.assert_allclose(np.cov(errors.T), 0.25 * np.eye(2), atol=0.025)


@pytest.mark.parametrize("check", [check_gradient, check_hessian, check_taylor])
def test_a_draw_is_one_function_with_its_own_derivatives(check):
    rng = np.random.default_rng(3)
    for x in X:
        check(Noisy(F, 5.0).draw(rng), x, rng)


def test_one_draw_serves_a_whole_batch():
    drawn = Noisy(F, 2.0).draw(np.random.default_rng(1))
    tilt = drawn.gradient(X) - F.gradient(X)
    np.testing.assert_allclose(tilt, np.tile(tilt[0], (3, 1)), atol=1e-12)
    np.testing.assert_allclose(drawn.value(X) - F.value(X), X @ tilt[0], atol=1e-12)


def test_the_same_seed_draws_the_same_noise_and_the_next_draw_differs():
    a, b = np.random.default_rng(5), np.random.default_rng(5)
    same_answers(Noisy(F, 1.0).draw(a), Noisy(F, 1.0).draw(b))
    assert np.any(Noisy(F, 1.0).draw(a).gradient(X) != Noisy(F, 1.0).draw(a).gradient(X))


def test_noise_on_noise_adds():
    twice = Noisy(Noisy(F, 3.0), 4.0)
    rng = np.random.default_rng(2)
    errors = np.array([twice.draw(rng).gradient(X[0]) - F.gradient(X[0]) for _ in range(4000)])
    np.testing.assert_allclose(errors.std(axis=0), 5.0, rtol=0.05)


def test_noise_of_scale_zero_is_none():
    same_answers(Noisy(F, 0.0).draw(np.random.default_rng(0)), F)


@pytest.mark.parametrize("scale", [-1.0, float("nan"), float("inf")])
def test_an_impossible_scale_is_named(scale):
    with pytest.raises(ValueError, match=f"^scale is {scale}; it must be a finite number, at least 0$"):
        Noisy(F, scale)


def test_a_tilt_leaves_the_curvature_alone():
    tilted = Tilted(F, np.array([1.0, -2.0]))
    np.testing.assert_array_equal(tilted.hessian(X), F.hessian(X))
    np.testing.assert_allclose(tilted.value(X), F.value(X) + X[:, 0] - 2 * X[:, 1])


# Moved.


@pytest.mark.parametrize("ask", ["value", "gradient", "hessian"])
def test_a_moved_function_answers_as_the_function_does_where_it_came_from(ask):
    by = np.array([0.5, -1.0])
    np.testing.assert_array_equal(getattr(Moved(F, by), ask)(X + by), getattr(F, ask)(X + by - by))
    np.testing.assert_array_equal(Moved(F, by).hessian_vector(X + by, V), F.hessian_vector(X + by - by, V))


# Counting.


def test_every_call_is_counted_under_its_own_name():
    calls: Counter[str] = Counter()
    counted = Counting(F, calls)
    for _ in range(3):
        counted.gradient(X)
    counted.value(X[0])
    counted.hessian(X)
    counted.hessian_vector(X, V)
    assert calls == {"gradient": 3, "value": 1, "hessian": 1, "hessian_vector": 1}


def test_calls_of_a_draw_are_counted_too():
    calls: Counter[str] = Counter()
    drawn = Counting(Noisy(F, 1.0), calls).draw(np.random.default_rng(0))
    drawn.gradient(X)
    drawn.draw(np.random.default_rng(0)).value(X)
    assert calls == {"gradient": 1, "value": 1}
