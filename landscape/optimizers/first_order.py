"""Methods that follow the gradient at one rate for every coordinate, in order of increasing complexity."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer, register
from landscape.optimizers.quadratic_model import Modelled, Proposal


@register("gradient_descent")
@dataclass(frozen=True)
class GradientDescent(Modelled):
    """Steepest descent at a fixed rate.

        x <- x - lr * g

    Converges on a quadratic exactly when lr < 2 / lambda_max. Each step goes to the minimum of a round bowl of
    curvature 1 / lr, which is the model it trusts. Equals torch.optim.SGD(lr, weight_decay=0, momentum=0).
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

    def propose(self, objective: Objective, x: np.ndarray, state: None) -> Proposal:
        g = objective.gradient(x)
        return Proposal(g, np.eye(x.shape[-1]) / np.asarray(self.lr)[..., None], -self.lr * g)


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


@register("nesterov")
@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's accelerated gradient: a velocity whose gradient is taken where the velocity is about to lead.

        v <- momentum * v + g
        x <- x - lr * (g + momentum * v)

    With momentum 0 it is gradient descent. Equals torch.optim.SGD(lr, momentum, nesterov=True).
    Source: Nesterov (1983), in the form of Sutskever et al. (2013), eqs. 3-4. As in PyTorch, x is their look-ahead
    point theta + mu v rather than theta itself, and v is theirs divided by -lr.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes along gradient and velocity.")
    momentum: float = knob(0.9, 0, 0.999, "linear", "momentum", "How much of the velocity survives each step.")

    title = "Nesterov momentum"
    family = "First order"
    rule = r"v \leftarrow \mu v + g,\quad x \leftarrow x - \eta\, (g + \mu v)"
    note = "It looks ahead before it leaps: less overshoot than momentum, for somewhat more steps in a narrow valley."

    def init(self, x: np.ndarray) -> MomentumState:
        return MomentumState(np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: MomentumState) -> tuple[np.ndarray, MomentumState]:
        g = objective.gradient(x)
        v = self.momentum * state.v + g
        return x - self.lr * (g + self.momentum * v), MomentumState(v)


@register("qhm")
@dataclass(frozen=True)
class QHM(Optimizer):
    """Quasi-hyperbolic momentum: a weighted mean of a gradient step and a momentum step.

        v <- momentum * v + (1 - momentum) * g
        x <- x - lr * ((1 - nu) * g + nu * v)

    With nu 0 it is gradient descent; with nu 1 it is momentum, and with nu = momentum Nesterov's method, both at the
    rate lr * (1 - momentum). Source: Ma & Yarats (2019), "Quasi-hyperbolic momentum and Adam for deep learning",
    section 3; momentum is their beta, and it and nu default to their rule of thumb. v starts at 0 without correction.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes along the mean of gradient and velocity.")
    momentum: float = knob(0.999, 0, 0.9999, "linear", "momentum", "How long the velocity remembers a gradient.")
    nu: float = knob(0.7, 0, 1, "linear", r"velocity's share $\nu$", "How much of each step comes from the velocity.")

    title = "Quasi-hyperbolic momentum"
    family = "First order"
    rule = r"v \leftarrow \mu v + (1 - \mu)\, g,\quad x \leftarrow x - \eta\, \bigl((1 - \nu)\, g + \nu v\bigr)"
    note = "One slider leads from gradient descent through Nesterov's method to momentum."

    def init(self, x: np.ndarray) -> MomentumState:
        return MomentumState(np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: MomentumState) -> tuple[np.ndarray, MomentumState]:
        g = objective.gradient(x)
        v = self.momentum * state.v + (1 - self.momentum) * g
        return x - self.lr * ((1 - self.nu) * g + self.nu * v), MomentumState(v)


@register("sign_descent")
@dataclass(frozen=True)
class SignDescent(Optimizer):
    """Only the sign of each slope counts, so every coordinate moves by lr.

        x <- x - lr * sign(g)

    A coordinate whose slope is 0 stays. Source: Bernstein et al. (2018), "signSGD: compressed optimisation for
    non-convex problems", Algorithm 1.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far every coordinate moves each step.")

    title = "Sign descent"
    family = "First order"
    rule = r"x \leftarrow x - \eta\, \operatorname{sign}(g)"
    note = "Steep or flat, its speed is the same. It cannot stop, and ends up hopping across the minimum."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        return x - self.lr * np.sign(objective.gradient(x)), None


class RpropState(NamedTuple):
    size: np.ndarray  # each coordinate's own step, shape of x
    g: np.ndarray  # the last gradient, 0 where it had changed sign, shape of x


@register("rprop")
@dataclass(frozen=True)
class Rprop(Optimizer):
    """Resilient propagation: each coordinate's step grows while its slope keeps its sign and shrinks when it flips.

        size <- size * (eta_plus if g * g_last > 0, eta_minus if g * g_last < 0, else 1), kept in [step_min, step_max]
        g    <- 0 where g * g_last < 0
        x    <- x - size * sign(g)

    The first step is lr in every coordinate; afterwards lr, and a schedule for it, has no effect. Equals
    torch.optim.Rprop(lr, etas=(eta_minus, eta_plus), step_sizes=(step_min, step_max)).
    Source: Riedmiller & Braun (1993), "A direct adaptive method for faster backpropagation learning: the RPROP
    algorithm". After a flip a coordinate rests instead of going back: iRprop- of Igel & Husken (2000).
    """

    lr: float = knob(1e-2, 1e-7, 10, "log", "first step", "How far every coordinate moves in the first step.")
    eta_minus: float = knob(
        0.5, 0.01, 0.99, "linear", "shrink", "What a step is multiplied by when the slope changes sign."
    )
    eta_plus: float = knob(
        1.2, 1.01, 3, "linear", "grow", "What a step is multiplied by while the slope keeps its sign."
    )
    step_min: float = knob(1e-6, 1e-12, 1, "log", "smallest step", "No step shrinks below this.")
    step_max: float = knob(50.0, 1e-3, 1e3, "log", "largest step", "No step grows beyond this.")

    title = "Rprop"
    family = "First order"
    rule = (
        r"\Delta \leftarrow \Delta \cdot \{\eta^+ \text{ if } g\, g_{-1} > 0,\ \eta^- \text{ if } g\, g_{-1} < 0\},"
        r"\quad x \leftarrow x - \Delta \operatorname{sign}(g)"
    )
    note = "It feels its way by signs alone: superb on clean slopes, lost on noisy ones."

    def init(self, x: np.ndarray) -> RpropState:
        return RpropState(np.zeros_like(x) + self.lr, np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: RpropState) -> tuple[np.ndarray, RpropState]:
        g = objective.gradient(x)
        agreement = g * state.g
        flipped = agreement < 0
        factor = np.where(agreement > 0, self.eta_plus, np.where(flipped, self.eta_minus, 1.0))
        size = np.minimum(np.maximum(state.size * factor, self.step_min), self.step_max)
        g = np.where(flipped, 0.0, g)
        return x - size * np.sign(g), RpropState(size, g)

    def retries(self, state: RpropState) -> np.ndarray:
        """A coordinate whose slope has changed its sign rests for a step."""
        return (state.g == 0).any(axis=-1)
