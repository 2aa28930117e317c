"""A stage: one way to build a figure, and the same names for what its player is told in Python and in JavaScript."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from landscape.dashboard import kit as dashboard
from landscape.figures import kit
from landscape.figures.kit import animated, export, meta
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.axes import counts, panel_axes
from landscape.figures.kit.layouts import ARRANGEMENTS, SIZES, STANDARD, arrangement, size
from landscape.figures.kit.ranges import linear_range, linear_range_of_runs, log_range, log_range_of_runs
from landscape.figures.kit.stage import SPEED, Stage
from landscape.figures.kit.style import DASHES, DIFFERENT, HUES, MARKERS, PINNED, THEMES, look, numbered
from landscape.figures.kit.traces import line, marks, moved
from landscape.numbers import minus
from landscape.optimizers import OPTIMIZERS

LIGHT = THEMES["light"]
SCRIPTS = {name: (Path(kit.__file__).parent / name).read_text(encoding="utf-8") for name in export.SCRIPTS}
BRIDGE = (Path(dashboard.__file__).parent / "bridge.js").read_text(encoding="utf-8")
X = np.linspace(-5, 5, 11)


def slope_stage(narrow: bool = False) -> Stage:
    """A figure kind of its own, in as many lines as it takes."""
    place = arrangement("picture", narrow)
    across = {"range": linear_range(X)}
    stage = Stage(LIGHT, height=400, revision=f"slope {narrow}", alt="A parabola and its slope.")
    stage.panel("", place["main"], across, {"range": linear_range(X**2)}, "f")
    stage.panel("2", place["upper"], across, {"range": linear_range(2 * X)}, "Its slope")
    stage.draw(line(X, X**2, LIGHT.ink, name="f"))
    stage.trail(line(X, 2 * X, LIGHT.belief, "2", name="slope"))
    stage.move(moved(marks(None, None, LIGHT.ink, name="here"), X, X**2))
    stage.play(X, "x", captions=[f"The slope is {2 * x:g}." for x in X])
    return stage


def test_scripts_that_are_one_script_in_a_browser_declare_each_name_once() -> None:
    script = "".join(SCRIPTS.values()) + BRIDGE
    declared = re.findall(r"^(?:const|let|function) (\w+|\[[^]]*\]|\{[^}]*\})", script, re.MULTILINE)
    names = [name for each in declared for name in re.findall(r"\w+", each)]
    assert {"createPlayer", "LONG", "mount"} <= set(names)
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("narrow", [False, True])
def test_a_figure_kind_is_one_function(narrow: bool) -> None:
    stage = slope_stage(narrow)
    spec = stage.figure.to_dict()
    assert len(stage.figure.checked().frames) == 11
    assert [trace["name"] for trace in spec["data"]] == ["f", "slope", "here"]
    assert spec["frames"][2] == {"name": "2", "data": [{"x": [-3.0], "y": [9.0]}], "traces": [2]}
    assert spec["data"][2]["x"] == [5.0]
    assert spec["data"][1]["line"]["simplify"] is False
    assert np.array_equal(unpacked(spec["data"][1]["y"]), 2 * X)
    assert [text["text"] for text in spec["layout"]["annotations"]] == ["<b>f</b>", "<b>Its slope</b>"]
    assert spec["layout"]["margin"] == {"l": 52, "t": 60, "r": 12, "b": 46}
    assert spec["layout"]["meta"] == {
        "trails": [{"trace": 1, "run": 0}],
        "schedule": [list(range(11))],
        "times": X.tolist(),
        "unit": "x",
        "rate": SPEED,
        "captions": [f"The slope is {minus(f'{2 * x:g}')}." for x in X],
    }


def test_the_play_head_begins_where_the_view_says() -> None:
    assert slope_stage().first is None
    assert slope_stage().begin_at(3).first == -2.0


def test_a_stage_that_stands_still_has_no_clock() -> None:
    stage = Stage(LIGHT, height=300, revision="still", clicks=["x", "x2"])
    stage.draw(line(X, X, "red", name="line"))
    spec = stage.figure.to_dict()
    assert spec["layout"]["meta"] == {"clicks": ["x", "x2"]}
    assert (spec["frames"], stage.times) == ([], [])


def test_marks_that_ride_are_in_the_figure_but_not_sent() -> None:
    stage = slope_stage()
    stage.ride(moved(marks(None, None, LIGHT.ink, "2", name="end"), X, 2 * X), [0])
    assert stage.figure.to_dict()["frames"][2]["data"][1] == {"x": [-3.0], "y": [-6.0]}
    sent = stage.sent.to_dict()
    assert [trace["name"] for trace in sent["data"]] == ["f", "slope", "here", "end"]
    assert sent["frames"][2] == {"name": "2", "data": [{"x": [-3.0], "y": [9.0]}], "traces": [2]}
    assert sent["layout"]["meta"]["rides"] == [{"trace": 3, "trails": [0]}]


def test_what_follows_a_hand_is_recorded() -> None:
    stage = slope_stage()
    stage.hold("x", 2, (-5, 5))
    stage.grip("", "x", mark=2)
    stage.follow(0, ["x"], lambda x, t: (x + t, x**2 + 2 * x * t), [-1, 1])
    stage.tell(["x"], lambda x: {"slope": 2 * x, "x": x}, "At {x} the slope is {slope}.")
    live = stage.meta["live"]
    assert live["values"]["x"] == {"at": 2, "low": -5, "high": 5, "scale": "linear", "label": "", "color": ""}
    assert live["grips"] == [{"panel": "x", "across": "x", "up": "", "mark": 2, "off": [0, 0], "point": False}]
    assert (live["curves"][0]["reads"], live["curves"][0]["lanes"]) == (["x"], [[-1], [1]])
    assert live["sentence"]["parts"] == ["At ", 1, " the slope is ", 0, "."]
    stage.count(1, ["x"], lambda x: [x, x**2], "f = ")
    assert (live["numerals"][0]["trace"], live["numerals"][0]["lead"]) == (1, "f = ")
    way = stage.way(["x"], lambda x, t: [x], lambda x, t, n: [n / 2 + t], [0, 1], 3, names=["n"])
    stage.follow(0, ["n"], lambda n, t, at: (t, at - n), along=way)
    assert (live["ways"][way]["rounds"], live["ways"][way]["fresh"]) == (3, False)
    assert (live["curves"][1]["along"], live["curves"][1]["lanes"]) == (0, [])
    with pytest.raises(ValueError, match="asks what a number is"):
        stage.tell(["x"], lambda x: {"size": x if x > 0 else -x}, "{size}")
    with pytest.raises(ValueError, match=r"text has \{slop\}; allowed are slope"):
        stage.tell(["x"], lambda x: {"slope": 2 * x}, "{slop}")


def test_paint_says_which_trace_it_is_for() -> None:
    stage = slope_stage()
    trace = {"type": "heatmap", "name": "map", "z": [[0]]}
    stage.film(trace, ["#000000"], 4, "film")
    stage.stroke(line([0, 1], [0, 1], "red", name="edges"), ["#000000"], [1.0], "strokes")
    stage.word({"type": "scatter", "mode": "text", "name": "words"}, [[[0, "begin"]]])
    assert stage.meta["paint"] == {
        "films": [{"trace": 2, "colors": ["#000000"], "grain": 4, "bytes": "film"}],
        "strokes": [{"trace": 3, "colors": ["#000000"], "widths": [1.0], "bytes": "strokes"}],
        "words": [{"trace": 4, "texts": [[[0, "begin"]]]}],
    }
    names = [each["name"] for each in stage.figure.to_dict()["data"]]
    assert names == ["f", "slope", "map", "edges", "words", "here"]


def test_what_does_not_fit_the_clock_is_refused() -> None:
    stage = slope_stage()
    with pytest.raises(ValueError, match="labels has 2 frames; there are 11 times"):
        stage.play(X, "x", labels=["a", "b"])
    with pytest.raises(ValueError, match="schedule has 3 frames; there are 11 times"):
        stage.play(X, "x", schedule=[[0, 1, 2]])
    stage.move(moved(marks(None, None, "red", name="late"), [0, 1], [0, 1]))
    with pytest.raises(ValueError, match="late has 2 moves; there are 11 times"):
        _ = stage.figure


def declared(script: str) -> dict[str, set[str]]:
    """The names of every type that a script documents."""
    blocks = re.split(r"@typedef \{Object\} ", script)[1:]
    return {block.split()[0]: set(re.findall(r"@property \{.+?\} \[?(\w+)\]?(?=\s)", block)) for block in blocks}


def test_python_and_javascript_have_the_same_names() -> None:
    types = {name: each for name, each in vars(meta).items() if isinstance(each, type) and hasattr(each, "__total__")}
    names = {name: set(get_type_hints(each)) for name, each in types.items() if name != "TypedDict"}
    assert declared("".join(SCRIPTS.values())) == names


def test_the_scripts_read_what_meta_has_and_nothing_else() -> None:
    read: set[str] = set()
    for script in (*SCRIPTS.values(), BRIDGE):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)
        read |= set(re.findall(r"\bmeta(?:\(\))?\.(\w+)", code))
        for names in re.findall(r"const \{([^}]*)\} = meta(?:\(\))?;", code):
            read |= {name.split(":")[0].split("=")[0].strip() for name in names.split(",")}
    assert read == set(get_type_hints(meta.Meta))


@pytest.fixture
def scratch() -> Iterator[str]:
    """The key of an optimizer that stands first in the registry, as long as a test takes."""
    before = dict(OPTIMIZERS)
    OPTIMIZERS.clear()
    OPTIMIZERS.update({"scratch": before["adam"], **before})
    yield "scratch"
    OPTIMIZERS.clear()
    OPTIMIZERS.update(before)


def test_a_new_optimizer_changes_no_other_look(scratch: str) -> None:
    assert next(iter(OPTIMIZERS)) == scratch
    pinned = {key: (LIGHT.hue(hue), dash, marker) for key, (hue, dash, marker) in PINNED.items()}
    assert {key: tuple(vars(look(key, LIGHT)).values()) for key in OPTIMIZERS if key in PINNED} == pinned
    # The new one has a look of its own, every time the same.
    new = look("scratch", LIGHT)
    assert tuple(vars(new).values()) not in pinned.values()
    assert new == look("scratch", LIGHT)
    assert new.color in [HUES[hue]["light"] for hue in HUES]
    assert new.dash in DASHES
    assert new.marker in MARKERS
    assert look("scratch", THEMES["dark"]).marker == new.marker


def test_looks_stay_pinned_and_new_keys_find_free_ones() -> None:
    assert set(PINNED) <= set(OPTIMIZERS)
    assert len(PINNED) >= 34
    assert len(set(PINNED.values())) == len(PINNED)
    new = {look(f"method {i}", LIGHT) for i in range(50)}
    assert new.isdisjoint(look(key, LIGHT) for key in PINNED)
    assert len(new) > 35
    assert len({numbered(i, LIGHT) for i in range(DIFFERENT)}) == DIFFERENT == 245


@pytest.mark.parametrize("kind", ARRANGEMENTS)
@pytest.mark.parametrize("narrow", [False, True])
def test_panels_stand_in_the_figure_and_do_not_overlap(kind: str, narrow: bool) -> None:
    place = arrangement(kind, narrow)
    for name, (x, y) in place.items():
        assert 0 <= x[0] < x[1] <= 1
        assert 0 <= y[0] < y[1] <= 1
        for other, (u, v) in place.items():
            apart = x[0] >= u[1] or u[0] >= x[1] or y[0] >= v[1] or v[0] >= y[1]
            assert apart or name == other


def test_a_narrow_stage_has_the_same_panels() -> None:
    for kind, (wide, narrow) in ARRANGEMENTS.items():
        assert set(wide) == set(narrow), kind


def test_sizes_by_page_and_screen() -> None:
    assert {frozenset(by_screen) for by_screen in [STANDARD, *SIZES.values()]} == {
        frozenset({"laptop", "hall", "phone"})
    }
    assert size("descent", "laptop") == size("a new page", "laptop") == (908, 440)
    assert size("curvature", "phone") == size("a new page", "phone") == (364, 900)
    assert size("fates", "laptop", maps=3) == (908, 534)
    assert [size("fates", "phone", maps)[1] for maps in (1, 4)] == [550, 1750]


@pytest.mark.parametrize("span", [(-16.4, 3.2), (-0.4, 0.4), (0.05, 0.9), (0.31, 0.33), (-1.0, 2.0), (2.0, 3.0)])
def test_the_numbers_of_a_log_axis_are_few_and_of_one_size(span: tuple[float, float]) -> None:
    """Plotly left to itself has small twos and fives among its powers of ten."""
    axis = panel_axes("", arrangement("picture", False)["main"], LIGHT, {"type": "log", "range": [*span]}, {})["xaxis"]
    if "dtick" in axis:
        assert axis["dtick"] == int(axis["dtick"]) >= 1
        powers = [k for k in range(-20, 21) if span[0] <= k <= span[1] and k % axis["dtick"] == 0]
        assert 2 <= len(powers) <= 7
    else:
        assert 2 <= len(axis["tickvals"]) == len(axis["ticktext"]) <= 7
        assert all(span[0] - 1e-9 <= np.log10(v) <= span[1] + 1e-9 for v in axis["tickvals"])


@pytest.mark.parametrize("end", [0, 1, 5, 300])
def test_steps_are_numbered_by_whole_numbers(end: int) -> None:
    axis = counts(end)
    assert axis["range"][0] < 0 <= end < axis["range"][1]
    assert axis.get("dtick") == 1 or axis["range"][1] / axis["nticks"] >= 1


@pytest.mark.parametrize("value", [0.0, 3e-17, 5.0, -1e5])
def test_what_differs_by_rounding_alone_fills_no_axis(value: float) -> None:
    series = value + 1e-16 * np.array([0.0, 1.0, 0.0]) * max(1.0, abs(value))
    for low, high in (linear_range(series), linear_range_of_runs([series])):
        assert low < value < high
        assert high - low > 1e-3 * max(1.0, abs(value))
    low, high = log_range_of_runs([np.full(5, 1e-16)], 1e-16)
    assert low < -16
    assert high >= 0


def test_ranges_show_everything_but_a_run_to_infinity_flattens_nothing() -> None:
    away = np.array([1.0, 1e9, np.inf, np.nan])
    assert log_range(away, room=0) == pytest.approx([0.0, 9.0])
    assert log_range_of_runs([away], 1e-16, room=0) == pytest.approx([-0.4, 3.4])
    assert log_range_of_runs([np.array([1e8, 1e-30])], 1e-16) == pytest.approx([-16 - 1.44, 8 + 1.44])
    assert log_range_of_runs([np.array([np.nan])], 1e-16) == pytest.approx([-0.4, 0.4])
    low, high = linear_range_of_runs([np.append(np.linspace(0, 1, 100), 1e9)])
    assert -1 < low < 0
    assert 5 < high < 10
    assert linear_range_of_runs([away[2:]]) == [0.0, 1.0]


def test_frames_of_marks_that_ride_are_worked_out_only_where_they_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    exact = animated.significant

    def counted(values: np.ndarray, digits: int = 5) -> list[object]:
        rows.append(len(values))
        return exact(values, digits)

    monkeypatch.setattr(animated, "significant", counted)
    stage = Stage(LIGHT, height=100, revision="")
    trail = stage.trail(line(X, X**2, "red"))
    stage.ride(moved(marks(None, None, "red", name="head"), X, X**2), [trail])
    stage.play(X, "x")
    assert not stage.sent.to_dict()["frames"]
    assert rows == [1, 1]
    frames = stage.figure.to_dict()["frames"]
    assert rows == [1, 1, len(X), len(X)]
    assert [frame["data"][0] for frame in frames] == animated.updates(4, x=X[:, None], y=X[:, None] ** 2)
    assert frames[-1]["data"][0].items() <= stage.figure.to_dict()["data"][-1].items()
