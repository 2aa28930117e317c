"""The stage of sums: the pieces whose areas are added, and how fast each rule's error falls."""

from typing import Any

import numpy as np

from landscape.calculus.area_report import sum_captions
from landscape.calculus.curves import Curve
from landscape.calculus.quadratures import QUADRATURES
from landscape.calculus.sums import DRAWN, RULES, Sums, outline
from landscape.figures.calculus.common import (
    across,
    followed,
    function_line,
    opened,
    range_with_zero,
    span,
    veiled,
)
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import SLOWEST, Stage
from landscape.figures.kit.style import Look, Theme, dressed
from landscape.figures.kit.traces import Trace, line, marks, moved
from landscape.formulas.expression import Formula
from landscape.formulas.record import played
from landscape.numbers import apart, short

# What is seen to both sides of the area, as a share of its width.
MARGIN = 0.35
# The area is hatched with so many strokes, and its ends stay so far apart, as a share of the domain.
STROKES, APART = 90, 0.01
# Where an error is measured against, at least.
SMALLEST = 1e-300
# By key of QUADRATURES, the hue, dash and marker.
LOOKS = {
    "left": ("violet", "solid", "circle"),
    "right": ("crimson", "13px,4px,3px,4px", "square"),
    "midpoint": ("ochre", "13px,4px", "diamond"),
    "trapezoid": ("teal", "3px,3px", "triangle-up"),
    "simpson": ("olive", "24px,6px", "pentagon"),
    "monte_carlo": ("plum", "solid", "star"),
}


def rule_look(rule: str, theme: Theme) -> Look:
    """The look of a rule, by key of QUADRATURES."""
    return dressed(*LOOKS[rule], theme)


