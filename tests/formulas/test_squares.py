"""Residuals read off a formula square and sum to it, and their Jacobian is their derivative."""

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.objective import Noisy
from landscape.surfaces import SURFACES
from tests.numerics import derivative_along

SQUARES = [key for key, surface in SURFACES.items() if surface.has_residuals]


def test_the_classic_least_squares_problems_are_recognised():
    assert {"rosenbrock", "himmelblau", "booth", "beale", "dixon_price", "sphere", "quadratic"} <= set(SQUARES)
    assert "ackley" not in SQUARES


@pytest.mark.parametrize("key", SQUARES)
def test_residuals_square_and_sum_to_the_value(key):
    surface = SURFACES[key]
    low, high = np.array(surface.domain).T
    x = np.random.default_rng(0).uniform(low, high, (3, 4, 2))
    residuals, jacobian = surface.residuals(x), surface.jacobian(x)
    assert jacobian.shape == (*residuals.shape, 2)
    np.testing.assert_allclose(np.sum(residuals**2, axis=-1), surface.value(x), rtol=1e-12)
    gradient = 2 * np.einsum("...mi,...m->...i", jacobian, residuals)
    np.testing.assert_allclose(gradient, surface.gradient(x), rtol=1e-10, atol=1e-10 * np.abs(gradient).max())
    for v in np.eye(2):
        measured, uncertainty = derivative_along(surface.residuals, x[0, 0], v)
        np.testing.assert_allclose(jacobian[0, 0] @ v, measured, rtol=1e-6, atol=1e-9 + 10 * uncertainty)
    np.testing.assert_array_equal(surface.jacobian(x[1, 2]), jacobian[1, 2])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x**2*y**4 + 3", True),
        ("(x - y)**2/7 + 2*sin(x)**2", True),
        ("x**2 - y**2", False),
        ("x**2 + 2*x*y + y**2", False),
        ("x**2 + y**3", False),
        ("exp(x)", False),
        # Numbers over which sympy ponders for ever, or whose sign it cannot tell.
        ("0.3*sqrt(sqrt(2))*x**2", True),
        ("0.1*sqrt(sin(pi/4))*x**2", True),
        ("x**2 + tan(e)", False),
        ("tan(tan(3))*x**2 + y**2", False),
        ("sqrt(2*y)**(1/3)*0.333", False),
    ],
)
def test_a_sum_of_squares_is_taken_as_it_is_written(text, found):
    assert parse(text).has_residuals is found


def test_a_negative_coefficient_leaves_no_residuals():
    bowl = "a*(x - 1)**2 + y**2"
    assert parse(bowl, parameters={"a": 2.0}).has_residuals
    assert not parse(bowl, parameters={"a": -2.0}).has_residuals


def test_an_objective_without_residuals_says_so():
    assert not Noisy(SURFACES["ackley"], 0.1).has_residuals
    with pytest.raises(ValueError, match="not written as a sum of squares"):
        parse("exp(x) + y").residuals(np.zeros(2))


def test_wrappers_pass_residuals_on():
    noisy, x = Noisy(SURFACES["booth"], 0.1), np.array([1.0, 2.0])
    np.testing.assert_array_equal(noisy.draw(np.random.default_rng(0)).residuals(x), SURFACES["booth"].residuals(x))
