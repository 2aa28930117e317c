"""The order stage: the next error over this one, for several methods, with slopes to compare with."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.domain import Landscape
from landscape.figures.descent.panels import point_marks
from landscape.figures.kit import parts, terrain
from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.style import Theme, look
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Closing, Convergence
from landscape.theory.stationary import StationaryPoints

# Errors below this are rounding and are not drawn.
FLOOR = 1e-16

# Slopes drawn for comparison: their order, and what it is called.
SLOPES = {1: "slope 1", 2: "slope 2"}


def order_stage(
    runs: Mapping[str, Closing],
    surface: Landscape,
    points: StationaryPoints,
    theme: Theme,
    *,
    narrow: bool = False,
    height: int = 470,
) -> AnimatedFigure:
    """The animated figure of one run or more, by optimizer key. ValueError where there is none."""
    if not runs:
        raise ValueError("runs is empty; at least one is needed")
    place = parts.NARROW if narrow else parts.WIDE
    errors = {key: _above_floor(each.seen) for key, each in runs.items()}
    steps = parts.frame_steps(max(len(e) - 1 for e in errors.values()))
    reached = np.array([np.minimum(steps, len(e) - 1) for e in errors.values()])
    still = [*_slopes(errors, theme), *_ground(runs, surface, points, theme)]
    trails = []
    for m, (key, each) in enumerate(runs.items()):
        for trace in (
            _pairs(key, errors[key], each.seen.floor / 1e3),
            _error(key, errors[key]),
            _path(key, each.run, len(errors[key])),
        ):
            trails.append({"trace": len(still), "run": m})
            still.append(trace)
    moving = _heads(runs, errors, reached)
    low, high = parts.log_range(list(errors.values()), FLOOR)
    return parts.run_stage(
        still,
        moving,
        theme,
        axes={
            **_axes(theme, place, (low, high), int(steps[-1]), narrow),
            **parts.map_axes(surface.domain, ("", ""), theme, place["lower"], "3"),
        },
        titles=[
            parts.heading("Next error against this error", place["main"]),
            parts.heading("Distance left, by step", place["upper"]),
            parts.heading("The paths", place["lower"]),
        ],
        margin=(72, 150 if narrow else 84, 44),
        height=height,
        narrow=narrow,
        revision=f"order {surface.key}",
        steps=steps,
        schedule=reached.tolist(),
        trails=trails,
        clicks=["x3"],
    )


def _above_floor(seen: Convergence) -> np.ndarray:
    """The errors up to the first that is rounding, which is drawn at the floor."""
    small = np.flatnonzero(seen.errors <= FLOOR)
    last = int(small[0]) if small.size else len(seen.errors) - 1
    return np.maximum(seen.errors[: last + 1], FLOOR)


def _slopes(errors: Mapping[str, np.ndarray], theme: Theme) -> list[parts.Trace]:
    """Lines of slope 1 and 2 through the point where an error of 1 is followed by 1."""
    low, high = parts.log_range(list(errors.values()), FLOOR)
    traces = []
    for order, name in SLOPES.items():
        ends = np.array([max(low, low / order), high])
        dash = {"color": theme.faint, "width": 2, "dash": "dot" if order == 1 else "dash"}
        traces.append(parts.curve(10**ends, 10 ** (order * ends), name, "", dash, hoverinfo="skip", showlegend=True))
    return traces


def _ground(
    runs: Mapping[str, Closing], surface: Landscape, points: StationaryPoints, theme: Theme
) -> list[parts.Trace]:
    ground = terrain.contour(terrain.survey(surface, surface.domain), theme, surface.title, {})
    ground["showscale"] = False
    start = next(iter(runs.values())).run.x[:1]
    traces = [ground, *terrain.marks(points, theme), point_marks(start, "start", "circle-open-dot", 13, theme)]
    return [{**trace, "xaxis": "x3", "yaxis": "y3"} for trace in traces]


def _line(key: str, width: float) -> dict[str, Any]:
    return {"color": look(key).color, "dash": look(key).dash, "width": width}


def _pairs_of(errors: np.ndarray, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """The error before each step and after it, (T+1,) each; NaN at the start, and where the error is rounding."""
    before = np.concatenate([[np.nan], errors[:-1]])
    after = np.where(np.isnan(before) | (errors < rounding), np.nan, errors)
    return before, after


def _pairs(key: str, errors: np.ndarray, rounding: float) -> parts.Trace:
    """Step k stands at (error k - 1, error k), so that it appears when step k is reached."""
    before, after = _pairs_of(errors, rounding)
    title = OPTIMIZERS[key].title
    settings = {"showlegend": True, "legendgroup": key}
    return parts.curve(before, after, title, "", _line(key, 3), **settings)


def _error(key: str, errors: np.ndarray) -> parts.Trace:
    title = OPTIMIZERS[key].title
    return parts.curve(np.arange(len(errors)), errors, title, "2", _line(key, 2.5), legendgroup=key)


def _path(key: str, run: Trajectory, count: int) -> parts.Trace:
    x = run.x[:count]
    return parts.curve(x[:, 0], x[:, 1], OPTIMIZERS[key].title, "3", _line(key, 2.5), legendgroup=key)


def _last_pairs(errors: np.ndarray, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """`_pairs_of`, where there is none the last one there was; at the start a point on the diagonal."""
    before, after = _pairs_of(errors, rounding)
    last = np.maximum.accumulate(np.where(np.isnan(after), 0, np.arange(len(errors))))
    return np.where(last == 0, errors[0], before[last]), np.where(last == 0, errors[0], after[last])


def _heads(runs: Mapping[str, Closing], errors: Mapping[str, np.ndarray], reached: np.ndarray) -> list[parts.Moving]:
    looks = [look(key) for key in runs]
    marker = {
        "size": 11,
        "color": [each.color for each in looks],
        "symbol": [each.marker for each in looks],
        "line": {"width": 2, "color": "white"},
    }
    scheduled = list(zip(errors.values(), reached, strict=True))
    now = np.stack([e[index] for e, index in scheduled], axis=1)
    pairs = [_last_pairs(e, each.seen.floor / 1e3) for e, each in zip(errors.values(), runs.values(), strict=True)]
    before, after = (
        np.stack([pair[i][index] for pair, index in zip(pairs, reached, strict=True)], axis=1) for i in (0, 1)
    )
    at = np.stack([each.run.x[index] for each, index in zip(runs.values(), reached, strict=True)], axis=1)
    step = np.stack(list(reached), axis=1)
    return [
        parts.moving_marks("heads", before, after, marker, showlegend=False),
        parts.moving_marks("heads", step, now, marker, xaxis="x2", yaxis="y2", showlegend=False),
        parts.moving_marks("heads", at[..., 0], at[..., 1], marker, xaxis="x3", yaxis="y3", showlegend=False),
    ]


def _axes(
    theme: Theme, place: dict[str, parts.Span], span: tuple[float, float], end: int, narrow: bool
) -> dict[str, Any]:
    log = {"type": "log", "exponentformat": "power", "nticks": 8, "range": list(span)}
    small = {"tickfont": {"size": 11}}
    # On a phone the next panel's heading stands where the title would.
    here, then = "" if narrow else "error at step k", "error at step k + 1"
    (main_x, main_y), (upper_x, upper_y) = place["main"], place["upper"]
    across = {"range": [-0.02 * max(end, 1), 1.02 * max(end, 1)], "nticks": 6}
    return {
        "xaxis": theme.axis(domain=main_x, anchor="y", title={"text": here, "standoff": 4}, **log),
        "yaxis": theme.axis(domain=main_y, anchor="x", title={"text": then, "standoff": 4}, **log),
        "xaxis2": theme.axis(domain=upper_x, anchor="y2", **across),
        "yaxis2": theme.axis(domain=upper_y, anchor="x2", **{**log, **small, "nticks": 5}),
    }


def alternative(runs: Mapping[str, Closing]) -> str:
    """The order stage in words."""
    orders = [
        f"{OPTIMIZERS[key].title} {each.seen.order:.2f}" for key, each in runs.items() if np.isfinite(each.seen.order)
    ]
    return "Error at each step over the error before it, on log axes. Measured orders: " + ", ".join(orders) + "."
