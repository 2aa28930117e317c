"""Two weights under a penalty: the ball that a level curve of the loss touches, the sum that has its minimum there, and
the weights and the curvature against strength, all moved by one strength."""

from dataclasses import dataclass

import numpy as np

from landscape.figures.kit import terrain
from landscape.figures.kit.animated import AnimatedFigure, packed
from landscape.figures.kit.parts import Span, Trace, heading
from landscape.figures.kit.style import Theme
from landscape.figures.regularization.sheet import (
    Sheet,
    around,
    line,
    linear_range,
    log_range,
    marks,
    panel_axes,
    sheet_layout,
    strokes,
    title,
    xy,
)
from landscape.objective import Objective
from landscape.regularization.penalties import Registered
from landscape.regularization.report import WEIGHTS, short
from landscape.regularization.shrinkage import Shrinkage, level_curves

COLORS = ("#0072B2", "#E69F00")
DASHES = ("solid", "13px,4px")
BALL, SUM = "#D55E00", "#CC3F8F"
# Level curves of the sum, as shares of the height of the loss at 0 above its minimum.
SHARES = (0.06, 0.3, 0.9)
RAYS = 60
LATTICE = 81


@dataclass(frozen=True)
class Curves:
    """The closed curves of each frame, one a strength.

    touching  (k, points, 2)          of the loss, through the penalised minimum
    ball      (k, points, 2)          the edge of the constraint
    total     (k, shares, points, 2)  of the sum, about its minimum
    """

    touching: np.ndarray
    ball: np.ndarray
    total: np.ndarray


def curves(loss: Objective, unit: Registered, found: Shrinkage) -> Curves:
    """The curves of loss + strength * unit, a penalty of strength 1, for every strength."""
    reach = 4 * float(np.ptp(box(found), axis=1).max())
    free, w, strength = found.w[0], found.w, found.strengths[:, None, None]

    def total(x: np.ndarray) -> np.ndarray:
        return loss.value(x) + strength * unit.value(x)

    height = loss.value(np.zeros(2)) - found.loss[0]
    levels = (found.loss + found.strengths * found.size)[:, None] + height * np.array(SHARES)
    return Curves(
        level_curves(loss.value, free + np.zeros((len(w), 2)), found.loss, reach, RAYS),
        level_curves(unit.value, np.zeros((len(w), 2)), found.size, reach, RAYS),
        level_curves(total, w[:, None] + np.zeros((len(SHARES), 1)), levels, reach, RAYS),
    )


def box(found: Shrinkage) -> np.ndarray:
    """The part of the plane that is drawn, a square about 0 and every minimum, ((x_low, x_high), (y_low, y_high))."""
    low, high = np.minimum(found.w.min(axis=0), 0.0), np.maximum(found.w.max(axis=0), 0.0)
    half = 0.75 * max(float((high - low).max()), 1e-3)
    return np.stack([(low + high) / 2 - half, (low + high) / 2 + half], axis=1)


@dataclass(frozen=True)
class Arrangement:
    ball: Span
    total: Span
    weights: Span
    eigenvalues: Span
    condition: Span


WIDE = Arrangement(
    ([0.0, 0.335], [0.38, 1.0]),
    ([0.355, 0.69], [0.38, 1.0]),
    ([0.0, 0.69], [0.0, 0.2]),
    ([0.775, 1.0], [0.58, 1.0]),
    ([0.775, 1.0], [0.0, 0.4]),
)
NARROW = Arrangement(
    ([0.0, 1.0], [0.76, 1.0]),
    ([0.0, 1.0], [0.46, 0.7]),
    ([0.0, 1.0], [0.3, 0.39]),
    ([0.0, 1.0], [0.15, 0.24]),
    ([0.0, 1.0], [0.0, 0.09]),
)


def shrinkage_stage(
    loss: Objective,
    unit: Registered,
    found: Shrinkage,
    drawn: Curves,
    theme: Theme,
    *,
    names: tuple[str, str],
    narrow: bool = False,
    height: int = 500,
) -> AnimatedFigure:
    """The linked picture; a frame a strength.

    unit     the penalty at strength 1
    names    what the two columns are
    narrow   stack the panels, for a phone
    """
    place = NARROW if narrow else WIDE
    sheet = Sheet()
    _ball_map(sheet, loss, found, drawn, theme)
    _sum_map(sheet, loss, unit, found, drawn, theme)
    _weights(sheet, found, theme)
    _curvature(sheet, found, theme)
    titles = [
        heading("Loss, and the ball it touches", place.ball),
        heading("Loss + λ · penalty, and its minimum", place.total),
        heading("Weights", place.weights),
        heading("Curvatures, dashed: H + λI", place.eigenvalues),
        heading("Condition number", place.condition),
    ]
    layout = sheet_layout(
        theme,
        _axes(found, theme, place, names),
        titles,
        height,
        110 if narrow else 60,
        uirevision=f"shrinkage {narrow}",
    )
    labels = [f"λ = {short(s)}" for s in found.strengths]
    return sheet.figure(layout, found.strengths.tolist(), "λ", labels, captions(found))


