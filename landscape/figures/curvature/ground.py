"""The map that every stage of curvature has: contours without a colour bar, stationary points and the start."""

import numpy as np

from landscape.domain import Landscape
from landscape.figures.kit import terrain
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on, point_marks
from landscape.theory.stationary import StationaryPoints


def mapped(
    surface: Landscape, points: StationaryPoints, start: np.ndarray, size: int, theme: Theme, panel: str | None = None
) -> list[Trace]:
    """The map's traces; start (1, 2), and `size` that of its mark."""
    ground = terrain.contour(terrain.survey(surface, surface.domain), theme, surface.title, {})
    ground["showscale"] = False
    traces = [ground, *terrain.marks(points, theme), point_marks(start, "start", "circle-open-dot", size, theme)]
    return traces if panel is None else [{**trace, **on(panel)} for trace in traces]
