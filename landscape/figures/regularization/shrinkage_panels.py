"""Beside the map: weights and curvatures against the strength."""

import numpy as np

from landscape.figures.kit.layouts import Arrangement
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.figures.regularization.common import title
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage

HUES = ("indigo", "crimson")
DASHES = ("solid", "13px,4px")
CURVATURES = "Curvatures of the sum; dashed: H + λI"


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
    colors = [theme.hue(each) for each in HUES]
    for j, (name, color, dash) in enumerate(zip(WEIGHTS, colors, DASHES, strict=True)):
        hover = f"λ = %{{x:.4g}}<br>{name} = %{{y:.4g}}"
        stage.draw(line(s, found.w[:, j], color, "2", width=3, dash=dash, name=name, hover=hover, legend=True))
        if 0 < found.zero_from[j] < np.inf:
            hover = f"{name} is exactly 0 from λ = {found.zero_from[j]:.4g}"
            at = found.zero_from[j : j + 1]
            stage.draw(marks(at, [0.0], color, "2", symbol="x", size=12, name=hover, hover=hover))
    now = marks(None, None, colors, "2", name="weights at λ")
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
