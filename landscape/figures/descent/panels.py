"""The panels of the stage: what is drawn once (paths, marks, curves) and what every frame moves (heads, arrows).

`schedule`, shape (runs, frames), is the step each run has reached at each frame.
"""

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.descent.race import Race, left_map
from landscape.domain import Domain
from landscape.figures.kit import terrain
from landscape.figures.kit.animated import packed, updates
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, head_marker, heads, moved, on, point_marks
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

STEP_COLOR = "#E0218A"


def map_ground(
    race: Race, ground: terrain.Terrain, points: StationaryPoints | None, theme: Theme, field: bool, bar: Trace
) -> list[Trace]:
    """Contours, the gradient field if wanted, stationary points, minima, start, and where paths left the map."""
    surface = race.surface
    traces = [terrain.contour(ground, theme, surface.title, bar)]
    if field:
        traces.append(terrain.gradient_field(surface, surface.domain, theme))
    if points is not None:
        traces += terrain.marks(points, theme)
    if surface.minima:
        traces.append(point_marks(np.array([m.point for m in surface.minima]), "global minimum", "star", 15, theme))
    traces.append(point_marks(race.start[None], "start", "circle-open-dot", 15, theme))
    for key, trajectory in race.runs.items():
        if exit_ := left_map(trajectory, surface.domain):
            traces.append(_exit(key, *exit_, surface.domain))
    return traces


def _exit(key: str, step: int, point: np.ndarray, domain: Domain) -> Trace:
    title, color = OPTIMIZERS[key].title, look(key).color
    # The words stand towards the middle of the map, where they are not cut off.
    across, up = ((at - low) / (high - low) for at, (low, high) in zip(point, domain, strict=True))
    side = "right" if across < 0.2 else "left" if across > 0.8 else "center"
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(point[0])],
        "y": [float(point[1])],
        "text": [f"<b>left at step {step}</b>"],
        "textposition": f"{'top' if up < 0.5 else 'bottom'} {side}",
        "textfont": {"color": color, "size": 14},
        "marker": {"symbol": "x", "size": 14, "color": color, "line": {"width": 1.5, "color": "white"}},
        "cliponaxis": False,
        "hovertemplate": f"{title} left the map at step {step}<extra></extra>",
        "showlegend": False,
        "name": f"{title} left the map",
    }


def label(race: Race, key: str, narrow: bool) -> str:
    """A method's name in the legend, with its rate where there is room."""
    rate = getattr(race.optimizers[key], "lr", None)
    return OPTIMIZERS[key].title if rate is None or narrow else f"{OPTIMIZERS[key].title}, η {rate:g}"


def map_path(race: Race, key: str, narrow: bool) -> Trace:
    trajectory = race.runs[key]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(trajectory.x[:, 0].astype("f4")),
        "y": packed(trajectory.x[:, 1].astype("f4")),
        "line": _line(key, 3.5),
        "hovertemplate": f"{OPTIMIZERS[key].title}<br>x = %{{x:.5g}}, y = %{{y:.5g}}<extra></extra>",
        "name": label(race, key, narrow),
        "legendgroup": key,
    }


def _line(key: str, width: float) -> Trace:
    return {"color": look(key).color, "width": width, "dash": look(key).dash}


def map_heads(race: Race, schedule: np.ndarray) -> Moving:
    at = _positions(race, schedule)
    return heads(list(race.runs), at[..., 0], at[..., 1], 15)


def head_arrows(race: Race, schedule: np.ndarray, theme: Theme) -> list[Moving]:
    """At each head the negative gradient, its direction only, and the step taken next, at its own length if visible."""
    (x_low, x_high), (y_low, y_high) = race.surface.domain
    size = min(x_high - x_low, y_high - y_low)
    at = _positions(race, schedule)
    downhill = 0.13 * size * _unit(-race.surface.gradient(at))
    step = _steps_taken(race, schedule)
    length = np.linalg.norm(step, axis=-1, keepdims=True)
    step = np.where(length < 0.07 * size, 0.07 * size * _unit(step), step)
    return [
        _moving_arrows("−∇f, direction", at, downhill, {"color": theme.ink, "width": 2}),
        _moving_arrows("step taken", at, step, {"color": STEP_COLOR, "width": 4}),
    ]


