"""The Recurrence page: runs are drawn as computed, the start can be held, and bad links are named."""

import json

import numpy as np
import pytest

from landscape.dashboard.recurrence import cliff_view, series_view
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.landmarks import EXITS
from landscape.figures.kit.style import THEMES
from landscape.figures.recurrence.unrolled_stage import LETTERS, stage
from landscape.lessons.fall import fall
from landscape.lessons.series import Plan, whole
from landscape.lessons.through_time import Conditions, compared, unrolled
from landscape.networks import CELLS
from landscape.networks.cliff import Cliff
from tests.pages.test_pages import complaint, figure, link, open_page


def test_both_runs_are_drawn_as_computed():
    app = open_page("recurrence", view="cliff", x="5", y="-2.3", steps="30")
    assert complaint(app) == ""
    expected = fall(Cliff(), np.array([5, -2.3]), 0.3, 0.3, 30)
    drawn = {t["name"]: t for t in figure(app)["data"] if t.get("xaxis") == "x" and t.get("mode") == "lines"}
    for name, run in (("Gradient descent", expected.thrown), ("Clipped", expected.kept)):
        path = np.stack([unpacked(drawn[name][axis]) for axis in "xy"], axis=-1)
        np.testing.assert_allclose(path, run.x)
    assert link(app)["x"] == "5"
    assert len(json.dumps(figure(app))) < 250_000


def test_the_start_can_be_held():
    live = figure(open_page("recurrence", view="cliff"))["layout"]["meta"]["live"]
    assert {name: value["at"] for name, value in live["values"].items()} == {"x": 4.8, "y": -2.2}
    assert live["grips"][0]["across"] == "x"


def test_a_click_is_the_start(monkeypatch):
    state: dict[str, float] = {}
    monkeypatch.setattr("landscape.dashboard.kit.landscapes.st.session_state", state)
    cliff_view.click(None, 5.123, -2.5, "x")
    cliff_view.click(None, 30, 0.1, "x2")
    assert state == {"x": 5.123, "y": -2.5}


@pytest.mark.parametrize(
    "query",
    [{"rate": "10", "limit": "10"}, {"x": "-1e6", "y": "1e6"}, {"times": "100", "steps": "200"}, {"x": "6.5"}],
)
def test_hostile_states_still_draw(query: dict[str, str]):
    app = open_page("recurrence", view="cliff", **query)
    assert complaint(app) == ""
    assert not app.exception
    assert figure(app)["frames"]


@pytest.mark.parametrize(("name", "value"), [("times", "1"), ("times", "10000"), ("rate", "-1"), ("limit", "nan")])
def test_a_wrong_link_is_named(name: str, value: str):
    assert f"{name} is" in complaint(open_page("recurrence", view="cliff", **{name: value}))


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_unrolled_as_computed(cell: str):
    app = open_page("recurrence", cell=cell, length="12", hidden="3")
    assert complaint(app) == ""
    expected = unrolled(cell, Conditions(12, 3, 1.0, 2.0, 0))
    drawn = {trace["name"]: trace for trace in figure(app)["data"]}
    foot = drawn["bars"]["y"][0]
    np.testing.assert_allclose(drawn["bars"]["y"][1::3], np.maximum(expected.gradient, foot))
    # What is 0 is drawn at the foot of a log axis.
    shown = unpacked(drawn["largest"]["y"])
    np.testing.assert_allclose(shown, np.maximum(expected.largest, shown.min()), rtol=1e-6)
    assert (shown > shown.min()).any()
    assert ("bound" in drawn) == (cell != "lstm")
    assert len(figure(app)["layout"]["meta"]["captions"]) == 24
    assert len(json.dumps(figure(app))) < 250_000


