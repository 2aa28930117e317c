"""Objective: what an optimizer may ask of a function, and the wrappers that are objectives themselves.

Everything in this project answers the same questions: a test surface, a typed formula, a penalised loss, a network's
loss in its flat weights. Arrays are float64 and every method broadcasts over leading axes.
"""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass

import numpy as np


class Objective(ABC):
    """A twice differentiable function of `dimension` real variables.

    value(x)              (..., n) -> (...)
    gradient(x)           (..., n) -> (..., n)
    hessian(x)            (..., n) -> (..., n, n), symmetric
    hessian_vector(x, v)  (..., n), (..., n) -> (..., n)
    draw(rng)             the Objective of one stochastic step; a deterministic objective returns itself

    An objective that is a sum of squares, value = sum(residuals**2) with m residuals, has `has_residuals` True and
    answers two more questions, which Gauss-Newton asks:

    residuals(x)          (..., n) -> (..., m)
    jacobian(x)           (..., n) -> (..., m, n), their derivatives

    `momentary` is True for a draw that is another function at the next step: nothing measured on it may be kept.

    At a kink, gradient is a subgradient and hessian leaves out the kink's infinite curvature. Outside the function's
    domain the answers are NaN; nothing is raised.
    """

    dimension: int
    momentary: bool = False
    has_residuals: bool = False

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


@dataclass(frozen=True)
class Wrapped(Objective):
    """Passes every question on to another objective; the wrappers below change one answer each."""

    objective: Objective

    @property
    def dimension(self) -> int:  # type: ignore[override]
        return self.objective.dimension

    @property
    def momentary(self) -> bool:  # type: ignore[override]
        return self.objective.momentary

    @property
    def has_residuals(self) -> bool:  # type: ignore[override]
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
        drawn = self.objective.draw(rng)
        return Tilted(drawn, self.scale * rng.standard_normal(self.dimension))


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
        return Counting(self.objective.draw(rng), self.calls)
