"""Where slopes jump there is no curvature, and where only the formula has a hole there is."""

import numpy as np
import pytest

from landscape.curvature import SHAPES, local
from landscape.surfaces import SURFACES, surface_from_formula


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        ("abs(x) + y**2", "crease"),
        ("sqrt(x**2 + y**2)", "crease"),
        ("max(x, y)", "crease"),
        ("sqrt(abs(x)) + y**2", "crease"),
        ("x**4 + y**4", "plateau"),
        ("x**2 + y**4", "trough"),
        ("x**2*abs(x) + y**2", "trough"),
        ("5 + 0*x", "plateau"),
        ("x**2 - y**2", "saddle"),
    ],
)
def test_the_shape_of_the_ground_at_the_origin(formula: str, shape: str) -> None:
    assert str(local(surface_from_formula(formula), np.zeros(2)).shape) == shape
    assert shape in SHAPES


def test_a_minimum_that_is_a_hole_in_its_formula_has_the_curvature_beside_it() -> None:
    here = local(SURFACES["drop_wave"], np.zeros(2))
    np.testing.assert_allclose(here.eigenvalues, 72.5, rtol=1e-6)
    assert str(here.shape) == "bowl"
    assert str(local(SURFACES["ackley"], np.zeros(2)).shape) == "crease"


def test_fast_waves_are_no_creases() -> None:
    far = np.random.default_rng(0).uniform(-2000, 2000, (500, 2))
    for share in (1, 20):
        assert not (local(SURFACES["schaffer_n2"], share * far).shape == "crease").any()
    at = np.random.default_rng(0).uniform(-5, 5, (500, 2))
    for key in ("himmelblau", "rosenbrock", "goldstein_price", "griewank"):
        assert not (local(SURFACES[key], at).shape == "crease").any()


def test_beside_a_cusp_the_curvature_is_the_formula_s_own() -> None:
    # Of sqrt|x| it is -1/4 |x|**-1.5, far from what it is a little further on.
    x = np.array([[3e-8, 0.5], [1e-6, 0.5], [2e-5, 0.5]])
    found = local(surface_from_formula("sqrt(abs(x)) + y**2"), x)
    np.testing.assert_allclose(found.eigenvalues, np.stack([-0.25 * x[:, 0] ** -1.5, np.full(3, 2.0)], axis=1))


def test_flat_ground_has_no_sign() -> None:
    """-0 prints as a sign that means nothing."""
    eigenvalues = local(SURFACES["monkey_saddle"], np.zeros(2)).eigenvalues
    assert not eigenvalues.any()
    assert not np.signbit(eigenvalues).any()
