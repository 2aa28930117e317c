"""The Slope page: every view, what a bad link is told, and what a link restores."""

import numpy as np
import pytest

from landscape.calculus.curves import CURVES, own_curve
from landscape.calculus.guesses import PLACES, slope_places
from landscape.calculus.paths import KNOTS
from landscape.figures.kit.animated import unpacked
from landscape.surfaces import SURFACES
from tests.pages.test_own_formula import trouble, type_in
from tests.pages.test_pages import complaint, figure, link, open_page, rerun

VIEWS = ("secant", "error", "taylor", "step", "plane")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_and_says_something(view: str) -> None:
    app = open_page("slope", view=view)
    assert complaint(app) == ""
    assert app.title[0].value.endswith("?")
    assert app.markdown[0].value.startswith("- ")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"curve": "square root"}, "curve is 'square root', which is not known. wave is used instead"),
        ({"x": "99"}, "x is 99.0; allowed is −15 to 15. 6 is used instead"),
        ({"h": "0"}, "h is 0.0; allowed is 0.01 to 10. 4 is used instead"),
        ({"scheme": "complex"}, "scheme is 'complex', which is not known. forward is used instead"),
        ({"view": "error", "precision": "half"}, "precision is 'half', which is not known"),
        ({"view": "taylor", "about": "inf"}, "about is inf; allowed is −3 to 3"),
        ({"view": "step", "rate": "-1"}, "rate is −1.0; allowed is 0.001 to 10"),
        ({"view": "step", "steps": "0"}, "steps is 0.0; allowed is 1 to 40"),
        ({"view": "step", "curve": "logarithm", "start": "-2"}, "start is −2.0; allowed is −0.95 to 3"),
    ],
)
def test_a_bad_link_is_named_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = open_page("slope", **query)
    assert sentence in complaint(app)
    assert figure(app)["data"]


@pytest.mark.parametrize(
    "query",
    [
        {"curve": "sine", "x": "-2.5", "h": "0.4", "scheme": "central"},
        {"view": "taylor", "curve": "logarithm", "about": "0.5", "probe": "2.5", "at": "7"},
        {"view": "plane", "plane": "saddle", "px": "1", "angle": "45", "bend": "0.5"},
        {"view": "step", "curve": "quartic", "start": "-1.5", "rate": "0.02", "steps": "20"},
    ],
)
def test_the_url_restores_the_figure(query: dict[str, str]) -> None:
    first = open_page("slope", **query)
    assert link(first) == query
    assert figure(open_page("slope", **link(first))) == figure(first)


def test_what_was_held_is_what_the_stage_holds() -> None:
    app = open_page("slope", x="-2.99363", h="0.7431")
    assert link(app) == {"x": "-2.99363", "h": "0.7431"}
    held = figure(app)["layout"]["meta"]["live"]["values"]
    assert np.isclose(held["x"]["at"], -2.99363)
    assert np.isclose(held["h"]["at"], 0.7431)


@pytest.mark.parametrize("view", ["secant", "error", "taylor", "step"])
def test_a_typed_formula_is_drawn_and_the_link_restores_it(view: str) -> None:
    app = type_in(open_page("slope", view=view, curve="own"), "a x^2 + sin 3x")
    app.slider(key="curve.own.a").set_value(0.5)
    rerun(app)
    curve = own_curve("a x^2 + sin 3x", (-3.0, 3.0), {"a": 0.5})
    (drawn,) = [t for t in figure(app)["data"] if t["name"] in ("f", "f, as computed")][:1]
    if view != "error":
        x, y = (unpacked(drawn[axis]) for axis in "xy")
        np.testing.assert_allclose(y, curve.value(x.astype(float)), atol=1e-5)
    wanted = {"curve": "own", "formula": "a x^2 + sin 3x", "curve.own.a": "0.5"}
    assert wanted.items() <= link(app).items()
    again = open_page("slope", **link(app))
    assert link(again) == link(app)
    assert figure(again)["data"] == figure(app)["data"]


