"""The bar above a fate map: the share of the starts that each colour takes, and of those that reach nothing."""

import numpy as np

from landscape.figures.basins import fate_colors
from landscape.figures.basins.fate_colors import Scheme
from landscape.figures.kit.traces import Trace
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.numbers import percent

# A part of the bar that is at least so many pixels wide has its share written on it.
WRITTEN = 34


def shares(fates: Fates, ranked: np.ndarray, scheme: Scheme) -> list[tuple[str, float, float]]:
    """The bar's parts from left to right: colour, from, to. What the map has in one colour is one part."""
    fractions = fates.fractions
    if scheme.graded:
        parts = [(color, float(fractions[scheme.index == i].sum())) for i, color in enumerate(scheme.colors)]
    else:
        parts = [(scheme.colors[scheme.index[i]], float(fractions[i])) for i in ranked]
    parts.append((fate_colors.NOWHERE, float(fates.share(NONE))))
    parts.append((fate_colors.GONE, float(fates.share(DIVERGED))))
    ends = np.cumsum([0.0] + [share for _, share in parts])
    return [(color, float(a), float(b)) for (color, _), a, b in zip(parts, ends[:-1], ends[1:], strict=True) if b > a]


def bar(fates: Fates, ranked: np.ndarray, scheme: Scheme, panel: str) -> list[Trace]:
    return [
        {
            "type": "rect",
            "xref": f"x{panel} domain",
            "yref": f"y{panel} domain",
            "x0": a,
            "x1": b,
            "ysizemode": "pixel",
            "yanchor": 1,
            "y0": 3,
            "y1": 18,
            "fillcolor": color,
            "line": {"width": 0},
        }
        for color, a, b in shares(fates, ranked, scheme)
    ]


def bar_words(fates: Fates, ranked: np.ndarray, scheme: Scheme, panel: str, width: float) -> list[Trace]:
    """The shares on a bar that is so many pixels wide."""
    return [
        {
            "text": percent(b - a, 2),
            "x": (a + b) / 2,
            "y": 1,
            "yshift": 3,
            "xref": f"x{panel} domain",
            "yref": f"y{panel} domain",
            "yanchor": "bottom",
            "xanchor": "center",
            "showarrow": False,
            "font": {"size": 11, "color": "#10151c" if fate_colors.rgb(color).mean() > 105 else "#ffffff"},
        }
        for color, a, b in shares(fates, ranked, scheme)
        if (b - a) * width >= WRITTEN
    ]
