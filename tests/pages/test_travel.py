"""What is chosen on one page is there on the next that can have it, unless its link says otherwise."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import ROOT, complaint, link, rerun

SHORT = {"steps": "20", "tune": "0"}
ELSEWHERE = {"surface": "quadratic", "x": "1.5", "y": "-2"}


def begin(page: str, **query: str) -> AppTest:
    """The app at a link to one of its pages."""
    return to(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), page, **query)


def to(app: AppTest, page: str, **query: str) -> AppTest:
    """Another page, from the menu or by a link."""
    app.switch_page(f"pages/{page}.py")
    app.query_params.clear()
    app.query_params.update(query)
    return rerun(app)


def choose(app: AppTest, surface: str) -> None:
    """What the picker does, which a test without a browser cannot press."""
    app.session_state["surface"] = surface
    for name in ("x", "y"):
        del app.session_state[name]


@pytest.mark.parametrize("page", ["curvature", "basins"])
def test_landscape_and_start_travel_and_are_in_the_link(page: str) -> None:
    app = begin("descent", **SHORT, **ELSEWHERE, **{"surface.quadratic.kappa": "5"})
    app = to(app, page, size="32") if page == "basins" else to(app, page)
    assert app.session_state["surface"] == "quadratic"
    assert (app.session_state["x"], app.session_state["y"]) == (1.5, -2.0)
    assert {"x": "1.5", "y": "-2", "surface.quadratic.kappa": "5"}.items() <= link(app).items()
    assert complaint(app) == ""


def test_what_nobody_has_chosen_is_each_pages_own() -> None:
    app = to(begin("descent", **SHORT), "basins", size="32")
    assert app.session_state["surface"] == "himmelblau"
    assert app.session_state["methods"] == ["gradient_descent", "momentum", "adam", "newton"]


def test_a_start_alone_takes_its_landscape_along_and_there_and_back_it_is_the_same() -> None:
    app = to(begin("descent", x="0.5", y="1", **SHORT), "basins", size="32")
    assert (app.session_state["surface"], app.session_state["x"]) == ("rosenbrock", 0.5)
    app.session_state["x"] = 0.25
    app = to(rerun(app), "descent", steps="20")
    assert (app.session_state["surface"], app.session_state["x"], app.session_state["y"]) == ("rosenbrock", 0.25, 1.0)


def test_a_link_wins_and_what_belongs_to_another_landscape_stays_behind() -> None:
    app = to(begin("descent", **SHORT, **ELSEWHERE), "basins", surface="booth", size="32")
    assert app.session_state["surface"] == "booth"
    assert "x" not in link(app)


def test_methods_travel_one_alone_where_there_is_room_for_one() -> None:
    app = to(begin("descent", methods="adam,bfgs", **SHORT), "basins", size="32")
    assert app.session_state["methods"] == ["adam", "bfgs"]
    assert link(app) == {"methods": "adam,bfgs", "tune": "0", "size": "32"}
    app = to(app, "curvature")
    # Adam has no model.
    assert app.session_state["method"] == "bfgs"
    app.session_state["view"] = "order"
    assert rerun(app).session_state["methods"] == ["adam", "bfgs"]
    app = to(app, "regularization", view="methods")
    assert app.session_state["methods"] == ["proximal_gradient", "gradient_descent"]


def test_a_trainings_method_goes_along_without_its_rate_and_comes_back() -> None:
    training = {"method": "bfgs", "second": "adam", "hidden": "2", "method.adam.lr": "0.3", **SHORT}
    app = to(begin("backpropagation", **training), "curvature")
    assert app.session_state["method"] == "bfgs"
    app = to(app, "descent", steps="20")
    assert link(app) == {"methods": "bfgs,adam", "steps": "20"}
    app.session_state["methods"] = ["momentum", "bfgs"]
    app = to(rerun(app), "backpropagation", hidden="2", **SHORT)
    assert (app.session_state["method"], app.session_state["second"]) == ("momentum", "")
    # Passing by, it takes nothing from the others.
    app = to(app, "descent", steps="20")
    assert app.session_state["methods"] == ["momentum", "bfgs"]
    app.session_state["methods"] = ["adam"]
    app = to(rerun(app), "backpropagation", hidden="2", **SHORT)
    app.session_state["method"] = "gradient_descent"
    assert to(rerun(app), "descent", steps="20").session_state["methods"] == ["gradient_descent"]


def test_a_training_that_nobody_chose_a_method_for_brings_none() -> None:
    app = to(begin("backpropagation", hidden="2", **SHORT), "curvature")
    assert app.session_state["method"] == "newton"


def test_another_landscape_forgets_the_start_that_came_along() -> None:
    app = to(begin("descent", **SHORT, **ELSEWHERE), "curvature")
    choose(app, "booth")
    app = rerun(app)
    assert "x" not in link(app)
    choose(app, "quadratic")
    assert "x" not in link(rerun(app))


def test_a_formula_of_ones_own_travels_between_curves_but_not_to_a_map() -> None:
    app = to(begin("slope", curve="own", formula="x^2 - x"), "area")
    assert link(app) == {"curve": "own", "formula": "x^2 - x"}
    app = to(app, "descent", **SHORT)
    assert link(app) == SHORT


def test_a_penalty_travels_where_it_is_known() -> None:
    app = to(begin("regularization", penalty="l2"), "backpropagation", hidden="3", **SHORT)
    assert app.session_state["penalty"] == "l2"
    app.session_state["penalty"] = ""
    assert to(rerun(app), "regularization").session_state["penalty"] == "l1"
