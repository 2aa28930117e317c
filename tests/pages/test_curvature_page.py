"""The Curvature page: every view, landscape and method draws; bad links are named; the numbers shown are the core's."""

from typing import Any

import numpy as np
import pytest

from landscape.dashboard.curvature import order_view
from landscape.dashboard.curvature.model_view import MODELLED
from landscape.dashboard.kit.address import write_number
from landscape.dashboard.kit.page import latex_matrix
from landscape.figures.kit.animated import unpacked
from landscape.knob import knobs
from landscape.landscapes import LANDSCAPES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.quadratics import best_heavy_ball
from landscape.theory.study import study, telling
from tests.claims.states import terms
from tests.pages.test_pages import choose_landscape, complaint, figure, link, open_page, rerun

VIEWS = ("model", "stability", "order")


def words(app: Any) -> str:
    return " ".join(m.value for m in app.markdown)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("key", LANDSCAPES)
def test_every_landscape_in_every_view(view: str, key: str) -> None:
    app = open_page("curvature", view=view, surface=key, steps="12")
    assert complaint(app) == ""
    charts = app.get("plotly_chart")
    # Where theory has nothing to say a sentence stands in its place.
    assert len(charts) == 1 or app.info


@pytest.mark.parametrize("key", MODELLED)
def test_every_method_is_drawn_as_computed(key: str) -> None:
    app = open_page("curvature", surface="himmelblau", method=key, steps="20")
    surface = SURFACES["himmelblau"]
    expected = study(surface, OPTIMIZERS[key](), np.array(surface.start), 20, 1e-10)
    (path,) = [t for t in figure(app)["data"] if t["name"] == OPTIMIZERS[key].title]
    drawn = np.stack([unpacked(path["x"]), unpacked(path["y"])], axis=1)
    assert np.allclose(drawn, expected.run.x[: expected.steps + 1], rtol=1e-6)
    assert len(figure(app)["frames"]) == expected.steps + 1


def test_newton_on_rosenbrock_is_there_in_seven_steps_from_the_standard_start() -> None:
    app = open_page("curvature")
    assert figure(app)["layout"]["meta"]["times"][-1] <= 7
    assert "Newton converged at step" in words(app)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"surface": "himmelblau", "x": "3", "y": "2"}, "The slope at the start is already zero, on a bowl"),
        ({"surface": "saddle", "x": "0", "y": "0"}, "already zero, on a saddle"),
        ({"surface": "monkey_saddle", "x": "0", "y": "0"}, "already zero, on a plateau"),
        (
            {"surface": "saddle", "method": "gradient_descent", "method.gradient_descent.lr": "1", "steps": "400"},
            "diverged",
        ),
        ({"surface": "saddle", "method": "trust_region", "steps": "60"}, "has fallen to"),
    ],
    ids=["zero gradient", "on a saddle", "plateau", "diverges", "unbounded below"],
)
def test_what_is_special_gets_a_sentence(query: dict[str, str], sentence: str) -> None:
    assert sentence in words(open_page("curvature", **query))


def test_a_start_off_the_map_and_a_method_that_does_not_apply() -> None:
    app = open_page("curvature", x="900", y="-900")
    assert "off the map" in app.info[0].value
    app = open_page("curvature", surface="ackley", method="gauss_newton")
    assert "Gauss-Newton needs" in words(app)
    assert app.selectbox(key="method").value == "newton"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"view": "4d"}, "view is '4d', which is not known. model is used instead"),
        ({"method": "adam"}, "method is 'adam', which is not known. newton is used instead"),
        ({"view": "stability", "method.momentum.lr": "many"}, "method.momentum.lr is 'many', which is not a number"),
        ({"view": "order", "methods": "magic"}, "names none that is known"),
        ({"at": "soon"}, "at is 'soon', which is not a number"),
        ({"tune": "1"}, "'tune' is not known here"),
    ],
)
def test_a_bad_link_is_named_in_one_sentence_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = open_page("curvature", **query)
    assert sentence in complaint(app)
    assert figure(app)["frames"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_url_restores_the_figure(view: str) -> None:
    first = open_page("curvature", view=view, x="-0.5", y="0.75", steps="20", at="3", speed="2")
    copy = open_page("curvature", **link(first))
    assert figure(copy) == figure(first)
    assert link(copy) == link(first)


def test_the_play_head_begins_at_the_step_that_tells_most_and_can_rest_at_the_end() -> None:
    app = open_page("curvature")
    surface = SURFACES["rosenbrock"]
    seen = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 30, 1e-10)
    assert app.session_state["begin"]["at"] == telling(seen, surface.domain) > 0
    app.session_state["at"] = None
    rerun(app)
    assert link(app) == {"at": "end"}
    assert open_page("curvature", at="end").session_state["begin"]["at"] is None


