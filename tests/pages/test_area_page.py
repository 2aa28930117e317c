"""The Area page: every view, what a bad link is told, and what a link restores."""

import numpy as np
import pytest

from tests.claims.hunt import Hand, without_streamlit
from tests.claims.states import VIEWS
from tests.pages.test_own_formula import trouble, type_in
from tests.pages.test_pages import complaint, figure, link, open_page


@pytest.mark.parametrize("view", ["sum", "points", "dimensions", "expectation", "batch", "ball"])
def test_every_view_opens_and_says_something(view: str) -> None:
    app = open_page("area", view=view)
    assert complaint(app) == ""
    assert app.title[0].value.endswith("?")
    assert app.markdown[0].value.startswith("- ")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"rule": "guess"}, "rule is 'guess', which is not known. left is used instead"),
        ({"a": "-99"}, "a is −99.0; allowed is −6.5 to 6.5. 0 is used instead"),
        ({"b": "inf"}, "b is inf; allowed is −6.5 to 6.5"),
        ({"view": "expectation", "pwidth": "0"}, "pwidth is 0.0; allowed is 0.3 to 2.5"),
        ({"view": "expectation", "of": "luck"}, "of is 'luck', which is not known. ratio is used instead"),
        ({"view": "dimensions", "d": "11"}, "d is 11.0; allowed is 1 to 10. 5 is used instead"),
        ({"view": "batch", "at": "1000"}, "at is 1000.0; allowed is 1 to 442. 10 is used instead"),
        ({"view": "batch", "taken": "13"}, "taken is 13.0; allowed is 0 to 12"),
        ({"view": "ball", "rate": "0"}, "rate is 0.0; allowed is 0.02 to 1"),
        ({"view": "ball", "batch": "0"}, "batch is 0.0; allowed is 1 to 64"),
    ],
)
def test_a_bad_link_is_named_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = open_page("area", **query)
    assert sentence in complaint(app)
    assert figure(app)["data"]


@pytest.mark.parametrize(("low", "high"), [(0.001, 0.002), (0, 0.001), (-1000, -999.998), (999, 1000), (-1000, 1000)])
def test_an_area_begins_inside_whatever_is_drawn(low: float, high: float) -> None:
    own = {"curve": "own", "formula": "x", "xlow": f"{low}", "xhigh": f"{high}"}
    with without_streamlit():
        terms = VIEWS["area", "sum"].controls(Hand("area", np.random.default_rng(0), own))
    at = low + (high - low) * np.array([0.25, 0.9])
    np.testing.assert_allclose([terms.a, terms.b], at, rtol=0, atol=0.01 * (high - low))


@pytest.mark.parametrize("b", ["1", "0.5"])
def test_an_area_that_ends_before_it_begins_is_a_sentence(b: str) -> None:
    app = open_page("area", a="1", b=b)
    assert f"The area runs from a = 1 to b = {b}. Move b to the right of a." in app.info[0].value


@pytest.mark.parametrize("view", ["sum", "points"])
def test_where_there_is_nothing_to_show_the_last_picture_stays(view: str) -> None:
    app = open_page("area", view=view)
    before, said = figure(app), app.markdown[0].value
    controls = [each.label for each in (*app.slider, *app.selectbox)]
    app.slider(key="a").set_value(5.0).run()
    assert not app.exception
    assert "Move b to the right of a." in app.info[0].value
    assert figure(app)["data"] == before["data"]
    assert app.markdown[0].value == said
    # No control is lost.
    assert [each.label for each in (*app.slider, *app.selectbox)] == controls
    app.slider(key="b").set_value(6.0).run()
    assert not app.info
    assert app.markdown[0].value != said


@pytest.mark.parametrize(
    "query",
    [
        {"curve": "root", "a": "0.5", "b": "2", "rule": "simpson", "at": "8"},
        {"view": "points", "curve": "wave", "a": "0", "b": "10", "seed": "4"},
        {"view": "expectation", "p": "humps", "of": "cross", "pmean": "1", "qwidth": "2", "at": "1"},
        {"view": "dimensions", "d": "3", "seed": "7", "at": "64"},
        {"view": "batch", "data": "irises", "taken": "3", "replacement": "1", "seed": "2", "at": "25"},
        {"view": "ball", "rate": "0.4", "batch": "8", "decays": "1", "seed": "3"},
    ],
)
def test_the_url_restores_the_figure(query: dict[str, str]) -> None:
    first = open_page("area", **query)
    assert link(first) == query
    assert figure(open_page("area", **link(first))) == figure(first)


def test_a_rate_without_a_ball_is_said_and_drawn() -> None:
    app = open_page("area", view="ball", rate="0.8")
    assert "is not below 2/λmax" in app.markdown[0].value
    assert figure(app)["frames"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"formula": "x^2 + 1", "a": "0", "b": "1"}, "The area from 0 to 1 is **1.33**"),
        ({"formula": "a x", "curve.own.a": "2", "a": "0", "b": "1"}, "The area from 0 to 1 is **1**"),
        ({"formula": "1/x", "a": "0", "b": "1"}, "No area was found from 0 to 1. Near x = 0 f"),
        ({"formula": "1/(x - 0.3)", "a": "-1", "b": "1"}, "Near x = 0.3 f has no value"),
        ({"formula": "sqrt(x)", "a": "-1", "b": "1"}, "No area was found from −1 to 1"),
        ({"formula": "1/sqrt(x)", "a": "0", "b": "1", "rule": "midpoint"}, "The area from 0 to 1 is **2**"),
    ],
)
def test_a_typed_formula_is_summed_or_said_to_have_no_area(query: dict[str, str], sentence: str) -> None:
    app = open_page("area", curve="own", **query)
    assert complaint(app) == ""
    assert any(sentence in m.value for m in app.markdown)
    assert {"curve": "own", **query} == link(app)
    assert figure(open_page("area", **link(app)))["data"] == figure(app)["data"]


def test_a_bad_formula_leaves_the_last_area() -> None:
    app = type_in(open_page("area", curve="own", formula="x^2"), "x^2 +")
    assert "Something is missing" in trouble(app)
    assert link(app)["formula"] == "x^2"
    assert figure(app)["data"]
