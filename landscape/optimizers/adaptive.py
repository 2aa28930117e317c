"""Methods that give every coordinate a rate of its own, from the gradients it has seen."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer, register


def rate(default: float) -> Any:
    return knob(default, 1e-7, 10, "log", "rate", "Scales the step of every coordinate.")


def memory(default: float, symbol: str, what: str) -> Any:
    """The knob of an exponential average, which looks back over about 1 / (1 - beta) steps."""
    return knob(default, 0, 0.9999, "linear", f"memory ${symbol}$", f"How long it remembers {what}.")


def floor(default: float) -> Any:
    return knob(default, 1e-16, 0.1, "log", r"floor $\epsilon$", "Keeps a coordinate with tiny gradients from racing.")


def decay(default: float, what: str) -> Any:
    return knob(default, 0, 1, "linear", "weight decay", what)


def average(old: np.ndarray, new: np.ndarray, memory: float | np.ndarray) -> np.ndarray:
    """memory * old + (1 - memory) * new, worked out in one array: for thousands of starts at once, that is the cost."""
    out = new - old
    out *= 1 - memory
    out += old
    return out


class AdagradState(NamedTuple):
    t: int  # steps taken
    s: np.ndarray  # sum of squared gradients, shape of x


@register("adagrad")
@dataclass(frozen=True)
class Adagrad(Optimizer):
    """A rate that falls with everything a coordinate has seen.

        s <- s + g**2,  from initial_accumulator_value
        x <- x - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps)

    The first step is lr in every coordinate, whatever the slope. Equals torch.optim.Adagrad with the same names.
    Source: Duchi, Hazan & Singer (2011), "Adaptive subgradient methods for online learning and stochastic
    optimization", Figure 1 with diagonal matrices; lr_decay and initial_accumulator_value are PyTorch's.
    """

    lr: float = rate(1e-2)
    lr_decay: float = knob(0.0, 0, 1, "linear", "rate decay", "How fast the rate falls: as 1/(1 + decay · t).")
    initial_accumulator_value: float = knob(
        0.0, 0, 10, "linear", "initial sum", "The sum of squares that it begins with."
    )
    eps: float = floor(1e-10)

    title = "Adagrad"
    family = "Adaptive"
    rule = r"s \leftarrow s + g^2,\quad x \leftarrow x - \eta\, \frac{g}{\sqrt{s} + \epsilon}"
    note = "Steep coordinates lose their lead at once. The sum never forgets, so it slows down for good."

    def init(self, x: np.ndarray) -> AdagradState:
        return AdagradState(0, np.zeros_like(x) + self.initial_accumulator_value)

    def step(self, objective: Objective, x: np.ndarray, state: AdagradState) -> tuple[np.ndarray, AdagradState]:
        t = state.t + 1
        g = objective.gradient(x)
        s = state.s + g * g
        lr = self.lr / (1 + (t - 1) * self.lr_decay)
        return x - lr * g / (np.sqrt(s) + self.eps), AdagradState(t, s)


class AdadeltaState(NamedTuple):
    v: np.ndarray  # average of g**2, shape of x
    u: np.ndarray  # average of delta**2, shape of x


@register("adadelta")
@dataclass(frozen=True)
class Adadelta(Optimizer):
    """A step in the units of x: the size of recent steps over the size of recent gradients.

        v     <- rho * v + (1 - rho) * g**2
        delta  = sqrt(u + eps) / sqrt(v + eps) * g
        u     <- rho * u + (1 - rho) * delta**2
        x     <- x - lr * delta

    Equals torch.optim.Adadelta(lr, rho, eps).
    Source: Zeiler (2012), "ADADELTA: an adaptive learning rate method", Algorithm 1, which has no lr; 1 is its method.
    """

    lr: float = knob(1.0, 1e-7, 10, "log", "rate", "Multiplies the step. The published method has 1.")
    rho: float = memory(0.9, r"\rho", "squared gradients and squared steps")
    eps: float = knob(1e-6, 1e-16, 0.1, "log", r"first push $\epsilon$", "Sets how far the very first steps go.")

    title = "Adadelta"
    family = "Adaptive"
    rule = (
        r"v \leftarrow \rho v + (1 - \rho)\, g^2,\quad \delta = \sqrt{\frac{u + \epsilon}{v + \epsilon}}\; g,\quad "
        r"u \leftarrow \rho u + (1 - \rho)\, \delta^2,\quad x \leftarrow x - \eta\, \delta"
    )
    note = "It needs no rate, but finds its pace slowly: its first steps are as small as ε makes them."

    def init(self, x: np.ndarray) -> AdadeltaState:
        return AdadeltaState(np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: AdadeltaState) -> tuple[np.ndarray, AdadeltaState]:
        g = objective.gradient(x)
        v = average(state.v, g * g, self.rho)
        delta = np.sqrt(state.u + self.eps) / np.sqrt(v + self.eps) * g
        u = average(state.u, delta * delta, self.rho)
        return x - self.lr * delta, AdadeltaState(v, u)


class RMSpropState(NamedTuple):
    v: np.ndarray  # average of g**2, shape of x
    m: np.ndarray  # average of g, shape of x; stays 0 unless centered
    b: np.ndarray  # velocity, shape of x


@register("rmsprop")
@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Each coordinate's gradient, over its root mean square of late.

        v <- alpha * v + (1 - alpha) * g**2
        m <- alpha * m + (1 - alpha) * g
        b <- momentum * b + g / (sqrt(v) + eps),  or / (sqrt(v - m**2) + eps) if centered
        x <- x - lr * b

    v starts at 0 without correction, so the first step is lr / sqrt(1 - alpha), ten times lr. Equals
    torch.optim.RMSprop(lr, alpha, eps, momentum=momentum, centered=centered); v - m**2 is kept from rounding below 0,
    where PyTorch's root is NaN.
    Source: Tieleman & Hinton (2012), lecture 6.5; centered: Graves (2013), "Generating sequences with recurrent neural
    networks", eqs. 38-41, with eps outside the root as PyTorch has it.
    """

    lr: float = rate(1e-2)
    alpha: float = memory(0.99, r"\alpha", "squared gradients")
    eps: float = floor(1e-8)
    momentum: float = knob(0.0, 0, 0.999, "linear", "momentum", "How much of the velocity survives each step.")
    centered: bool = knob(False, scale="switch", label="centered", help="Divides by the spread of the gradients alone.")

    title = "RMSprop"
    family = "Adaptive"
    rule = r"v \leftarrow \alpha v + (1 - \alpha)\, g^2,\quad x \leftarrow x - \eta\, \frac{g}{\sqrt{v} + \epsilon}"
    note = "Adagrad with a fading memory. It keeps its speed and jitters around a minimum, wider at larger rates."

    def init(self, x: np.ndarray) -> RMSpropState:
        return RMSpropState(np.zeros_like(x), np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: RMSpropState) -> tuple[np.ndarray, RMSpropState]:
        g = objective.gradient(x)
        v = average(state.v, g * g, self.alpha)
        m, spread = state.m, v
        if self.centered:
            m = average(state.m, g, self.alpha)
            spread = np.maximum(v - m * m, 0.0)
        b = self.momentum * state.b + g / (np.sqrt(spread) + self.eps)
        return x - self.lr * b, RMSpropState(v, m, b)
