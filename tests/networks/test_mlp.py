"""Networks: every activation and loss in random architectures, against differences, by hand, and against PyTorch."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from landscape.networks import ACTIVATIONS, LOSSES, MLP, LossObjective, passes
from landscape.objective import Objective
from tests.numerics import check_gradient, check_hessian, check_taylor

TORCH = np.load(Path(__file__).parents[1] / "data" / "torch_networks.npz")
RUNS = json.loads(str(TORCH["runs"]))
each_run = pytest.mark.parametrize("k", range(len(RUNS)), ids=["-".join(map(str, run[:3])) for run in RUNS])
KINKED = {activation.title for activation in ACTIVATIONS.values() if activation.kink}
PAIRS = list(itertools.product(ACTIVATIONS, LOSSES))
each_pair = pytest.mark.parametrize(("activation", "loss"), PAIRS)

# The step of the differences below; a point counts as away from a kink where no sum is this many steps from 0.
STEP = 2e-4
CLEARANCE = 50


def samples(net: MLP, rng: np.random.Generator, count: int = 7) -> tuple[np.ndarray, np.ndarray]:
    inputs = rng.standard_normal((count, net.widths[0]))
    targets = {
        "mse": rng.standard_normal((count, net.outputs)),
        "binary_cross_entropy": rng.integers(0, 2, (count, net.outputs)),
        "cross_entropy": rng.integers(0, net.outputs, count),
    }
    return inputs, targets[net.loss]


def away_from_kinks(net: MLP, rng: np.random.Generator, inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Weights where no sum that goes into a kink is near 0 and not all units are dead, for there nothing is left to
    compare; the first draw for a smooth network."""
    rough = [k for k, layer in enumerate(net.layers) if layer.title in KINKED]
    for _ in range(1000):
        w = rng.standard_normal(net.size)
        trace = net.trace(w, inputs, targets)
        alive = np.abs(net.pack(trace.gradients)).max() > 1e-3 or not rough
        if alive and all(np.abs(trace.values[str(k - 1)]).min() > CLEARANCE * STEP for k in rough):
            return w
    raise AssertionError(f"{net} has a kink near every point that was tried")


def random_case(seed: int) -> tuple[LossObjective, np.ndarray]:
    """A network of one to four affine layers, its loss on seven samples, and weights away from kinks."""
    rng = np.random.default_rng(seed)
    activation, loss = PAIRS[seed % len(PAIRS)]
    widths = rng.integers(1, 6, rng.integers(2, 6))
    widths[-1] = max(widths[-1], LOSSES[loss].least)
    output = rng.choice(list(ACTIVATIONS)) if rng.random() < 0.3 else "identity"
    net = MLP(tuple(widths), activation, loss, str(output), bias=bool(rng.random() < 0.8))
    inputs, targets = samples(net, rng)
    return net.objective(inputs, targets), away_from_kinks(net, rng, inputs, targets)


def case(activation: str, loss: str, widths: tuple[int, ...] = (2, 4, 3, 2)) -> tuple[LossObjective, np.ndarray]:
    rng = np.random.default_rng(11)
    net = MLP(widths, activation, loss)
    inputs, targets = samples(net, rng)
    return net.objective(inputs, targets), away_from_kinks(net, rng, inputs, targets)


def central_differences(function, w: np.ndarray) -> np.ndarray:
    """The derivative in each weight, last axis, by five points a step STEP apart."""
    offsets = STEP * np.array([-2, -1, 1, 2])[:, None, None] * np.eye(len(w))
    return np.moveaxis(np.tensordot(np.array([1, -8, 8, -1]) / 12, function(w + offsets), axes=1), 0, -1) / STEP