def _ground(loss: Objective, found: Shrinkage) -> terrain.Terrain:
    return terrain.survey(loss, around(*box(found).T), LATTICE)


def _ball_map(sheet: Sheet, loss: Objective, found: Shrinkage, drawn: Curves, theme: Theme) -> None:
    ground = terrain.contour(_ground(loss, found), theme, "loss", {})
    del ground["colorbar"]
    sheet.draw({**ground, "showscale": False, "name": "loss"})
    _common(sheet, found, theme, "")
    sheet.move(
        line(None, None, theme.ink, width=2.5, name="loss through the minimum", legend=True),
        *xy(drawn.touching),
    )
    sheet.move(line(None, None, BALL, width=4, dash="13px,4px", name="ball: penalty ≤ t", legend=True), *xy(drawn.ball))
    _head(sheet, found, "")


def _sum_map(sheet: Sheet, loss: Objective, unit: Registered, found: Shrinkage, drawn: Curves, theme: Theme) -> None:
    sheet.draw(_outline(_ground(loss, found), theme.faint, "2"))
    radii = unit.value(np.max(np.abs(box(found))) * np.array([[0.25, 0.0], [0.55, 0.0], [0.9, 0.0]]))
    rings = level_curves(unit.value, np.zeros((3, 2)), radii, 4 * float(np.abs(box(found)).max()), RAYS)
    sheet.draw(line(*strokes(rings), BALL, "2", width=1.2, dash="3px,3px", name="penalty", legend=True))
    _common(sheet, found, theme, "2")
    for j in range(drawn.total.shape[1]):
        stroke = line(None, None, SUM, "2", width=3, name="loss + λ · penalty", legend=j == 0)
        sheet.move(stroke, drawn.total[:, j, :, 0], drawn.total[:, j, :, 1])
    _head(sheet, found, "2")


def _outline(ground: terrain.Terrain, color: str, panel: str) -> Trace:
    """The loss's level curves alone, a few and thin."""
    z = ground.height(ground.f)
    return {
        "type": "contour",
        "x": packed(ground.x.astype("f4")),
        "y": packed(ground.y.astype("f4")),
        "z": packed(z.astype("f4")),
        "contours": {"coloring": "none"},
        "ncontours": 9,
        "line": {"width": 1, "color": color},
        "showscale": False,
        "hoverinfo": "skip",
        "showlegend": False,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "name": "loss alone",
    }


def _common(sheet: Sheet, found: Shrinkage, theme: Theme, panel: str) -> None:
    """The axes through 0, where weights are zero, the loss's own minimum, and the way from there."""
    (x_low, x_high), (y_low, y_high) = box(found) * 3
    cross = np.array([[[x_low, 0.0], [x_high, 0.0]], [[0.0, y_low], [0.0, y_high]]])
    sheet.draw(line(*strokes(cross), theme.ink, panel, width=1, name="a weight is zero"))
    where = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
    w = found.w
    sheet.trail(line(w[:, 0], w[:, 1], COLORS[0], panel, width=3.5, name="minimum as λ grows", hover=where))
    sheet.draw(
        marks(
            *xy(w[:1]),
            theme.ink,
            panel,
            symbol="star",
            size=15,
            edge=theme.paper,
            name="λ = 0",
            hover=f"λ = 0<br>{where}",
        )
    )


def _head(sheet: Sheet, found: Shrinkage, panel: str) -> None:
    head = marks(None, None, COLORS[0], panel, size=15, edge="white", name="minimum at λ")
    sheet.move(head, found.w[:, :1], found.w[:, 1:])


def _weights(sheet: Sheet, found: Shrinkage, theme: Theme) -> None:
    low, high = linear_range(found.w, np.zeros(1))
    sheet.draw(line([0, found.strengths[-1]], [0, 0], theme.ink, "3", width=1, name="zero"))
    for j, (name, color, dash) in enumerate(zip(WEIGHTS, COLORS, DASHES, strict=True)):
        hover = f"λ = %{{x:.4g}}<br>{name} = %{{y:.4g}}"
        sheet.draw(
            line(found.strengths, found.w[:, j], color, "3", width=3, dash=dash, name=name, hover=hover, legend=True)
        )
        if 0 < found.zero_from[j] < np.inf:
            hover = f"{name} is exactly 0 from λ = {found.zero_from[j]:.4g}"
            sheet.draw(
                marks(found.zero_from[j : j + 1], [0.0], color, "3", symbol="x", size=12, name=hover, hover=hover)
            )
    sheet.cursor(found.strengths, (low, high), "3", theme)
    sheet.move(
        marks(None, None, list(COLORS), "3", name="weights at λ"), np.repeat(found.strengths[:, None], 2, 1), found.w
    )


