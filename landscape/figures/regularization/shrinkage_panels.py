"""Beside the map: weights and curvatures against the strength."""

import numpy as np

from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Arrangement
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import pair
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage

CURVATURES = "Curvatures (dotted: with ridge)"


def draw_panels(stage: Stage, found: Shrinkage, place: Arrangement) -> None:
    """The two panels, which are Plotly's second and third."""
    strength: Trace = {"range": linear_range(found.strengths, room=0.015), "nticks": 7}
    _weights(stage, found)
    stage.panel("2", place["weights"], strength, {"range": linear_range(found.w)}, "Weights")
    _curvature(stage, found)
    up = {"range": linear_range(found.ridge, found.eigenvalues, [0.0])}
    stage.panel("3", place["eigenvalues"], {**strength, "title": title("strength λ")}, up, CURVATURES)


def _weights(stage: Stage, found: Shrinkage) -> None:
    theme, s = stage.theme, found.strengths
    stage.draw(line([0, s[-1]], [0, 0], theme.ink, "2", width=1, name="zero"))
    looks = pair(theme)
    for j, (name, look) in enumerate(zip(WEIGHTS, looks, strict=True)):
        hover = f"λ = %{{x:.4g}}<br>{name} = %{{y:.4g}}"
        stage.draw(
            line(s, found.w[:, j], look.color, "2", width=3, dash=look.dash, name=name, hover=hover, legend=True)
        )
        if 0 < found.zero_from[j] < np.inf:
            hover = f"{name} is exactly 0 from λ = {found.zero_from[j]:.4g}"
            at = found.zero_from[j : j + 1]
            stage.draw(marks(at, [0.0], look.color, "2", symbol="x", size=12, name=hover, hover=hover))
    symbols: Trace = {"symbol": [look.marker for look in looks], "name": "weights at λ"}
    now = marks(None, None, [look.color for look in looks], "2", **symbols)
    stage.move(
        cursor(s, linear_range(found.w, np.zeros(1)), "2", theme), moved(now, np.repeat(s[:, None], 2, 1), found.w)
    )


def _curvature(stage: Stage, found: Shrinkage) -> None:
    s, ink = found.strengths, stage.theme.ink
    shown = (
        (found.ridge, stage.theme.faint, "4px,3px", "ridge: H + λI"),
        (found.eigenvalues, ink, "solid", "this sum"),
    )
    for values, color, dash, name in shown:
        for j in range(2):
            hover = f"{name}<br>λ = %{{x:.4g}}<br>curvature = %{{y:.4g}}"
            stage.draw(line(s, values[:, j], color, "3", dash=dash, name=name, hover=hover))
    stage.move(
        moved(marks(None, None, ink, "3", name="curvatures at λ"), np.repeat(s[:, None], 2, 1), found.eigenvalues)
    )
