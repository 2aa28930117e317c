"""What a step trusted: methods that step by a quadratic model can be asked for it, and how true it was."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.linear_algebra import EPSILON, dot, shifted, solve, times
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer


class Proposal(NamedTuple):
    """A quadratic model at x and the step it asks for: value + gradient . p + p . matrix p / 2, least at step p."""

    gradient: np.ndarray  # (..., n)
    matrix: np.ndarray  # (..., n, n), without the damping
    step: np.ndarray  # (..., n), what is tried first
    damping: float | np.ndarray = 0.0  # lambda of matrix + lambda I; a number or (..., 1)
    radius: float | np.ndarray = np.inf  # the model is trusted up to here; a number or (..., 1)


class Model(NamedTuple):
    """The quadratic model that one step trusted, and what came of it.

        m(p) = value + gradient . p + p . matrix p / 2

    step is the p that was tried; where it was refused x stayed. damping is the lambda with which step solves
    (matrix + lambda I) step = -gradient, up to its length; radius the |p| up to which m was trusted, or infinite.
    predicted is m(0) - m(step), actual is f(x) - f(x + step).
    """

    x: np.ndarray  # (..., n)
    value: np.ndarray  # (...)
    gradient: np.ndarray  # (..., n)
    matrix: np.ndarray  # (..., n, n)
    damping: np.ndarray  # (...)
    radius: np.ndarray  # (...)
    step: np.ndarray  # (..., n)
    predicted: np.ndarray  # (...)
    actual: np.ndarray  # (...)
    accepted: np.ndarray  # (...), bool

    def at(self, p: np.ndarray) -> np.ndarray:
        """m(p); p has shape (..., n), or more leading axes in front."""
        return self.value + np.sum(self.gradient * p, axis=-1) + np.sum(p * times(self.matrix, p), axis=-1) / 2

    @property
    def stationary(self) -> np.ndarray:
        """The p at which the damped model has no slope, shape (..., n); NaN where there is no single such point."""
        return -solve(shifted(self.matrix, self.damping[..., None]), self.gradient)


@dataclass(frozen=True)
class Modelled(Optimizer):
    """A method that trusts a quadratic model.

    propose(objective, x, state)  the model it makes at x, and the step it will try
    model(objective, x, state)    the same with what came of it, for a picture: costs evaluations that a run does not
    """

    @abstractmethod
    def propose(self, objective: Objective, x: np.ndarray, state: Any) -> Proposal: ...

    def model(self, objective: Objective, x: np.ndarray, state: Any) -> Model:
        with np.errstate(all="ignore"):
            proposal = self.propose(objective, x, state)
            new, _ = self.step(objective, x, state)
            accepted = (new != x).any(axis=-1)
            p = np.where(accepted[..., None], new - x, proposal.step)
            value, alone = objective.value(x), (*x.shape[:-1], 1)
            matrix = np.broadcast_to(proposal.matrix, (*x.shape, x.shape[-1]))
            return Model(
                x=x,
                value=value,
                gradient=proposal.gradient,
                matrix=matrix,
                damping=np.broadcast_to(proposal.damping, alone)[..., 0],
                radius=np.broadcast_to(proposal.radius, alone)[..., 0],
                step=p,
                predicted=predicted_decrease(proposal.gradient, times(matrix, p), p)[..., 0],
                actual=value - objective.value(x + p),
                accepted=accepted,
            )


def trusted(objective: Objective, optimizer: Modelled, start: np.ndarray, steps: int) -> Model:
    """The model of every step from start, (..., n): a Model whose arrays have one more axis in front, of length steps.

    x is where each step began, so x[0] is start; the iterates are those of `descend` without noise or schedule.
    """
    x = np.asarray(start, dtype=float)
    models = []
    with np.errstate(all="ignore"):
        state = optimizer.init(x)
        for _ in range(steps):
            models.append(optimizer.model(objective, x, state))
            x, state = optimizer.step(objective, x, state)
    return Model(*(np.stack(parts) for parts in zip(*models, strict=True)))


def predicted_decrease(gradient: np.ndarray, bent: np.ndarray, p: np.ndarray) -> np.ndarray:
    """m(0) - m(p), shape (..., 1), where bent is the model's matrix times p."""
    return -dot(gradient, p) - dot(p, bent) / 2


def agreement(value: np.ndarray, new: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Actual over predicted decrease, from value to new; -inf where the new value is not a number.

    Where both decreases are below the rounding of value the ratio is noise and counts as 1, so that the last digits of
    x can still be found. Source: Conn, Gould & Toint (2000), "Trust-region methods", section 17.4.2.
    """
    slack = 10 * EPSILON * np.maximum(1.0, np.abs(value))
    with np.errstate(all="ignore"):
        actual = value - new
        rounding = (np.abs(actual) <= slack) & (np.abs(predicted) <= slack)
        rho = np.where(rounding, 1.0, actual / predicted)
        return np.where(np.isfinite(new) & np.isfinite(rho), rho, -np.inf)
