"""Checks of what is said of grids and random points: by grids that are written out, point by point."""

from itertools import product

import numpy as np

from landscape.calculus.dimension_report import Asked
from landscape.finding import Finding
from tests.claims.checks import checks, same


def written_out(rule: str, d: int, n: int) -> float:
    """The error of the largest grid of at most n points; infinite where there is none."""
    side = max((k for k in range(1, n + 1) if k**d <= n and (rule == "midpoint" or k % 2)), default=0)
    if rule == "simpson" and side < 3:
        return np.inf
    if rule == "midpoint":
        x, weights = (np.arange(side) + 0.5) / side, np.full(side, 1 / side)
    else:
        x = np.linspace(0, 1, side)
        weights = np.array([1, *([4, 2] * (side // 2))[:-1], 1]) / (3 * (side - 1))
    terms = weights * np.exp(x) / (np.e - 1)
    total = np.array([1.0])
    for _ in range(d):
        total = np.multiply.outer(total, terms).ravel()
    return abs(float(total.sum()) - 1)


def at_random(d: int, n: int) -> float:
    """The standard deviation of the integrand over the root of n, from its mean square."""
    square = np.mean((np.exp((np.arange(100_000) + 0.5) / 100_000) / (np.e - 1)) ** 2)
    return float(np.sqrt((square**d - 1) / n))


@checks("dimensions.first")
def first(asked: Asked, finding: Finding) -> None:
    n = finding.numbers["points"]
    assert n == asked.found.points[-1]
    for rule in ("midpoint", "simpson"):
        won = [at_random(d, n) <= written_out(rule, d, n) for d in range(1, 11)]
        claimed = finding.numbers[rule]
        assert all(won[claimed - 1 :])
        assert not won[claimed - 2]


@checks("dimensions.here")
def here(asked: Asked, finding: Finding) -> None:
    numbers = finding.numbers
    d, n = numbers["d"], numbers["points"]
    assert (d, n) == (asked.d, asked.found.points[-1])
    assert numbers["side"] ** d <= n < (numbers["side"] + 1) ** d
    same(numbers["grid"], written_out("midpoint", d, n), 1e-5)
    same(numbers["random"], at_random(d, n), 1e-6)


@checks("dimensions.random")
def random(asked: Asked, finding: Finding) -> None:
    found = asked.found
    told = np.array([[at_random(int(d), int(n)) for n in found.points] for d in found.d])
    off = [abs(found.random[i, k] / told[i, k] - 1) for i, k in product(*map(range, told.shape))]
    same(finding.numbers["off"], float(np.mean(off)), 1e-5)
    assert finding.numbers["off"] < 0.15
    assert finding.numbers["runs"] == 64
