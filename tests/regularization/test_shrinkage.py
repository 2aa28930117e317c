"""Minima under a growing penalty, drawn curves, contests of methods, and which variables survive."""

import re

import numpy as np
import pytest
from scipy.optimize import minimize

from landscape.numbers import short
from landscape.objective import Moved
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import contend, decays, equipped
from landscape.regularization.early_stopping import StoppingAndDecay, early_stopping, weight_decay
from landscape.regularization.lars import lars_path
from landscape.regularization.paths import regularization_path, ridge_path
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import OverFitting, noisy_points, polynomial_fits
from landscape.regularization.report import (
    on_contest,
    on_polynomials,
    on_selection,
    on_shrinkage,
    on_stopping,
)
from landscape.regularization.selection import COUNT, DECADES, EXTRAS, design, select, survivors
from landscape.regularization.shrinkage import LEFT, level_curves, shrink, strength_range
from landscape.regularization.two_weights import TWO_WEIGHTS
from tests.numerics import check_gradient, check_hessian

LOSS = TWO_WEIGHTS["correlated"].loss()
RATE = 1 / LOSS.curvature


@pytest.mark.parametrize("key", TWO_WEIGHTS)
def test_every_loss_of_two_weights(key):
    problem = TWO_WEIGHTS[key]
    loss = problem.loss()
    assert loss.dimension == 2
    assert problem.title
    assert problem.note
    assert problem.source
    for x in np.array([[0.3, -0.2], [1.0, 0.5]]):
        check_gradient(loss, x, np.random.default_rng(0))
        check_hessian(loss, x, np.random.default_rng(0))


@pytest.mark.parametrize("correlation", [-1.0, -0.3, 0.0, 0.9, 1.0])
def test_columns_have_the_correlation_asked_for(correlation):
    gram = TWO_WEIGHTS["correlated"].loss(correlation=correlation).hessian(np.zeros(2))
    np.testing.assert_allclose(gram, [[1, correlation], [correlation, 1]], atol=1e-14)


def test_without_noise_the_minimum_is_the_true_weights():
    loss = TWO_WEIGHTS["correlated"].loss(noise=0.0, w1=1.5, w2=-0.5)
    np.testing.assert_allclose(loss.gradient(np.array([1.5, -0.5])), 0.0, atol=1e-14)
    with pytest.raises(ValueError, match=r"^correlation is 1.5; allowed is -1 to 1$"):
        TWO_WEIGHTS["correlated"].loss(correlation=1.5)


@pytest.mark.parametrize("key", [key for key, problem in TWO_WEIGHTS.items() if problem.true])
def test_other_true_weights_move_the_whole_loss_along(key):
    problem, by = TWO_WEIGHTS[key], np.array([-1.25, 0.5])
    other = {name: problem.knobs[name].default + move for name, move in zip(problem.true, by, strict=True)}
    w = np.random.default_rng(0).normal(size=(20, 2))
    moved = Moved(problem.loss(), by)
    np.testing.assert_allclose(problem.loss(**other).value(w), moved.value(w), rtol=1e-12)
    np.testing.assert_allclose(problem.loss(**other).gradient(w), moved.gradient(w), atol=1e-12)


@pytest.mark.parametrize("loss_key", TWO_WEIGHTS)
@pytest.mark.parametrize("key", PENALTIES)
def test_every_minimum_is_one(loss_key, key):
    loss = TWO_WEIGHTS[loss_key].loss()
    rate = 1 / loss.curvature
    strengths = strength_range(loss, PENALTIES[key](), rate)
    assert strengths[0] == 0
    assert np.all(np.diff(strengths) > 0)
    found = shrink(loss, PENALTIES[key](), strengths, rate)
    assert found.slope.max() < 1e-12
    assert np.linalg.norm(found.w[-1]) <= LEFT * np.linalg.norm(found.w[0])
    # The constraint shrinks, and the loss pays for it.
    assert np.all(np.diff(found.size) <= 1e-12)
    assert np.all(np.diff(found.loss) >= -1e-12)


