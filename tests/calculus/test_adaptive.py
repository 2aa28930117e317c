"""Areas without an antiderivative: known ones to their claimed error, and what has none is said to have none."""

from collections.abc import Callable

import numpy as np
import pytest

from landscape.calculus.adaptive import adaptive
from landscape.calculus.curves import CURVES, own_curve
from landscape.calculus.sums import sums

Function = Callable[[np.ndarray], np.ndarray]


@pytest.mark.parametrize(
    ("f", "a", "b", "area"),
    [
        (np.exp, 0.0, 2.0, np.exp(2) - 1),
        (np.abs, -1.0, 2.0, 2.5),
        (np.sign, -1.0, 2.1, 1.1),
        (lambda x: 1 / np.sqrt(x), 0.0, 1.0, 2.0),
        (lambda x: 1 / np.sqrt(np.abs(x)), -1.0, 2.0, 2 + 2 * np.sqrt(2)),
        (lambda x: np.log(np.abs(x)), -1.0, 1.0, -2.0),
        (lambda x: np.exp(-1e4 * x * x), -3.0, 3.0, np.sqrt(np.pi) / 100),
        (lambda x: np.sin(50 * x), 0.0, 3.0, (1 - np.cos(150)) / 50),
        (np.zeros_like, 0.0, 1.0, 0.0),
    ],
)
def test_an_area_is_as_near_as_it_says(f: Function, a: float, b: float, area: float) -> None:
    with np.errstate(all="ignore"):
        found = adaptive(f, a, b)
    assert found.failed is None
    assert abs(found.area - area) <= found.error + 1e-13 * (1 + abs(area))
    assert found.error <= 1e-6


@pytest.mark.parametrize(
    ("f", "a", "b", "near"),
    [
        (lambda x: 1 / x, 0.0, 1.0, 0.0),
        (lambda x: 1 / x, -1.0, 1.0, 0.0),
        (lambda x: 1 / (x - 0.3), -1.0, 1.0, 0.3),
        (lambda x: 1 / x**2, -1.0, 1.0, 0.0),
        (np.tan, 0.0, 3.0, np.pi / 2),
    ],
)
def test_what_has_no_area_fails_where_it_has_none(f: Function, a: float, b: float, near: float) -> None:
    with np.errstate(all="ignore"):
        found = adaptive(f, a, b)
    assert np.isnan(found.area)
    assert found.failed == pytest.approx(near, abs=1e-6)


def test_a_hole_has_no_area() -> None:
    with np.errstate(all="ignore"):
        assert adaptive(np.sqrt, -1.0, 1.0).failed < 0


@pytest.mark.parametrize("key", CURVES)
def test_a_typed_curve_has_the_area_of_the_same_curve_with_an_antiderivative(key: str) -> None:
    curve = CURVES[key]
    a, b = (curve.domain[0] + share * np.ptp(curve.domain) for share in (0.25, 0.9))
    known, typed = (sums(each, a, b) for each in (curve, own_curve(curve.formula, curve.domain)))
    assert typed.truth == pytest.approx(known.truth, rel=1e-9, abs=1e-9)
    for rule, order in known.order.items():
        assert typed.order[rule] == pytest.approx(order, abs=0.05, nan_ok=True)


def test_a_sum_that_asks_a_pole_is_no_number_and_the_others_are() -> None:
    found = sums(own_curve("1/sqrt(x)", (0.0, 2.0)), 0.0, 1.0)
    assert np.isnan(found.sums["left"]).all()
    assert np.isfinite(found.sums["midpoint"]).all()
    assert found.truth == pytest.approx(2, abs=1e-6)
    # Half an order is left of the midpoints' two.
    assert found.order["midpoint"] == pytest.approx(0.5, abs=0.05)
