"""The stage of steps on a curve: each goes to the bottom of a parabola that touches the curve where it stands."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.calculus.step_report import came_to, step_run_captions
from landscape.calculus.stepping import METHODS, Stepping
from landscape.descent.race import leaves
from landscape.figures.calculus.common import (
    Kind,
    across,
    curvature_at,
    followed,
    function_line,
    function_range,
    named_marks,
    opened,
    slope_at,
    span,
)
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.landmarks import Exit, exits
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import log_range_of_runs
from landscape.figures.kit.room import Room, panel_pixels
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Trace, curve, heads, line, marks, moved, on
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS

# Slopes below this are not drawn.
FLOOR = 1e-16
PARABOLA = 81
# What is further beyond what is drawn than so many times its height is drawn no further.
START, FAR = 17, 100.0


def stepping_stage(
    found: Stepping,
    theme: Theme,
    spans: tuple[tuple[float, float], tuple[float, float]],
    *,
    narrow: bool = False,
    height: int = 424,
) -> Stage:
    """A frame a step. A hand holds the start and the rate, within `spans`."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"step {found.curve.key} {narrow}", alternative(found), narrow)
    stage.hold("start", found.start, spans[0])
    color = look("gradient_descent", theme).color
    stage.hold("rate", found.rate, spans[1], scale="log", label="Gradient descent, rate", color=color)
    _curve_panel(stage, found, place["main"], narrow)
    _iterates(stage, found, place["upper"])
    _slopes(stage, found, place["lower"])
    steps = np.arange(found.runs[METHODS[0]].steps + 1)
    walks = {method: _walk(found, method) for method in METHODS}

    def where(x: Any, rate: Any, t: Any) -> dict[str, Any]:
        return {"step": t} | {m: _at(walk(x, rate), t) for m, walk in walks.items()}

    text = f"Step {{step}}: gradient descent is at x = {{{METHODS[0]}}}, Newton's method at x = {{{METHODS[1]}}}."
    stage.tell(["start", "rate", CLOCK], where, text)
    stage.play(steps, "steps", captions=step_run_captions(found), rate=frame_rate(len(steps)))
    return stage


def telling(found: Stepping) -> int:
    """The step after which both are at a turning point or off what is drawn; the last where one never is."""
    last = found.runs[METHODS[0]].steps
    return max(came_to(found, method).numbers.get("step", last) for method in METHODS) or last


def _walk(found: Stepping, method: str) -> Callable[..., list[Any]]:
    """The iterates from a start at a rate, as the browser follows them."""
    slope, bend = slope_at(found.curve), curvature_at(found.curve)

    def walk(x: Any, rate: Any) -> list[Any]:
        passed = [x]
        for _ in range(found.runs[method].steps):
            if method == "newton":
                h = bend(x)
                x = x - np.where(h == 0, 0.0, slope(x) / np.where(h == 0, 1.0, h))
            else:
                x = x - rate * slope(x)
            passed.append(x)
        return passed

    return walk


def _at(passed: list[Any], t: Any) -> Any:
    """The iterate number t."""
    out = passed[-1]
    for k, x in enumerate(passed[:-1]):
        out = np.where(t == k, x, out)
    return out


def _follow(stage: Stage, found: Stepping, method: str, point: Callable[[Any, Any], tuple[Any, Any]]) -> None:
    """The trail that is drawn next follows the start and the rate: point(t, x of the t-th iterate)."""
    walk = _walk(found, method)
    lanes = np.arange(found.runs[method].steps + 1)
    stage.follow(len(stage.still), ["start", "rate"], lambda x, r, t: point(t, _at(walk(x, r), t)), lanes)


def _curve_panel(stage: Stage, found: Stepping, place: Span, narrow: bool) -> None:
    wide, theme = found.curve, stage.theme
    f, y_range = followed(wide), function_range(wide)
    stage.draw(function_line(wide, theme))
    for method in METHODS:
        _parabola(stage, found, method, y_range)
    trails = []
    for method in METHODS:
        _follow(stage, found, method, lambda t, x: (x, f(x)))
        x = found.x(method)
        style: Trace = {"color": look(method, stage.theme).color, "width": 2.5, "dash": look(method, stage.theme).dash}
        trails.append(stage.trail(curve(x, wide.value(x), OPTIMIZERS[method].title, "", style, showlegend=True)))
    _marked(stage, found, y_range, panel_pixels(place, stage.height, stage.margin, narrow=narrow))
    stage.grip("", across="start", mark=len(stage.still))
    stage.follow(len(stage.still), ["start"], lambda x, t: (x + t, f(x)), [0.0])
    begin = wide.value(np.array([found.start]))
    stage.draw(marks([found.start], begin, theme.ink, symbol="circle-open", size=START, edge=theme.ink, name="start"))
    stage.ride(
        heads(METHODS, *_now(found, lambda m: found.x(m), lambda m: wide.value(found.x(m))), 13, stage.theme), trails
    )
    stage.panel(
        "", place, span(wide), {"range": y_range, "title": title("f(x)", 2)}, "f, and the parabola a step trusts"
    )