@pytest.mark.parametrize(
    "query",
    [
        {"cell": "relu", "scale": "10", "length": "100"},
        {"length": "2", "hidden": "1", "scale": "0.1"},
        {"cell": "relu", "hidden": "1", "seed": "1"},
        {"cell": "gru", "gate": "6", "hidden": "32"},
    ],
)
def test_extremes_are_unrolled(query: dict[str, str]):
    app = open_page("recurrence", **query)
    assert complaint(app) == ""
    assert not app.exception


@pytest.mark.parametrize(("name", "value"), [("length", "1"), ("length", "10000"), ("scale", "0"), ("cell", "elman")])
def test_a_wrong_sequence_is_named(name: str, value: str):
    assert f"{name} is" in complaint(open_page("recurrence", **{name: value}))


SHORT = {"view": "series", "steps": "2", "hidden": "2"}


def test_predictions_are_drawn_as_computed():
    app = open_page("recurrence", **SHORT)
    assert complaint(app) == ""
    seen = whole(Plan("tanh", 2, 0.02, 2, 4, 0))
    drawn = {trace["name"]: trace for trace in figure(app)["data"]}
    np.testing.assert_allclose(drawn["One year ahead"]["y"], seen.ahead[-1], rtol=1e-3)
    np.testing.assert_allclose(drawn["Left to itself"]["y"], seen.free[-1], rtol=1e-3)
    captions = figure(app)["layout"]["meta"]["captions"]
    assert len(captions) == 3
    assert captions[-1].startswith(f"Years held back: off by {seen.missed[-1, 0, 1]:.3g} spots one year ahead")
    live = figure(app)["layout"]["meta"]["live"]
    assert live["values"]["window"]["at"] == 4
    assert len(json.dumps(figure(app))) < 250_000


def test_the_longest_series_is_sent_in_a_few_kilobytes():
    app = open_page("recurrence", **(SHORT | {"steps": "30", "window": "220"}))
    assert len(json.dumps(figure(app))) < 250_000


def test_a_held_window_is_a_whole_number_of_years(monkeypatch):
    state = {"window": 7.61}
    monkeypatch.setattr("landscape.dashboard.recurrence.series_view.st.session_state", state)
    series_view.held()
    assert state == {"window": 8}


def test_a_series_that_runs_away_is_a_sentence():
    app = open_page("recurrence", **(SHORT | {"cell": "relu", "rate": "10", "steps": "40", "window": "1"}))
    assert complaint(app) == ""
    assert "Training diverged at step" in app.info[0].value
    assert figure(app)["frames"]


@pytest.mark.parametrize(("name", "value"), [("window", "0"), ("window", "10000"), ("steps", "0"), ("rate", "inf")])
def test_a_wrong_series_is_named(name: str, value: str):
    assert f"{name} is" in complaint(open_page("recurrence", **(SHORT | {name: value})))


def test_where_a_run_leaves_the_map_is_marked():
    mark = next(trace for trace in figure(open_page("recurrence", view="cliff"))["data"] if trace["name"] == EXITS)
    assert mark["hovertext"] == ["Gradient descent left the map at step 30"]
    assert mark["y"] == [-1.0], "on the map's upper edge"
    near = next(
        trace for trace in figure(open_page("recurrence", view="cliff", steps="10"))["data"] if trace["name"] == EXITS
    )
    assert near["x"] == []


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_names_of_cells_stand_before_the_first_step_and_apart(cell: str, narrow: bool):
    drawn = stage(compared(cell, Conditions(40, 4, 1.0, 2.0, 0)), THEMES["light"], narrow=narrow)
    names = [note for note in drawn.annotations if note["xref"] == "x"]
    assert {note["text"] for note in names} == {f"<b>{each.title}</b>" for each in CELLS.values()}
    assert all(note["xanchor"] == "right" and note["x"] < 0.5 for note in names)
    low, high = drawn.axes["yaxis"]["range"]
    places = sorted(note["y"] for note in names)
    assert np.diff(places).min() > 0.99 * LETTERS * (high - low)
    assert low - 1e-9 <= places[0]
    assert places[-1] + LETTERS * (high - low) <= high + 1e-9
