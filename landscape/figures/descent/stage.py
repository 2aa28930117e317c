"""The stage: optimizers racing over a landscape, beside their value and gradient norm, animated as one figure.

The paths are drawn once and whole; a frame moves only the heads and their arrows, one trace a panel, so that 240 frames
of six methods stay small and play smoothly. `layout.meta` tells a player how far along each path a frame is, so that
it can trim the paths to the play head.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.descent.race import CLOCKS, Race, rounding
from landscape.descent.report import STATUS
from landscape.figures.descent import panels
from landscape.figures.kit import terrain
from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.parts import frame_steps, frames, heading, map_axes, play_button
from landscape.figures.kit.style import Theme
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

VIEWS = {"map": "Map", "surface": "3-D", "both": "Both"}
# Values below this are rounding; a log axis ends here.
FLOOR = 1e-16


@dataclass(frozen=True)
class Arrangement:
    """Where the panels stand, as fractions of the figure: (low, high) in x and in y."""

    map: tuple[list[float], list[float]]
    scene: tuple[list[float], list[float]]
    value: tuple[list[float], list[float]]
    slope: tuple[list[float], list[float]]


WIDE = Arrangement(
    map=([0.0, 0.51], [0.0, 1.0]),
    scene=([0.0, 0.56], [0.0, 1.0]),
    value=([0.66, 1.0], [0.58, 1.0]),
    slope=([0.66, 1.0], [0.0, 0.42]),
)
WIDE_BOTH = Arrangement(
    map=([0.0, 0.32], [0.0, 1.0]),
    scene=([0.4, 0.72], [0.0, 1.0]),
    value=([0.8, 1.0], [0.58, 1.0]),
    slope=([0.8, 1.0], [0.0, 0.42]),
)
NARROW = Arrangement(
    map=([0.0, 0.86], [0.64, 1.0]),
    scene=([0.0, 1.0], [0.62, 1.0]),
    value=([0.0, 1.0], [0.34, 0.53]),
    slope=([0.0, 1.0], [0.0, 0.24]),
)
NARROW_BOTH = Arrangement(
    map=([0.0, 0.86], [0.68, 1.0]),
    scene=([0.0, 1.0], [0.36, 0.62]),
    value=([0.0, 1.0], [0.2, 0.32]),
    slope=([0.0, 1.0], [0.0, 0.12]),
)


def schedule(race: Race, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """What the clock shows at each frame, shape (frames,), and the step each run has reached, (runs, frames).

    Counting cost, all runs have spent the same at the same frame, so a dear method moves in fewer, later steps.
    """
    clocks = [race.clock(key, unit) for key in race.runs]
    end = max((int(clock[-1]) for clock in clocks), default=0)
    times = frame_steps(end)
    return times, np.array([np.searchsorted(clock, times, side="right") - 1 for clock in clocks])


def stage(
    race: Race,
    theme: Theme,
    *,
    points: StationaryPoints | None = None,
    view: str = "map",
    unit: str = "steps",
    field: bool = False,
    arrows: bool = False,
    narrow: bool = False,
    height: int = 470,
) -> AnimatedFigure:
    """The animated figure of a race of one method or more.

    points   stationary points to mark on the map
    view     a key of VIEWS
    unit     what the curves' horizontal axis and the animation's clock count, a key of CLOCKS
    field    draw the negative gradient on a lattice
    arrows   draw the negative gradient and the step taken at each head
    narrow   stack the panels, for a phone
    height   in pixels

    ValueError for an unknown view or unit, or a race without runs.
    """
    if view not in VIEWS:
        raise ValueError(f"view is {view!r}; allowed are {', '.join(VIEWS)}")
    if unit not in CLOCKS:
        raise ValueError(f"unit is {unit!r}; allowed are {', '.join(CLOCKS)}")
    if not race.runs:
        raise ValueError("race has no runs; at least one method is needed")
    ground = terrain.survey(race.surface, race.surface.domain)
    times, frames_at = schedule(race, unit)
    still: list[panels.Trace] = []
    moving: list[panels.Moving] = []
    trails: list[dict[str, int]] = []

    def draw_trails(traces: list[panels.Trace]) -> None:
        for m, trace in enumerate(traces):
            trails.append({"trace": len(still), "run": m})
            still.append(trace)

    place = _arrangement(view, narrow)
    if view != "surface":
        (_, right), (bottom, top) = place.map
        bar = {"x": right + 0.005, "xanchor": "left", "y": (bottom + top) / 2, "len": top - bottom}
        still += panels.map_ground(race, ground, points, theme, field, bar)
        draw_trails([panels.map_path(race, key, narrow) for key in race.runs])
        moving += panels.head_arrows(race, frames_at, theme) if arrows else []
        moving.append(panels.map_heads(race, frames_at))
    if view != "map":
        still += panels.scene_ground(race, ground, theme, legend=view == "surface", narrow=narrow)
        moving.append(panels.scene_heads(race, ground, frames_at))
    for panel, series in (("2", gaps(race)), ("3", gradient_norms(race))):
        draw_trails([panels.curve(race, key, unit, series[key], panel) for key in race.runs])
        moving.append(panels.curve_heads(race, frames_at, unit, series, panel))

    layout = _layout(race, theme, view, unit, narrow, height)
    layout["meta"] = {
        "trails": trails,
        "schedule": frames_at.tolist(),
        "times": times.tolist(),
        "unit": CLOCKS[unit],
        "redraw": view != "map",
    }
    return AnimatedFigure(still + [trace for trace, _ in moving], layout, frames(moving, len(still)))


def _arrangement(view: str, narrow: bool) -> Arrangement:
    if view == "both":
        return NARROW_BOTH if narrow else WIDE_BOTH
    return NARROW if narrow else WIDE


def gaps(race: Race) -> dict[str, np.ndarray]:
    """What the value panel shows of each run: f - f* where the minimum is known, else f.

    Off the map a run may come to lower ground than any on it, for which a log axis has no place: NaN.
    """
    low = race.lowest_known
    if low is None:
        return {key: t.value for key, t in race.runs.items()}
    return {
        key: np.where(t.value < low - rounding(low), np.nan, np.maximum(t.value - low, FLOOR))
        for key, t in race.runs.items()
    }


def gradient_norms(race: Race) -> dict[str, np.ndarray]:
    return {key: np.maximum(t.gradient_norm, FLOOR) for key, t in race.runs.items()}


def _layout(race: Race, theme: Theme, view: str, unit: str, narrow: bool, height: int) -> dict[str, Any]:
    place = _arrangement(view, narrow)
    known = race.lowest_known is not None
    titles = [
        heading(_height_title(known, view), place.value),
        heading("Slope, |∇f|", place.slope),
    ]
    settings: dict[str, Any] = {
        **_curve_axes(race, theme, unit, place),
        "annotations": titles,
        "height": height,
        "margin": {"l": 44, "r": 12, "t": 20 + 22 * -(-len(race.runs) // 2) if narrow else 56, "b": 40},
        "legend": _legend(race, narrow),
        # A viewer's zoom and camera outlive a slider step, but not a change of landscape.
        "uirevision": f"{race.surface.key} {view} {narrow}",
        "updatemenus": [play_button()],
    }
    if view != "surface":
        settings |= map_axes(race.surface.domain, race.surface.axes, theme, place.map, toward="right")
    if view != "map":
        settings["scene"] = _scene(race, theme, place)
    return theme.layout(**settings)


def _height_title(known: bool, view: str) -> str:
    if not known:
        return "Height, f"
    return "Height, f − f*" if view == "both" else "Height above the minimum, f − f*"


def _legend(race: Race, narrow: bool) -> dict[str, Any]:
    place = {"orientation": "h", "x": 0, "y": 1.01 if narrow else 1.07, "yanchor": "bottom"}
    if narrow:
        return {**place, "font": {"size": 12}, "entrywidth": 0.46, "entrywidthmode": "fraction"}
    # Entries of one width, which a rate's digits do not change: the map must not move when a slider does.
    width = 6.2 * (max(len(OPTIMIZERS[key].title) for key in race.runs) + len(", η 0.0016"))
    return {**place, "font": {"size": 14}, "entrywidth": width, "entrywidthmode": "pixels"}


def _curve_axes(race: Race, theme: Theme, unit: str, place: Arrangement) -> dict[str, Any]:
    end = max(int(race.clock(key, unit)[-1]) for key in race.runs)
    across = {"range": [-0.02 * max(end, 1), 1.02 * max(end, 1)], "nticks": 5}
    # Plotly draws powers a quarter larger than it is told.
    down = {"exponentformat": "power", "nticks": 6, "tickfont": {"size": 11}}
    slopes = _log_range(list(gradient_norms(race).values()))
    known = race.lowest_known is not None
    heights = list(gaps(race).values())
    values = (
        {"type": "log", "range": _log_range(heights)}
        if known
        else {"range": _linear_range(heights), "tickfont": {"size": 13}}
    )
    return {
        "xaxis2": theme.axis(domain=place.value[0], anchor="y2", matches="x3", showticklabels=False, **across),
        "yaxis2": theme.axis(domain=place.value[1], anchor="x2", **down | values),
        "xaxis3": theme.axis(domain=place.slope[0], anchor="y3", title={"text": CLOCKS[unit], "standoff": 4}, **across),
        "yaxis3": theme.axis(domain=place.slope[1], anchor="x3", type="log", range=slopes, **down),
    }


def _log_range(series: list[np.ndarray]) -> list[float]:
    """The log10 range of an axis that a run away to infinity must not flatten: at most 1000 times the first value."""
    start = max(FLOOR, *(y[0] for y in series if np.isfinite(y[0])), FLOOR)
    finite = np.concatenate([y[np.isfinite(y)] for y in series] + [np.array([start])])
    low, high = max(finite.min(), FLOOR), min(finite.max(), 1e3 * start)
    return [float(np.log10(low)) - 0.4, float(np.log10(max(high, low))) + 0.4]


def _linear_range(series: list[np.ndarray]) -> list[float]:
    """The range of a linear axis, from the lowest value to the highest, both kept within ten spans of the first."""
    finite = np.concatenate([y[np.isfinite(y)] for y in series] + [np.zeros(0)])
    if not finite.size:
        return [0.0, 1.0]
    first = finite[0]
    span = max(np.ptp(np.quantile(finite, [0.1, 0.9])), 1e-9 + 1e-9 * abs(first))
    low, high = max(finite.min(), first - 10 * span), min(finite.max(), first + 10 * span)
    return [float(low - 0.06 * (high - low)), float(high + 0.06 * (high - low) + 1e-12)]


def _scene(race: Race, theme: Theme, place: Arrangement) -> dict[str, Any]:
    axis = {
        "color": theme.ink,
        "gridcolor": theme.grid,
        "backgroundcolor": theme.paper,
        "showspikes": False,
        "nticks": 5,
        "tickfont": {"size": 12},
    }
    (x_low, x_high), (y_low, y_high) = race.surface.domain
    x, y = race.surface.axes
    return {
        "domain": {"x": place.scene[0], "y": place.scene[1]},
        "xaxis": {**axis, "title": {"text": x}, "range": [x_low, x_high]},
        "yaxis": {**axis, "title": {"text": y}, "range": [y_low, y_high]},
        "zaxis": {**axis, "title": {"text": ""}, "showticklabels": False},
        "aspectratio": {"x": 1.1, "y": 1.1, "z": 0.7},
        # From high enough to look into the valleys that the paths lie in.
        "camera": {"eye": {"x": 0.45, "y": -1.28, "z": 1.5}, "center": {"x": 0, "y": 0, "z": -0.22}},
        "bgcolor": theme.paper,
    }


def alternative(race: Race) -> str:
    """The stage in words, for those who do not see it: what ran where, and where each run ended."""
    ends = [
        f"{OPTIMIZERS[key].title} ends at ({t.x[-1, 0]:.4g}, {t.x[-1, 1]:.4g}) with f = {t.value[-1]:.4g}, "
        f"{STATUS[str(t.status)]}"
        for key, t in race.runs.items()
    ]
    start = f"({race.start[0]:.4g}, {race.start[1]:.4g})"
    return f"{race.surface.title}: contour map and paths from {start}. " + "; ".join(ends) + "."
