"""An expectation as an area: a density, what is averaged under it, and the area as it adds up from left to right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.calculus.densities import Density, cross_entropy, divergence

# What is drawn: from where to where, the places at which the area is told, and steps between two of them.
LOW, HIGH, PLACES, BETWEEN = -8.0, 8.0, 97, 20


@dataclass(frozen=True)
class Averaged:
    """What is averaged: g(x), of p and q or of x alone.

    key, title   its name in code and links, its name for people
    latex        g(x)
    name         what its expectation is called
    of           (x, ln p(x), ln q(x), p's mean) -> g(x); arithmetic alone, so that it can be recorded
    """

    key: str
    title: str
    latex: str
    name: str
    of: Callable[[Any, Any, Any, Any], Any]


AVERAGED: dict[str, Averaged] = {
    each.key: each
    for each in (
        Averaged("ratio", "ln p − ln q", r"\ln\frac{p(x)}{q(x)}", "KL(p‖q)", lambda x, p, q, m: p - q),
        Averaged("cross", "−ln q", r"-\ln q(x)", "the cross entropy", lambda x, p, q, m: -q),
        Averaged("surprise", "−ln p", r"-\ln p(x)", "the entropy of p", lambda x, p, q, m: -p),
        Averaged("x", "x", "x", "the mean of p", lambda x, p, q, m: x),
        Averaged(
            "spread", "(x − mean)²", r"(x - \mathrm{E}[x])^2", "the variance of p", lambda x, p, q, m: (x - m) ** 2
        ),
    )
}


class Expectation(NamedTuple):
    """E_p[g], and how p and q compare.

    x, mass, so_far   (PLACES,) where the area is told; up to there, the area under p, and under g times p
    value             the whole area under g times p
    entropy, cross, kl, reverse   of p; of q under p; KL(p || q) and KL(q || p), in nats
    least             the least KL(p || q) that any normal q has: q with p's mean and width
    """

    p: Density
    q: Density
    averaged: Averaged
    x: np.ndarray
    mass: np.ndarray
    so_far: np.ndarray
    value: float
    entropy: float
    cross: float
    kl: float
    reverse: float
    least: float

    def integrand(self, x: np.ndarray) -> np.ndarray:
        """g(x) p(x)."""
        return self.p.value(x) * self.g(x)

    def g(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(self.averaged.of(x, self.p.log(x), self.q.log(x), self.p.mean))

    @property
    def pull(self) -> float:
        """How fast the cross entropy grows as q's mean moves right: d/dm E_p[-ln q] = (m - E_p[x]) / width**2."""
        return (self.q.mean - self.p.mean) / self.q.width**2


def expectation(p: Density, q: Density, averaged: str) -> Expectation:
    """q must be normal. ValueError for one that is not, and for what is not in AVERAGED."""
    if len(q.shape.parts) > 1:
        raise ValueError(f"q is {q.shape.key!r}; it must be normal")
    if averaged not in AVERAGED:
        raise ValueError(f"averaged is {averaged!r}; allowed are {', '.join(AVERAGED)}")
    chosen = AVERAGED[averaged]
    fine = np.linspace(LOW, HIGH, (PLACES - 1) * BETWEEN + 1)
    under = p.value(fine)
    g = chosen.of(fine, p.log(fine), q.log(fine), p.mean)
    value = p.expectation(lambda x: chosen.of(x, p.log(x), q.log(x), p.mean))
    best = Density(q.shape, p.mean, p.width)
    return Expectation(
        p,
        q,
        chosen,
        fine[::BETWEEN],
        _adding_up(fine, under),
        _adding_up(fine, under * g),
        value,
        p.entropy,
        cross_entropy(p, q),
        divergence(p, q),
        divergence(q, p),
        divergence(p, best),
    )


def _adding_up(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The area up to every place that is told, by trapezoids."""
    pieces = (y[1:] + y[:-1]) * np.diff(x) / 2
    return np.concatenate([[0.0], np.cumsum(pieces.reshape(-1, BETWEEN).sum(axis=1))])


def level(excess: float, points: int) -> np.ndarray:
    """The normal q whose KL(p || q) is more than the least by `excess`, (points, 2), a closed line.

    For p of any shape, with mean 0 and width 1: q's mean u and width v have

        KL - least = ln v + (1 + u**2) / (2 v**2) - 1/2

    so that p's own mean and width shift and stretch the line. ValueError for an excess that is not positive.
    """
    if not excess > 0:
        raise ValueError(f"excess is {excess:g}; it must be positive")

    def over(v: float) -> float:
        return float(np.log(v) + 0.5 / v**2 - 0.5 - excess)

    low, high = _root(over, 1e-3, 1.0), _root(over, np.exp(excess + 1), 1.0)
    # Dense at both ends, where the line turns.
    share = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, points // 2 + 1))
    v = low * (high / low) ** share
    u = np.sqrt(np.maximum(2 * v * v * (excess + 0.5 - np.log(v)) - 1, 0.0))
    return np.concatenate([np.stack([u, v], axis=1), np.stack([-u, v], axis=1)[::-1][1:]])


def _root(f: Callable[[float], float], above: float, below: float) -> float:
    """By halving: f(above) > 0 >= f(below)."""
    for _ in range(80):
        middle = 0.5 * (above + below)
        above, below = (middle, below) if f(middle) > 0 else (above, middle)
    return below


def compared(p: Density, p_mean: Any, p_width: Any, q_mean: Any, q_width: Any) -> tuple[Any, Any, Any]:
    """Entropy of p, cross entropy and KL(p || q), for a shape of p with any mean and width; it can be recorded.

    The entropy of a shape that is stretched grows by ln width; a normal q asks of p its mean and width alone.
    """
    entropy = Density(p.shape, 0.0, 1.0).entropy + np.log(p_width)
    away = (p_mean - q_mean) ** 2 + p_width**2
    cross = np.log(q_width) + float(0.5 * np.log(2 * np.pi)) + away / (2 * q_width**2)
    return entropy, cross, cross - entropy