def test_stability_is_predicted_and_then_measured() -> None:
    app = open_page(
        "curvature",
        view="stability",
        **{"method.momentum.lr": "0.1", "method.momentum.momentum": "0.6", "steps": "300"},
    )
    captions = figure(app)["layout"]["meta"]["captions"]
    assert captions[0].startswith(
        "Predicted: stable below a rate of 2(1+μ)/λmax = 0.32. Here 0.7746 of the error is left after a step: ripples."
    )
    assert "Measured" not in captions[0]
    measured = float(captions[-1].split("Measured: ")[1].rstrip("."))
    assert measured == pytest.approx(0.6**0.5, rel=0.01)


def test_the_buttons_set_the_best_and_a_click_moves_the_run() -> None:
    app = open_page("curvature", view="stability")
    next(button for button in app.button if button.label == "Best heavy ball").click()
    rerun(app)
    best = best_heavy_ball(np.array([1.0, 10.0]))
    assert app.session_state["method.momentum.lr"] == pytest.approx(best.lr, rel=1e-3)
    assert app.session_state["method.momentum.momentum"] == pytest.approx(best.momentum, rel=1e-3)
    (dot,) = [t for t in figure(app)["data"] if t["name"] == "this run"]
    assert dot["x"] == [app.session_state["method.momentum.lr"]]
    assert dot["y"] == [app.session_state["method.momentum.momentum"]]


def test_a_landscape_without_a_bowl_predicts_nothing_and_says_so() -> None:
    app = open_page("curvature", view="stability", surface="saddle")
    assert "theory predicts no rate" in app.info[0].value


def test_the_order_of_newton_is_two_and_of_gradient_descent_one() -> None:
    app = open_page("curvature", view="order")
    rows = {line.split("|")[1].strip(): line.split("|") for line in words(app).splitlines() if line.startswith("|")}
    assert float(rows["Newton"][2]) == pytest.approx(2, abs=0.15)
    assert float(rows["Gradient descent"][2]) == pytest.approx(1, abs=0.05)


def test_another_view_brings_its_own_landscape_unless_one_was_chosen() -> None:
    app = open_page("curvature")
    app.segmented_control(key="view").set_value("stability")
    rerun(app)
    assert app.session_state["surface"] == "quadratic"
    assert link(app) == {"view": "stability"}
    choose_landscape(app, "booth")
    app.segmented_control(key="view").set_value("order")
    rerun(app)
    assert app.session_state["surface"] == "booth"


def test_stationary_points_are_marked_and_counted() -> None:
    app = open_page("curvature", surface="himmelblau")
    assert "**4** minima, **4** saddles and **1** maximum" in words(app)
    names = {t["name"] for t in figure(app)["data"]}
    # All four minima are the lowest.
    assert {"global minimum", "saddle", "maximum"} <= names
    assert "**6** minima" in words(open_page("curvature", surface="six_hump_camel"))


def test_the_model_below_the_stage_is_that_of_the_play_head() -> None:
    app = open_page("curvature", at="2")
    surface = SURFACES["rosenbrock"]
    models = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 30, 1e-10).models
    assert any(s.value == "The model at step 2" for s in app.subheader)
    formulas = " ".join(each.value for each in app.latex)
    assert f"{models.value[2]:.4g}" in formulas
    assert f"m(0) - m(p) = {models.predicted[2]:.4g}" in formulas


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("key", MODELLED)
def test_every_knob_at_both_ends(key: str, end: str) -> None:
    extremes = {}
    for name, knob in knobs(OPTIMIZERS[key]).items():
        extremes[f"method.{key}.{name}"] = write_number(getattr(knob, end))
    app = open_page("curvature", method=key, steps="10", **extremes)
    assert complaint(app) == ""
    assert figure(app)["frames"]


def test_models_and_orders_are_those_of_steps_on_all_samples():
    """What is drawn at random has no model and no order of its own, so there is no mini-batch to choose."""
    link = {"surface": "relu_neuron", "surface.relu_neuron.batch_size": "8"}
    assert dict(terms("curvature", "model", link).place.settings)["batch_size"] == 0
    assert dict(terms("curvature", "order", link).conditions.place.settings)["batch_size"] == 0
    assert dict(terms("descent", "race", link).conditions.place.settings)["batch_size"] == 8


def test_where_no_run_closes_in_order_shows_the_runs_and_says_so() -> None:
    app = open_page("curvature", view="order", surface="bukin_n6")
    assert not app.info
    assert "No run closes in on a point" in words(app)
    titles = [OPTIMIZERS[key].title for key in order_view.METHODS if OPTIMIZERS[key].applies_to(SURFACES["bukin_n6"])]
    assert set(titles) <= {trace["name"] for trace in figure(app)["data"]}


@pytest.mark.parametrize(
    ("value", "formula"),
    [(-1.982e-05, r"-1.982 \cdot 10^{-5}"), (1e-05, "10^{-5}"), (-1e6, "-10^{6}"), (0.25, "0.25")],
)
def test_numbers_in_matrices_have_powers_of_ten(value: float, formula: str) -> None:
    assert formula in latex_matrix(np.array([[value, 1.0]]))
