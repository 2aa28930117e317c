"""Proximal methods land on kinks, at the rates that theory predicts, where subgradient steps do not."""

import numpy as np
import pytest

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.descent.descend import descend
from landscape.formulas.expression import parse
from landscape.objective import Noisy
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.lars import lars_path
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.regression import LeastSquares

HIMMELBLAU = parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
STARTS = np.array([[0.1, -0.2], [-3.2, 0.6], [2.0, 2.5]])
BOWL = parse("(x - 1)**2 + 2*(y - 0.2)**2 + x*y")
PROXIMAL = ("proximal_gradient", "fista", "coordinate_descent")

DIABETES = LeastSquares(standardize(TABLES["diabetes"].x).X, TABLES["diabetes"].y - TABLES["diabetes"].y.mean())
STRENGTH = 2.0
LASSO = DIABETES + PENALTIES["l1"](STRENGTH)
SOLUTION = lars_path(DIABETES.X, DIABETES.y, intercept=False).at([STRENGTH]).coefficients[0]
RATE = 1 / DIABETES.curvature


def nesterov_worst(n):
    """The quadratic on which no first-order method beats O(1 / k**2) in its first n / 2 steps, and its minimum.

    Source: Nesterov (2004), "Introductory lectures on convex optimization", section 2.1.2:
    (x_1**2 + sum (x_i - x_{i+1})**2 + x_n**2) / 2 - x_1, up to a constant, whose curvature is below 4.
    """
    chain = np.vstack([np.eye(n), np.zeros(n)]) - np.vstack([np.zeros(n), np.eye(n)])
    target = np.linalg.lstsq(chain.T, np.eye(n)[0], rcond=None)[0]
    loss = LeastSquares(chain * (n + 1) ** 0.5, target * (n + 1) ** 0.5)
    return loss, 1 - np.arange(1, n + 1) / (n + 1)


def values(objective, optimizer, start, steps):
    return descend(objective, optimizer, start, steps).value


def test_the_solution_that_these_tests_use_is_one():
    assert np.linalg.norm(LASSO.gradient(SOLUTION)) < 1e-11
    assert 0 < np.count_nonzero(SOLUTION) < 10
    loss, minimum = nesterov_worst(50)
    np.testing.assert_allclose(loss.gradient(minimum), 0.0, atol=1e-13)
    assert loss.curvature < 4


# Rates.