def test_weights_vanish_at_the_corners_of_the_lasso():
    exact = lars_path(LOSS.X, LOSS.y, intercept=False)
    strengths = strength_range(LOSS, PENALTIES["l1"](), RATE)
    found = shrink(LOSS, PENALTIES["l1"](), strengths, RATE)
    np.testing.assert_allclose(found.zero_from, exact.strengths[:2], rtol=1e-6)
    np.testing.assert_allclose(found.w, exact.at(strengths).coefficients, atol=1e-12)
    for key in ("l2", "huber"):
        none = shrink(LOSS, PENALTIES[key](), strength_range(LOSS, PENALTIES[key](), RATE), RATE)
        assert np.all(np.isinf(none.zero_from))


def test_a_weight_that_vanishes_below_the_weakest_penalty_does_so_where_its_line_meets_zero():
    # With columns of mean square 1 and correlation 1/2, w2 falls by 2/3 of the strength from 5.97e-6 on.
    loss = TWO_WEIGHTS["correlated"].loss(noise=2.0043, seed=54)
    penalty, rate = PENALTIES["l1"](), 1 / loss.curvature
    found = shrink(loss, penalty, strength_range(loss, penalty, rate), rate)
    w = np.linalg.solve(loss.X.T @ loss.X / 40, loss.X.T @ loss.y / 40)
    np.testing.assert_allclose(found.zero_from[1], w[1] / np.linalg.inv(loss.X.T @ loss.X / 40)[1].sum(), rtol=1e-6)
    assert found.zero_from[1] < found.strengths[1] / 100


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("loss_key", TWO_WEIGHTS)
def test_a_group_vanishes_where_its_pull_is_the_loss_s_slope_at_zero(loss_key, size):
    loss, penalty = TWO_WEIGHTS[loss_key].loss(), PENALTIES["group_lasso"](size=size)
    found = shrink(loss, penalty, strength_range(loss, penalty, 1 / loss.curvature), 1 / loss.curvature)
    slope = np.abs(loss.gradient(np.zeros(2)))
    last = np.hypot(*slope) / np.sqrt(2) if size == 2 else slope.max()
    np.testing.assert_allclose(found.zero_from.max(), last, rtol=1e-6)
    assert size == 1 or np.ptp(found.zero_from) <= 1e-6 * last


def test_ridge_adds_its_strength_to_every_curvature():
    strengths = strength_range(LOSS, PENALTIES["l2"](), RATE)
    found = shrink(LOSS, PENALTIES["l2"](), strengths, RATE)
    expected = np.linalg.eigvalsh(LOSS.hessian(np.zeros(2))) + strengths[:, None]
    np.testing.assert_allclose(found.ridge, expected, rtol=1e-12)
    np.testing.assert_allclose(found.eigenvalues, expected, rtol=1e-12)
    lasso = shrink(LOSS, PENALTIES["l1"](), strengths, RATE)
    np.testing.assert_allclose(lasso.eigenvalues, expected[:1] + 0 * expected, rtol=1e-12)
    half = shrink(LOSS, PENALTIES["elastic_net"](ratio=0.5), strengths, RATE)
    np.testing.assert_allclose(half.eigenvalues, expected[:1] + strengths[:, None] / 2, rtol=1e-12)


@pytest.mark.parametrize("key", PENALTIES)
def test_level_curves_lie_on_their_levels_and_are_cut_off_at_reach(key):
    penalty = PENALTIES[key](1.0)
    curve = level_curves(lambda x, _: penalty.value(x), np.zeros((2, 2)), np.array([0.5, 2.0]), 50.0, 24)
    assert curve.shape == (2, 25, 2)
    np.testing.assert_allclose(penalty.value(curve), np.array([[0.5], [2.0]]) + np.zeros(25), rtol=1e-6)
    np.testing.assert_allclose(curve[:, 0], curve[:, -1], atol=1e-6)
    far = level_curves(lambda x, _: penalty.value(x), np.zeros(2), np.array(1e9), 3.0, 8)
    np.testing.assert_allclose(np.linalg.norm(far, axis=-1), 3.0, rtol=1e-6)


