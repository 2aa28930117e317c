"""The stage of a difference quotient's error: the V on log-log axes, what the arithmetic sees, and the digits left."""

import numpy as np

from landscape.calculus.differences import DIFFERENCES, PRECISIONS
from landscape.calculus.report import step_captions
from landscape.calculus.step_errors import SHOWN, StepErrors
from landscape.figures.calculus.common import opened, quotient
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.numbers import short

# The window that is looked at: so many steps to each side, and so many points in it.
WIDE, POINTS = 2.0, 49
DECADES = list(range(0, 17, 2))
POWERS: Trace = {"type": "log", "exponentformat": "power"}


def step_error_stage(
    found: StepErrors, precision: str, theme: Theme, *, narrow: bool = False, height: int = 466
) -> Stage:
    """A frame a step h, from 1 down; the curves of one precision are strong, those of the other thin."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"error {found.curve.key} {narrow}", alternative(found, precision), narrow)
    _errors(stage, found, precision, place["main"])
    _zoom(stage, found, precision, place["upper"])
    _digits(stage, found, precision, place["lower"])
    times = -np.log10(found.h)
    labels = [f"h = {short(h)}" for h in found.h]
    stage.play(times, "decades", labels=labels, captions=step_captions(found, precision), rate=len(times) / 8)
    return stage


def _floor(found: StepErrors) -> float:
    """Below this an error is none: half a unit of the slope's last place, in double."""
    return found.scale * float(np.finfo(float).eps) / 4


def _errors(stage: Stage, found: StepErrors, precision: str, place: Span) -> None:
    decades, floor = -np.log10(found.h), _floor(found)
    low, high = np.log10(floor) - 0.5, max(1.0, float(np.log10(found.scale)) + 1.5)
    for (scheme, of), each in found.quotients.items():
        look, strong = quotient(scheme, stage.theme), of == precision
        name = DIFFERENCES[scheme].title if strong else f"in {of} precision"
        legend = strong or scheme == SHOWN[0]
        hover = f"{name}<br>h = 10<sup>−%{{x:.1f}}</sup><br>off by %{{y:.3g}}"
        style: Trace = {"width": 3 if strong else 1, "dash": look.dash, "name": name, "hover": hover, "legend": legend}
        curve = line(decades, np.maximum(each.error, floor), look.color, **style)
        stage.trail(curve) if strong else stage.draw(curve)
        if strong and np.isfinite(each.told.step):
            stage.draw(_theory(found, scheme, precision, stage.theme, legend=scheme == SHOWN[0]))
    now = np.stack([np.nan_to_num(np.maximum(found.quotients[s, precision].error, floor), nan=floor) for s in SHOWN], 1)
    looks = [quotient(scheme, stage.theme) for scheme in SHOWN]
    heads = marks(None, None, [each.color for each in looks], symbol=[each.marker for each in looks], name="now")
    span = 10.0 ** np.array([low, high])
    places = np.repeat(decades[:, None], len(SHOWN), 1)
    stage.move(cursor(decades, span.tolist(), "", stage.theme), moved(heads, places, now))
    stage.grip("", CLOCK)
    # In decades, as the clock counts them: so the play head can be held here.
    powers_of_ten = {"tickvals": DECADES, "ticktext": [f"10<sup>−{k}</sup>" if k else "1" for k in DECADES]}
    across = {"range": [-0.3, 16.3], "title": title("step h"), **powers_of_ten}
    up = {**POWERS, "range": [low, high], "dtick": 2, "tickfont": {"size": 12}}
    stage.panel("", place, across, up, f"Error of the quotient, {precision} precision")


def _theory(found: StepErrors, scheme: str, precision: str, theme: Theme, *, legend: bool) -> Trace:
    """The two arms of the V as theory has them, which meet at the best step."""
    told, h = found.quotients[scheme, precision].told, found.h
    both = told.truncation * h ** DIFFERENCES[scheme].order + told.rounding / h
    return line(-np.log10(h), both, theme.ink, width=1.5, dash="2px,4px", name="theory", legend=legend)


def _zoom(stage: Stage, found: StepErrors, precision: str, place: Span) -> None:
    """f between x - 2 h and x + 2 h, in units of h, as the arithmetic has it: in the end a staircase."""
    real = PRECISIONS[precision][0]
    t = np.linspace(-WIDE, WIDE, POINTS)
    x, h = real(found.x), found.h.astype(real)[:, None]
    seen = found.curve.seen(x + h * t.astype(real))
    rise = (seen - found.curve.seen(np.array(x))) / h
    reach = 2.2 * found.scale
    rise = np.clip(np.nan_to_num(rise.astype(float)), -9 * reach, 9 * reach)
    slope = found.here.slope
    stage.draw(line(t, slope * t, stage.theme.belief, "2", width=2, dash="13px,4px", name="tangent"))
    moving = line(None, None, stage.theme.value, "2", width=2.5, name="f, as computed")
    stage.move(moved(moving, np.broadcast_to(t, rise.shape), rise, 3))
    across = {"range": [-WIDE, WIDE], "nticks": 5}
    stage.panel("2", place, across, {"range": [-reach, reach], "nticks": 5}, "f from x − 2h to x + 2h, as computed")


def _digits(stage: Stage, found: StepErrors, precision: str, place: Span) -> None:
    rows = np.arange(len(SHOWN))[::-1]
    for row, scheme in zip(rows, SHOWN, strict=True):
        digits, look = found.digits(scheme, precision), quotient(scheme, stage.theme)
        digits = np.nan_to_num(digits)
        bar = line(None, None, look.color, "3", width=9, name=f"{DIFFERENCES[scheme].title}, digits")
        stage.move(moved(bar, np.stack([0 * digits, digits], 1), np.full((len(digits), 2), row)))
    names = [s.capitalize() for s in SHOWN]
    up = {"range": [-0.6, len(SHOWN) - 0.4], "tickvals": rows.tolist(), "ticktext": names, "tickfont": {"size": 12}}
    across = {"range": [0, 17], "dtick": 4}
    stage.panel("3", place, across, up, "Digits of f′(x) that are right")


def alternative(found: StepErrors, precision: str) -> str:
    """The stage in words."""
    at = int(np.argmin(np.abs(found.h - 1e-8)))
    return (
        f"{found.curve.title} at x = {short(found.x)}: the error of three difference quotients against the step h, "
        f"in {precision} precision. {step_captions(found, precision)[at]}"
    )
