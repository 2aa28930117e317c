"""Figures: what is drawn is what was computed; Plotly's own validators accept it."""

import html
from typing import Any

import numpy as np
import pytest

from landscape.descent.race import CLOCKS, Race, hold
from landscape.figures.descent import race as races
from landscape.figures.descent.race import VIEWS, alternative, schedule
from landscape.figures.kit import terrain
from landscape.figures.kit.animated import AnimatedFigure, packed, significant, unpacked
from landscape.figures.kit.export import to_html
from landscape.figures.kit.stage import MAX_FRAMES
from landscape.figures.kit.style import THEMES, look
from landscape.numbers import readable
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

LIGHT = THEMES["light"]


@pytest.fixture(scope="module")
def race() -> Race:
    surface = SURFACES["rosenbrock"]
    methods = {
        "gradient_descent": OPTIMIZERS["gradient_descent"](lr=1e-3),
        "adam": OPTIMIZERS["adam"](lr=0.1),
        "newton": OPTIMIZERS["newton"](),
    }
    return hold(surface, methods, np.array(surface.start), 300, tolerance=1e-10)


def stage(race: Race, *settings: Any, **more: Any) -> AnimatedFigure:
    return races.stage(race, *settings, **more).figure


def named(figure: AnimatedFigure, name: str, axis: str = "x") -> dict:
    (trace,) = [t for t in figure.to_dict()["data"] if t["name"].startswith(name) and t.get("xaxis", "x") == axis]
    return trace


def test_the_drawn_paths_are_the_runs(race: Race) -> None:
    figure = stage(race, LIGHT)
    for key, run in race.runs.items():
        trace = named(figure, OPTIMIZERS[key].title)
        assert np.allclose(np.stack([unpacked(trace["x"]), unpacked(trace["y"])], axis=1), run.x, rtol=1e-6)


def test_the_curves_are_the_gap_and_the_gradient_norm(race: Race) -> None:
    figure = stage(race, LIGHT)
    for key, run in race.runs.items():
        title = OPTIMIZERS[key].title
        assert np.allclose(unpacked(named(figure, title, "x2")["y"]), np.maximum(run.value, 1e-16), rtol=1e-6)
        assert np.allclose(unpacked(named(figure, title, "x3")["y"]), np.maximum(run.gradient_norm, 1e-16), rtol=1e-6)
        assert np.array_equal(unpacked(named(figure, title, "x2")["x"]), np.arange(301))


def test_every_frame_puts_the_heads_where_the_runs_are(race: Race) -> None:
    spec = stage(race, LIGHT).to_dict()
    reached = np.array(spec["layout"]["meta"]["schedule"])
    for k, frame in enumerate(spec["frames"]):
        heads = frame["data"][0]
        at = [run.x[reached[m, k]] for m, run in enumerate(race.runs.values())]
        assert np.allclose(np.stack([heads["x"], heads["y"]], axis=1), at, rtol=1e-5, atol=1e-9)


def test_frames_replace_the_moving_traces_and_end_as_drawn(race: Race) -> None:
    spec = stage(race, LIGHT, view="both", arrows=True, field=True).to_dict()
    moving = spec["frames"][0]["traces"]
    assert moving == list(range(len(spec["data"]) - len(moving), len(spec["data"])))
    for trace, update in zip(moving, spec["frames"][-1]["data"], strict=True):
        assert all(spec["data"][trace][key] == value for key, value in update.items())


def test_trails_point_at_the_traces_of_their_runs(race: Race) -> None:
    spec = stage(race, LIGHT).to_dict()
    titles = [OPTIMIZERS[key].title for key in race.runs]
    assert len(spec["layout"]["meta"]["trails"]) == 3 * len(titles)
    for trail in spec["layout"]["meta"]["trails"]:
        assert spec["data"][trail["trace"]]["name"].startswith(titles[trail["run"]])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("narrow", [False, True])
def test_plotly_accepts_every_arrangement(race: Race, view: str, narrow: bool) -> None:
    checked = stage(race, LIGHT, view=view, arrows=True, field=True, narrow=narrow).checked()
    assert len(checked.frames) == MAX_FRAMES + 1


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_can_be_staged(key: str) -> None:
    surface = SURFACES[key]
    methods = {name: OPTIMIZERS[name]() for name in ("momentum", "newton")}
    figure = stage(hold(surface, methods, np.array(surface.start), 5), THEMES["dark"], view="both", field=True)
    ground = next(t for t in figure.to_dict()["data"] if t["type"] == "contour")
    assert np.isfinite(unpacked(ground["z"])).mean() > 0.9
    assert np.ptp(unpacked(ground["z"])) > 0


def test_a_clock_that_counts_cost_shows_all_runs_at_the_same_spending(race: Race) -> None:
    times, reached = schedule(race, "cost")
    for key, steps in zip(race.runs, reached, strict=True):
        spent = race.clock(key, "cost")
        assert np.all(spent[steps] <= times)
        later = np.minimum(steps + 1, race.runs[key].steps)
        assert np.all((spent[later] > times) | (steps == race.runs[key].steps))


@pytest.mark.parametrize("unit", CLOCKS)
@pytest.mark.parametrize("steps", [1, 7, 240, 241, 2000])
def test_frames_run_from_start_to_end_and_are_few(unit: str, steps: int) -> None:
    surface = SURFACES["sphere"]
    race = hold(surface, {"gradient_descent": OPTIMIZERS["gradient_descent"]()}, np.array(surface.start), steps)
    times, reached = schedule(race, unit)
    assert times[0] == reached[0, 0] == 0
    assert reached[0, -1] == steps
    assert len(times) == min(steps, MAX_FRAMES) + 1
    assert np.all(np.diff(times) > 0)


