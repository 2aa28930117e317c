"""Each ailment is named where it was planted, and a network fresh from Glorot has none."""

import numpy as np
import pytest

from landscape.datasets import DATASETS
from landscape.networks import INITIALISERS, MLP
from landscape.networks.health import ailments, delta_sizes

SAMPLES = DATASETS["moons"].samples


def found(net: MLP, w: np.ndarray) -> dict[str, tuple[str, tuple[int, ...]]]:
    named = ailments(net, net.trace(w, SAMPLES.inputs, SAMPLES.targets))
    assert all(each.text.endswith(".") for each in named)
    return {each.key: (each.layer, each.units) for each in named}


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "softplus", "gelu", "identity"])
def test_a_fresh_network_is_well(activation):
    net = MLP((2, 6, 6, 1), activation)
    assert found(net, net.init(np.random.default_rng(2))) == {}


def test_zeros_are_symmetric():
    net = MLP((2, 4, 1))
    assert found(net, net.init(np.random.default_rng(0), INITIALISERS["zeros"]()))["symmetric"] == ("0", (0, 1, 2, 3))


def test_dead_units_are_counted():
    net = MLP((2, 4, 1), "relu")
    weights = net.unpack(net.init(np.random.default_rng(0)))
    weights["0.bias"] = np.array([0.0, -100.0, 0.0, -100.0])
    assert found(net, net.pack(weights)) == {"dead": ("1", (1, 3))}


def test_saturated_units_are_counted():
    net = MLP((2, 4, 1), "sigmoid")
    weights = net.unpack(net.init(np.random.default_rng(0)))
    weights["0.bias"] = np.array([0.0, 0.0, 20.0, 0.0])
    assert found(net, net.pack(weights)) == {"saturated": ("1", (2,))}


def test_gradients_vanish_with_small_weights_and_explode_with_large_ones():
    rng = np.random.default_rng(0)
    deep = MLP((2, 5, 5, 5, 5, 1), "sigmoid")
    assert found(deep, deep.init(rng, INITIALISERS["normal"](scale=0.1)))["vanishing"] == ("0", ())
    linear = MLP((2, 5, 5, 5, 5, 1), "identity", "mse")
    assert found(linear, linear.init(rng, INITIALISERS["normal"](scale=5)))["exploding"] == ("0", ())


def test_delta_sizes_do_not_depend_on_the_number_of_samples():
    net = MLP((2, 4, 1))
    w = net.init(np.random.default_rng(0))
    once = delta_sizes(net, net.trace(w, SAMPLES.inputs, SAMPLES.targets))
    twice = delta_sizes(net, net.trace(w, np.tile(SAMPLES.inputs, (2, 1)), np.tile(SAMPLES.targets, 2)))
    assert twice == pytest.approx(once)
    assert list(once) == ["0", "2"]


def test_a_unit_at_the_end_of_an_s_is_saturated_and_not_off():
    """tanh at 1 has a slope of exactly 0, to rounding; it says 1, which is not nothing."""
    for activation in ("tanh", "sigmoid"):
        net = MLP((1, 1, 1), activation, "mse")
        trace = net.trace(np.array([1.0, 400.0, 1.0, 0.0]), np.array([[1.0], [2.0]]), np.array([0.0, 1.0]))
        found = {each.key for each in ailments(net, trace)}
        assert "saturated" in found
        assert "dead" not in found
