"""What follows while the true weights, the decay or the rate are held on Early stopping, against what Python finds."""

from typing import Any

import numpy as np
import pytest

from landscape.dashboard.kit.view import Seen
from landscape.dashboard.regularization.penalised import Loss, StoppingTerms, stopping
from landscape.dashboard.regularization.stopping_view import VIEW
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.figures.regularization.stopping_hold import APART, LEAST, TARGET
from landscape.regularization.early_stopping import StoppingAndDecay, early_stopping, weight_decay
from landscape.regularization.paths import ridge_path
from landscape.regularization.selection import design
from landscape.regularization.two_weights import TWO_WEIGHTS
from tests.figures.test_held_curvature import ran
from tests.figures.test_held_regularization import followed, walked

TRUE = ("loss.correlated.w1", "loss.correlated.w2")
CORRELATED = TWO_WEIGHTS["correlated"]


def stage_of(terms: StoppingTerms) -> tuple[Stage, StoppingAndDecay]:
    found = stopping(terms)
    return VIEW.draw(terms, found, Seen(THEMES["light"], "laptop")), found


def correlated(correlation: float, w1: float = 2.0, w2: float = 0.8) -> Loss:
    settings = {name: knob.default for name, knob in CORRELATED.knobs.items()}
    return Loss("correlated", tuple((settings | {"correlation": correlation, "w1": w1, "w2": w2}).items()))


def exact(loss: Loss | None, steps: np.ndarray, share: float, decay: float) -> StoppingAndDecay:
    """What the core finds at these steps, whatever steps it would have chosen."""
    if loss is None:
        X, y, _ = design("none", 442)
    else:
        smooth = CORRELATED.loss(**dict(loss.settings))
        X, y = smooth.X, smooth.y
    ten = loss is None
    centred = X - X.mean(axis=0) * ten
    lr = share / (np.linalg.eigvalsh(centred.T @ centred / len(y))[-1] + decay)
    found, decayed = early_stopping(X, y, lr, steps, ten), weight_decay(X, y, lr, decay, steps, ten)
    return StoppingAndDecay(found, decayed, ridge_path(X, y, np.array([decay]), ten).coefficients[0], lr, decay)


def _panels_agree(seen: dict[tuple[str, str], list[np.ndarray]], want: StoppingAndDecay, frame: int) -> None:
    found, t = want.found, want.found.steps
    assert np.allclose(seen["1/(ηt)", "x2"][0], np.stack([t, 1 / (want.lr * t)], axis=1), rtol=1e-9)
    assert np.allclose(seen["nearest λ", "x2"][0], np.stack([t, found.strengths], axis=1), rtol=1e-4)
    assert np.allclose(seen["decay", "x2"][0], [[t[0], want.decay], [t[-1], want.decay]])
    assert np.allclose(seen["λ now", "x2"][0], [[t[frame], found.strengths[frame]]], rtol=1e-4)
    length = np.linalg.norm(found.full)
    away = (
        found.difference,
        np.linalg.norm(found.stopped - want.ridge, axis=1) / length,
        np.linalg.norm(want.decayed - want.ridge, axis=1) / length,
    )
    for k, name in enumerate(APART):
        assert np.allclose(seen[name, "x3"][0][:, 1], np.maximum(away[k], 1e-12), rtol=0.02, atol=1e-7), name
        assert np.allclose(seen["distances now", "x3"][0][k], [t[frame], away[k][frame]], rtol=0.02, atol=1e-7)
    for panel in ("x2", "x3"):
        assert np.allclose(seen["play head", panel][0][:, 0], t[frame])


@pytest.mark.parametrize("correlation", [0.5, -0.95, 1.0])
@pytest.mark.parametrize(("decay", "share"), [(0.5, 0.2), (2.0, 0.05), (0.01, 1.9)])
def test_three_ways_follow_what_is_held(correlation: float, decay: float, share: float) -> None:
    stage, before = stage_of(StoppingTerms(correlated(correlation), 0.2, 0.5))
    frame, true = 25, (-1.2, 1.7)
    seen = followed(stage, dict(zip((*TRUE, "decay", "eta"), (*true, decay, share), strict=True)), frame)
    want = exact(correlated(correlation, *true), before.found.steps, share, decay)
    found = want.found
    near = 0.5 / 300 * float(np.abs(found.full).max())
    assert np.abs(seen["gradient descent, stopped", "x"][0][1:] - found.stopped).max() <= near
    assert np.abs(seen["with weight decay", "x"][0][1:] - want.decayed).max() <= near
    for name in ("gradient descent, stopped", "with weight decay", "ridge"):
        assert np.abs(seen[name, "x"][0][0]).max() <= 1e-12
    assert np.allclose(seen[LEAST, "x"][0], found.full)
    assert np.allclose(seen[TARGET, "x"][0], want.ridge)
    heads = found.ridge[frame], want.decayed[frame], found.stopped[frame]
    assert np.abs(seen["heads", "x"][0] - heads).max() <= near
    assert np.abs(seen["difference", "x"][0] - [heads[2], heads[0]]).max() <= near
    # What is drawn of ridge is its path, at strengths that stay.
    smooth = CORRELATED.loss(correlation=correlation, w1=true[0], w2=true[1])
    ridge = ridge_path(smooth.X, smooth.y, before.found.strengths, False).coefficients
    assert np.abs(seen["ridge", "x"][0][1:] - ridge).max() <= near
    _panels_agree(seen, want, frame)


