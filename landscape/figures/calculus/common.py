"""What the stages of calculus have in common: their frame, the curve, and the look of each difference quotient."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from landscape.calculus.curves import Curve
from landscape.figures.kit import axes
from landscape.figures.kit.axes import title
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.room import Room
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Look, Theme, dressed
from landscape.figures.kit.traces import Trace, line, marks
from landscape.formulas.record import played

# A function of recorded numbers.
Recordable = Callable[[Any], Any]
POINTS = 401
# A curve is drawn so many times beyond the stretch of values that nine tenths of it have.
BEYOND = 2.0
# By key of DIFFERENCES, the hue, dash and marker.
QUOTIENTS = {
    "forward": ("ochre", "solid", "circle"),
    "backward": ("violet", "13px,4px,3px,4px", "square"),
    "central": ("teal", "13px,4px", "diamond"),
    "complex": ("indigo", "3px,3px", "triangle-up"),
}
# What somebody has guessed.
GUESSED = "olive"
BOTTOM = 46
# How large the names of marks are.
NAME = 13


def opened(theme: Theme, height: int, revision: str, alt: str, narrow: bool, clicks: list[str] | None = None) -> Stage:
    """A stage of nothing yet, with room for a legend and headings above."""
    top = 96 if narrow else 60
    legend = axes.legend(1 + 26 / (height - top - BOTTOM), 14)
    return Stage(
        theme, height=height, revision=revision, alt=alt, margin=(58, top, 14, BOTTOM), legend=legend, clicks=clicks
    )


def quotient(scheme: str, theme: Theme) -> Look:
    """The look of a difference quotient, by key of DIFFERENCES."""
    return dressed(*QUOTIENTS[scheme], theme)


def across(curve: Curve) -> np.ndarray:
    """The points at which a curve is drawn."""
    return np.linspace(*curve.domain, POINTS)


def span(curve: Curve) -> Trace:
    """The x axis of a curve."""
    return {"range": list(curve.domain), "title": title("x"), "nticks": 8}


def fill_panel(stage: Stage) -> None:
    """Have a map go on to the edges of the first panel: nothing that ends is drawn there."""
    for axis in ("xaxis", "yaxis"):
        stage.axes[axis] |= {"constrain": "range", "constraintoward": "center"}


class Kind(NamedTuple):
    """Points of one kind on a curve: what they are called, and how they are marked."""

    name: str
    symbol: str
    x: np.ndarray
    y: np.ndarray


def kind_marks(kind: Kind, panel: str, theme: Theme, size: int, *, legend: bool = False) -> Trace:
    """The marks of one kind."""
    style: Trace = {"symbol": kind.symbol, "size": size, "edge": theme.paper, "name": kind.name, "legend": legend}
    return marks(kind.x, kind.y, theme.ink, panel, hover=f"{kind.name}<br>x = %{{x:.4g}}", **style)


def named_marks(stage: Stage, panel: str, kinds: Sequence[Kind], room: Room, size: int) -> None:
    """Marks, with its name beside the first of each kind that has room for it."""
    for kind in kinds:
        room.mark(np.stack([kind.x, kind.y], axis=-1), size)
    for kind in kinds:
        points = np.stack([kind.x, kind.y], axis=-1)
        sides = (room.beside(kind.name, point, mark=size, font=NAME) for point in points)
        first, side = next(((k, side) for k, side in enumerate(sides) if side), (-1, "top center"))
        said = [kind.name if k == first else "" for k in range(len(points))]
        words: Trace = {"mode": "markers+text", "text": said, "textposition": side}
        drawn = kind_marks(kind, panel, stage.theme, size)
        stage.draw(drawn | words | {"textfont": {"size": NAME, "color": stage.theme.ink}})


def function_line(curve: Curve, theme: Theme, panel: str = "") -> Trace:
    """The function itself, in the colour of values."""
    x = across(curve)
    hover = "f(%{x:.4g}) = %{y:.4g}"
    return line(x, _parted(curve, x), theme.value, panel, width=3, name="f", hover=hover, legend=True)


def _parted(curve: Curve, x: np.ndarray) -> np.ndarray:
    """The values, with a gap where the curve leaps: from one point to the next far, and not the way it slopes."""
    y, slope = curve.value(x), curve.slope(x)
    with np.errstate(invalid="ignore"):
        rise = np.diff(y)
        low, high = function_range(curve)
        leaps = (np.abs(rise) > (high - low) / 4) & (rise * (slope[1:] + slope[:-1]) <= 0)
    return np.where(np.append(leaps, False), np.nan, y)


def function_range(curve: Curve, room: float = 0.08) -> list[float]:
    """What the y axis shows of a curve, a little more than its values; towards a pole not all of it."""
    return linear_range(_near(curve.value(across(curve))), room=room)


def _near(values: np.ndarray) -> np.ndarray:
    """The finite values, without those far beyond most."""
    values = values[np.isfinite(values)]
    low, high = np.quantile(values, [0.05, 0.95]) if values.size else (0.0, 0.0)
    reach = BEYOND * (high - low)
    return np.clip(values, low - reach, high + reach) if reach else values


def tangent(curve: Curve, x: float, value: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
    """A line through (x, value), from end to end of a curve's domain and beyond."""
    low, high = curve.domain
    ends = np.array([2 * low - high, 2 * high - low])
    return ends, value + slope * (ends - x)


def signed_areas(x: np.ndarray, y: np.ndarray, above: str, below: str, panel: str) -> list[Trace]:
    """The area between a curve and 0, where it is positive and where it is negative."""
    return [
        {**line(x, part, "rgba(0,0,0,0)", panel, width=0, name=name), "fill": "tozeroy", "fillcolor": color}
        for part, color, name in ((np.maximum(y, 0), above, "above 0"), (np.minimum(y, 0), below, "below 0"))
    ]


def veiled(color: str, share: float = 0.2) -> str:
    """A colour, mostly transparent."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def around_zero(values: np.ndarray, theme: Theme) -> Trace:
    """A y axis on which the line at 0 is drawn."""
    return {"range": range_with_zero(values), "nticks": 5, "zeroline": True, "zerolinecolor": theme.faint}


def range_with_zero(values: np.ndarray) -> list[float]:
    """What such an axis shows: 0, and the values, towards a pole not all of them."""
    return linear_range(_near(values), np.zeros(1), room=0.12)


def followed(curve: Curve) -> Recordable:
    """A curve's value as the browser follows it: a function of one recorded number."""
    formula = played(curve.compiled)
    return lambda x: formula.value(np.stack([x]))


def slope_at(curve: Curve) -> Recordable:
    """As `followed`, the slope."""
    formula = played(curve.compiled)
    return lambda x: formula.gradient(np.stack([x]))[0]


def curvature_at(curve: Curve) -> Recordable:
    """As `followed`, the curvature."""
    formula = played(curve.compiled)
    return lambda x: formula.hessian(np.stack([x]))[0, 0]
