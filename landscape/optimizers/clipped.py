"""Gradient clipping, around any method."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from landscape.knob import check_knobs, knob
from landscape.objective import Objective, Wrapped
from landscape.optimizers.base import Optimizer

WAYS = ("norm", "value")


@dataclass(frozen=True)
class Clipped(Optimizer):
    """A method that is shown a gradient of bounded size.

        by norm     g <- g * min(1, limit / |g|)     the direction stays
        by value    g <- min(max(g, -limit), limit)  component by component: the direction may turn

    method   what is wrapped; it may look at values and Hessians too, and these are left as they are
    limit    the largest norm, or the largest component
    by       "norm" or "value"

    A gradient within the limit passes to the last bit. torch.nn.utils.clip_grad_norm_ divides by |g| + 1e-6 where this
    divides by |g|. ValueError for another `by`, and in `step` where the method does not apply to the objective.
    Source: Pascanu, Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks", algorithm 1.
    """

    method: Optimizer
    limit: float = knob(1.0, 1e-4, 1e4, "log", "limit", "The longest gradient that is let through.")
    by: str = "norm"

    title = "Clipped"
    family = "First order"
    rule = r"g \leftarrow g\, \min(1,\ \ell / \lVert g \rVert)"
    note = "A step off a cliff stays short."

    def __post_init__(self) -> None:
        check_knobs(self)
        if self.by not in WAYS:
            raise ValueError(f"by is {self.by!r}; allowed are {', '.join(WAYS)}")

    def init(self, x: np.ndarray) -> Any:
        return self.method.init(x)

    def step(self, objective: Objective, x: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        if not self.method.applies_to(objective):
            raise ValueError(f"method is {self.method.title}; it needs {self.method.needs}")
        return self.method.step(Bounded(objective, self.limit, self.by), x, state)

    def retries(self, state: Any) -> bool | np.ndarray:
        return self.method.retries(state)

    def with_rate(self, lr: float | np.ndarray) -> Self:
        return replace(self, method=self.method.with_rate(lr))

    def scaled(self, factor: float) -> Self:
        return replace(self, method=self.method.scaled(factor))


@dataclass(frozen=True)
class Bounded(Wrapped):
    """An objective whose gradient is clipped; see Clipped."""

    limit: float
    by: str

    def gradient(self, x: np.ndarray) -> np.ndarray:
        g = self.objective.gradient(x)
        if self.by == "value":
            return np.clip(g, -self.limit, self.limit)
        norm = np.sqrt(np.sum(g**2, axis=-1, keepdims=True))
        return np.where(norm > self.limit, g * (self.limit / np.where(norm > 0, norm, 1)), g)
