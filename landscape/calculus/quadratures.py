"""Quadrature: an area by sums over a grid and by random points, with the order that theory promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.calculus.curves import checked_stretch
from landscape.calculus.expansions import one_variable
from landscape.formulas.continued import on_numbers
from landscape.formulas.expression import Formula

Function = Callable[[Any], Any]
MAX_POINTS = 10_000_000
# An interval of so many standard errors to both sides covers the truth 95 times in 100.
SIGMAS_95 = 1.959963984540054


@dataclass(frozen=True)
class Rule:
    """A rule for the area over [a, b] in n equal pieces of width h.

    key, title   its name in code and links, its name for people
    order        on a smooth function its error falls as h**order; 1/2 for random points, by their number
    within       where in each piece f is asked, as shares of it
    weights      and with which weights, which sum to 1; both empty for random points
    latex        how it is written
    """

    key: str
    title: str
    order: float
    within: tuple[float, ...]
    weights: tuple[float, ...]
    latex: str


QUADRATURES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(*("left", "Left ends", 1.0, (0.0,), (1.0,)), latex=r"h \sum_i f(x_i)"),
        Rule(*("right", "Right ends", 1.0, (1.0,), (1.0,)), latex=r"h \sum_i f(x_{i+1})"),
        Rule(*("midpoint", "Midpoints", 2.0, (0.5,), (1.0,)), latex=r"h \sum_i f\left(\tfrac{x_i + x_{i+1}}{2}\right)"),
        Rule(
            *("trapezoid", "Trapezoids", 2.0, (0.0, 1.0), (1 / 2, 1 / 2)),
            latex=r"\tfrac{h}{2} \sum_i f(x_i) + f(x_{i+1})",
        ),
        Rule(
            *("simpson", "Simpson", 4.0, (0.0, 0.5, 1.0), (1 / 6, 4 / 6, 1 / 6)),
            latex=r"\tfrac{h}{6} \sum_i f(x_i) + 4 f\left(\tfrac{x_i + x_{i+1}}{2}\right) + f(x_{i+1})",
        ),
        Rule(*("monte_carlo", "Monte Carlo", 0.5, (), ()), latex=r"\tfrac{b-a}{n} \sum_i f(x_i),\; x_i \sim U(a, b)"),
    )
}


def quadrature(f: Formula | Function, a: Any, b: Any, n: Any, rule: str = "simpson", seed: int = 0) -> np.ndarray:
    """The area under f from a to b by a rule in n pieces; a, b and n broadcast.

    f   a formula of one variable, or a function of arrays, element by element

    Simpson asks f at the middle of every piece too, so that n may be odd; "monte_carlo" takes n random points, the same
    for one seed, and the first n of those for a larger n. ValueError for an unknown rule, n not a whole number of at
    least 1, ends that are not finite or not in rising order.
    Source: Davis & Rabinowitz (1984), "Methods of numerical integration", 2nd ed., chapters 2 and 5.
    """
    if rule not in QUADRATURES:
        raise ValueError(f"rule is {rule!r}; allowed are {', '.join(QUADRATURES)}")
    a, b, n = np.broadcast_arrays(_numbers("a", a), _numbers("b", b), checked_pieces(n))
    for low, high in zip(a.flat, b.flat, strict=True):
        checked_stretch("a to b", low, high)
    function = on_numbers(one_variable(f).programs[0]) if isinstance(f, Formula) else f
    out = np.empty(n.shape)
    with np.errstate(all="ignore"):
        for pieces in np.unique(n):
            at = n == pieces
            if rule == "monte_carlo":
                out[at] = sampled(function, a[at][..., None], b[at][..., None], int(pieces), seed).area[..., -1]
            else:
                out[at] = _summed(function, a[at][..., None], b[at][..., None], int(pieces), QUADRATURES[rule])
    return out


def _summed(function: Function, a: np.ndarray, b: np.ndarray, n: int, rule: Rule) -> np.ndarray:
    h = (b - a) / n
    total = 0.0
    for share, weight in zip(rule.within, rule.weights, strict=True):
        total = total + weight * np.sum(function(a + h * (np.arange(n) + share)), axis=-1)
    return h[..., 0] * total


class Sampled(NamedTuple):
    """Monte Carlo as its points come in, each of shape (..., n), the last axis the number of points so far less 1.

    x, y            the points and the function there
    area            the estimate, (b - a) * mean(y)
    standard_error  of it, from the points themselves: (b - a) * std(y) / sqrt(n), n - 1 in the variance; NaN at first
    """

    x: np.ndarray
    y: np.ndarray
    area: np.ndarray
    standard_error: np.ndarray

    def covers(self, truth: float) -> np.ndarray:
        """Whether the 95 % interval about the estimate holds the truth, (..., n)."""
        return np.abs(self.area - truth) <= SIGMAS_95 * self.standard_error


def sampled(
    f: Formula | Function, a: Any, b: Any, n: int, seed: int | np.random.Generator = 0, runs: int | None = None
) -> Sampled:
    """Monte Carlo with n points, estimate after estimate; `runs` of them with points of their own, (runs, n).

    ValueError as `quadrature`.
    """
    checked_pieces(n)
    function = on_numbers(one_variable(f).programs[0]) if isinstance(f, Formula) else f
    share = np.random.default_rng(seed).random(n if runs is None else (runs, n))
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    x = a + (b - a) * share
    count = np.arange(1, n + 1)
    with np.errstate(all="ignore"):
        y = np.asarray(function(x), dtype=float)
        # About the first value, so that the variance of nearly equal values is not lost in their size.
        off = y - y[..., :1]
        mean, square = np.cumsum(off, axis=-1) / count, np.cumsum(off * off, axis=-1)
        variance = np.maximum(square - count * mean * mean, 0.0) / (count - 1)
        return Sampled(x, y, (b - a) * (y[..., :1] + mean), (b - a) * np.sqrt(variance / count))


def checked_pieces(n: Any) -> np.ndarray:
    """n as whole numbers, or a ValueError."""
    given = _numbers("n", n)
    wrong = given[~((given >= 1) & (given <= MAX_POINTS) & (given == np.round(given)))]
    if wrong.size:
        raise ValueError(f"n is {wrong.flat[0]:g}; allowed is a whole number from 1 to {MAX_POINTS:,}")
    return given.astype(int)


def _numbers(name: str, value: Any) -> np.ndarray:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be a number") from None