def test_a_bad_text_or_domain_is_named_and_the_last_good_curve_stays() -> None:
    app = type_in(open_page("slope", curve="own"), "x^2 + 1")
    before, data = link(app), figure(app)["data"]
    for text, sentence in (
        ("x^2 +", "Something is missing"),
        ("sqrt(-1 - x^2)", "has no value with a slope"),
        ("", ""),
    ):
        assert sentence in trouble(type_in(app, text))
        assert figure(app)["data"] == data
    type_in(app, "x^2 + 1")
    assert link(app) == before
    upside_down = open_page("slope", curve="own", xlow="3", xhigh="-3")
    assert "domain is 3 to -3; the first must be the smaller" in trouble(upside_down)
    assert figure(upside_down)["data"]


def test_a_point_without_a_value_is_a_sentence() -> None:
    app = open_page("slope", curve="own", formula="ln x", x="-1")
    assert "f has no value at x = \N{MINUS SIGN}1. Choose another point." in app.info[0].value


def test_a_slope_is_guessed_before_it_is_seen() -> None:
    app = open_page("slope", curve="sine", x="1")
    shown = figure(app)
    app.toggle(key="ask").set_value(True)
    rerun(app)
    assert not any(m.value.startswith("- ") for m in app.markdown)
    assert "How steep is f at x = 1?" in app.markdown[-1].value
    assert "tangent" not in {trace["name"] for trace in figure(app)["data"]}
    app.slider(key="slope").set_value(0.5)
    rerun(app)
    assert link(app) == {"curve": "sine", "x": "1", "ask": "1", "slope": "0.5"} or "x" not in link(app)
    app.button(key="reveal").click()
    rerun(app)
    assert any("The tangent's slope is **0.54**: off by 0.0403. Close." in m.value for m in app.markdown)
    assert figure(app)["data"] == shown["data"]
    again = open_page("slope", **link(app))
    assert any("The tangent's slope is **0.54**" in m.value for m in again.markdown)
    app.toggle(key="ask").set_value(False)
    rerun(app)
    assert "ask" not in link(app)
    assert "shown" not in link(app)


@pytest.mark.parametrize(
    ("page", "query", "question", "answer"),
    [
        ("slope", {"view": "error", "best": "1e-12"}, "Which step h", "You said 10⁻¹²"),
        ("area", {"times": "5"}, "how many times the pieces", "times the pieces. You said 5: that brings"),
        ("slope", {"view": "taylor", "reach": "1.4"}, "up to which distance", "You said 1.4. The series serves up to"),
        ("slope", {"view": "step", "needed": "3"}, "how many steps will Newton", "You said 3. **Newton"),
        ("area", {"view": "points", "more": "10"}, "times the points for one more", "You said 10: that brings"),
        ("area", {"view": "dimensions", "since": "4"}, "how many dimensions", "**from 6 dimensions on**"),
        (
            "area",
            {"view": "batch", "narrower": "10"},
            "times narrower is the cloud?",
            "You said 10. With batches of 10",
        ),
        ("area", {"view": "ball", "larger": "2"}, "Twice the rate, 0.2", "You said 2. Twice the rate makes"),
    ],
)
def test_what_is_asked_hides_the_answer_until_it_is_revealed(
    page: str, query: dict[str, str], question: str, answer: str
) -> None:
    app = open_page(page, ask="1", **query)
    assert complaint(app) == ""
    assert any(question in m.value for m in app.markdown)
    asked = {trace["name"] for trace in figure(app)["data"]} if app.get("plotly_chart") else set()
    assert asked <= {"f", "here", "area", "your guess"}
    assert bool(asked) == (query.get("view", "sum") in ("error", "sum", "taylor", "step", "points"))
    assert any("The picture comes with the answer." in m.value for m in app.markdown) == (not asked)
    app.button(key="reveal").click()
    rerun(app)
    assert any(answer in m.value for m in app.markdown)
    assert len(figure(app)["data"]) > len(asked)
    assert link(app)["shown"] == "1"


