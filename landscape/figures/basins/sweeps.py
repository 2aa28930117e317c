"""A sweep as a heat map: what became of a run for each pair of values of two knobs, and where theory draws the line."""

from typing import Any

import numpy as np

from landscape.figures.kit.animated import packed, single
from landscape.figures.kit.axes import legend, powers, title
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace
from landscape.knob import Knob
from landscape.maps.report import at_base, setting
from landscape.maps.swept import Swept
from landscape.numbers import portion, short

SHOWN = {"value": "Final value", "steps": "Steps to arrive"}


def sweep_stage(swept: Swept, theme: Theme, *, shown: str = "value", height: int = 520, narrow: bool = False) -> Stage:
    """The heat map of a sweep. shown is a key of SHOWN, narrow is for a phone; ValueError for another."""
    if shown not in SHOWN:
        raise ValueError(f"shown is {shown!r}; allowed are {', '.join(SHOWN)}")
    stage = Stage(
        theme,
        height=height,
        revision=f"sweep {swept.title} {swept.sweep.names}",
        alt=alternative(swept),
        margin=(70, 62, 12, 48),
        legend=legend(1.13 if narrow else 1.07, 14),
        clicks=["x"],
    )
    gone = np.isnan(swept.sweep.value)
    stage.draw(_values(swept, theme) if shown == "value" else _arrivals(swept, theme))
    stage.draw(_mask(swept, gone, "diverged", theme.shrinking[-1][1]))
    if shown == "steps":
        stage.draw(_mask(swept, ~gone & (swept.sweep.steps < 0), "did not arrive", theme.grid))
    stage.draw(*_limit(swept, theme), *([] if gone.all() else [_star(swept, theme)]))
    for axis, knob, values, name in zip("xy", swept.knobs, swept.sweep.values, _names(swept), strict=True):
        stage.axes[f"{axis}axis"] = _axis(knob, values, name, theme)
    stage.head(f"{swept.title}:{'<br>' if narrow else ' '}{_what(swept, shown)}", ([0, 1], [0, 1]))
    return stage


def _what(swept: Swept, shown: str) -> str:
    if shown == "steps":
        return f"steps until the slope is at most {short(swept.tolerance)}"
    return "final height above the minimum" if swept.exact else "final height above the lowest found"


def _names(swept: Swept) -> list[str]:
    """What the axes are called."""
    return [knob.spoken or name for knob, name in zip(swept.knobs, swept.sweep.names, strict=True)]


def _plane(swept: Swept) -> dict[str, Any]:
    x, y = (np.asarray(each, dtype=float) for each in swept.sweep.values)
    return {"type": "heatmap", "x": packed(x), "y": packed(y)}


def _hover(swept: Swept, text: str) -> str:
    names = _names(swept)
    return f"{names[0]} %{{x:.3g}}, {names[1]} %{{y:.3g}}<br>{text}<extra></extra>"


def _scale(theme: Theme) -> list[list[Any]]:
    """The shrinking colours without the one for what grows."""
    colors = [color for _, color in theme.shrinking[:3]]
    return [[0, colors[0]], [0.5, colors[1]], [1, colors[2]]]


def _values(swept: Swept, theme: Theme) -> Trace:
    z = np.log10(swept.height)
    finite = z[np.isfinite(z)]
    low, high = (float(finite.min()), float(np.quantile(finite, 0.98))) if finite.size else (0.0, 1.0)
    ticks = _ticks(low, high)
    return {
        **_plane(swept),
        "z": packed(z.astype("f4")),
        "customdata": packed(single(swept.sweep.value)),
        "zmin": low,
        "zmax": max(high, low + 1e-6),
        "colorscale": _scale(theme),
        "colorbar": _bar(ticks, [short(10.0**t) for t in ticks]),
        "hovertemplate": _hover(swept, "f = %{customdata:.4g}"),
        "hoverongaps": False,
        "name": "final value",
    }


