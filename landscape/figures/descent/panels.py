"""The panels of the stage: what is drawn once (paths, marks, curves) and what every frame moves (heads, arrows).

`schedule`, shape (runs, frames), is the step each run has reached at each frame.
"""

import numpy as np

from landscape.descent.race import Race, left_map
from landscape.figures.kit import landmarks, terrain
from landscape.figures.kit.animated import packed, single
from landscape.figures.kit.landmarks import Exit, flags, halo, stationary
from landscape.figures.kit.room import Room
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, heads, moved, on, point_marks
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

START, THERE = "start", "already there"
# So many methods are drawn at full strength; more are thin until they are pointed at.
STRONG, THIN = 4, 1.2
HEAD, FONT = 15, 14


def map_ground(
    race: Race,
    ground: terrain.Terrain,
    points: StationaryPoints | None,
    theme: Theme,
    field: bool,
    bar: Trace,
    room: Room,
) -> list[Trace]:
    """Contours, the gradient field if wanted, where paths left the map, stationary points, minima and the start."""
    surface = race.surface
    for run in race.runs.values():
        room.path(run.x)
    room.mark(race.start, HEAD)
    room.callout(race.start)
    # The first to come has room first.
    there, gone, lowest = already_there(race, theme, room), exits(race, theme, room), flags(surface, room, theme)
    traces = [terrain.contour(ground, theme, surface.title, bar)]
    if field:
        traces.append(terrain.gradient_field(surface, surface.domain, theme))
    if points is not None:
        traces += stationary(points, surface, room, theme)
    return [*traces, *lowest, point_marks(race.start[None], START, "circle-open-dot", HEAD, theme), gone, there]


def already_there(race: Race, theme: Theme, room: Room) -> Trace:
    """Words beside a start from which no run has anywhere to go: one trace, said or not, as for `exits`."""
    stays = all(str(run.status) == "converged" and run.stop == 0 for run in race.runs.values())
    # All heads stand around it.
    side = room.beside(THERE, race.start, mark=3 * HEAD, font=FONT) if stays else None
    return {
        "type": "scatter",
        # An unseen mark, so that the words stand beside the start's.
        "mode": "markers+text",
        "marker": {"size": 3 * HEAD, "opacity": 0},
        "x": [float(race.start[0])] if stays else [],
        "y": [float(race.start[1])] if stays else [],
        "text": [f"<b>{THERE}</b>"] if stays else [],
        "textposition": side or "top right",
        "textfont": {"color": theme.ink, "size": FONT, "shadow": halo(theme)},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": THERE,
    }


def exits(race: Race, theme: Theme, room: Room) -> Trace:
    """Where runs left the map."""
    left = {key: there for key, t in race.runs.items() if (there := left_map(t, race.surface.domain))}
    crossed = [Exit(OPTIMIZERS[key].title, look(key, theme).color, *there) for key, there in left.items()]
    return landmarks.exits(crossed, room, theme)


def map_path(race: Race, key: str, theme: Theme) -> Trace:
    trajectory = race.runs[key]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(trajectory.x[:, 0].astype("f4")),
        "y": packed(trajectory.x[:, 1].astype("f4")),
        "line": _line(race, key, 3.5, theme),
        "hovertemplate": f"{OPTIMIZERS[key].title}<br>x = %{{x:.5g}}, y = %{{y:.5g}}<extra></extra>",
        "name": OPTIMIZERS[key].title,
        "legendgroup": key,
    }


def _line(race: Race, key: str, width: float, theme: Theme) -> Trace:
    if list(race.runs).index(key) >= STRONG:
        width = THIN
    return {"color": look(key, theme).color, "width": width, "dash": look(key, theme).dash}


def map_heads(race: Race, schedule: np.ndarray, theme: Theme) -> Moving:
    at = positions(race, schedule)
    return heads(list(race.runs), at[..., 0], at[..., 1], HEAD, theme, cliponaxis=False)


def head_arrows(race: Race, schedule: np.ndarray, theme: Theme) -> list[Moving]:
    """At each head the negative gradient, its direction only, and the step taken next, at its own length if visible."""
    (x_low, x_high), (y_low, y_high) = race.surface.domain
    size = min(x_high - x_low, y_high - y_low)
    at = positions(race, schedule)
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


def positions(race: Race, schedule: np.ndarray) -> np.ndarray:
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


def curve(race: Race, key: str, unit: str, y: np.ndarray, panel: str, theme: Theme) -> Trace:
    title, clock = OPTIMIZERS[key].title, race.clock(key, unit)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(clock.astype("i2" if clock[-1] <= np.iinfo("i2").max else "i4")),
        "y": packed(single(y)),
        "line": _line(race, key, 2.5, theme),
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
    return heads(list(race.runs), x, y, 11, theme, digits=4, cliponaxis=False, **on(panel))
