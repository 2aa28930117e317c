"""The colours of fates: one for each attractor or, of many, for each height.

Striped where it is no minimum, and a little darker where it took longer.
"""

from dataclasses import dataclass

import numpy as np

from landscape.domain import Domain
from landscape.maps.basins import DIVERGED, Fates
from landscape.theory.stationary import KINDS, StationaryPoints

# Okabe and Ito (2008), "Color Universal Design", the most distinct first, and a violet.
HUES = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#F0E442", "#56B4E9", "#D55E00", "#7B5FC7")
# Viridis, van der Walt and Smith (2015): from low to high.
RAMP = ("#440154", "#46327E", "#365C8D", "#277F8E", "#1FA187", "#4AC16D", "#A0DA39", "#FDE725")
NOWHERE, GONE = "#B4BBC2", "#4A4F57"
SHADES = 4
# What the darkest shade leaves of a colour: little enough that it stays the colour.
DARKEST = 0.8
# How far the stripes of what is no minimum go towards white.
PALE = 0.55
# Attractors named in the key; the rest are drawn, and in the table below the stage.
NAMED = 10
# Heights that differ by less than this share of all are one.
SAME = 1e-6


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


@dataclass(frozen=True)
class Scheme:
    """What colours mean on a map.

    index    (k,) the colour of each attractor, into `colors`
    tops     the height up to which each colour reaches; none where a colour is an attractor's own, in its kind
    """

    index: np.ndarray
    colors: tuple[str, ...]
    tops: np.ndarray

    @property
    def graded(self) -> bool:
        return bool(self.tops.size)


def scheme(attractors: StationaryPoints, domain: Domain) -> Scheme:
    """A colour of its own for each attractor of a kind, where these are enough; else one for each height.

    Whether a method reaches them does not matter, so that a basin keeps its colour while knobs turn.
    """
    index = np.zeros(len(attractors), dtype=int)
    for kind in KINDS:
        members = np.flatnonzero(attractors.kind == kind)
        if len(members) > len(HUES):
            return _graded(attractors, domain)
        index[members] = np.arange(len(members))
    return Scheme(index, HUES, np.zeros(0))


def _graded(attractors: StationaryPoints, domain: Domain) -> Scheme:
    """The lowest has a colour of its own; the other minima of the map share the rest evenly, by height."""
    low, high = np.array(domain, dtype=float).T
    on = (attractors.kind == KINDS[0]) & ((attractors.x >= low) & (attractors.x <= high)).all(axis=-1)
    heights = np.sort(attractors.value[on] if on.any() else attractors.value)
    slack = SAME * max(float(np.ptp(heights)), abs(float(heights[0])))
    places = np.linspace(0, len(heights) - 1, len(RAMP)).round().astype(int)
    tops = heights[places]
    tops = tops[np.concatenate([[True], np.diff(tops) > slack])]
    shown = np.linspace(0, len(RAMP) - 1, len(tops)).round().astype(int)
    index = np.minimum(np.searchsorted(tops + slack, attractors.value), len(tops) - 1)
    return Scheme(index, tuple(RAMP[i] for i in shown), tops)


def palette(colors: tuple[str, ...]) -> np.ndarray:
    """The colours a fate map can have, (colours, 3): for every one, its pale stripe, nowhere and gone, its shades."""
    base = [rgb(color) for color in colors]
    base += [color + PALE * (255 - color) for color in base] + [rgb(NOWHERE), rgb(GONE)]
    shade = np.linspace(1, DARKEST, SHADES)
    return np.round(np.stack(base)[:, None] * shade[:, None]).reshape(-1, 3)


def picture(fates: Fates, scheme: Scheme, slowest: int) -> np.ndarray:
    """Indices into `palette`, (r, r), rows by y, for the fates of a map.

    slowest   the number of steps that is drawn darkest
    """
    rows, columns = np.indices(fates.attractor.shape)
    period = max(2, fates.attractor.shape[0] // 32)
    striped = (rows + columns) // period % 2 == 0
    reached = fates.attractor >= 0
    # Two more, for NONE and DIVERGED, which count from the end.
    minimum = np.array([*(kind == "minimum" for kind in fates.attractors.kind), True, True])
    color = np.append(scheme.index, [0, 0])[fates.attractor]
    base = color + len(scheme.colors) * (striped & ~minimum[fates.attractor])
    base = np.where(reached, base, 2 * len(scheme.colors) + (fates.attractor == DIVERGED))
    share = np.sqrt(fates.steps / max(1, slowest))
    shade = np.clip(np.round(share * (SHADES - 1)), 0, SHADES - 1).astype(int)
    # What reached nothing took all the steps there were; it has one shade.
    shade = np.where(reached | (fates.attractor == DIVERGED), shade, 0)
    return base * SHADES + shade
