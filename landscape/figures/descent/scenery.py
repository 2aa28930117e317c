"""The landscape in 3-D: the surface, its lowest points, the paths on it and their heads."""

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.descent.race import Race
from landscape.figures.descent.panels import positions
from landscape.figures.kit import terrain
from landscape.figures.kit.animated import packed, single, updates
from landscape.figures.kit.landmarks import LOWEST
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, head_marker
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS

HEAD = 13
# How far above the ground paths and heads are drawn, and how high a pole stands at the lowest point, as shares of the
# ground's height: on it they would sink in it.
PATH_LIFT, HEAD_LIFT, POLE = 0.015, 0.05, 0.45
# Numbers on the axis of height.
HEIGHTS = 5
# Where the camera looks, and from where, as seen from there: high enough to look into the valleys that the paths lie
# in. On a phone it is so much farther away, as what the axes are called is larger there beside the ground.
CENTER, SIGHT, FARTHER = np.array([0.0, 0.0, -0.22]), np.array([0.45, -1.28, 1.72]), 1.2


def scene(race: Race, ground: terrain.Terrain, theme: Theme, place: Span, *, narrow: bool) -> Trace:
    """The axes, the camera and the walls."""
    axis = {
        "color": theme.ink,
        "gridcolor": theme.faint,
        # The walls are darker than the page, so that high ground, which is pale, stands out from them.
        "backgroundcolor": theme.wall,
        "showbackground": True,
        "showspikes": False,
        "nticks": 5,
        "tickfont": {"size": 12},
    }
    eye = CENTER + SIGHT * (FARTHER if narrow else 1.0)
    (x_low, x_high), (y_low, y_high) = race.surface.domain
    x, y = race.surface.axes
    heights = ground.drawn[np.isfinite(ground.drawn)]
    # Not the lowest, which would stand where another axis begins.
    ticks = np.linspace(float(heights.min()), float(heights.max()), HEIGHTS + 1)[1:] if heights.size else np.zeros(1)
    return {
        "domain": {"x": place[0], "y": place[1]},
        "xaxis": {**axis, "title": {"text": x}, "range": [x_low, x_high]},
        "yaxis": {**axis, "title": {"text": y}, "range": [y_low, y_high]},
        "zaxis": {
            **axis,
            "title": {"text": race.surface.symbol},
            "tickvals": ticks.tolist(),
            "ticktext": [short(v) for v in ground.value(ticks).tolist()],
        },
        "aspectratio": {"x": 1.1, "y": 1.1, "z": 0.7},
        "camera": {"eye": _spot(eye), "center": _spot(CENTER)},
        "bgcolor": "rgba(0,0,0,0)",
    }


def _spot(at: np.ndarray) -> Trace:
    return dict(zip("xyz", at.round(3).tolist(), strict=True))


def ground(race: Race, ground: terrain.Terrain, theme: Theme, *, legend: bool) -> list[Trace]:
    """The surface, the lowest points, and the paths, as far as they stay on the map."""
    traces = [terrain.surface(ground, theme), *_lowest(race, ground, theme)]
    for key, trajectory in race.runs.items():
        inside = _inside(race, trajectory)
        traces.append(
            {
                "type": "scatter3d",
                "mode": "lines",
                "x": packed(np.where(inside, trajectory.x[:, 0], np.nan).astype("f4")),
                "y": packed(np.where(inside, trajectory.x[:, 1], np.nan).astype("f4")),
                "z": packed(single(np.where(inside, _lifted(ground, trajectory.value, PATH_LIFT), np.nan))),
                "line": {"color": look(key, theme).color, "width": 7},
                "hoverinfo": "skip",
                "name": OPTIMIZERS[key].title,
                "legendgroup": key,
                "showlegend": legend,
            }
        )
    return traces


def _lowest(race: Race, ground: terrain.Terrain, theme: Theme) -> list[Trace]:
    """A pole at every lowest point, and the word on one of them."""
    lowest = race.surface.lowest_ground
    if not lowest:
        return []
    at = np.array([[*m.point] for m in lowest])
    foot, top = (_lifted(ground, np.array([m.value for m in lowest]), share) for share in (0.0, POLE))
    poles = [(x, y, z) for (x, y), *ends in zip(at.tolist(), foot, top, strict=True) for z in (*ends, np.nan)]
    x, y, z = np.array(poles).T
    return [
        {
            "type": "scatter3d",
            "mode": "lines+text",
            "x": packed(x.astype("f4")),
            "y": packed(y.astype("f4")),
            "z": packed(single(z)),
            "text": ["", f"<b>{LOWEST}</b>"] + [""] * (len(z) - 2),
            "textposition": "top center",
            "textfont": {"size": 15, "color": theme.ink},
            "line": {"color": theme.ink, "width": 4},
            "hoverinfo": "skip",
            "showlegend": False,
            "name": race.surface.lowest_called,
        }
    ]


def _lifted(ground: terrain.Terrain, f: np.ndarray, share: float) -> np.ndarray:
    """The heights of values of the objective, above the ground by a share of its own height."""
    known = ground.drawn[np.isfinite(ground.drawn)]
    return ground.height(f) + share * (float(np.ptp(known)) if known.size else 0.0)


def _inside(race: Race, trajectory: Trajectory) -> np.ndarray:
    """Off the map there is no surface to walk on, and a scene would shrink to show it."""
    low, high = np.array(race.surface.domain).T
    return ((trajectory.x >= low) & (trajectory.x <= high)).all(axis=-1)


def heads(race: Race, ground: terrain.Terrain, schedule: np.ndarray, theme: Theme) -> Moving:
    heights = [np.where(_inside(race, t), _lifted(ground, t.value, HEAD_LIFT), np.nan) for t in race.runs.values()]
    at = np.stack([h[index] for h, index in zip(heights, schedule, strict=True)], axis=1)
    where = positions(race, schedule)
    moves = [{"type": "scatter3d", **move} for move in updates(5, x=where[..., 0], y=where[..., 1], z=at)]
    # 3-D markers know fewer symbols than 2-D ones.
    marker = {**head_marker(list(race.runs), HEAD, theme), "symbol": "circle"}
    drawn = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "showlegend": False, "name": "heads"}
    return {**drawn, **moves[-1]}, moves
