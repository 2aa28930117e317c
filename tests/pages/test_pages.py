"""Every page, with every registry key, runs without an exception and draws what was computed."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit.runs import TOLERANCE
from landscape.dashboard.kit.wire import SENT
from landscape.descent.race import CLOCKS, hold
from landscape.descent.schedules import SCHEDULES
from landscape.figures.descent.race import VIEWS
from landscape.figures.kit.animated import unpacked
from landscape.knob import knobs
from landscape.landscapes import LANDSCAPES
from landscape.networks import PlanarProblem
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.stationary import stationary_points

ROOT = Path(__file__).parents[2]


def open_page(name: str = "descent", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    # Whole figures are looked at, not what changed in them since.
    if SENT in app.session_state:
        del app.session_state[SENT]
    app.run()
    assert not app.exception, app.exception
    return app


def figure(app: AppTest) -> dict[str, Any]:
    """As it is sent, its captions in full."""
    (chart,) = app.get("plotly_chart")
    spec = json.loads(chart.proto.spec)
    meta = spec["layout"]["meta"]
    if "captions" in meta:
        meta["captions"] = in_full(meta["captions"])
    return spec


def in_full(captions: list[Any]) -> list[str]:
    """Sentences that are told by what is not as in the one before."""
    told: list[str] = []
    for each in captions:
        if not isinstance(each, str):
            begin, end, between = each
            each = told[-1][:begin] + between + told[-1][len(told[-1]) - end :]
        told.append(each)
    return told


def drawn(app: AppTest, key: str) -> np.ndarray:
    (trace,) = [
        t
        for t in figure(app)["data"]
        if t["name"].split(", η ")[0] == OPTIMIZERS[key].title and t["mode"] == "lines" and t.get("xaxis", "x") == "x"
    ]
    return np.stack([unpacked(trace["x"]), unpacked(trace["y"])], axis=1)


def link(app: AppTest) -> dict[str, str]:
    """The URL's parameters; AppTest holds what it was given as lists and what the script wrote as text."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


def choose_landscape(app: AppTest, key: str) -> AppTest:
    """As the picker does, which only a browser can open: another landscape, and the start forgotten."""
    app.session_state["surface"] = key
    del app.session_state["x"], app.session_state["y"]
    return rerun(app)


def complaint(app: AppTest) -> str:
    return " ".join(w.value for w in app.warning)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.stem)
def test_every_page_opens(path: Path) -> None:
    app = open_page(path.stem)
    assert app.title
    assert complaint(app) == ""
    assert link(app) == {}


def test_the_page_of_the_readme_opens() -> None:
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    app = rerun(AppTest.from_string(examples[2], default_timeout=60))
    assert app.title[0].value == "What does a narrow valley cost?"
    assert len(drawn(app, "gradient_descent")) == 101
    assert app.markdown


def test_the_app_opens() -> None:
    rerun(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60))


@pytest.mark.parametrize("key", LANDSCAPES)
def test_every_landscape(key: str) -> None:
    app = open_page(surface=key, steps="20", methods="momentum,newton")
    assert complaint(app) == ""
    assert np.allclose(drawn(app, "momentum")[0], LANDSCAPES[key].start, rtol=1e-6)


@pytest.mark.parametrize("key", [key for key, here in LANDSCAPES.items() if isinstance(here, PlanarProblem)])
def test_a_mini_batch_of_a_network_is_seeded(key: str) -> None:
    query = {"surface": key, f"{key}.batch_size": "4", "methods": "gradient_descent", "steps": "20", "tune": "0"}
    assert np.array_equal(drawn(open_page(**query), "gradient_descent"), drawn(open_page(**query), "gradient_descent"))
    other = drawn(open_page(**query, seed="5"), "gradient_descent")
    assert not np.array_equal(drawn(open_page(**query), "gradient_descent"), other)


def test_stationary_points_are_marked() -> None:
    traces = {t["name"]: t for t in figure(open_page(surface="himmelblau"))["data"]}
    points = stationary_points(SURFACES["himmelblau"], SURFACES["himmelblau"].domain)
    for kind, count in (("saddle", 4), ("maximum", 1)):
        at = np.stack([unpacked(traces[kind][axis]) for axis in "xy"], axis=1)
        assert len(at) == count
        assert np.allclose(at, points.of(kind), rtol=1e-6)
    # All four minima are the lowest.
    lowest = np.array([traces["global minimum"][axis] for axis in "xy"]).T
    assert len(lowest) == 4
    assert np.abs(points.of("minimum")[:, None] - lowest).max(axis=-1).min(axis=1) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_is_drawn_as_computed(key: str) -> None:
    app = open_page(surface="himmelblau", methods=key, tune="0", steps="60")
    surface = SURFACES["himmelblau"]
    expected = hold(surface, {key: OPTIMIZERS[key]()}, np.array(surface.start), 60, tolerance=TOLERANCE)
    assert np.allclose(drawn(app, key), expected.runs[key].x, rtol=1e-6)


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_is_applied(key: str) -> None:
    app = open_page(methods="gradient_descent", tune="0", steps="50", schedule=key)
    surface = SURFACES["rosenbrock"]
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"]()}
    expected = hold(surface, methods, np.array(surface.start), 50, schedule=SCHEDULES[key]())
    assert np.allclose(drawn(app, "gradient_descent"), expected.runs["gradient_descent"].x, rtol=1e-6)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("clock", CLOCKS)
def test_every_view(view: str, clock: str) -> None:
    app = open_page(view=view, clock=clock, field="1", arrows="1", steps="30")
    assert figure(app)["layout"]["meta"]["unit"] == CLOCKS[clock]


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_knob_at_both_ends(key: str, end: str) -> None:
    extremes = {}
    for name, knob in knobs(OPTIMIZERS[key]).items():
        value = getattr(knob, end)
        extremes[f"{key}.{name}"] = str(int(value)) if knob.scale in ("switch", "integer") else f"{value:.12g}"
    app = open_page(methods=key, tune="0", steps="10", **extremes)
    assert complaint(app) == ""