def sums_stage(found: Sums, rule: str, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A frame a number of pieces, of one rule; the errors of all. A hand holds that number, or an end of the area."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"sum {found.curve.key} {narrow}", alternative(found, rule), narrow)
    _hold_ends(stage, found)
    _pieces(stage, found, rule, place["main"])
    _errors(stage, found, rule, place["upper"])
    _values(stage, found, rule, place["lower"])
    labels = [f"n = {n}" for n in DRAWN]
    stage.play(DRAWN, "pieces", labels=labels, captions=sum_captions(found, rule), rate=SLOWEST)
    return stage


def _hold_ends(stage: Stage, found: Sums) -> None:
    """Each end may go up to the other one."""
    low, high = found.curve.domain
    apart = APART * (high - low)
    stage.hold("a", found.a, (low, max(low, found.b - apart)))
    stage.hold("b", found.b, (min(high, found.a + apart), high))
    if not found.curve.whole:
        stage.tell(["a", "b"], lambda a, b: {"a": a, "b": b}, "From {a} to {b}: let go, and the area follows.")
        return
    whole = played(Formula(found.curve.whole, ("x",)))

    def area(a: Any, b: Any) -> dict[str, Any]:
        return {"a": a, "b": b, "area": whole.value(np.stack([b])) - whole.value(np.stack([a]))}

    stage.tell(["a", "b"], area, "From {a} to {b} the area is {area}.")


def _area(stage: Stage, found: Sums) -> None:
    """Strokes from the axis to the curve, and both ends, which can be held."""
    f, curve = followed(found.curve), found.curve
    shares = (np.arange(STROKES) + 0.5) / STROKES
    lanes = np.stack([np.repeat(shares, 3), np.tile([0.0, 1.0, np.nan], STROKES)], axis=1)

    def stroke(a: Any, b: Any, share: Any, end: Any) -> tuple[Any, Any]:
        x = a + (b - a) * share
        return x, end * f(x)

    stage.follow(len(stage.still), ["a", "b"], stroke, lanes)
    x = found.a + (found.b - found.a) * lanes[:, 0]
    stage.draw(line(x, lanes[:, 1] * curve.value(x), veiled(stage.theme.value, 0.2), width=3, name="area"))
    for name, at in (("a", found.a), ("b", found.b)):
        stage.grip("", across=name, mark=len(stage.still))
        stage.follow(len(stage.still), [name], lambda x, t: (x + t, 0.0 * t), [0.0])
        style: Trace = {"size": 14, "edge": stage.theme.paper, "name": name, "hover": f"{name} = %{{x:.4g}}"}
        stage.draw(marks([at], [0.0], stage.theme.ink, **style))


def _pieces(stage: Stage, found: Sums, rule: str, place: Span) -> None:
    curve, theme, look = found.curve, stage.theme, rule_look(rule, stage.theme)
    shapes = [outline(curve, found.a, found.b, int(n), rule).reshape(-1, 2) for n in DRAWN]
    most = max(map(len, shapes))
    # Every frame has as many points: what is left over stands on the last corner.
    padded = np.stack([np.pad(shape, ((0, most - len(shape)), (0, 0)), mode="edge") for shape in shapes])
    name = QUADRATURES[rule].title
    stage.move(moved(line(None, None, look.color, width=2, name=name, legend=True), padded[..., 0], padded[..., 1]))
    stage.draw(function_line(curve, theme))
    _area(stage, found)
    up: Trace = {"range": _up(curve), "title": title("f(x)", 2)}
    up |= {"zeroline": True, "zerolinecolor": theme.faint}
    wide, (low, high) = MARGIN * (found.b - found.a), curve.domain
    along = {**span(curve), "range": [max(low, found.a - wide), min(high, found.b + wide)]}
    stage.panel("", place, along, up, f"The area from {' to '.join(apart(found.a, found.b))}, in pieces")


def _up(curve: Curve) -> list[float]:
    """0 and all values; of a formula that somebody typed, towards a pole not all."""
    values = curve.value(across(curve))
    return linear_range(values, np.zeros(1), room=0.08) if curve.whole else range_with_zero(values)


def _errors(stage: Stage, found: Sums, rule: str, place: Span) -> None:
    floor = max(found.rounding / 4, SMALLEST)
    for key in RULES:
        look, title_of = rule_look(key, stage.theme), QUADRATURES[key].title
        style: Trace = {"width": 3.5 if key == rule else 1.5, "dash": look.dash, "name": title_of}
        hover = f"{title_of}<br>n = %{{x}}<br>off by %{{y:.3g}}"
        stage.draw(line(found.pieces, np.maximum(found.error(key), floor), look.color, "2", hover=hover, **style))
    known = found.failed is None
    at = np.maximum(found.error(rule)[: len(DRAWN)], floor)
    own = rule_look(rule, stage.theme)
    head = marks(None, None, own.color, "2", symbol=own.marker, size=12, name="now")
    stage.move(moved(head, DRAWN[:, None].astype(float), at[:, None]))
    most = float(np.fmax.reduce([found.error(key) for key in RULES], axis=None, initial=10 * floor))
    low, high = float(np.log10(floor)) - 0.5, float(np.log10(most)) + 0.7
    along = {"type": "log", "range": [-0.15, 4.1], "dtick": 1, "exponentformat": "power", "tickfont": {"size": 12}}
    stage.grip("2", CLOCK)
    stage.panel("2", place, along, log_axis(low, high), "Error of every rule, by n" if known else "No area, no error")


def _values(stage: Stage, found: Sums, rule: str, place: Span) -> None:
    drawn = slice(0, len(DRAWN))
    stage.draw(line([1, DRAWN[-1]], [found.truth] * 2, stage.theme.ink, "3", width=1.5, dash="3px,4px", name="truth"))
    for key in RULES:
        look = rule_look(key, stage.theme)
        style: Trace = {"width": 3.5 if key == rule else 1.5, "dash": look.dash, "name": QUADRATURES[key].title}
        hover = f"{QUADRATURES[key].title}<br>n = %{{x}}: %{{y:.5g}}"
        stage.draw(line(DRAWN, found.sums[key][drawn], look.color, "3", hover=hover, legend=key != rule, **style))
    own = rule_look(rule, stage.theme)
    head = marks(None, None, own.color, "3", symbol=own.marker, size=12, name="sum now")
    stage.move(moved(head, DRAWN[:, None].astype(float), found.sums[rule][drawn][:, None]))
    along = {"type": "log", "range": [-0.1, 2.2], "dtick": 1, "title": title("pieces n"), "tickfont": {"size": 12}}
    up = {"range": linear_range(*(found.sums[key][drawn] for key in RULES)), "nticks": 5}
    stage.grip("3", CLOCK)
    stage.panel("3", place, along, up, "The sums; dotted: the area" if found.failed is None else "The sums")


def alternative(found: Sums, rule: str) -> str:
    """The stage in words."""
    known = "no area was found" if found.failed is not None else f"the area is {short(found.area)}"
    about = f"{found.curve.title} from {' to '.join(apart(found.a, found.b))}: {known}."
    return f"{about} {sum_captions(found, rule)[-1]}"
