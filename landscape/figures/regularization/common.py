"""What stages of regularization have in common: their margins, their legend and the ground of a loss."""

import numpy as np

from landscape.figures.kit import axes, terrain
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.objective import Objective

BOTTOM = 50
# How far the ground of a loss goes on beyond what is drawn, so that a hand may take it along.
BEYOND = (0.9, 0.6)


def framed(theme: Theme, height: int, top: int, revision: str, alt: str) -> Stage:
    """A stage of nothing yet; `top` is the room for legend and headings, in pixels."""
    above = 1 + 24 / (height - top - BOTTOM)
    # Entries of a group stand as near to others as all do.
    legend = axes.legend(above, 14, tracegroupgap=0)
    return Stage(theme, height=height, revision=revision, alt=alt, margin=(52, top, 12, BOTTOM), legend=legend)


def draw_ground(stage: Stage, loss: Objective, box: np.ndarray, lattice: int) -> None:
    """The terrain of a loss of two weights, for a panel that shows a box, ((x_low, x_high), (y_low, y_high))."""
    low, high = box.T
    survey = terrain.survey(loss, axes.around(low, high, BEYOND), lattice)
    ground = terrain.contour(survey, stage.theme, "loss", {})
    del ground["colorbar"]
    stage.draw({**ground, "showscale": False, "name": "loss"})
