"""Methods that trust a quadratic model made from the Hessian."""

from dataclasses import dataclass

import numpy as np

from landscape.knob import knob
from landscape.linear_algebra import solve
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer, register


@register("newton")
@dataclass(frozen=True)
class Newton(Optimizer):
    """Newton's method, plain: to the stationary point of the local quadratic model, whatever kind of point that is.

        x <- x - lr * H^-1 g

    With lr 1 a quadratic is solved in one step. Where H is singular the model has no single stationary point and x
    stays; nothing is done against a Hessian that is not positive definite, so saddles and maxima attract it too.
    Source: Nocedal & Wright (2006), "Numerical optimization", eq. 3.30, with the step scaled by lr.
    """

    lr: float = knob(1.0, 1e-7, 10, "log", "rate", "How much of the way to the model's stationary point it goes.")

    title = "Newton"
    family = "Second order"
    tunable = False
    rule = r"x \leftarrow x - \eta\, H^{-1} g"
    note = "Near a minimum the digits double every step; elsewhere it makes for saddles and maxima as gladly."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        p = solve(objective.hessian(x), objective.gradient(x))
        return np.where(np.isnan(p), x, x - self.lr * p), None
