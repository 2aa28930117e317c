"""The stage of a surface at a point: gradient, level lines of the tangent plane, and the slope in a direction."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.calculus.paths import KNOTS, Bent, shares, towards
from landscape.calculus.plane import Plane
from landscape.calculus.step_report import plane_captions
from landscape.figures.calculus.common import around_zero, opened
from landscape.figures.kit import terrain
from landscape.figures.kit.axes import map_axes, title
from landscape.figures.kit.keys import key_beside
from landscape.figures.kit.layouts import Span, arrangement, under_key
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, line, marks, moved
from landscape.formulas.record import played
from landscape.numbers import short

# An arrow as a line: how far along it, and how far to its side, each as a share of its length.
ALONG = np.array([0.0, 1.0, 0.8, 1.0, 0.8])
ASIDE = np.array([0.0, 0.0, 0.09, 0.0, -0.09])
# Level lines of the tangent plane, and how many of the arrow's lengths each is long to both sides.
LEVELS, LONG = 5, 1.5
DIRECTION = "ochre"
# Pixels above the map, for its heading alone.
BARE = 26
# The knots of a path that is drawn, x and y by turns.
WAY = [f"way.{k}" for k in range(2 * KNOTS)]
FRAMES_A_SECOND = 18
# Where words stand in a hump: so far from the ends of all directions, in degrees, and at this share of its height.
EDGE, INSIDE = 38.0, 0.35


def plane_stage(found: Plane, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A frame a place on the path. A hand holds the point on the map, and the direction by its curve or handle."""
    place = arrangement("calculus map", narrow)
    stage = opened(theme, height, f"plane {found.surface.key} {narrow}", alternative(found), narrow)
    if not narrow:
        (left, _, right, bottom), stage.fixed, stage.columns = stage.margin, True, True
        stage.margin = left, BARE, right, bottom
        place = under_key(place, height, stage.margin)
        stage.legend = key_beside(place["upper"])
    (x_span, y_span), (x, y) = found.surface.domain, found.point
    stage.hold("px", x, x_span)
    stage.hold("py", y, y_span)
    stage.hold("angle", found.angle, (0.0, 360.0), label="direction, degrees", color=theme.hue(DIRECTION))
    if isinstance(found.way, Bent):
        stage.hold("bend", found.way.bend, (-1.0, 1.0), label="bend of the path", color=theme.hue(DIRECTION))
    else:
        for name, at, span in zip(WAY, found.way.knots.ravel(), [x_span, y_span] * KNOTS, strict=True):
            stage.hold(name, at, span)
    _map(stage, found, place["main"])
    _cut(stage, found, place["upper"])
    _dial(stage, found, place["lower"])
    _tell(stage, found)
    middle = len(found.s) // 2
    labels = [f"{found.way.letter} = {short(s)}" for s in found.s]
    stage.play(found.s, "along the path", labels=labels, captions=plane_captions(found), rate=FRAMES_A_SECOND)
    return stage.begin_at(middle)


def _tell(stage: Stage, found: Plane) -> None:
    """What is said while something is held."""
    formula = played(found.surface.compiled)

    def said(x: Any, y: Any, angle: Any) -> dict[str, Any]:
        g = formula.gradient(np.stack([x, y]))
        return {"slope": _dot(g, angle), "steepest": np.hypot(g[0], g[1])}

    def ends(*knots: Any) -> dict[str, Any]:
        first, last = (formula.value(np.stack(knots[i : i + 2])) for i in (0, len(knots) - 2))
        return {"first": first, "last": last, "gained": last - first}

    if found.drawn:
        stage.tell(WAY, ends, "Along your path f goes from {first} to {last}: it gains {gained}.")
    else:
        stage.tell(["px", "py", "angle"], said, "This way the slope is {slope}. Straight up it is {steepest}.")


def _dot(g: Any, angle: Any) -> Any:
    turn = angle * (np.pi / 180)
    return g[0] * np.cos(turn) + g[1] * np.sin(turn)


def arrow_length(found: Plane) -> float:
    """Of an arrow on the map: it shows a direction, not a size."""
    return 0.22 * float(np.ptp(np.array(found.surface.domain), axis=1).min())


