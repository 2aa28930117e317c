"""Early stopping beside ridge and weight decay: where each is after t steps, and which strength that amounts to."""

from dataclasses import dataclass

import numpy as np

from landscape.figures.kit.axes import Box, log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, numbered
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved, xy
from landscape.figures.regularization.common import draw_ground, framed
from landscape.figures.regularization.hold import Held, place_true
from landscape.figures.regularization.stopping_hold import (
    APART,
    DECAYED,
    FLOOR,
    LEAST,
    RIDGE,
    TARGET,
    Turned,
    let_hold,
    of_descent,
)
from landscape.numbers import counted, percent, short
from landscape.objective import Objective
from landscape.regularization.early_stopping import EarlyStopping

LATTICE = 81
# Of least squares' length: what is less apart is so by rounding.
ROUNDING = 1e-12

WHERE = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
# Exponents of the distances that are drawn, as shares of least squares: what is nearer cannot be told apart on a map.
NEAR = (-4.0, 0.4)
# Of the weight decay that is drawn, at least.
LEAST_DECAY = -3.0


@dataclass(frozen=True)
class _Drawn:
    """All that is drawn: names as in `stopping_stage`."""

    found: EarlyStopping
    decayed: np.ndarray
    target: np.ndarray
    lr: float
    decay: float


def stopping_stage(
    found: EarlyStopping,
    decayed: np.ndarray,
    target: np.ndarray,
    lr: float,
    decay: float,
    theme: Theme,
    *,
    loss: Objective | None = None,
    names: tuple[str, ...] = (),
    turned: Turned | None = None,
    narrow: bool = False,
    height: int = 500,
) -> Stage:
    """A frame a number of steps.

    decayed  (T, p)  gradient descent with weight decay after as many steps     target  (p,)  ridge at that strength
    loss     drawn as a map where there are two weights; otherwise the coefficients are drawn against steps
    names    of the weights
    turned   what a hand can hold, if anything
    """
    place, drawn = arrangement("stopping", narrow), _Drawn(found, decayed, target, lr, decay)
    alt = alternative(found, lr)
    stage = framed(theme, height, 150 if narrow else 60, f"stopping {narrow} {loss is None}", alt)
    if loss is None:
        _coefficients(stage, found, names, place["main"])
    else:
        true = None if turned is None else turned.true
        _map(stage, loss, drawn, names, place["main"], true)
    _strengths(stage, drawn, place["upper"])
    _distances(stage, drawn, place["lower"])
    # The paths on the map begin at 0, before the first step.
    reached = [list(range(1, len(found.steps) + 1))]
    stage.play(found.steps, "steps", schedule=reached, captions=captions(found, lr), rate=frame_rate(len(found.steps)))
    if turned is not None:
        let_hold(stage, found, turned)
    return stage


def _map(stage: Stage, loss: Objective, drawn: _Drawn, names: tuple[str, ...], place: Span, true: Held | None) -> None:
    found, decayed = drawn.found, drawn.decayed
    draw_ground(stage, loss, np.array(_box(found)), LATTICE)
    _ways(stage, drawn, true)
    between = np.stack([found.stopped, found.ridge], axis=1)
    heads = np.stack([found.ridge, decayed, found.stopped], axis=1)
    mark = marks(
        None,
        None,
        [stage.theme.hue(RIDGE), stage.theme.hue(DECAYED), of_descent(stage.theme)],
        symbol=["square", "diamond", "circle"],
        size=13,
        name="heads",
    )
    stage.move(
        moved(line(None, None, stage.theme.ink, width=2, name="difference"), *xy(between)), moved(mark, *xy(heads))
    )
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(("w₁", "w₂"), names, strict=True))
    (x_low, x_high), (y_low, y_high) = _box(found)
    up = {"range": [y_low, y_high], "scaleanchor": "x", "title": title(y, 2)}
    stage.panel("", place, {"range": [x_low, x_high], "title": title(x)}, up, "From 0 to least squares, three ways")


