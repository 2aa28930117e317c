"""Figures of regularization: what is drawn is what was computed; Plotly's own validators accept it."""

from functools import cache

import numpy as np
import pytest

from landscape.figures.kit.animated import AnimatedFigure, unpacked
from landscape.figures.kit.axes import around
from landscape.figures.kit.ranges import linear_range, log_range
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.figures.kit.traces import line, marks, moved, strokes
from landscape.figures.regularization import contest, overfitting, selection, shrinkage, shrinkage_curves, stopping
from landscape.regularization.contest import contend
from landscape.regularization.early_stopping import early_stopping, weight_decay
from landscape.regularization.paths import ridge_path
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import noisy_points, polynomial_fits
from landscape.regularization.selection import design, select
from landscape.regularization.shrinkage import shrink, strength_range
from landscape.regularization.two_weights import TWO_WEIGHTS

LIGHT = THEMES["light"]
LOSS = TWO_WEIGHTS["correlated"].loss()
RATE = 1 / LOSS.curvature
STEPS = np.unique(np.geomspace(1, 500, 40).round().astype(int))


@cache
def two_weights(key: str = "l1", narrow: bool = False) -> tuple:
    unit = PENALTIES[key](1.0)
    found = shrink(LOSS, unit, strength_range(LOSS, unit, RATE, 31), RATE)
    drawn = shrinkage_curves.curves(LOSS, unit, found)
    return (
        found,
        drawn,
        shrinkage.shrinkage_stage(LOSS, unit, found, drawn, LIGHT, names=("a", ""), narrow=narrow).figure,
    )


@cache
def methods(narrow: bool = False, rate: float = RATE) -> tuple:
    ran = contend(LOSS, PENALTIES["l1"](1.5), ("fista", "gradient_descent"), np.array([0.0, 1.5]), 50, rate, 1 / RATE)
    return ran, contest.contest_stage(ran, ((-1.0, 3.0), (-1.0, 2.0)), LIGHT, names=("", ""), narrow=narrow).figure


@cache
def polynomials(narrow: bool = False, sweep: str = "strength") -> tuple:
    rng = np.random.default_rng(0)
    train, validation = noisy_points(15, 0.3, rng), noisy_points(50, 0.3, rng)
    fits = polynomial_fits(train, validation, np.arange(1, 21), np.append(0.0, np.logspace(-6, 1, 15)))
    return fits, overfitting.overfitting_stage(
        fits, train, validation, (9, 3), LIGHT, sweep=sweep, narrow=narrow
    ).figure


@cache
def stopped(narrow: bool = False, ten: bool = False) -> tuple:
    X, y, names = design("none", 442) if ten else (LOSS.X, LOSS.y, ("", ""))
    found = early_stopping(X, y, 0.1, STEPS, ten)
    decayed = weight_decay(X, y, 0.1, 0.4, STEPS, ten)
    target = ridge_path(X, y, [0.4], ten).coefficients[0]
    loss = None if ten else LOSS
    figure = stopping.stopping_stage(
        found, decayed, target, 0.1, 0.4, LIGHT, loss=loss, names=names, narrow=narrow
    ).figure
    return found, decayed, figure


@pytest.fixture(scope="module")
def chosen():
    return select(folds=3)


def update(figure: AnimatedFigure, name: str, axis: str, frame: int) -> np.ndarray:
    """What a frame gives a moving trace, shape (points, 2)."""
    spec = figure.to_dict()
    (index,) = [i for i, t in enumerate(spec["data"]) if t["name"] == name and t.get("xaxis", "x") == axis]
    part = spec["frames"][frame]["data"][spec["frames"][frame]["traces"].index(index)]
    return np.stack([part["x"], part["y"]], axis=1).astype(float)


