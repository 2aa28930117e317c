"""Regularization paths meet the optimality conditions, agree with one another, and equal scikit-learn's."""

import re
from pathlib import Path as File

import numpy as np
import pytest

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.regularization.lars import lars_path
from landscape.regularization.paths import Path, regularization_path, ridge_path, solution_path, strength_grid
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.polynomials import features, noisy_points
from landscape.regularization.regression import LeastSquares, Logistic

DIABETES = TABLES["diabetes"]
X, Y = standardize(DIABETES.x).X, DIABETES.y
SKLEARN = np.load(File(__file__).parents[1] / "data" / "sklearn_paths.npz")
RATIOS = {"ridge": 0.0, "elastic_net": 0.4, "lasso": 1.0}


def violation(X, y, path, ratio):
    """How long the shortest subgradient of the whole objective is, intercept included, at each strength, shape (k,)."""
    penalty = PENALTIES["elastic_net"](path.strengths[:, None], ratio=ratio)
    w = np.column_stack([path.coefficients, path.intercepts])
    return np.linalg.norm((LeastSquares(X, y, intercept=True) + penalty).gradient(w), axis=-1)


# The diabetes data.


@pytest.fixture(params=RATIOS)
def kind(request):
    return request.param


def test_optimality_at_all_strengths(kind):
    ratio = RATIOS[kind]
    path = regularization_path(X, Y, ratio=ratio)
    assert path.coefficients.shape == (100, 10)
    assert violation(X, Y, path, ratio).max() < 1e-8
    if ratio == 1:
        exact = lars_path(X, Y)
        assert violation(X, Y, exact.at(path.strengths), 1.0).max() < 1e-8
        assert violation(X, Y, exact.at(exact.strengths), 1.0).max() < 1e-8


def test_the_test_of_optimality_would_notice(kind):
    path = regularization_path(X, Y, ratio=RATIOS[kind])
    off = Path(path.strengths, path.coefficients * (1 + 1e-6), path.intercepts)
    assert violation(X, Y, off, RATIOS[kind])[-1] > 1e-6


def test_paths_agree_with_plain_coordinate_descent(kind):
    # No closed form, no corners, no finish: sweeps alone, until the subgradient is 1e-12 of where it began.
    ratio = RATIOS[kind]
    strengths = strength_grid(X, Y, ratio)
    plain = regularization_path(X, Y, strengths, ratio or 1e-300, finish=False)
    candidates = [regularization_path(X, Y, strengths, ratio)] + [lars_path(X, Y).at(strengths)] * (ratio == 1)
    for path in candidates:
        np.testing.assert_allclose(path.coefficients, plain.coefficients, rtol=0, atol=2e-8)
        np.testing.assert_allclose(path.intercepts, plain.intercepts, rtol=1e-12)


def test_paths_equal_scikit_learn(kind):
    path = regularization_path(X, Y, SKLEARN["strengths"], RATIOS[kind])
    # Coefficients are of the order of 10; scikit-learn's own tolerance is on the duality gap.
    np.testing.assert_allclose(path.coefficients, SKLEARN[kind], rtol=0, atol=2e-5 if kind != "ridge" else 1e-9)


def test_corners_equal_scikit_learn():
    exact = lars_path(X, Y)
    np.testing.assert_allclose(exact.strengths, SKLEARN["knots"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(exact.coefficients, SKLEARN["lars"], rtol=0, atol=1e-8)


def test_variables_join_in_the_order_of_the_paper():
    # Efron et al., figure 1: bmi, ltg, bp, hdl, sex, glu, tc, tch, ldl, age; hdl leaves and comes back at the end.
    names = [(DIABETES.names[c.variable], c.sign) for c in lars_path(X, Y).corners[:-1]]
    assert " ".join(name for name, _ in names) == "bmi ltg bp hdl sex glu tc tch ldl age hdl hdl"
    assert names[10:] == [("hdl", 0), ("hdl", 1)]


def test_a_corner_has_its_variable_at_exactly_zero():
    exact = lars_path(X, Y)
    for corner, row in zip(exact.corners[:-1], exact.coefficients, strict=False):
        assert row[corner.variable] == 0
        assert exact.at([corner.strength]).coefficients[0, corner.variable] == 0
    assert exact.at([exact.strengths[0]]).nonzero == 0
    assert exact.at([exact.strengths[0] * 1.5, 0.0]).nonzero.tolist() == [0, 10]


def test_a_lasso_path_is_straight_between_corners():
    exact = lars_path(X, Y)
    for high, low in zip(exact.strengths, exact.strengths[1:], strict=False):
        w = exact.at(np.linspace(high, low, 5)).coefficients
        np.testing.assert_allclose(np.diff(w, 2, axis=0), 0.0, atol=1e-9)


def test_at_strength_zero_all_are_least_squares():
    expected = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), Y, rcond=None)[0]
    for path in (lars_path(X, Y).at([0.0]), *(regularization_path(X, Y, [0.0], ratio) for ratio in RATIOS.values())):
        np.testing.assert_allclose(path.coefficients[0], expected[:-1], rtol=0, atol=1e-8)
        np.testing.assert_allclose(path.intercepts[0], expected[-1], rtol=1e-12)


