"""Clipping, around any method: what passes, what is cut, and that the method never knows."""

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.optimizers import OPTIMIZERS, Clipped

BOWL = parse("x**2/2 + 2*y**2")  # gradient (x, 4 y)
PLAIN = OPTIMIZERS["gradient_descent"](lr=0.5)


def stepped(method, x):
    return method.step(BOWL, np.array(x), method.init(np.array(x)))[0]


def test_by_norm_keeps_the_direction():
    # g = (3, 4), |g| = 5, cut to 1: (0.6, 0.8)
    np.testing.assert_allclose(stepped(Clipped(PLAIN, 1.0), [3.0, 1.0]), [3 - 0.3, 1 - 0.4])


def test_by_value_cuts_each_component():
    np.testing.assert_allclose(stepped(Clipped(PLAIN, 1.0, "value"), [0.5, -1.0]), [0.25, -0.5])


@pytest.mark.parametrize("by", ["norm", "value"])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_limit_out_of_reach_changes_no_method(key, by):
    method = OPTIMIZERS[key]()
    x = np.array([[0.3, -0.2], [1.0, 0.0], [0.0, 0.0]])
    if not method.applies_to(BOWL):
        with pytest.raises(ValueError, match=f"method is {method.title}; it needs"):
            stepped(Clipped(method, 1e4, by), x)
        return
    np.testing.assert_array_equal(stepped(Clipped(method, 1e4, by), x), stepped(method, x))


def test_rates_reach_the_method():
    clipped = Clipped(PLAIN, 2.0)
    assert clipped.scaled(0.5).method.lr == 0.25
    assert clipped.with_rate(3.0).method.lr == 3.0
    assert clipped.scaled(0.5).limit == 2.0


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="by is 'length'; allowed are norm, value"):
        Clipped(PLAIN, 1.0, "length")
    with pytest.raises(ValueError, match=r"limit is 0; allowed is 0\.0001 to 10000"):
        Clipped(PLAIN, 0)
