"""The figures of the Curvature and the Basins page: what is drawn is what was computed; Plotly accepts it."""

import base64
import io
import re
import struct
import zlib

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.figures.basins import fate_bar, fate_colors, sweeps
from landscape.figures.basins import fates as basins
from landscape.figures.basins.fate_places import ABOVE, LEFT, places
from landscape.figures.curvature import conics, order, stability
from landscape.figures.curvature import model as curvature
from landscape.figures.kit.animated import AnimatedFigure, unpacked
from landscape.figures.kit.layouts import arrangement
from landscape.figures.kit.png import MAX_COLORS, png
from landscape.figures.kit.room import panel_pixels
from landscape.figures.kit.stage import MAX_FRAMES, SLOWEST, SPEED
from landscape.figures.kit.style import THEMES
from landscape.knob import knobs
from landscape.landscapes import LANDSCAPES
from landscape.maps.atlas import order as ranking
from landscape.maps.basins import DIVERGED, NONE, Fates, fates
from landscape.maps.sweeps import axis, sweep
from landscape.maps.swept import Swept
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, Surface
from landscape.theory.convergence import Closing, Trial, convergence, toward
from landscape.theory.quadratics import heavy_ball
from landscape.theory.report import stability_findings
from landscape.theory.stationary import StationaryPoints, stationary_points
from landscape.theory.study import Study, study

LIGHT, DARK = THEMES["light"], THEMES["dark"]
HIMMELBLAU, QUADRATIC = SURFACES["himmelblau"], SURFACES["quadratic"]


def of(surface: Surface) -> StationaryPoints:
    return stationary_points(surface, surface.domain)


def studied(key: str = "trust_region", steps: int = 30, **settings: float) -> Study:
    return study(HIMMELBLAU, OPTIMIZERS[key](**settings), np.array(HIMMELBLAU.start), steps, 1e-10)


def named(figure: AnimatedFigure, name: str) -> dict:
    (trace,) = [t for t in figure.to_dict()["data"] if t["name"] == name]
    return trace


def frame_of(figure: AnimatedFigure, name: str, k: int) -> np.ndarray:
    """The points that frame k gives to a moving trace, gaps left out, (m, 2)."""
    spec = figure.to_dict()
    place = [t["name"] for t in spec["data"]].index(name)
    update = spec["frames"][k]["data"][spec["frames"][k]["traces"].index(place)]
    points = np.array([update["x"], update["y"]], dtype=float).T
    return points[np.isfinite(points).all(axis=-1)]


@pytest.mark.parametrize(
    "matrix",
    [[[3.0, 1.0], [1.0, 2.0]], [[-3.0, 1.0], [1.0, -2.0]], [[3.0, 1.0], [1.0, -2.0]], [[400.0, 1.0], [1.0, 0.5]]],
    ids=["bowl", "hilltop", "saddle", "narrow"],
)
def test_rings_are_level_curves_and_one_goes_through_the_iterate(matrix: list[list[float]]) -> None:
    x, g, m = np.array([1.0, -2.0]), np.array([2.0, -1.0]), np.array(matrix)
    curves = conics.rings(x, g, m, 10.0)
    strokes = np.split(curves, np.flatnonzero(np.isnan(curves[:, 0])))
    values = []
    for stroke in strokes:
        p = stroke[np.isfinite(stroke[:, 0])] - x
        if len(p):
            level = p @ g + np.einsum("ki,ij,kj->k", p, m, p) / 2
            assert np.ptp(level) <= 1e-9 * np.abs(level).max() + 1e-9
            values.append(level[0])
    # The iterate's own level is 0.
    assert min(abs(v) for v in values) < 1e-9


