"""Objective: what an optimizer may ask of a function, and the wrappers that are objectives themselves.

Everything in this project answers the same questions: a test surface, a typed formula, a penalised loss, a network's
loss in its flat weights. Arrays are float64 and every method broadcasts over leading axes.
"""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Optional

import numpy as np


class Objective(ABC):
    """A twice differentiable function of `dimension` real variables.

    value(x)              (..., n) -> (...)
    gradient(x)           (..., n) -> (..., n)
    hessian(x)            (..., n) -> (..., n, n), symmetric
    hessian_vector(x, v)  (..., n), (..., n) -> (..., n)
    draw(rng)             the Objective of one stochastic step; a deterministic objective returns itself
    split()               its smooth part and its penalty, None where it has none: what a proximal method works with
    biases                the coordinates that a penalty leaves out unless it is told otherwise
    objective + penalty   a Penalized

    An objective that is a sum of squares, value = sum(residuals**2) with m residuals, has `has_residuals` True and
    answers two more questions, which Gauss-Newton asks:

    residuals(x)          (..., n) -> (..., m)
    jacobian(x)           (..., n) -> (..., m, n), their derivatives

    `momentary` is True for a draw that is another function at the next step: nothing measured on it may be kept.

    At a kink, gradient is a subgradient and hessian leaves out the kink's infinite curvature. Outside the function's
    domain the answers are NaN; nothing is raised.
    """

    @property
    @abstractmethod
    def dimension(self) -> int: ...

    @property
    def momentary(self) -> bool:
        return False

    @property
    def has_residuals(self) -> bool:
        return False

    @property
    def biases(self) -> tuple[int, ...]:
        return ()

    @abstractmethod
    def value(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def gradient(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def hessian(self, x: np.ndarray) -> np.ndarray: ...

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """H(x) v. Objectives that can do it without forming H override this."""
        return np.einsum("...ij,...j->...i", self.hessian(x), v)

    def draw(self, rng: np.random.Generator) -> "Objective":
        del rng
        return self

    def residuals(self, x: np.ndarray) -> np.ndarray:
        raise ValueError(f"{type(self).__name__} has no residuals: it is not written as a sum of squares")

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        raise ValueError(f"{type(self).__name__} has no residuals: it is not written as a sum of squares")

    def split(self) -> tuple["Objective", Optional["Penalty"]]:
        return self, None

    def __add__(self, penalty: "Penalty") -> "Penalized":
        return Penalized(self, penalty) if isinstance(penalty, Penalty) else NotImplemented


@dataclass(frozen=True)
class Penalty(ABC):
    """What is added to an objective to keep its x small. Convex; smooth or not.

    value(x)               (..., n) -> (...)
    subgradient(x, slope)  (..., n), (..., n) -> (..., n): of all slope + u with u a subgradient at x, the shortest
    gradient(x)            (..., n) -> (..., n): the minimum-norm subgradient, which is subgradient(x, 0)
    hessian(x)             (..., n) -> (..., n, n), where there is one; a kink's infinite curvature is left out
    prox(x, step)          argmin_z penalty(z) + |z - x|**2 / (2 * step), (..., n) -> (..., n)

    free   the coordinates it leaves alone. None, the default, means the biases of the objective it is added to, and
           none where it stands alone; () penalises every coordinate, biases too.
    """

    free: tuple[int, ...] | None = field(default=None, kw_only=True)

    # Whether it is a sum over coordinates, so that each has a prox, with a step, of its own.
    separable = True

    @abstractmethod
    def value(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def hessian(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray: ...

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.subgradient(x, np.zeros_like(x))

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.einsum("...ij,...j->...i", self.hessian(x), v)


@dataclass(frozen=True)
class Penalized(Objective):
    """smooth + penalty, of which both parts are still known.

    The gradient is the shortest subgradient of the sum, not a sum of two: it is zero exactly where x is a minimum of a
    convex sum, so its norm says how far from optimal x is, at a kink too. The Hessian leaves out the kinks'.
    ValueError where smooth has a penalty already: two penalties have no prox in common.
    """

    smooth: Objective
    penalty: Penalty

    def __post_init__(self) -> None:
        other = self.smooth.split()[1]
        if other is not None:
            raise ValueError(f"penalty is {self.penalty}, but the objective has one already, {other}; allowed is one")
        if self.penalty.free is None:
            object.__setattr__(self, "penalty", replace(self.penalty, free=self.smooth.biases))

    @property
    def dimension(self) -> int:
        return self.smooth.dimension

    @property
    def biases(self) -> tuple[int, ...]:
        return self.smooth.biases

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.smooth.value(x) + self.penalty.value(x)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.penalty.subgradient(x, self.smooth.gradient(x))

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self.smooth.hessian(x) + self.penalty.hessian(x)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self.smooth.hessian_vector(x, v) + self.penalty.hessian_vector(x, v)

    def draw(self, rng: np.random.Generator) -> Objective:
        return Penalized(self.smooth.draw(rng), self.penalty)

    def split(self) -> tuple[Objective, Penalty | None]:
        return self.smooth, self.penalty


@dataclass(frozen=True)
class Wrapped(Objective):
    """Passes every question on to another objective; the wrappers below change one answer each.

    A wrapper around a penalised objective splits into the wrapped smooth part and the penalty itself.
    """

    objective: Objective

    @property
    def dimension(self) -> int:
        return self.objective.dimension

    @property
    def momentary(self) -> bool:
        return self.objective.momentary

    @property
    def has_residuals(self) -> bool:
        return self.objective.has_residuals

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.objective.value(x)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.objective.gradient(x)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self.objective.hessian(x)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self.objective.hessian_vector(x, v)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return self.objective.residuals(x)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        return self.objective.jacobian(x)

    @property
    def biases(self) -> tuple[int, ...]:
        return self.objective.biases

    def split(self) -> tuple[Objective, Penalty | None]:
        smooth, penalty = self.objective.split()
        return replace(self, objective=smooth), penalty


@dataclass(frozen=True)
class Noisy(Wrapped):
    """An objective whose every draw is tilted at random: f(x) + scale * xi . x with xi ~ N(0, I).

    The drawn gradient is g(x) + scale * xi, an unbiased estimate of g(x); value and gradient of a draw stay consistent,
    so a line search sees one function. One draw serves every start in a batch, as one mini-batch would: a race
    compares methods on the same noise. `value`, `gradient` and `hessian` of a Noisy itself are the expectations.

    scale   standard deviation of each gradient component, in units of the gradient; at least 0.
    """

    scale: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.scale) and self.scale >= 0):
            raise ValueError(f"scale is {self.scale}; it must be a finite number, at least 0")

    def draw(self, rng: np.random.Generator) -> Objective:
        # The tilt goes under the penalty: the gradient of the draw is then the shortest subgradient of the whole.
        smooth, penalty = self.objective.draw(rng).split()
        tilted = Tilted(smooth, self.scale * rng.standard_normal(self.dimension))
        return tilted if penalty is None else tilted + penalty


@dataclass(frozen=True)
class Tilted(Wrapped):
    """f(x) + slope . x, with slope of shape (n,); residuals and jacobian stay those of f."""

    slope: np.ndarray

    momentary = True

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.objective.value(x) + x @ self.slope

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.objective.gradient(x) + self.slope


@dataclass(frozen=True)
class Moved(Wrapped):
    """f(x - by), with `by` of shape (n,): the same function elsewhere."""

    by: np.ndarray

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.objective.value(x - self.by)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.objective.gradient(x - self.by)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self.objective.hessian(x - self.by)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self.objective.hessian_vector(x - self.by, v)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return self.objective.residuals(x - self.by)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        return self.objective.jacobian(x - self.by)


@dataclass(frozen=True)
class Counting(Wrapped):
    """Passes every call on, and counts it in `calls`, a Counter with the method's name as key.

    A call on a whole batch counts once: it is what each start of the batch was charged.
    """

    calls: Counter[str]

    def value(self, x: np.ndarray) -> np.ndarray:
        self.calls["value"] += 1
        return self.objective.value(x)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        self.calls["gradient"] += 1
        return self.objective.gradient(x)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        self.calls["hessian"] += 1
        return self.objective.hessian(x)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        self.calls["hessian_vector"] += 1
        return self.objective.hessian_vector(x, v)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        self.calls["residuals"] += 1
        return self.objective.residuals(x)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        self.calls["jacobian"] += 1
        return self.objective.jacobian(x)

    def draw(self, rng: np.random.Generator) -> Objective:
        drawn = self.objective.draw(rng)
        return self if drawn is self.objective else Counting(drawn, self.calls)
