"""Areas: exact where a rule is, with its order where it is not, and an interval that covers the truth."""

import numpy as np
import pytest

from landscape.calculus import CURVES, QUADRATURES, quadrature, sampled
from landscape.calculus.orders import measured_order
from landscape.formulas.expression import parse

SUMS = [key for key, rule in QUADRATURES.items() if rule.within]
PIECES = np.unique(np.round(2 ** np.arange(0, 12.1, 0.5)).astype(int))


@pytest.mark.parametrize("rule", SUMS)
@pytest.mark.parametrize("key", ["sine", "exponential", "logarithm", "witch", "wave", "quartic"])
def test_the_measured_order_is_that_of_theory(key: str, rule: str) -> None:
    curve = CURVES[key]
    a, b = curve.domain[0], curve.domain[1] - 0.3
    error = np.abs(quadrature(curve.compiled, a, b, PIECES, rule) - curve.integral(a, b))
    noise = 2e-16 * (b - a) * np.abs(curve.value(np.linspace(a, b, 99))).max()
    assert measured_order((b - a) / PIECES, error, noise) == pytest.approx(QUADRATURES[rule].order, abs=0.05)


@pytest.mark.parametrize(
    ("rule", "degree"), [("left", 0), ("right", 0), ("midpoint", 1), ("trapezoid", 1), ("simpson", 3)]
)
def test_each_rule_is_exact_up_to_its_degree(rule: str, degree: int) -> None:
    for k in range(degree + 2):
        found = quadrature(parse(f"x**{k}", ("x",)), -1.0, 2.0, 3, rule)
        exact = (2.0 ** (k + 1) - (-1.0) ** (k + 1)) / (k + 1)
        assert (abs(found - exact) < 1e-13) == (k <= degree)


def test_where_smoothness_fails_the_order_falls() -> None:
    root = parse("sqrt(x)", ("x",))
    for rule in ("midpoint", "trapezoid", "simpson"):
        error = np.abs(quadrature(root, 0.0, 1.0, PIECES, rule) - 2 / 3)
        assert measured_order(1 / PIECES, error, 1e-15) == pytest.approx(1.5, abs=0.05)


def test_a_b_and_n_broadcast() -> None:
    found = quadrature(np.cos, 0.0, np.array([[1.0], [2.0]]), np.array([4, 9, 500]), "simpson")
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found, np.sin([[1.0], [2.0]]) + np.zeros(3), rtol=1e-3)
    assert quadrature(parse("2", ("x",)), 0.0, 3.0, 5, "left") == pytest.approx(6)


def test_random_points_are_seeded_and_more_of_them_begin_alike() -> None:
    found = quadrature(np.sin, 0.0, 2.0, np.array([10, 100, 1000]), "monte_carlo", seed=3)
    run = sampled(np.sin, 0.0, 2.0, 1000, seed=3)
    np.testing.assert_allclose(found, run.area[[9, 99, 999]], rtol=1e-12)
    assert not np.array_equal(found, quadrature(np.sin, 0.0, 2.0, [10, 100, 1000], "monte_carlo", seed=4))
    y = np.sin(run.x)
    assert run.standard_error[99] == pytest.approx(2 * y[:100].std(ddof=1) / 10, rel=1e-10)
    assert np.isnan(run.standard_error[0])


def test_the_interval_covers_the_truth_95_times_in_100_and_shrinks_as_one_over_root_n() -> None:
    curve = CURVES["wave"]
    a, b = 0.0, 10.0
    runs = sampled(curve.compiled, a, b, 1000, seed=1, runs=2000)
    assert runs.area.shape == (2000, 1000)
    assert runs.covers(curve.integral(a, b))[:, -1].mean() == pytest.approx(0.95, abs=0.015)
    spread = runs.area.std(axis=0)
    assert spread[999] / spread[9] == pytest.approx(0.1, rel=0.05)
    np.testing.assert_allclose(np.sqrt((runs.standard_error[:, 999] ** 2).mean()), spread[999], rtol=0.05)


def test_equal_values_have_no_error() -> None:
    run = sampled(parse("1e6 + 1e-6*x", ("x",)), 0.0, 1.0, 2000)
    assert run.standard_error[-1] == pytest.approx(1e-6 * run.x.std(ddof=1) / np.sqrt(2000), rel=1e-3)
    np.testing.assert_array_equal(sampled(parse("7", ("x",)), 0.0, 1.0, 5).standard_error[1:], 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": "guess"}, "rule is 'guess'; allowed are left, right, midpoint, trapezoid, simpson, monte_carlo"),
        ({"n": 0}, "n is 0; allowed is a whole number from 1 to 10,000,000"),
        ({"n": [4, 2.5]}, r"n is 2\.5; allowed is"),
        ({"n": np.nan}, "n is nan; allowed is"),
        ({"n": 10**9}, r"n is 1e\+09; allowed is"),
        ({"n": "many"}, "n is 'many'; it must be a number"),
        ({"b": 0.0}, "a to b is 0 to 0; the first must be the smaller"),
        ({"b": -1.0}, "a to b is 0 to -1; the first must be the smaller"),
        ({"b": np.inf}, "a to b is 0 to inf; both ends must be finite"),
        ({"f": parse("x*y")}, "formula has the variables x, y; allowed is one"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        quadrature(**{"f": np.sin, "a": 0.0, "b": 1.0, "n": 4} | change)


def test_errors_that_scatter_about_a_line_have_no_order():
    h = 2.0 ** -np.arange(3.0, 9.0, 0.5)
    scatter = np.array([1.0, 0.3, 0.5, 1.0, 0.3, 0.5, 1.0, 0.3, 0.5, 1.0, 0.3, 0.5])
    assert measured_order(h, h**2, np.zeros(12)) == pytest.approx(2)
    assert np.isnan(measured_order(h, scatter * h**2, np.zeros(12)))
