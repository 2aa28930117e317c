"""Backpropagation through time, cut to a window: its parts add up, and a window sees just what lies in it."""

import numpy as np
import pytest

from landscape.networks import CELLS, RNN
from landscape.networks.truncated import Truncated, angles, continued, gradient_by_lag

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("every_step", [True, False])
def test_all_parts_add_up_to_the_gradient(cell, every_step):
    net = RNN(2, 3, 2, cell, every_step)
    x, y = RNG.standard_normal((4, 6, 2)), RNG.standard_normal((4, 6, 2) if every_step else (4, 2))
    w = np.stack([net.init(RNG) for _ in range(3)])
    parts = gradient_by_lag(net, w, x, y)
    assert parts.shape == (3, 6, net.size)
    np.testing.assert_allclose(parts.sum(axis=1), net.objective(x, y).gradient(w), rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(gradient_by_lag(net, w[0], x, y, 2), parts[0, :2])


@pytest.mark.parametrize("cell", CELLS)
def test_a_window_sees_as_far_as_it_is_long(cell):
    """With an error at the last step alone a window of W has the gradient of the last W inputs, but for the state that
    they begin in: it is the derivative in weights that are moved in the last W steps only."""
    net, length, window = RNN(1, 2, 1, cell), 5, 2
    x, y, w = RNG.standard_normal((1, length)), np.array([0.3]), net.init(RNG) + 0.1 * RNG.standard_normal(net.size)
    cut = Truncated(net.objective(x, y), net, x, y, window)
    before, p = net.recurrence.unrolled(_split(net, w), net.arranged(x)).states[length - window], 1e-6

    def loss(moved):
        states = before
        for t in range(length - window, length):
            states = net.recurrence.after(_split(net, moved), x[None, None, :, t], states)
        out = net.unpack(moved)
        return float((states[0][0, :, 0] @ out["2.weight"][0] + out["2.bias"][0] - y[0]) ** 2)

    differences = [(loss(w + p * e) - loss(w - p * e)) / (2 * p) for e in np.eye(net.size)]
    np.testing.assert_allclose(cut.gradient(w), differences, rtol=1e-5, atol=1e-8)
    assert cut.value(w) == net.objective(x, y).value(w)


def _split(net, w):
    return [array[None] for array in list(net.unpack(w).values())[:4]]


def test_angles_are_those_between_the_sums():
    by_lag = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    np.testing.assert_allclose(angles(by_lag), [90, 45, 0])
    tiny = np.array([[1.0, 0.0], [0.0, 1e-9]])
    np.testing.assert_allclose(angles(tiny), [np.degrees(1e-9), 0], rtol=1e-9)
    assert np.isnan(angles(np.zeros((2, 3)))).all()


@pytest.mark.parametrize("cell", CELLS)
def test_what_hears_itself_says_what_it_says_when_told_so(cell):
    net, x = RNN(1, 3, 1, cell, every_step=True), RNG.standard_normal((2, 6))
    w = np.stack([net.init(RNG) for _ in range(2)])
    alone = continued(net, w, x, 4)
    assert alone.shape == (2, 2, 4, 1)
    for said, own in zip(alone, w, strict=True):
        told = net.forward(own, np.concatenate([x, said[:, :3, 0]], axis=1))
        np.testing.assert_allclose(said, told[:, 5:], rtol=1e-12, atol=1e-15)


def test_what_cannot_be_asked_is_named():
    net = RNN(1, 2, 1, every_step=True)
    with pytest.raises(ValueError, match="window is 0; allowed is 1 and more"):
        gradient_by_lag(net, net.init(RNG), np.zeros((1, 4)), np.zeros((1, 4)), 0)
    wide = RNN(2, 2, 1)
    with pytest.raises(ValueError, match="network has 2 inputs and 1 outputs; it cannot hear itself"):
        continued(wide, wide.init(RNG), np.zeros((1, 4, 2)), 3)
    for length in (1, 10_000):
        with pytest.raises(ValueError, match=f"inputs has sequences of length {length}; allowed is 2 to 1000"):
            gradient_by_lag(net, net.init(RNG), np.zeros((1, length)), np.zeros((1, length)))


def test_a_gradient_of_no_finite_length_has_no_angle():
    by_lag = np.stack([[1e200, 0.0], [1e200, 1e200]])
    assert np.isnan(angles(by_lag)).all()
    np.testing.assert_allclose(angles(by_lag / 1e200), [np.degrees(np.arctan2(1, 2)), 0], atol=1e-12)
