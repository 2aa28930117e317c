"""The parts of networks: every entry of ACTIVATIONS, LOSSES and INITIALISERS, on its own."""

import math

import numpy as np
import pytest

from landscape.knob import knobs
from landscape.networks import ACTIVATIONS, INITIALISERS, LOSSES, MLP
from landscape.networks.layers.activations import normal_distribution

each_activation = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
each_initialiser = pytest.mark.parametrize("initialiser", INITIALISERS.values(), ids=INITIALISERS)


@each_activation
def test_slope_and_curvature_are_derivatives(activation):
    z = np.linspace(-6, 6, 100)
    h = 1e-5
    up, down = activation.value(z + h), activation.value(z - h)
    np.testing.assert_allclose(activation.slope(z, activation.value(z)), (up - down) / (2 * h), rtol=1e-8, atol=1e-10)
    difference = (activation.slope(z + h, up) - activation.slope(z - h, down)) / (2 * h)
    curvature = 0 if activation.curvature is None else activation.curvature(z, activation.value(z))
    np.testing.assert_allclose(curvature + 0 * z, difference, rtol=1e-8, atol=1e-9)


@each_activation
def test_activations_are_finite_far_out_and_change_no_input(activation):
    z = np.array([-800.0, -40.0, 0.0, 40.0, 800.0])
    kept = z.copy()
    a = activation.value(z)
    assert a is not z
    for derivative in (activation.slope, activation.curvature or activation.slope):
        assert np.isfinite(derivative(z, a)).all()
    assert np.isfinite(a).all()
    np.testing.assert_array_equal(z, kept)


def test_the_slope_of_relu_at_its_kink_is_that_of_pytorch():
    relu = ACTIVATIONS["relu"]
    assert relu.slope(np.zeros(1), np.zeros(1)) == 0


@each_activation
def test_a_kink_is_stated_where_the_slope_jumps(activation):
    z, h = np.linspace(-6, 6, 97), 1e-9
    before, after = (activation.slope(at, activation.value(at)) for at in (z - h, z + h))
    assert (np.abs(after - before) > 1e-6).any() == bool(activation.kink)


def test_normal_distribution_is_exact():
    z = np.linspace(-37, 37, 4001)
    expected = np.array([math.erfc(-each / math.sqrt(2)) / 2 for each in z])
    np.testing.assert_allclose(normal_distribution(z), expected, rtol=1e-12, atol=0)
    np.testing.assert_allclose(normal_distribution(z), expected, rtol=0, atol=5e-16)


@each_loss
def test_loss_records_agree_with_each_other(loss):
    rng = np.random.default_rng(0)
    z, direction = rng.standard_normal((2, 4, 3, 5))
    t = loss.encode(np.arange(5) % 3 if loss.key == "cross_entropy" else rng.integers(0, 2, (5, 3)), 3)
    h = 1e-5
    up, down = z + h * direction, z - h * direction
    along = (loss.slope(z, t) * direction).sum(axis=1)
    np.testing.assert_allclose(along, (loss.samples(up, t) - loss.samples(down, t)) / (2 * h), rtol=1e-7, atol=1e-9)
    tangent = loss.tangent(z, direction[:, :, None])[:, :, 0]
    np.testing.assert_allclose(tangent, (loss.slope(up, t) - loss.slope(down, t)) / (2 * h), rtol=1e-7, atol=1e-9)


def test_a_small_loss_keeps_its_digits():
    z = np.array([[[40.0]], [[-40.0]]])
    binary = LOSSES["binary_cross_entropy"]
    np.testing.assert_allclose(binary.samples(z, np.array([[1.0]]))[0], math.exp(-40), rtol=1e-12)
    np.testing.assert_allclose(binary.samples(z, np.array([[0.0]]))[1], math.exp(-40), rtol=1e-12)


@pytest.mark.parametrize("registry", [ACTIVATIONS, LOSSES, INITIALISERS], ids=["activations", "losses", "initialisers"])
def test_registries_are_complete(registry):
    assert len({entry.title for entry in registry.values()}) == len(registry)
    for key, entry in registry.items():
        assert entry.key == key
        assert entry.note.endswith(".")
        assert entry.title == entry.title.strip() != ""


@each_initialiser
def test_initial_weights_are_seeded_and_biases_are_zero(initialiser):
    net = MLP((3, 5, 2), "tanh", "mse")
    w = net.init(np.random.default_rng(4), initialiser())
    np.testing.assert_array_equal(w, net.init(np.random.default_rng(4), initialiser()))
    assert (w[list(net.biases)] == 0).all()
    assert w.shape == (net.size,)
    assert all(each.label and each.help for each in knobs(initialiser).values())


@pytest.mark.parametrize(
    ("key", "hyper", "variance"),
    [("glorot", {}, 2 / (100 + 200)), ("he", {}, 2 / 100), ("normal", {"scale": 0.3}, 0.09), ("zeros", {}, 0)],
)
def test_initial_variance(key, hyper, variance):
    w = INITIALISERS[key](**hyper).weights(np.random.default_rng(0), (200, 100))
    assert w.var() == pytest.approx(variance, rel=0.03)
    assert w.mean() == pytest.approx(0, abs=4 * math.sqrt(variance / w.size))


def test_glorot_stays_inside_its_limit_and_is_the_default():
    w = INITIALISERS["glorot"]().weights(np.random.default_rng(0), (20, 10))
    assert np.abs(w).max() <= math.sqrt(6 / 30)
    net = MLP((2, 3, 1))
    given = net.init(np.random.default_rng(1), INITIALISERS["glorot"]())
    np.testing.assert_array_equal(net.init(np.random.default_rng(1)), given)


def test_a_kernel_counts_in_the_fans():
    w = INITIALISERS["he"]().weights(np.random.default_rng(0), (50, 10, 5, 5))
    assert w.var() == pytest.approx(2 / 250, rel=0.05)


def test_zero_weights_keep_hidden_units_alike():
    """All that can learn is the last bias: nothing comes back through a weight that is 0, nor forwards through tanh."""
    net = MLP((2, 4, 1))
    rng = np.random.default_rng(0)
    objective = net.objective(rng.standard_normal((9, 2)), [1] * 6 + [0] * 3)
    gradient = net.unpack(objective.gradient(net.init(rng, INITIALISERS["zeros"]())))
    assert all((gradient[name] == 0).all() for name in ("0.weight", "0.bias", "2.weight"))
    assert gradient["2.bias"] != 0


def test_a_wrong_scale_is_named():
    with pytest.raises(ValueError, match=r"scale is -1; allowed is 0.001 to 10"):
        INITIALISERS["normal"](scale=-1)
