"""The secant stage: a secant that turns into the tangent as h shrinks, over the slope and the curvature."""

from typing import Any

import numpy as np

from landscape.calculus.differences import DIFFERENCES
from landscape.calculus.report import secant_captions
from landscape.calculus.secants import Secants
from landscape.figures.calculus.common import (
    GUESSED,
    Kind,
    across,
    around_zero,
    curvature_at,
    followed,
    function_line,
    function_range,
    kind_marks,
    opened,
    quotient,
    signed_areas,
    slope_at,
    span,
    tangent,
    veiled,
)
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, line, marks, moved
from landscape.formulas.series import expand
from landscape.numbers import short

HALVINGS_A_SECOND = 1.5
# So much of what slopes there are a secant is off that is nearly the tangent.
NEARLY = 0.06


def secant_stage(
    found: Secants,
    theme: Theme,
    span_of_h: tuple[float, float],
    *,
    drawn: tuple[np.ndarray, np.ndarray] | None = None,
    narrow: bool = False,
    height: int = 466,
) -> Stage:
    """A frame a step h, from the first on; a hand holds x on every panel, and the first h, within its span.

    drawn   x and y of a slope that somebody has drawn, to be seen beside the true one
    """
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"secant {found.curve.key} {narrow}", alternative(found), narrow)
    stage.hold("x", found.x, found.curve.domain)
    stage.hold("h", found.h[0], span_of_h, scale="log", label="h", color=quotient(found.scheme, theme).color)
    _curve_panel(stage, found, place["main"])
    _slope_panel(stage, found, place["upper"], narrow)
    if drawn is not None:
        stage.draw(line(*drawn, theme.hue(GUESSED), "2", width=2.5, dash="3px,3px", name="your f′", legend=True))
    _curvature_panel(stage, found, place["lower"], narrow)
    rise = DIFFERENCES[found.scheme].rule
    f = followed(found.curve)

    def numbers(x: Any, h: Any) -> dict[str, Any]:
        # At a kink its expansion has no slope, and nothing is said.
        secant, slope = rise(f, x, h), expand(found.curve.compiled.programs[0], x, 1)[1]
        return {"secant": secant, "slope": slope, "error": np.abs(secant - slope)}

    stage.tell(["x", "h"], numbers, "The secant has slope {secant}, the tangent {slope}. Off by {error}.")
    labels = [f"h = {short(h)}" for h in found.h]
    rate = HALVINGS_A_SECOND * (len(found.h) - 1) / found.halvings[-1]
    stage.play(found.halvings, "halvings", labels=labels, captions=secant_captions(found), rate=rate)
    return stage


def telling(found: Secants) -> int:
    """The frame at which the secant is nearly the tangent, and not yet hides it; the last where it never comes near."""
    slopes = found.curve.slope(across(found.curve))
    near = np.abs(found.error) <= NEARLY * float(np.ptp(slopes[np.isfinite(slopes)]))
    return int(near.argmax()) or len(near) - 1


def _curve_panel(stage: Stage, found: Secants, place: Span) -> None:
    curve, x, here, theme = found.curve, found.x, found.here, stage.theme
    f, slope = followed(curve), slope_at(curve)
    stage.draw(function_line(curve, theme))
    ends = tangent(curve, x, 0.0, 0.0)[0]
    _first_secant(stage, found)
    style: Trace = {"dash": "13px,4px", "name": "tangent", "legend": True}
    stage.follow(len(stage.still), ["x"], lambda x, t: (t, f(x) + slope(x) * (t - x)), ends)
    stage.draw(line(*tangent(curve, x, here.value, here.slope), theme.belief, **style))
    stage.grip("", across="x", mark=len(stage.still))
    stage.follow(len(stage.still), ["x"], lambda x, t: (x + t, f(x)), [0.0])
    stage.draw(marks([x], [here.value], theme.belief, size=14, edge=theme.paper, name="here", hover=f"x = {x:.4g}"))
    _secant(stage, found)
    up = {"range": function_range(curve), "title": title("f(x)", 2)}
    stage.panel("", place, span(curve), up, "f, its tangent and a secant")


