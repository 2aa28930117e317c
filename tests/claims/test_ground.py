"""The ground that checks go by is right far out, beside a crease, and where one curvature is tiny beside the other."""

import mpmath
import numpy as np
import pytest
import sympy

from landscape.landscapes import LANDSCAPES
from landscape.surfaces import SURFACES, surface_from_formula
from tests.claims.digits import in_digits
from tests.claims.ground import ground_at

X, Y = sympy.symbols("x y", real=True)
# As sympy differentiates them, written out here once more.
WRITTEN = {
    "schaffer_n2": sympy.Rational(1, 2)
    + (sympy.sin(X**2 - Y**2) ** 2 - sympy.Rational(1, 2)) / (1 + (X**2 + Y**2) / 1000) ** 2,
    "mccormick": sympy.sin(X + Y) + (X - Y) ** 2 - sympy.Rational(3, 2) * X + sympy.Rational(5, 2) * Y + 1,
    "rosenbrock": (1 - X) ** 2 + 100 * (Y - X**2) ** 2,
    "himmelblau": (X**2 + Y - 11) ** 2 + (X + Y**2 - 7) ** 2,
}


def exact(key: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at = {X: sympy.Rational(float(x[0])), Y: sympy.Rational(float(x[1]))}
    slope = [sympy.N(sympy.diff(WRITTEN[key], u).subs(at), 40) for u in (X, Y)]
    bends = [[sympy.N(sympy.diff(WRITTEN[key], u, v).subs(at), 40) for u in (X, Y)] for v in (X, Y)]
    with mpmath.workdps(40):
        values = mpmath.eigsy(mpmath.matrix(bends), eigvals_only=True)
    return np.array(slope, dtype=float), np.sort(np.array([float(each) for each in values]))


@pytest.mark.parametrize("key", WRITTEN)
@pytest.mark.parametrize("far", [1.0, 300.0, 21464.2])
def test_far_out_slopes_and_curvatures_are_exact(key: str, far: float) -> None:
    x = far * np.array([-0.731, 1.0])
    here, (gradient, eigenvalues) = ground_at(SURFACES[key], x), exact(key, x)
    np.testing.assert_allclose(here.gradient, gradient, rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(here.eigenvalues, eigenvalues, rtol=1e-13, atol=1e-300)
    # And what doubles give is within what can be doubted.
    off = np.abs(SURFACES[key].gradient(x) - gradient).max()
    assert off <= here.slope_doubt + 1e-12 * np.abs(gradient).max()


def test_beside_a_crease_no_difference_reaches_over_it() -> None:
    here = ground_at(surface_from_formula("|x| + 2|y - 1|"), np.array([1e-15, 1 - 1e-15]))
    np.testing.assert_array_equal(here.gradient, [1, -2])


def test_a_curvature_that_is_tiny_beside_the_other_keeps_its_digits() -> None:
    # Its Hessian is (2e12 + 2, 2e12; 2e12, 2e12): the eigenvalues multiply to 4e12, and add up to 4e12 + 2.
    here = ground_at(surface_from_formula("1000000000000*(x + y)^2 + x^2"), np.array([0.3, 0.4]))
    np.testing.assert_allclose(here.eigenvalues, [1.0, 4e12], rtol=1e-6)


def test_where_there_is_no_value_there_is_no_slope() -> None:
    gradient, hessian = in_digits(surface_from_formula("sqrt(x) + ln y").compiled, np.array([-1.0, 2.0]))
    assert all(mpmath.isnan(each) for each in (gradient[0], hessian[0, 0]))


def test_a_crease_near_by_is_not_stepped_across() -> None:
    """Two halves of long steps agree with each other here, and with nothing else."""
    neuron, x = LANDSCAPES["relu_neuron"], np.array([-1.78955525, -5.34351971])
    np.testing.assert_allclose(ground_at(neuron, x).eigenvalues, np.linalg.eigvalsh(neuron.hessian(x)), atol=1e-8)