def test_strengths_come_back_in_their_order(kind):
    strengths = np.array([0.5, 20.0, 3.0])
    path = regularization_path(X, Y, strengths, RATIOS[kind])
    np.testing.assert_array_equal(path.strengths, strengths)
    for i, strength in enumerate(strengths):
        alone = regularization_path(X, Y, [strength], RATIOS[kind])
        np.testing.assert_allclose(path.coefficients[i], alone.coefficients[0], rtol=0, atol=1e-8)


def test_a_ridge_coefficient_never_vanishes_and_a_lasso_one_does():
    assert np.all(ridge_path(X, Y, strength_grid(X, Y, 0.0)).nonzero == 10)
    counts = regularization_path(X, Y).nonzero
    assert counts[0] == 0
    assert counts[-1] == 10


def test_the_grid_starts_where_everything_has_just_become_zero():
    for ratio in (0.4, 1.0):
        top = strength_grid(X, Y, ratio)[0]
        path = regularization_path(X, Y, [top * (1 + 1e-12), top * 0.99], ratio)
        assert path.nonzero.tolist() == [0, 1]


def test_without_an_intercept():
    for ratio in RATIOS.values():
        path = regularization_path(X, Y, [1.0], ratio, intercept=False)
        loss = LeastSquares(X, Y) + PENALTIES["elastic_net"](1.0, ratio=ratio)
        assert path.intercepts[0] == 0
        assert np.linalg.norm(loss.gradient(path.coefficients[0])) < 1e-8
    exact = lars_path(X, Y, intercept=False).at([1.0])
    np.testing.assert_allclose(exact.coefficients, path.coefficients, rtol=0, atol=1e-8)


def test_predictions_and_table():
    path = ridge_path(X, Y, [0.1, 1.0])
    np.testing.assert_allclose(path.predict(X[:4])[1], X[:4] @ path.coefficients[1] + path.intercepts[1])
    table = path.frame(DIABETES.names)
    assert list(table.columns) == ["strength", "variable", "coefficient"]
    assert len(table) == 20
    row = table[(table.strength == 1.0) & (table.variable == "bmi")]
    np.testing.assert_array_equal(row.coefficient, path.coefficients[1, 2])


# Any penalty and any convex loss.


@pytest.mark.parametrize("key", ["l1", "l2", "huber", "group_lasso", "elastic_net"])
def test_solution_paths_of_every_penalty_are_optimal(key):
    loss = LeastSquares(X, Y - Y.mean())
    strengths = np.array([0.0, 0.5, 5.0, 50.0])
    w, slope = solution_path(loss, PENALTIES[key](), strengths, 1 / loss.curvature, steps=4000)
    assert slope.max() < 1e-8
    for strength, row in zip(strengths, w, strict=True):
        assert np.linalg.norm((loss + PENALTIES[key](strength)).gradient(row)) < 1e-8
    if key == "l1":
        np.testing.assert_allclose(w, lars_path(X, Y).at(strengths).coefficients, rtol=0, atol=1e-7)


def test_a_logistic_path_ends_with_fewer_measurements():
    table = TABLES["breast_cancer"]
    loss = Logistic(standardize(table.x).X, table.y, intercept=True)
    w, slope = solution_path(loss, PENALTIES["l1"](), [0.02, 0.1, 1.0], 1 / loss.curvature, steps=3000)
    assert slope.max() < 1e-8
    kept = np.count_nonzero(w[:, :-1], axis=1)
    assert 30 > kept[0] > kept[1] > kept[2] == 0
    # With every measurement gone, the intercept alone gives the share of malignant ones.
    np.testing.assert_allclose(loss.probability(w[2])[0], table.y.mean(), rtol=1e-8)


# Data that make it hard.


def awkward():
    rng = np.random.default_rng(0)
    wide = rng.standard_normal((20, 50))
    whole = rng.integers(-1, 2, (8, 20)).astype(float)
    yield "constant column", np.column_stack([X, np.full(len(X), 0.1)]), Y
    yield "identical columns", np.column_stack([X, X[:, 2]]), Y
    yield "opposite columns", np.column_stack([-X[:, 2], X]), Y
    yield "a sum of columns", np.column_stack([X, X[:, 2] + X[:, 3]]), Y
    yield "more columns than rows", wide, wide[:, 0] - wide[:, 1] + rng.standard_normal(20)
    yield "whole numbers, many ties", whole, np.arange(8.0) % 3
    yield "constant target", X, np.full(len(X), 5.0)
    yield "one row", X[:1], Y[:1]
    yield "one column", X[:, :1], Y
    yield "nothing but constants", np.ones((6, 2)), np.arange(6.0)
    yield "huge and tiny columns", X * np.logspace(-6, 6, 10), Y


