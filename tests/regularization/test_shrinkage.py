"""Minima under a growing penalty, drawn curves, contests of methods, and which variables survive."""

import re

import numpy as np
import pytest
from scipy.optimize import minimize

from landscape.numbers import short
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
    np.testing.assert_allclose(found.zero_from, exact.strengths[:2], rtol=0, atol=np.diff(strengths).max() / 50)
    np.testing.assert_allclose(found.w, exact.at(strengths).coefficients, atol=1e-12)
    for key in ("l2", "huber"):
        none = shrink(LOSS, PENALTIES[key](), strength_range(LOSS, PENALTIES[key](), RATE), RATE)
        assert np.all(np.isinf(none.zero_from))


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
    assert "never does" in lines[1].text


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
    assert len(on_selection(chosen)) == 3
    with pytest.raises(ValueError, match=re.escape("extra is 'all'; allowed are none")):
        design("all", 12)


# Words.


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
    assert f"degree {fits.degrees[i]} with λ = {short(fits.strengths[j])}" in words[1]


def test_words_on_stopping():
    steps = np.arange(1, 200)
    found = early_stopping(LOSS.X, LOSS.y, 0.1, steps, intercept=False)
    target = ridge_path(LOSS.X, LOSS.y, [0.5], intercept=False).coefficients[0]
    decayed = weight_decay(LOSS.X, LOSS.y, 0.1, 0.5, steps, intercept=False)
    nearest = steps[np.argmin(np.linalg.norm(found.stopped - target, axis=1))]
    assert f"nearest to **{nearest} steps**" in on_stopping(StoppingAndDecay(found, decayed, target, 0.1, 0.5))[0].text
