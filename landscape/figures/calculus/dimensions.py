"""The stage of grids against random points: errors by dimension, by points in one dimension, and a grid's side."""

from typing import Any

import numpy as np

from landscape.calculus.dimension_report import Asked, dimension_captions
from landscape.calculus.dimensions import GRIDS, MOST, Dimensions, grid_error, sides, spread
from landscape.calculus.quadratures import QUADRATURES
from landscape.figures.calculus.common import opened
from landscape.figures.calculus.sums import rule_look
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import SLOWEST, Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved

# An error below this is drawn as this.
FLOOR = 1e-10
RANDOM = "monte_carlo"
ACROSS: Trace = {"range": [0.6, MOST + 0.4], "dtick": 1}


def dimensions_stage(asked: Asked, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A frame a number of points. A hand holds the dimension d, which counts by its nearest whole number."""
    place = arrangement("calculus", narrow)
    found = asked.found
    stage = opened(theme, height, f"dimensions {narrow}", alternative(asked), narrow)
    stage.hold("d", asked.d, (1, MOST), label="dimensions", color=theme.ink)
    most = float(found.points[-1])

    def said(d: Any) -> dict[str, Any]:
        whole = _whole(d)
        side = sides("midpoint", whole, most)
        error, random = grid_error("midpoint", whole, side), _told(whole, most)
        return {"d": whole, "side": side, "error": error, "random": random}

    text = f"Dimension {{d}}: {int(most):,} points are {{side}} along a side, off by {{error}}; "
    stage.tell(["d"], said, text + "random ones by {random}.")
    _by_dimension(stage, asked, place["main"])
    _by_points(stage, asked, place["upper"])
    _side(stage, found, place["lower"])
    labels = [f"n = {n:,}" for n in found.points]
    stage.play(found.points, "points", labels=labels, captions=dimension_captions(found), rate=SLOWEST)
    return stage


def _whole(d: Any) -> Any:
    return d + 0.5 - np.remainder(d + 0.5, 1.0)


def _told(d: Any, points: Any) -> Any:
    """sigma / sqrt(n), as the browser follows it; see `spread`."""
    one = float(spread(np.array(1.0)) ** 2 + 1)
    return np.sqrt((one**d - 1) / points)


def _by_dimension(stage: Stage, asked: Asked, place: Span) -> None:
    found, theme = asked.found, stage.theme
    d = np.broadcast_to(found.d, found.told.T.shape)
    for rule in GRIDS:
        error, look = np.maximum(found.grid[rule].T, FLOOR), rule_look(rule, theme)
        title_of = QUADRATURES[rule].title
        style: Trace = {"width": 3, "dash": look.dash, "name": f"{title_of}, grid", "legend": True}
        stage.move(moved(line(None, None, look.color, **style), d, error, 3))
        dots = marks(None, None, look.color, symbol=look.marker, size=10, edge=theme.paper, name=f"{title_of}, errors")
        stage.move(moved(dots, d, error, 3))
    star: Trace = {"symbol": "star", "size": 12, "edge": theme.paper, "name": "random points", "legend": True}
    stage.move(
        moved(line(None, None, theme.ink, width=1.5, dash="3px,4px", name="σ/√n", legend=True), d, found.told.T, 3),
        moved(marks(None, None, rule_look(RANDOM, theme).color, **star), d, found.random.T, 3),
    )
    low, high = float(np.log10(FLOOR)) - 0.3, 1.0
    stage.grip("", across="d", mark=-1)
    stage.follow(len(stage.still), ["d"], lambda d, y: (_whole(d) + 0.0 * y, y), [10.0**low, 10.0**high])
    stage.draw(line([asked.d] * 2, [10.0**low, 10.0**high], theme.ink, width=1.5, dash="4px,3px", name="dimension"))
    along = {**ACROSS, "title": title("dimension d")}
    up = {**log_axis(low, high), "title": title("error", 2)}
    stage.panel("", place, along, up, "Error with equally many points, by dimension")


def _by_points(stage: Stage, asked: Asked, place: Span) -> None:
    found, here = asked.found, asked.d - 1
    n = found.points.astype(float)
    for rule in GRIDS:
        look = rule_look(rule, stage.theme)

        def error(d: Any, n: Any, rule: str = rule) -> tuple[Any, Any]:
            whole = _whole(d)
            return n, np.maximum(grid_error(rule, whole, sides(rule, whole, n)), FLOOR)

        stage.follow(len(stage.still), ["d"], error, n)
        drawn = np.maximum(found.grid[rule][here], FLOOR)
        hover = f"{QUADRATURES[rule].title}<br>n = %{{x}}: off by %{{y:.3g}}"
        name = f"{QUADRATURES[rule].title}, by n"
        stage.draw(line(n, drawn, look.color, "2", width=2.5, dash=look.dash, name=name, hover=hover))
    stage.follow(len(stage.still), ["d"], lambda d, n: (n, _told(_whole(d), n)), n)
    color = rule_look(RANDOM, stage.theme).color
    stage.draw(line(n, found.told[here], color, "2", width=2.5, name="random, by n", hover="off by %{y:.3g}"))
    low, high = float(np.log10(FLOOR)) - 0.3, 1.0
    stage.move(cursor(found.points, (10.0**low, 10.0**high), "2", stage.theme))
    stage.grip("2", CLOCK)
    stage.panel("2", place, _along(found), log_axis(low, high), "Error in d dimensions, by points n")


def _side(stage: Stage, found: Dimensions, place: Span) -> None:
    theme, d = stage.theme, np.broadcast_to(found.d, found.told.T.shape)
    side = found.points[:, None] ** (1 / found.d)
    color = rule_look("midpoint", theme).color
    stage.move(moved(line(None, None, color, "3", width=2.5, name="points along a side"), d, side, 4))
    stage.draw(line([1, MOST], [2, 2], theme.ink, "3", width=1.5, dash="3px,4px", name="two a side"))
    high = float(np.log10(found.points[-1])) + 0.1
    along = {**ACROSS, "title": title("dimension d")}
    stage.panel("3", place, along, log_axis(0.0, high), "Points along a side, n<sup>1/d</sup>; dotted: 2")


def _along(found: Dimensions) -> Trace:
    low, high = np.log10(found.points[[0, -1]])
    ticks: Trace = {"dtick": 1, "exponentformat": "power", "tickfont": {"size": 12}}
    return {"type": "log", "range": [low - 0.1, high + 0.1], **ticks}


def alternative(asked: Asked) -> str:
    """The stage in words."""
    about = "The error of grids and of random points in one to ten dimensions, with equally many points."
    return f"{about} {dimension_captions(asked.found)[-1]}"
