"""The stage of an expectation: two densities, the area that an average is, and all normal q around p."""

from typing import Any

import numpy as np

from landscape.calculus.densities import log_density
from landscape.calculus.expectation_report import NOTHING, expectation_captions
from landscape.calculus.expectations import HIGH, LOW, Expectation, compared, level
from landscape.figures.calculus.common import opened, veiled
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.ranges import linear_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, pair
from landscape.figures.kit.traces import Trace, line, marks
from landscape.numbers import short

P_HELD, Q_HELD = ("pmean", "pwidth"), ("qmean", "qwidth")
HELD = (*P_HELD, *Q_HELD)
CURVE = np.linspace(LOW, HIGH, 241)
# Lines of equal KL: this much more than the least.
LEVELS, AROUND = (0.05, 0.2, 0.5, 1.0, 2.0), 48
# The densities are drawn up to a peak of this height, at least.
PEAK = 0.55
PLACES_A_SECOND = 20

Spans = tuple[tuple[float, float], tuple[float, float]]


def expectation_stage(
    found: Expectation, spans: Spans, theme: Theme, *, narrow: bool = False, height: int = 424
) -> Stage:
    """A frame a place up to which the area is added up. A hand holds both means and both widths, within their spans."""
    place = arrangement("calculus", narrow)
    p, q = found.p, found.q
    revision = f"expectation {p.shape.key} {found.averaged.key} {narrow}"
    stage = opened(theme, height, revision, alternative(found), narrow)
    looks = pair(theme)
    for (mean, width), each, look, label in ((P_HELD, p, looks[0], "width of p"), (Q_HELD, q, looks[1], "width of q")):
        stage.hold(mean, each.mean, spans[0])
        stage.hold(width, each.width, spans[1], label=label, color=look.color)
    _densities(stage, found, place["main"])
    _integrand(stage, found, place["upper"])
    _plane(stage, found, spans, place["lower"])
    names = ("entropy", "cross", "apart")
    said = "Cross entropy {cross} = entropy of p {entropy} + KL(p‖q) {apart}."
    stage.tell(HELD, lambda *at: dict(zip(names, map(unrounded, compared(p, *at)), strict=True)), said)
    labels = [f"x = {short(x)}" for x in found.x]
    # Of each stroke of the hatching, its upper end.
    reached = 3 * np.arange(len(found.x)) + 1
    stage.play(
        found.x, "x", schedule=[reached], labels=labels, captions=expectation_captions(found), rate=PLACES_A_SECOND
    )
    return stage


def unrounded(value: Any) -> Any:
    """A recorded number, 0 where only rounding keeps it from that."""
    return np.where(np.abs(value) < NOTHING, 0.0, value)


def _hatch(stage: Stage, found: Expectation, panel: str, color: str, name: str) -> None:
    """Strokes from 0 up to a function of p and q, up to the play head; see `_value`."""
    lanes = np.stack([np.repeat(found.x, 3), np.tile([0.0, 1.0, np.nan], len(found.x))], axis=1)
    value = _value(found, panel)
    # Beyond the gap's NaN, a stroke's end is 0 or 1: at 0 there is no value to ask for.
    stage.follow(
        len(stage.still),
        HELD,
        lambda pm, pw, qm, qw, t, end: (t + 0.0 * end, np.where(end == 0, 0.0, end * value(t, pm, pw, qm, qw))),
        lanes,
    )
    tops = found.integrand(found.x) if panel else found.p.value(found.x)
    x = np.repeat(found.x, 3)
    y = np.stack([0 * tops, tops, np.nan * tops], axis=1).ravel()
    stage.trail(line(np.where(np.isnan(y), np.nan, x), y, veiled(color, 0.4), panel, width=3, name=name))


def _value(found: Expectation, panel: str) -> Any:
    """p at x, or g times p, as the browser follows it."""
    shape, normal, g = found.p.shape, found.q.shape, found.averaged.of

    def value(x: Any, pm: Any, pw: Any, qm: Any, qw: Any) -> Any:
        log_p = log_density(shape, x, pm, pw)
        return np.exp(log_p) * (g(x, log_p, log_density(normal, x, qm, qw), pm) if panel else 1.0)

    return value


