"""The Regularization page: every view with every registry key draws what was computed, and says what cannot be."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.regularization.methods_view import STRENGTH
from landscape.dashboard.regularization.penalised import STRENGTHS, Loss, Problem, Pull, shrinkage
from landscape.dashboard.regularization.penalty_controls import COMPARISONS, telling_strength
from landscape.figures.kit.animated import unpacked
from landscape.figures.regularization.selection import BEST, SIMPLEST
from landscape.knob import knobs
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import contend, decays
from landscape.regularization.early_stopping import early_stopping
from landscape.regularization.lars import lars_path
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import noisy_points, polynomial_fits
from landscape.regularization.selection import EXTRAS, design
from landscape.regularization.two_weights import TWO_WEIGHTS
from pages.regularization import PAGE
from tests.pages.test_pages import complaint, figure, link, open_page, rerun

VIEWS = {view.key: view for view in PAGE.views}


def page(**query: str) -> AppTest:
    return open_page("regularization", **query)


def trace(app: AppTest, name: str, axis: str = "x") -> dict:
    (found,) = [t for t in figure(app)["data"] if t["name"] == name and t.get("xaxis", "x") == axis]
    return found


def numbers(found: dict) -> np.ndarray:
    return np.stack([unpacked(found["x"]), unpacked(found["y"])], axis=1).astype(float)


def text(app: AppTest) -> str:
    return " ".join(m.value for m in app.markdown)


def meta(app: AppTest) -> dict:
    return figure(app)["layout"]["meta"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_asks_its_question(view: str) -> None:
    app = page(view=view)
    assert app.title[0].value == VIEWS[view].question
    assert complaint(app) == ""
    assert link(app) == ({} if view == "weights" else {"view": view})
    shown = meta(app)
    assert len(shown["times"]) == len(shown.get("labels", shown["times"])) == len(shown["captions"])
    # Marks that ride at the ends of trails are in no frame.
    assert len(figure(app)["frames"]) in ({0} if view == "methods" else {len(shown["times"])})
    assert np.all(np.diff(shown["times"]) > 0)


# Two weights.


@pytest.mark.parametrize("loss", TWO_WEIGHTS)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_loss_with_every_penalty(loss: str, penalty: str) -> None:
    app = page(loss=loss, penalty=penalty)
    assert complaint(app) == ""
    w = numbers(trace(app, "minimum as λ grows"))
    strengths = np.array(meta(app)["times"])
    smooth = TWO_WEIGHTS[loss].loss()
    for k in (0, 20, 50):
        slope = (smooth + PENALTIES[penalty](strengths[k])).gradient(w[k])
        assert np.linalg.norm(slope) < 1e-6


def test_the_page_says_where_a_weight_becomes_exactly_zero() -> None:
    app = page()
    smooth = TWO_WEIGHTS["correlated"].loss()
    corners = lars_path(smooth.X, smooth.y, intercept=False).strengths
    # The lasso's corners from the top: w1 joins, then w2.
    for name, corner in zip(("w₁", "w₂"), corners, strict=False):
        (line,) = [m.value for m in app.markdown if m.value.startswith(f"- {name} becomes **exactly 0 at λ = ")]
        said = float(line.split("λ = ")[1].split("**")[0])
        assert said == pytest.approx(corner, abs=2e-3)
    captions, times = meta(app)["captions"], np.array(meta(app)["times"])
    zero = np.array(["w₂ is exactly 0" in caption for caption in captions])
    assert np.array_equal(zero, times >= corners[1])


def test_ridge_says_that_none_does() -> None:
    assert "No weight becomes exactly 0" in text(page(penalty="l2"))


@pytest.mark.parametrize("correlation", ["1", "-1"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_two_identical_columns(correlation: str, penalty: str) -> None:
    app = page(penalty=penalty, **{"loss.correlated.correlation": correlation})
    assert complaint(app) == ""
    assert "condition number is infinite" in text(app)


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("loss", [key for key, problem in TWO_WEIGHTS.items() if problem.knobs])
def test_every_knob_of_a_loss_at_both_ends(loss: str, end: str) -> None:
    extremes = {f"loss.{loss}.{name}": f"{getattr(knob, end):.12g}" for name, knob in TWO_WEIGHTS[loss].knobs.items()}
    for view in ("weights", "methods", "stopping"):
        app = page(view=view, loss=loss, **extremes) if view != "stopping" else page(view=view, on=loss, **extremes)
        assert complaint(app) == ""


def test_a_loss_that_is_least_at_zero_has_an_answer() -> None:
    settings = {"loss.correlated.w1": "0", "loss.correlated.w2": "0", "loss.correlated.noise": "0"}
    for view in ("weights", "methods"):
        assert complaint(page(view=view, **settings)) == ""
    assert complaint(page(view="stopping", **settings)) == ""


# Methods.


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_is_drawn_as_computed(key: str) -> None:
    app = page(view="methods", methods=key, strength="1.3", x="-0.5", y="1.5", steps="30", rate="0.5")
    smooth = TWO_WEIGHTS["correlated"].loss()
    pull = PENALTIES["l1"](1.3)
    if not OPTIMIZERS[key].applies_to(smooth + pull):
        assert f"{OPTIMIZERS[key].title} needs" in text(app)
        return
    rate = 0.5 / smooth.curvature
    ran = contend(smooth, pull, (key,), np.array([-0.5, 1.5]), 30, rate, smooth.curvature)
    (drawn,) = [t for t in figure(app)["data"] if t["name"].startswith(OPTIMIZERS[key].title) and t["xaxis"] == "x"]
    assert np.allclose(numbers(drawn), ran.runs[key].x, rtol=1e-6, atol=1e-12)


def test_the_soft_threshold_reaches_zero_and_the_subgradient_chatters() -> None:
    app = page(view="methods")
    ista, subgradient = (
        numbers(trace(app, OPTIMIZERS[k].title, "x2")) for k in ("proximal_gradient", "gradient_descent")
    )
    assert np.all(ista[10:, 1] < 1e-17)
    assert np.all(subgradient[:, 1] > 1e-4)
    assert "at exactly 0 from step" in text(app)
    assert "does not rest at 0" in text(app)


@pytest.mark.parametrize("key", COMPARISONS)
def test_presets(key: str) -> None:
    app = page(view="methods", loss="correlated", x="1", y="1", strength="0.1")
    app.button(key=f"preset.{key}").click()
    rerun(app)
    settings = COMPARISONS[key][1]
    assert app.session_state["methods"] == settings["methods"]
    assert app.session_state["penalty"] == settings["penalty"]
    assert "x" not in link(app)
    copy = page(**link(app))
    assert figure(copy) == figure(app)


def test_own_decay_is_not_the_penalty() -> None:
    app = page(view="methods", penalty="l2", methods="adam,adamw", own="1", rate="0.05", steps="800", strength="0.8")
    assert decays("adamw")
    assert not decays("gradient_descent")
    words = text(app)
    assert "**Adam**, with its own decay" in words
    assert "**AdamW**, with its own decay" in words
    smooth = TWO_WEIGHTS["correlated"].loss()
    ran = contend(
        smooth,
        PENALTIES["l2"](0.8),
        ("adam", "adamw"),
        np.zeros(2),
        800,
        0.05 / smooth.curvature,
        smooth.curvature,
        True,
    )
    away = {key: np.linalg.norm(run.x[-1] - ran.minimum) for key, run in ran.runs.items()}
    assert away["adam"] < 1e-3 < 0.1 < away["adamw"]


def test_no_method_or_one_that_does_not_apply_is_a_sentence() -> None:
    app = page(view="methods")
    app.multiselect(key="methods").set_value([])
    rerun(app)
    assert "No method is chosen" in text(app)
    app = page(view="methods", penalty="group_lasso", methods="coordinate_descent,fista")
    assert "Coordinate descent needs a penalty that is a sum over coordinates" in text(app)
    assert complaint(app) == ""
    app = page(view="methods", penalty="group_lasso", methods="coordinate_descent")
    assert "No other method is chosen, so proximal gradient runs." in text(app)


def test_a_decay_out_of_reach_is_a_sentence() -> None:
    app = page(view="methods", penalty="l2", methods="adamw,fista", own="1", strength="10")
    assert "AdamW's weight decay goes up to 1. With λ = 10 it sits this out." in text(app)
    assert complaint(app) == ""


def test_a_run_away_to_infinity_is_drawn() -> None:
    app = page(view="methods", methods="gradient_descent,momentum", rate="3", steps="2000")
    assert complaint(app) == ""
    for frame in figure(app)["frames"]:
        for part in frame["data"]:
            assert len(part["x"]) == len(part["y"])


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("loss", TWO_WEIGHTS)
def test_methods_begin_at_a_strength_that_their_slider_has_whatever_the_data(loss: str, penalty: str) -> None:
    """Of two columns that say nearly the same the first weight vanishes almost at once."""
    settings: list[tuple[tuple[str, float], ...]] = [()]
    if TWO_WEIGHTS[loss].true:
        near, far = (("correlation", -0.9999999), ("w2", -3.0)), (("correlation", 1.0), ("w2", 3.0))
        settings = [(*each, ("w1", -3.0), ("noise", noise)) for each in (near, far) for noise in (0.0, 3.0)]
    for each in settings:
        found = shrinkage(Problem(Loss(loss, each), Pull(penalty, ())))
        knob = STRENGTH.beginning(telling_strength(found))
        assert not np.isfinite(found.first_zero) or knob.default >= found.first_zero
        assert knob.default == max(telling_strength(found), 1e-4)


# Ten weights.


@pytest.mark.parametrize("extra", EXTRAS)
def test_awkward_tables(extra: str) -> None:
    app = page(view="table", extra=extra)
    assert complaint(app) == ""
    assert "at its best λ" in text(app)


@pytest.mark.parametrize("extra", EXTRAS)
def test_fewer_patients_than_variables(extra: str) -> None:
    app = page(view="table", extra=extra, rows="10", folds="2", ratio="0.05")
    assert complaint(app) == ""
    assert not app.error


def test_the_paths_are_the_lasso_and_the_chosen_strengths_are_marked() -> None:
    app = page(view="table")
    X, y, names = design("none", 442)
    for name in names:
        drawn = numbers(trace(app, name))
        exact = lars_path(X, y).at(drawn[:, 0]).coefficients[:, names.index(name)]
        assert np.allclose(drawn[:, 1], exact, atol=1e-4)
    best, simpler = (numbers(trace(app, name))[0, 0] for name in (BEST, SIMPLEST))
    assert best < simpler
    assert f"λ = {best:.3g}" in text(app)
    at = int(np.argmin(np.abs(np.array(meta(app)["times"]) / simpler - 1)))
    assert "The lasso keeps bmi, bp, hdl, ltg." in meta(app)["captions"][at]


def test_the_table_shows_who_survives() -> None:
    words = text(page(view="table"))
    (row,) = [line for line in words.splitlines() if line.startswith("| age |")]
    # Age is dropped by the lasso at both strengths and kept by ridge at both.
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[-2:] == ["-", "-"]
    assert "-" not in cells[2:4]


@pytest.mark.parametrize("show", ["0", "1", "2"])
def test_every_choice_of_penalties(show: str) -> None:
    app = page(view="table", show=show)
    panels = [key for key in figure(app)["layout"] if key.startswith("xaxis")]
    assert len(panels) == 3
    assert ("show" in link(app)) == (show != "2")


# Over-fitting.


def test_the_fitted_curve_and_errors_are_the_polynomials() -> None:
    app = page(view="fit", degree="9", seed="4")
    rng = np.random.default_rng(4)
    train, validation = noisy_points(18, 0.3, rng), noisy_points(200, 0.3, rng)
    fits = polynomial_fits(train, validation, np.arange(1, 21), STRENGTHS)
    spec = figure(app)
    (moving,) = [i for i, t in enumerate(spec["data"]) if t["name"] == "fit"]
    for k in (0, 30, 73):
        frame = spec["frames"][k]
        update = frame["data"][frame["traces"].index(moving)]
        assert np.allclose(update["y"], fits.curve(np.array(update["x"]))[8, k], rtol=1e-3, atol=1e-3)
    drawn = numbers(trace(app, "validation error", "x2"))
    assert np.allclose(drawn[:, 1], np.maximum(fits.validation[8], 1e-4), rtol=1e-5)
    assert meta(app)["times"][0] == 0.0
    assert meta(app)["labels"][0] == "λ = 0"


@pytest.mark.parametrize("degree", ["1", "20"])
def test_degrees_at_both_ends_and_few_points(degree: str) -> None:
    assert complaint(page(view="fit", degree=degree, points="2", noise="0")) == ""


def test_degree_slides_too() -> None:
    app = page(view="fit", slide="degree", held="0")
    assert meta(app)["times"] == list(range(1, 21))
    assert meta(app)["captions"][0].startswith("With degree 1 and λ = 0 ")
    assert page(view="fit", slide="degree", held="10").session_state["held"] == 10


# Early stopping.


def test_steps_and_strengths_are_those_of_early_stopping() -> None:
    app = page(view="stopping", decay="0.3", eta="0.4")
    smooth = TWO_WEIGHTS["correlated"].loss()
    steps = np.array(meta(app)["times"])
    drawn = numbers(trace(app, "nearest λ", "x2"))
    lr = 0.4 / (smooth.curvature + 0.3)
    assert np.array_equal(drawn[:, 0], steps)
    assert np.allclose(drawn[:, 1], early_stopping(smooth.X, smooth.y, lr, steps, False).strengths, rtol=1e-5)
    assert f"η = {lr:.3g}" in text(app)


@pytest.mark.parametrize("on", ["correlated", "cholesterol", "ten"])
def test_every_loss_for_early_stopping(on: str) -> None:
    for decay, eta in (("0.001", "0.01"), ("10", "1.95")):
        app = page(view="stopping", on=on, decay=decay, eta=eta)
        assert complaint(app) == ""


# The address.


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"view": "nowhere"}, "view is 'nowhere', which is not known. weights is used instead"),
        ({"penalty": "l3"}, "penalty is 'l3', which is not known. l1 is used instead"),
        ({"loss": "gain"}, "loss is 'gain', which is not known"),
        ({"at": "-1"}, "at is −1.0; allowed is 0 to 3.06753. "),
        ({"at": "inf"}, "at is inf; allowed is 0"),
        ({"loss.correlated.correlation": "1.1"}, "allowed is −1 to 1. 0.5 is used instead"),
        ({"view": "methods", "strength": "-1"}, "strength is −1.0; allowed is 0, or 0.0001 to 100"),
        ({"view": "methods", "strength": "inf"}, "strength is inf; allowed is 0, or"),
        ({"view": "methods", "methods": "magic"}, "names none that is known"),
        ({"view": "table", "rows": "3"}, "rows is 3.0; allowed is 10 to 442"),
        ({"view": "table", "extra": "everything"}, "extra is 'everything', which is not known"),
        ({"view": "fit", "degree": "21"}, "degree is 21.0; allowed is 1 to 20"),
        ({"view": "fit", "slide": "down"}, "slide is 'down', which is not known"),
        ({"view": "stopping", "eta": "2"}, "eta is 2.0; allowed is 0.01 to 1.95"),
        ({"old": "1"}, "'old' is not known here"),
    ],
)
def test_a_bad_link_is_named_in_one_sentence_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = page(**query)
    assert sentence in complaint(app)
    assert meta(app)["times"]
    assert complaint(page(**link(app))) == ""


@pytest.mark.parametrize(
    "query",
    [
        {"penalty": "elastic_net", "penalty.elastic_net.ratio": "0.25", "loss": "cholesterol"},
        {"view": "methods", "methods": "fista,adam", "rate": "0.5", "x": "1.25", "y": "-0.5", "strength": "2"},
        {"view": "table", "extra": "copy", "ratio": "0.8", "rows": "200"},
        {"view": "fit", "degree": "17", "points": "30", "noise": "0.1", "seed": "3"},
        {"view": "stopping", "on": "ten", "decay": "0.1"},
    ],
)
def test_the_url_restores_the_figure(query: dict[str, str]) -> None:
    first = page(**query)
    assert link(first) == query
    assert figure(page(**link(first))) == figure(first)


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("key", PENALTIES)
def test_every_knob_of_a_penalty_at_both_ends(key: str, end: str) -> None:
    extremes = {
        f"penalty.{key}.{name}": f"{getattr(knob, end):.12g}"
        for name, knob in knobs(PENALTIES[key]).items()
        if name != "strength"
    }
    for view in ("weights", "methods"):
        assert complaint(page(view=view, penalty=key, **extremes)) == ""


def test_a_view_is_left_with_its_play_head() -> None:
    app = page(at="1.5")
    assert link(app) == {"at": "1.5"}
    app.segmented_control(key="view").set_value("fit")
    rerun(app)
    assert link(app) == {"view": "fit"}