@pytest.mark.parametrize("seed", range(100))
def test_gradient_and_hessian_of_random_architectures(seed):
    objective, w = random_case(seed)
    gradient, hessian = objective.gradient(w), objective.hessian(w)
    difference = np.abs(gradient - central_differences(objective.value, w)).max()
    assert difference <= 1e-7 * np.abs(gradient).max()
    difference = np.abs(hessian - central_differences(objective.gradient, w)).max()
    scale = np.abs(hessian).max()
    assert difference <= 1e-5 * scale
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12 * scale)
    v = np.random.default_rng(seed).standard_normal((3, len(w)))
    np.testing.assert_allclose(objective.hessian_vector(w, v), v @ hessian, rtol=0, atol=1e-12 * scale * len(w))


def test_every_activation_and_loss_is_among_the_random_architectures():
    objectives = [objective for objective, _ in map(random_case, range(100))]
    seen = {(layer.title, objective.loss.key) for objective in objectives for layer in objective.layers}
    assert {(a.title, loss) for a in ACTIVATIONS.values() for loss in LOSSES} <= seen


@each_pair
@pytest.mark.parametrize("check", [check_gradient, check_hessian, check_taylor])
def test_derivatives(activation, loss, check):
    objective, w = case(activation, loss)
    check(objective, w, np.random.default_rng(7))


@each_run
def test_pytorch_agrees(k):
    widths, activation, loss, output, bias = RUNS[k]
    net = MLP(widths, activation, loss, output, bias)
    w, inputs, targets = (TORCH[f"{name}_{k}"] for name in ("w", "inputs", "targets"))
    assert list(net.shapes) == json.loads(str(TORCH["names"]))[k]
    np.testing.assert_allclose(net.forward(w, inputs), TORCH[f"outputs_{k}"], rtol=1e-12, atol=1e-14)
    objective = net.objective(inputs, targets)
    for name in ("value", "gradient", "hessian"):
        np.testing.assert_allclose(getattr(objective, name)(w), TORCH[f"{name}_{k}"], rtol=1e-11, atol=1e-14)


def test_backpropagation_by_hand():
    # z = 1*2 - 1 = 1, relu 1, output 3*1 + .5 = 3.5, loss (3.5 - 1)**2; back: 2*2.5 = 5, 3*5 = 15, 15*2 = 30
    net = MLP((1, 1, 1), "relu", "mse")
    w = net.pack({"0.weight": [[1]], "0.bias": [-1], "2.weight": [[3]], "2.bias": [0.5]})
    trace = net.trace(w, [[2]], [1])
    assert trace.loss == 6.25
    assert {name: value.item() for name, value in trace.values.items()} == {"input": 2, "0": 1, "1": 1, "2": 3.5}
    assert {name: delta.item() for name, delta in trace.deltas.items()} == {"input": 15, "0": 15, "1": 15, "2": 5}
    gradients = {name: gradient.item() for name, gradient in trace.gradients.items()}
    assert gradients == {"0.weight": 30, "0.bias": 15, "2.weight": 5, "2.bias": 5}
    np.testing.assert_array_equal(net.objective([[2]], [1]).gradient(w), [30, 15, 5, 5])


