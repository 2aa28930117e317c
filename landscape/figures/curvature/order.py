"""The order stage: the next error over this one, for several methods, with slopes to compare with."""

from collections.abc import Mapping

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.domain import Landscape
from landscape.figures.curvature.ground import mapped
from landscape.figures.kit.axes import counts, map_axes, strip, title
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.ranges import log_range_of_runs
from landscape.figures.kit.room import Room, map_pixels
from landscape.figures.kit.stage import Stage, frame_rate, frame_steps
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, curve, heads, on
from landscape.numbers import fixed
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
    closing: bool = True,
    narrow: bool = False,
    height: int = 470,
) -> Stage:
    """The stage of one run or more, by optimizer key. ValueError where there is none.

    closing   whether they close in on the points that they are seen from
    """
    if not runs:
        raise ValueError("runs is empty; at least one is needed")
    place = arrangement("picture", narrow)
    errors = {key: _above_floor(each.seen) for key, each in runs.items()}
    steps = frame_steps(max(len(e) - 1 for e in errors.values()))
    reached = np.array([np.minimum(steps, len(e) - 1) for e in errors.values()])
    stage = Stage(
        theme,
        height=height,
        revision=f"order {surface.key} {narrow}",
        alt=alternative(runs if closing else {}),
        margin=(72, 150 if narrow else 72, 12, 44),
        legend=strip(126, 12) if narrow else strip(48, 13),
        fixed=True,
        clicks=["x3"],
    )
    span = log_range_of_runs(list(errors.values()), FLOOR)
    _curve_panels(stage, place, span, int(steps[-1]), narrow)
    stage.axes |= map_axes(surface.domain, ("", ""), theme, place["lower"], "3")
    stage.head("The paths", place["lower"])
    start = next(iter(runs.values())).run.x[:1]
    room = Room(surface.domain, map_pixels(surface.domain, place["lower"], height, stage.margin, narrow=narrow))
    for each in runs.values():
        room.path(each.run.x)
    stage.draw(*_slopes(span, theme), *mapped(surface, points, start, 13, theme, room, "3"))
    trails: list[list[int]] = []
    for m, (key, each) in enumerate(runs.items()):
        stage.trail(_pairs(key, errors[key], each.seen.floor / 1e3, theme), m)
        error = stage.trail(_error(key, errors[key], theme), m)
        trails.append([error, stage.trail(_path(key, each.run, len(errors[key]), theme), m)])
    pairs, *rest = _at_the_play_head(runs, errors, reached, theme)
    # Where the pairs have ended a head stands on the last.
    stage.move(pairs)
    for part, ridden in zip(rest, zip(*trails, strict=True), strict=True):
        stage.ride(part, list(ridden))
    stage.play(steps, "steps", schedule=reached, rate=frame_rate(len(steps)))
    return stage


def _above_floor(seen: Convergence) -> np.ndarray:
    """The errors up to the first that is rounding, which is drawn at the floor."""
    small = np.flatnonzero(seen.errors <= FLOOR)
    last = int(small[0]) if small.size else len(seen.errors) - 1
    return np.maximum(seen.errors[: last + 1], FLOOR)


def _slopes(span: list[float], theme: Theme) -> list[Trace]:
    """Lines of slope 1 and 2 through the point where an error of 1 is followed by 1."""
    low, high = span
    traces = []
    for order, name in SLOPES.items():
        ends = np.array([max(low, low / order), high])
        dash = {"color": theme.faint, "width": 2, "dash": "dot" if order == 1 else "dash"}
        traces.append(curve(10**ends, 10 ** (order * ends), name, "", dash, hoverinfo="skip", showlegend=True))
    return traces


def _line(key: str, width: float, theme: Theme) -> Trace:
    return {"color": look(key, theme).color, "dash": look(key, theme).dash, "width": width}


def _pairs_of(errors: np.ndarray, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """The error before each step and after it, (T+1,) each; NaN at the start, and where the error is rounding."""
    before = np.concatenate([[np.nan], errors[:-1]])
    after = np.where(np.isnan(before) | (errors < rounding), np.nan, errors)
    return before, after


def _pairs(key: str, errors: np.ndarray, rounding: float, theme: Theme) -> Trace:
    """Step k stands at (error k - 1, error k), so that it appears when step k is reached."""
    before, after = _pairs_of(errors, rounding)
    title = OPTIMIZERS[key].title
    settings = {"showlegend": True, "legendgroup": key}
    return curve(before, after, title, "", _line(key, 3, theme), **settings)


def _error(key: str, errors: np.ndarray, theme: Theme) -> Trace:
    title = OPTIMIZERS[key].title
    return curve(np.arange(len(errors)), errors, title, "2", _line(key, 2.5, theme), legendgroup=key)


def _path(key: str, run: Trajectory, count: int, theme: Theme) -> Trace:
    x = run.x[:count]
    return curve(x[:, 0], x[:, 1], OPTIMIZERS[key].title, "3", _line(key, 2.5, theme), legendgroup=key)


def _last_pairs(errors: np.ndarray, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """`_pairs_of`, where there is none the last one there was; at the start a point on the diagonal."""
    before, after = _pairs_of(errors, rounding)
    last = np.maximum.accumulate(np.where(np.isnan(after), 0, np.arange(len(errors))))
    return np.where(last == 0, errors[0], before[last]), np.where(last == 0, errors[0], after[last])


def _at_the_play_head(
    runs: Mapping[str, Closing], errors: Mapping[str, np.ndarray], reached: np.ndarray, theme: Theme
) -> list[Moving]:
    keys, scheduled = list(runs), list(zip(errors.values(), reached, strict=True))
    now = np.stack([e[index] for e, index in scheduled], axis=1)
    pairs = [_last_pairs(e, each.seen.floor / 1e3) for e, each in zip(errors.values(), runs.values(), strict=True)]
    before, after = (
        np.stack([pair[i][index] for pair, index in zip(pairs, reached, strict=True)], axis=1) for i in (0, 1)
    )
    at = np.stack([each.run.x[index] for each, index in zip(runs.values(), reached, strict=True)], axis=1)
    step = np.stack(list(reached), axis=1).astype(float)
    return [
        heads(keys, before, after, 11, theme),
        heads(keys, step, now, 11, theme, **on("2")),
        heads(keys, at[..., 0], at[..., 1], 11, theme, **on("3")),
    ]


def _curve_panels(stage: Stage, place: Arrangement, span: list[float], end: int, narrow: bool) -> None:
    log: Trace = {"type": "log", "exponentformat": "power", "nticks": 8, "range": span}
    # On a phone the next panel's heading stands where the title would.
    here, then = "" if narrow else "error at step k", "error at step k + 1"
    main = {**log, "title": title(here)}, {**log, "title": title(then)}
    stage.panel("", place["main"], *main, "Next error against this error")
    stage.panel(
        "2", place["upper"], counts(end), {**log, "tickfont": {"size": 11}, "nticks": 5}, "Distance left, by step"
    )


def alternative(runs: Mapping[str, Closing]) -> str:
    """The order stage in words, for the runs that close in on a point."""
    orders = [
        f"{OPTIMIZERS[key].title} {fixed(each.seen.order)}"
        for key, each in runs.items()
        if np.isfinite(each.seen.order)
    ]
    told = f"Measured orders: {', '.join(orders)}." if orders else "No order could be measured."
    return f"Error at each step over the error before it, on log axes. {told}"