def _arrivals(swept: Swept, theme: Theme) -> Trace:
    steps = swept.sweep.steps
    z = np.where(steps >= 0, np.log10(np.maximum(steps, 1)), np.nan)
    finite = z[np.isfinite(z)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    ticks = np.linspace(low, max(high, low + 1e-6), 5)
    return {
        **_plane(swept),
        "z": packed(z.astype("f4")),
        "customdata": packed(steps.astype("i4")),
        "zmin": low,
        "zmax": max(high, low + 1e-6),
        "colorscale": _scale(theme),
        "colorbar": _bar(ticks, [f"{10**t:.0f}" for t in ticks]),
        "hovertemplate": _hover(swept, "%{customdata} steps"),
        "hoverongaps": False,
        "name": "steps",
    }


def _ticks(low: float, high: float) -> np.ndarray:
    """Powers of ten between two, log10, where there are two or more; else evenly placed ones."""
    first, last = np.ceil(low), np.floor(high)
    if last > first:
        return np.unique(np.round(np.linspace(first, last, 6)))
    return np.linspace(low, max(high, low + 1e-6), 6)


def _bar(ticks: np.ndarray, words: list[str]) -> Trace:
    return {
        "thickness": 12,
        "ypad": 0,
        "outlinewidth": 0,
        "tickvals": ticks.tolist(),
        "ticktext": words,
        "tickfont": {"size": 13},
    }


def _mask(swept: Swept, where: np.ndarray, name: str, color: str) -> Trace:
    """A layer of one colour over some cells, with an entry in the legend."""
    return {
        **_plane(swept),
        "z": packed(np.where(where, 1.0, np.nan).astype("f4")),
        "colorscale": [[0, color], [1, color]],
        "showscale": False,
        "hovertemplate": _hover(swept, name),
        "hoverongaps": False,
        "name": name,
        "showlegend": bool(where.any()),
    }


def _limit(swept: Swept, theme: Theme) -> list[Trace]:
    """The line on which theory predicts that the error neither shrinks nor grows."""
    if not len(swept.limit):
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": swept.limit[:, 0].tolist(),
            "y": swept.limit[:, 1].tolist(),
            "line": {"color": theme.ink, "width": 3.5},
            "hoverinfo": "skip",
            "name": "theory's limit near the minimum",
            "showlegend": True,
        }
    ]


def _star(swept: Swept, theme: Theme) -> Trace:
    row, column = swept.best
    x, y = swept.sweep.values
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(x[column])],
        "y": [float(y[row])],
        "marker": {"symbol": "star", "size": 17, "color": theme.ink, "line": {"width": 1.5, "color": theme.paper}},
        "hovertemplate": _hover(swept, "best"),
        "name": "best",
        "showlegend": True,
    }


def _axis(knob: Knob, values: np.ndarray, name: str, theme: Theme) -> Trace:
    low, high = float(values[0]), float(values[-1])
    axis = theme.axis(title=title(name, 6), showgrid=False)
    if knob.scale == "log":
        span = [np.log10(low), np.log10(high)]
        return axis | {"type": "log", "range": span, **powers(span)}
    half = (high - low) / max(1, len(values) - 1) / 2
    ticks = {"tickvals": [0, 1], "ticktext": ["off", "on"]} if knob.scale == "switch" else {}
    return axis | {"range": [low - half, high + half], **ticks}


def alternative(swept: Swept) -> str:
    """The sweep in words."""
    gone, (one, two) = np.isnan(swept.sweep.value), _names(swept)
    words = f"Heat map of {swept.title} over {one} and {two}."
    best = "" if gone.all() else f"{_best(swept)} "
    return f"{words} {best}Of all pairs {portion(float(gone.mean()))} diverged."


def _best(swept: Swept) -> str:
    """Where a run ends lowest, and how high."""
    row, column = swept.best
    x, y = swept.sweep.values
    one, two = (setting(knob, at) for knob, at in zip(swept.knobs, (x[column], y[row]), strict=True))
    height = float(swept.height[row, column])
    how = "at the minimum" if at_base(swept, height) else f"{height:.3g} above the minimum"
    return f"Best at {one} and {two}{f', {how}' if swept.exact else ''}."