def _ways(stage: Stage, drawn: _Drawn, true: Held | None) -> None:
    """From 0 to least squares: by ridge, by gradient descent, and with weight decay."""
    found, target = drawn.found, drawn.target
    start = np.zeros((1, 2))
    style: Trace = {"width": 3, "dash": "13px,4px", "name": "ridge", "hover": f"ridge<br>{WHERE}", "legend": True}
    stage.draw(line(*xy(np.concatenate([start, found.ridge])), stage.theme.hue(RIDGE), **style))
    for path, color, dash, name in (
        (found.stopped, of_descent(stage.theme), "solid", "gradient descent, stopped"),
        (drawn.decayed, stage.theme.hue(DECAYED), "3px,3px", "with weight decay"),
    ):
        style = {"width": 3.5, "dash": dash, "name": name, "hover": f"{name}<br>{WHERE}", "legend": True}
        stage.trail(line(*xy(np.concatenate([start, path])), color, **style))
    ink, full = stage.theme.ink, found.full
    if true is not None:
        place_true(stage, true)
    at_least: Trace = {"symbol": "star", "size": 15, "edge": stage.theme.paper, "hover": f"{LEAST}<br>{WHERE}"}
    stage.draw(
        marks([0.0], [0.0], ink, symbol="circle-open-dot", size=14, edge=ink, name="start"),
        marks(full[:1], full[1:], ink, name=LEAST, **at_least),
        marks(
            target[:1],
            target[1:],
            stage.theme.hue(RIDGE),
            symbol="x",
            size=13,
            name=TARGET,
            hover=f"{TARGET}<br>{WHERE}",
        ),
    )


def _coefficients(stage: Stage, found: EarlyStopping, names: tuple[str, ...], place: Span) -> None:
    t, looks = found.steps, [numbered(j, stage.theme) for j in range(len(names))]
    stage.draw(line(t[[0, -1]], [0, 0], stage.theme.faint, width=1, name="zero"))
    for j, (name, style) in enumerate(zip(names, looks, strict=True)):
        hover = f"{name}<br>t = %{{x}}<br>%{{y:.4g}}"
        stopped = line(t, found.stopped[:, j], style.color, dash=style.dash, name=name, hover=hover, legend=True)
        ridge = line(t, found.ridge[:, j], style.color, width=2, dash="2px,3px", name=f"{name}, ridge")
        stage.draw(stopped, ridge)
    # Neither the rate nor the decay changes where all this goes.
    span = linear_range(found.full, np.zeros(1), room=0.12)
    heads = marks(None, None, [style.color for style in looks], name="heads")
    at = np.repeat(t[:, None], len(names), axis=1)
    stage.move(cursor(t, span, "", stage.theme), moved(heads, at, found.stopped))
    stage.panel("", place, _across(found), {"range": span}, "Weights; dotted: the nearest ridge")


def _strengths(stage: Stage, drawn: _Drawn, place: Span) -> None:
    found, decay = drawn.found, drawn.decay
    ridge, decayed = (stage.theme.hue(each) for each in (RIDGE, DECAYED))
    t, rule = found.steps, 1 / (drawn.lr * found.steps)
    hover = "t = %{x}<br>λ = %{y:.4g}"
    stage.draw(
        line(t, rule, stage.theme.faint, "2", dash="4px,3px", name="1/(ηt)", hover=f"1/(ηt)<br>{hover}", legend=True),
        line(t, found.strengths, ridge, "2", width=3, dash="13px,4px", name="nearest λ", hover=hover),
        line(t[[0, -1]], [decay, decay], decayed, "2", width=2, dash="3px,3px", name="decay"),
    )
    # A decade beyond the curvatures strengths matter no more; and so the axis stays whatever is held.
    curved = np.log10(found.eigenvalues[found.eigenvalues > 1e-9 * found.eigenvalues[-1]])
    ends = min(float(np.floor(curved[0])) - 1, LEAST_DECAY), float(np.ceil(curved[-1])) + 1
    span = 10 ** ends[0], 10 ** ends[1]
    now = marks(None, None, ridge, "2", symbol="square", name="λ now")
    stage.move(cursor(t, span, "2", stage.theme), moved(now, t[:, None], found.strengths[:, None]))
    up = {**log_axis(*ends), "title": title("λ", 2)}
    stage.panel("2", place, {**_across(found), "title": title("")}, up, "The ridge strength nearest to t steps")


