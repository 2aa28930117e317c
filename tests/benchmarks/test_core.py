"""How fast the core is. Compare medians of one run only: `pytest tests/benchmarks --benchmark-enable`."""

from typing import Any

import numpy as np
import pytest

from landscape.descent.descend import endpoints
from landscape.descent.race import hold
from landscape.descent.tuning import tune
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

STARTS = np.random.default_rng(0).uniform(-5, 5, (65_536, 2))
ADAM_STEPS = 300
SIX = ("gradient_descent", "momentum", "nesterov", "rmsprop", "adam", "newton")


@pytest.mark.benchmark(group="65,536 starts x 300 Adam steps on Himmelblau")
def test_adam_endpoints(benchmark: Any) -> None:
    adam = OPTIMIZERS["adam"](lr=0.01)
    ends = benchmark.pedantic(endpoints, (SURFACES["himmelblau"], adam, STARTS, ADAM_STEPS), rounds=5, warmup_rounds=1)
    assert np.isfinite(ends).all()


@pytest.mark.benchmark(group="65,536 starts x 300 Adam steps on Himmelblau")
def test_torch_adam(benchmark: Any) -> None:
    torch = pytest.importorskip("torch", reason="torch is only here to compare with; pip install torch to do so")

    def run() -> Any:
        x = torch.tensor(STARTS, requires_grad=True)
        adam = torch.optim.Adam([x], lr=0.01)
        for _ in range(ADAM_STEPS):
            adam.zero_grad()
            u, v = x[:, 0], x[:, 1]
            ((u * u + v - 11) ** 2 + (u + v * v - 7) ** 2).sum().backward()
            adam.step()
        return x.detach().numpy()

    ends = benchmark.pedantic(run, rounds=5, warmup_rounds=1)
    ours = endpoints(SURFACES["himmelblau"], OPTIMIZERS["adam"](lr=0.01), STARTS[:64], ADAM_STEPS)
    assert np.allclose(ours, ends[:64], atol=1e-9)


@pytest.mark.benchmark(group="65,536 gradients of Himmelblau")
@pytest.mark.parametrize("by", ["formula", "hand"])
def test_gradients(benchmark: Any, by: str) -> None:
    surface = SURFACES["himmelblau"]
    points = np.asfortranarray(STARTS)

    def hand(x: np.ndarray) -> np.ndarray:
        u, v = x[:, 0], x[:, 1]
        a, b = u * u + v - 11, u + v * v - 7
        out = np.empty_like(x)
        out[:, 0] = 4 * u * a + 2 * b
        out[:, 1] = 2 * a + 4 * v * b
        return out

    gradients = benchmark(surface.gradient if by == "formula" else hand, points)
    assert np.allclose(gradients, hand(points))


@pytest.mark.benchmark(group="six optimizers, 500 steps")
def test_race(benchmark: Any) -> None:
    surface = SURFACES["rosenbrock"]
    race = benchmark(hold, surface, {key: OPTIMIZERS[key]() for key in SIX}, np.array(surface.start), 500)
    assert len(race.runs) == 6


@pytest.mark.benchmark(group="tune one method over 81 rates, 300 steps")
@pytest.mark.parametrize("key", ["gradient_descent", "adam"])
def test_tune(benchmark: Any, key: str) -> None:
    surface = SURFACES["rosenbrock"]
    assert benchmark(tune, surface, OPTIMIZERS[key](), np.array(surface.start), 300)
