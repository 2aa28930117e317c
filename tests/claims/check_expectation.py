"""Checks of what is said of averages, of cross entropy and of KL: by adaptive quadrature of densities written out."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from landscape.calculus.densities import Density
from landscape.calculus.expectations import Expectation
from landscape.finding import Finding
from tests.claims.checks import checks, of, same


def log_normal(x: float, mean: float, width: float) -> float:
    """As `norm.logpdf`, which for one number at a time takes a hundred times as long."""
    return -(((x - mean) / width) ** 2) / 2 - math.log(math.sqrt(2 * math.pi) * width)


def log_at(density: Density, x: float) -> float:
    mean, width = density.mean, density.width
    parts = [math.log(w) + log_normal(x, mean + width * m, width * s) for w, m, s in density.shape.parts]
    top = max(parts)
    return top + math.log(sum(math.exp(part - top) for part in parts))


def under(density: Density, g: Callable[[float], float]) -> float:
    """The area under g times the density, from far out on the left to far out on the right."""
    ends = density.mean + density.width * np.array([-9.0, -2.0, 0.0, 2.0, 9.0])
    pieces = pairwise(ends)
    return float(sum(quad(lambda x: math.exp(log_at(density, x)) * g(x), a, b, epsabs=1e-10)[0] for a, b in pieces))


def cross(found: Expectation, mean: float, width: float) -> float:
    return under(found.p, lambda x: -log_normal(x, mean, width))


@checks("expectation.value")
def value(found: Expectation, finding: Finding) -> None:
    p, q = found.p, found.q
    mean = under(p, lambda x: x)
    averaged = {
        "x": lambda x: x,
        "spread": lambda x: (x - mean) ** 2,
        "surprise": lambda x: -log_at(p, x),
        "cross": lambda x: -log_at(q, x),
        "ratio": lambda x: log_at(p, x) - log_at(q, x),
    }
    assert finding.numbers["averaged"] == found.averaged.key
    same(finding.numbers["value"], under(p, of(averaged, finding.numbers["averaged"])), 1e-6, 1e-8)


@checks("expectation.one")
def one(found: Expectation, finding: Finding) -> None:
    low, high = finding.numbers["low"], finding.numbers["high"]
    assert (low, high) == (found.x[0], found.x[-1])
    scaled = [(w, found.p.mean + found.p.width * m, found.p.width * s) for w, m, s in found.p.shape.parts]
    inside = sum(w * (norm.cdf(high, m, s) - norm.cdf(low, m, s)) for w, m, s in scaled)
    same(finding.numbers["mass"], inside, 1e-6)


@checks("expectation.kl")
def kl(found: Expectation, finding: Finding) -> None:
    p, q, numbers = found.p, found.q, finding.numbers
    same(numbers["entropy"], under(p, lambda x: -log_at(p, x)), 1e-6, 1e-8)
    same(numbers["cross"], under(p, lambda x: -log_at(q, x)), 1e-6, 1e-8)
    same(numbers["kl"], under(p, lambda x: log_at(p, x) - log_at(q, x)), 1e-6, 1e-8)
    same(numbers["reverse"], under(q, lambda x: log_at(q, x) - log_at(p, x)), 1e-6, 1e-8)
    same(numbers["cross"], numbers["entropy"] + numbers["kl"], 1e-9, 1e-9)


@checks("expectation.pull")
def pull(found: Expectation, finding: Finding) -> None:
    """By moving q a little to both sides."""
    step, q = 1e-3, found.q
    rate = (cross(found, q.mean + step, q.width) - cross(found, q.mean - step, q.width)) / (2 * step)
    assert finding.numbers["way"] == ("left" if rate > 0 else "right")
    same(finding.numbers["rate"], abs(rate), 1e-5, 1e-7)


@checks("expectation.least")
def least(found: Expectation, finding: Finding) -> None:
    """By a search over all normal q."""
    entropy = under(found.p, lambda x: -log_at(found.p, x))
    place = np.array([found.p.mean + 0.1, np.log(found.p.width) + 0.1])
    # Begun anew from where it ended: a simplex that has become too thin stops before the bottom.
    for _ in range(3):
        best = minimize(
            lambda at: cross(found, at[0], np.exp(at[1])),
            place,
            method="Nelder-Mead",
            options={"xatol": 1e-5, "fatol": 1e-9},
        )
        place = best.x
    assert np.hypot(best.x[0] - found.p.mean, np.exp(best.x[1]) - found.p.width) < 1e-3
    same(finding.numbers["least"], best.fun - entropy, 1e-4, 1e-7)
