"""What a map marks, and the words on it: the lowest is named, many marks bury nothing, and words stand apart."""

import numpy as np
import pytest

from landscape.descent.race import hold
from landscape.figures.descent import race as races
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.landmarks import FEW, FLAG, flags, stationary
from landscape.figures.kit.room import SIDES, Room, spaced
from landscape.figures.kit.style import THEMES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.stationary import stationary_points

LIGHT = THEMES["light"]
SIZE = (330.0, 330.0)


def room(key: str) -> Room:
    return Room(SURFACES[key].domain, SIZE)


@pytest.mark.parametrize("key", ["rosenbrock", "himmelblau", "eggholder", "michalewicz"])
def test_the_lowest_has_a_flag_and_one_of_them_the_word(key: str) -> None:
    (trace,) = flags(SURFACES[key], room(key), LIGHT)
    assert [FLAG in text for text in trace["text"]] == [True] * len(SURFACES[key].minima)
    assert sum("lowest" in text for text in trace["text"]) == 1
    assert np.allclose(np.stack([trace["x"], trace["y"]], axis=1), [m.point for m in SURFACES[key].minima])


@pytest.mark.parametrize("key", ["ackley", "rastrigin", "eggholder", "himmelblau", "six_hump_camel"])
def test_of_many_stationary_points_none_is_seen_and_of_few_each_kind_is_named(key: str) -> None:
    surface = SURFACES[key]
    points = stationary_points(surface, surface.domain)
    traces = stationary(points, surface, room(key), LIGHT)
    marked = sum(len(unpacked(trace["x"])) for trace in traces)
    assert marked == len(points) - len(surface.minima)
    assert all("hovertemplate" in trace for trace in traces)
    if marked > FEW:
        assert {trace["marker"]["opacity"] for trace in traces} == {0}
        return
    for trace in traces:
        assert trace["marker"]["opacity"] == 1
        assert [text for text in trace["text"] if text] == [trace["name"]]


def test_marks_at_an_edge_are_whole() -> None:
    surface = SURFACES["michalewicz"]
    found = stationary(stationary_points(surface, surface.domain), surface, room("michalewicz"), LIGHT)
    assert all(trace["cliponaxis"] is False for trace in [*found, *flags(surface, room("michalewicz"), LIGHT)])


def test_words_stand_apart_and_inside() -> None:
    place = Room(((0, 1), (0, 1)), SIZE)
    points = np.random.default_rng(0).uniform(0, 1, (30, 2))
    place.mark(points, 10)
    marks = len(place.taken)
    sides = [place.beside("a saddle", point, mark=10, font=13) for point in points]
    words = place.taken[marks:]
    assert len(words) == sum(side is not None for side in sides) > 5
    assert {side for side in sides if side} <= set(SIDES)
    for i, box in enumerate(words):
        assert box.left >= 0
        assert box.low >= 0
        assert box.right <= SIZE[0]
        assert box.high <= SIZE[1]
        assert not any(box.meets(other) for other in place.taken[: marks + i])


def test_words_keep_off_paths_where_they_can() -> None:
    at = np.array([0.5, 0.5])
    place = Room(((0, 1), (0, 1)), SIZE)
    place.path(np.array([[0.5, 0.5], [1.0, 1.0]]))
    assert place.beside("here", at, mark=10, font=13) == "top left"
    crowded = Room(((0, 1), (0, 1)), SIZE)
    crowded.path(np.array([[0.0, y] if i % 2 else [1.0, y] for i, y in enumerate(np.linspace(0, 1, 99))]))
    assert crowded.beside("here", at, mark=10, font=13) is None
    assert crowded.beside("here", at, mark=10, font=13, over=True) in SIDES


def test_a_start_at_the_minimum_is_said_and_rounding_fills_no_axis() -> None:
    surface = SURFACES["himmelblau"]
    methods = {key: OPTIMIZERS[key](lr=1e-3) for key in ("gradient_descent", "adam")}
    held = hold(surface, methods, np.array([3.0, 2.0]), 20, tolerance=1e-10)
    drawn = races.stage(held, LIGHT)
    (words,) = [trace for trace in drawn.still if trace["name"] == "already there"]
    assert words["text"] == ["<b>already there</b>"]
    for panel in ("2", "3"):
        low, high = drawn.axes[f"yaxis{panel}"]["range"]
        assert low < -15
        assert high >= 0
    (elsewhere,) = [
        trace
        for trace in races.stage(hold(surface, methods, np.array([0.0, 0.0]), 20), LIGHT).still
        if trace["name"] == "already there"
    ]
    assert elsewhere["text"] == []


