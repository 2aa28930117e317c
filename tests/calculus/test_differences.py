"""Difference quotients: the slopes they come to, the orders they come with, and the step that serves best."""

import numpy as np
import pytest

from landscape.calculus import CURVES, DIFFERENCES, difference
from landscape.calculus.differences import PRECISIONS, forecast
from landscape.calculus.orders import measured_order
from landscape.formulas.expression import parse

CURVED = ["sine", "exponential", "logarithm", "wave", "quartic", "step"]
STEPS = {"double": np.geomspace(1, 1e-16, 129), "single": np.geomspace(1, 1e-8, 97)}


def errors(key: str, scheme: str, precision: str) -> tuple[np.ndarray, np.ndarray]:
    """The error at every step, and what rounding may make of it."""
    curve, h = CURVES[key], STEPS[precision]
    found = difference(curve.compiled, curve.at, h, scheme, precision)
    noise = forecast(curve.compiled, curve.at, scheme, precision).bound(h)
    return np.abs(found - curve.slope(np.array(curve.at))), noise


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", DIFFERENCES)
@pytest.mark.parametrize("key", CURVED)
def test_the_measured_order_is_that_of_theory(key: str, scheme: str, precision: str) -> None:
    order = measured_order(STEPS[precision], *errors(key, scheme, precision))
    assert order == pytest.approx(DIFFERENCES[scheme].order, abs=0.05)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", DIFFERENCES)
@pytest.mark.parametrize("key", CURVED)
def test_the_error_is_what_was_foretold(key: str, scheme: str, precision: str) -> None:
    curve, h = CURVES[key], STEPS[precision]
    told, (found, noise) = forecast(curve.compiled, curve.at, scheme, precision), errors(key, scheme, precision)
    leading = told.truncation * h ** DIFFERENCES[scheme].order
    small = h < 0.02
    # Three times: several operations are rounded on the way to one value of f.
    assert (found <= 1.2 * leading + 3 * noise)[small].all()
    clear = small & (leading > 10 * noise)
    np.testing.assert_allclose(found[clear], leading[clear], rtol=0.2)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_no_step_far_from_the_best_serves_as_well(scheme: str, precision: str) -> None:
    curve, told = CURVES["exponential"], forecast(CURVES["exponential"].compiled, 1.0, scheme, precision)
    near = np.abs(difference(curve.compiled, 1.0, told.step * np.geomspace(0.5, 2, 40), scheme, precision) - np.e)
    assert near.max() <= 2 * told.error
    for far in (told.step / 100, told.step * 100):
        there = np.abs(difference(curve.compiled, 1.0, far * np.geomspace(0.5, 2, 40), scheme, precision) - np.e)
        assert there.max() > 3 * near.max()


def test_the_complex_step_has_no_v() -> None:
    h = 10.0 ** -np.arange(8, 300, 10)
    for key in CURVED:
        curve = CURVES[key]
        exact = curve.slope(np.array(curve.at))
        np.testing.assert_allclose(difference(curve.compiled, curve.at, h, "complex"), exact, rtol=1e-15)


def test_the_complex_step_sees_the_slope_beside_a_kink_and_none_at_it() -> None:
    for text, x, slope in [
        ("abs(x)", -2.0, -1.0),
        ("abs(x)*x**2", -2.0, -12.0),
        ("sign(x)*x", -2.0, -1.0),
        ("sqrt(abs(x))", -4.0, -0.25),
        ("log(abs(x))", -4.0, -0.25),
        ("x**3", -2.0, 12.0),
    ]:
        assert difference(parse(text, ("x",)), x, 1e-20, "complex") == pytest.approx(slope, rel=1e-14)
    for text, x in [("abs(x)", 0.0), ("sign(x)", 0.0), ("log(x)", -1.0), ("sqrt(x)", -1.0), ("asin(x)", 2.0)]:
        assert np.isnan(difference(parse(text, ("x",)), x, 1e-20, "complex"))


def test_x_and_h_broadcast_and_any_function_will_do() -> None:
    x, h = np.array([[0.0], [1.0]]), np.array([1e-3, 1e-4, 1e-5])
    for scheme in DIFFERENCES:
        found = difference(np.sin, x, h, scheme)
        assert found.shape == (2, 3)
        np.testing.assert_allclose(found, np.cos(x) + 0 * h, atol=6e-4)
    assert difference(parse("3", ("x",)), x, h, "complex").shape == (2, 3)


def test_singles_are_singles() -> None:
    seen = []

    def f(x: np.ndarray) -> np.ndarray:
        seen.append(x.dtype)
        return x * x

    difference(f, 1.0, 0.1, "central", "single")
    difference(f, 1.0, 0.1, "complex", "single")
    assert set(seen) == {np.dtype("f4"), np.dtype("c8")}


def test_an_order_is_not_measured_on_noise() -> None:
    h = np.geomspace(1, 1e-3, 30)
    assert measured_order(h, 3 * h**2.5, 0.0) == pytest.approx(2.5)
    assert measured_order(h[::-1], 3 * h[::-1] ** 2.5, 1e-9) == pytest.approx(2.5)
    assert np.isnan(measured_order(h, 0 * h, 1e-16))
    assert np.isnan(measured_order(h[:2], h[:2], 0.0))
    assert np.isnan(forecast(CURVES["square"].compiled, 1.0, "central").step)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"scheme": "sideways"}, "scheme is 'sideways'; allowed are forward, backward, central, complex"),
        ({"precision": "half"}, "precision is 'half'; allowed are double, single"),
        ({"h": 0.0}, "h is 0; it must be positive"),
        ({"h": [0.1, -0.1]}, "h is -0.1; it must be positive"),
        ({"h": np.inf}, "h is inf; it must be finite"),
        ({"x": np.nan}, "x is nan; it must be finite"),
        ({"f": parse("x*y")}, "formula has the variables x, y; allowed is one"),
        ({"f": np.cbrt, "scheme": "complex"}, "the complex step needs a function of complex numbers"),
        ({"f": np.real, "scheme": "complex"}, "the complex step needs a function of complex numbers"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        difference(**{"f": np.sin, "x": 1.0, "h": 0.1} | change)
