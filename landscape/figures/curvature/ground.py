"""The map that every stage of curvature has: contours without a colour bar, stationary points and the start."""

import numpy as np

from landscape.domain import Landscape
from landscape.figures.kit import terrain
from landscape.figures.kit.landmarks import flags, stationary
from landscape.figures.kit.room import Room
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on, point_marks
from landscape.theory.stationary import StationaryPoints


def mapped(
    surface: Landscape,
    points: StationaryPoints,
    start: np.ndarray,
    size: int,
    theme: Theme,
    room: Room,
    panel: str | None = None,
) -> list[Trace]:
    """The map's traces; start (1, 2), and `size` that of its mark. What lies on the map is in `room` already."""
    ground = terrain.contour(terrain.survey(surface, surface.domain), theme, surface.title, {})
    ground["showscale"] = False
    room.mark(start, size)
    room.callout(start[0])
    lowest = flags(surface, room, theme)
    traces = [
        ground,
        *stationary(points, surface, room, theme),
        *lowest,
        point_marks(start, "start", "circle-open-dot", size, theme),
    ]
    return traces if panel is None else [{**trace, **on(panel)} for trace in traces]
