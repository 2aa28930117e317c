"""How fast a network's derivatives are, beside PyTorch where it is installed; run with --benchmark-enable.

The network is 2-8-1 with tanh and binary cross-entropy, 33 weights, on 200 samples in double precision.
"""

import numpy as np
import pytest

from landscape.networks import MLP, NETWORKS, LossObjective

NET = MLP((2, 8, 1), "tanh", "binary_cross_entropy")


def problem() -> tuple[LossObjective, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((200, 2))
    targets = (inputs[:, 0] * inputs[:, 1] > 0).astype(float)
    return NET.objective(inputs, targets), NET.init(rng), inputs, targets


def grid(w: np.ndarray) -> np.ndarray:
    """A plane through w, shape (51, 51, 33)."""
    u, v = np.random.default_rng(1).standard_normal((2, len(w)))
    ticks = np.linspace(-1, 1, 51)
    return w + ticks[:, None, None] * u + ticks[:, None] * v


def torch_loss(inputs: np.ndarray, targets: np.ndarray):
    """The same loss in PyTorch, as a function of the flat weights."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here: nothing to compare with")
    torch.set_default_dtype(torch.float64)
    x, t = torch.from_numpy(inputs), torch.from_numpy(targets)

    def loss(w):
        first, b1, second, b2 = w.split([16, 8, 8, 1])
        outputs = torch.tanh(x @ first.reshape(8, 2).T + b1) @ second + b2
        return torch.nn.functional.binary_cross_entropy_with_logits(outputs, t)

    return torch, loss


@pytest.mark.benchmark(group="loss on a 51 x 51 grid of weights")
def test_loss_on_a_grid(benchmark):
    objective, w, _, _ = problem()
    benchmark(objective.value, grid(w))


@pytest.mark.benchmark(group="loss on a 51 x 51 grid of weights")
def test_loss_on_a_grid_by_a_pytorch_loop(benchmark):
    objective, w, inputs, targets = problem()
    torch, loss = torch_loss(inputs, targets)
    points = torch.from_numpy(grid(w).reshape(-1, NET.size))
    out = benchmark.pedantic(lambda: [loss(point).item() for point in points], rounds=3, warmup_rounds=1)
    np.testing.assert_allclose(out, objective.value(points.numpy()), rtol=1e-12)


@pytest.mark.benchmark(group="full Hessian, 33 weights")
def test_hessian(benchmark):
    objective, w, _, _ = problem()
    benchmark(objective.hessian, w)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
@pytest.mark.benchmark(group="full Hessian, 33 weights")
def test_hessian_by_pytorch(benchmark):
    objective, w, inputs, targets = problem()
    torch, loss = torch_loss(inputs, targets)
    point, hessian = torch.from_numpy(w), torch.func.hessian(loss)
    out = benchmark(hessian, point)
    np.testing.assert_allclose(out.numpy(), objective.hessian(w), rtol=1e-9, atol=1e-14)


@pytest.mark.benchmark(group="one gradient, 33 weights")
def test_gradient(benchmark):
    objective, w, _, _ = problem()
    benchmark(objective.gradient, w)


@pytest.mark.benchmark(group="one gradient, 33 weights")
def test_gradient_by_pytorch(benchmark):
    objective, w, inputs, targets = problem()
    torch, loss = torch_loss(inputs, targets)
    point = torch.from_numpy(w).requires_grad_()
    out = benchmark(lambda: torch.autograd.grad(loss(point), point)[0])
    np.testing.assert_allclose(out.numpy(), objective.gradient(w), rtol=1e-9, atol=1e-14)


@pytest.mark.benchmark(group="one product with the Hessian, 33 weights")
def test_hessian_vector(benchmark):
    objective, w, _, _ = problem()
    benchmark(objective.hessian_vector, w, w)


@pytest.mark.benchmark(group="Hessian in a larger network")
def test_hessian_of_337_weights(benchmark):
    large = NETWORKS["spirals_network"]
    benchmark.pedantic(large.hessian, (np.array(large.start),), rounds=5, warmup_rounds=1)