@pytest.mark.parametrize(("decay", "share"), [(0.5, 0.2), (5.0, 0.05), (0.01, 1.9)])
def test_ten_coefficients_follow_decay_and_rate(decay: float, share: float) -> None:
    stage, before = stage_of(StoppingTerms(None, 0.2, 0.5))
    frame, names = 70, design("none", 442)[2]
    seen = followed(stage, {"decay": decay, "eta": share}, frame)
    want = exact(None, before.found.steps, share, decay)
    near = 0.5 / 300 * float(np.abs(want.found.full).max())
    for j, name in enumerate(names):
        assert np.abs(seen[name, "x"][0][:, 1] - want.found.stopped[:, j]).max() <= near
        assert np.abs(seen[f"{name}, ridge", "x"][0][:, 1] - want.found.ridge[:, j]).max() <= near
    assert np.abs(seen["heads", "x"][0][:, 1] - want.found.stopped[frame]).max() <= near
    _panels_agree(seen, want, frame)


@pytest.mark.parametrize("loss", [correlated(0.5), Loss("cholesterol", ()), None])
def test_what_follows_begins_as_it_is_drawn_and_leaves_nothing_behind(loss: Loss | None) -> None:
    stage, _ = stage_of(StoppingTerms(loss, 0.2, 0.5))
    live, frame = stage.live, len(stage.times) - 1
    seen = followed(stage, {name: value["at"] for name, value in live["values"].items()}, frame)
    traces = stage.still + [trace for trace, _ in stage.moving]
    for curve in live["curves"]:
        trace = traces[curve["trace"]]
        x, y = (unpacked(each) if isinstance(each, dict) else each for each in (trace["x"], trace["y"]))
        (points,) = seen[trace["name"], trace.get("xaxis", "x")]
        reach = float(np.ptp(np.stack([x, y])) or 1.0)
        assert np.abs(points - np.stack([x, y], axis=1)).max() <= 2e-3 * reach, trace["name"]
    follows = {curve["trace"] for curve in live["curves"]}
    moving = set(range(len(stage.still), len(traces)))
    assert moving <= follows
    # The ground goes along, 0 stays where it is.
    still = {traces[i]["name"] for i in set(range(len(stage.still))) - follows}
    assert still <= {"loss", "start", "zero", "true weights"}


def test_one_sentence_says_what_is_held() -> None:
    stage, found = stage_of(StoppingTerms(correlated(0.5), 0.2, 0.5))
    told, frame = stage.live["sentence"], 40
    at: dict[str, Any] = {name: value["at"] for name, value in stage.live["values"].items()}
    (way,) = stage.live["ways"]
    at |= dict(zip(way["names"], walked(way, at)[frame, 1:], strict=False)) | {"clock": stage.times[frame]}
    said = [float(each[0]) for each in ran(told["program"], *(np.array([at[name]]) for name in told["reads"]))]
    t, strength = found.found.steps[frame], found.found.strengths[frame]
    want = [t, strength, 100 * found.found.difference[frame], 1 / (found.lr * t)]
    assert [part for part in told["parts"] if isinstance(part, int)] == [0, 1, 2, 3]
    assert np.allclose(said, want, rtol=0.01)
    # One step too: the words are the same for any number of them.
    assert told["parts"][:3] == ["Step ", 0, " ends nearest to ridge with λ = "]


@pytest.mark.parametrize("ten", [False, True])
def test_axes_stay_when_a_hand_lets_go(ten: bool) -> None:
    """Of the decay and of the rate however far they go; of the data where they move a little."""
    loss = None if ten else correlated(0.5)
    before = ranges(StoppingTerms(loss, 0.2, 0.5))
    for share, decay in ((0.3, 0.5), (0.2, 0.8), (1.95, 10.0), (0.01, 1e-3)):
        assert ranges(StoppingTerms(loss, share, decay)) == before
    if not ten:
        assert ranges(StoppingTerms(correlated(0.5, 2.1, 0.85), 0.2, 0.5)) == before


def ranges(terms: StoppingTerms) -> dict[str, list[float]]:
    return {name: list(axis["range"]) for name, axis in stage_of(terms)[0].axes.items()}


@pytest.mark.parametrize("correlation", [0.5, -0.95, 1.0])
@pytest.mark.parametrize("true", [(2.0, 0.8), (-3.0, 3.0), (0.0, 0.0)])
def test_the_map_shows_all_three_ways(correlation: float, true: tuple[float, float]) -> None:
    terms = StoppingTerms(correlated(correlation, *true), 0.9, 0.5)
    stage, seen = stage_of(terms)
    box = np.array([stage.axes[name]["range"] for name in ("xaxis", "yaxis")])
    for path in (seen.found.stopped, seen.found.ridge, seen.decayed, np.zeros((1, 2)), seen.found.full[None]):
        assert (path >= box[:, 0]).all()
        assert (path <= box[:, 1]).all()
