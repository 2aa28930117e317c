"""Grids of numbers: pictures of a few pixels, every one of which can be read."""

import numpy as np

from landscape.figures.kit.layouts import Span
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on
from landscape.figures.networks.network_graph import heat_map
from landscape.figures.networks.tints import SIGNED, ramp, signed, signed_level

# Under a number its colour may not be at full strength, and what is not there yet is fainter still.
STRENGTH, YET = 0.6, 0.2
INKS = 33
# A number is at most so large, and so much of a cell's width, in pixels.
LETTERS, SHARE = 15, 0.36


def signed_colors(theme: Theme) -> list[str]:
    """Of numbers from -1 to 1, and then of the same where they are not there yet."""
    return [ramp((theme.paper, color), 101)[round(100 * share)] for share in (STRENGTH, YET) for color in signed(theme)]


def signed_places(values: np.ndarray, there: np.ndarray | bool = True) -> np.ndarray:
    """The places of numbers among `signed_colors`; the largest of all of them has full strength."""
    most = np.abs(values).max(initial=0.0)
    return (signed_level(values / most if most else values) + np.where(there, 0, SIGNED)).astype(np.uint8)


def ink_colors(theme: Theme) -> list[str]:
    """Of ink from 0 to 1."""
    return ramp((theme.paper, theme.contour), INKS)


def ink_places(values: np.ndarray) -> np.ndarray:
    return np.round(np.clip(values, 0, 1) * (INKS - 1)).astype(np.uint8)


def grid(places: np.ndarray, colors: list[str], panel: str) -> Trace:
    """A picture, (rows, columns), row 0 on top."""
    return heat_map(places[::-1], colors, panel, smooth=False)


def lattice(shape: tuple[int, int], panel: str, theme: Theme) -> Trace:
    """The lines between the cells of a picture."""
    rows, columns = shape
    x: list[float | None] = []
    y: list[float | None] = []
    for k in range(rows + 1):
        x, y = [*x, -0.5, columns - 0.5, None], [*y, k - 0.5, k - 0.5, None]
    for k in range(columns + 1):
        x, y = [*x, k - 0.5, k - 0.5, None], [*y, -0.5, rows - 0.5, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x[:-1],
        "y": y[:-1],
        "line": {"color": theme.faint, "width": 0.6},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "lattice",
        **on(panel),
    }


def panel_axes(panel: str, place: Span, shape: tuple[int, int]) -> Trace:
    """Axes without numbers, with square cells."""
    rows, columns = shape
    bare = {"visible": False, "fixedrange": True}
    across = {"range": [-0.55, columns - 0.45], "domain": place[0], "anchor": f"y{panel}", "constrain": "domain"}
    up = {"range": [-0.55, rows - 0.45], "domain": place[1], "anchor": f"x{panel}", "constrain": "domain"}
    return {
        f"xaxis{panel}": bare | across | {"constraintoward": "left"},
        f"yaxis{panel}": bare | up | {"scaleanchor": f"x{panel}", "constraintoward": "top"},
    }


def numbers(texts: np.ndarray, panel: str, color: str | list[str], pixels: float, name: str) -> Trace:
    """A text in every cell that has one, (rows, columns), in one colour or each in its own; `pixels` is how wide a cell
    is."""
    rows, columns = np.nonzero(texts)
    return {
        "type": "scatter",
        "mode": "text",
        "x": columns.tolist(),
        "y": (len(texts) - 1 - rows).tolist(),
        "text": texts[rows, columns].tolist(),
        "textfont": {"size": letters(pixels), "color": color},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": name,
        **on(panel),
    }


def letters(pixels: float) -> int:
    return max(7, min(LETTERS, round(SHARE * pixels)))


def frames_around(rows: np.ndarray, columns: np.ndarray, height: int) -> np.ndarray:
    """The outline of cells that stand together as one frame, otherwise a frame around each; (m, 2), NaN between."""
    together = all(len(each) < 2 or each[1] - each[0] == 1 for each in (rows, columns))
    spans = [[(each[0], each[-1])] if together else [(k, k) for k in each] for each in (rows, columns)]
    out = []
    for top, bottom in spans[0]:
        for left, right in spans[1]:
            low, high = height - 1 - bottom - 0.5, height - 1 - top + 0.5
            out += [(left - 0.5, low), (right + 0.5, low), (right + 0.5, high), (left - 0.5, high)]
            out += [(left - 0.5, low), (np.nan, np.nan)]
    return np.array(out[:-1], dtype=float)


def brief(value: float) -> str:
    """A number for a cell: two digits, no zero before the point, a true minus."""
    if value == 0:
        return "0"
    size = abs(value)
    text = f"{size:.0f}" if size >= 9.95 else f"{size:.1f}" if size >= 0.995 else f"{size:.2f}".removeprefix("0")
    return ("\N{MINUS SIGN}" if value < 0 else "") + text.removesuffix(".0")