def _curvature(sheet: Sheet, found: Shrinkage, theme: Theme) -> None:
    s = found.strengths
    shown = (
        (found.ridge, theme.faint, "4px,3px", "ridge: H + λI"),
        (found.eigenvalues, theme.ink, "solid", "this sum"),
    )
    for values, color, dash, name in shown:
        for j in range(2):
            hover = f"{name}<br>λ = %{{x:.4g}}<br>curvature = %{{y:.4g}}"
            sheet.draw(line(s, values[:, j], color, "4", dash=dash, name=name, hover=hover))
        condition = condition_number(values)
        hover = f"{name}<br>λ = %{{x:.4g}}<br>condition number = %{{y:.4g}}"
        sheet.draw(line(s, condition, color, "5", dash=dash, name=name, hover=hover))
    condition = condition_number(found.eigenvalues)
    sheet.move(
        marks(None, None, theme.ink, "4", name="curvatures at λ"), np.repeat(s[:, None], 2, 1), found.eigenvalues
    )
    # A marker that is not on the panel at first would not be there to move.
    sheet.move(
        marks(None, None, theme.ink, "5", name="condition at λ"), s[:, None], np.minimum(condition, 1e15)[:, None]
    )


def condition_number(eigenvalues: np.ndarray) -> np.ndarray:
    """The largest eigenvalue over the smallest, (..., n) -> (...); inf where the smallest is 0 to rounding."""
    low, high = eigenvalues[..., 0], eigenvalues[..., -1]
    flat = low <= 1e-14 * high
    return np.where(flat, np.inf, high / np.where(flat, 1.0, low))


def _axes(found: Shrinkage, theme: Theme, place: Arrangement, names: tuple[str, str]) -> dict[str, dict]:
    (x_low, x_high), (y_low, y_high) = box(found).tolist()
    across = {"range": [x_low, x_high], "title": title(_axis("w₁", names[0])), "nticks": 6}
    up = {"range": [y_low, y_high], "title": title(_axis("w₂", names[1]), 2), "nticks": 6}
    strength = {"range": linear_range(found.strengths, room=0.015), "nticks": 7}
    ridge, own = found.ridge, found.eigenvalues
    conditions = np.concatenate([condition_number(ridge), condition_number(own)])
    axes = {
        **panel_axes("", place.ball, theme, across, {**up, "scaleanchor": "x"}),
        **panel_axes("2", place.total, theme, {**across, "matches": "x"}, {**up, "matches": "y"}),
        **panel_axes(
            "3", place.weights, theme, {**strength, "title": title("strength λ")}, {"range": linear_range(found.w)}
        ),
        **panel_axes(
            "4", place.eigenvalues, theme, {**strength, "nticks": 4}, {"range": linear_range(ridge, own, [0.0])}
        ),
        **panel_axes(
            "5",
            place.condition,
            theme,
            {**strength, "nticks": 4, "title": title("strength λ")},
            {"type": "log", "range": log_range(conditions[conditions < 1e14], np.ones(1)), "nticks": 5},
        ),
    }
    if place is WIDE:
        axes["yaxis2"] |= {"showticklabels": False, "title": title("")}
    return axes


def _axis(weight: str, name: str) -> str:
    return f"{weight}, {name}" if name else weight


def captions(found: Shrinkage) -> list[str]:
    """For each strength: where the minimum is, and which weights are exactly zero and since when."""
    return [
        f"w = ({_signed(w[0])}, {_signed(w[1])}), ball of size t = {t:.3g}. {zeros(found, k)}"
        for k, (w, t) in enumerate(zip(found.w, found.size, strict=True))
    ]


def _signed(value: float) -> str:
    return "0" if value == 0 else f"{value:.3f}"


def zeros(found: Shrinkage, k: int) -> str:
    """Which weights are exactly zero at the k-th strength, in words."""
    parts = [
        f"{name} is exactly 0" + (f" since λ = {since:.3g}" if found.strengths[k] >= since > 0 else "")
        for name, value, since in zip(WEIGHTS, found.w[k], found.zero_from, strict=True)
        if value == 0
    ]
    return " and ".join(parts) + "." if parts else "Neither weight is zero."


def alternative(found: Shrinkage, loss: str, penalty: str) -> str:
    """The stage in words."""
    start, end = found.w[0], found.w[-1]
    ends = [
        f"{name} is exactly zero from λ = {at:.3g} on" if at < np.inf else f"{name} never becomes zero"
        for name, at in zip(WEIGHTS, found.zero_from, strict=True)
    ]
    return (
        f"{loss}, penalty {penalty}: as λ grows from 0 to {found.strengths[-1]:.3g} the minimum moves from "
        f"({start[0]:.3g}, {start[1]:.3g}) to ({end[0]:.3g}, {end[1]:.3g}); {'; '.join(ends)}."
    )
