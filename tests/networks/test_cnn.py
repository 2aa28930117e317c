"""Convolution and pooling: random shapes against differences, a naive loop, PyTorch, and by hand."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from landscape.datasets import IMAGES
from landscape.networks import ACTIVATIONS, CNN, INITIALISERS, LOSSES, LossObjective
from landscape.networks.cnn import POOLINGS
from landscape.networks.health import ailments
from landscape.networks.layers import AvgPool2d, Conv2d, MaxPool2d
from landscape.networks.layers.windows import Windows
from landscape.optimizers import OPTIMIZERS
from tests.networks.gradients import central_differences, check_derivatives, check_loop

TORCH = np.load(Path(__file__).parents[1] / "data" / "torch_images.npz")
RUNS = json.loads(str(TORCH["runs"]))
SMOOTH = [key for key, activation in ACTIVATIONS.items() if not activation.kink]


def random_case(seed: int) -> tuple[LossObjective, np.ndarray]:
    """A network of one block or two on images of a random size, its loss on three of them, and weights."""
    rng = np.random.default_rng(seed)
    loss = list(LOSSES)[seed % len(LOSSES)]
    while True:
        kernel, pool = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        image = (int(rng.integers(1, 3)), int(rng.integers(4, 8)), int(rng.integers(4, 8)))
        channels = tuple(map(int, rng.integers(1, 4, rng.integers(1, 3))))
        stride, padding = int(rng.integers(1, 3)), int(rng.integers(0, 2))
        try:
            net = CNN(
                *(image, channels, kernel, stride, padding, list(POOLINGS)[seed % 3], pool),
                *(int(rng.integers(2, 4)), SMOOTH[seed % len(SMOOTH)], loss),
            )
        except ValueError:
            continue  # Too small an image for so many blocks.
        break
    inputs = rng.standard_normal((3, *image))
    targets = {
        "mse": rng.standard_normal((3, net.outputs)),
        "binary_cross_entropy": rng.integers(0, 2, (3, net.outputs)),
        "cross_entropy": rng.integers(0, net.outputs, 3),
    }[loss]
    return net.objective(inputs, targets), rng.standard_normal(net.size)


@pytest.mark.parametrize("seed", range(30))
def test_gradient_and_hessian_of_random_networks(seed):
    check_derivatives(*random_case(seed))


def test_the_random_networks_have_everything():
    layers = [layer for seed in range(30) for layer in random_case(seed)[0].layers]
    seen = {(layer.kernel, layer.stride, layer.padding) for layer in layers if isinstance(layer, Conv2d)}
    assert {(k, s, p) for k in (2, 3) for s in (1, 2) for p in (0, 1)} <= seen
    assert {type(layer) for layer in layers} >= {MaxPool2d, AvgPool2d}


def naive(image: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """The convolution as it is defined: one sum for each output cell."""
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    k = weight.shape[-1]
    down, across = ((size - k) // stride + 1 for size in padded.shape[1:])
    out = np.empty((len(weight), down, across))
    for o, r, s in np.ndindex(out.shape):
        window = padded[:, r * stride : r * stride + k, s * stride : s * stride + k]
        out[o, r, s] = bias[o] + (weight[o] * window).sum()
    return out


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(1, 1, 0), (3, 1, 0), (3, 2, 1), (2, 3, 0), (5, 1, 4)])
def test_convolution_is_the_sum_over_windows(kernel, stride, padding):
    rng = np.random.default_rng(0)
    layer = Conv2d(2, 3, kernel, stride, padding)
    images, delta_rng = rng.standard_normal((4, 2, 6, 7)), np.random.default_rng(1)
    weight, bias = rng.standard_normal((3, 2, kernel, kernel)), rng.standard_normal(3)
    a, p = images.swapaxes(0, 1)[None], [weight[None], bias[None]]
    z = layer.forward(p, a)
    expected = np.stack([naive(image, weight, bias, stride, padding) for image in images], axis=1)
    np.testing.assert_allclose(z[0], expected, rtol=1e-13, atol=1e-13)
    delta = delta_rng.standard_normal(z.shape)
    (d_weight, d_bias), d_image = layer.backward(p, a, z, delta)
    # Everything is linear in everything: pairings decide.
    np.testing.assert_allclose(d_bias[0], delta[0].sum(axis=(1, 2, 3)), rtol=1e-12)
    for part, gradient in ((weight, d_weight[0]), (images.swapaxes(0, 1), d_image[0])):
        linear = (gradient * part).sum()
        np.testing.assert_allclose(linear, ((z - bias[:, None, None, None]) * delta).sum(), rtol=1e-10)


def test_the_gradient_of_the_image_is_the_full_convolution_with_the_turned_kernel():
    """Stride 2: delta is spread out with zeros between; padding 1: a frame of one is cut off."""
    rng = np.random.default_rng(2)
    layer, kernel = Conv2d(1, 1, 3, stride=2, padding=1, bias=False), rng.standard_normal((3, 3))
    image, delta = rng.standard_normal((7, 7)), rng.standard_normal((4, 4))
    _, d_image = layer.backward([kernel[None, None, None]], image[None, None, None], delta, delta[None, None, None])
    spread = np.zeros((7, 7))
    spread[::2, ::2] = delta
    full = naive(spread[None], kernel[None, None, ::-1, ::-1], np.zeros(1), 1, 2)[0]
    np.testing.assert_allclose(d_image[0, 0, 0], full[1:-1, 1:-1], rtol=1e-12, atol=1e-14)


def test_gather_and_scatter_are_adjoint():
    rng = np.random.default_rng(3)
    for kernel, stride, padding in ((2, 1, 0), (3, 2, 1), (1, 3, 2)):
        windows = Windows(kernel, stride, padding)
        images = rng.standard_normal((2, 3, 4, 5, 6))
        gathered = windows.gather(images)
        other = rng.standard_normal(gathered.shape)
        np.testing.assert_allclose((gathered * other).sum(), (images * windows.scatter(other, 5, 6)).sum(), rtol=1e-12)


def test_a_tie_goes_to_the_first():
    image = np.array([[2.0, 2.0, 0.0, 0.0], [2.0, 1.0, 0.0, 0.0]])[None, None, None]
    layer = MaxPool2d(2, 2)
    np.testing.assert_array_equal(layer.forward([], image)[0, 0, 0], [[2, 0]])
    _, back = layer.backward([], image, image, np.array([[5.0, 7.0]])[None, None, None])
    np.testing.assert_array_equal(back[0, 0, 0], [[5, 0, 7, 0], [0, 0, 0, 0]])


def test_average_pooling_spreads_evenly_and_leaves_out_what_does_not_fit():
    image = np.arange(15.0).reshape(3, 5)[None, None, None]
    layer = AvgPool2d(2, 2)
    np.testing.assert_array_equal(layer.forward([], image)[0, 0, 0], [[3, 5]])
    _, back = layer.backward([], image, image, np.array([[4.0, 8.0]])[None, None, None])
    np.testing.assert_array_equal(back[0, 0, 0], [[1, 1, 2, 2, 0], [1, 1, 2, 2, 0], [0, 0, 0, 0, 0]])


def test_windows_of_pools_may_overlap():
    image = np.array([[1.0, 3.0, 2.0]] * 2)[None, None, None]
    layer = MaxPool2d(2, 1)
    _, back = layer.backward([], image, image, np.array([[10.0, 1.0]])[None, None, None])
    np.testing.assert_array_equal(back[0, 0, 0], [[0, 11, 0], [0, 0, 0]])


@pytest.mark.parametrize("k", range(len(RUNS)))
def test_pytorch_agrees(k):
    net = CNN(**RUNS[k])
    w, inputs, targets = (TORCH[f"{name}_{k}"] for name in ("w", "inputs", "targets"))
    assert list(net.shapes) == json.loads(str(TORCH["names"]))[k]
    np.testing.assert_allclose(net.forward(w, inputs), TORCH[f"outputs_{k}"], rtol=1e-12, atol=1e-14)
    objective = net.objective(inputs, targets)
    for name in ("value", "gradient"):
        np.testing.assert_allclose(getattr(objective, name)(w), TORCH[f"{name}_{k}"], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(objective.hessian(w), TORCH[f"hessian_{k}"], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_batch_of_weights_is_a_loop(seed):
    check_loop(*random_case(seed))


def test_trace_shows_images():
    net = CNN((6, 5), (2,), kernel=2, outputs=3)
    rng = np.random.default_rng(0)
    images, w = rng.standard_normal((4, 6, 5)), rng.standard_normal((2, net.size))
    trace = net.trace(w, images, [0, 1, 2, 0])
    shapes = {name: value.shape[2:] for name, value in trace.values.items()}
    assert shapes == {"input": (1, 6, 5), "0": (2, 5, 4), "1": (2, 5, 4), "2": (2, 2, 2), "3": (8,), "4": (3,)}
    assert {name: d.shape for name, d in trace.deltas.items()} == {n: v.shape for n, v in trace.values.items()}
    np.testing.assert_allclose(net.pack(trace.gradients), net.objective(images, [0, 1, 2, 0]).gradient(w), rtol=1e-12)

    def value(pictures):
        return np.array([net.trace(w[0], each.reshape(1, 6, 5), [1]).loss for each in pictures.reshape(-1, 30)])

    once = net.trace(w[0], images[:1], [1]).deltas["input"][0, 0]
    stepped = central_differences(lambda p: value(p).reshape(p.shape[:-1]), images[0].ravel())
    np.testing.assert_allclose(once.ravel(), stepped, rtol=1e-6, atol=1e-9)


def test_names_title_and_channels_left_out():
    net = CNN((8, 8), (4, 6), kernel=2)
    assert list(net.shapes) == [*("0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias")]
    assert net.title == "8x8 → 4@3x3 → 6@1x1 → 10"
    assert [len(column.units) for column in net.columns] == [1, 4, 6, 10]
    assert CNN(**net.architecture) == net
    assert CNN((8, 8), (2,), pooling="none").title == "8x8 → 2@6x6 → 10"
    images = np.random.default_rng(0).standard_normal((2, 8, 8))
    w = net.init(np.random.default_rng(0))
    np.testing.assert_array_equal(net.forward(w, images), net.forward(w, images[:, None]))
    assert net.latex().count("{") == net.latex().count("}")


def test_ailments_are_named_in_images_too():
    net = CNN((6, 6), (3,), kernel=3, activation="relu", outputs=2)
    rng = np.random.default_rng(0)
    images, weights = rng.uniform(0, 1, (5, 6, 6)), net.unpack(net.init(rng))
    weights["0.bias"] = np.array([0.0, -100.0, 0.0])
    named = {each.key: each.units for each in ailments(net, net.trace(net.pack(weights), images, [0, 1, 0, 1, 0]))}
    assert named["dead"] == (1,)
    zero = net.init(rng, INITIALISERS["zeros"]())
    named = {each.key: each.units for each in ailments(net, net.trace(zero, images, [0, 1, 0, 1, 0]))}
    assert named["symmetric"] == (0, 1, 2)


def test_the_digits_are_learnt():
    """From this seed at once; the others take a few epochs more."""
    rng = np.random.default_rng(0)
    train, held = IMAGES["digits"].samples.split(0.2, rng)
    net, method = CNN((8, 8), (8,)), OPTIMIZERS["adam"](lr=0.01)
    objective, w = net.objective(train.inputs, train.targets, 64), net.init(rng)
    state = method.init(w)
    for _ in range(7 * len(train) // 64):
        w, state = method.step(objective.draw(rng), w, state)
    assert (net.forward(w, held.inputs).argmax(axis=-1) == held.targets).mean() >= 0.95


@pytest.mark.parametrize(("grid", "size"), [((40,), 300), ((12, 12), 100), ((2,), 1797)])
def test_a_grid_of_weights_takes_little_memory(grid, size):
    digits = IMAGES["digits"].with_(size=size).samples
    net = CNN((8, 8), (4,))
    objective = net.objective(digits.inputs, digits.targets)
    w = np.random.default_rng(0).standard_normal((*grid, net.size))
    tracemalloc.start()
    try:
        objective.value(w)
        # The gradients themselves are as large as the weights.
        objective.gradient(w)
        assert tracemalloc.get_traced_memory()[1] < w.nbytes + 50e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stride": 0}, "stride is 0; allowed is 1 to 64"),
        ({"padding": -1}, "padding is -1; allowed is 0 to 64"),
        ({"kernel": 9}, "kernel is 9; allowed is 1 to 8 on an image of 8 by 8"),
        ({"kernel": 11, "padding": 1}, "kernel is 11; allowed is 1 to 10 on an image of 8 by 8 and 1 of padding"),
        ({"kernel": 2.5}, "kernel is 2.5; it must be a whole number"),
        ({"pool": 7}, "pool is 7, but only 6 by 6 is left of the image"),
        ({"pool": 0}, "pool is 0; allowed is 1 to 64"),
        (
            {"channels": (4, 4), "kernel": 5, "pooling": "none"},
            "channels has 2 numbers, but the kernel of 5 finds only 4 by 4 is left",
        ),
        ({"channels": ()}, "channels has 0 numbers; allowed is 1 to 4"),
        ({"channels": 4}, "channels is 4; it must be a list of whole numbers"),
        ({"channels": (100,)}, "channels is 100; allowed is 1 to 64"),
        ({"image": (8,)}, "image has 1 numbers; allowed is 2 to 3"),
        ({"image": (64, 64), "outputs": 200}, "channels is \\(4,\\), .* weights; at most 20000 are allowed"),
        ({"pooling": "median"}, "pooling is 'median'; allowed are max, average, none"),
        ({"activation": "cosine"}, "activation is 'cosine'; allowed are tanh, relu"),
        ({"loss": "hinge"}, "loss is 'hinge'; allowed are mse"),
        ({"outputs": 1}, "outputs is 1; cross_entropy needs at least 2"),
    ],
)
def test_a_wrong_network_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        CNN(**arguments)


def test_wrong_images_are_named():
    with pytest.raises(ValueError, match=r"inputs has shape \(2, 7, 8\); it must be \(N, 1, 8, 8\)"):
        CNN().objective(np.zeros((2, 7, 8)), [0, 1])