# Contests.


def test_a_contest_names_zeros_and_what_stays_away():
    ran = contend(
        LOSS, PENALTIES["l1"](1.5), ("proximal_gradient", "gradient_descent"), np.array([0.0, 1.5]), 100, RATE, 1 / RATE
    )
    assert ran.watched == 1
    assert ran.minimum[1] == 0
    since = ran.zero_since("proximal_gradient")
    x = ran.runs["proximal_gradient"].x
    assert x[since - 1, 1] != 0
    assert np.all(x[since:, 1] == 0)
    assert ran.zero_since("gradient_descent") is None
    assert ran.excess("proximal_gradient")[-1] < 1e-14 < 1e-4 < ran.excess("gradient_descent")[-20:].min()
    lines = on_contest(ran)
    assert f"at exactly 0 from step {since} on" in lines[0].text
    assert "does not rest at 0" in lines[1].text
    late = np.abs(ran.runs["gradient_descent"].x[-20:, 1])
    assert lines[1].text.endswith(f"|w₂| is between {late.min():.2g} and {late.max():.2g}.")


def test_a_weight_that_comes_to_0_and_leaves_it_does_not_rest_there():
    """As it may in passing; here it is put there."""
    ran = contend(LOSS, PENALTIES["l1"](1.5), ("gradient_descent",), np.array([0.0, 1.5]), 100, RATE, 1 / RATE)
    run = ran.runs["gradient_descent"]
    run.x[-3, 1] = 0.0
    (told,) = on_contest(ran)
    assert told.numbers["least"] == 0
    assert told.text.endswith(f"|w₂| is between 0 and {np.abs(run.x[-20:, 1]).max():.2g}.")
    assert "never" not in told.text


def test_of_a_run_that_diverged_it_is_said_and_nothing_compared():
    """Neither of a subgradient that flies off nor of a decay that does, where the rate times it is beyond 2."""
    keys, start = ("gradient_descent", "adamw"), np.array([0.0, 1.5])
    ran = contend(LOSS, PENALTIES["l1"](1.0), keys, start, 400, 4 * RATE, 1 / RATE, own_decay=True)
    gone = {key: int(run.stop) for key, run in ran.runs.items() if run.status == "diverged"}
    assert set(gone) == set(keys)
    told = on_contest(ran)
    assert told[0].text.startswith("At the penalised minimum no weight is 0: nearest to it is w₂ = **")
    assert [each.text for each in told[1:]] == [
        f"**{OPTIMIZERS[key].title}** diverged at step {step}." for key, step in gone.items()
    ]


def test_own_decay_runs_on_the_loss_alone():
    keys = tuple(key for key in OPTIMIZERS if decays(key))
    assert {"adam", "adamw"} <= set(keys)
    ran = contend(LOSS, PENALTIES["l2"](0.5), (*keys, "fista"), np.ones(2), 400, 0.05, 1 / RATE, own_decay=True)
    assert ran.own == keys
    together = contend(LOSS, PENALTIES["l2"](0.5), ("adam",), np.ones(2), 400, 0.05, 1 / RATE)
    # Adam's own decay is L2 to the digit; AdamW's is not.
    np.testing.assert_allclose(ran.runs["adam"].x, together.runs["adam"].x, atol=1e-12)
    assert np.linalg.norm(ran.runs["adamw"].x[-1] - ran.minimum) > 0.1
    assert any("AdamW" in line and "own decay" in line for _, _, line in on_contest(ran))