def _now(found: Stepping, x: Callable[[str], np.ndarray], y: Callable[[str], np.ndarray]) -> tuple[Any, Any]:
    """Where each method is at every frame, (frames, methods) each; finite."""
    return tuple(np.nan_to_num(np.stack([of(m) for m in METHODS], axis=1)) for of in (x, y))


def _parabola(stage: Stage, found: Stepping, method: str, y_range: list[float]) -> None:
    wide, x, bend = found.curve, found.x(method)[:, None], found.bends[method][:, None]
    low, high = wide.domain
    t = np.linspace(low, high, PARABOLA)
    with np.errstate(all="ignore"):
        model = wide.value(x) + wide.slope(x) * (t - x) + bend / 2 * (t - x) ** 2
    room = 2 * (y_range[1] - y_range[0])
    drawn = np.clip(np.nan_to_num(model, nan=y_range[0] - room), y_range[0] - room, y_range[1] + room)
    name = f"{OPTIMIZERS[method].title}, trusted"
    stroke = line(None, None, look(method, stage.theme).color, width=1.5, dash="3px,3px", name=name)
    stage.move(moved(stroke, np.broadcast_to(t, drawn.shape), drawn))


def _marked(stage: Stage, found: Stepping, y_range: list[float], pixels: tuple[float, float]) -> None:
    """The turning points, and where a run left what is drawn."""
    value, (low, high) = found.curve.value, y_range
    room = Room((found.curve.domain, (low, high)), pixels)
    line_of = np.stack([across(found.curve), value(across(found.curve))], axis=-1)
    room.path(line_of[np.isfinite(line_of).all(axis=-1)])
    start = np.array([found.start, float(value(np.array([found.start]))[0])])
    room.mark(start, START)
    left, far = [], FAR * (high - low)
    for method in METHODS:
        x = found.x(method)
        path = np.stack([x, np.clip(np.nan_to_num(value(x), nan=far), low - far, high + far)], axis=-1)
        room.path(np.clip(path, [[-FAR * far, low - far]], [[FAR * far, high + far]]))
        if there := leaves(path, (found.curve.domain, (low, high))):
            left.append(Exit(OPTIMIZERS[method].title, look(method, stage.theme).color, *there))
    stage.live["faint"] = [len(stage.still)]
    stage.draw(exits(left, room, stage.theme))
    lowest, highest = found.turns.minima, found.turns.maxima
    kinds = [
        Kind("minimum", "triangle-down", lowest, value(lowest)),
        Kind("maximum", "triangle-up", highest, value(highest)),
    ]
    named_marks(stage, "", kinds, room, 10)


def _iterates(stage: Stage, found: Stepping, place: Span) -> None:
    steps, trails = np.arange(found.runs[METHODS[0]].steps + 1), []
    for method in METHODS:
        _follow(stage, found, method, lambda t, x: (t, x))
        trails.append(stage.trail(_series(stage, found.x(method), steps, method, "2")))
    stage.ride(heads(METHODS, *_now(found, lambda m: steps.astype(float), found.x), 11, stage.theme, **on("2")), trails)
    stage.grip("2", CLOCK)
    stage.panel("2", place, _along(steps), {"range": list(found.curve.domain), "nticks": 5}, "x, by step")


def _series(stage: Stage, values: np.ndarray, steps: np.ndarray, method: str, panel: str) -> Trace:
    style = {"color": look(method, stage.theme).color, "width": 2.5, "dash": look(method, stage.theme).dash}
    return curve(steps, values, OPTIMIZERS[method].title, panel, style)


def _slopes(stage: Stage, found: Stepping, place: Span) -> None:
    steps, slope, trails = np.arange(found.runs[METHODS[0]].steps + 1), slope_at(found.curve), []
    size = {m: np.maximum(found.runs[m].gradient_norm, FLOOR) for m in METHODS}
    for method in METHODS:
        _follow(stage, found, method, lambda t, x: (t, np.maximum(np.abs(slope(x)), FLOOR)))
        trails.append(stage.trail(_series(stage, size[method], steps, method, "3")))
    stage.ride(
        heads(METHODS, *_now(found, lambda m: steps.astype(float), size.__getitem__), 11, stage.theme, **on("3")),
        trails,
    )
    stage.grip("3", CLOCK)
    up = log_axis(*log_range_of_runs(list(size.values()), FLOOR))
    stage.panel("3", place, {**_along(steps), "title": title("step")}, up, "Size of the slope, |f′(x)|")


def _along(steps: np.ndarray) -> Trace:
    end = int(steps[-1])
    return {"range": [-0.03 * end, 1.03 * end], "nticks": 6}


def alternative(found: Stepping) -> str:
    """The stage in words."""
    about = f"{found.curve.title}: gradient descent and Newton's method from x = {short(found.start)}."
    return f"{about} {step_run_captions(found)[-1]}"