AWKWARD = {name: (X, y) for name, X, y in awkward()}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_data_have_an_answer(name, kind):
    X, y = AWKWARD[name]
    ratio = RATIOS[kind]
    strengths = np.append(strength_grid(X, y, ratio, count=30), 0.0)
    if name == "huge and tiny columns":
        # Sweeps alone cannot do this to 1e-12 of the largest slope at every strength, and the finish can.
        strengths = strengths[:-1]
    paths = [regularization_path(X, y, strengths, ratio)] + [lars_path(X, y).at(strengths)] * (ratio == 1)
    scale = max(np.abs(X.T @ (y - y.mean())).max() / len(y), np.abs(y).max())
    for path in paths:
        assert np.isfinite(path.coefficients).all()
        assert np.all(residual_conditions(X, y, path, ratio) <= 1e-8 * max(scale, 1.0))


def residual_conditions(X, y, path, ratio):
    """As violation, for strengths beyond the knob's range and data far from the unit of everything."""
    shift = X.mean(axis=0)
    w, strength = path.coefficients, path.strengths[:, None]
    slope = (path.predict(X) - y) @ (X - shift) / len(y) + strength * (1 - ratio) * w
    crease = strength * ratio
    shortest = np.where(w == 0, np.sign(slope) * np.maximum(np.abs(slope) - crease, 0), slope + crease * np.sign(w))
    return np.abs(shortest).max(axis=-1)


def test_the_elastic_net_shares_between_identical_columns_and_the_lasso_takes_the_first():
    twins = np.column_stack([X, X[:, 2]])
    w = regularization_path(twins, Y, [1.0], 0.5).coefficients[0]
    np.testing.assert_allclose(w[2], w[10], rtol=1e-9)
    w = lars_path(twins, Y).at([1.0]).coefficients[0]
    assert w[10] == 0
    np.testing.assert_allclose(w[:10], lars_path(X, Y).at([1.0]).coefficients[0], rtol=1e-12)


def test_ridge_at_strength_zero_is_the_shortest_solution():
    wide, y = AWKWARD["more columns than rows"]
    w = ridge_path(wide, y, [0.0]).coefficients[0]
    centred = wide - wide.mean(axis=0)
    np.testing.assert_allclose(w, np.linalg.pinv(centred) @ (y - y.mean()), rtol=1e-9, atol=1e-12)


def test_the_shortest_solution_through_two_near_points_knows_no_direction_of_rounding():
    """It is |difference of y| / |difference of features|: with 60 digits, 8.650778347209732."""
    t, y = noisy_points(2, 0.3, np.random.default_rng(5))
    w = ridge_path(features(t, 11), y, [0.0]).coefficients[0]
    assert np.linalg.norm(w) == pytest.approx(8.650778347209732, rel=1e-12)


@pytest.mark.parametrize("solve", [ridge_path, regularization_path, lambda X, y, s: lars_path(X, y).at(s)])
@pytest.mark.parametrize(
    ("strengths", "message"),
    [
        ([1.0, -0.5], "strengths has -0.5; allowed are finite numbers, at least 0"),
        ([np.inf], "strengths has inf; allowed"),
        ([np.nan], "strengths has nan; allowed"),
        ([], "strengths has shape (0,); it must be a list of at least one number"),
        ([[1.0]], "strengths has shape (1, 1); it must be a list"),
    ],
)
def test_a_sentence_for_strengths_that_are_not(solve, strengths, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        solve(X, Y, strengths)


def test_other_sentences():
    with pytest.raises(ValueError, match=r"^ratio is 1.5; allowed is 0 to 1$"):
        regularization_path(X, Y, ratio=1.5)
    with pytest.raises(ValueError, match=r"^y has shape \(3,\); it must be \(442,\)"):
        lars_path(X, Y[:3])
    with pytest.raises(ValueError, match=r"^strength is .*; allowed is 0, or 1e-05 to 1000"):
        solution_path(LeastSquares(X, Y), PENALTIES["l1"](), [1e5], 0.1)
    alike = np.column_stack([X[:, 0], X[:, 0] + 1e-5 * X[:, 1]])
    with pytest.raises(ValueError, match=r"^tolerance is 1e-12; 20000 sweeps over columns so much alike reach"):
        regularization_path(alike, Y, [0.0], finish=False)
