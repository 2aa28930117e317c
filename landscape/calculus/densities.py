"""Densities of one variable, mixtures of normal ones: expectations under them, and how two of them differ."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

# (weight, mean, standard deviation)
Part = tuple[float, float, float]
ROOT_2PI = float(np.sqrt(2 * np.pi))
# An expectation under a normal part is a sum over so many of its standard deviations, in steps of so much of one.
REACH, STEP = 10.0, 0.01


@dataclass(frozen=True)
class Shape:
    """A density with mean 0 and standard deviation 1: a mixture of normal ones.

    key, title   its name in code and links, its name for people
    parts        its normal parts; ValueError where their weights do not sum to 1, or mean and deviation are others
    """

    key: str
    title: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        w, m, s = np.array(self.parts).T
        moments = np.array([w.sum(), w @ m, w @ (m * m + s * s)])
        if not ((w > 0) & (s > 0)).all() or np.abs(moments - (1, 0, 1)).max() > 1e-12:
            raise ValueError(f"parts is {self.parts}; its area, mean and variance must be 1, 0 and 1")


def _humps(apart: float) -> tuple[Part, ...]:
    width = float(np.sqrt(1 - apart**2))
    return ((0.5, -apart, width), (0.5, apart, width))


def _leaning(away: float, steep: float) -> tuple[Part, ...]:
    """Three quarters of the area to the left, steep; a long slope to the right."""
    flat = float(np.sqrt(4 * (1 - 3 * away**2 - 0.75 * steep**2)))
    return ((0.75, -away, steep), (0.25, 3 * away, flat))


SHAPES: dict[str, Shape] = {
    shape.key: shape
    for shape in (
        Shape("normal", "Normal", ((1.0, 0.0, 1.0),)),
        Shape("humps", "Two humps", _humps(0.9)),
        Shape("leaning", "Leaning", _leaning(0.35, 0.5)),
    )
}


def log_density(shape: Shape, x: Any, mean: Any, width: Any) -> Any:
    """ln of the density of width * z + mean, z of this shape, at x. Arithmetic and numpy alone, so it can be recorded.

    The largest part is taken out before the parts are added, so that nothing underflows far out.
    """
    z = (x - mean) / width
    parts = [-0.5 * ((z - m) / s) ** 2 + float(np.log(w / (s * ROOT_2PI))) for w, m, s in shape.parts]
    top = reduce(np.maximum, parts)
    return top + np.log(sum(np.exp(part - top) for part in parts)) - np.log(width)


class Density(NamedTuple):
    """A shape with a mean and a standard deviation of its own."""

    shape: Shape
    mean: float
    width: float

    def log(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(log_density(self.shape, x, self.mean, self.width))

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.exp(self.log(x))

    def expectation(self, g: Callable[[np.ndarray], np.ndarray]) -> float:
        """The area under g times this density, part by part, each by trapezoids in its own standard deviations."""
        z = np.arange(-REACH, REACH + STEP / 2, STEP)
        weights = STEP * np.exp(-0.5 * z * z) / ROOT_2PI
        return sum(w * float(weights @ g(self.mean + self.width * (m + s * z))) for w, m, s in self.shape.parts)

    @property
    def entropy(self) -> float:
        """-E[ln p], in nats."""
        return -self.expectation(self.log)


def density(shape: str, mean: float, width: float) -> Density:
    """ValueError for an unknown shape, a mean that is not finite, and a width that is not positive and finite."""
    if shape not in SHAPES:
        raise ValueError(f"shape is {shape!r}; allowed are {', '.join(SHAPES)}")
    if not np.isfinite(mean):
        raise ValueError(f"mean is {mean:g}; it must be finite")
    if not (np.isfinite(width) and width > 0):
        raise ValueError(f"width is {width:g}; it must be positive and finite")
    return Density(SHAPES[shape], float(mean), float(width))


def cross_entropy(p: Density, q: Density) -> float:
    """-E_p[ln q], in nats: what a code made for q costs where p is true."""
    return -p.expectation(q.log)


def divergence(p: Density, q: Density) -> float:
    """KL(p || q) = E_p[ln p - ln q], in nats: never negative, and 0 only where p and q are the same.

    Source: Kullback & Leibler (1951), "On information and sufficiency", Annals of Mathematical Statistics 22.
    """
    return p.expectation(lambda x: p.log(x) - q.log(x))
