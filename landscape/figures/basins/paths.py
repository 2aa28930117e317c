"""A method's path over its fate map, from a start that a pointer chooses."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from landscape.descent.descend import Trajectory
from landscape.descent.recorded import RecordedRace
from landscape.domain import Landscape
from landscape.figures.descent.hold import START_NAMES, descent, hold_start, run_along
from landscape.figures.kit.meta import Descent
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.traces import line, marks

# On a map of many colours a path is dark, on a light edge.
INK, EDGE = "#10151c", "#ffffff"


class Paths(NamedTuple):
    """Runs from one start, by optimizer key, and what a browser needs to run them from another."""

    start: np.ndarray
    runs: Mapping[str, Trajectory]
    recorded: RecordedRace


def lay(paths: Paths, maps: Iterable[str], surface: Landscape, stage: Stage) -> None:
    """Draw each path on the panel of its map, in the order of the maps, and let it follow a pointer on any of them."""
    hold_start(stage, paths.start, surface.domain)
    descents: list[Descent] = []
    for i, key in enumerate(maps):
        panel, x = "" if i == 0 else str(i + 1), paths.runs[key].x
        edge, ink = len(stage.still), len(stage.still) + 1
        if paths.recorded.follows(key):
            # One run serves both strokes.
            stage.follow(edge, [], lambda step, x, y, *before: (x, y), run=len(descents))
        else:
            descents.append(descent(paths.recorded.methods[key], [edge]))
        descents.append(descent(paths.recorded.methods[key], [ink]))
        for color, width in ((EDGE, 4.5), (INK, 2)):
            stroke = line(x[:, 0], x[:, 1], color, panel, width=width, name="path")
            stage.draw({**stroke, "line": {**stroke["line"], "simplify": False}})
        stage.grip(panel, *START_NAMES, len(stage.still), point=True)
        stage.draw(marks(x[:1, 0], x[:1, 1], INK, panel, symbol="circle-open-dot", size=14, edge=INK, name="start"))
    run_along(stage, paths.recorded, descents)