@pytest.mark.parametrize(
    ("page", "query", "drawn", "hidden", "answer"),
    [
        ("slope", {"view": "plane", "down": "200"}, "your direction", "gradient, uphill", "Straight down is at"),
        ("area", {"view": "expectation", "kl": "2"}, "p", "equal KL(p‖q)", "You said 2. KL(p‖q) is"),
    ],
)
def test_what_is_asked_over_a_picture_hides_the_answer(
    page: str, query: dict[str, str], drawn: str, hidden: str, answer: str
) -> None:
    app = open_page(page, ask="1", **query)
    names = {trace["name"] for trace in figure(app)["data"]}
    assert drawn in names
    assert hidden not in names
    app.button(key="reveal").click()
    rerun(app)
    assert hidden in {trace["name"] for trace in figure(app)["data"]}
    assert any(answer in m.value for m in app.markdown)
    assert link(app) == {**query, "ask": "1", "shown": "1"}


def test_a_slope_that_was_drawn_stands_beside_the_true_one() -> None:
    app = open_page("slope", curve="sine", ask="1", asked="drawn")
    assert any("Draw f′ under f: how" in m.value for m in app.markdown)
    (mine,) = [trace for trace in figure(app)["data"] if trace["name"] == "your f′"]
    assert mine["y"] == [0.0] * PLACES or not np.any(unpacked(mine["y"]))
    # What a hand leaves on the stage: the slope itself, but for three points.
    curve = CURVES["sine"]
    true = curve.slope(slope_places(curve))
    for k, height in enumerate(true[:-3]):
        app.session_state[f"drawn.{k}"] = float(height)
    rerun(app)
    text = link(app)["drawn"]
    assert len(text) == 2 * PLACES
    app.button(key="reveal").click()
    rerun(app)
    (said,) = [m.value for m in app.markdown if m.value.startswith("Your f′ is off by")]
    off = np.abs(true[-3:]).sum() / PLACES
    assert float(said.split("**")[1]) == pytest.approx(off, abs=0.003)
    names = [trace["name"] for trace in figure(app)["data"]]
    assert "your f′" in names
    again = open_page("slope", **link(app))
    assert figure(again)["data"] == figure(app)["data"]


def test_a_line_that_nobody_drew_is_named() -> None:
    app = open_page("slope", ask="1", asked="drawn", drawn="0!")
    assert "which is no line of 25 numbers that was drawn" in complaint(app)


def test_a_path_is_drawn_on_the_map_and_its_link_restores_it() -> None:
    app = open_page("slope", view="plane", byhand="1")
    domain = np.array(SURFACES["peaks"].domain)
    knots = np.linspace(domain[:, 0] / 2, domain[:, 1] / 2, KNOTS)
    for k, at in enumerate(knots.ravel()):
        app.session_state[f"way.{k}"] = float(at)
    rerun(app)
    (path,) = [trace for trace in figure(app)["data"] if trace["name"] == "path"]
    drawn = np.stack([unpacked(path[axis]) for axis in "xy"], axis=1)
    np.testing.assert_allclose(drawn[[0, -1]], knots[[0, -1]], atol=0.01)
    assert any("Along your path f goes from" in m.value for m in app.markdown)
    again = open_page("slope", **link(app))
    assert link(again) == link(app)
    assert figure(again)["data"] == figure(app)["data"]
    app.toggle(key="byhand").set_value(False)
    rerun(app)
    assert not any("your path" in m.value for m in app.markdown)


def test_a_distance_that_is_guessed_is_seen_to_both_sides():
    drawn = figure(open_page("slope", view="taylor", ask="1", reach="1.4"))["data"]
    lines = [unpacked(trace["x"]).tolist() for trace in drawn if trace["name"] == "your guess"]
    assert lines == [[pytest.approx(-1.4)] * 2, [pytest.approx(1.4)] * 2]
