"""Methods that take the model made from the Hessian, or its like, at its word: they go where it has no slope."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.knob import knob
from landscape.linear_algebra import dot, eigh, shifted, solve, times
from landscape.objective import Objective
from landscape.optimizers.base import register
from landscape.optimizers.quadratic_model import Modelled, Proposal
from landscape.optimizers.search import backtrack


def share() -> Any:
    return knob(1.0, 1e-7, 10, "log", "rate", "How much of the way to the model's stationary point it goes.")


def damping() -> Any:
    return knob(0.0, 0, 100, "linear", r"damping $\lambda$", "Bends the model upwards: shorter steps, more downhill.")


def searching() -> Any:
    return knob(False, scale="switch", label="line search", help="Halves the step until the value falls enough.")


def stationary_step(matrix: np.ndarray, gradient: np.ndarray, damping: float | np.ndarray) -> np.ndarray:
    """-(matrix + damping I)^-1 gradient, shape (..., n); NaN where that matrix is singular."""
    return -solve(shifted(matrix, damping) if np.any(damping) else matrix, gradient)


def go(
    objective: Objective,
    x: np.ndarray,
    gradient: np.ndarray,
    p: np.ndarray,
    lr: float | np.ndarray,
    line_search: bool,
) -> np.ndarray:
    """x + lr * p, or x where p is NaN; with a line search downhill, along -gradient where p does not lead there."""
    if not line_search:
        return np.where(np.isnan(p), x, x + lr * p)
    p = np.where(dot(gradient, p) < 0, p, -gradient)
    return x + backtrack(objective, x, p, dot(gradient, p), lr) * p


@register("newton")
@dataclass(frozen=True)
class Newton(Modelled):
    """Newton's method, plain: to the stationary point of the local quadratic model, whatever kind of point that is.

        x <- x - lr * (H + damping I)^-1 g

    With lr 1 and damping 0, the defaults, a quadratic is solved in one step. Where the matrix is singular the model
    has no single stationary point and x stays; nothing is done against one that is not positive definite, so saddles
    and maxima attract it too. With a line search lr is the first length tried, it is halved until Armijo's condition
    holds, and a step that does not lead downhill is replaced by -g.
    Source: Nocedal & Wright (2006), "Numerical optimization", eq. 3.30, with the step scaled by lr; algorithm 3.2 for
    the line search, which modifies H instead where this falls back on g.
    """

    lr: float = share()
    damping: float = damping()
    line_search: bool = searching()

    title = "Newton"
    family = "Second order"
    tunable = False
    rule = r"x \leftarrow x - \eta\, (H + \lambda I)^{-1} g"
    note = "Near a minimum every step doubles the right digits. Newton also stops at saddles and at hilltops."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        g = objective.gradient(x)
        p = stationary_step(objective.hessian(x), g, self.damping)
        return go(objective, x, g, p, self.lr, self.line_search), None

    def propose(self, objective: Objective, x: np.ndarray, state: None) -> Proposal:
        g, hessian = objective.gradient(x), objective.hessian(x)
        return Proposal(g, hessian, stationary_step(hessian, g, self.damping), self.damping)


@register("saddle_free_newton")
@dataclass(frozen=True)
class SaddleFreeNewton(Modelled):
    """Newton's method with every curvature taken as positive, so that saddles and maxima repel.

        H = V diag(lambda) V',  |H| = V diag(|lambda|) V'
        x <- x - lr * (|H| + damping I)^-1 g

    Where H is positive definite it is Newton's method. Where the matrix is singular x stays.
    Source: Dauphin et al. (2014), "Identifying and attacking the saddle point problem in high-dimensional non-convex
    optimization", algorithm 1, in the whole space rather than a Krylov subspace, damping as in their experiments.
    """

    lr: float = share()
    damping: float = damping()

    title = "Saddle-free Newton"
    family = "Second order"
    tunable = False
    rule = r"x \leftarrow x - \eta\, (|H| + \lambda I)^{-1} g"
    note = "Newton's step with the sign mended. Where curvature is negative, it flees the saddle that Newton runs to."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        p = self.direction(objective.gradient(x), *eigh(objective.hessian(x)))
        return np.where(np.isnan(p), x, x + self.lr * p), None

    def propose(self, objective: Objective, x: np.ndarray, state: None) -> Proposal:
        g = objective.gradient(x)
        values, vectors = eigh(objective.hessian(x))
        matrix = np.einsum("...ij,...j,...kj->...ik", vectors, np.abs(values), vectors)
        return Proposal(g, matrix, self.direction(g, values, vectors), self.damping)

    def direction(self, g: np.ndarray, values: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """-(|H| + damping I)^-1 g, NaN where singular, from the eigenvalues and eigenvectors of H."""
        curvature = np.abs(values) + self.damping
        regular = (curvature > 0).all(axis=-1, keepdims=True)
        along = times(np.swapaxes(vectors, -1, -2), g) / np.where(regular, curvature, np.nan)
        return -times(vectors, along)


@register("gauss_newton")
@dataclass(frozen=True)
class GaussNewton(Modelled):
    """Newton's method for a sum of squares f = sum(r**2), its Hessian without the residuals' own curvature.

        J = dr/dx,  g = 2 J'r,  H ~ 2 J'J
        x <- x - lr * (2 J'J + damping I)^-1 g

    2 J'J needs first derivatives only and is never indefinite, so the step leads downhill; residuals that are linear
    are solved in one step. Where the matrix is singular x stays. The line search is Newton's.
    Source: Nocedal & Wright (2006), eq. 10.23, whose f is half of this one; a fixed damping as in Levenberg (1944).
    """

    lr: float = share()
    damping: float = damping()
    line_search: bool = searching()

    title = "Gauss-Newton"
    family = "Second order"
    tunable = False
    rule = r"x \leftarrow x - \eta\, (2 J^\top J + \lambda I)^{-1} g,\quad J = \partial r / \partial x"
    note = "It takes curvature from slopes alone: two steps on Rosenbrock, and no saddle can attract it."
    needs = "a sum of squares, written as in (1 − x)² + 100(y − x²)²"

    @classmethod
    def applies_to(cls, objective: Objective) -> bool:
        return objective.has_residuals

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        proposal = self.propose(objective, x, state)
        return go(objective, x, proposal.gradient, proposal.step, self.lr, self.line_search), None

    def propose(self, objective: Objective, x: np.ndarray, state: None) -> Proposal:
        g, jacobian = objective.gradient(x), objective.jacobian(x)
        matrix = 2 * np.einsum("...mi,...mj->...ij", jacobian, jacobian)
        return Proposal(g, matrix, stationary_step(matrix, g, self.damping), self.damping)
