"""How fast convolution, recurrence and the cliff are, beside PyTorch where it is there; run with --benchmark-enable.

The convolutional network is that of the digits, 8x8 -> 4 kernels -> 10, one step of training on 64 pictures.
"""

import statistics
import time

import numpy as np
import pytest

from landscape import LANDSCAPES
from landscape.datasets import IMAGES, SEQUENCES
from landscape.lessons.digits import learn
from landscape.networks import CNN, RNN
from landscape.optimizers import OPTIMIZERS

NET = CNN()


def batch() -> tuple[np.ndarray, np.ndarray]:
    digits = IMAGES["digits"].samples
    return digits.inputs[:64], digits.targets[:64]


@pytest.mark.benchmark(group="one step of training, digits, 64 pictures")
def test_step(benchmark):
    objective, w = NET.objective(*batch()), NET.init(np.random.default_rng(0))
    method = OPTIMIZERS["gradient_descent"](lr=0.01)
    benchmark(method.step, objective, w, method.init(w))


@pytest.mark.benchmark(group="one step of training, digits, 64 pictures")
def test_step_by_pytorch(benchmark):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here: nothing to compare with")
    nn = torch.nn
    inputs, targets = batch()
    layers = [nn.Conv2d(1, 4, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10)]
    net, loss = nn.Sequential(*layers).double(), nn.CrossEntropyLoss()
    method = torch.optim.SGD(net.parameters(), lr=0.01)
    x, t = torch.from_numpy(np.ascontiguousarray(inputs)), torch.from_numpy(targets)

    def step():
        method.zero_grad()
        loss(net(x), t).backward()
        method.step()

    benchmark(step)


@pytest.mark.benchmark(group="the full Hessian of a convolutional network, 410 weights, 64 pictures")
def test_hessian(benchmark):
    objective, w = NET.objective(*batch()), NET.init(np.random.default_rng(0))
    benchmark.pedantic(objective.hessian, (w,), rounds=3, warmup_rounds=1)


@pytest.mark.benchmark(group="one gradient through 50 steps, 200 sequences")
@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_gradient_through_time(benchmark, cell):
    samples = SEQUENCES["adding"].with_(length=50).samples
    net = RNN(2, 8, 1, cell)
    benchmark(net.objective(samples.inputs, samples.targets).gradient, net.init(np.random.default_rng(0)))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_seconds_until_19_of_20_digits_are_read(seed):
    """The network, the method and the rate that the page begins with; accuracy on the fifth that is held back."""
    begin = time.perf_counter()
    for seen in learn(OPTIMIZERS["adam"](lr=0.01), 8, 20, seed):
        if seen.right[-1, 1] >= 0.95:
            break
    seconds = time.perf_counter() - begin
    print(f"\nseed {seed}: {100 * seen.right[-1, 1]:.1f} % after {seen.epochs} epochs, {seconds:.1f} s")
    assert seen.right[-1, 1] >= 0.95


def test_cliff():
    """201 x 201, in turns with the recursion written out: both meet the same load. By the thread's own clock."""
    cliff = LANDSCAPES["cliff"]
    axes = [np.linspace(low, high, 201) for low, high in cliff.domain]
    x = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)

    def written_out(x: np.ndarray) -> np.ndarray:
        state = np.full(x.shape[:-1], 0.5)
        for _ in range(cliff.steps):
            state = x[..., 0] / (1 + np.exp(-state)) + x[..., 1]
        return (1 / (1 + np.exp(-state)) - cliff.target) ** 2

    seconds = {"the cliff": [], "the recursion written out": []}
    for _ in range(40):
        for function, times in zip((cliff.value, written_out), seconds.values(), strict=True):
            begin = time.thread_time()
            function(x)
            times.append(1000 * (time.thread_time() - begin))
    for what, times in seconds.items():
        print(f"\n{what}, 201 x 201: {min(times):.1f} ms at best, median {statistics.median(times):.1f}")
    np.testing.assert_allclose(cliff.value(x), written_out(x), rtol=1e-9, atol=1e-12)
