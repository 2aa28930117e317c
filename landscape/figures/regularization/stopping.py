"""Early stopping beside ridge and weight decay: where each is after t steps, and which strength that amounts to."""

import numpy as np

from landscape.figures.kit import terrain
from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.parts import Span, heading
from landscape.figures.kit.style import COLORS, DASHES, Theme
from landscape.figures.regularization.sheet import (
    Sheet,
    around,
    line,
    linear_range,
    log_range,
    marks,
    panel_axes,
    sheet_layout,
    title,
    xy,
)
from landscape.objective import Objective
from landscape.regularization.early_stopping import EarlyStopping
from landscape.regularization.report import short

STOPPED, RIDGE, DECAYED = "#0072B2", "#D55E00", "#009E73"
FLOOR = 1e-12
LATTICE = 81

WIDE: tuple[Span, Span, Span] = (
    ([0.0, 0.5], [0.0, 1.0]),
    ([0.6, 1.0], [0.59, 1.0]),
    ([0.6, 1.0], [0.0, 0.4]),
)
NARROW: tuple[Span, Span, Span] = (
    ([0.0, 1.0], [0.55, 1.0]),
    ([0.0, 1.0], [0.29, 0.45]),
    ([0.0, 1.0], [0.0, 0.17]),
)


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
    narrow: bool = False,
    height: int = 500,
) -> AnimatedFigure:
    """A frame a number of steps.

    decayed  (T, p)  gradient descent with weight decay after as many steps     target  (p,)  ridge at that strength
    loss     drawn as a map where there are two weights; otherwise the coefficients are drawn against steps
    names    of the weights
    """
    place = NARROW if narrow else WIDE
    sheet = Sheet()
    if loss is None:
        _coefficients(sheet, found, names, theme)
        axes = _coefficient_axes(found, theme, place[0])
    else:
        _map(sheet, loss, found, decayed, target, decay, theme)
        axes = _map_axes(found, theme, place[0], names)
    _strengths(sheet, found, lr, decay, theme)
    _distances(sheet, found, decayed, target, decay, theme)
    left = "Coefficients, dotted: the ridge nearest" if loss is None else "From 0 to least squares, three ways"
    titles = [
        heading(left, place[0]),
        heading("The ridge strength nearest to t steps", place[1]),
        heading(f"Distance to ridge at {short(decay)}; dashed: to the nearest", place[2]),
    ]
    layout = sheet_layout(
        theme,
        axes | _curve_axes(found, decayed, target, lr, decay, theme, place),
        titles,
        height,
        150 if narrow else 60,
        uirevision=f"stopping {narrow} {loss is None}",
    )
    labels = [f"step {t:,}" for t in found.steps]
    # The paths on the map begin at 0, before the first step.
    reached = list(range(1, len(found.steps) + 1))
    return sheet.figure(layout, found.steps.tolist(), "steps", labels, captions(found, lr), reached)


def _map(
    sheet: Sheet,
    loss: Objective,
    found: EarlyStopping,
    decayed: np.ndarray,
    target: np.ndarray,
    decay: float,
    theme: Theme,
) -> None:
    wider = around(*np.array(_box(found)).T)
    ground = terrain.contour(terrain.survey(loss, wider, LATTICE), theme, "loss", {})
    del ground["colorbar"]
    sheet.draw({**ground, "showscale": False})
    where = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
    way = np.concatenate([[[0.0, 0.0]], found.ridge])
    sheet.draw(line(*xy(way), RIDGE, width=3, dash="13px,4px", name="ridge", hover=f"ridge<br>{where}", legend=True))
    for path, color, dash, name in (
        (found.stopped, STOPPED, "solid", "gradient descent, stopped"),
        (decayed, DECAYED, "3px,3px", f"with weight decay {decay:.3g}"),
    ):
        way = np.concatenate([np.zeros((1, 2)), path])
        sheet.trail(line(*xy(way), color, width=3.5, dash=dash, name=name, hover=f"{name}<br>{where}", legend=True))
    sheet.draw(
        marks([0.0], [0.0], theme.ink, symbol="circle-open-dot", size=14, edge=theme.ink, name="start"),
        marks(
            target[:1],
            target[1:],
            RIDGE,
            symbol="x",
            size=13,
            name="ridge at the decay",
            hover=f"ridge, λ = {decay:.3g}",
        ),
    )
    between = np.stack([found.stopped, found.ridge], axis=1)
    sheet.move(line(None, None, theme.ink, width=2, name="difference"), between[..., 0], between[..., 1])
    heads = np.stack([found.ridge, decayed, found.stopped], axis=1)
    mark = marks(None, None, [RIDGE, DECAYED, STOPPED], symbol=["square", "diamond", "circle"], size=13, name="heads")
    sheet.move(mark, heads[..., 0], heads[..., 1])


