"""The bar above a fate map: the share of the starts that each attractor takes, and of those that reach none."""

import numpy as np

from landscape.figures.basins import fate_colors
from landscape.figures.kit.traces import Trace
from landscape.maps.basins import DIVERGED, NONE, Fates

# A part of the bar that is at least this wide has its share written on it.
WRITTEN = 0.11


def shares(fates: Fates, ranked: np.ndarray, colors: np.ndarray) -> list[tuple[str, str, float, float]]:
    """The bar's parts from left to right: what is written, colour, from, to."""
    fractions = fates.fractions
    every = [(str(r + 1), fate_colors.HUES[colors[i]], float(fractions[i])) for r, i in enumerate(ranked)]
    named, rest = every[: fate_colors.NAMED], sum(share for _, _, share in every[fate_colors.NAMED :])
    named += [("others", fate_colors.OTHERS, rest)]
    named += [("nowhere", fate_colors.NOWHERE, float(fates.share(NONE)))]
    named += [("gone", fate_colors.GONE, float(fates.share(DIVERGED)))]
    ends = np.cumsum([0.0] + [share for _, _, share in named])
    return [
        (name, color, float(a), float(b))
        for (name, color, _), a, b in zip(named, ends[:-1], ends[1:], strict=True)
        if b > a
    ]


def bar(fates: Fates, ranked: np.ndarray, colors: np.ndarray, panel: str) -> list[Trace]:
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
        for _, color, a, b in shares(fates, ranked, colors)
    ]


def bar_words(fates: Fates, ranked: np.ndarray, colors: np.ndarray, panel: str) -> list[Trace]:
    return [
        {
            "text": f"{100 * (b - a):.0f} %",
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
        for _, color, a, b in shares(fates, ranked, colors)
        if b - a >= WRITTEN
    ]
