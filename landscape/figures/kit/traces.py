"""Traces that several figures share: lines and marks that stand still, and those that every frame moves.

Panel "" is the first, then "2", "3" and so on, as Plotly numbers axes.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from landscape.figures.kit.animated import Moves, packed, significant
from landscape.figures.kit.style import Theme, look
from landscape.numbers import readable

Trace = dict[str, Any]
# A trace, as at the end, and what every frame changes in it.
Moving = tuple[Trace, Sequence[Trace]]
# Where a trace or an annotation has words.
WORDS = ("name", "text", "hovertemplate")


def on(panel: str) -> Trace:
    """The axes of a trace on a panel."""
    return {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}


def line(
    x: Any,
    y: Any,
    color: str,
    panel: str = "",
    *,
    width: float = 2.5,
    dash: str = "solid",
    name: str = "",
    hover: str = "",
    legend: bool = False,
    group: str = "",
) -> Trace:
    """A line; x and y are arrays, or None for one that moves. `hover` is Plotly's template; without it none shows."""
    return {
        "type": "scatter",
        "mode": "lines",
        **_points(x, y),
        "line": {"color": color, "width": width, "dash": dash},
        **on(panel),
        "name": name,
        "legendgroup": group or name,
        "showlegend": legend,
        **_hover(hover),
    }


def marks(
    x: Any,
    y: Any,
    color: str | list[str],
    panel: str = "",
    *,
    symbol: str | list[str] = "circle",
    size: int = 11,
    edge: str = "white",
    name: str = "",
    hover: str = "",
    legend: bool = False,
) -> Trace:
    """Markers; otherwise as `line`."""
    return {
        "type": "scatter",
        "mode": "markers",
        **_points(x, y),
        "marker": {"symbol": symbol, "size": size, "color": color, "line": {"width": 1.5, "color": edge}},
        **on(panel),
        "name": name,
        "showlegend": legend,
        **_hover(hover),
    }


def _points(x: Any, y: Any) -> Trace:
    return {} if x is None else {axis: packed(np.asarray(v, dtype="f4")) for axis, v in (("x", x), ("y", y))}


def _hover(template: str) -> Trace:
    return {"hovertemplate": template + "<extra></extra>"} if template else {"hoverinfo": "skip"}


def curve(x: np.ndarray, y: np.ndarray, name: str, panel: str, line: Trace, **settings: Any) -> Trace:
    """A line in a panel in double precision, every vertex kept."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.asarray(x, dtype="f8")),
        "y": packed(np.asarray(y, dtype="f8")),
        "line": {**line, "simplify": False},
        **on(panel),
        "hovertemplate": f"{name}<br>%{{x:.4g}}: %{{y:.4g}}<extra></extra>",
        "showlegend": False,
        "name": name,
        **settings,
    }


def point_marks(points: np.ndarray, name: str, symbol: str, size: int, theme: Theme) -> Trace:
    """Points of one kind on a map, (k, 2)."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        "marker": {"symbol": symbol, "size": size, "color": theme.ink, "line": {"width": 1.5, "color": theme.paper}},
        "hovertemplate": f"{name}<br>x = %{{x:.6g}}, y = %{{y:.6g}}<extra></extra>",
        "showlegend": False,
        "name": name,
    }


def moved(trace: Trace, x: Any, y: Any, digits: int = 4) -> Moving:
    """A trace with other x and y in every frame, each (frames,) or (frames, points), drawn to so many digits."""
    moves = Moves(digits, x=_rows(x), y=_rows(y))
    return {**trace, **moves.last, "hoverinfo": "skip"}, moves


def _rows(values: Any) -> np.ndarray:
    return np.asarray(values).reshape(len(values), -1)


def moving_marks(name: str, x: Any, y: Any, marker: Trace, *, digits: int = 6, **settings: Any) -> Moving:
    """Marks that every frame moves: x and y of shape (frames,) or (frames, marks), all finite."""
    return moved({"type": "scatter", "mode": "markers", "name": name, "marker": marker, **settings}, x, y, digits)


def moving_line(name: str, strokes: list[np.ndarray], at: np.ndarray, **settings: Any) -> Moving:
    """A line that every frame draws anew: strokes (m, 2) a frame, NaN between them; nothing is a dot of no size.

    at   (frames, 2), where such a dot stands
    """
    drawn = [points if len(points) else np.stack([here, here]) for points, here in zip(strokes, at, strict=True)]
    x, y = (significant(each, 4) for each in np.concatenate(drawn).T)
    ends = np.cumsum([0, *map(len, drawn)])
    moves = [{"x": x[begin:end], "y": y[begin:end]} for begin, end in pairwise(ends)]
    still = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "name": name, **settings}
    return {**still, **moves[-1]}, moves


def head_marker(keys: str | Sequence[str], size: int, theme: Theme, edge: float = 2) -> Trace:
    """The mark of an optimizer at the play head, or of several."""
    style: Trace = {"size": size, "line": {"width": edge, "color": "white"}}
    if isinstance(keys, str):
        return {**style, "color": look(keys, theme).color, "symbol": look(keys, theme).marker}
    looks = [look(key, theme) for key in keys]
    return {**style, "color": [each.color for each in looks], "symbol": [each.marker for each in looks]}


def heads(
    keys: str | Sequence[str],
    x: Any,
    y: Any,
    size: int,
    theme: Theme,
    *,
    name: str = "heads",
    edge: float = 2,
    digits: int = 6,
    **settings: Any,
) -> Moving:
    """Where one optimizer or several are at each frame; x and y as for `moving_marks`."""
    return moving_marks(name, x, y, head_marker(keys, size, theme, edge), digits=digits, showlegend=False, **settings)


def cursor(at: Any, span: Sequence[float], panel: str, theme: Theme) -> Moving:
    """An upright line across a panel, over the span of its vertical axis, at one place a frame."""
    stroke = line(None, None, theme.ink, panel, width=1.5, dash="4px,3px", name="play head")
    return moved(stroke, [[x, x] for x in at], [list(span)] * len(at))


def xy(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(..., 2) -> x and y."""
    return points[..., 0], points[..., 1]


def strokes(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Several curves as one: (..., m, points, 2) -> x and y of shape (..., m * (points + 1)), NaN between curves."""
    gap = np.full((*curves.shape[:-2], 1, 2), np.nan)
    joined = np.concatenate([curves, gap], axis=-2)
    flat = joined.reshape(*curves.shape[:-3], -1, 2)
    return xy(flat)


def readably(part: Trace) -> Trace:
    """A trace or an annotation, its words as people read them."""
    said = {key: part[key] for key in WORDS if isinstance(part.get(key), str)}
    return {**part, **{key: readable(text) for key, text in said.items()}}