def _distances(stage: Stage, drawn: _Drawn, place: Span) -> None:
    t, series = drawn.found.steps, _series(drawn, stage.theme)
    for values, color, dash, name in series:
        hover = f"{name}<br>t = %{{x}}: %{{y:.3g}}"
        stage.draw(line(t, values, color, "3", width=3, dash=dash, name=name, hover=hover))
    low, high = 10.0 ** np.array(NEAR)
    heads = np.stack([values for values, *_ in series], axis=1)
    mark = marks(None, None, [color for _, color, _, _ in series], "3", name="distances now")
    at = np.repeat(t[:, None], len(series), axis=1)
    stage.move(cursor(t, (low, high), "3", stage.theme), moved(mark, at, heads))
    heading = "Distance to ridge; dashed: nearest"
    stage.panel("3", place, _across(drawn.found), log_axis(*NEAR), heading)


def _series(drawn: _Drawn, theme: Theme) -> list[tuple[np.ndarray, str, str, str]]:
    found, target = drawn.found, drawn.target
    length = float(np.linalg.norm(found.full)) or 1.0
    return [
        (np.maximum(found.difference, FLOOR), theme.hue(RIDGE), "13px,4px", APART[0]),
        (_apart(found.stopped, target, length), of_descent(theme), "solid", APART[1]),
        (_apart(drawn.decayed, target, length), theme.hue(DECAYED), "3px,3px", APART[2]),
    ]


def _apart(w: np.ndarray, target: np.ndarray, length: float) -> np.ndarray:
    return np.maximum(np.linalg.norm(w - target, axis=1) / length, FLOOR)


def _box(found: EarlyStopping) -> Box:
    """A square about 0 and least squares, and all ways between that do not go past it.

    Its size and its place go by steps, so that it stays where it is while least squares moves a little.
    """
    half = float(2 ** (np.ceil(2 * np.log2(0.6 * max(float(np.linalg.norm(found.full)), 1e-3))) / 2))
    x, y = (half / 4 * np.round(found.full / 2 / (half / 4))).tolist()
    return (x - half, x + half), (y - half, y + half)


def _across(found: EarlyStopping) -> Trace:
    return {**log_axis(-0.06, float(np.log10(found.steps[-1])) + 0.06), "title": title("steps t")}


def captions(found: EarlyStopping, lr: float) -> list[str]:
    """For each number of steps the strength it amounts to, and how well."""
    return [
        f"{t:,} step{'s end' if t > 1 else ' ends'} nearest to ridge with λ = {short(s)}, "
        + (f"{percent(d)} of least squares' length away." if d > ROUNDING else "the same to rounding.")
        + f" The rule 1/(ηt) says {short(1 / (lr * t))}."
        for t, s, d in zip(found.steps, found.strengths, found.difference, strict=True)
    ]


def alternative(found: EarlyStopping, lr: float) -> str:
    """The stage in words."""
    k = int(np.argmax(found.difference))
    middle = len(found.steps) // 2
    return (
        f"Gradient descent stopped after 1 to {found.steps[-1]:,} steps beside ridge: {captions(found, lr)[middle]} "
        f"They are furthest apart, {percent(found.difference[k])} of least squares, after "
        f"{counted(int(found.steps[k]), 'step')}."
    )