@each_pair
def test_trace_says_what_the_objective_says(activation, loss):
    net = MLP((2, 4, 3, 2), activation, loss)
    rng = np.random.default_rng(0)
    inputs, targets = samples(net, rng)
    w = rng.standard_normal((3, 2, net.size))
    trace, objective = net.trace(w, inputs, targets), net.objective(inputs, targets)
    np.testing.assert_allclose(trace.loss, objective.value(w), rtol=1e-13)
    np.testing.assert_allclose(trace.losses.mean(axis=-1), trace.loss, rtol=1e-13)
    np.testing.assert_allclose(trace.outputs, net.forward(w, inputs), rtol=1e-13)
    np.testing.assert_allclose(net.pack(trace.gradients), objective.gradient(w), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(net.pack(trace.weights), w)
    # dL/dw = delta * a, edge by edge
    before, after = trace.values["1"], trace.deltas["2"]
    edges = np.einsum("...ni,...nj->...ij", after, before)
    np.testing.assert_allclose(trace.gradients["2.weight"], edges, rtol=1e-12, atol=1e-15)
    assert trace.values["input"].shape == (3, 2, 7, 2)
    assert {name: d.shape for name, d in trace.deltas.items()} == {n: v.shape for n, v in trace.values.items()}


def test_the_delta_of_an_input_is_the_derivative_in_it():
    net = MLP((2, 4, 1), "gelu", "binary_cross_entropy")
    rng = np.random.default_rng(0)
    w, x = net.init(rng), rng.standard_normal(2)
    delta = net.trace(w, x[None], [1]).deltas["input"][0]

    def value(inputs):
        losses = [net.trace(w, each[None], [1]).loss for each in inputs.reshape(-1, 2)]
        return np.reshape(losses, inputs.shape[:-1])

    np.testing.assert_allclose(delta, central_differences(value, x), rtol=1e-8)


@each_pair
@pytest.mark.parametrize("shape", [(), (3,), (2, 4), (0,)])
def test_a_batch_of_weights_is_a_loop(activation, loss, shape):
    objective, _ = case(activation, loss)
    rng = np.random.default_rng(3)
    w, v = rng.standard_normal((2, *shape, objective.dimension))
    methods = {
        "value": (objective.value, ()),
        "gradient": (objective.gradient, (objective.dimension,)),
        "hessian": (objective.hessian, (objective.dimension,) * 2),
        "gauss_newton": (objective.gauss_newton, (objective.dimension,) * 2),
        "hessian_vector": (lambda x: objective.hessian_vector(x, v), (objective.dimension,)),
    }
    for name, (method, tail) in methods.items():
        together = method(w)
        assert together.shape == (*shape, *tail), name
        for index in np.ndindex(shape):
            alone = objective.hessian_vector(w[index], v[index]) if name == "hessian_vector" else method(w[index])
            np.testing.assert_allclose(together[index], alone, rtol=1e-11, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("block", [1, 40, 300])
def test_blocks_change_nothing(monkeypatch, block):
    objective, _ = case("tanh", "cross_entropy")
    w = np.random.default_rng(1).standard_normal((5, objective.dimension))
    methods = (objective.value, objective.gradient, objective.hessian)
    whole = [method(w) for method in methods]
    monkeypatch.setattr(passes, "BLOCK", block)
    for method, expected in zip(methods, whole, strict=True):
        np.testing.assert_allclose(method(w), expected, rtol=1e-11, atol=1e-14)


@each_pair
def test_gauss_newton_is_the_hessian_without_the_curvature_of_the_network(activation, loss):
    objective, w = case(activation, loss)
    matrix = objective.gauss_newton(w)
    np.testing.assert_allclose(matrix, matrix.T, rtol=0, atol=1e-14)
    assert np.linalg.eigvalsh(matrix).min() >= -1e-13
    linear, w = case(activation, loss, widths=(3, 2))
    np.testing.assert_allclose(linear.gauss_newton(w), linear.hessian(w), rtol=0, atol=1e-14)


def test_gauss_newton_is_the_hessian_where_nothing_is_left_to_explain():
    net = MLP((2, 4, 2), "tanh", "mse")
    rng = np.random.default_rng(0)
    w, inputs = net.init(rng), rng.standard_normal((9, 2))
    objective = net.objective(inputs, net.forward(w, inputs))
    np.testing.assert_allclose(objective.gauss_newton(w), objective.hessian(w), rtol=0, atol=1e-14)


def test_one_neuron_with_cross_entropy_is_convex():
    objective, _ = case("tanh", "binary_cross_entropy", widths=(2, 1))
    w = 3 * np.random.default_rng(2).standard_normal((50, 3))
    assert np.linalg.eigvalsh(objective.hessian(w)).min() > 0


@pytest.mark.parametrize("loss", LOSSES)
def test_two_classes_far_from_the_border_stay_finite(loss):
    net = MLP((1, 2), "tanh", loss)
    objective = net.objective([[1.0], [-1.0]], [0, 1] if loss == "cross_entropy" else [[1, 0], [0, 1]])
    w = net.pack({"0.weight": [[2000], [-2000]], "0.bias": [0, 0]})
    for x in (w, -w):
        for method in (objective.value, objective.gradient, objective.hessian):
            assert np.isfinite(method(x)).all()
    if loss != "mse":
        assert objective.value(w) == 0
        assert objective.value(-w) == (4000 if loss == "cross_entropy" else 2000)


def test_weights_that_are_not_finite_answer_nan_without_a_warning():
    objective, w = case("relu", "binary_cross_entropy")
    for bad in (np.nan, np.inf):
        x = np.stack([np.full_like(w, bad), w])
        assert np.isnan(objective.value(x)[0])
        np.testing.assert_allclose(objective.gradient(x)[1], objective.gradient(w), rtol=1e-12)
        assert np.isnan(objective.gradient(x)[0]).any()


def test_an_objective_is_an_objective():
    objective, _ = case("tanh", "mse")
    assert isinstance(objective, Objective)
    assert objective.draw(np.random.default_rng(0)) is objective


def test_a_mini_batch_is_unbiased():
    net = MLP((2, 3, 1), "tanh", "binary_cross_entropy")
    rng = np.random.default_rng(5)
    inputs, targets = samples(net, rng, 6)
    w, whole = net.init(rng), net.objective(inputs, targets)
    # Every batch of two is as likely as the next, and their mean is the loss on all.
    pairs = [net.objective(inputs[list(p)], targets[list(p)]) for p in itertools.combinations(range(6), 2)]
    np.testing.assert_allclose(np.mean([p.gradient(w) for p in pairs], axis=0), whole.gradient(w), rtol=1e-12)
    stochastic = net.objective(inputs, targets, batch_size=2)
    drawn = np.array([stochastic.draw(rng).value(w) for _ in range(3000)])
    expected = np.sort([p.value(w) for p in pairs])
    index = np.abs(drawn[:, None] - expected).argmin(axis=1)
    np.testing.assert_allclose(drawn, expected[index], rtol=1e-12)
    # Counts of 15 equally likely outcomes: chi-squared with 14 degrees of freedom passes 36.1 once in a thousand.
    counts = np.bincount(index, minlength=15)
    assert ((counts - 200) ** 2 / 200).sum() < 36.1
    np.testing.assert_array_equal(stochastic.gradient(w), whole.gradient(w))


def test_names_and_shapes_are_those_of_nn_sequential():
    net = MLP((2, 8, 1))
    assert net.shapes == {"0.weight": (8, 2), "0.bias": (8,), "2.weight": (1, 8), "2.bias": (1,)}
    assert net.size == 33
    assert [layer.torch for layer in net.layers] == ["Linear(2, 8)", "Tanh()", "Linear(8, 1)"]
    w = np.random.default_rng(0).standard_normal((4, 33))
    assert net.unpack(w)["0.weight"].shape == (4, 8, 2)
    np.testing.assert_array_equal(net.pack(net.unpack(w)), w)
    assert net.biases == (*range(16, 24), 32)
    assert MLP((2, 8, 1), bias=False).biases == ()
    assert net.title == "2-8-1"
    assert [(column.layer, column.values, len(column.units)) for column in net.columns] == [
        *((None, "input", 2), (0, "1", 8), (2, "2", 1))
    ]
    assert MLP((2, 3), output="tanh", loss="mse").columns[1].values == "1"
    assert MLP(**net.architecture) == net


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"widths": (2, 0, 1)}, "widths has 0; allowed is 1 to 256"),
        ({"widths": (2, 10_000, 1)}, "widths has 10000; allowed is 1 to 256"),
        ({"widths": (2, -3, 1)}, "widths has -3; allowed is 1 to 256"),
        ({"widths": (2, 2.5, 1)}, r"widths is \(2, 2.5, 1\); it must be a list of whole numbers"),
        ({"widths": 3}, "widths is 3; it must be a list of whole numbers"),
        ({"widths": "28"}, "widths is '28'; it must be a list of whole numbers"),
        ({"widths": (2,)}, "widths has 1 numbers; allowed is 2 to 11, input and output included"),
        ({"widths": (2,) * 12}, "widths has 12 numbers; allowed is 2 to 11"),
        ({"widths": (256, 256)}, r"widths is \(256, 256\), 65792 weights; at most 20000 are allowed"),
        ({"activation": "cosine"}, "activation is 'cosine'; allowed are tanh, relu"),
        ({"output": "cosine"}, "output is 'cosine'; allowed are tanh, relu"),
        ({"loss": "hinge"}, "loss is 'hinge'; allowed are mse, binary_cross_entropy, cross_entropy"),
        ({"loss": "cross_entropy"}, "widths ends in 1; cross_entropy needs at least 2"),
    ],
)
def test_a_wrong_network_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        MLP(**arguments)