def test_an_exit_is_marked_where_the_path_crosses_the_edge(race: Race) -> None:
    mark = named(stage(race, LIGHT), "left the map")
    assert mark["hovertext"] == ["Newton left the map at step 2"]
    assert mark["text"] == ["<b>left at step 2</b>"]
    assert mark["y"][0] == pytest.approx(-1)


def test_words_on_paths_that_leave_side_by_side_do_not_overprint() -> None:
    sphere = SURFACES["sphere"]
    methods = {
        key: OPTIMIZERS["gradient_descent"](lr=lr)
        for key, lr in (("gradient_descent", 3), ("adam", 3.01), ("newton", 3.02))
    }
    mark = named(stage(hold(sphere, methods, np.array(sphere.start), 5), LIGHT), "left the map")
    assert len(mark["x"]) == 3
    assert [bool(text) for text in mark["text"]] == [True, False, False]


def test_arrows_show_the_gradient_direction_and_the_true_step(race: Race) -> None:
    spec = stage(race, LIGHT, arrows=True).to_dict()
    downhill, step = spec["frames"][0]["data"][:2]
    shaft = np.array([[downhill[a][7 * m + i] for a in "xy"] for m in range(3) for i in (0, 1)]).reshape(3, 2, 2)
    expected = -race.surface.gradient(race.start)
    drawn = shaft[0, 1] - shaft[0, 0]
    assert np.allclose(drawn / np.linalg.norm(drawn), expected / np.linalg.norm(expected), atol=1e-2)
    newton = np.array([[step[a][7 * 2 + i] for a in "xy"] for i in (0, 1)])
    run = race.runs["newton"].x
    assert np.allclose(newton[1] - newton[0], run[1] - run[0], atol=2e-3)


def test_no_two_optimizers_look_alike() -> None:
    assert len({look(key, LIGHT) for key in OPTIMIZERS}) == len(OPTIMIZERS)


@pytest.mark.parametrize("key", SURFACES)
def test_heights_are_monotone_and_invert(key: str) -> None:
    ground = terrain.survey(SURFACES[key], SURFACES[key].domain)
    f = np.unique(ground.f[np.isfinite(ground.f)])
    assert np.all(np.diff(ground.height(f)) >= 0)
    assert np.allclose(ground.value(ground.height(f)), f, rtol=1e-6, atol=1e-9 * np.ptp(f))


def test_the_gradient_field_points_downhill() -> None:
    surface = SURFACES["himmelblau"]
    field = terrain.gradient_field(surface, surface.domain, LIGHT)
    points = np.stack([unpacked(field["x"]), unpacked(field["y"])], axis=-1).reshape(-1, 7, 2)[:, :2].astype(float)
    drop = np.einsum("ij,ij->i", surface.gradient(points[:, 0]), points[:, 1] - points[:, 0])
    assert np.all(drop < 0)


def test_packing_is_lossless() -> None:
    values = np.arange(12, dtype="f4").reshape(3, 4)
    assert np.array_equal(unpacked(packed(values)), values)
    assert significant([1.23456789, np.nan, np.inf, -0.0]) == [1.2346, None, None, -0.0]


def test_a_stage_of_nothing_is_refused(race: Race) -> None:
    with pytest.raises(ValueError, match="at least one method"):
        stage(Race(race.surface, race.start, 0.0, {}, {}), LIGHT)
    with pytest.raises(ValueError, match="view is 'sideways'; allowed are map"):
        stage(race, LIGHT, view="sideways")
    with pytest.raises(ValueError, match="unit is 'money'"):
        stage(race, LIGHT, unit="money")


def test_the_words_and_the_exported_page_carry_the_numbers(race: Race) -> None:
    words = alternative(race)
    assert "Newton ends at (1, 1) with f = 0, converged" in words
    page = to_html(races.stage(race, LIGHT), "A </script> title")
    assert "A &lt;/script&gt; title" in page
    assert 'src="http' not in page
    assert html.escape(readable(words)) in page


@pytest.mark.parametrize(
    ("view", "drawn"),
    [("map", "contour map"), ("surface", "surface in 3-D"), ("both", "contour map, surface in 3-D")],
)
def test_the_words_tell_what_is_drawn(race: Race, view: str, drawn: str) -> None:
    assert f": {drawn} and paths from (" in races.stage(race, LIGHT, view=view).alt


def test_a_figure_for_a_hall_has_larger_letters_lines_and_marks_and_the_same_numbers():
    race = hold(SURFACES["himmelblau"], {"adam": OPTIMIZERS["adam"](lr=0.1)}, np.array([0.0, 0.0]), 20)
    figure = stage(race, LIGHT)
    large = figure.enlarged(2)
    assert large.to_dict()["layout"]["font"]["size"] == 2 * figure.to_dict()["layout"]["font"]["size"]
    for one, two in zip(figure.to_dict()["data"], large.to_dict()["data"], strict=True):
        assert {k: v for k, v in one.items() if k not in ("line", "marker", "colorbar", "contours", "textfont")} == {
            k: v for k, v in two.items() if k not in ("line", "marker", "colorbar", "contours", "textfont")
        }
        if "width" in one.get("line", {}):
            assert two["line"]["width"] == 2 * one["line"]["width"]
        if isinstance(one.get("marker", {}).get("size"), (int, float)):
            assert two["marker"]["size"] == 2 * one["marker"]["size"]
    assert large.to_dict()["frames"] == figure.to_dict()["frames"]
    large.checked()
