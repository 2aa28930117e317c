"""Methods that follow the gradient at one rate for every coordinate, in order of increasing complexity."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer, register


@register("gradient_descent")
@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Steepest descent at a fixed rate.

        x <- x - lr * g

    Converges on a quadratic exactly when lr < 2 / lambda_max. Equals torch.optim.SGD(lr, weight_decay=0, momentum=0).
    Source: Cauchy (1847), "Methode generale pour la resolution des systemes d'equations simultanees".
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes along the negative gradient.")

    title = "Gradient descent"
    family = "First order"
    rule = r"x \leftarrow x - \eta\, g"
    note = "The baseline: it zigzags across a narrow valley and crawls along it."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        return x - self.lr * objective.gradient(x), None


class MomentumState(NamedTuple):
    v: np.ndarray  # velocity, shape of x


@register("momentum")
@dataclass(frozen=True)
class Momentum(Optimizer):
    """Heavy ball: a velocity that gathers gradients.

        v <- momentum * v + g
        x <- x - lr * v

    With momentum 0 it is gradient descent. Equals torch.optim.SGD(lr, momentum, dampening=0).
    Source: Polyak (1964), "Some methods of speeding up the convergence of iteration methods", eq. 9, in the scaling of
    Sutskever et al. (2013) without their (1 - momentum), as PyTorch has it.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes along the velocity.")
    momentum: float = knob(0.9, 0, 0.999, "linear", "momentum", "How much of the velocity survives each step.")

    title = "Momentum"
    family = "First order"
    rule = r"v \leftarrow \mu v + g,\quad x \leftarrow x - \eta\, v"
    note = "It rolls through small bumps and along valleys, and overshoots where it should stop."

    def init(self, x: np.ndarray) -> MomentumState:
        return MomentumState(np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: MomentumState) -> tuple[np.ndarray, MomentumState]:
        v = self.momentum * state.v + objective.gradient(x)
        return x - self.lr * v, MomentumState(v)
