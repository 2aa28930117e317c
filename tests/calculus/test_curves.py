"""Every curve is what its record says, and every slope, antiderivative and expansion of it agrees with the formula."""

import numpy as np
import pytest
from scipy.integrate import quad

from landscape.calculus import CURVES, Curve, difference
from landscape.calculus.curves import curve_from_formula, own_curve
from landscape.calculus.turns import local, turns


@pytest.mark.parametrize("key", CURVES)
def test_slope_curvature_and_area_are_those_of_the_formula(key: str) -> None:
    curve = CURVES[key]
    low, high = curve.domain
    x = np.linspace(low, high, 24)[1:-1]
    h = 1e-5 * np.ones_like(x)
    np.testing.assert_allclose(curve.slope(x), difference(curve.value, x, h), rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(curve.curvature(x), difference(curve.slope, x, h), rtol=1e-7, atol=1e-7)
    exact = quad(curve.value, low, high, points=[0.0], epsabs=1e-10)[0]
    assert curve.integral(low, high) == pytest.approx(exact, abs=1e-9)
    assert curve.note.endswith(".")


def test_shapes_are_kept() -> None:
    x = np.ones((2, 3))
    for answer in (CURVES["wave"].value(x), CURVES["wave"].slope(x), CURVES["kink"].curvature(x)):
        assert answer.shape == (2, 3)


def test_a_typed_curve_is_a_curve() -> None:
    typed = curve_from_formula("x**3 - x", (-2, 2), 0.5)
    assert typed.slope(np.array(0.5)) == pytest.approx(-0.25)
    with pytest.raises(ValueError, match="whole is ''; Your formula has no antiderivative here"):
        typed.integral(0, 1)
    with pytest.raises(ValueError, match="'y' is not known"):
        curve_from_formula("x*y")


@pytest.mark.parametrize(
    ("domain", "at", "sentence"),
    [
        ((2.0, 1.0), 1.5, "domain is 2 to 1; the first must be the smaller"),
        ((1.0, 1.0), 1.0, "domain is 1 to 1; the first must be the smaller"),
        ((0.0, np.inf), 1.0, "domain is 0 to inf; both ends must be finite"),
        ((0.0, 1.0), 2.0, "at is 2; the domain allows 0 to 1"),
        ((0.0, 1.0), np.nan, "at is nan; the domain allows 0 to 1"),
    ],
)
def test_a_domain_that_is_none_is_named(domain: tuple[float, float], at: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Curve("a", "A", "x", "", domain, at, "")


def test_a_typed_curve_takes_its_letters_and_begins_where_it_has_a_value() -> None:
    curve = own_curve("a sqrt(x) + b", (-3.0, 3.0), {"a": 2.0, "c": 9.0})
    assert curve.settings == (("a", 2.0), ("b", 1.0))
    np.testing.assert_allclose(curve.value(np.array([0.25, 4.0])), [2.0, 5.0])
    np.testing.assert_allclose(curve.slope(np.array([0.25])), [2.0])
    assert curve.at == 1.2
    assert curve.key != own_curve("a sqrt(x) + c", (-3.0, 3.0)).key
    assert curve == own_curve("a sqrt(x) + b", (-3.0, 3.0), {"a": 2.0})


@pytest.mark.parametrize(
    ("text", "domain", "sentence"),
    [
        ("x +", (-1, 1), "Something is missing at the end"),
        ("sqrt(x)", (-3, -1), "the formula has no value with a slope from x = -3 to -1"),
        ("x", (2, 1), "domain is 2 to 1; the first must be the smaller"),
        ("x", (0, 1e9), r"domain is 0 to 1e\+09; allowed is -1000 to 1000"),
        ("x", (0, 1e-6), "0.001 apart"),
    ],
)
def test_a_typed_curve_that_cannot_be_is_named(text: str, domain: tuple[float, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        own_curve(text, domain)


def test_a_curve_does_not_turn_at_a_pole_or_a_jump() -> None:
    assert len(turns(own_curve("1/x^2", (-3.0, 3.0))).maxima) == 0
    assert len(turns(own_curve("tan x", (-3.0, 3.0))).bends) == 1
    cusp = turns(own_curve("sqrt|x| + sign(x - 1)*(2 - x)", (-3.0, 3.0)))
    np.testing.assert_allclose(cusp.minima, [0.0], atol=1e-9)
    np.testing.assert_allclose(cusp.maxima, [-0.25])


@pytest.mark.parametrize(
    ("formula", "slope", "curvature"),
    [
        ("x*abs(x)", 0.0, np.nan),
        ("max(x, 0)**2", 0.0, np.nan),
        ("x**3 + abs(x)**3", 0.0, 0.0),
        ("abs(x)**1.5", 0.0, np.nan),
        ("abs(x)", np.nan, np.nan),
        ("(x**2)**(1/3)", np.nan, np.nan),
        ("sign(x) + x", np.nan, np.nan),
    ],
)
def test_a_part_that_is_not_smooth_leaves_a_curve_the_slope_it_has(formula, slope, curvature):
    here = local(curve_from_formula(formula), 0.0)
    np.testing.assert_equal((here.slope, here.curvature), (slope, curvature))
    assert here.leaps == ("sign" in formula)
    assert np.isinf(here.right) == ("1/3" in formula)
