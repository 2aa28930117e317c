"""Methods that step along the smooth part of a penalised objective and take the penalty's prox, kinks and all.

Each asks the objective to split: the smooth part answers with its gradient, the penalty with its prox. Where there is
no penalty the prox changes nothing, and each becomes a plain method for smooth objectives.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.objective import Objective, Penalty
from landscape.optimizers.base import Optimizer, register


def prox(penalty: Penalty | None, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
    """The penalty's prox; x itself where there is no penalty."""
    return x if penalty is None else penalty.prox(x, step)


@register("proximal_gradient")
@dataclass(frozen=True)
class ProximalGradient(Optimizer):
    """ISTA: a gradient step on the smooth part, then the penalty's prox.

        x <- prox(x - lr * g, lr),  prox(z, lr) = argmin_u penalty(u) + |u - z|**2 / (2 * lr)

    With L1 the prox is the soft threshold, so weights become exactly zero and stay. For lr <= 1 / L, with L the largest
    and mu the smallest curvature of the smooth part, the distance to the minimum shrinks by 1 - lr * mu each step and
    the excess value is at most |x_0 - x*|**2 / (2 * lr * k). Without a penalty it is gradient descent.
    Source: Beck & Teboulle (2009), "A fast iterative shrinkage-thresholding algorithm for linear inverse problems",
    eq. 1.4 and Theorem 3.1.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes before the penalty pulls it back.")

    title = "Proximal gradient (ISTA)"
    family = "First order"
    rule = r"x \leftarrow \operatorname{prox}_{\eta P}(x - \eta\, g)"
    note = "Gradient descent that lands on a crease and stays there. A subgradient step hops across for ever."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        smooth, penalty = objective.split()
        return prox(penalty, x - self.lr * smooth.gradient(x), self.lr), None


class FISTAState(NamedTuple):
    last: np.ndarray  # the x before this one, shape of x
    t: np.ndarray  # how far the momentum has built up, from 1, shape (..., 1)


@register("fista")
@dataclass(frozen=True)
class FISTA(Optimizer):
    """ISTA from a point ahead, with a momentum that grows towards 1 and starts anew when it points uphill.

        t_next <- (1 + sqrt(1 + 4 * t**2)) / 2
        y      <- x + (t - 1) / t_next * (x - x_last)
        x_new  <- prox(y - lr * g(y), lr)
        t      <- 1 if restart and (y - x_new) . (x_new - x) > 0 else t_next

    For lr <= 1 / L and without restarts the excess value is at most 2 * |x_0 - x*|**2 / (lr * (k + 1)**2). The first
    step is ISTA's. Source: Beck & Teboulle (2009), "A fast iterative shrinkage-thresholding algorithm for linear
    inverse problems", eqs. 4.1-4.3 and Theorem 4.4; restarts by the gradient scheme of O'Donoghue & Candes (2015),
    "Adaptive restart for accelerated gradient schemes", section 3.2, eq. 13, each start on its own.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "rate", "How far each step goes before the penalty pulls it back.")
    restart: bool = knob(True, scale="switch", label="restart", help="Drops the momentum when it leads uphill.")

    title = "FISTA"
    family = "First order"
    rule = (
        r"t_{+} = \tfrac{1 + \sqrt{1 + 4 t^2}}{2},\quad y = x + \tfrac{t - 1}{t_{+}} (x - x_{-1}),\quad "
        r"x \leftarrow \operatorname{prox}_{\eta P}\bigl(y - \eta\, g(y)\bigr)"
    )
    note = "Its momentum is provably best for convex losses. Without restarts it swings past the minimum."

    def init(self, x: np.ndarray) -> FISTAState:
        return FISTAState(x, np.ones((*x.shape[:-1], 1)))

    def step(self, objective: Objective, x: np.ndarray, state: FISTAState) -> tuple[np.ndarray, FISTAState]:
        smooth, penalty = objective.split()
        t = (1 + np.sqrt(1 + 4 * state.t**2)) / 2
        y = x + (state.t - 1) / t * (x - state.last)
        new = prox(penalty, y - self.lr * smooth.gradient(y), self.lr)
        if self.restart:
            uphill = np.sum((y - new) * (new - x), axis=-1, keepdims=True) > 0
            t = np.where(uphill, 1.0, t)
        return new, FISTAState(x, t)


class Turn(NamedTuple):
    t: int  # steps taken; coordinate t modulo n is next


@register("coordinate_descent")
@dataclass(frozen=True)
class CoordinateDescent(Optimizer):
    """One coordinate a step, in turn, each to the minimum along its own axis.

        i = t mod n,  h = H_ii
        x_i <- x_i + lr * (prox(x_i - g_i / h, 1 / h) - x_i)    where h > 0; elsewhere x_i stays

    For least squares with lr 1 the minimum along the axis is exact, whatever separable penalty is added: with L1 this
    is the lasso's coordinate descent, with a soft threshold. On another objective it is exact only for the quadratic
    model along the axis: Newton's method, a coordinate at a time. A step costs one gradient and one Hessian-vector
    product of the whole, so n of them make a sweep. ValueError for a penalty that is no sum over coordinates, as it may
    stop anywhere. Source: Friedman, Hastie & Tibshirani (2010), "Regularization paths for generalized linear models via
    coordinate descent", eq. 5; lr is ours.
    """

    lr: float = knob(1.0, 1e-7, 1.9, "log", "rate", "How far it goes towards the minimum along the axis.")

    title = "Coordinate descent"
    tunable = False
    family = "Second order"
    rule = (
        r"x \leftarrow x + \eta\, \bigl(\operatorname{prox}_{P / h}(x - g / h) - x\bigr)_i\, e_i,\quad "
        r"h = H_{ii},\ i = t \bmod n"
    )
    note = "It walks along the axes and needs no rate. In a diagonal valley it is lost."
    needs = "a penalty that is a sum over coordinates, or none"

    @classmethod
    def applies_to(cls, objective: Objective) -> bool:
        penalty = objective.split()[1]
        return penalty is None or penalty.separable

    def init(self, x: np.ndarray) -> Turn:
        return Turn(0)

    def step(self, objective: Objective, x: np.ndarray, state: Turn) -> tuple[np.ndarray, Turn]:
        smooth, penalty = objective.split()
        if not self.applies_to(objective):
            raise ValueError(f"penalty is {penalty}; coordinate descent needs one that is a sum over coordinates")
        axis = np.arange(x.shape[-1]) == state.t % x.shape[-1]
        h = np.sum(np.where(axis, smooth.hessian_vector(x, axis + np.zeros_like(x)), 0.0), axis=-1, keepdims=True)
        curved = h > 0
        step = 1 / np.where(curved, h, 1.0)
        best = prox(penalty, x - step * smooth.gradient(x), step)
        return x + axis * np.where(curved, self.lr * (best - x), 0.0), Turn(state.t + 1)