@pytest.mark.parametrize("matrix", [np.zeros((2, 2)), np.diag([2.0, 0.0])], ids=["plane", "trough"])
def test_flat_directions_are_drawn_as_nearly_straight_lines(matrix: np.ndarray) -> None:
    curves = conics.rings(np.zeros(2), np.array([0.0, 1.0]), matrix, 10.0)
    assert np.isfinite(curves).any()
    near = curves[np.linalg.norm(np.nan_to_num(curves, nan=1e9), axis=-1) < 3]
    level = near[:, 1] + np.einsum("ki,ij,kj->k", near, matrix, near) / 2
    assert len(near) >= 3
    assert np.abs(level).max() < 0.05


def test_nothing_is_drawn_of_a_model_that_is_nothing() -> None:
    assert conics.rings(np.zeros(2), np.zeros(2), np.zeros((2, 2)), 1.0).shape == (0, 2)
    assert conics.rings(np.zeros(2), np.ones(2), np.full((2, 2), np.nan), 1.0).shape == (0, 2)
    assert conics.cross(np.zeros(2), np.full((2, 2), np.nan), 1.0)[0].shape == (0, 2)
    assert conics.circle(np.zeros(2), np.inf).shape == (0, 2)


def test_the_cross_stands_along_the_eigenvectors_and_marks_what_curves_down() -> None:
    hessian = np.array([[4.0, 0.0], [0.0, -1.0]])
    both, down = conics.cross(np.array([1.0, 1.0]), hessian, 0.5)
    down = down[np.isfinite(down[:, 0])] - 1
    assert np.allclose(np.sort(down[:, 1]), [-0.5, 0.5])
    assert np.allclose(down[:, 0], 0)
    assert np.nanmax(np.abs(both[:, 0] - 1)) == pytest.approx(0.25)


def test_the_model_stage_draws_the_step_the_centre_and_the_circle_of_every_step() -> None:
    got = studied()
    figure = curvature.model_stage(got, HIMMELBLAU, of(HIMMELBLAU), LIGHT).figure
    for k in range(got.steps + 1):
        tried = np.stack([got.models.x[k], got.models.x[k] + got.models.step[k]])
        assert np.allclose(frame_of(figure, "step tried", k), tried, rtol=2e-3, atol=2e-3)
        assert np.allclose(frame_of(figure, "model's stationary point", k), got.centre[k], rtol=1e-4, atol=1e-5)
        leash = np.linalg.norm(frame_of(figure, "trust region", k) - got.models.x[k], axis=-1)
        assert np.allclose(leash, got.models.radius[k], rtol=0.01, atol=0.01)


def test_the_model_stage_opens_where_a_step_is_seen_and_marks_a_head_that_is_off_the_map() -> None:
    surface = SURFACES["rosenbrock"]
    got = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 30, 1e-10)
    stage = curvature.model_stage(got, surface, of(surface), LIGHT)
    # From (0.76, 0.58), the last step that the eye can follow.
    assert stage.first == 3
    figure = stage.figure
    low, high = np.array(surface.domain).T
    for k in range(got.steps + 1):
        mark = frame_of(figure, "off the map", k)
        if ((got.run.x[k] < low) | (got.run.x[k] > high)).any():
            assert np.allclose(mark, np.clip(got.run.x[k], low, high), atol=1e-5)
        else:
            assert ((mark < low) | (mark > high)).any()
    assert sum(trace.get("showlegend", True) for trace in figure.to_dict()["data"]) <= 5


def test_a_run_that_begins_at_the_minimum_is_said_to_be_there_and_rounding_fills_no_axis() -> None:
    optimizer = OPTIMIZERS["momentum"](lr=0.1, momentum=0.6)
    run = descend(QUADRATIC, optimizer, np.zeros(2), 20)
    there = Trial(QUADRATIC, optimizer, run, toward(optimizer, run, of(QUADRATIC), 0))
    assert set(stability.captions(there, np.arange(3))) == {stability.THERE}
    axis = stability.stability_stage(there, QUADRATIC, of(QUADRATIC), LIGHT).axes["yaxis3"]
    assert axis["range"][0] >= -17
    assert axis["range"][1] >= 0
    # Far on, a run ends where arithmetic does.
    drawn = stability.stability_stage(trial(steps=400), QUADRATIC, of(QUADRATIC), LIGHT).axes["yaxis3"]["range"]
    assert drawn[0] >= -18


