"""Below and beside the two maps: weights, curvatures and condition number against the strength."""

import numpy as np

from landscape.figures.kit.layouts import Arrangement
from landscape.figures.kit.ranges import linear_range, log_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.figures.regularization.common import title
from landscape.figures.regularization.shrinkage_curves import condition_number
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage

COLORS = ("#0072B2", "#E69F00")
DASHES = ("solid", "13px,4px")


def draw_panels(stage: Stage, found: Shrinkage, place: Arrangement) -> None:
    """The three panels, which are Plotly's third to fifth."""
    strength: Trace = {"range": linear_range(found.strengths, room=0.015), "nticks": 7}
    _weights(stage, found)
    up = {"range": linear_range(found.w)}
    stage.panel("3", place["weights"], {**strength, "title": title("strength λ")}, up, "Weights")
    _curvature(stage, found)
    few = {**strength, "nticks": 4}
    up = {"range": linear_range(found.ridge, found.eigenvalues, [0.0])}
    stage.panel("4", place["eigenvalues"], few, up, "Curvatures, dashed: H + λI")
    conditions = np.concatenate([condition_number(found.ridge), condition_number(found.eigenvalues)])
    log = {"type": "log", "range": log_range(conditions[conditions < 1e14], np.ones(1)), "nticks": 5}
    stage.panel("5", place["condition"], {**few, "title": title("strength λ")}, log, "Condition number")


def _weights(stage: Stage, found: Shrinkage) -> None:
    theme, s = stage.theme, found.strengths
    stage.draw(line([0, s[-1]], [0, 0], theme.ink, "3", width=1, name="zero"))
    for j, (name, color, dash) in enumerate(zip(WEIGHTS, COLORS, DASHES, strict=True)):
        hover = f"λ = %{{x:.4g}}<br>{name} = %{{y:.4g}}"
        stage.draw(line(s, found.w[:, j], color, "3", width=3, dash=dash, name=name, hover=hover, legend=True))
        if 0 < found.zero_from[j] < np.inf:
            hover = f"{name} is exactly 0 from λ = {found.zero_from[j]:.4g}"
            at = found.zero_from[j : j + 1]
            stage.draw(marks(at, [0.0], color, "3", symbol="x", size=12, name=hover, hover=hover))
    now = marks(None, None, list(COLORS), "3", name="weights at λ")
    stage.move(
        cursor(s, linear_range(found.w, np.zeros(1)), "3", theme), moved(now, np.repeat(s[:, None], 2, 1), found.w)
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
            stage.draw(line(s, values[:, j], color, "4", dash=dash, name=name, hover=hover))
        hover = f"{name}<br>λ = %{{x:.4g}}<br>condition number = %{{y:.4g}}"
        stage.draw(line(s, condition_number(values), color, "5", dash=dash, name=name, hover=hover))
    stage.move(
        moved(marks(None, None, ink, "4", name="curvatures at λ"), np.repeat(s[:, None], 2, 1), found.eigenvalues)
    )
    # A marker that is not on the panel at first would not be there to move.
    condition = np.minimum(condition_number(found.eigenvalues), 1e15)
    stage.move(moved(marks(None, None, ink, "5", name="condition at λ"), s[:, None], condition[:, None]))