def _coefficients(sheet: Sheet, found: EarlyStopping, names: tuple[str, ...], theme: Theme) -> None:
    t = found.steps
    sheet.draw(line(t[[0, -1]], [0, 0], theme.faint, width=1, name="zero"))
    for j, name in enumerate(names):
        color, hover = COLORS[j % 12], f"{name}<br>t = %{{x}}<br>%{{y:.4g}}"
        stopped = line(t, found.stopped[:, j], color, dash=DASHES[j % 5], name=name, hover=hover, legend=True)
        sheet.draw(stopped, line(t, found.ridge[:, j], color, width=2, dash="2px,3px", name=f"{name}, ridge"))
    sheet.cursor(t, linear_range(found.stopped, found.ridge), "", theme)
    heads = marks(None, None, [COLORS[j % 12] for j in range(len(names))], name="heads")
    sheet.move(heads, np.repeat(t[:, None], len(names), axis=1), found.stopped)


def _strengths(sheet: Sheet, found: EarlyStopping, lr: float, decay: float, theme: Theme) -> None:
    t = found.steps
    rule = 1 / (lr * t)
    hover = "t = %{x}<br>λ = %{y:.4g}"
    span = _strength_span(found, lr, decay)
    sheet.draw(
        line(t, rule, theme.faint, "2", dash="4px,3px", name="1/(ηt)", hover=f"1/(ηt)<br>{hover}", legend=True),
        line(t, found.strengths, RIDGE, "2", width=3, dash="13px,4px", name="nearest λ", hover=hover),
        line(t[[0, -1]], [decay, decay], DECAYED, "2", width=2, dash="3px,3px", name="decay"),
    )
    sheet.cursor(t, span, "2", theme)
    sheet.move(marks(None, None, RIDGE, "2", symbol="square", name="λ now"), t[:, None], found.strengths[:, None])


def _distances(
    sheet: Sheet, found: EarlyStopping, decayed: np.ndarray, target: np.ndarray, decay: float, theme: Theme
) -> None:
    t = found.steps
    for values, color, dash, name in _series(found, decayed, target, decay):
        sheet.draw(
            line(t, values, color, "3", width=3, dash=dash, name=name, hover=f"{name}<br>t = %{{x}}: %{{y:.3g}}")
        )
    low, high = 10.0 ** np.array(_distance_range(found, decayed, target, decay))
    sheet.cursor(t, (low, high), "3", theme)
    series = _series(found, decayed, target, decay)
    heads = np.stack([values for values, *_ in series], axis=1)
    mark = marks(None, None, [color for _, color, _, _ in series], "3", name="distances now")
    sheet.move(mark, np.repeat(t[:, None], len(series), axis=1), heads)


def _series(
    found: EarlyStopping, decayed: np.ndarray, target: np.ndarray, decay: float
) -> list[tuple[np.ndarray, str, str, str]]:
    length = float(np.linalg.norm(found.full)) or 1.0
    return [
        (np.maximum(found.difference, FLOOR), RIDGE, "13px,4px", "stopped, to the nearest ridge"),
        (_apart(found.stopped, target, length), STOPPED, "solid", f"stopped, to ridge at {decay:.3g}"),
        (_apart(decayed, target, length), DECAYED, "3px,3px", f"decayed, to ridge at {decay:.3g}"),
    ]


