"""Atlas: the fate maps of several methods, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landscape.domain import Landscape, diagonal
from landscape.maps.basins import Fates
from landscape.maps.rests import SAME, joined
from landscape.optimizers import Optimizer
from landscape.theory.stationary import StationaryPoints


@dataclass(frozen=True)
class Atlas:
    """Fate maps of one landscape, by optimizer key, all with the same attractors; one still made has fewer starts.

    steps   what each start was given
    """

    surface: Landscape
    steps: int
    optimizers: Mapping[str, Optimizer]
    maps: Mapping[str, Fates]

    @property
    def attractors(self) -> StationaryPoints:
        return next(iter(self.maps.values())).attractors

    @cached_property
    def voids(self) -> dict[str, np.ndarray]:
        """As `void` has it, by optimizer key."""
        return {key: void(self.surface, each) for key, each in self.maps.items()}

    @property
    def valueless(self) -> float:
        """The share of starts at which the surface has no value."""
        return float(next(iter(self.voids.values())).mean())

    def share(self, key: str, fate: int) -> float:
        """The share of starts that have a value with one of a method's fates NONE and DIVERGED."""
        return float(((self.maps[key].attractor == fate) & ~self.voids[key]).mean())


def void(surface: Landscape, fates: Fates) -> np.ndarray:
    """At which starts, (r, r), the surface has no value, so that no method can begin."""
    with np.errstate(all="ignore"):
        return ~np.isfinite(surface.value(np.stack(np.meshgrid(fates.x, fates.y), axis=-1)))


def gathered(surface: Landscape, maps: Mapping[str, Fates], known: int) -> dict[str, Fates]:
    """The same maps with the same attractors: the first `known` ones, and those that the runs of any of them found."""
    points = next(iter(maps.values())).attractors
    close = 2 * SAME * diagonal(surface.domain)
    out, places = {}, {}
    for key, each in maps.items():
        found = np.arange(known, len(each.attractors))
        away = np.linalg.norm(points.x - each.attractors.x[found][:, None], axis=-1)
        new = away.min(axis=-1, initial=np.inf) > close
        at = np.where(new, len(points) + np.cumsum(new) - 1, away.argmin(axis=-1) if len(points) else 0)
        points = joined(points, each.attractors.chosen(found[new]))
        places[key] = np.concatenate([np.arange(known), at])
    for key, each in maps.items():
        reached = each.attractor >= 0
        fate = each.attractor.copy()
        fate[reached] = places[key][fate[reached]]
        out[key] = replace(each, attractors=points, attractor=fate)
    return out


def order(maps: Mapping[str, Fates]) -> np.ndarray:
    """The attractors that are reached at all, as indices, the most often reached first."""
    total = sum(each.fractions for each in maps.values())
    shares = np.asarray(total, dtype=float)
    ranked = np.argsort(-shares, kind="stable")
    return ranked[shares[ranked] > 0]