@pytest.mark.parametrize("strength", [0.6, 1.0])
def test_adamw_heads_for_the_box_that_its_decay_allows(strength):
    # With a small rate: near the lowest point of the loss alone with each weight at most 1 / strength.
    adamw = equipped("adamw", 1e-3, strength)
    x = np.array([0.0, 0.5])
    state = adamw.init(x)
    for _ in range(20_000):
        x, state = adamw.step(LOSS, x, state)
    bound = 1 / strength
    expected = minimize(lambda w: float(LOSS.value(w)), [0.0, 0.0], bounds=[(-bound, bound)] * 2).x
    np.testing.assert_allclose(x, expected, atol=0.05)


def test_adamw_is_still_far_from_that_box_in_the_steps_that_the_page_takes():
    """So the page speaks of small rates and thousands of steps: here, ridge's answer is hardly further."""
    adamw = equipped("adamw", 0.1 * RATE, 0.6)
    x = np.array([-0.5, 2.5])
    state = adamw.init(x)
    for _ in range(400):
        x, state = adamw.step(LOSS, x, state)
    expected = minimize(lambda w: float(LOSS.value(w)), [0.0, 0.0], bounds=[(-1 / 0.6, 1 / 0.6)] * 2).x
    assert np.linalg.norm(x - expected) > 0.2


def test_equipment():
    assert equipped("newton", 0.3).lr == OPTIMIZERS["newton"]().lr
    assert equipped("adam", 1e9).lr == 10
    with pytest.raises(ValueError, match=r"^weight_decay is 9"):
        equipped("adamw", 0.1, 9.0)


# Selection.


def test_paths_share_strengths_and_are_the_core_s():
    chosen = select()
    assert len(chosen.strengths) == COUNT
    assert chosen.strengths[0] / chosen.strengths[-1] == pytest.approx(10**DECADES)
    X, y, _ = design("none", 442)
    for title, ratio in chosen.ratios.items():
        path = regularization_path(X, y, chosen.strengths, ratio)
        np.testing.assert_allclose(chosen.results[title].path.coefficients, path.coefficients, atol=1e-7)
    # Nothing is left of the lasso at the first strength.
    assert chosen.results["Lasso"].path.nonzero[0] == 0


def test_a_constant_column_gets_nothing_and_a_copy_is_shared_or_left():
    for result in select("constant").results.values():
        assert np.all(result.path.coefficients[:, -1] == 0)
    copy = select("copy")
    bmi = copy.names.index("bmi")
    net, lasso = list(copy.results.values())[1:]
    np.testing.assert_allclose(net.path.coefficients[:, bmi], net.path.coefficients[:, -1], atol=1e-6)
    assert np.all(lasso.path.coefficients[:, -1] == 0)


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_extra_has_names_and_an_answer(extra):
    X, _, names = design(extra, 12)
    assert X.shape == (12, len(names))
    chosen = select(extra, 12, folds=3)
    table = survivors(chosen)
    assert [row["variable"] for row in table] == list(names)
    assert len(on_selection(chosen)) == 4 + (extra == "copy")
    with pytest.raises(ValueError, match=re.escape("extra is 'all'; allowed are none")):
        design("all", 12)


# Words.


def shrunk(penalty, loss=LOSS):
    rate = 1 / loss.curvature
    return shrink(loss, penalty, strength_range(loss, penalty, rate), rate)


def test_ridge_is_compared_at_the_curvatures_of_the_last_minimum():
    """A logistic loss bends less far out: its own condition number there is another than at its minimum."""
    loss = TWO_WEIGHTS["nuclei"].loss()
    found = shrunk(PENALTIES["l1"](), loss)
    (told,) = [each for each in on_shrinkage(found) if each.kind == "shrinkage.curvature"]
    low, high = np.linalg.eigvalsh(loss.hessian(found.w[-1]))
    last = found.strengths[-1]
    assert told.numbers["ridge_condition"] == pytest.approx((high + last) / (low + last), rel=1e-9)
    first_low, first_high = np.linalg.eigvalsh(loss.hessian(found.w[0]))
    assert abs((first_high + last) / (first_low + last) / told.numbers["ridge_condition"] - 1) > 0.01
    assert f"At the last minimum ridge's λ = {last:.3g} would make it" in told.text