GOOD = np.zeros((3, 2))


@pytest.mark.parametrize(
    ("loss", "inputs", "targets", "batch_size", "message"),
    [
        ("mse", np.zeros((3, 5)), np.zeros((3, 2)), None, r"inputs has shape \(3, 5\); it must be \(N, 2\)"),
        ("mse", np.zeros((0, 2)), np.zeros((0, 2)), None, "with N at least 1"),
        ("mse", GOOD - np.nan, GOOD, None, "inputs must be finite"),
        ("mse", [["a", "b"]], GOOD, None, "inputs must be numbers"),
        ("mse", GOOD, GOOD - np.inf, None, "targets must be finite"),
        ("mse", GOOD, ["a", "b", "c"], None, "targets must be numbers"),
        ("mse", GOOD, np.zeros(3), None, r"targets has shape \(3,\); it must be \(N, 2\)"),
        ("mse", GOOD, np.zeros((4, 2)), None, "targets has 4 samples, but inputs has 3"),
        ("binary_cross_entropy", GOOD, GOOD + 2, None, "targets has 2; allowed is 0 to 1"),
        ("cross_entropy", GOOD, [0, 1, 2], None, "targets has 2; allowed are the classes 0 to 1"),
        ("cross_entropy", GOOD, [0, 1, 0.5], None, "targets has 0.5; allowed are the classes 0 to 1"),
        ("cross_entropy", GOOD, GOOD, None, r"targets has shape \(3, 2\); it must be \(N,\)"),
        ("mse", GOOD, GOOD, 0, "batch_size is 0; allowed is 1 to 3, the number of samples"),
        ("mse", GOOD, GOOD, 4, "batch_size is 4; allowed is 1 to 3"),
        ("mse", GOOD, GOOD, 1.5, "batch_size is 1.5; it must be a whole number"),
    ],
)
def test_wrong_samples_are_named(loss, inputs, targets, batch_size, message):
    with pytest.raises(ValueError, match=message):
        MLP((2, 2), "tanh", loss).objective(inputs, targets, batch_size)


def test_wrong_weights_are_named():
    net = MLP((2, 2), "tanh", "mse")
    objective = net.objective(GOOD, GOOD)
    for call in (objective.value, objective.hessian, net.unpack, lambda w: net.forward(w, GOOD)):
        with pytest.raises(ValueError, match=r"shape \(5,\); its last axis must be 6"):
            call(np.zeros(5))
    with pytest.raises(ValueError, match=r"0.bias has shape \(3,\); it must be \(2,\)"):
        net.pack({"0.weight": np.zeros((2, 2)), "0.bias": np.zeros(3)})
    with pytest.raises(ValueError, match=r"weights has 0\.bias; it must have 0.weight, 0.bias"):
        net.pack({"0.bias": np.zeros(2)})


def test_a_hessian_too_large_to_form_is_refused():
    net = MLP((2, 64, 64, 1), "relu", "mse")
    objective = net.objective([[1.0, 2.0]], [0.0])
    w = net.init(np.random.default_rng(0))
    with pytest.raises(ValueError, match="the network has 4417 weights; a full Hessian is formed for at most 2000"):
        objective.hessian(w)
    assert np.isfinite(objective.hessian_vector(w, w)).all()