def test_the_model_stage_draws_predicted_and_actual_decrease() -> None:
    got = studied("newton", lr=0.5)
    figure = curvature.model_stage(got, HIMMELBLAU, of(HIMMELBLAU), LIGHT).figure
    for name, expected in (("predicted", got.models.predicted), ("actual", got.models.actual)):
        drawn = unpacked(named(figure, name)["y"])
        assert np.isnan(drawn[0])
        assert np.allclose(drawn[1:], np.maximum(np.abs(expected[: got.steps]), curvature.FLOOR))
    rises = [k + 1 for k in range(got.steps) if got.models.actual[k] < -got.rounding[k]]
    assert (
        named(figure, "f rose")["x"] == rises
        if rises
        else "f rose" not in {t["name"] for t in figure.to_dict()["data"]}
    )


def test_a_rise_is_marked_once_its_step_is_taken() -> None:
    surface = SURFACES["rosenbrock"]
    got = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 30, 1e-10)
    figure = curvature.model_stage(got, surface, of(surface), LIGHT).figure
    assert [len(frame_of(figure, "f rose", k)) for k in range(5)] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_plotly_accepts_every_stage(narrow: bool, theme: object) -> None:
    for figure in (
        curvature.model_stage(studied(), HIMMELBLAU, of(HIMMELBLAU), theme, narrow=narrow).figure,
        stability.stability_stage(trial(), QUADRATIC, of(QUADRATIC), theme, narrow=narrow).figure,
        order.order_stage(closing(), HIMMELBLAU, of(HIMMELBLAU), theme, narrow=narrow).figure,
        basins.fate_stage(maps(), HIMMELBLAU, theme, width=900, height=560, narrow=narrow).figure,
        *(sweeps.sweep_stage(swept(), theme, shown=shown, narrow=narrow).figure for shown in sweeps.SHOWN),
    ):
        figure.checked()


@pytest.mark.parametrize("steps", [1, 30, 400])
def test_frames_are_few_and_slow_enough(steps: int) -> None:
    got = studied("gradient_descent", steps, lr=1e-4)
    spec = curvature.model_stage(got, HIMMELBLAU, of(HIMMELBLAU), LIGHT).figure.to_dict()
    meta = spec["layout"]["meta"]
    assert len(spec["frames"]) == len(meta["times"]) == len(meta["captions"]) == min(steps, MAX_FRAMES) + 1
    assert SLOWEST <= meta["rate"] <= SPEED
    for trail in meta["trails"]:
        assert len(unpacked(spec["data"][trail["trace"]]["x"])) == steps + 1


@pytest.mark.parametrize("key", LANDSCAPES)
def test_every_landscape_has_a_model_stage(key: str) -> None:
    surface = LANDSCAPES[key]
    got = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 8, 1e-10)
    curvature.model_stage(got, surface, of(surface), DARK).figure.checked()


def trial(lr: float = 0.1, momentum: float = 0.6, steps: int = 60) -> Trial:
    optimizer = OPTIMIZERS["momentum"](lr=lr, momentum=momentum)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), steps)
    return Trial(QUADRATIC, optimizer, run, toward(optimizer, run, of(QUADRATIC), 0))


def test_the_regime_map_is_the_spectral_radius() -> None:
    figure = stability.stability_stage(trial(), QUADRATIC, of(QUADRATIC), LIGHT).figure
    heat = named(figure, "spectral radius")
    rates, momenta = unpacked(heat["x"]), unpacked(heat["y"])
    radius, _ = heavy_ball(rates, momenta[:, None], np.array([1.0, 10.0]))
    expected = np.where(radius >= 1, 101, np.minimum(np.round(100 * radius), 100))
    assert np.array_equal(unpacked(heat["z"]), expected)
    words = {a["text"] for a in figure.to_dict()["layout"]["annotations"]}
    assert {"<b>ripples</b>", "<b>monotone</b>", "<b>diverges</b>"} <= words