def test_of_many_methods_four_are_strong_and_their_stage_keeps_its_margins() -> None:
    surface = SURFACES["himmelblau"]
    keys = ["gradient_descent", "momentum", "nesterov", "adam", "rmsprop", "adagrad", "newton", "bfgs"]
    held = hold(surface, {key: OPTIMIZERS[key]() for key in keys}, np.zeros(2), 5)
    eight = races.stage(held, LIGHT)
    widths = [eight.still[trail["trace"]]["line"]["width"] for trail in eight.trails[:8]]
    assert min(widths[:4]) > 3
    assert max(widths[4:]) < 1.5
    two = races.stage(hold(surface, {key: OPTIMIZERS[key]() for key in keys[:2]}, np.zeros(2), 5), LIGHT)
    figure = eight.figure.to_dict()["layout"]
    assert figure["margin"] == two.figure.to_dict()["layout"]["margin"]
    assert figure["margin"]["autoexpand"] is False
    high, margin = figure["height"], figure["margin"]
    panel = margin["t"] + (1 - figure["yaxis2"]["domain"][1]) * (high - margin["t"] - margin["b"])
    for column in ("legend", "legend2"):
        # A heading is between the names and the panel.
        assert figure[column]["maxheight"] * high <= panel - 20
        assert figure[column]["x"] == figure["xaxis2"]["domain"][0]


@pytest.mark.parametrize("key", ["himmelblau", "six_hump_camel"])
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("view", ["map", "surface"])
def test_every_method_is_named_once(key: str, count: int, view: str) -> None:
    surface = SURFACES[key]
    methods = {name: OPTIMIZERS[name]() for name in ("gradient_descent", "momentum", "adam", "newton", "bfgs")[:count]}
    figure = races.stage(hold(surface, methods, np.zeros(2), 5), LIGHT, view=view).figure.to_dict()
    named = [trace for trace in figure["data"] if trace.get("showlegend", True)]
    assert [trace["name"] for trace in named] == [OPTIMIZERS[name].title for name in methods]
    columns = [trace.get("legend", "legend") for trace in named]
    if "legend2" not in figure["layout"]:
        assert set(columns) == {"legend"}
        return
    assert columns == sorted(columns)
    assert abs(columns.count("legend") - columns.count("legend2")) <= 1
    # What is drawn of one method goes with its name.
    by_group = {trace["legendgroup"]: trace.get("legend", "legend") for trace in named}
    for trace in figure["data"]:
        if trace.get("legendgroup") in by_group:
            assert trace.get("legend", "legend") == by_group[trace["legendgroup"]]


def test_a_square_map_has_all_the_height_of_its_stage() -> None:
    held = hold(SURFACES["himmelblau"], {"adam": OPTIMIZERS["adam"]()}, np.zeros(2), 5)
    layout = races.stage(held, LIGHT, height=440).figure.to_dict()["layout"]
    low, high = layout["yaxis"]["domain"]
    assert (high - low) * (440 - layout["margin"]["t"] - layout["margin"]["b"]) >= 385


@pytest.mark.parametrize("key", ["rosenbrock", "six_hump_camel", "bukin_n6"])
@pytest.mark.parametrize(("narrow", "height"), [(False, 440), (False, 740), (True, 900)])
def test_a_colour_bar_is_as_high_as_its_map(key: str, narrow: bool, height: int) -> None:
    surface = SURFACES[key]
    held = hold(surface, {"newton": OPTIMIZERS["newton"]()}, np.array(surface.start), 2)
    drawn = races.stage(held, LIGHT, narrow=narrow, height=height)
    (ground,) = [trace for trace in drawn.still if trace["type"] == "contour"]
    low, high = drawn.axes["yaxis"]["domain"]
    assert ground["colorbar"]["len"] == pytest.approx(high - low)
    assert (ground["colorbar"]["y"], ground["colorbar"]["yanchor"], ground["colorbar"]["ypad"]) == (high, "top", 0)
    # And the map takes all of that height where the stage is as wide as is thought.
    _, top, _, bottom = drawn.margin
    (x_low, x_high), (y_low, y_high) = surface.domain
    wide = (high - low) * (height - top - bottom) * (x_high - x_low) / (y_high - y_low)
    across = drawn.axes["xaxis"]["domain"]
    assert wide <= (across[1] - across[0]) * (364 if narrow else 2.1 * height)


def test_places_are_spaced_as_near_to_where_they_were_as_can_be() -> None:
    at = np.array([3.0, 0.0, 0.2, 0.1, 3.1])
    rows = spaced(at, 1.0)
    np.testing.assert_allclose(rows, [2.55, -0.9, 1.1, 0.1, 3.55])
    np.testing.assert_array_equal(spaced(np.array([5.0, 1.0, 3.0]), 1.0), [5.0, 1.0, 3.0])
    rng = np.random.default_rng(0)
    for _ in range(20):
        at = rng.normal(size=8)
        rows, gap = spaced(at, 0.3), 0.3
        assert np.diff(rows[np.argsort(at)]).min() >= gap - 1e-12
        # No other places that are so far apart are nearer.
        other = np.sort(at) + np.cumsum(np.full(8, gap)) - np.median(np.cumsum(np.full(8, gap)))
        assert np.sum((rows - at) ** 2) <= np.sum((other - np.sort(at)) ** 2) + 1e-12
