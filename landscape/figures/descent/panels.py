"""The panels of the stage: what is drawn once (paths, marks, curves) and what every frame moves (heads, arrows).

`schedule`, shape (runs, frames), is the step each run has reached at each frame.
"""

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.descent.race import Race, left_map
from landscape.domain import Domain
from landscape.figures.kit import terrain
from landscape.figures.kit.animated import packed, single, updates
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, head_marker, heads, moved, on, point_marks
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

START, EXITS = "start", "left the map"


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
    if lowest := surface.lowest_ground:
        traces.append(point_marks(np.array([m.point for m in lowest]), surface.lowest_called, "star", 15, theme))
    traces.append(point_marks(race.start[None], START, "circle-open-dot", 15, theme))
    return [*traces, exits(race, theme)]


def exits(race: Race, theme: Theme) -> Trace:
    """Where runs left the map: one trace, marks in it or not, so that no other's place depends on them."""
    left = {key: there for key, t in race.runs.items() if (there := left_map(t, race.surface.domain))}
    colors = [look(key, theme).color for key in left]
    points = [point for _, point in left.values()]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(point[0]) for point in points],
        "y": [float(point[1]) for point in points],
        "text": [
            f"<b>left at step {step}</b>" if _stands_alone(points[:i], point, race.surface.domain) else ""
            for i, (step, point) in enumerate(left.values())
        ],
        "textposition": [_inwards(point, race.surface.domain) for point in points],
        "textfont": {"color": theme.ink, "size": 14},
        "marker": {"symbol": "x", "size": 14, "color": colors, "line": {"width": 1.5, "color": "white"}},
        "cliponaxis": False,
        "hovertext": [f"{OPTIMIZERS[key].title} left the map at step {step}" for key, (step, _) in left.items()],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
        "name": EXITS,
    }


def _stands_alone(before: list[np.ndarray], point: np.ndarray, domain: Domain) -> bool:
    """Whether words there overprint none of those before: they are a third of a map wide, and a twelfth high."""
    size = np.ptp(np.array(domain), axis=1)
    return not any((np.abs(point - other) / size < (1 / 3, 1 / 12)).all() for other in before)


def _inwards(point: np.ndarray, domain: Domain) -> str:
    """Where words stand towards the middle of the map, so that they are not cut off."""
    across, up = ((at - low) / (high - low) for at, (low, high) in zip(point, domain, strict=True))
    side = "right" if across < 0.2 else "left" if across > 0.8 else "center"
    return f"{'top' if up < 0.5 else 'bottom'} {side}"


def map_path(race: Race, key: str, theme: Theme) -> Trace:
    trajectory = race.runs[key]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(trajectory.x[:, 0].astype("f4")),
        "y": packed(trajectory.x[:, 1].astype("f4")),
        "line": _line(key, 3.5, theme),
        "hovertemplate": f"{OPTIMIZERS[key].title}<br>x = %{{x:.5g}}, y = %{{y:.5g}}<extra></extra>",
        "name": OPTIMIZERS[key].title,
        "legendgroup": key,
    }


def _line(key: str, width: float, theme: Theme) -> Trace:
    return {"color": look(key, theme).color, "width": width, "dash": look(key, theme).dash}


def map_heads(race: Race, schedule: np.ndarray, theme: Theme) -> Moving:
    at = _positions(race, schedule)
    return heads(list(race.runs), at[..., 0], at[..., 1], 15, theme)


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
        _moving_arrows("−∇f, direction", at, downhill, {"color": theme.belief, "width": 2.5}),
        _moving_arrows("step taken", at, step, {"color": theme.ink, "width": 4}),
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


def scene_ground(race: Race, ground: terrain.Terrain, theme: Theme, legend: bool) -> list[Trace]:
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
                "z": packed(single(np.where(inside, ground.height(trajectory.value), np.nan))),
                "line": {"color": look(key, theme).color, "width": 7},
                "hoverinfo": "skip",
                "name": OPTIMIZERS[key].title,
                "legendgroup": key,
                "showlegend": legend,
            }
        )
    return traces


def _inside(race: Race, trajectory: Trajectory) -> np.ndarray:
    """Off the map there is no surface to walk on, and a scene would shrink to show it."""
    low, high = np.array(race.surface.domain).T
    return ((trajectory.x >= low) & (trajectory.x <= high)).all(axis=-1)


def scene_heads(race: Race, ground: terrain.Terrain, schedule: np.ndarray, theme: Theme) -> Moving:
    heights = [np.where(_inside(race, t), ground.height(t.value), np.nan) for t in race.runs.values()]
    at = np.stack([h[index] for h, index in zip(heights, schedule, strict=True)], axis=1)
    where = _positions(race, schedule)
    moves = [{"type": "scatter3d", **move} for move in updates(5, x=where[..., 0], y=where[..., 1], z=at)]
    # 3-D markers know fewer symbols than 2-D ones.
    marker = {**head_marker(list(race.runs), 8, theme), "symbol": "circle"}
    drawn = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "showlegend": False, "name": "heads"}
    return {**drawn, **moves[-1]}, moves


def curve(race: Race, key: str, unit: str, y: np.ndarray, panel: str, theme: Theme) -> Trace:
    title, clock = OPTIMIZERS[key].title, race.clock(key, unit)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(clock.astype("i2" if clock[-1] <= np.iinfo("i2").max else "i4")),
        "y": packed(single(y)),
        "line": _line(key, 2.5, theme),
        **on(panel),
        "hovertemplate": f"{title}<br>%{{x}}: %{{y:.4g}}<extra></extra>",
        "legendgroup": key,
        "showlegend": False,
        "name": title,
    }


def curve_heads(
    race: Race, schedule: np.ndarray, unit: str, series: dict[str, np.ndarray], panel: str, theme: Theme
) -> Moving:
    scheduled = list(zip(race.runs, schedule, strict=True))
    x = np.stack([race.clock(key, unit)[index] for key, index in scheduled], axis=1)
    y = np.stack([series[key][index] for key, index in scheduled], axis=1)
    return heads(list(race.runs), x, y, 11, theme, digits=4, **on(panel))
