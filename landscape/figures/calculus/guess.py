"""The stages on which something is guessed: they show what is known, and what a hand makes of the answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.expectations import Expectation
from landscape.calculus.paths import towards
from landscape.calculus.plane import Plane
from landscape.calculus.secants import Secants
from landscape.figures.calculus.common import (
    GUESSED,
    across,
    followed,
    function_line,
    function_range,
    opened,
    range_with_zero,
    span,
    veiled,
)
from landscape.figures.calculus.expectation import CURVE, densities_panel
from landscape.figures.calculus.plane import ALONG, arrow, arrow_length, draw_ground, tip
from landscape.figures.kit.axes import map_axes, title
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, pair
from landscape.figures.kit.traces import Trace, line, marks
from landscape.numbers import short

WHOLE: Span = ([0.0, 1.0], [0.0, 1.0])
UPPER: Span = ([0.0, 1.0], [0.6, 1.0])
LOWER: Span = ([0.0, 1.0], [0.0, 0.46])
# So many points has the edge of an area.
AREA = 161
# Which point of a line arrow keys move.
CHOSEN = "chosen"


def guess_stage(
    found: Secants,
    name: str,
    guess: float,
    span_of_guess: tuple[float, float],
    theme: Theme,
    *,
    narrow: bool = False,
    height: int = 424,
) -> Stage:
    """A slope: the curve, a point, and a line through it that a hand tilts. No tangent and no slope is
    drawn. A hand holds the line's slope, under this name, and the point."""
    curve, x = found.curve, found.x
    stage = opened(theme, height, f"guess {curve.key} {narrow}", alternative(found, guess), narrow)
    stage.hold("x", x, curve.domain)
    stage.hold(name, guess, span_of_guess, label="your slope", color=theme.hue(GUESSED))
    stage.tell([name], lambda slope: {"slope": slope}, "Tilt the line until it touches f. Now its slope is {slope}.")
    f = followed(curve)
    stage.draw(function_line(curve, theme))
    low, high = curve.domain
    ends = np.array([2 * low - high, 2 * high - low])
    stage.follow(len(stage.still), ["x", name], lambda x, slope, t: (t, f(x) + slope * (t - x)), ends)
    there = float(found.here.value)
    stage.draw(line(ends, there + guess * (ends - x), theme.hue(GUESSED), width=3.5, name="your line", legend=True))
    stage.grip("", across="x", mark=len(stage.still))
    stage.follow(len(stage.still), ["x"], lambda x, t: (x + t, f(x)), [0.0])
    stage.draw(marks([x], [there], theme.ink, size=14, edge=theme.paper, name="here", hover=f"x = {x:.4g}"))
    up = {"range": function_range(curve), "title": title("f(x)", 2)}
    stage.panel("", WHOLE, span(curve), up, "f, and your line")
    return stage


def alternative(found: Secants, guess: float) -> str:
    """The stage in words."""
    about = f"{found.curve.title} at x = {short(found.x)}, with a line that is yours to tilt."
    return f"{about} Its slope is {short(guess)}."


def curve_stage(
    curve: Curve,
    points: Sequence[float],
    theme: Theme,
    *,
    upright: Sequence[float] = (),
    narrow: bool = False,
    height: int = 424,
) -> Stage:
    """What is asked about: a curve, with the area between two points, or one point and upright lines where the guess
    has them. No answer is drawn."""
    named = ", ".join(short(x) for x in points)
    stage = opened(theme, height, f"asked {curve.key} {narrow}", f"{curve.title}, and on it x = {named}.", narrow)
    up = function_range(curve)
    if len(points) == 2:
        up = range_with_zero(curve.value(across(curve)))
        x = np.linspace(points[0], points[1], AREA)
        filled: Trace = {"fill": "tozeroy", "fillcolor": veiled(theme.value)}
        stage.draw(line(x, curve.value(x), "rgba(0,0,0,0)", width=0, name="area") | filled)
    stage.draw(function_line(curve, theme))
    for at in upright:
        stage.draw(line([at, at], up, theme.hue(GUESSED), width=3, dash="3px,4px", name="your guess"))
    y = curve.value(np.array(points))
    stage.draw(marks(np.array(points), y, theme.ink, size=14, edge=theme.paper, name="here", hover="x = %{x:.4g}"))
    stage.panel("", WHOLE, span(curve), {"range": up, "title": title("f(x)", 2)}, "f")
    return stage


