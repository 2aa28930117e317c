"""The stage of the noise ball: a cloud of runs around a minimum, the ellipse that was predicted, and what ends it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.calculus.area_report import ball_captions
from landscape.calculus.noise_ball import COVARIANCE, HESSIAN, START, NoiseBall
from landscape.figures.calculus.common import fill_panel, opened
from landscape.figures.kit.axes import log_axis, map_axes, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import PINNED, Theme
from landscape.figures.kit.traces import cursor, line, marks, moved

SHOWN, FRAMES = 85, 70
CONSTANT, DECAYING, MEASURED = PINNED["gradient_descent"][0], "indigo", "teal"
# 95 of 100 points of a normal cloud lie within so many standard deviations, in the plane.
RADIUS = float(np.sqrt(-2 * np.log(0.05)))
HALF = 3.0
TURN = np.linspace(0, 2 * np.pi, 73)


def ball_stage(
    found: NoiseBall,
    decays: bool,
    rates: tuple[float, float],
    theme: Theme,
    *,
    narrow: bool = False,
    height: int = 424,
) -> Stage:
    """A frame every so many steps; the cloud of the constant rate or of the decaying one. A hand holds the rate."""
    place = arrangement("calculus", narrow)
    steps = np.unique(np.round(np.linspace(0, 1, FRAMES) ** 1.7 * (len(found.x) - 1)).astype(int))
    stage = opened(theme, height, f"ball {narrow}", alternative(found, decays), narrow)
    stage.hold("rate", found.rate, rates, scale="log", label="rate", color=theme.hue(CONSTANT))
    told = "Settled, the cloud is predicted to reach {reach} to the right."
    point = _predicted(found.batch)
    stage.tell(["rate"], lambda rate: {"reach": point(rate, 0.0)[0]}, told)
    _cloud(stage, found, decays, steps, place["main"])
    _spread(stage, found, decays, steps, place["upper"])
    _means(stage, found, place["lower"])
    stage.play(steps, "steps", captions=ball_captions(found, decays, steps), rate=12)
    return stage


def ellipse(covariance: np.ndarray) -> np.ndarray:
    """The ellipse about 0 that holds 95 in 100 of a normal cloud, (..., 2, 2) -> (..., 73, 2); NaN for none."""
    a, b, c = (covariance[..., i, j, None] for i, j in ((0, 0), (0, 1), (1, 1)))
    with np.errstate(all="ignore"):
        x, y = _around(a, b, c, TURN)
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def _around(a: Any, b: Any, c: Any, turn: Any) -> tuple[Any, Any]:
    """The point of that ellipse for a turn, of the covariance [a b; b c]: by its Cholesky factor."""
    first = np.sqrt(a)
    across, up = RADIUS * np.cos(turn), RADIUS * np.sin(turn)
    return first * across, b / np.where(a == 0, 1.0, first) * across + np.sqrt(
        c - b * b / np.where(a == 0, 1.0, a)
    ) * up


def _predicted(batch: int) -> Callable[[Any, Any], tuple[Any, Any]]:
    """The settled ellipse as the browser follows it: its point for a rate and a turn; see `stationary_covariance`."""
    values, vectors = np.linalg.eigh(HESSIAN)
    turned = vectors.T @ (COVARIANCE / batch) @ vectors

    def point(rate: Any, turn: Any) -> tuple[Any, Any]:
        s = {}
        for i, j in ((0, 0), (0, 1), (1, 1)):
            left = values[i] + values[j] - rate * (values[i] * values[j])
            s[i, j] = np.where(rate * values[1] < 2, rate * turned[i, j] / left, np.nan)
        (p, q), (r, t) = vectors
        entries = (
            p * p * s[0, 0] + 2 * p * q * s[0, 1] + q * q * s[1, 1],
            p * r * s[0, 0] + (p * t + q * r) * s[0, 1] + q * t * s[1, 1],
            r * r * s[0, 0] + 2 * r * t * s[0, 1] + t * t * s[1, 1],
        )
        return _around(*entries, turn)

    return point


def _cloud(stage: Stage, found: NoiseBall, decays: bool, steps: np.ndarray, place: Span) -> None:
    theme, runs = stage.theme, found.decayed if decays else found.x
    spread = found.decayed_spread if decays else found.spread
    _bowl(stage)
    settled = ellipse(found.theory.exact)
    stage.follow(len(stage.still), ["rate"], _predicted(found.batch), TURN)
    name = "predicted"
    stage.draw(line(settled[:, 0], settled[:, 1], theme.ink, width=2.5, dash="13px,4px", name=name, legend=True))
    color = theme.hue(DECAYING if decays else CONSTANT)
    shown = np.clip(np.nan_to_num(runs[steps][:, :SHOWN]), -9 * HALF, 9 * HALF)
    seen = ellipse(spread[steps]) + np.clip(runs[steps].mean(axis=1), -9 * HALF, 9 * HALF)[:, None]
    cloud = marks(None, None, color, size=7, edge=theme.paper, name="runs", legend=True)
    stage.move(
        moved(cloud, shown[..., 0], shown[..., 1], 3),
        moved(line(None, None, theme.hue(MEASURED), width=2.5, name="measured", legend=True), *seen.transpose(2, 0, 1)),
    )
    stage.draw(marks(START[:1], START[1:], theme.ink, symbol="circle-open", size=13, edge=theme.ink, name="start"))
    # It stands still, over what moves.
    lowest = marks(None, None, theme.ink, symbol="star", size=15, edge=theme.paper, name="minimum", legend=True)
    stage.move(moved(lowest, np.zeros((len(steps), 1)), np.zeros((len(steps), 1))))
    stage.axes |= map_axes(((-HALF, HALF), (-HALF, HALF)), ("w₁", "w₂"), theme, place)
    fill_panel(stage)
    stage.head("400 runs around the minimum", place)


def _bowl(stage: Stage) -> None:
    """Level curves of the loss."""
    values, vectors = np.linalg.eigh(HESSIAN)
    for level in (0.2, 1.0, 2.5, 5.0, 9.0):
        ring = np.sqrt(2 * level / values)[:, None] * np.stack([np.cos(TURN), np.sin(TURN)])
        x, y = vectors @ ring
        stage.draw(line(x, y, stage.theme.faint, width=1, name="loss"))


def _spread(stage: Stage, found: NoiseBall, decays: bool, steps: np.ndarray, place: Span) -> None:
    every = np.unique(np.round(np.linspace(0, len(found.x) - 1, 400)).astype(int))
    floor = 1e-9
    for measured, told, hue, dash, name, strong in (
        (found.spread, found.told, CONSTANT, "solid", "constant rate", not decays),
        (found.decayed_spread, found.decayed_told, DECAYING, "13px,4px", "decaying rate", decays),
    ):
        seen = np.maximum(np.trace(measured, axis1=1, axis2=2)[every], floor)
        color = stage.theme.hue(hue)
        hover = f"{name}<br>step %{{x}}: %{{y:.3g}}"
        width = 3.5 if strong else 1.5
        stage.draw(line(every, seen, color, "2", width=width, dash=dash, name=name, hover=hover, legend=True))
        theory = np.maximum(np.trace(told, axis1=1, axis2=2)[every], floor)
        stage.draw(line(every, theory, stage.theme.ink, "2", width=1.5, dash="13px,4px", name="variance, predicted"))
    all_seen = np.concatenate([np.trace(each, axis1=1, axis2=2)[1:] for each in (found.spread, found.decayed_spread)])
    all_seen = all_seen[np.isfinite(all_seen) & (all_seen > 0)]
    low, high = float(np.log10(all_seen.min())) - 0.2, float(np.log10(min(all_seen.max(), 1e4))) + 0.3
    stage.move(cursor(steps, (10.0**low, 10.0**high), "2", stage.theme))
    stage.grip("2", CLOCK)
    along = {"range": [0, 1.02 * (len(found.x) - 1)], "nticks": 5, "title": title("")}
    stage.panel("2", place, along, log_axis(low, high), "Variance of the cloud, by step")


def _means(stage: Stage, found: NoiseBall, place: Span) -> None:
    theme, k = stage.theme, found.lengths
    hover = "mean of the last %{x}<br>variance %{y:.3g}"
    stage.draw(line(k, found.mean_spread, theme.hue(CONSTANT), "3", width=3, name="mean of iterates", hover=hover))
    stage.draw(line(k, found.mean_told, theme.ink, "3", width=1.5, dash="13px,4px", name="mean, predicted"))
    seen = np.concatenate([found.mean_spread, found.mean_told])
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low, high = float(np.log10(seen.min())) - 0.2, float(np.log10(min(seen.max(), 1e4))) + 0.2
    end = float(np.log10(k[-1]))
    along = {**log_axis(-0.05, end + 0.05), "dtick": 1, "title": title("iterates averaged")}
    stage.panel("3", place, along, log_axis(low, high), "Variance of averaged iterates")


def alternative(found: NoiseBall, decays: bool) -> str:
    """The stage in words."""
    last = np.array([len(found.x) - 1])
    return f"A cloud of runs around the minimum of a bowl. {ball_captions(found, decays, last)[0]}"