@pytest.mark.parametrize(("narrow", "height"), [(False, 440), (True, 900)])
@pytest.mark.parametrize("settings", [(0.1, 0.6), (0.1818, 0.5), (0.5, 0.2)])
def test_a_regime_s_name_stands_in_it_and_on_no_mark(settings: tuple[float, float], narrow: bool, height: int) -> None:
    got = trial(*settings)
    stage = stability.stability_stage(got, QUADRATIC, of(QUADRATIC), LIGHT, narrow=narrow, height=height)
    place = arrangement("stability", narrow)["main"]
    wide, high = panel_pixels(place, height, stage.margin, narrow=narrow)
    low, top = stage.axes["xaxis"]["range"]

    def pixels(lr: float, momentum: float) -> np.ndarray:
        return np.array([(np.log10(lr) - low) / (top - low) * wide, momentum * high])

    names = [note for note in stage.annotations if "textangle" in note]
    assert "<b>diverges</b>" in {note["text"] for note in names}
    for note in names:
        size = np.array([0.5 * stability.NAME * len(note["text"][3:-4]), stability.NAME])
        half = (size[::-1] if note["textangle"] else size) / 2
        middle = pixels(10 ** note["x"], note["y"])
        for corner in [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            across, up = middle + half * corner
            _, regime = heavy_ball(10 ** (low + across / wide * (top - low)), up / high, got.seen.eigenvalues)
            assert str(regime) == note["text"][3:-4]
        for name in ("best heavy ball", "best gradient descent", "this run"):
            (mark,) = [trace for trace in stage.still if trace["name"] == name]
            assert (np.abs(pixels(mark["x"][0], mark["y"][0]) - middle) > half + 7).any()


def test_the_run_is_marked_wherever_its_rate_lies() -> None:
    for lr in (1e-6, 0.1, 5.0):
        figure = stability.stability_stage(trial(lr), QUADRATIC, of(QUADRATIC), LIGHT).figure
        low, high = figure.to_dict()["layout"]["xaxis"]["range"]
        assert low <= np.log10(lr) <= high
        assert named(figure, "this run")["x"] == [lr]


def test_prediction_comes_before_the_run_and_measurement_after_it() -> None:
    words = stability.captions(trial(steps=300), np.arange(5))
    assert all("Measured" not in line for line in words[:-1])
    assert "Measured: 0.77" in words[-1]
    assert stability.captions(trial(lr=3.0), np.arange(2))[-1].endswith("it diverged.")


def test_what_is_measured_of_a_run_is_what_the_finding_says_of_it() -> None:
    """With a twentieth of the best rate a run of 20 steps is still slowed down by its momentum."""
    for each in (trial(steps=300), trial(lr=0.01, steps=20), trial(steps=9)):
        (said,) = (found for found in stability_findings(each) if found.kind == "stability.verdict")
        line = stability.captions(each, np.arange(2))[-1]
        assert ("measured" in said.numbers) == bool(re.search(r"Measured: \d", line))


def closing() -> dict[str, Closing]:
    runs = {}
    for key, optimizer in (("newton", OPTIMIZERS["newton"]()), ("momentum", OPTIMIZERS["momentum"](lr=0.01))):
        run = descend(HIMMELBLAU, optimizer, np.array([4.0, 3.0]), 80, tolerance=1e-10)
        seen = convergence(optimizer, run, of(HIMMELBLAU), 17.0)
        assert seen is not None
        runs[key] = Closing(run, seen)
    return runs


def test_the_order_stage_draws_each_error_over_the_one_before() -> None:
    runs = closing()
    spec = order.order_stage(runs, HIMMELBLAU, of(HIMMELBLAU), LIGHT).figure.to_dict()
    for key, each in runs.items():
        (trace,) = [t for t in spec["data"] if t["name"] == OPTIMIZERS[key].title and t.get("xaxis") == "x"]
        before, after = unpacked(trace["x"]), unpacked(trace["y"])
        known = np.isfinite(after)
        assert known.sum() >= 3
        assert np.allclose(after[known], each.seen.errors[: len(after)][known])
        assert np.allclose(before[known][1:], after[known][:-1])
    for power in order.SLOPES:
        (line,) = [t for t in spec["data"] if t["name"] == f"slope {power}"]
        u, v = np.log10(unpacked(line["x"])), np.log10(unpacked(line["y"]))
        assert (v[1] - v[0]) / (u[1] - u[0]) == pytest.approx(power)
    lost = order.order_stage(runs, HIMMELBLAU, of(HIMMELBLAU), LIGHT, closing=False)
    assert lost.alt.endswith(" No order could be measured.")
    with pytest.raises(ValueError, match="runs is empty"):
        order.order_stage({}, HIMMELBLAU, of(HIMMELBLAU), LIGHT)


def maps(resolution: int = 24) -> dict[str, Fates]:
    points = of(HIMMELBLAU)
    return {
        key: fates(HIMMELBLAU, optimizer, HIMMELBLAU.domain, resolution, 40, points)
        for key, optimizer in (
            ("newton", OPTIMIZERS["newton"]()),
            ("momentum", OPTIMIZERS["momentum"](lr=0.02)),
            ("gradient_descent", OPTIMIZERS["gradient_descent"](lr=0.03)),
        )
    }


def test_a_map_that_is_still_made_has_fewer_starts_than_the_others() -> None:
    some = {**maps(16), "newton": maps(24)["newton"]}
    figure = basins.fate_stage(some, HIMMELBLAU, LIGHT, width=900, height=560).figure
    assert "ran away" in {trace["name"] for trace in figure.checked().to_dict()["data"] if trace.get("showlegend")}


def decoded(image: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Indices and palette of a PNG that `png` wrote."""
    file, chunks = io.BytesIO(image[8:]), {}
    while head := file.read(8):
        size, kind = struct.unpack(">I4s", head)
        chunks[kind] = file.read(size)
        assert zlib.crc32(kind + chunks[kind]) == struct.unpack(">I", file.read(4))[0]
    columns, rows = struct.unpack(">II", chunks[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(rows, columns + 1)
    return lines[:, 1:], np.frombuffer(chunks[b"PLTE"], dtype=np.uint8).reshape(-1, 3)


def test_a_png_holds_the_picture() -> None:
    index = np.arange(12).reshape(3, 4)
    palette = np.random.default_rng(0).integers(0, 256, (12, 3))
    got, colors = decoded(png(index, palette))
    assert np.array_equal(got, index)
    assert np.array_equal(colors, palette)
    with pytest.raises(ValueError, match="at most 256"):
        png(index, np.zeros((MAX_COLORS + 1, 3)))


def test_a_fate_map_shows_fates_and_steps() -> None:
    for key, each in maps().items():
        figure = basins.fate_stage({key: each}, HIMMELBLAU, LIGHT, width=900, height=560).figure
        image, layer = named(figure, "fates"), named(figure, OPTIMIZERS[key].title)
        index, _ = decoded(base64.b64decode(image["source"].split(",")[1]))
        kinds = [index[each.attractor == fate] // fate_colors.SHADES for fate in np.unique(each.attractor)]
        # No two fates share a colour here, stripes or not.
        seen = [frozenset(k.tolist()) for k in kinds]
        assert all(not (a & b) for i, a in enumerate(seen) for b in seen[:i]) or key == "newton"
        assert np.array_equal(unpacked(layer["customdata"]), each.steps)
        ranked = ranking({key: each})
        number = unpacked(layer["z"])
        assert np.array_equal(number == 0, each.attractor == NONE)
        assert np.array_equal(number == -1, each.attractor == DIVERGED)
        for rank, i in enumerate(ranked):
            assert np.array_equal(number == rank + 1, each.attractor == i)


def test_slower_starts_are_darker_and_no_minimum_is_striped() -> None:
    newton = maps(64)["newton"]
    colors = fate_colors.scheme(newton.attractors, HIMMELBLAU.domain)
    shown = fate_colors.palette(colors.colors)[fate_colors.picture(newton, colors, int(newton.steps.max()))]
    (lowest,) = newton.attractors.x[:1]
    assert newton.attractors.kind[0] == "minimum", lowest
    basin = newton.attractor == 0
    light = shown.sum(axis=-1)
    quick, slow = basin & (newton.steps <= 3), basin & (newton.steps >= 8)
    assert light[quick].mean() > light[slow].mean()
    saddle = newton.attractor == int(np.flatnonzero(newton.attractors.kind == "saddle")[0])
    steps = np.unique(newton.steps[saddle])[0]
    assert len(np.unique(light[saddle & (newton.steps == steps)])) == 2


@pytest.mark.parametrize("key", ["rastrigin", "eggholder", "levy", "himmelblau", "six_hump_camel"])
def test_what_the_key_calls_by_two_names_has_two_colours(key: str) -> None:
    surface = SURFACES[key]
    points = of(surface)
    colors = fate_colors.scheme(points, surface.domain)
    assert len(set(colors.colors)) == len(colors.colors)
    minima = points.kind == "minimum"
    if not colors.graded:
        assert len(np.unique(colors.index[minima])) == minima.sum()
        return
    assert minima.sum() > len(fate_colors.HUES)
    # The higher a minimum, the later its colour, and each stands for what the key says.
    order = np.argsort(points.value[minima], kind="stable")
    assert np.all(np.diff(colors.index[minima][order]) >= 0)
    slack = 1e-5 * np.ptp(points.value)
    assert np.all(points.value[minima] <= colors.tops[colors.index[minima]] + slack)
    lowest = minima & (colors.index == 0)
    assert lowest.any()
    assert np.ptp(points.value[lowest]) <= slack
    # All of them are seen: none has most of the map's minima.
    assert np.bincount(colors.index[minima]).max() < 0.5 * minima.sum()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_maps_stand_side_by_side_without_overlap(count: int) -> None:
    for surface in (HIMMELBLAU, SURFACES["six_hump_camel"]):
        spans = places(count, surface.domain, 908, 510, narrow=False).spans
        for i, (x, y) in enumerate(spans):
            assert 0 <= x[0] < x[1] <= 1
            assert -1e-9 <= y[0] < y[1] <= 1 + 1e-9
            for u, v in spans[:i]:
                assert x[0] >= u[1] or u[0] >= x[1] or y[0] >= v[1] or v[0] >= y[1]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(("width", "height"), [(908, 510), (1548, 860)])
def test_maps_use_the_screen(count: int, width: int, height: int) -> None:
    """One is as large as the stage is high, or as wide as its share; none is a stamp."""
    place = places(count, HIMMELBLAU.domain, width, height, narrow=False)
    assert len(place.widths) == count
    assert place.widths[0] >= 0.7 * height
    assert min(place.widths) >= 0.2 * height
    for (x, y), wide in zip(place.spans, place.widths, strict=True):
        high = (y[1] - y[0]) * (height - ABOVE - place.under)
        assert (x[1] - x[0]) * (width - LEFT) == pytest.approx(wide)
        assert high == pytest.approx(wide)


def test_the_bars_add_up_to_all_starts() -> None:
    four = maps()
    for each in four.values():
        ranked = basins.order(four)
        bar = fate_bar.shares(each, ranked, fate_colors.scheme(each.attractors, HIMMELBLAU.domain))
        assert bar[0][1] == 0
        assert bar[-1][2] == pytest.approx(1)
        # Only what has reached nothing is grey.
        grey = sum(high - low for color, low, high in bar if color == fate_colors.NOWHERE)
        assert grey == pytest.approx(float(each.share(NONE)))


def test_of_many_minima_the_bar_has_the_colours_of_the_map() -> None:
    surface = SURFACES["rastrigin"]
    each = fates(surface, OPTIMIZERS["gradient_descent"](lr=1e-3), surface.domain, 32, 60, of(surface))
    colors = fate_colors.scheme(each.attractors, surface.domain)
    bar = fate_bar.shares(each, basins.order({"gradient_descent": each}), colors)
    grey = sum(high - low for color, low, high in bar if color in (fate_colors.NOWHERE, fate_colors.GONE))
    assert grey == pytest.approx(float(each.share(NONE) + each.share(DIVERGED)))
    for i, color in enumerate(colors.colors):
        seen = sum(high - low for each_color, low, high in bar if each_color == color)
        assert seen == pytest.approx(float(each.fractions[colors.index == i].sum()))
    figure = basins.fate_stage({"gradient_descent": each}, surface, LIGHT, width=908, height=510).figure
    named_in_key = [t["name"] for t in figure.to_dict()["data"] if t.get("showlegend")]
    assert named_in_key[0] == "1 the lowest, f = 0"
    assert named_in_key[len(colors.colors) - 1].startswith(f"{len(colors.colors)} f above")


def swept() -> Swept:
    cls = OPTIMIZERS["momentum"]
    fields = knobs(cls)
    grid = {"lr": axis(fields["lr"], 24), "momentum": axis(fields["momentum"], 12)}
    start = np.array([-4.0, 2.0])
    done = sweep(QUADRATIC, cls, start, 120, grid)
    return Swept(QUADRATIC, cls, {}, start, 120, 1e-6, done, np.array([1.0, 10.0]))


def test_a_sweep_in_words_tells_no_least_height_that_is_drawn_and_of_pairs_that_all_diverge_no_best() -> None:
    cls, start, momenta = OPTIMIZERS["momentum"], np.array([-4.0, 2.0]), np.array([0.0, 0.5])
    sphere, rates = SURFACES["sphere"], np.array([0.5, 0.6])
    got = Swept(
        sphere, cls, {}, start, 60, 1e-6, sweep(sphere, cls, start, 60, {"lr": rates, "momentum": momenta}), None
    )
    assert got.height[got.best] == 1e-16
    assert ". Best at 0.5 and 0, at the minimum. Of all pairs " in sweeps.alternative(got)
    rates = np.array([5.0, 9.0])
    done = sweep(QUADRATIC, cls, start, 60, {"lr": rates, "momentum": momenta})
    gone = Swept(QUADRATIC, cls, {}, start, 60, 1e-6, done, np.array([1.0, 10.0]))
    assert sweeps.alternative(gone) == "Heat map of Momentum over rate and momentum. Of all pairs all diverged."
    assert "best" not in {trace["name"] for trace in sweeps.sweep_stage(gone, LIGHT).still}


def test_a_sweep_is_drawn_with_what_diverged_the_limit_and_the_best() -> None:
    got = swept()
    figure = sweeps.sweep_stage(got, LIGHT).figure
    heat = named(figure, "final value")
    assert np.allclose(unpacked(heat["z"]), np.log10(got.height), equal_nan=True, rtol=1e-5)
    gone = unpacked(named(figure, "diverged")["z"])
    assert np.array_equal(np.isfinite(gone), np.isnan(got.sweep.value))
    line = named(figure, "theory's limit near the minimum")
    assert np.allclose(line["x"], 2 * (1 + np.array(line["y"])) / 10, rtol=1e-6)
    row, column = got.best
    assert got.height[row, column] <= 1e-13
    star = named(figure, "best")
    assert star["x"] == [got.sweep.values[0][column]]
    with pytest.raises(ValueError, match="allowed are value, steps"):
        sweeps.sweep_stage(got, LIGHT, shown="time")


def test_a_sweep_of_steps_tells_what_did_not_arrive() -> None:
    got = swept()
    figure = sweeps.sweep_stage(got, LIGHT, shown="steps").figure
    late = unpacked(named(figure, "did not arrive")["z"])
    assert np.array_equal(np.isfinite(late), (got.sweep.steps < 0) & ~np.isnan(got.sweep.value))
    assert np.array_equal(unpacked(named(figure, "steps")["customdata"]), got.sweep.steps)
