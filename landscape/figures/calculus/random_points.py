"""The stage of random points: estimates that settle, how far off they are, and how often their intervals hold."""

import numpy as np

from landscape.calculus.area_report import points_captions
from landscape.calculus.quadratures import SIGMAS_95
from landscape.calculus.random_points import RandomPoints
from landscape.figures.calculus.common import opened, veiled
from landscape.figures.calculus.sums import rule_look
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import cursor, line, marks, moved, strokes
from landscape.numbers import apart

SHOWN = 100
RULE = "monte_carlo"
LOG = {"type": "log", "range": [0.25, 3.05], "tickvals": [10, 100, 1000], "ticktext": ["10", "100", "1,000"]}


def points_stage(found: RandomPoints, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A frame a number of points."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"points {found.curve.key} {narrow}", alternative(found), narrow)
    _estimates(stage, found, place["main"])
    _errors(stage, found, place["upper"])
    _coverage(stage, found, place["lower"])
    labels = [f"n = {n:,}" for n in found.n]
    stage.play(found.n, "points", labels=labels, captions=points_captions(found), rate=10)
    return stage


def _estimates(stage: Stage, found: RandomPoints, place: Span) -> None:
    theme, n, reach = stage.theme, found.n, SIGMAS_95 * found.told
    color = rule_look(RULE, theme).color
    others = np.stack([np.broadcast_to(n, (SHOWN, len(n))), found.area[:SHOWN]], axis=-1)
    stage.draw(line(*_lines(others), veiled(theme.faint, 0.45), width=1, name="100 runs", legend=True))
    for sign, legend in ((1, True), (-1, False)):
        edge, name = found.truth + sign * reach, "area ± 1.96 σ/√n"
        stage.draw(line(n, edge, theme.ink, width=2, dash="3px,4px", name=name, legend=legend))
    stage.draw(line(n[[0, -1]], [found.truth] * 2, theme.ink, width=1.5, dash="13px,4px", name="the area", legend=True))
    stage.trail(line(n, found.area[0], color, width=3, name="one run", legend=True))
    half = np.nan_to_num(SIGMAS_95 * found.standard_error[0])
    now = np.stack([n, n], axis=1).astype(float)
    interval = np.stack([found.area[0] - half, found.area[0] + half], axis=1)
    stage.move(
        moved(line(None, None, color, width=5, name="its interval", legend=True), now, interval, 5),
        moved(marks(None, None, color, symbol="star", size=14, name="now"), now[:, :1], found.area[0][:, None], 5),
    )
    high = 1.25 * float(reach[3])
    up = {"range": [found.truth - high, found.truth + high], "title": title("estimate", 2)}
    heading = f"The area from {' to '.join(apart(found.a, found.b))}, by random points"
    stage.panel("", place, {**LOG, "title": title("points n")}, up, heading)


def _lines(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = strokes(curves)
    return x, y


def _errors(stage: Stage, found: RandomPoints, place: Span) -> None:
    n, off, color = found.n, found.off, rule_look(RULE, stage.theme).color
    hover = "n = %{x}<br>off by %{y:.3g}"
    stage.draw(line(n, off, color, "2", width=3, name="error of 1,000 runs", hover=hover))
    stage.draw(line(n, found.told, stage.theme.ink, "2", width=2, dash="3px,4px", name="σ/√n"))
    seen = np.concatenate([off, found.told])
    seen = seen[seen > 0] if (seen > 0).any() else np.array([1e-16])
    low, high = float(np.log10(seen.min())) - 0.2, float(np.log10(seen.max())) + 0.2
    stage.move(cursor(n, (10.0**low, 10.0**high), "2", stage.theme))
    stage.panel("2", place, {**LOG}, log_axis(low, high), "Error of 1,000 runs; dotted: σ/√n")


def _coverage(stage: Stage, found: RandomPoints, place: Span) -> None:
    n, share, color = found.n, 100 * found.covers.mean(axis=0), rule_look(RULE, stage.theme).color
    hover = "n = %{x}<br>%{y:.1f} % hold the area"
    stage.draw(line(n[[0, -1]], [95, 95], stage.theme.ink, "3", width=2, dash="3px,4px", name="95 %"))
    stage.draw(line(n, share, color, "3", width=3, name="intervals that hold", hover=hover))
    stage.move(
        moved(marks(None, None, color, "3", symbol="star", size=13, name="share now"), n[:, None], share[:, None])
    )
    up = {"range": [min(60.0, float(share.min()) - 4), 101.5], "nticks": 5, "ticksuffix": " %"}
    stage.panel("3", place, {**LOG, "title": title("points n")}, up, "Intervals that hold the area")


def alternative(found: RandomPoints) -> str:
    """The stage in words."""
    about = f"{found.curve.title} from {' to '.join(apart(found.a, found.b))}, by random points."
    return f"{about} {points_captions(found)[-1]}"