def _first_secant(stage: Stage, found: Secants) -> None:
    """The secant with the first h, which stays, and follows what is held."""
    scheme, look, f = DIFFERENCES[found.scheme], quotient(found.scheme, stage.theme), followed(found.curve)
    far = tangent(found.curve, found.x, 0.0, 0.0)[0]
    base = found.curve.value(found.ends[0, :1])
    drawn = base + found.quotient[0] * (far - found.ends[0, 0])
    stage.follow(
        len(stage.still),
        ["x", "h"],
        lambda x, h, t: (t, f(x - scheme.back * h) + scheme.rule(f, x, h) * (t - x + scheme.back * h)),
        far,
    )
    stage.draw(line(far, drawn, look.color, width=1.5, name="secant, first h", legend=True))
    places = (-scheme.back, scheme.ahead)
    stage.follow(len(stage.still), ["x", "h"], lambda x, h, t: (x + t * h, f(x + t * h)), places)
    values = found.curve.value(found.ends[0])
    stage.draw(marks(found.ends[0], values, look.color, symbol=f"{look.marker}-open", size=10, name="first ends"))


def _secant(stage: Stage, found: Secants) -> None:
    """The secant, its ends, and its rise over its run; where there is none, a dot of no size under the point."""
    there = np.isfinite(found.quotient)[:, None]
    ends = np.where(there, found.ends, found.x)
    values = np.where(there, found.curve.value(ends), found.here.value)
    far = np.where(there, tangent(found.curve, found.x, 0.0, 0.0)[0], found.x)
    drawn = values[:, :1] + np.where(there, found.quotient[:, None], 0.0) * (far - ends[:, :1])
    corner = ends[:, [0, 1, 1]], values[:, [0, 0, 1]]
    look = quotient(found.scheme, stage.theme)
    stage.move(
        moved(line(None, None, look.color, width=3.5, name="secant", legend=True), far, drawn, 5),
        moved(line(None, None, look.color, width=1.5, dash="3px,3px", name="rise over run"), *corner, 5),
        moved(marks(None, None, look.color, symbol=look.marker, name="ends"), ends, values, 5),
    )


def _slope_panel(stage: Stage, found: Secants, place: Span, narrow: bool) -> None:
    curve, theme, x = found.curve, stage.theme, across(found.curve)
    slope = curve.slope(x)
    stage.draw(*signed_areas(x, slope, veiled(theme.belief), veiled(theme.faint, 0.3), "2"))
    stage.draw(line(x, slope, theme.belief, "2", name="f′", hover="f′(%{x:.4g}) = %{y:.4g}"))
    low, high = found.turns.minima, found.turns.maxima
    for kind in (Kind("minimum", "triangle-down", low, 0 * low), Kind("maximum", "triangle-up", high, 0 * high)):
        stage.draw(kind_marks(kind, "2", theme, 10, legend=not narrow))
    derivative = slope_at(curve)
    stage.grip("2", across="x", mark=len(stage.still))
    stage.follow(len(stage.still), ["x"], lambda x, t: (x + t, derivative(x)), [0.0])
    stage.draw(marks([found.x], [found.here.slope], theme.belief, "2", size=13, edge=theme.paper, name="f′(x)"))
    look = quotient(found.scheme, theme)
    now = marks(None, None, look.color, "2", symbol=look.marker, name="quotient")
    at_x = np.full((len(found.h), 1), found.x)
    stage.move(moved(now, at_x, np.nan_to_num(found.quotient, nan=found.here.left)[:, None], 5))
    along = {**span(curve), "title": title(""), "nticks": 6}
    stage.panel("2", place, along, around_zero(slope, theme), "Slope f′: where above 0, f rises")


def _curvature_panel(stage: Stage, found: Secants, place: Span, narrow: bool) -> None:
    curve, theme, x = found.curve, stage.theme, across(found.curve)
    bend = curve.curvature(x)
    stage.draw(*signed_areas(x, bend, veiled(theme.ink, 0.16), veiled(theme.faint, 0.35), "3"))
    stage.draw(line(x, bend, theme.ink, "3", width=2, dash="3px,3px", name="f″", hover="f″(%{x:.4g}) = %{y:.4g}"))
    at = found.turns.bends
    stage.draw(kind_marks(Kind("inflection", "x", at, 0 * at), "3", theme, 9, legend=not narrow))
    second = curvature_at(curve)
    stage.grip("3", across="x", mark=len(stage.still))
    stage.follow(len(stage.still), ["x"], lambda x, t: (x + t, second(x)), [0.0])
    stage.draw(marks([found.x], [found.here.curvature], theme.ink, "3", size=12, edge=theme.paper, name="f″(x)"))
    along, up = {**span(curve), "nticks": 6}, around_zero(bend, theme)
    stage.panel("3", place, along, up, "Curvature f″: above 0, f bends up")


def alternative(found: Secants) -> str:
    """The stage in words."""
    first, last = secant_captions(found)[0], secant_captions(found)[-1]
    return f"{found.curve.title} at x = {short(found.x)}, with a secant as h shrinks. {first} {last}"