def _apart(w: np.ndarray, target: np.ndarray, length: float) -> np.ndarray:
    return np.maximum(np.linalg.norm(w - target, axis=1) / length, FLOOR)


def _box(found: EarlyStopping) -> terrain.Box:
    points = np.concatenate([found.stopped, found.ridge, np.zeros((1, 2))])
    low, high = points.min(axis=0), points.max(axis=0)
    half = 0.62 * max(float((high - low).max()), 1e-3)
    middle = (low + high) / 2
    return (float(middle[0] - half), float(middle[0] + half)), (float(middle[1] - half), float(middle[1] + half))


def _map_axes(found: EarlyStopping, theme: Theme, place: Span, names: tuple[str, ...]) -> dict[str, dict]:
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(("w₁", "w₂"), names, strict=True))
    (x_low, x_high), (y_low, y_high) = _box(found)
    across = {"range": [x_low, x_high], "title": title(x)}
    return panel_axes("", place, theme, across, {"range": [y_low, y_high], "scaleanchor": "x", "title": title(y, 2)})


def _coefficient_axes(found: EarlyStopping, theme: Theme, place: Span) -> dict[str, dict]:
    return panel_axes("", place, theme, _across(found), {"range": linear_range(found.stopped, found.ridge)})


def _across(found: EarlyStopping) -> dict:
    ticks = {"dtick": 1, "exponentformat": "power", "tickfont": {"size": 11}}
    return {"type": "log", "range": log_range(found.steps, room=0.02), **ticks, "title": title("steps t")}


def _strength_span(found: EarlyStopping, lr: float, decay: float) -> tuple[float, float]:
    # Past convergence the nearest strength is 0, which a log axis cannot show.
    lowest = 1 / (lr * found.steps[-1])
    low, high = log_range(np.maximum(found.strengths, 1e-3 * lowest), 1 / (lr * found.steps), np.array([decay]))
    return float(10**low), float(10**high)


def _distance_range(found: EarlyStopping, decayed: np.ndarray, target: np.ndarray, decay: float) -> list[float]:
    values = np.concatenate([values for values, *_ in _series(found, decayed, target, decay)])
    return log_range(np.maximum(values, 1e-6), room=0.04)


def _curve_axes(
    found: EarlyStopping,
    decayed: np.ndarray,
    target: np.ndarray,
    lr: float,
    decay: float,
    theme: Theme,
    place: tuple[Span, Span, Span],
) -> dict[str, dict]:
    power = {"type": "log", "exponentformat": "power", "dtick": 1, "tickfont": {"size": 11}}
    span = np.log10(_strength_span(found, lr, decay)).tolist()
    apart = _distance_range(found, decayed, target, decay)
    return {
        **panel_axes(
            "2",
            place[1],
            theme,
            {**_across(found), "title": title("")},
            {**power, "range": span, "title": title("λ", 2)},
        ),
        **panel_axes("3", place[2], theme, _across(found), {**power, "range": apart}),
    }


def captions(found: EarlyStopping, lr: float) -> list[str]:
    """For each number of steps the strength it amounts to, and how well."""
    return [
        f"{t:,} steps amount to λ = {short(s)}, by the rule 1/(ηt) to {short(1 / (lr * t))}; "
        f"the two differ by {100 * d:.2g} % of least squares."
        for t, s, d in zip(found.steps, found.strengths, found.difference, strict=True)
    ]


def alternative(found: EarlyStopping, lr: float) -> str:
    """The stage in words."""
    k = int(np.argmax(found.difference))
    middle = len(found.steps) // 2
    return (
        f"Gradient descent stopped after 1 to {found.steps[-1]} steps beside ridge: {captions(found, lr)[middle]} "
        f"They are furthest apart, {100 * found.difference[k]:.2g} % of least squares, after {found.steps[k]} steps."
    )