def down_stage(
    found: Plane, name: str, guess: float, theme: Theme, *, narrow: bool = False, height: int = 424
) -> Stage:
    """The way down: a map, a point, and an arrow that a hand turns, its angle under this name. No gradient is drawn."""
    surface, (x, y), length = found.surface, found.point, arrow_length(found)
    about = f"{surface.title}, seen from above, with an arrow that is yours to turn. It points to {guess:.0f}°."
    stage = opened(theme, height, f"down {surface.key} {narrow}", about, narrow)
    stage.hold(name, guess, (0.0, 360.0), label="your direction, degrees", color=theme.hue(GUESSED))
    stage.tell([name], lambda angle: {"angle": angle}, "Turn the arrow until it points straight down: now {angle}°.")
    draw_ground(stage, found)

    def pointed(angle: Any, t: Any) -> tuple[Any, Any]:
        turn = angle * (np.pi / 180)
        return tip(float(x), float(y), np.cos(turn), np.sin(turn), t, length)

    stage.follow(len(stage.still), [name], pointed, range(len(ALONG)))
    drawn = arrow(found.point, towards(guess), length)
    stage.draw(line(*drawn, theme.hue(GUESSED), width=4, name="your direction", legend=True))
    stage.draw(marks([x], [y], theme.ink, size=13, edge=theme.paper, name="here"))
    stage.axes |= map_axes(surface.domain, surface.axes, theme, WHOLE)
    stage.head("The map, and your direction", WHOLE)
    return stage


def densities_stage(found: Expectation, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A divergence: both densities, and no number of what one costs under the other."""
    about = f"Two densities: p, {found.p.shape.title.lower()}, and q, which is normal."
    stage = opened(theme, height, f"densities {found.p.shape.key} {narrow}", about, narrow)
    for each, look, name in zip((found.p, found.q), pair(theme), "pq", strict=True):
        stage.draw(line(CURVE, each.value(CURVE), look.color, width=3, dash=look.dash, name=name, legend=True))
    densities_panel(stage, found, WHOLE)
    return stage


def drawing_stage(
    curve: Curve,
    places: np.ndarray,
    heights: np.ndarray,
    names: Sequence[str],
    chosen: int,
    theme: Theme,
    *,
    narrow: bool = False,
    height: int = 424,
) -> Stage:
    """A slope: the curve, and an empty panel under it on which a hand draws f′, from left to right.

    places, heights   (k,) the points of the line that is drawn; names: of their heights
    chosen            which of them arrow keys move
    """
    about = f"{curve.title}, and under it a panel on which you draw its slope."
    stage = opened(theme, height, f"drawing {curve.key} {narrow}", about, narrow)
    low, high = range_with_zero(curve.slope(across(curve)))
    for name, y in zip(names, heights, strict=True):
        stage.hold(name, y, (low, high))
    stage.hold(CHOSEN, chosen, (0, len(places) - 1))
    stage.draw(function_line(curve, theme))

    def point(*held: Any) -> tuple[Any, Any]:
        *y, k = held
        x, height = (sum(np.where(k == i, v, 0.0) for i, v in enumerate(each)) for each in (places.tolist(), y))
        return x, height

    stage.follow(len(stage.still), names, point, range(len(places)))
    stage.draw(line(places, heights, theme.hue(GUESSED), "2", width=3.5, name="your f′", legend=True))
    stage.follow(len(stage.still), [*names, CHOSEN], lambda *held: point(*held[:-1]), [0.0])
    ring: Trace = {"symbol": "circle-open", "size": 13, "name": "arrow keys move this"}
    stage.draw(marks(places[[chosen]], heights[[chosen]], theme.hue(GUESSED), "2", **ring))
    stage.drawn("2", names, at=places.tolist(), chosen=CHOSEN)
    above = {**span(curve), "title": title(""), "showticklabels": False}
    stage.panel("", UPPER, above, {"range": function_range(curve), "nticks": 5}, "f")
    up = {"range": [low, high], "nticks": 5, "zeroline": True, "zerolinecolor": theme.faint}
    stage.panel("2", LOWER, span(curve), up, "Draw f′ here: above 0 where f rises")
    return stage