@pytest.mark.parametrize("loss_key", TWO_WEIGHTS)
@pytest.mark.parametrize(
    ("penalty", "curves"),
    [
        (PENALTIES["l1"](), False),
        (PENALTIES["group_lasso"](), True),
        (PENALTIES["group_lasso"](size=1), False),
        (PENALTIES["l2"](), True),
        (PENALTIES["huber"](), True),
        (PENALTIES["elastic_net"](ratio=1.0), False),
    ],
    ids=["l1", "group lasso", "groups of one", "l2", "huber", "an elastic net of L1 alone"],
)
def test_what_a_penalty_does_to_the_curvature_is_said(loss_key, penalty, curves):
    found = shrunk(penalty, TWO_WEIGHTS[loss_key].loss())
    told = on_shrinkage(found)[-1]
    assert told.numbers["curves"] == curves
    said = "changes the curvatures too" if curves else "adds no curvature, only a crease"
    assert told.text.endswith(f"The penalty shown {said}.")


@pytest.mark.parametrize("correlation", [1.0, -1.0])
def test_a_line_of_lowest_points_is_said_to_be_one(correlation):
    loss = TWO_WEIGHTS["correlated"].loss(correlation=correlation)
    found = shrunk(PENALTIES["l2"](), loss)
    along = found.w[0] + np.array([1.0, -correlation])
    assert loss.value(along) == pytest.approx(loss.value(found.w[0]), rel=1e-12)
    assert "condition number is infinite, with a whole line of lowest points." in on_shrinkage(found)[-1].text


@pytest.mark.parametrize("correlation", [1.0, -1.0])
@pytest.mark.parametrize("key", PENALTIES)
def test_where_a_penalty_leaves_the_choice_open_one_of_many_minima_is_said_to_be_shown(key, correlation):
    """Two columns that say the same: L1 counts only the sum of the sizes, and so does Huber beyond its bowl."""
    loss = TWO_WEIGHTS["correlated"].loss(correlation=correlation, w1=2.0, w2=0.8 * correlation)
    found = shrunk(PENALTIES[key](), loss)
    told = [each for each in on_shrinkage(found) if each.kind == "shrinkage.shared"]
    if key not in ("l1", "huber"):
        assert not told
        return
    (told,) = told
    k = found.strengths.tolist().index(told.numbers["strength"])
    # From one to the other, a tenth of the smaller.
    other = found.w[k] + 0.1 * np.abs(found.w[k]).min() * np.array([1.0, -correlation])
    if key == "l1":
        assert not found.w[k + 1].any()
        total = loss.value([found.w[k], other]) + found.strengths[k] * PENALTIES[key](1.0).value(
            np.array([found.w[k], other])
        )
        assert total[0] == pytest.approx(total[1], rel=1e-12)
    else:
        assert np.abs(found.w[k]).min() > 0.5 > np.abs(found.w[k + 3]).min()
    assert told.text.startswith(f"Up to **λ = {told.numbers['strength']:.3g}** many pairs of weights are equally good")


def test_many_minima_end_where_the_penalty_begins_to_bend():
    """Of equal weights beyond Huber's bowl many pairs are as good, however near its edge; in it none is."""
    loss = TWO_WEIGHTS["correlated"].loss(correlation=1.0, w1=-2.1, noise=1.61)
    unit = PENALTIES["huber"](delta=0.472562110524)
    found = shrunk(unit, loss)
    np.testing.assert_array_equal(found.shared[1:], (np.abs(found.w) > unit.delta).all(axis=1)[1:])
    # An elastic net that is nearly the lasso still chooses.
    assert not shrunk(PENALTIES["elastic_net"](ratio=1 - 1e-8), loss).shared[1:].any()


