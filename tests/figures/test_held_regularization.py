"""What follows while the true weights are held on Regularization, against what Python finds for what they become."""

from typing import Any

import numpy as np
import pytest

from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.figures.regularization.hold import Held
from landscape.figures.regularization.shrinkage import shrinkage_stage
from landscape.figures.regularization.shrinkage_curves import Curves, box, curves
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.shrinkage import Shrinkage, shrink, strength_range
from landscape.regularization.two_weights import TWO_WEIGHTS
from tests.figures.test_held_curvature import ran

NAMES = ("loss.correlated.w1", "loss.correlated.w2")
CORRELATED = TWO_WEIGHTS["correlated"]


def held_stage(key: str, correlation: float) -> tuple[Stage, np.ndarray]:
    """The stage of a penalty and a correlation, and its strengths."""
    loss, unit = CORRELATED.loss(correlation=correlation), PENALTIES[key](1.0, free=None)
    found = shrink(loss, unit, strength_range(loss, unit, 1 / loss.curvature, 25), 1 / loss.curvature)
    held = Held(NAMES, np.array([2.0, 0.8]), [(-3, 3)] * 2)
    stage = shrinkage_stage(loss, unit, found, curves(loss, unit, found), THEMES["light"], names=("", ""), held=held)
    return stage, found.strengths


def walked(way: dict[str, Any], at: dict[str, float]) -> np.ndarray:
    """A way's lanes and numbers, as live.js finds them."""
    told, lanes = [at[name] for name in way["reads"]], np.array(way["lanes"])
    # Lanes that each begin anew are done at once.
    groups = [lanes] if way["fresh"] else lanes[:, None]
    numbers, rows = None, []
    for group in groups:
        if numbers is None:
            numbers = ran(way["start"], *told, *group.T)
        for _ in range(way["rounds"]):
            numbers = ran(way["step"], *told, *group.T, *numbers)
        rows.append(np.stack([*group.T, *numbers], axis=-1))
    return np.concatenate(rows)


def followed(stage: Stage, at: dict[str, float], frame: int) -> dict[tuple[str, str], list[np.ndarray]]:
    """What every trace that follows shows, by its name and its panel, as live.js has it."""
    live = stage.live
    at = {**at, CLOCK: stage.times[frame]}
    found = []
    for way in live["ways"]:
        found.append(walked(way, at))
        at |= dict(zip(way["names"], found[-1][frame, len(way["lanes"][0]) :], strict=False))
    traces = stage.still + [trace for trace, _ in stage.moving]
    shown: dict[tuple[str, str], list[np.ndarray]] = {}
    for curve in live["curves"]:
        lanes = found[curve["along"]] if "along" in curve else np.array(curve["lanes"])
        told = [np.full(len(lanes), at[name]) for name in curve["reads"]]
        trace = traces[curve["trace"]]
        points = np.stack(ran(curve["program"], *told, *lanes.T), axis=-1)
        shown.setdefault((trace["name"], trace.get("xaxis", "x")), []).append(points)
    return shown


@pytest.mark.parametrize("key", PENALTIES)
@pytest.mark.parametrize("correlation", [0.5, -0.95])
def test_everything_follows_the_true_weights(key: str, correlation: float) -> None:
    stage, strengths = held_stage(key, correlation)
    true = (1.1, -1.6)
    frame = 12
    seen = followed(stage, dict(zip(NAMES, true, strict=True)), frame)
    loss, unit = CORRELATED.loss(correlation=correlation, w1=true[0], w2=true[1]), PENALTIES[key](1.0, free=None)
    exact = shrink(loss, unit, strengths, 1 / loss.curvature)
    drawn = curves(loss, unit, exact)
    _compare(seen, exact, drawn, frame)


def _compare(seen: dict[tuple[str, str], list[np.ndarray]], exact: Shrinkage, drawn: Curves, frame: int) -> None:
    # Half a pixel of a map that is three hundred wide.
    near = 0.5 / 300 * float(np.ptp(box(exact), axis=1).max())
    w, s = exact.w, exact.strengths
    assert np.abs(seen["minimum as λ grows", "x"][0] - w).max() <= near
    assert np.abs(seen["minimum at λ", "x"][0] - w[frame]).max() <= near
    assert np.abs(seen["λ = 0", "x"][0] - w[0]).max() <= 1e-9
    for name, there in (("loss through the minimum", drawn.touching), ("ball: penalty ≤ t", drawn.ball)):
        assert np.abs(seen[name, "x"][0] - there[frame]).max() <= 2 * near, name
    for j, ring in enumerate(seen["loss + λ · penalty", "x"]):
        assert np.abs(ring - drawn.total[frame, j]).max() <= 2 * near
    for j, name in enumerate(("w₁", "w₂")):
        assert np.abs(seen[name, "x2"][0] - np.stack([s, w[:, j]], axis=1)).max() <= near
    for j, line in enumerate(seen["this sum", "x3"]):
        assert np.allclose(line[:, 1], exact.eigenvalues[:, j], rtol=0.01)
