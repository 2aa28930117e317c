"""Atlas: the fate maps of several methods, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landscape.domain import Landscape
from landscape.maps.basins import Fates
from landscape.optimizers import Optimizer
from landscape.theory.stationary import StationaryPoints


@dataclass(frozen=True)
class Atlas:
    """Fate maps of one landscape, by optimizer key, all of the same starts and the same attractors.

    steps   what each start was given
    """

    surface: Landscape
    steps: int
    optimizers: Mapping[str, Optimizer]
    maps: Mapping[str, Fates]

    @property
    def attractors(self) -> StationaryPoints:
        return next(iter(self.maps.values())).attractors


def order(maps: Mapping[str, Fates]) -> np.ndarray:
    """The attractors that are reached at all, as indices, the most often reached first."""
    total = sum(each.fractions for each in maps.values())
    shares = np.asarray(total, dtype=float)
    ranked = np.argsort(-shares, kind="stable")
    return ranked[shares[ranked] > 0]
