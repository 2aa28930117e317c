"""The cliff: exact derivatives both ways in time, the wall where theory has it, and its place among the landscapes."""

import numpy as np
import pytest

from landscape import LANDSCAPES
from landscape.descent.descend import descend
from landscape.networks.cliff import Cliff, folds, wall
from landscape.optimizers import OPTIMIZERS, Clipped
from tests.numerics import check_gradient, check_hessian, check_taylor

CLIFF = Cliff()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("check", [check_gradient, check_hessian, check_taylor])
def test_derivatives(check):
    rng = np.random.default_rng(0)
    for x in rng.uniform((2, -4), (5, -0.5), (8, 2)):
        check(CLIFF, x, rng)


def test_the_value_is_the_recursion():
    x = np.random.default_rng(0).uniform((2, -4), (7, -0.5), (3000, 2))
    state = np.full(len(x), 0.5)
    for _ in range(50):
        state = x[:, 0] * sigmoid(state) + x[:, 1]
    np.testing.assert_allclose(CLIFF.value(x), (sigmoid(state) - 0.7) ** 2, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(CLIFF.states(x)[-1], state, rtol=1e-12)


def test_backpropagation_gives_the_gradient_that_goes_forwards():
    x = np.random.default_rng(1).uniform((2, -4), (5.5, -0.5), (4, 5, 2))
    states, deltas = CLIFF.states(x), CLIFF.back_in_time(x)
    gradient = np.stack([(deltas[1:] * sigmoid(states[:-1])).sum(axis=0), deltas[1:].sum(axis=0)], axis=-1)
    np.testing.assert_allclose(gradient, CLIFF.gradient(x), rtol=1e-9, atol=1e-15)


def test_on_the_line_the_state_never_moves():
    w = np.linspace(2, 7, 11)
    predicted = wall(w)
    states = CLIFF.states(np.stack([w, predicted.bias], axis=-1))[:5]
    np.testing.assert_allclose(states, 0.5, atol=1e-11)
    np.testing.assert_allclose(predicted.slope, 0.2350 * w, rtol=1e-4)
    assert wall(np.array(4.255)).slope == pytest.approx(1, abs=2e-4)


@pytest.mark.parametrize("w", np.linspace(5, 6, 6))
def test_the_wall_stands_on_the_line(w):
    """Where E is steepest in b, by looking."""
    line = wall(np.array(w)).bias
    b = line + np.linspace(-1e-3, 1e-3, 40_001)
    steep = np.abs(CLIFF.gradient(np.stack([np.full_like(b, w), b], axis=-1))[:, 1])
    assert abs(b[steep.argmax()] - line) < 5e-5


def test_on_the_wall_the_gradient_grows_as_the_slope_says():
    w = np.array(5.0)
    deltas = CLIFF.back_in_time(np.stack([w, wall(w).bias]))
    ratios = deltas[:10] / deltas[1:11]
    np.testing.assert_allclose(ratios, wall(w).slope, rtol=1e-6)


def test_clipping_keeps_a_run_at_the_foot_of_the_wall():
    start = np.array([5.2, wall(np.array(5.2)).bias - 1e-5])
    method = OPTIMIZERS["gradient_descent"](lr=0.1)
    thrown, kept = (descend(CLIFF, each, start, 40) for each in (method, Clipped(method, 1.0)))
    assert np.abs(np.diff(thrown.x, axis=0)).max() > 1
    assert np.linalg.norm(np.diff(kept.x, axis=0), axis=1).max() <= 0.1 * (1 + 1e-12)


def test_it_is_a_landscape_among_others():
    assert LANDSCAPES["cliff"] == CLIFF
    assert CLIFF.with_(steps=10).steps == 10
    assert all(
        CLIFF.latex(part).count("{") == CLIFF.latex(part).count("}") for part in ("value", "gradient", "hessian")
    )
    with pytest.raises(ValueError, match="part is 'slope'; allowed are value, gradient, hessian"):
        CLIFF.latex("slope")
    with pytest.raises(ValueError, match="steps is 1; allowed is 2 to 200"):
        CLIFF.with_(steps=1)
    assert np.isnan(CLIFF.value(np.array([np.nan, 0.0])))


def test_between_the_folds_three_states_are_fixed_and_beyond_them_one():
    w = np.linspace(4.2, 6.5, 8)
    low, high = folds(w)
    assert (low < high).all()
    x = np.linspace(-8, 8, 20_002)[:, None]

    def fixed(b):
        return (np.diff(np.sign(w / (1 + np.exp(-x)) + b - x), axis=0) != 0).sum(axis=0)

    gap = 0.02 * (high - low)
    for b, count in ((low - gap, 1), (low + gap, 3), ((low + high) / 2, 3), (high - gap, 3), (high + gap, 1)):
        np.testing.assert_array_equal(fixed(b), count)
    np.testing.assert_allclose(folds(np.array(4.0)), [-2, -2])
    assert np.isnan(folds(np.array(3.9))).all()