@pytest.mark.parametrize("narrow", [False, True])
def test_plotly_accepts_every_figure_and_frames_move_the_last_traces(narrow: bool, chosen) -> None:
    titles = tuple(chosen.results)
    figures = [
        *(two_weights(key, narrow)[-1] for key in PENALTIES),
        methods(narrow)[-1],
        methods(narrow, 5 * RATE)[-1],
        polynomials(narrow)[-1],
        polynomials(narrow, "degree")[-1],
        stopped(narrow)[-1],
        stopped(narrow, ten=True)[-1],
        *(selection.selection_stage(chosen, title, LIGHT, narrow=narrow).figure for title in titles),
    ]
    for figure in figures:
        figure.checked()
        spec = figure.to_dict()
        meta, moving = spec["layout"]["meta"], spec["frames"][0]["traces"]
        assert moving == list(range(len(spec["data"]) - len(moving), len(spec["data"])))
        count, labels = len(spec["frames"]), meta.get("labels", meta["times"])
        assert count == len(meta["times"]) == len(labels) == len(meta["captions"]) == len(meta["schedule"][0])
        for trace, part in zip(moving, spec["frames"][-1]["data"], strict=True):
            assert all(spec["data"][trace][key] == value for key, value in part.items())
        for trail in meta["trails"]:
            points = unpacked(spec["data"][trail["trace"]]["x"])
            assert meta["schedule"][0][-1] < len(points)
            assert np.isfinite(points).all()
        # A mark without a place would not be drawn, and the player moves marks by their order.
        for frame in spec["frames"]:
            for trace, part in zip(moving, frame["data"], strict=True):
                if spec["data"][trace]["mode"] == "markers":
                    assert None not in (*part["x"], *part["y"])