def _moving_arrows(name: str, at: np.ndarray, vectors: np.ndarray, line: Trace) -> Moving:
    return moved({"type": "scatter", "mode": "lines", "line": line, "name": name}, *terrain.arrows(at, vectors))


def _positions(race: Race, schedule: np.ndarray) -> np.ndarray:
    """Where each run is at each frame, shape (frames, runs, 2)."""
    return np.stack([t.x[index] for t, index in zip(race.runs.values(), schedule, strict=True)], axis=1)


def _steps_taken(race: Race, schedule: np.ndarray) -> np.ndarray:
    """The step each run takes next from where it is at each frame, shape (frames, runs, 2); zero at the end."""
    moves = [np.vstack([np.diff(t.x, axis=0), np.zeros((1, 2))]) for t in race.runs.values()]
    return np.stack([move[index] for move, index in zip(moves, schedule, strict=True)], axis=1)


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Unit vectors; NaN for a zero vector, which has no direction to draw."""
    with np.errstate(all="ignore"):
        return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def scene_ground(race: Race, ground: terrain.Terrain, theme: Theme, legend: bool, narrow: bool) -> list[Trace]:
    """The surface in 3-D and the paths on it, as far as they stay on the map."""
    traces = [terrain.surface(ground, theme)]
    for key, trajectory in race.runs.items():
        inside = _inside(race, trajectory)
        traces.append(
            {
                "type": "scatter3d",
                "mode": "lines",
                "x": packed(np.where(inside, trajectory.x[:, 0], np.nan).astype("f4")),
                "y": packed(np.where(inside, trajectory.x[:, 1], np.nan).astype("f4")),
                "z": packed(np.where(inside, ground.height(trajectory.value), np.nan).astype("f4")),
                "line": {"color": look(key).color, "width": 7},
                "hoverinfo": "skip",
                "name": label(race, key, narrow),
                "legendgroup": key,
                "showlegend": legend,
            }
        )
    return traces


def _inside(race: Race, trajectory: Trajectory) -> np.ndarray:
    """Off the map there is no surface to walk on, and a scene would shrink to show it."""
    low, high = np.array(race.surface.domain).T
    return ((trajectory.x >= low) & (trajectory.x <= high)).all(axis=-1)


def scene_heads(race: Race, ground: terrain.Terrain, schedule: np.ndarray) -> Moving:
    heights = [np.where(_inside(race, t), ground.height(t.value), np.nan) for t in race.runs.values()]
    at = np.stack([h[index] for h, index in zip(heights, schedule, strict=True)], axis=1)
    where = _positions(race, schedule)
    moves = [{"type": "scatter3d", **move} for move in updates(5, x=where[..., 0], y=where[..., 1], z=at)]
    # 3-D markers know fewer symbols than 2-D ones.
    marker = {**head_marker(list(race.runs), 8), "symbol": "circle"}
    drawn = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "showlegend": False, "name": "heads"}
    return {**drawn, **moves[-1]}, moves


def curve(race: Race, key: str, unit: str, y: np.ndarray, panel: str) -> Trace:
    title = OPTIMIZERS[key].title
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(race.clock(key, unit).astype("i4")),
        "y": packed(np.minimum(y, np.finfo("f4").max).astype("f4")),
        "line": _line(key, 2.5),
        **on(panel),
        "hovertemplate": f"{title}<br>%{{x}}: %{{y:.4g}}<extra></extra>",
        "legendgroup": key,
        "showlegend": False,
        "name": title,
    }


def curve_heads(race: Race, schedule: np.ndarray, unit: str, series: dict[str, np.ndarray], panel: str) -> Moving:
    scheduled = list(zip(race.runs, schedule, strict=True))
    x = np.stack([race.clock(key, unit)[index] for key, index in scheduled], axis=1)
    y = np.stack([series[key][index] for key, index in scheduled], axis=1)
    return heads(list(race.runs), x, y, 11, digits=4, **on(panel))
