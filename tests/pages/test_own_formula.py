"""A formula of one's own on the pages: it is drawn and kept in the link; a bad one leaves the last good picture."""

import ast

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit.descent_link import query
from landscape.dashboard.kit.runs import Method
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.terrain import RESOLUTION
from landscape.starters import STARTERS
from landscape.typed import own
from tests.pages.test_pages import complaint, drawn, figure, link, open_page, rerun

QUICK = {"surface": "own", "steps": "20", "methods": "gradient_descent,newton"}
VIEWS = [
    ("descent", {}),
    ("curvature", {"view": "model"}),
    ("curvature", {"view": "stability"}),
    ("curvature", {"view": "order"}),
    ("basins", {"view": "fates", "size": "64"}),
    ("basins", {"view": "sweep"}),
]


def type_in(app: AppTest, text: str) -> AppTest:
    app.text_input(key="typed.formula").set_value(text)
    return rerun(app)


def trouble(app: AppTest) -> str:
    return " ".join(e.value for e in app.error).replace("\\", "")


def heights(app: AppTest) -> np.ndarray:
    (ground,) = [t for t in figure(app)["data"] if t["name"] == "landscape"]
    return unpacked(ground["customdata"])


def test_what_is_typed_is_drawn_and_the_link_restores_it() -> None:
    app = type_in(open_page(**QUICK), "a x^2 + 2|y| + sin x y")
    app.slider(key="surface.own.a").set_value(3.0)
    rerun(app)
    surface = own("a x^2 + 2|y| + sin x y", ((-4.0, 4.0), (-4.0, 4.0)), {"a": 3.0})
    lattice = np.stack(np.meshgrid(*[np.linspace(-4, 4, RESOLUTION)] * 2), axis=-1)
    assert np.allclose(heights(app).reshape(lattice.shape[:2]), surface.value(lattice), rtol=1e-6)
    assert f"f(x, y) = {surface.latex()}" in app.latex[0].value
    assert any("sin x y is read as sin(x y)" in m.value.replace("\\", "") for m in app.markdown)
    wanted = {"formula": "a x^2 + 2|y| + sin x y", "surface.own.a": "3"}
    assert wanted.items() <= link(app).items()
    again = open_page(**link(app))
    assert link(again) == link(app)
    assert figure(again)["data"] == figure(app)["data"]


def test_a_bad_text_is_named_beside_the_box_and_the_last_good_picture_stays() -> None:
    app = type_in(open_page(**QUICK), "x^2 + 3y^2")
    before, data = link(app), figure(app)["data"]
    for text in ("", "x^2 +", "sinn(x)", "a b c d u v w", "<b>x</b>", "x^99"):
        type_in(app, text)
        assert trouble(app)
        assert len(app.error) == 1
        assert link(app) == before
        assert figure(app)["data"] == data
    type_in(app, "x^2 + y^2")
    assert trouble(app) == ""
    assert link(app)["formula"] == "x^2 + y^2"


def test_a_map_upside_down_is_named_and_the_last_good_one_stays() -> None:
    app = open_page(**QUICK, xlow="-1", xhigh="2")
    before = link(app)
    app.session_state["drawer.own"] = True
    app.session_state["xlow"] = 5.0
    rerun(app)
    assert "domain in x is 5 to 2; the first must be the smaller" in trouble(app)
    assert link(app) == before
    assert figure(app)["layout"]["xaxis"]["range"] == [-1, 2]


@pytest.mark.parametrize("key", STARTERS)
def test_every_starter_can_be_chosen(key: str) -> None:
    app = open_page(**QUICK)
    app.selectbox(key="own.gallery").set_value(key)
    rerun(app)
    starter = STARTERS[key]
    surface = own(starter.formula, starter.domain, dict(starter.values))
    assert app.text_input(key="typed.formula").value == starter.formula
    assert np.allclose(drawn(app, "gradient_descent")[0], surface.start, rtol=1e-6)
    assert np.allclose(figure(app)["layout"]["xaxis"]["range"], starter.domain[0])
    assert app.selectbox(key="own.gallery").value is None
    assert any(starter.note in m.value for m in app.markdown)
    stars = [t for t in figure(app)["data"] if t["name"] == "lowest on this map"]
    assert len(stars) == 1
    assert "global minimum" not in str(figure(app)["data"])


@pytest.mark.parametrize(("page", "view"), VIEWS)
@pytest.mark.parametrize("text", ["x^2 + a y^2 + sin(3x)", "x ln x + y^2"])
def test_every_view_shows_it(page: str, view: dict[str, str], text: str) -> None:
    app = open_page(page, surface="own", formula=text, steps="12", **view)
    assert complaint(app) == ""
    assert not app.error
    assert figure(app)["data"]


def test_a_bad_formula_in_a_link_is_named_and_an_example_is_shown() -> None:
    app = open_page(**QUICK, formula="[x](javascript:alert(1))")
    assert "In the link, the formula cannot be read" in complaint(app)
    assert "](" not in complaint(app)
    assert "formula" not in link(app)
    assert figure(app)["data"]


def test_a_start_that_nobody_chose_goes_with_the_formula() -> None:
    app = open_page(**QUICK)
    app = type_in(app, "x ln x + y^2")
    assert np.allclose(drawn(app, "newton")[0], own("x ln x + y^2", ((-4.0, 4.0), (-4.0, 4.0))).start, rtol=1e-6)
    app.text_input(key="typed.x").set_value("1.25")
    rerun(type_in(app, "x ln x + 2y^2"))
    assert drawn(app, "newton")[0][0] == 1.25


def test_the_script_of_a_race_holds_a_typed_text_as_a_literal() -> None:
    app = type_in(open_page(**QUICK), "x^2 + a y^2")
    app.session_state["drawer.Python that holds this race again"] = True
    code = rerun(app).code[0].value
    ast.parse(code)
    assert "from landscape import OPTIMIZERS, hold, own\n" in code
    assert "surface = own('x^2 + a y^2', ((-4.0, 4.0), (-4.0, 4.0)), {'a': 1.0})\n" in code


def test_a_click_on_a_map_of_fates_takes_the_formula_to_the_descent_page() -> None:
    surface = own("a x^2 + |y|", ((-2.0, 2.0), (-1.0, 3.0)), {"a": 2.5})
    asked = query(surface, [Method("gradient_descent", (("lr", 0.05),))], 0.5, 1.5, 30)
    assert asked["formula"] == "a x^2 + |y|"
    assert asked["surface.own.a"] == "2.5"
    app = open_page(**asked)
    assert complaint(app) == ""
    assert np.allclose(drawn(app, "gradient_descent")[0], [0.5, 1.5])
    assert np.allclose(figure(app)["layout"]["yaxis"]["range"], [-1, 3])
