"""Sheet: a figure put together from things that stand still, curves that are drawn up to the play head, and things that
move with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landscape.figures.kit.animated import AnimatedFigure, packed, significant, updates
from landscape.figures.kit.parts import SPEED, Moving, Span, Trace, frames, play_button
from landscape.figures.kit.style import Theme

BOTTOM = 46


@dataclass
class Sheet:
    """Traces on panels; panel "" is the first, then "2", "3" and so on, as Plotly numbers axes."""

    still: list[Trace] = field(default_factory=list)
    moving: list[Moving] = field(default_factory=list)
    trails: list[dict[str, int]] = field(default_factory=list)

    def draw(self, *traces: Trace) -> None:
        self.still += traces

    def trail(self, trace: Trace) -> None:
        """A line of which the player shows the points that have been reached."""
        self.trails.append({"trace": len(self.still), "run": 0})
        self.still.append({**trace, "line": {**trace["line"], "simplify": False}})

    def move(self, trace: Trace, x: Any, y: Any) -> None:
        """A trace with other x and y in every frame, each a row of numbers, drawn to four digits."""
        moves = updates(4, x=x, y=y)
        self.moving.append(({**trace, **moves[-1], "hoverinfo": "skip"}, moves))

    def cursor(self, at: np.ndarray, span: Sequence[float], panel: str, theme: Theme) -> None:
        """An upright line across a panel, over the span of its vertical axis, at one place a frame."""
        stroke = line(None, None, theme.ink, panel, width=1.5, dash="4px,3px", name="play head")
        self.move(stroke, [[x, x] for x in at], [list(span)] * len(at))

    def figure(
        self,
        layout: dict[str, Any],
        times: Any,
        unit: str,
        labels: list[str],
        captions: list[str],
        reached: list[int] | None = None,
        rate: int = SPEED,
    ) -> AnimatedFigure:
        """A frame each: the clock, what it shows, a line of text, and the point reached, by default one further."""
        layout["meta"] = {
            "trails": self.trails,
            "schedule": [list(range(len(times))) if reached is None else reached],
            # In as many digits as a link has.
            "times": significant(times, 8),
            "rate": rate,
            "unit": unit,
            "labels": labels,
            "captions": captions,
            "redraw": False,
        }
        layout["updatemenus"] = [play_button()]
        drawn = self.still + [trace for trace, _ in self.moving]
        return AnimatedFigure(drawn, layout, frames(self.moving, len(self.still)))


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
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
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
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "name": name,
        "showlegend": legend,
        **_hover(hover),
    }


def _points(x: Any, y: Any) -> Trace:
    return {} if x is None else {axis: packed(np.asarray(v, dtype="f4")) for axis, v in (("x", x), ("y", y))}


def _hover(template: str) -> Trace:
    return {"hovertemplate": template + "<extra></extra>"} if template else {"hoverinfo": "skip"}


def xy(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(..., 2) -> x and y."""
    return points[..., 0], points[..., 1]


def strokes(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Several curves as one: (..., m, points, 2) -> x and y of shape (..., m * (points + 1)), NaN between curves."""
    gap = np.full((*curves.shape[:-2], 1, 2), np.nan)
    joined = np.concatenate([curves, gap], axis=-2)
    flat = joined.reshape(*curves.shape[:-3], -1, 2)
    return xy(flat)


def around(low: np.ndarray, high: np.ndarray, share: float = 0.35) -> tuple[tuple[float, float], tuple[float, float]]:
    """A box larger than the one between two corners: with equal scales a map goes on to the edge of its panel."""
    room = share * (high - low)
    (x_low, y_low), (x_high, y_high) = (low - room).tolist(), (high + room).tolist()
    return (x_low, x_high), (y_low, y_high)


def log_range(*series: np.ndarray, room: float = 0.05) -> list[float]:
    """The log10 range of an axis for positive numbers; others are passed over."""
    values = np.concatenate([np.ravel(s) for s in series])
    logs = np.log10(values[np.isfinite(values) & (values > 0)])
    low, high = (float(logs.min()), float(logs.max())) if logs.size else (0.0, 1.0)
    margin = room * max(high - low, 0.1)
    return [low - margin, high + margin]


def linear_range(*series: Any, room: float = 0.06) -> list[float]:
    """The range of a linear axis that shows all finite numbers."""
    values = np.concatenate([np.ravel(s) for s in series])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    margin = room * max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-12)
    return [low - margin, high + margin]


def panel_axes(panel: str, place: Span, theme: Theme, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """The two axes of a panel, each with settings of its own."""
    return {
        f"xaxis{panel}": theme.axis(domain=place[0], anchor=f"y{panel}", **x),
        f"yaxis{panel}": theme.axis(domain=place[1], anchor=f"x{panel}", **y),
    }


def sheet_layout(
    theme: Theme, axes: dict[str, Any], titles: list[dict[str, Any]], height: int, top: int, **settings: Any
) -> dict[str, Any]:
    """What all these figures' layouts have in common. `top` is the room for legend and titles, in pixels."""
    above = 1 + 24 / (height - top - BOTTOM)
    return theme.layout(
        **{
            "annotations": titles,
            "height": height,
            "margin": {"l": 52, "r": 12, "t": top, "b": BOTTOM},
            "legend": {"orientation": "h", "x": 0, "y": above, "yanchor": "bottom", "font": {"size": 14}},
            **axes,
            **settings,
        }
    )


def title(text: str, standoff: int = 4) -> dict[str, Any]:
    """An axis title."""
    return {"text": text, "standoff": standoff, "font": {"size": 14}}