@pytest.mark.parametrize("key", PENALTIES)
@pytest.mark.parametrize("correlation", [0.5, 0.999, -0.999])
def test_columns_that_differ_leave_no_choice(key, correlation):
    found = shrunk(PENALTIES[key](), TWO_WEIGHTS["correlated"].loss(correlation=correlation))
    assert not found.shared.any()


@pytest.mark.parametrize(("correlation", "words"), [(1.0, "a penalised minimum"), (0.5, "the penalised minimum")])
def test_who_goes_elsewhere_is_measured_from_a_minimum_or_from_the_minimum(correlation, words):
    loss = TWO_WEIGHTS["correlated"].loss(correlation=correlation)
    rate = 1 / loss.curvature
    ran = contend(loss, PENALTIES["l1"](0.6), ("adamw",), np.ones(2), 60, rate, 1 / rate, own_decay=True)
    (told,) = [each for each in on_contest(ran) if each.kind == "contest.own_decay"]
    assert f"from {words} (" in told.text
    assert told.text.endswith(", one of many.") == told.numbers["shared"] == (correlation == 1)


def test_of_two_equal_columns_the_lasso_is_said_to_show_one_path_of_many():
    chosen = select("copy", 60, folds=3)
    (told,) = [each for each in on_selection(chosen) if each.kind == "selection.twins"]
    assert told.numbers["columns"] == ("bmi", "bmi copy")
    X, y, names = design("copy", 60)
    lasso = chosen.results["Lasso"]
    w = lasso.path.coefficients[lasso.best].copy()
    i, j = names.index("bmi"), names.index("bmi copy")

    def total(w):
        return np.mean((X @ w - y + y.mean()) ** 2) / 2 + lasso.strengths[lasso.best] * np.abs(w).sum()

    before = total(w)
    w[[i, j]] = w[i] / 2
    assert w[i] != 0
    assert total(w) == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("rows", [10, 11, 20, 40, 442])
def test_no_other_columns_of_the_table_say_the_same(extra, rows):
    """Equal, opposite, or so that those the lasso holds at one strength are one too many: then there is one path."""
    if extra == "copy":
        return
    X, y, _ = design(extra, rows)
    chosen = select(extra, rows, folds=2)
    lasso = chosen.results["Lasso"]
    for k in range(0, COUNT, 10):
        w, strength = lasso.path.coefficients[k], lasso.strengths[k]
        pull = np.abs(X.T @ (y - y.mean() - X @ w)) / len(y)
        held = (pull > strength * (1 - 1e-6)) & X.any(axis=0)
        assert np.linalg.matrix_rank(X[:, held], tol=1e-8) == held.sum()
    assert not any(each.kind == "selection.twins" for each in on_selection(chosen))


@pytest.mark.parametrize(("points", "degree"), [(5, 4), (5, 5), (18, 14), (14, 14)])
def test_more_weights_than_points_are_said_to_fit_in_many_ways(points, degree):
    train, validation = (
        noisy_points(points, 0.3, np.random.default_rng(0)),
        noisy_points(50, 0.3, np.random.default_rng(1)),
    )
    fits = polynomial_fits(train, validation, np.arange(1, 21), np.append(0, np.logspace(-6, 1, 8)))
    told = {each.kind: each.text for each in on_polynomials(OverFitting(fits, train, validation, degree))}
    # As many unknowns as the degree, and the constant.
    assert ("polynomials.many" in told) == (degree + 1 > points)
    if degree + 1 > points:
        assert told["polynomials.many"].startswith(f"Many curves of degree {degree} pass through {points} points.")
        assert fits.train[degree - 1, 0] < 1e-20


