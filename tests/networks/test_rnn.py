"""Recurrence: random cells and lengths against differences, PyTorch, a naive loop and by hand; what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from landscape.networks import CELLS, INITIALISERS, LOSSES, RNN, LossObjective
from landscape.networks.health import ailments
from tests.networks.gradients import central_differences, check_derivatives, check_loop

TORCH = np.load(Path(__file__).parents[1] / "data" / "torch_sequences.npz")
RUNS = json.loads(str(TORCH["runs"]))
CLEARANCE = 0.02


def drawn(net: RNN, rng: np.random.Generator, length: int, count: int = 3) -> tuple[np.ndarray, np.ndarray]:
    shape = (count, length) if net.every_step else (count,)
    targets = {
        "mse": rng.standard_normal((*shape, net.outputs)),
        "binary_cross_entropy": rng.integers(0, 2, (*shape, net.outputs)),
        "cross_entropy": rng.integers(0, net.outputs, shape),
    }
    return rng.standard_normal((count, length, net.inputs)), targets[net.loss]


def random_case(seed: int) -> tuple[LossObjective, np.ndarray]:
    rng = np.random.default_rng(seed)
    cell, loss = list(CELLS)[seed % 4], list(LOSSES)[seed % 3]
    inputs, hidden, outputs = (int(n) for n in rng.integers((1, 1, 2), (3, 4, 4)))
    net = RNN(inputs, hidden, outputs, cell, bool(rng.random() < 0.5), loss)
    length = int(rng.integers(2, 9))
    samples, targets = drawn(net, rng, length)
    while True:
        w = rng.standard_normal(net.size)
        states = net.trace(w, samples, targets).values["0"]
        # ReLU: a unit that is off leaves no trace of how near its kink is, so the sums are asked.
        if cell != "relu" or (np.abs(sums(net, w, samples)).min() > CLEARANCE and states.max() > 0):
            return net.objective(samples, targets), w


def sums(net: RNN, w: np.ndarray, samples: np.ndarray) -> np.ndarray:
    p = [array[None] for array in list(net.unpack(w).values())[:4]]
    unrolled = net.recurrence.unrolled(p, net.arranged(samples))
    return np.array([u[0] + v[0] for u, v in zip(unrolled.u, unrolled.v, strict=True)])


@pytest.mark.parametrize("seed", range(24))
def test_gradient_and_hessian_of_random_networks(seed):
    check_derivatives(*random_case(seed))


@pytest.mark.parametrize("cell", CELLS)
def test_a_batch_of_weights_is_a_loop(cell):
    net = RNN(2, 3, 1, cell)
    rng = np.random.default_rng(5)
    check_loop(net.objective(*drawn(net, rng, 4)), rng.standard_normal(net.size))


@pytest.mark.parametrize("k", range(len(RUNS)))
def test_pytorch_agrees(k):
    net = RNN(**RUNS[k])
    w, inputs, targets = (TORCH[f"{name}_{k}"] for name in ("w", "inputs", "targets"))
    assert list(net.shapes) == json.loads(str(TORCH["names"]))[k]
    np.testing.assert_allclose(net.forward(w, inputs), TORCH[f"outputs_{k}"], rtol=1e-12, atol=1e-14)
    objective = net.objective(inputs, targets)
    for name in ("value", "gradient"):
        np.testing.assert_allclose(getattr(objective, name)(w), TORCH[f"{name}_{k}"], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(objective.hessian(w), TORCH[f"hessian_{k}"], rtol=1e-10, atol=1e-12)


def test_backpropagation_through_time_by_hand():
    # h1 = relu(2*1) = 2, h2 = relu(2*(-1) + 3*2) = 4, z = 4, L = (4 - 1)**2 = 9
    net = RNN(1, 1, 1, "relu")
    named = {"0.weight_ih_l0": [[2]], "0.weight_hh_l0": [[3]], "0.bias_ih_l0": [0], "0.bias_hh_l0": [0]}
    w = net.pack(named | {"2.weight": [[1]], "2.bias": [0]})
    trace = net.trace(w, [[1, -1]], [1])
    assert trace.loss == 9
    np.testing.assert_array_equal(trace.values["0"], [[[2], [4]]])
    # dL/dz = 6; dL/dh2 = 6, dL/dh1 = 3*6 = 18; dW_ih = 6*(-1) + 18*1, dW_hh = 6*2, both biases 6 + 18
    gradients = {name: value.item() for name, value in trace.gradients.items()}
    assert gradients == {
        **{"0.weight_ih_l0": 12, "0.weight_hh_l0": 12, "0.bias_ih_l0": 24, "0.bias_hh_l0": 24},
        **{"2.weight": 24, "2.bias": 6},
    }
    np.testing.assert_array_equal(trace.deltas["0"], [[[0], [6]]])
    np.testing.assert_array_equal(trace.deltas["input"], [[[36], [12]]])


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_of_every_state_is_the_derivative_in_it(cell):
    """dL/dh_t on all ways, by moving the state: a bias that is added to one step's h reaches all that follows."""
    net, length = RNN(1, 2, 1, cell), 5
    rng = np.random.default_rng(3)
    w, (x, y) = rng.standard_normal(net.size), drawn(net, rng, 5, 1)
    p = [array[None] for array in list(net.unpack(w).values())[:4]]
    weight, bias = (net.unpack(w)[f"2.{name}"] for name in ("weight", "bias"))
    a = net.arranged(x)
    trace = net.trace(w, x, y)
    delta = np.moveaxis(trace.deltas["0"], -1, 0)[None]
    totals = net.recurrence.back_in_time(p, a, delta).states
    unrolled = net.recurrence.unrolled(p, a)

    def loss(moved: np.ndarray, t: int) -> float:
        states = [*unrolled.states[t + 1]]
        states[0] = states[0] + moved[None, :, None]
        for s in range(t + 1, length):
            heard = p[1][0] @ states[0][0] + p[3][0][:, None]
            v = [heard[None, k * 2 : k * 2 + 2] for k in range(net.recurrence.rule.gates)]
            states = net.recurrence.rule.step(unrolled.u[s], v, states)
        return float((weight @ states[0][0] + bias[:, None] - y).item() ** 2)

    for t in range(length):
        stepped = central_differences(lambda m, t=t: np.apply_along_axis(loss, -1, m, t), np.zeros(2))
        np.testing.assert_allclose(totals[t][0, :, 0], stepped, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("cell", CELLS)
def test_every_step_and_the_last_agree(cell):
    rng = np.random.default_rng(0)
    last, every = RNN(2, 3, 2, cell), RNN(2, 3, 2, cell, every_step=True)
    w, x = rng.standard_normal(last.size), rng.standard_normal((4, 6, 2))
    np.testing.assert_allclose(every.forward(w, x)[:, -1], last.forward(w, x), rtol=1e-12)
    assert every.forward(w, x).shape == (4, 6, 2)
    assert every.trace(w, x, np.zeros((4, 6, 2))).losses.shape == (4, 6)


def test_a_mini_batch_of_sequences():
    net = RNN(1, 2, 1, every_step=True)
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((6, 5)), rng.standard_normal((6, 5))
    w, whole = net.init(rng), net.objective(x, y, batch_size=2)
    alone = [net.objective(x[[k]], y[[k]]).value(w) for k in range(6)]
    assert whole.value(w) == pytest.approx(np.mean(alone))
    assert whole.draw(rng).value(w) in [pytest.approx((a + b) / 2) for a in alone for b in alone]


def test_names_and_shapes_are_those_of_pytorch():
    net = RNN(3, 4, 2, "lstm")
    assert net.shapes == {
        **{"0.weight_ih_l0": (16, 3), "0.weight_hh_l0": (16, 4), "0.bias_ih_l0": (16,), "0.bias_hh_l0": (16,)},
        **{"2.weight": (2, 4), "2.bias": (2,)},
    }
    assert list(RNN(every_step=True).shapes)[-1] == "1.bias"
    assert [len(column.units) for column in net.columns] == [3, 4, 2]
    assert net.title == "3-4-2"
    assert RNN(**net.architecture) == net
    assert net.latex().count("{") == net.latex().count("}")


def test_twins_are_found():
    net = RNN(1, 3, 1)
    rng = np.random.default_rng(0)
    x, y = drawn(net, rng, 4)

    def twins(w: np.ndarray) -> dict[str, tuple[int, ...]]:
        return {each.key: each.units for each in ailments(net, net.trace(w, x, y))}

    assert twins(net.init(rng, INITIALISERS["zeros"]()))["symmetric"] == (0, 1, 2)
    assert "symmetric" not in twins(net.init(rng))


@pytest.mark.parametrize("length", [1, 10_000])
def test_a_length_out_of_range_is_named(length):
    with pytest.raises(ValueError, match=f"inputs has sequences of length {length}; allowed is 2 to 1000"):
        RNN().objective(np.zeros((1, length)), [0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hidden": 0}, "hidden is 0; allowed is 1 to 64"),
        ({"hidden": 2.5}, "hidden is 2.5; it must be a whole number"),
        ({"cell": "elman"}, "cell is 'elman'; allowed are tanh, relu, gru, lstm"),
        ({"loss": "hinge"}, "loss is 'hinge'; allowed are mse"),
        ({"loss": "cross_entropy"}, "outputs is 1; cross_entropy needs at least 2"),
        ({"every_step": 1}, "every_step is 1; allowed are True and False"),
        ({"inputs": 200, "hidden": 64, "cell": "lstm"}, "hidden is 64, .* weights; at most 20000 are allowed"),
    ],
)
def test_a_wrong_network_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        RNN(**arguments)


@pytest.mark.parametrize(
    ("every", "inputs", "targets", "message"),
    [
        (False, np.zeros((2, 5, 3)), [0, 0], r"inputs has shape \(10, 3\); it must be \(N, 1\)"),
        (False, np.zeros(5), [0], r"inputs has shape \(5,\); it must be \(N, T, 1\)"),
        (True, np.zeros((2, 5)), np.zeros((2, 4)), "targets has 4 steps, but inputs has 5"),
        (True, np.zeros((2, 5)), np.zeros((3, 5)), "targets has 3 samples, but inputs has 2"),
        (True, np.zeros((2, 5)), np.zeros(2), r"targets has shape \(2,\); it must be \(N, T\)"),
    ],
)
def test_wrong_sequences_are_named(every, inputs, targets, message):
    with pytest.raises(ValueError, match=message):
        RNN(every_step=every).objective(inputs, targets)


def test_weights_that_are_not_finite_answer_nan_without_a_warning():
    net = RNN(1, 2, 1, "lstm")
    objective = net.objective(np.ones((1, 3)), [0])
    x = np.full(net.size, np.nan)
    assert np.isnan(objective.value(x))
    assert np.isnan(objective.gradient(x)).any()
