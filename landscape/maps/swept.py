"""Swept: a sweep of two knobs, its best pair, and where theory draws the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from landscape.domain import Landscape
from landscape.knob import Knob, knobs
from landscape.maps.sweeps import Sweep, predicted, stability_limit
from landscape.optimizers import Optimizer

# Heights above the minimum below this are rounding.
FLOOR = 1e-16


@dataclass(frozen=True)
class Swept:
    """A sweep, what was swept, and what theory has to go by.

    settings      the other knobs, where they are not at their defaults
    start, steps  of every run; tolerance, the gradient norm at which one has arrived
    eigenvalues   (2,) of the minimum below the start, None where there is no bowl
    """

    surface: Landscape
    optimizer_class: type[Optimizer]
    settings: Mapping[str, Any]
    start: np.ndarray
    steps: int
    tolerance: float
    sweep: Sweep
    eigenvalues: np.ndarray | None

    @property
    def title(self) -> str:
        return self.optimizer_class.title

    @property
    def knobs(self) -> tuple[Knob, Knob]:
        """Of the two axes."""
        fields = knobs(self.optimizer_class)
        first, second = self.sweep.names
        return fields[first], fields[second]

    @property
    def exact(self) -> bool:
        """Whether heights are measured from the minimum's value, not from the lowest value that was found."""
        return bool(self.surface.minima) and self.surface.proven

    @property
    def base(self) -> float:
        """The lowest value known, from which heights are measured."""
        if self.exact:
            return self.surface.minima[0].value
        return float(np.nanmin(self.sweep.value)) if np.isfinite(self.sweep.value).any() else 0.0

    @property
    def height(self) -> np.ndarray:
        """Final values above base, (b, a), NaN for runs that diverged."""
        return np.maximum(self.sweep.value - self.base, FLOOR)

    @property
    def best(self) -> tuple[int, int]:
        """Row and column of the lowest final value; among equals the one that arrived first."""
        level, steps = self._rank
        row, column = np.unravel_index(np.lexsort((steps.ravel(), level.ravel()))[0], steps.shape)
        return int(row), int(column)

    @property
    def alike(self) -> int:
        """How many pairs are as good as the best."""
        level, steps = self._rank
        return int(((level == level[self.best]) & (steps == steps[self.best])).sum())

    @cached_property
    def _rank(self) -> tuple[np.ndarray, np.ndarray]:
        """By what pairs are compared, (b, a) each: the value, and the steps to where it rests."""
        steps = np.where(self.sweep.steps < 0, np.iinfo(int).max, self.sweep.steps)
        # Values that differ by rounding are equal.
        return np.where(np.isnan(self.height), np.inf, np.round(np.log10(np.maximum(self.height, 1e-14)), 1)), steps

    @cached_property
    def factor(self) -> np.ndarray | None:
        """The error's factor a step that theory predicts for each pair, (b, a); None where it predicts none."""
        if self.eigenvalues is None:
            return None
        return predicted(self.optimizer_class, self.sweep, self.settings, self.eigenvalues)

    @cached_property
    def limit(self) -> np.ndarray:
        """Pairs of values for which that factor is 1, (k, 2)."""
        if self.eigenvalues is None:
            return np.empty((0, 2))
        return stability_limit(self.optimizer_class, self.sweep, self.settings, self.eigenvalues)