def test_where_no_strength_helps_that_is_said():
    train = validation = noisy_points(12, 0.3, np.random.default_rng(0))
    fits = polynomial_fits(train, validation, np.arange(1, 6), np.append(0, np.logspace(-6, 1, 8)))
    told = on_polynomials(OverFitting(fits, train, validation, 5))[0]
    assert told.numbers["strength"] == 0
    assert told.text.startswith("Degree 5 does best without a penalty, with a validation error of **")


def test_words_carry_the_numbers():
    found = shrink(LOSS, PENALTIES["l1"](), strength_range(LOSS, PENALTIES["l1"](), RATE), RATE)
    assert f"w₂ becomes **exactly 0 at λ = {found.zero_from[1]:.4g}**" in " ".join(
        finding.text for finding in on_shrinkage(found)
    )
    rng = np.random.default_rng(0)
    train, validation = noisy_points(15, 0.3, rng), noisy_points(100, 0.3, rng)
    fits = polynomial_fits(train, validation, np.arange(1, 21), np.append(0, np.logspace(-6, 1, 20)))
    words = [finding.text for finding in on_polynomials(OverFitting(fits, train, validation, 20))]
    assert short(fits.validation[19, 0]) in words[0]
    i, j = fits.best
    assert f"degree {fits.degrees[i]} with λ = {short(fits.strengths[j])}" in words[-1]


@pytest.mark.parametrize(
    ("settings", "strength", "text"),
    [
        ({"w2": 2.0, "noise": 0.0}, 0.5, "At the penalised minimum no weight is 0: both have the size **1.5**."),
        ({"w2": 0.0, "noise": 0.0, "correlation": 0.0}, 0.5, "At the penalised minimum w₂ is 0, but for rounding."),
        ({"correlation": -1.0}, 0.0, "At the one found of many penalised minima no weight is 0: both have the size"),
        ({"w2": 0.8, "noise": 0.0}, 0.5, "At the penalised minimum no weight is 0: nearest to it is w₂ = **0.75**."),
    ],
)
def test_of_two_weights_that_no_penalty_sets_to_zero_it_is_said_how_they_compare(settings, strength, text):
    """Of w = (2, w2) and correlation 1/2, ridge of 1/2 leaves (1.5, 1.5) and (1.35, 0.75)."""
    loss = TWO_WEIGHTS["correlated"].loss(**settings)
    ran = contend(loss, PENALTIES["l2"](strength), ("newton",), np.ones(2), 3, 1 / loss.curvature, loss.curvature)
    assert on_contest(ran)[0].text.startswith(text)


def test_where_least_squares_is_nothing_nothing_is_nearest_or_furthest():
    loss, steps = TWO_WEIGHTS["correlated"].loss(w1=0.0, w2=0.0, noise=0.0), np.arange(1, 5)
    found = early_stopping(loss.X, loss.y, 0.1, steps, intercept=False)
    decayed = weight_decay(loss.X, loss.y, 0.1, 0.5, steps, intercept=False)
    told = on_stopping(StoppingAndDecay(found, decayed, np.zeros(2), 0.1, 0.5))
    assert [each.kind for each in told] == ["stopping.nothing"]


def test_words_on_stopping():
    steps = np.arange(1, 200)
    found = early_stopping(LOSS.X, LOSS.y, 0.1, steps, intercept=False)
    target = ridge_path(LOSS.X, LOSS.y, [0.5], intercept=False).coefficients[0]
    decayed = weight_decay(LOSS.X, LOSS.y, 0.1, 0.5, steps, intercept=False)
    nearest = steps[np.argmin(np.linalg.norm(found.stopped - target, axis=1))]
    told = [each.text for each in on_stopping(StoppingAndDecay(found, decayed, target, 0.1, 0.5))]
    assert f"**step {nearest}** ends nearest to ridge with λ = 0.5." in told[0]
    assert "At rate η = 0.1 the rule 1/(ηλ) says 20." in told[0]
    away = np.linalg.norm(decayed[-1] - target) / np.linalg.norm(found.full)
    assert f"After 199 steps it is {short(100 * away)} % of least squares' length away." in told[2]
