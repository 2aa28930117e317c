"""INITIALISERS: where training starts, which decides whether it can.

Weights, the parameters of two or more axes, are drawn; biases start at 0, as in both papers below.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import prod, sqrt
from typing import ClassVar

import numpy as np

from landscape.knob import check_knobs, knob
from landscape.registry import registrar

INITIALISERS: dict[str, type["Initialiser"]] = {}


@dataclass(frozen=True)
class Initialiser(ABC):
    """A distribution over a layer's weights.

    weights(rng, shape) -> shape    shape is (outputs, inputs, *kernel), as PyTorch lays weights out

    In `rule` n_in = inputs * prod(kernel) and n_out = outputs * prod(kernel).
    """

    key: ClassVar[str]
    title: ClassVar[str]
    rule: ClassVar[str]
    note: ClassVar[str]

    def __post_init__(self) -> None:
        check_knobs(self)

    @abstractmethod
    def weights(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray: ...


# Class decorator: enters a class in INITIALISERS. Menus, sliders, URLs and tests follow from that.
register = registrar(INITIALISERS)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many numbers a unit of this layer reads, and how many units read one of its inputs: (n_in, n_out)."""
    outputs, inputs, *kernel = shape
    return inputs * prod(kernel), outputs * prod(kernel)


@register("glorot")
@dataclass(frozen=True)
class Glorot(Initialiser):
    """Uniform, wide enough to keep activations and gradients alive through tanh.

        weight ~ U(-limit, limit),  limit = sqrt(6 / (n_in + n_out)),  variance 2 / (n_in + n_out)

    Source: Glorot & Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks",
    eq. 16; torch.nn.init.xavier_uniform_.
    """

    title = "Glorot"
    rule = r"w \sim U(-\ell, \ell),\quad \ell = \sqrt{6 / (n_\text{in} + n_\text{out})}"
    note = "Made for tanh: signals neither fade nor grow, forwards or backwards."

    def weights(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        limit = sqrt(6 / sum(fans(shape)))
        return rng.uniform(-limit, limit, shape)


@register("he")
@dataclass(frozen=True)
class He(Initialiser):
    """Normal, with twice the variance that a linear layer needs, because relu silences half of its inputs.

        weight ~ N(0, 2 / n_in)

    Source: He, Zhang, Ren & Sun (2015), "Delving deep into rectifiers", eq. 10; torch.nn.init.kaiming_normal_.
    """

    title = "He"
    rule = r"w \sim N(0,\ 2 / n_\text{in})"
    note = "Made for ReLU, which throws away half of the signal."

    def weights(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return sqrt(2 / fans(shape)[0]) * rng.standard_normal(shape)


@register("normal")
@dataclass(frozen=True)
class Normal(Initialiser):
    """Normal, with a standard deviation of your own.

    weight ~ N(0, scale**2)
    """

    scale: float = knob(0.5, 1e-3, 10, "log", r"scale $\sigma$", "Small: gradients vanish. Large: units saturate.")

    title = "Normal"
    rule = r"w \sim N(0,\ \sigma^2)"
    note = "Turn the scale both ways and watch the gradient vanish or explode from layer to layer."

    def weights(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return self.scale * rng.standard_normal(shape)


@register("zeros")
@dataclass(frozen=True)
class Zeros(Initialiser):
    """All weights 0.

    weight = 0
    """

    title = "Zeros"
    rule = "w = 0"
    note = "Every hidden unit equals the next and stays so. Random weights break this symmetry."

    def weights(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        del rng
        return np.zeros(shape)