@pytest.mark.parametrize("share", [0.3, 1.0, 1.9])
def test_ista_contracts_at_its_predicted_rate(share):
    # Once the signs are settled a step multiplies the error by I - lr * H on the weights that are not zero.
    on = SOLUTION != 0
    eigenvalues = np.linalg.eigvalsh(DIABETES.hessian(SOLUTION)[np.ix_(on, on)])
    lr = share * RATE
    predicted = np.abs(1 - lr * eigenvalues).max()
    steps = int(np.log(1e-6) / np.log(predicted))
    path = descend(LASSO, OPTIMIZERS["proximal_gradient"](lr=lr), SOLUTION + 1.0 * on, steps).x
    error = np.linalg.norm(path - SOLUTION, axis=1)
    late = slice(steps // 2, steps)
    measured = np.exp(np.polyfit(np.arange(steps + 1)[late], np.log(error[late]), 1)[0])
    np.testing.assert_allclose(measured, predicted, rtol=1e-3)
    # And from anywhere at least at the rate of the whole Hessian, step by step.
    far = descend(LASSO, OPTIMIZERS["proximal_gradient"](lr=lr), np.full(10, 30.0), 200).x
    error = np.linalg.norm(far - SOLUTION, axis=1)
    whole = np.abs(1 - lr * np.linalg.eigvalsh(DIABETES.hessian(SOLUTION))).max()
    assert np.all(error[1:] <= whole * error[:-1] + 1e-12)


def test_ista_and_fista_keep_their_promises():
    start = np.zeros(10)
    distance = np.sum((start - SOLUTION) ** 2)
    k = np.arange(1, 301)
    slow = values(LASSO, OPTIMIZERS["proximal_gradient"](lr=RATE), start, 300)
    assert np.all(slow[1:] - LASSO.value(SOLUTION) <= distance / (2 * RATE * k))
    assert np.all(np.diff(slow) <= 1e-12)
    for restart in (False, True):
        fast = values(LASSO, OPTIMIZERS["fista"](lr=RATE, restart=restart), start, 300)
        assert np.all(fast[1:] - LASSO.value(SOLUTION) <= 2 * distance / (RATE * (k + 1) ** 2))


def test_fista_falls_as_one_over_k_squared():
    # On a chain of 2 k + 1 links no first-order method gets below 3 / 32, and FISTA's promise is 2.
    scaled = {"proximal_gradient": [], "fista": []}
    lengths = (8, 16, 32, 64, 128)
    for k in lengths:
        loss, minimum = nesterov_worst(2 * k + 1)
        for key, found in scaled.items():
            excess = values(loss, OPTIMIZERS[key](lr=0.25), np.zeros(2 * k + 1), k)[-1] - loss.value(minimum)
            found.append(excess * (k + 1) ** 2 / (4 * np.sum(minimum**2)))
    fista, ista = np.array(scaled["fista"]), np.array(scaled["proximal_gradient"])
    assert np.all((fista > 3 / 32) & (fista < 2))
    assert abs(np.polyfit(np.log(lengths), np.log(fista), 1)[0]) < 0.1
    # ISTA falls behind by a factor of about the square root of 2 whenever k doubles.
    assert np.all(ista[1:] / ista[:-1] > 1.35)


def test_restarts_keep_fista_from_swinging():
    plain, again, ista = (
        descend(LASSO, optimizer, np.zeros(10), 100)
        for optimizer in (
            OPTIMIZERS["fista"](lr=RATE, restart=False),
            OPTIMIZERS["fista"](lr=RATE),
            OPTIMIZERS["proximal_gradient"](lr=RATE),
        )
    )
    assert np.any(np.diff(plain.value) > 1e-9)
    assert again.gradient_norm[-1] < 1e-6 * plain.gradient_norm[-1]
    assert again.gradient_norm[-1] < 1e-6 * ista.gradient_norm[-1]


# Kinks.


@pytest.mark.parametrize("key", PROXIMAL)
def test_they_converge_where_a_subgradient_step_chatters(key):
    penalized = BOWL + PENALTIES["l1"](1.0)
    # Without it the minimum is at (1.09, -0.07); with it x is 0.5 and y exactly 0.
    hyper = {} if key == "coordinate_descent" else {"lr": 0.2}
    run = descend(penalized, OPTIMIZERS[key](**hyper), np.array([-1.0, 1.0]), 200, tolerance=1e-12)
    assert run.status == "converged"
    np.testing.assert_allclose(run.x[-1], [0.5, 0.0], atol=1e-12)
    assert run.x[-1, 1] == 0.0
    chatter = descend(penalized, OPTIMIZERS["gradient_descent"](lr=0.2), np.array([-1.0, 1.0]), 200, tolerance=1e-12)
    assert chatter.status == "max_steps"
    assert np.all(chatter.x[100:, 1] != 0)
    assert np.ptp(chatter.x[100:, 1]) > 0.1


@pytest.mark.parametrize("key", PROXIMAL)
def test_a_batch_over_strengths_is_a_path(key):
    strengths = np.array([0.2, 0.5, 5.0, 20.0, 50.0])
    penalized = DIABETES + PENALTIES["l1"](strengths[:, None])
    hyper = {} if key == "coordinate_descent" else {"lr": RATE}
    run = descend(penalized, OPTIMIZERS[key](**hyper), np.zeros((5, 10)), 10_000, tolerance=1e-8)
    assert np.all(run.status == "converged")
    exact = lars_path(DIABETES.X, DIABETES.y, intercept=False).at(strengths)
    np.testing.assert_allclose(run.x[-1], exact.coefficients, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(run.x[-1] == 0, exact.coefficients == 0)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_optimizer_takes_every_penalty(penalty):
    penalized = HIMMELBLAU + PENALTIES[penalty](0.5)
    for key, optimizer in OPTIMIZERS.items():
        if not optimizer.applies_to(penalized):
            with pytest.raises(ValueError, match="needs"):
                descend(penalized, optimizer(), STARTS, 3)
            continue
        run = descend(penalized, optimizer(), STARTS, 20)
        assert np.isfinite(run.x).all(), key
        assert np.any(run.x[-1] != STARTS), key


def test_coordinate_descent_needs_a_sum_over_coordinates():
    penalized = HIMMELBLAU + PENALTIES["group_lasso"](0.5)
    method = OPTIMIZERS["coordinate_descent"]
    assert not method.applies_to(penalized)
    assert method.applies_to(HIMMELBLAU)
    assert method.applies_to(HIMMELBLAU + PENALTIES["elastic_net"](0.5))
    with pytest.raises(ValueError, match=r"^penalty is GroupLasso.*needs one that is a sum over coordinates$"):
        method().step(penalized, STARTS, method().init(STARTS))


def test_biases_are_free_in_every_proximal_method():
    X, y = DIABETES.X[:, :3], TABLES["diabetes"].y
    loss = LeastSquares(X, y, intercept=True)
    for key in PROXIMAL:
        hyper = {} if key == "coordinate_descent" else {"lr": 1 / loss.curvature}
        run = descend(loss + PENALTIES["l1"](500.0), OPTIMIZERS[key](**hyper), np.zeros(4), 400)
        np.testing.assert_allclose(run.x[-1], [0, 0, 0, y.mean()], atol=1e-9)
        everything = loss + PENALTIES["l1"](500.0, free=())
        assert np.all(descend(everything, OPTIMIZERS[key](**hyper), np.zeros(4), 50).x[-1] == 0)


# What each is elsewhere, and what each is charged.


def test_without_a_penalty_ista_is_gradient_descent():
    a, b = (
        descend(HIMMELBLAU, OPTIMIZERS[key](lr=0.01), STARTS, 30) for key in ("proximal_gradient", "gradient_descent")
    )
    np.testing.assert_array_equal(a.x, b.x)


def test_ista_with_l2_is_an_implicit_step_of_weight_decay():
    penalized = BOWL + PENALTIES["l2"](0.7)
    x = descend(penalized, OPTIMIZERS["proximal_gradient"](lr=0.1), STARTS, 1).x[-1]
    np.testing.assert_allclose(x, (STARTS - 0.1 * BOWL.gradient(STARTS)) / 1.07, rtol=1e-14)


def test_a_sweep_of_coordinate_descent_by_hand():
    # Along x: 2 (x - 1) + y = 0 less 1 for L1, so x = (2 - 1 - 1) / 2 = 0 from y = 1; along y: 4 (y - .2) + 0, less 1.
    penalized = BOWL + PENALTIES["l1"](1.0)
    run = descend(penalized, OPTIMIZERS["coordinate_descent"](), np.array([-1.0, 1.0]), 3)
    np.testing.assert_allclose(run.x, [[-1, 1], [0, 1], [0, 0], [0.5, 0]], atol=1e-15)


@pytest.mark.parametrize("penalty", [None, "l1", "l2", "elastic_net"])
def test_a_coordinate_reaches_the_minimum_along_its_axis(penalty):
    objective = DIABETES if penalty is None else DIABETES + PENALTIES[penalty](3.0)
    run = descend(objective, OPTIMIZERS["coordinate_descent"](), np.full(10, 5.0), 30)
    for step in range(30):
        assert abs(objective.gradient(run.x[step + 1])[step % 10]) < 1e-10
        assert np.count_nonzero(run.x[step + 1] != run.x[step]) <= 1
    assert np.all(np.diff(run.value) <= 1e-9)


def test_coordinate_descent_stays_where_the_axis_does_not_curve_up():
    run = descend(parse("-x**2 + y**2 + 3*x"), OPTIMIZERS["coordinate_descent"](), np.array([1.0, 1.0]), 20)
    np.testing.assert_array_equal(run.x[-1], [1.0, 0.0])
    assert run.status == "stalled"


def test_what_they_are_charged():
    steps = {"proximal_gradient": (0, 7, 0, 0, 0), "fista": (0, 7, 0, 0, 0), "coordinate_descent": (0, 7, 0, 7, 0)}
    for objective in (HIMMELBLAU, HIMMELBLAU + PENALTIES["l1"](0.1), Noisy(HIMMELBLAU + PENALTIES["l1"](0.1), 0.1)):
        for key, expected in steps.items():
            run = descend(objective, OPTIMIZERS[key](lr=1e-3), STARTS[2], 7)
            assert tuple(int(calls[-1]) for calls in run.evaluations) == expected


def test_noise_reaches_the_smooth_part():
    noisy = Noisy(BOWL + PENALTIES["l1"](1.0), 0.5)
    a, b = (
        descend(noisy, OPTIMIZERS["proximal_gradient"](lr=0.1), STARTS, 40, np.random.default_rng(s)) for s in (1, 2)
    )
    assert np.all(np.any(a.x[1:] != b.x[1:], axis=-1))


def test_decoupled_decay_is_not_l2():
    # Adam divides the penalty's pull by the size of the gradient, AdamW does not: on a steep coordinate Adam with L2
    # shrinks a weight far less.
    steep = parse("500*sin(40*x) + y**2")
    adam = descend(steep, OPTIMIZERS["adam"](lr=1e-3, weight_decay=0.5), np.array([5.0, 0.0]), 400)
    coupled = descend(steep + PENALTIES["l2"](0.5), OPTIMIZERS["adam"](lr=1e-3), np.array([5.0, 0.0]), 400)
    np.testing.assert_allclose(adam.x, coupled.x, rtol=1e-12)
    decoupled = descend(steep, OPTIMIZERS["adamw"](lr=1e-3, weight_decay=0.5), np.array([5.0, 0.0]), 400)
    plain = descend(steep, OPTIMIZERS["adam"](lr=1e-3), np.array([5.0, 0.0]), 400)
    assert abs(coupled.x[-1, 0] - plain.x[-1, 0]) < 1e-3 < plain.x[-1, 0] - decoupled.x[-1, 0]