@pytest.mark.parametrize("key", PENALTIES)
def test_curves_touch_at_the_minimum(key: str) -> None:
    found, drawn, figure = two_weights(key)
    unit = PENALTIES[key](1.0)
    for k in (5, 12):
        np.testing.assert_allclose(unit.value(drawn.ball[k]), found.size[k], rtol=1e-6)
        np.testing.assert_allclose(LOSS.value(drawn.touching[k]), found.loss[k], rtol=1e-6)
        # Nowhere inside the ball is the loss lower.
        inside = drawn.ball[k] * np.linspace(0, 1, 11)[:, None, None]
        assert LOSS.value(inside).min() >= found.loss[k] - 1e-6
        total = LOSS + PENALTIES[key](found.strengths[k])
        levels = total.value(drawn.total[k])
        np.testing.assert_allclose(levels, levels[:, :1] + 0 * levels, rtol=1e-6)
        np.testing.assert_allclose(update(figure, "ball: penalty ≤ t", "x", k), drawn.ball[k], rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(update(figure, "minimum at λ", "x", k)[0], found.w[k], rtol=1e-3)


def test_every_frame_shows_its_strength() -> None:
    found, _, figure = two_weights()
    for k in (0, 10, 30):
        np.testing.assert_allclose(update(figure, "weights at λ", "x2", k)[:, 1], found.w[k], rtol=1e-3)
        np.testing.assert_allclose(update(figure, "curvatures at λ", "x3", k)[:, 1], found.eigenvalues[k], rtol=1e-3)
        np.testing.assert_allclose(update(figure, "play head", "x2", k)[:, 0], found.strengths[k], rtol=1e-3)
    words = shrinkage.alternative(found, "Loss", "L1")
    assert f"w₁ is exactly zero from λ = {found.zero_from[0]:.3g} on" in words
    assert "w₂ is exactly 0 since λ = 1.22. Condition number " in shrinkage.captions(found)[-1]


@pytest.mark.parametrize("key", PENALTIES)
def test_two_weights_open_where_a_weight_has_just_become_zero(key: str) -> None:
    found = two_weights(key)[0]
    at = shrinkage.telling(found)
    if np.isfinite(found.zero_from).any():
        assert (found.w[at] == 0).any()
        assert (found.w[at - 1] != 0).all()
    assert 0 < at < len(found.strengths)


def test_condition_numbers() -> None:
    np.testing.assert_allclose(shrinkage_curves.condition_number(np.array([[1.0, 4.0], [0.0, 2.0]])), [4.0, np.inf])
    np.testing.assert_allclose(shrinkage_curves.condition_number(np.array([0.0, 0.0])), np.inf)


def test_a_weight_of_a_run_that_has_diverged_is_not_told_of() -> None:
    start = np.array([0.0, 1.5])
    ran = contend(LOSS, PENALTIES["l1"](1.5), ("fista", "gradient_descent"), start, 400, 4 * RATE, 1 / RATE)
    gone = {key: int(run.stop) for key, run in ran.runs.items() if run.status == "diverged"}
    assert "gradient_descent" in gone
    before, after = contest.captions(ran, np.array([min(gone.values()) - 1, 400]))
    assert "diverged" not in before
    assert " with Gradient descent" not in after
    assert "Gradient descent" in after
    assert after.endswith(" diverged.")
    assert f"Gradient descent diverged at step {gone['gradient_descent']}" in contest.alternative(ran, 400)


def test_exact_zeros_have_a_place_of_their_own() -> None:
    ran, figure = methods()
    (curve,) = [t for t in figure.to_dict()["data"] if t["name"] == "FISTA" and t["xaxis"] == "x2"]
    heights = unpacked(curve["y"])
    since = ran.zero_since("fista")
    np.testing.assert_allclose(heights[since:], contest.ZERO, rtol=1e-6)
    assert np.all(heights[:since] > contest.FLOOR / 2)
    assert "exactly 0" in figure.to_dict()["layout"]["meta"]["captions"][-1]
    assert "w₂ is exactly zero from step" in contest.alternative(ran, 50)


def test_paths_are_of_one_penalty_and_what_is_kept_of_all(chosen) -> None:
    titles, rising = tuple(chosen.results), chosen.strengths[::-1]
    for shown in titles:
        figure = selection.selection_stage(chosen, shown, LIGHT).figure
        drawn = {(t["name"], t.get("xaxis", "x")): t for t in figure.to_dict()["data"]}
        result = chosen.results[shown]
        for j, name in enumerate(chosen.names):
            want = result.path.coefficients[::-1, j]
            np.testing.assert_allclose(unpacked(drawn[name, "x"]["y"]), want, rtol=1e-6)
        for title in titles:
            np.testing.assert_array_equal(unpacked(drawn[title, "x2"]["y"]), chosen.results[title].path.nonzero[::-1])
            np.testing.assert_allclose(
                unpacked(drawn[f"error, {title}", "x3"]["y"]), chosen.results[title].mean[::-1], rtol=1e-6
            )
        for axis in ("x", "x2", "x3"):
            np.testing.assert_allclose(update(figure, "play head", axis, 40)[:, 0], rising[40], rtol=1e-3)
            for name, index in ((selection.BEST, result.best), (selection.SIMPLEST, result.one_standard_error)):
                assert unpacked(drawn[name, axis]["x"])[0] == pytest.approx(result.strengths[index], rel=1e-6)
        assert update(figure, "kept at λ", "x2", 40)[0, 1] == result.path.nonzero[::-1][40]
    assert "One standard error allows" in selection.alternative(chosen)


@pytest.mark.parametrize("extra", ["none", "copy", "noise"])
def test_names_stand_at_their_lines_and_not_upon_each_other(extra: str) -> None:
    found = select(extra, folds=3)
    stage = selection.selection_stage(found, "Lasso", LIGHT)
    (names,) = [t for t in stage.still if t["name"] == "names"]
    # Of twenty columns of noise none has a name.
    assert len(names["text"]) == {"none": 10, "copy": 11, "noise": 10}[extra]
    first = found.results["Lasso"].path.coefficients[-1, : len(names["text"])]
    rows = np.array(names["y"])
    low, high = stage.axes["yaxis"]["range"]
    line = (high - low) / (stage.height - stage.margin[1] - stage.margin[3]) * 14
    assert np.diff(np.sort(rows)).min() >= line
    assert np.all(np.diff(rows[np.argsort(first)]) > 0)
    assert np.abs(rows - first).max() < 4 * line


def test_what_is_kept_is_said_with_names_where_they_are_few(chosen) -> None:
    at = int(np.argmin(np.abs(chosen.strengths[::-1] / 7.08 - 1)))
    said = {title: selection.captions(chosen, title)[at] for title in chosen.results}
    counts = "Ridge keeps 10 of 10 weights, the elastic net 9, the lasso 4."
    assert said["Ridge"] == counts
    assert said["Lasso"] == f"{counts} The lasso keeps bmi, bp, hdl, ltg."
    assert selection.captions(chosen, "Lasso")[-1].endswith("the lasso none.")


def test_both_sweeps_show_the_same_fit_where_they_meet() -> None:
    fits, by_strength = polynomials()
    _, by_degree = polynomials(sweep="degree")
    np.testing.assert_array_equal(update(by_strength, "fit", "x", 3), update(by_degree, "fit", "x", 9))
    np.testing.assert_allclose(
        update(by_strength, "errors now", "x2", 3)[:, 1], [fits.train[9, 3], fits.validation[9, 3]], rtol=1e-3
    )
    with pytest.raises(ValueError, match="sweep is 'up'; allowed are strength, degree"):
        overfitting.overfitting_stage(fits, *[(np.zeros(1),) * 2] * 2, (0, 0), LIGHT, sweep="up")


def test_stopping_begins_at_zero_and_pairs_steps_with_strengths() -> None:
    found, decayed, figure = stopped()
    spec = figure.to_dict()
    (path,) = [t for t in spec["data"] if t["name"] == "gradient descent, stopped"]
    np.testing.assert_allclose(np.stack([unpacked(path["x"]), unpacked(path["y"])], 1)[1:], found.stopped, rtol=1e-6)
    assert unpacked(path["x"])[0] == 0
    np.testing.assert_allclose(
        update(figure, "heads", "x", 7), [found.ridge[7], decayed[7], found.stopped[7]], rtol=1e-3
    )
    assert f"{STEPS[7]} steps end nearest to ridge" in spec["layout"]["meta"]["captions"][7]


def test_a_small_stage_and_what_figures_are_put_together_from() -> None:
    stage = Stage(LIGHT, height=400, revision="way")
    stage.trail(line(np.arange(3), np.arange(3), "red", name="way"))
    stage.move(moved(marks(None, None, "red", name="head"), [[0], [1], [2]], [[0], [1], [2]]))
    stage.play([1, 2, 3], "steps", labels=["a", "b", "c"], captions=["", "", ""])
    assert stage.figure.checked().layout.meta["schedule"] == [[0, 1, 2]]
    x, y = strokes(np.array([[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]]))
    np.testing.assert_array_equal(x, [0, 2, np.nan, 4, 6, np.nan])
    np.testing.assert_array_equal(y, [1, 3, np.nan, 5, 7, np.nan])
    assert around(np.array([0.0, 0.0]), np.array([1.0, 2.0]), (0.5, 0.25)) == ((-0.5, 1.5), (-0.5, 2.5))
    assert log_range(np.array([0.0, np.nan, 1.0, 100.0]), room=0.0) == [0.0, 2.0]
    assert linear_range(np.array([np.inf, 1.0]), [3.0], room=0.0) == [1.0, 3.0]
    assert linear_range(np.array([np.nan])) == pytest.approx([-0.06, 1.06])


def test_no_number_of_methods_moves_the_stage() -> None:
    few, start = ("proximal_gradient", "gradient_descent"), np.array([0.0, 1.5])
    more = (*few, "fista", "adam", "newton", "lbfgs", "momentum", "coordinate_descent")
    layouts = []
    for keys in (few, more):
        ran = contend(LOSS, PENALTIES["l1"](1.5), keys, start, 50, RATE, LOSS.curvature)
        stage = contest.contest_stage(ran, ((-1.0, 3.0), (-1.0, 3.0)), LIGHT, names=("", ""))
        layouts.append(stage.figure.to_dict()["layout"])
        named = [t["name"] for t in stage.still if t["showlegend"]]
        assert ["η" in name for name in named] == [keys == few] * len(keys)
    assert layouts[0]["margin"] == layouts[1]["margin"]
    assert all(layout["margin"]["autoexpand"] is False for layout in layouts)
    assert layouts[1]["legend"]["font"]["size"] < layouts[0]["legend"]["font"]["size"]