def _densities(stage: Stage, found: Expectation, place: Span) -> None:
    p, q, theme = found.p, found.q, stage.theme
    of_p, of_q = pair(theme)
    _hatch(stage, found, "", of_p.color, "area under p")
    for each, look, names, name in ((q, of_q, Q_HELD, "q"), (p, of_p, P_HELD, "p")):
        shape = each.shape
        stage.follow(len(stage.still), names, lambda m, w, t, s=shape: (t, np.exp(log_density(s, t, m, w))), CURVE)
        style: Trace = {"width": 3, "dash": look.dash, "name": name, "hover": f"{name}(%{{x:.3g}}) = %{{y:.3g}}"}
        stage.draw(line(CURVE, each.value(CURVE), look.color, legend=True, **style))
    for each, look, names, name in ((q, of_q, Q_HELD, "q"), (p, of_p, P_HELD, "p")):
        stage.grip("", across=names[0], mark=len(stage.still))
        stage.follow(
            len(stage.still),
            names,
            lambda m, w, t, s=each.shape: (m + t, np.exp(log_density(s, m, m, w))),
            [0.0],
        )
        top = each.value(np.array([each.mean]))
        style = {"symbol": look.marker, "size": 15, "edge": theme.paper, "name": f"mean of {name}"}
        stage.draw(marks([each.mean], top, look.color, hover=f"mean of {name}: %{{x:.3g}}", **style))
    densities_panel(stage, found, place)


def densities_panel(stage: Stage, found: Expectation, place: Span) -> None:
    """The panel that both densities are drawn on."""
    high = 1.12 * max(PEAK, *(float(each.value(CURVE).max()) for each in (found.p, found.q)))
    along = {"range": [LOW, HIGH], "title": title("x"), "nticks": 9}
    stage.panel("", place, along, {"range": [0, high], "title": title("density", 2)}, "The densities p and q")


def _integrand(stage: Stage, found: Expectation, place: Span) -> None:
    color, value = stage.theme.value, _value(found, "2")
    _hatch(stage, found, "2", color, "its area so far")
    stage.follow(len(stage.still), HELD, lambda pm, pw, qm, qw, t: (t, value(t, pm, pw, qm, qw)), CURVE)
    drawn = found.integrand(CURVE)
    hover = "at x = %{x:.3g}: %{y:.3g}"
    stage.draw(line(CURVE, drawn, color, "2", name=f"({found.averaged.title}) · p", hover=hover))
    up = {"range": linear_range(drawn, np.zeros(1), room=0.15), "nticks": 5}
    up |= {"zeroline": True, "zerolinecolor": stage.theme.faint}
    heading = f"({found.averaged.title}) · p: its area is the average"
    stage.panel("2", place, {"range": [LOW, HIGH], "nticks": 6}, up, heading)


def _plane(stage: Stage, found: Expectation, spans: Spans, place: Span) -> None:
    """Every normal q by its mean and width, lines of equal KL around p's own."""
    p, q, theme = found.p, found.q, stage.theme
    rings = [np.concatenate([level(excess, AROUND), [[np.nan, np.nan]]]) for excess in LEVELS]
    lanes = np.concatenate(rings)
    stage.follow(len(stage.still), P_HELD, lambda m, w, u, v: (m + w * u, w * v), lanes)
    x, y = p.mean + p.width * lanes[:, 0], p.width * lanes[:, 1]
    stage.draw(line(x, y, theme.faint, "3", width=1.3, name="equal KL(p‖q)"))
    for each, look, names, name in zip((p, q), pair(theme), (P_HELD, Q_HELD), ("p", "q"), strict=True):
        stage.grip("3", *names, mark=len(stage.still))
        hover = f"{name}<br>mean %{{x:.3g}}, width %{{y:.3g}}"
        style: Trace = {"symbol": look.marker, "size": 14, "edge": theme.paper, "name": f"{name}, held", "hover": hover}
        stage.draw(marks([each.mean], [each.width], look.color, "3", **style))
    (left, right), (low, high) = spans
    room = 0.08 * (right - left)
    along = {"range": [left - room, right + room], "nticks": 6, "title": title("mean")}
    up = {"range": [max(0.0, low - 0.2), high + 0.2], "nticks": 5}
    stage.panel("3", place, along, up, "Width by mean; rings: equal KL(p‖q)")


def alternative(found: Expectation) -> str:
    """The stage in words."""
    p, q = found.p, found.q
    about = f"{p.shape.title}, with mean {short(p.mean)} and width {short(p.width)}: the density p."
    about += f" q is normal, with mean {short(q.mean)} and width {short(q.width)}."
    return f"{about} {expectation_captions(found)[-1]}"