def arrow(tail: np.ndarray, direction: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """tail and direction (..., 2) -> x and y (..., 5); nothing where the direction is none."""
    size = np.linalg.norm(direction, axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        u = np.where(size > 0, direction / size, np.nan)
    x = tail[..., :1] + length * (u[..., :1] * ALONG - u[..., 1:] * ASIDE)
    y = tail[..., 1:] + length * (u[..., 1:] * ALONG + u[..., :1] * ASIDE)
    return x, y


def _arrow_line(found: Plane, direction: np.ndarray, color: str, name: str) -> Trace:
    x, y = arrow(found.point, direction, arrow_length(found))
    return line(x, y, color, width=4, name=name, legend=True)


def draw_ground(stage: Stage, found: Plane) -> None:
    """The map itself."""
    surface = found.surface
    ground = terrain.contour(terrain.survey(surface, surface.domain), stage.theme, surface.title, {})
    del ground["colorbar"]
    stage.draw({**ground, "showscale": False})


def _map(stage: Stage, found: Plane, place: Span) -> None:
    surface, theme, length = found.surface, stage.theme, arrow_length(found)
    draw_ground(stage, found)
    _level_lines(stage, found, length)
    _path(stage, found)
    formula = played(surface.compiled)
    downhill: Trace = {"color": theme.belief, "width": 3, "dash": "3px,3px"}

    def uphill(x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        g = formula.gradient(np.stack([x, y]))
        size = np.hypot(g[0], g[1])
        return tip(x, y, g[0] / size, g[1] / size, t, length)

    stage.follow(len(stage.still), ["px", "py"], uphill, range(len(ALONG)))
    stage.draw(_arrow_line(found, found.gradient, theme.belief, "gradient, uphill"))
    stage.follow(
        len(stage.still),
        ["px", "py"],
        lambda x, y, t: (2 * x - uphill(x, y, t)[0], 2 * y - uphill(x, y, t)[1]),
        range(len(ALONG)),
    )
    stage.draw(_arrow_line(found, -found.gradient, theme.belief, "downhill") | {"line": downhill})
    stage.grip("", "px", "py", len(stage.still))
    stage.draw(marks(found.point[:1], found.point[1:], theme.ink, size=13, edge=theme.paper, name="here"))
    along = arrow(found.path, found.gradients, 0.6 * length)
    stage.move(
        moved(line(None, None, theme.belief, width=2.5, name="gradient on the path"), *along),
        moved(
            marks(None, None, theme.hue(DIRECTION), size=12, name="on the path"), found.path[:, :1], found.path[:, 1:]
        ),
    )
    if found.drawn:
        stage.drawn("", WAY[1::2], across=WAY[::2])
    stage.axes |= map_axes(surface.domain, surface.axes, theme, place)
    stage.head("Draw a path on the map" if found.drawn else "The map, and the tangent plane's level lines", place)


def tip(x: Any, y: Any, u: Any, v: Any, t: Any, length: float) -> tuple[Any, Any]:
    """The t-th point of an arrow from (x, y) along the unit vector (u, v), recorded."""
    along, aside = (sum(np.where(t == k, c, 0.0) for k, c in enumerate(each.tolist())) for each in (ALONG, ASIDE))
    return x + length * (u * along - v * aside), y + length * (v * along + u * aside)


def _path(stage: Stage, found: Plane) -> None:
    """The path, and an arrow for its direction."""
    length, follows = arrow_length(found), _on_path(found)

    def pointed(x: Any, y: Any, angle: Any, t: Any) -> tuple[Any, Any]:
        turn = angle * (np.pi / 180)
        return tip(x, y, np.cos(turn), np.sin(turn), t, length)

    held = ["px", "py", "angle"]
    stage.follow(len(stage.still), _reads(found), lambda *given: follows(*given)[:2], _lanes(found))
    stage.draw(
        line(
            found.path[:, 0],
            found.path[:, 1],
            stage.theme.hue(DIRECTION),
            width=3,
            dash="3px,4px",
            name="path",
            legend=True,
        )
    )
    stage.follow(len(stage.still), held, pointed, range(len(ALONG)))
    stage.draw(_arrow_line(found, found.direction, stage.theme.hue(DIRECTION), "direction"))


def _reads(found: Plane) -> list[str]:
    """The values that a path depends on."""
    return [*WAY] if found.drawn else ["px", "py", "angle", "bend"]


def _lanes(found: Plane) -> np.ndarray:
    """A row for each place on the path: how far along it, and of a drawn one the share of every knot."""
    if not found.drawn:
        return found.s[:, None]
    return np.column_stack([found.s, np.round(shares(found.s), 5)])


def _on_path(found: Plane) -> Callable[..., tuple[Any, Any, Any]]:
    """The path as the browser follows it: its point and how far along that is, of the values and of a lane."""
    if not isinstance(found.way, Bent):

        def along(*given: Any) -> tuple[Any, Any, Any]:
            knots, t, parts = given[: 2 * KNOTS], given[2 * KNOTS], given[2 * KNOTS + 1 :]
            x, y = (sum(part * knot for part, knot in zip(parts, knots[i::2], strict=True)) for i in (0, 1))
            return x, y, t

        return along
    reach = found.way.reach

    def point(x: Any, y: Any, angle: Any, bend: Any, t: Any) -> tuple[Any, Any, Any]:
        turn = angle * (np.pi / 180)
        u, v, aside = np.cos(turn), np.sin(turn), bend * t * t / reach
        return x + t * u - aside * v, y + t * v + aside * u, t

    return point


def _level_lines(stage: Stage, found: Plane, length: float) -> None:
    """The tangent plane from above: parallel lines, as far apart as the gradient's arrow is long, halved."""
    formula = played(found.surface.compiled)
    # Three lanes a line: its two ends and a gap.
    lanes = np.arange(3 * LEVELS)

    def lined(x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        g = formula.gradient(np.stack([x, y]))
        size = np.hypot(g[0], g[1])
        u, v = g[0] / size, g[1] / size
        end = np.remainder(t, 3)
        step = length / 2 * ((t - end) / 3 - LEVELS // 2)
        side = np.where(end == 2, np.nan, LONG * length * (2 * end - 1))
        return x + step * u - side * v, y + step * v + side * u

    stage.follow(len(stage.still), ["px", "py"], lined, lanes)
    with np.errstate(all="ignore"):
        xs, ys = np.array([lined_at(found, length, int(t)) for t in lanes]).T
    stage.draw(line(xs, ys, stage.theme.belief, width=1.3, dash="13px,4px", name="tangent plane", legend=True))


def lined_at(found: Plane, length: float, t: int) -> tuple[float, float]:
    """The t-th point of the level lines; see `_level_lines`."""
    u, v = found.gradient / found.steepness if found.steepness else (np.nan, np.nan)
    level, end = divmod(t, 3)
    step, side = length / 2 * (level - LEVELS // 2), np.nan if end == 2 else LONG * length * (2 * end - 1)
    x, y = found.point
    return x + step * u - side * v, y + step * v + side * u


def _cut(stage: Stage, found: Plane, place: Span) -> None:
    """The surface along the path, with its tangent."""
    theme, s = stage.theme, found.s
    formula, point = played(found.surface.compiled), _on_path(found)

    def f(*given: Any) -> tuple[Any, Any]:
        x, y, t = point(*given)
        return t + 0.0 * x, formula.value(np.stack([x, y]))

    stage.follow(len(stage.still), _reads(found), f, _lanes(found))
    hover = f"{found.way.letter} = %{{x:.3g}}<br>f = %{{y:.4g}}"
    stage.draw(line(s, found.f, theme.value, "2", width=3, name="f on the path", hover=hover))
    if not found.drawn:
        _tangent(stage, found)
    ends = np.ptp(s) / 2 * np.array([-1.0, 1.0])
    stretch = 0.35 * ends
    rises = found.f[:, None] + found.rates[:, None] * stretch
    stage.move(
        moved(
            line(None, None, theme.hue(DIRECTION), "2", width=3, name="tangent on the path"),
            s[:, None] + stretch,
            rises,
        ),
        moved(marks(None, None, theme.hue(DIRECTION), "2", size=11, name="f there"), s[:, None], found.f[:, None]),
    )
    up = {"range": linear_range(found.f, room=0.25), "nticks": 5}
    along = {"range": [float(s[0]), float(s[-1])], "nticks": 5}
    stage.panel("2", place, along, up, "f along the path, and its tangent")


def _tangent(stage: Stage, found: Plane) -> None:
    """Of the path through the point: the line that f along it has there."""
    formula, ends = played(found.surface.compiled), found.s[[0, -1]]

    def straight(x: Any, y: Any, angle: Any, t: Any) -> tuple[Any, Any]:
        at = np.stack([x, y])
        return t, formula.value(at) + t * _dot(formula.gradient(at), angle)

    stage.follow(len(stage.still), ["px", "py", "angle"], straight, ends)
    drawn = found.value + found.slope * ends
    stage.draw(line(ends, drawn, stage.theme.belief, "2", dash="13px,4px", name="tangent at the point"))


def _dial(stage: Stage, found: Plane, place: Span) -> None:
    """The slope in every direction: a cosine, 0 at right angles to the gradient."""
    theme, angles = stage.theme, np.linspace(0, 360, 73)
    formula = played(found.surface.compiled)

    def turned(x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        return t, _dot(formula.gradient(np.stack([x, y])), t)

    stage.follow(len(stage.still), ["px", "py"], turned, angles)
    hover = "at %{x:.0f}°<br>slope %{y:.4g}"
    slopes = towards(angles) @ found.gradient
    stage.draw(line(angles, slopes, theme.belief, "3", name="slope by direction", hover=hover))
    stage.grip("3", across="angle", mark=len(stage.still))
    stage.follow(
        len(stage.still),
        ["px", "py", "angle"],
        lambda x, y, angle, t: (angle + t, _dot(formula.gradient(np.stack([x, y])), angle)),
        [0.0],
    )
    stage.draw(
        marks([found.angle], [found.slope], theme.hue(DIRECTION), "3", size=13, edge=theme.paper, name="this direction")
    )
    _straight(stage, found)
    across = {"range": [0, 360], "dtick": 90, "title": title("direction, degrees")}
    stage.panel("3", place, across, around_zero(slopes, theme), "Slope, by direction")


def _straight(stage: Stage, found: Plane) -> None:
    """Which way is straight up and which straight down: marks where the curve turns, and words inside its humps."""
    formula, theme, (u, v) = played(found.surface.compiled), stage.theme, found.gradient
    for word, sign in (("straight up", 1.0), ("straight down", -1.0)):
        for end in (True, False):

            def place(x: Any, y: Any, t: Any, sign: float = sign, end: bool = end) -> tuple[Any, Any]:
                g = formula.gradient(np.stack([x, y]))
                at, slope = straight(g[0], g[1], sign, end=end)
                return at + t, slope

            with np.errstate(all="ignore"):
                at, slope = straight(u, v, sign, end=end)
            stage.follow(len(stage.still), ["px", "py"], place, [0.0])
            symbol = "triangle-up" if sign > 0 else "triangle-down"
            drawn = marks([at], [slope], theme.belief, "3", symbol=symbol, size=10, edge=theme.paper, name=word)
            words: Trace = {"mode": "text", "text": [word], "textfont": {"size": 13, "color": theme.ink}}
            stage.draw(drawn if end else drawn | words)


def straight(u: Any, v: Any, sign: float, *, end: bool = True) -> tuple[Any, Any]:
    """The direction in degrees straight up the gradient (u, v), or down, and the slope; or, not at that `end`, a place
    inside of the hump."""
    size = np.sqrt(u * u + v * v)
    half = np.arccos(sign * u / size) * (180 / np.pi)
    turn = np.where(sign * v < 0, 360.0 - half, half)
    return (turn, sign * size) if end else (np.minimum(np.maximum(turn, EDGE), 360.0 - EDGE), INSIDE * sign * size)


def alternative(found: Plane) -> str:
    """The stage in words."""
    return f"{found.surface.title}, seen from above, at one point. {plane_captions(found)[len(found.s) // 2]}"
