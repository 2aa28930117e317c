"""How long text takes to read, to refuse and to run. `pytest tests/benchmarks --benchmark-enable`."""

import time

import numpy as np
import pytest

from landscape.formulas.derivatives import compile_formula
from landscape.formulas.expression import parse
from landscape.formulas.reader import read
from landscape.formulas.wording import ExpressionError
from tests.formulas.test_hostile import HOSTILE

ROSENBROCK = "(1 - x)**2 + 100*(y - x**2)**2"
HIMMELBLAU = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"
GRID = np.random.default_rng(0).uniform(-2, 2, (65_536, 2))


def rosenbrock_by_hand(x):
    u, v = x[..., 0], x[..., 1]
    return np.stack([2 * (u - 1) - 400 * u * (v - u**2), 200 * (v - u**2)], axis=-1)


def himmelblau_by_hand(x):
    u, v = x[..., 0], x[..., 1]
    a, b = u**2 + v - 11, u + v**2 - 7
    return np.stack([4 * u * a + 2 * b, 2 * a + 4 * v * b], axis=-1)


def refuse(text):
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9",
        "(((((9*x)**40)**40)**40)**40)**40",
        "exp(9e11*log(3))",
        "exp(1e9*log(3*x))",
        "(" * 300,
        "-" * 100,
        "+".join(["x"] * 140),
        "x" * 10_000_000,
        "sin(" * 12 + "x.real" + ")" * 12,
    ],
    ids=lambda text: text[:20],
)
def test_refuse(benchmark, text):
    benchmark(refuse, text)


def test_the_slowest_refusal_of_hostile_text(capsys):
    took = {}
    for text in HOSTILE:
        began = time.process_time()
        with pytest.raises(ExpressionError):
            read(text)
        took[text] = time.process_time() - began
    slowest = max(took, key=took.get)
    with capsys.disabled():
        print(f"\nof {len(took)} the slowest takes {1000 * took[slowest]:.1f} ms of 50: {slowest[:40]!r}")


@pytest.mark.parametrize("text", [ROSENBROCK, HIMMELBLAU], ids=["rosenbrock", "himmelblau"])
def test_compile(benchmark, text):
    benchmark.pedantic(
        lambda: parse(text), setup=lambda: (compile_formula.cache_clear(), None)[1], rounds=10, warmup_rounds=1
    )


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [(ROSENBROCK, rosenbrock_by_hand), (HIMMELBLAU, himmelblau_by_hand)],
    ids=["rosenbrock", "himmelblau"],
)
@pytest.mark.parametrize("way", ["formula", "by_hand"])
def test_65536_gradients(benchmark, text, by_hand, way):
    gradient = parse(text).gradient if way == "formula" else by_hand
    np.testing.assert_allclose(benchmark(gradient, GRID), by_hand(GRID), rtol=1e-9, atol=1e-9)
