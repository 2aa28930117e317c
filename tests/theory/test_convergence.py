"""Convergence: what a run closes in on, its order and its rate, beside what theory says."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.domain import diagonal
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, surface_from_formula
from landscape.theory.convergence import (
    NEAR,
    Trial,
    bowl_below,
    closes_in,
    convergence,
    downhill,
    nearest,
    predicted_rate,
    toward,
)
from landscape.theory.quadratics import best_heavy_ball
from landscape.theory.report import stability_findings
from landscape.theory.stationary import StationaryPoints, stationary_points
from landscape.typed import own

ROSENBROCK, QUADRATIC, HIMMELBLAU = (SURFACES[key] for key in ("rosenbrock", "quadratic", "himmelblau"))


def verdict(trial: Trial) -> str:
    (finding,) = [each for each in stability_findings(trial) if each.kind == "stability.verdict"]
    return finding.text


def test_newton_on_rosenbrock_reaches_1e_12_within_seven_steps_at_order_two() -> None:
    run = descend(ROSENBROCK, OPTIMIZERS["newton"](), np.array([-1.2, 1.0]), 7)
    assert np.linalg.norm(run.x[-1] - 1) <= 1e-12
    seen = convergence(OPTIMIZERS["newton"](), run, stationary_points(ROSENBROCK, ROSENBROCK.domain), 5.0)
    assert seen is not None
    assert seen.kind == "minimum"
    assert seen.order == pytest.approx(2, abs=0.2)
    assert seen.predicted == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("lr", "momentum"), [(0.1, 0.6), (0.05, 0.8), (0.18, 0.0), (0.02, 0.3), (0.25, 0.5)])
def test_heavy_ball_contracts_as_predicted(lr: float, momentum: float) -> None:
    optimizer = OPTIMIZERS["momentum"](lr=lr, momentum=momentum)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), 300)
    seen = toward(optimizer, run, stationary_points(QUADRATIC, QUADRATIC.domain), 0)
    trial = Trial(QUADRATIC, optimizer, run, seen)
    assert seen.rate == pytest.approx(trial.forecast[0], rel=0.01)
    assert seen.predicted == pytest.approx(trial.forecast[0], rel=1e-9)
    assert f"Measured: **{seen.rate:.4g}**" in verdict(trial)


@pytest.mark.parametrize(("share", "status"), [(0.999, "shrinks"), (1.001, "grows")])
def test_two_over_the_largest_curvature_separates(share: float, status: str) -> None:
    start, points = np.array([-4.0, 2.0]), stationary_points(QUADRATIC, QUADRATIC.domain)
    edge = 2 / points.eigenvalues[0].max()
    run = descend(QUADRATIC, OPTIMIZERS["gradient_descent"](lr=share * edge), start, 2000)
    assert (run.value[-1] < run.value[1000]) == (status == "shrinks")


def test_a_run_far_from_every_point_closes_in_on_none() -> None:
    points = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)
    run = descend(HIMMELBLAU, OPTIMIZERS["gradient_descent"](lr=1e-5), np.array([-5.0, 5.5]), 5)
    assert convergence(OPTIMIZERS["gradient_descent"](), run, points, 1.0) is None
    assert nearest(points, np.array([np.nan, 0])) is None


@pytest.mark.parametrize("start", [(-0.3, -1.0), (4.0, 4.0), (-5.0, 5.0), (0.0, 3.0)])
def test_downhill_is_a_minimum_no_higher_than_the_start(start: tuple[float, float]) -> None:
    points = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)
    index = downhill(HIMMELBLAU, points, np.array(start), 17.0)
    assert index is not None
    assert points.kind[index] == "minimum"
    assert points.value[index] <= HIMMELBLAU.value(np.array(start))


@pytest.mark.parametrize("key", ["saddle", "monkey_saddle", "abs_valley"])
def test_there_is_no_bowl_where_theory_has_nothing_to_hold_on_to(key: str) -> None:
    surface = SURFACES[key]
    points = stationary_points(surface, surface.domain)
    assert bowl_below(surface, points, np.array(surface.start), 6.0) is None


def test_only_linear_methods_have_a_predicted_rate() -> None:
    eigenvalues = np.array([1.0, 10.0])
    assert predicted_rate(OPTIMIZERS["gradient_descent"](lr=0.1), eigenvalues) == pytest.approx(0.9)
    assert predicted_rate(OPTIMIZERS["adam"](), eigenvalues) is None
    assert predicted_rate(OPTIMIZERS["newton"](), np.array([np.inf, 1.0])) is None


def test_at_the_best_rate_the_verdict_says_why_the_measurement_lags() -> None:
    points = stationary_points(QUADRATIC, QUADRATIC.domain)
    best = best_heavy_ball(points.eigenvalues[0])
    optimizer = OPTIMIZERS["momentum"](lr=best.lr, momentum=best.momentum)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), 60)
    assert "Two roots nearly coincide" in verdict(Trial(QUADRATIC, optimizer, run, toward(optimizer, run, points, 0)))


@pytest.mark.parametrize(("lr", "momentum"), [(0.02, 0.9), (0.05, 0.8), (0.1, 0.95), (0.01, 0.7)])
def test_complex_roots_alike_in_size_are_not_said_to_coincide(lr: float, momentum: float) -> None:
    """Of every ripple both roots have |z| = sqrt(momentum): their difference says how near they are."""
    points = stationary_points(QUADRATIC, QUADRATIC.domain)
    optimizer = OPTIMIZERS["momentum"](lr=lr, momentum=momentum)
    for steps in (20, 40, 80):
        run = descend(QUADRATIC, optimizer, np.array(QUADRATIC.start), steps)
        trial = Trial(QUADRATIC, optimizer, run, toward(optimizer, run, points, 0))
        b = 1 + momentum - lr * trial.seen.eigenvalues
        apart = np.sqrt(np.abs(b * b - 4 * momentum)) / np.sqrt(momentum)
        assert (apart > 0.1).all()
        assert "coincide" not in verdict(trial)


def test_a_run_that_came_to_another_minimum_has_no_factor_at_this_one():
    surface = SURFACES["rastrigin"]
    points = stationary_points(surface, surface.domain)
    # Heavy ball rolls out of the pit at (1.99, 0) and rests in the next one.
    optimizer = OPTIMIZERS["momentum"](lr=0.0025, momentum=0.5)
    run = descend(surface, optimizer, np.array([1.763, 1.282]), 135)
    seen = toward(optimizer, run, points, nearest(points, np.array([1.98991, 0.0])))
    assert seen.errors[-1] > 0.9
    told = verdict(Trial(surface, optimizer, run, seen))
    assert "Measured" not in told
    assert "away, on ground that is not this minimum's." in told


def test_a_diverged_trial_says_whether_that_was_foretold() -> None:
    points = stationary_points(QUADRATIC, QUADRATIC.domain)
    optimizer = OPTIMIZERS["momentum"](lr=0.9, momentum=0.5)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), 200)
    words = verdict(Trial(QUADRATIC, optimizer, run, toward(optimizer, run, points, 0)))
    assert "above the limit" in words
    assert words.endswith(f"The run diverged at step {int(run.stop)}.")
    bent = OPTIMIZERS["momentum"](lr=0.0038, momentum=0.92)
    points = stationary_points(ROSENBROCK, ROSENBROCK.domain)
    run = descend(ROSENBROCK, bent, np.array([-1.2, 1.0]), 200)
    assert "the start is too far out" in verdict(Trial(ROSENBROCK, bent, run, toward(bent, run, points, 0)))


def test_the_bottom_of_a_crease_is_no_bowl_and_has_no_curvature_although_the_ground_beside_it_has():
    creased = own("|x| + |y| + 0.1(x^2 + y^2)", ((-3.0, 3.0), (-3.0, 3.0)))
    points = stationary_points(creased, creased.domain)
    assert points.kind.tolist() == ["minimum"]
    assert np.isnan(points.eigenvalues).all()
    assert bowl_below(creased, points, np.array([1.0, 2.0]), 6.0) is None


def test_theory_says_nothing_where_a_curvature_is_nought_slopes_jump_or_another_matrix_is_trusted():
    newton, gauss = OPTIMIZERS["newton"](), OPTIMIZERS["gauss_newton"]()
    assert predicted_rate(newton, np.array([1.0, 3.0])) == 0
    assert predicted_rate(newton, np.array([0.0, 0.0])) is None
    assert predicted_rate(newton, np.array([1e-12, 3.0])) is None
    assert predicted_rate(newton, np.array([np.nan, np.nan])) is None
    assert predicted_rate(gauss, np.array([1.0, 3.0])) is None


@pytest.mark.parametrize(
    ("errors", "status", "told"),
    [
        ([8, 4, 2, 1, 0.5], "max_steps", True),
        ([8, 4, 2, 3, 4], "max_steps", False),
        ([8, 1, 2, 1, 2], "max_steps", False),
        ([8, 7.9, 7.8, 7.7, 7.6], "max_steps", False),
        ([8, 7.9, 7.8], "converged", False),
        ([8, 1, 1e-7], "converged", True),
        ([8, 4, 2, 1], "diverged", False),
        ([8, 4, 4, 4], "stalled", False),
        ([8, 1, 1e-8, 1e-8], "stalled", True),
        ([8, 1, 1e-6, 1e-6], "stalled", False),
    ],
)
def test_a_run_closes_in_only_where_it_comes_nearer(errors, status, told):
    assert closes_in(np.array(errors, dtype=float), 1e-12, status, 1e-7) == told


@pytest.mark.parametrize(
    ("formula", "start"),
    [
        # On its tip a cone has no step that is short enough: 3e-25 beside it is there.
        ("-20*exp(-0.2*sqrt(0.5*(x**2 + y**2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y)))", (-1.0, 1.0)),
    ],
)
def test_a_run_that_rounding_alone_keeps_from_a_minimum_is_there(formula, start):
    surface = surface_from_formula(formula, ((-2, 2), (-2, 2)))
    tip = StationaryPoints(
        np.zeros((1, 2)), surface.value(np.zeros((1, 2))), np.full((1, 2), np.nan), np.array(["minimum"])
    )
    run = descend(surface, OPTIMIZERS["bfgs"](), np.array(start), 50, tolerance=1e-12)
    assert str(run.status) == "stalled"
    assert 0 < np.linalg.norm(run.x[-1]) < 1e-3
    assert convergence(OPTIMIZERS["bfgs"](), run, tip, 5.7) is not None
    # A valley's floor beside it at another height is elsewhere.
    lower = StationaryPoints(tip.x + run.x[-1] + 1e-4, tip.value - 1e-3, tip.eigenvalues, tip.kind)
    assert convergence(OPTIMIZERS["bfgs"](), run, lower, 5.7) is None


@pytest.mark.parametrize(
    ("key", "method", "start", "rests"),
    [
        # A ring of minima around the lowest one, and a ring of maxima between them.
        ("drop_wave", "bfgs", (-1.62, 0.19), -0.9362453278),
        ("drop_wave", "newton", (0.29, -0.03), 0.0),
    ],
)
def test_a_run_that_rests_beside_a_point_does_not_close_in_on_it(key, method, start, rests):
    surface, optimizer = SURFACES[key], OPTIMIZERS[method]()
    points = stationary_points(surface, surface.domain)
    run = descend(surface, optimizer, np.array(start), 100, tolerance=1e-10)
    assert str(run.status) == "converged"
    assert run.value[-1] == pytest.approx(rests, abs=1e-9)
    assert np.linalg.norm(points.x - run.x[-1], axis=-1).min() < NEAR * diagonal(surface.domain)
    assert convergence(optimizer, run, points, diagonal(surface.domain)) is None
