"""The colours of fates: a hue for each attractor, darker where it took longer, striped where it is no minimum."""

import numpy as np

from landscape.maps.basins import DIVERGED, Fates
from landscape.theory.stationary import KINDS, StationaryPoints

# Okabe and Ito (2008), "Color Universal Design", the most distinct first, and a violet.
HUES = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#F0E442", "#56B4E9", "#D55E00", "#7B5FC7")
NOWHERE, GONE = "#B4BBC2", "#4A4F57"
# In the bar: all that are reached but not named, which on the map have hues of their own.
OTHERS = "#D8C49A"
SHADES = 10
# What the darkest shade leaves of a colour.
DARKEST = 0.55
# How far the stripes of what is no minimum go towards white.
PALE = 0.55
NEIGHBOURS = 6
# Attractors named in the key; the rest are drawn, and in the table below the stage.
NAMED = 10


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def hues(attractors: StationaryPoints) -> np.ndarray:
    """An index into HUES for each attractor, (k,): of one kind, near ones differ however many there are.

    Whether a method reaches them does not matter, so that a basin keeps its colour while knobs turn.
    """
    chosen = np.zeros(len(attractors), dtype=int)
    for kind in KINDS:
        members = np.flatnonzero(attractors.kind == kind)
        x, y = attractors.x[members].T
        apart = np.hypot(x[:, None] - x, y[:, None] - y)
        apart[np.triu_indices(len(members))] = np.inf
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEIGHBOURS].tolist()
        given: list[int] = []
        used = [0] * len(HUES)
        for i, neighbours in enumerate(nearest):
            taken = {given[j] for j in neighbours if j < i}
            hue = min(range(len(HUES)), key=lambda h: (h in taken, used[h]))
            given.append(hue)
            used[hue] += 1
        chosen[members] = given
    return chosen


def palette() -> np.ndarray:
    """The colours a fate map can have, (colours, 3): for every hue, its pale stripe, nowhere and gone, its shades."""
    base = [rgb(color) for color in HUES]
    base += [color + PALE * (255 - color) for color in base] + [rgb(NOWHERE), rgb(GONE)]
    shade = np.linspace(1, DARKEST, SHADES)
    return np.round(np.stack(base)[:, None] * shade[:, None]).reshape(-1, 3)


def picture(fates: Fates, colors: np.ndarray, slowest: int) -> np.ndarray:
    """Indices into `palette`, (r, r), rows by y, for the fates of a map.

    colors    the hue of each attractor, from `hues`
    slowest   the number of steps that is drawn darkest
    """
    rows, columns = np.indices(fates.attractor.shape)
    period = max(2, fates.attractor.shape[0] // 32)
    striped = (rows + columns) // period % 2 == 0
    reached = fates.attractor >= 0
    # Two more, for NONE and DIVERGED, which count from the end.
    minimum = np.array([*(kind == "minimum" for kind in fates.attractors.kind), True, True])
    hue = np.append(colors, [0, 0])[fates.attractor]
    base = hue + len(HUES) * (striped & ~minimum[fates.attractor])
    base = np.where(reached, base, 2 * len(HUES) + (fates.attractor == DIVERGED))
    share = np.sqrt(fates.steps / max(1, slowest))
    shade = np.clip(np.round(share * (SHADES - 1)), 0, SHADES - 1).astype(int)
    # What reached nothing took all the steps there were; it has one shade.
    shade = np.where(reached | (fates.attractor == DIVERGED), shade, 0)
    return base * SHADES + shade