@pytest.mark.parametrize("key", [k for k, s in LANDSCAPES.items() if s.knobs])
def test_every_landscape_knob_at_both_ends(key: str) -> None:
    for end in ("low", "high"):
        ends = {f"surface.{key}.{name}": getattr(knob, end) for name, knob in LANDSCAPES[key].knobs.items()}
        app = open_page(surface=key, steps="10", **{name: f"{value:.12g}" for name, value in ends.items()})
        assert complaint(app) == ""
        assert {name: app.session_state[name] for name in ends} == ends


def test_noise_is_seeded_and_shared() -> None:
    first = open_page(methods="gradient_descent,adam", noise="2", seed="7", steps="40")
    again = open_page(methods="adam", noise="2", seed="7", steps="40")
    other = open_page(methods="adam", noise="2", seed="8", steps="40")
    assert np.array_equal(drawn(first, "adam"), drawn(again, "adam"))
    assert not np.array_equal(drawn(first, "adam"), drawn(other, "adam"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"surface": "nowhere"}, "surface is 'nowhere', which is not known. rosenbrock is used instead"),
        ({"methods": "adam,magic"}, "methods has 'magic', which is not known. It is left out"),
        ({"methods": "magic"}, "names none that is known"),
        ({"methods": ""}, "names none that is known"),
        ({"x": "word"}, "x is 'word', which is not a number. -1.2 is used instead"),
        ({"x": "1e999"}, "x is inf; allowed is −10⁶ to 10⁶"),
        ({"y": "nan"}, "y is nan; allowed is"),
        ({"steps": "0"}, "steps is 0.0; allowed is 1 to 2000. 300 is used instead"),
        ({"steps": "2.5"}, "steps is 2.5; it must be a whole number"),
        ({"tune": "0", "method.adam.lr": "-1"}, "adam.lr is −1.0; allowed is 10⁻⁷ to 10"),
        ({"tune": "perhaps"}, "tune is 'perhaps'; allowed are 0 and 1"),
        ({"view": "4d"}, "view is '4d', which is not known"),
        ({"noise": "-1"}, "noise is −1.0; allowed is 0 to 20"),
        ({"at": "soon"}, "at is 'soon', which is not a number"),
        ({"from_an_older_version": "1"}, "'from_an_older_version' is not known here. It is ignored"),
        ({"rosenbrock.b": "x" * 5000}, "which is not a number"),
        ({"surface": "[free](//evil.example)"}, r"surface is '\[free\]\(//evil.example\)', which is not known"),
        ({":red[x]": "1"}, "'\\:\u2060red\\[x\\]' is not known here"),
        (
            {"methods": "adam", "method.adam.lr": "0.1"},
            "adam.lr is set, but tuning finds the rate. Add tune=0 to use it",
        ),
    ],
    ids=lambda v: urlencode(v)[:30] if isinstance(v, dict) else "",
)
def test_a_bad_link_is_named_in_one_sentence_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = open_page(**query)
    assert sentence in complaint(app)
    assert figure(app)["data"]
    assert sentence not in complaint(open_page(**link(app)))


def test_every_method_at_once_is_a_race() -> None:
    app = open_page(methods=",".join(OPTIMIZERS), steps="20")
    assert complaint(app) == ""
    able = [key for key, cls in OPTIMIZERS.items() if cls.applies_to(SURFACES["rosenbrock"])]
    assert all(len(drawn(app, key)) == 21 for key in able)


def test_a_start_off_the_map_is_drawn_with_a_sentence() -> None:
    app = open_page(x="900", y="-900")
    assert "off the map" in app.info[0].value
    assert np.allclose(drawn(app, "newton")[0], [900, -900])


def test_no_method_chosen_still_draws_one() -> None:
    app = open_page()
    app.multiselect(key="methods").set_value([])
    rerun(app)
    assert len(drawn(app, "gradient_descent")) == 301


def test_a_method_that_does_not_apply_sits_out_with_a_sentence() -> None:
    app = open_page(surface="ackley", methods="gauss_newton,adam")
    assert any("Gauss-Newton needs" in m.value for m in app.markdown)
    assert len(drawn(app, "adam")) == 301
    assert not any(t["name"].startswith("Gauss-Newton") for t in figure(app)["data"])


def test_a_new_landscape_brings_its_own_start() -> None:
    app = open_page(x="0.5", y="0.5")
    choose_landscape(app, "himmelblau")
    assert np.allclose(drawn(app, "adam")[0], SURFACES["himmelblau"].start)
    assert link(app) == {"surface": "himmelblau"}


def test_sliders_start_from_the_tuned_rates() -> None:
    app = open_page(methods="adam")
    tuned = app.session_state["method.adam.lr"]
    app.toggle(key="tune").set_value(False)
    rerun(app)
    assert app.select_slider(key="method.adam.lr").value == tuned
    assert link(app)["method.adam.lr"] == f"{tuned:.12g}"


def test_settings_outlive_a_shut_drawer() -> None:
    app = open_page(methods="adam", **{"method.adam.beta1": "0.5"})
    rerun(app)
    rerun(app)
    assert app.session_state["method.adam.beta1"] == 0.5
    assert link(app)["method.adam.beta1"] == "0.5"


def test_the_url_restores_the_figure() -> None:
    query = {"surface": "quadratic", "quadratic.kappa": "40", "methods": "nesterov", "clock": "cost", "x": "1.5"}
    first = open_page(**query)
    copy = open_page(**link(first))
    assert figure(copy) == figure(first)
