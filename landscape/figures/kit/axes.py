"""The axes and headings of panels."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from landscape.figures.kit.layouts import Span
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace
from landscape.numbers import short

# The most powers of ten between the first number of a log axis and its last.
MOST_NUMBERS = 5
# Plotly draws powers of ten a quarter larger than it is told; so they are as large as other numbers.
POWER_SIZE = 13 / 1.25
# So few steps have a number each.
FEW_COUNTS = 6
Box = tuple[tuple[float, float], tuple[float, float]]


def panel_axes(panel: str, place: Span, theme: Theme, x: Trace, y: Trace) -> Trace:
    """The two axes of a panel, each with settings of its own."""
    return {
        f"xaxis{panel}": theme.axis(**{"domain": place[0], "anchor": f"y{panel}", **_numbered(x)}),
        f"yaxis{panel}": theme.axis(**{"domain": place[1], "anchor": f"x{panel}", **_numbered(y)}),
    }


def _numbered(axis: Trace) -> Trace:
    """A log axis that does not say where its numbers stand, with `powers`; numbers of every axis are of one size."""
    says = {"dtick", "tickvals"} & axis.keys()
    if axis.get("type") == "log" and "range" in axis and not says:
        axis = {**axis, **powers(axis["range"])}
    return {**axis, "tickfont": {"size": POWER_SIZE}} if axis.get("exponentformat") == "power" else axis


def powers(span: Sequence[float]) -> Trace:
    """Where a log axis has numbers, all of one size: at powers of ten, where its range, log10, has two or more; else at
    1, 2 and 5 times one, or, where that leaves fewer than two, at its ends and its middle."""
    low, high = span
    first, last = np.ceil(low), np.floor(high)
    if last > first:
        return {"tick0": 0, **_every(first, last, MOST_NUMBERS)}
    places = [m * 10.0**k for k in range(int(np.floor(low)), int(np.ceil(high))) for m in (1, 2, 5)]
    inside = [v for v in places if low <= np.log10(v) <= high]
    if len(inside) < 2:
        inside = (10 ** np.linspace(low, high, 3)).tolist()
    return {"tickvals": inside, "ticktext": [short(v) for v in inside]}


def _every(first: float, last: float, gaps: int) -> Trace:
    """Numbers at powers of ten, with at most so many gaps between the first and the last."""
    return {"dtick": max(1, int(np.ceil((last - first) / gaps))), "exponentformat": "power"}


def map_axes(
    domain: Box, names: tuple[str, str], theme: Theme, place: Span, panel: str = "", toward: str = "left"
) -> Trace:
    """The axes of a map, of equal scale where that leaves neither side too thin to see.

    toward   the side at which a map that is narrower than its place stands
    """
    (x_low, x_high), (y_low, y_high) = domain
    x: Trace = {"range": [x_low, x_high], "title": title(names[0])}
    y: Trace = {"range": [y_low, y_high], "title": title(names[1], 2)}
    if 1 / 3 <= (x_high - x_low) / (y_high - y_low) <= 3:
        # Equal scales: only then does the gradient stand at right angles to the contours on screen.
        y |= {"scaleanchor": f"x{panel}", "constrain": "domain", "constraintoward": "top"}
        x |= {"constrain": "domain", "constraintoward": toward}
    return panel_axes(panel, place, theme, x, y)


def log_axis(low: float, high: float, *, most: int = 5) -> Trace:
    """A log axis over these exponents, widened until two powers of ten are on it, and about so many as its numbers.

    At 2 and 5, where a short axis has its numbers otherwise, Plotly writes them too small to read.
    """
    if np.floor(high) - np.ceil(low) < 1:
        low, high = float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))
    numbers = _every(np.ceil(low), np.floor(high), most - 1)
    return {"type": "log", "range": [low, high], **numbers}


def around(low: np.ndarray, high: np.ndarray, share: Sequence[float] = (0.35, 0.35)) -> Box:
    """A box larger than the one between two corners: with equal scales a map goes on to the edge of its panel.

    share   of the width, and of the height, on either side
    """
    room = np.array(share) * (high - low)
    (x_low, y_low), (x_high, y_high) = (low - room).tolist(), (high + room).tolist()
    return (x_low, x_high), (y_low, y_high)


def counts(end: int) -> Trace:
    """An axis from 0 to a number of steps, numbered by whole ones."""
    last = max(end, 1)
    return {"range": [-0.02 * last, 1.02 * last], **({"dtick": 1} if last <= FEW_COUNTS else {"nticks": 6})}


def title(text: str, standoff: int = 4) -> Trace:
    """An axis title, so many pixels from the axis' numbers."""
    return {"text": text, "standoff": standoff, "font": {"size": 14}}


def heading(text: str, place: Span, raised: int = 0) -> Trace:
    """A panel's title, above its left end; so many pixels higher where marks may lie over the panel's edge."""
    return {
        "text": f"<b>{text}</b>",
        "x": place[0][0],
        "y": place[1][1],
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        **({"yshift": raised} if raised else {}),
        "showarrow": False,
        "font": {"size": 15},
    }


def legend(y: float, size: int, **settings: Any) -> Trace:
    """A legend in one row or more, that begins at this height and grows upwards."""
    return {"orientation": "h", "x": 0, "y": y, "yanchor": "bottom", "font": {"size": size}, **settings}


def as_far(legend: Trace, share: float) -> Trace:
    """A legend above or below the panels, as far from them where these had so large a share of the pixels they have."""
    if legend.get("yref") == "container" or 0 <= legend["y"] <= 1:
        return legend
    edge = float(legend["y"] > 1)
    return legend | {"y": edge + share * (legend["y"] - edge)}


def strip(room: int, size: int) -> Trace:
    """A legend in a strip of so many pixels at the top of a stage: what is more slides under it."""
    return legend(1, size, yref="container", maxheight=room) | {"yanchor": "top"}
