"""A knob knows its bounds, says them when they are broken, and offers values that keep them."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from landscape.knob import SCALES, Knob, check_knobs, knob, knobs

KNOBS = {
    "linear": Knob(0.5),
    "log": Knob(0.1, 1e-6, 10, "log"),
    "integer": Knob(3, -2, 7, "integer"),
    "switch": Knob(True, scale="switch"),
}


@dataclass(frozen=True)
class Method:
    lr: float = knob(0.1, 1e-3, 1, "log", "rate", "Longer steps.")
    history: int = knob(5, 1, 20, "integer")
    centered: bool = knob(False, scale="switch")
    name: str = "not a knob"

    def __post_init__(self):
        check_knobs(self)


def test_every_scale_is_tried_here():
    assert set(KNOBS) == set(SCALES)


@pytest.mark.parametrize("scale", SCALES)
def test_the_bounds_themselves_are_allowed(scale):
    each = KNOBS[scale]
    for value in (False, True) if scale == "switch" else (each.low, each.high):
        each.check("v", value)


@pytest.mark.parametrize("scale", SCALES)
def test_what_the_grid_offers_the_check_allows(scale):
    grid = KNOBS[scale].grid()
    for value in grid:
        KNOBS[scale].check("v", value)
    assert np.all(np.diff(grid.astype(float)) > 0)
    assert KNOBS[scale].default in grid


@pytest.mark.parametrize(
    ("scale", "value", "message"),
    [
        ("linear", 1.5, "v is 1.5; allowed is 0 to 1"),
        ("linear", float("nan"), "v is nan; allowed is 0 to 1"),
        ("linear", float("inf"), "v is inf; allowed is 0 to 1"),
        ("linear", "ten", "v is 'ten'; it must be a number"),
        ("linear", None, "v is None; allowed is 0 to 1"),
        ("linear", [[1], [1, 2]], "v is [[1], [1, 2]]; it must be a number"),
        ("log", 0, "v is 0; allowed is 1e-06 to 10"),
        ("integer", 2.5, "v is 2.5; it must be a whole number"),
        ("integer", 8, "v is 8; allowed is -2 to 7"),
        ("switch", 1, "v is 1; allowed are True and False"),
        ("switch", "yes", "v is 'yes'; allowed are True and False"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(scale, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        KNOBS[scale].check("v", value)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("value", [-np.inf, -1e9, -1.0, 0.0, 1e-9, 0.4999, 2.5, 1e9, np.inf])
def test_whatever_is_computed_a_knob_can_begin_at(scale, value):
    knob = KNOBS[scale].beginning(value)
    knob.check("v", knob.default)
    away = abs(float(knob.default) - value)
    assert all(away <= abs(float(stop) - value) + 1e-12 for stop in knob.grid())


def test_only_nothing_at_all_turns_a_knob_off():
    strength = Knob(1.0, 1e-4, 100, "log", zero=True)
    assert [strength.nearest(value) for value in (0.0, 1.1e-5, 0.02, 500)] == [0.0, 1e-4, 0.02, 100]
    assert strength.beginning(1.1e-5) == Knob(1e-4, 1e-4, 100, "log", zero=True)


def test_arrays_are_checked_one_by_one():
    KNOBS["log"].check("v", np.array([[0.1], [1.0]]))
    with pytest.raises(ValueError, match="allowed is 1e-06 to 10"):
        KNOBS["log"].check("v", np.array([[0.1], [11.0]]))
    with pytest.raises(ValueError, match="whole number"):
        KNOBS["integer"].check("v", np.array([1, 2.5]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2.0,), "default is 2.0; allowed is 0 to 1"),
        ((0.5, 0.0, 1.0, "log"), "low is 0.0; a log scale needs a positive number"),
        ((0.5, float("nan"), 1.0, "log"), "low is nan; a log scale needs a positive number"),
        ((0.5, 0.0, 1.0, "cubic"), "scale is 'cubic'; allowed are linear, log, integer, switch"),
    ],
)
def test_a_knob_that_contradicts_itself_is_refused(arguments, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        Knob(*arguments)


def test_a_log_grid_walks_preferred_numbers():
    grid = Knob(1, 1, 100, "log").grid()
    np.testing.assert_array_equal(grid[:11], [1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 7.9, 10])
    assert len(grid) == 21
    np.testing.assert_array_equal(Knob(1, 1, 100, "log").grid(per_decade=1), [1, 10, 100])


def test_a_log_grid_stays_inside_odd_bounds():
    grid = Knob(0.5, 0.33, 0.77, "log").grid()
    assert grid.min() >= 0.33
    assert grid.max() <= 0.77
    np.testing.assert_array_equal(grid, [0.4, 0.5, 0.63])


def test_a_dataclass_lists_its_knobs_in_order_and_nothing_else():
    assert list(knobs(Method)) == list(knobs(Method())) == ["lr", "history", "centered"]
    assert knobs(Method)["lr"] == Knob(0.1, 1e-3, 1, "log", "rate", "Longer steps.")
    assert Method().lr == 0.1


def test_a_dataclass_checks_its_knobs():
    with pytest.raises(ValueError, match=r"^lr is 2; allowed is 0.001 to 1$"):
        Method(lr=2)
    with pytest.raises(ValueError, match=r"^history is"):
        Method(history=0)
