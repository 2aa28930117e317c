"""What stages share: where panels stand, their headings, map axes, moving lines, and the hidden play button."""

from itertools import pairwise
from typing import Any

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit.animated import AnimatedFigure, packed, significant, updates
from landscape.figures.kit.style import Theme, look

Span = tuple[list[float], list[float]]
Trace = dict[str, Any]
Moving = tuple[Trace, list[Trace]]

MAX_FRAMES = 240
SPEED = 36  # frames a second at 1x, the most that is drawn
SLOWEST = 2.5  # so that a run of a few steps can be followed

# Panels of a stage that shows one large picture on the left and two curves on the right; stacked on a phone.
WIDE: dict[str, Span] = {
    "main": ([0.0, 0.52], [0.0, 1.0]),
    "upper": ([0.64, 1.0], [0.58, 1.0]),
    "lower": ([0.64, 1.0], [0.0, 0.4]),
}
NARROW: dict[str, Span] = {
    "main": ([0.0, 0.98], [0.52, 1.0]),
    "upper": ([0.0, 1.0], [0.28, 0.44]),
    "lower": ([0.0, 1.0], [0.0, 0.17]),
}


def heading(text: str, place: Span) -> Trace:
    """A panel's title, above its left end."""
    return {
        "text": f"<b>{text}</b>",
        "x": place[0][0],
        "y": place[1][1],
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 15},
    }


def map_axes(
    domain: tuple[tuple[float, float], tuple[float, float]],
    names: tuple[str, str],
    theme: Theme,
    place: Span,
    panel: str = "",
    toward: str = "left",
) -> Trace:
    """The axes of a map, of equal scale where that leaves neither side too thin to see.

    toward   the side at which a map that is narrower than its place stands
    """
    (x_low, x_high), (y_low, y_high) = domain
    x = theme.axis(domain=place[0], anchor=f"y{panel}", range=[x_low, x_high], title={"text": names[0], "standoff": 4})
    y = theme.axis(domain=place[1], anchor=f"x{panel}", range=[y_low, y_high], title={"text": names[1], "standoff": 2})
    if 1 / 3 <= (x_high - x_low) / (y_high - y_low) <= 3:
        # Equal scales: only then does the gradient stand at right angles to the contours on screen.
        y |= {"scaleanchor": f"x{panel}", "constrain": "domain", "constraintoward": "top"}
        x |= {"constrain": "domain", "constraintoward": toward}
    return {f"xaxis{panel}": x, f"yaxis{panel}": y}


def play_button() -> Trace:
    """One button stands for the whole animation interface, so that the figure plays wherever Plotly does."""
    timing = {"frame": {"duration": 1000 / SPEED, "redraw": True}, "transition": {"duration": 0}}
    play = {"label": "▶", "method": "animate", "args": [None, {**timing, "mode": "immediate"}]}
    return {"type": "buttons", "buttons": [play], "x": 0, "y": 0, "xanchor": "right", "yanchor": "top", "pad": {"r": 4}}


def frame_steps(steps: int) -> np.ndarray:
    """The step shown at each frame: every one of few, evenly chosen ones of many."""
    return watched(steps, MAX_FRAMES + 1)


def frame_rate(frames: int) -> float:
    """Frames a second at 1x: a short run is slow enough to follow, a long one over in about seven seconds."""
    return float(np.clip(frames / 7, SLOWEST, SPEED))


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


def moving_marks(name: str, x: np.ndarray, y: np.ndarray, marker: Trace, **settings: Any) -> Moving:
    """Marks that every frame moves: x and y of shape (frames,) or (frames, marks), all finite."""
    x, y = (np.asarray(each, dtype=float).reshape(len(each), -1) for each in (x, y))
    moves = updates(6, x=x, y=y)
    still = {"type": "scatter", "mode": "markers", "hoverinfo": "skip", "name": name, "marker": marker, **settings}
    return {**still, **moves[-1]}, moves


def frames(moving: list[Moving], first: int) -> list[Trace]:
    """The frames of moving parts whose traces stand at first, first + 1 ..."""
    replaced = [first + i for i in range(len(moving))]
    return [
        {"name": str(k), "data": [moves[k] for _, moves in moving], "traces": replaced}
        for k in range(len(moving[0][1]))
    ]


def run_stage(
    still: list[Trace],
    moving: list[Moving],
    theme: Theme,
    *,
    axes: Trace,
    titles: list[Trace],
    margin: tuple[int, int, int],
    height: int,
    narrow: bool,
    revision: str,
    steps: np.ndarray,
    schedule: list[list[int]],
    trails: list[dict[str, int]],
    **told: Any,
) -> AnimatedFigure:
    """The animated figure of runs, of which a frame shows one of `steps`.

    margin     left, top and bottom, in pixels
    revision   names what is seen: a viewer's zoom outlives all changes but one of this
    told       what else the player is told, as captions and clicks
    """
    left, top, bottom = margin
    layout = theme.layout(
        **axes,
        annotations=titles,
        height=height,
        margin={"l": left, "r": 12, "t": top, "b": bottom},
        legend={"orientation": "h", "x": 0, "y": 1.04 if narrow else 1.07, "yanchor": "bottom", "font": {"size": 13}},
        uirevision=f"{revision} {narrow}",
        updatemenus=[play_button()],
        meta={
            "trails": trails,
            "schedule": schedule,
            "times": steps.tolist(),
            "unit": "steps",
            "rate": frame_rate(len(steps)),
            "redraw": False,
            **told,
        },
    )
    return AnimatedFigure(still + [trace for trace, _ in moving], layout, frames(moving, len(still)))


def log_range(series: list[np.ndarray], floor: float, rise: float = 1e3) -> list[float]:
    """The log10 range of an axis: at most `rise` times the first value, which a run to infinity must not flatten."""
    positive = [y[np.isfinite(y) & (y > 0)] for y in series]
    first = max((float(y[0]) for y in positive if len(y)), default=1.0)
    every = np.concatenate([*positive, np.array([first])])
    low = max(float(every.min()), floor)
    high = min(float(every.max()), rise * first)
    bottom, top = float(np.log10(low)), float(np.log10(max(high, low)))
    pad = max(0.4, 0.06 * (top - bottom))
    return [bottom - pad, top + pad]


def curve(x: np.ndarray, y: np.ndarray, name: str, panel: str, line: Trace, **settings: Any) -> Trace:
    """A line in a panel, every vertex kept: a simplified one could not be trimmed to a step."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.asarray(x, dtype="f8")),
        "y": packed(np.asarray(y, dtype="f8")),
        "line": {**line, "simplify": False},
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "hovertemplate": f"{name}<br>%{{x:.4g}}: %{{y:.4g}}<extra></extra>",
        "showlegend": False,
        "name": name,
        **settings,
    }


def head_marker(key: str, size: int) -> Trace:
    """The mark of an optimizer at the play head."""
    style = look(key)
    return {"size": size, "color": style.color, "symbol": style.marker, "line": {"width": 2, "color": "white"}}
