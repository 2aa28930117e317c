"""A run has converged where slope and step are at rest: not in flight, on a saddle it leaves, or on fading ground."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.descent.rest import FEW, MOST, length
from landscape.descent.tuning import best
from landscape.formulas.expression import parse
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.first_order import Momentum, Nesterov
from landscape.surfaces import SURFACES
from landscape.theory.quadratics import Diagonal

SPHERE, SADDLE = parse("x**2 + y**2"), parse("x**2 - y**2 + y**4")


def test_a_velocity_through_a_slope_of_zero_is_no_rest() -> None:
    """From (2, 2) the first step lands on the minimum exactly, and the velocity carries it on."""
    run = descend(SPHERE, Momentum(lr=0.5, momentum=0.9), np.array([2.0, 2.0]), 900, tolerance=1e-10)
    assert run.gradient_norm[1] == 0
    assert run.value[2] > 6
    assert (run.status, run.stop > 100) == ("converged", True)
    assert np.abs(np.diff(run.x[run.stop - 2 :], axis=0)).max() < 1e-9


@pytest.mark.parametrize("tolerance", [0.0, 1e-10])
def test_nor_at_the_last_step(tolerance: float) -> None:
    run = descend(SPHERE, Momentum(lr=0.5, momentum=0.9), np.array([2.0, 2.0]), 1, tolerance=tolerance)
    assert (run.gradient_norm[-1], run.status) == (0, "max_steps")
    rested = descend(SPHERE, Momentum(lr=0.5, momentum=0.0), np.array([2.0, 2.0]), 1, tolerance=tolerance)
    assert (rested.status, rested.stop) == ("converged", 1)


def test_tuning_does_not_prefer_a_flight_through_the_minimum() -> None:
    """Both rates are calm; the larger flies through 0 at step 1 and is back at f = 2.5 two steps later."""
    rates = np.array([0.5, 0.05])
    runs = descend(SPHERE, Momentum(lr=rates[:, None], momentum=0.5), np.full((2, 2), 2.0), 4)
    assert runs.gradient_norm[1, 0] == 0
    assert runs.value[2, 0] > 0
    assert best(rates, runs.value, runs.status == "diverged") in (0.05, 0.5)
    np.testing.assert_array_equal(runs.status, "max_steps")


def test_a_method_that_leaves_a_saddle_is_let_go_on() -> None:
    run = descend(SADDLE, OPTIMIZERS["trust_region"](radius=100.0), np.array([1.0, 0.0]), 60, tolerance=1e-10)
    assert (run.gradient_norm < 1e-10).any()
    np.testing.assert_allclose(np.abs(run.x[-1]), [0, np.sqrt(0.5)], atol=1e-9)
    assert run.status == "converged"
    assert run.stop > 3


def test_gradient_descent_falls_off_a_ridge_in_the_end() -> None:
    run = descend(SADDLE, OPTIMIZERS["gradient_descent"](lr=0.1), np.array([0.0, 1e-12]), 400, tolerance=1e-10)
    assert run.gradient_norm[0] < 1e-10
    np.testing.assert_allclose(run.x[-1], [0, np.sqrt(0.5)], atol=1e-9)


def test_on_a_saddle_newton_has_converged_where_it_rests() -> None:
    run = descend(SADDLE, OPTIMIZERS["newton"](), np.array([1.0, 0.1]), 60, tolerance=1e-10)
    assert (run.status, run.stop < 8) == ("converged", True)
    np.testing.assert_allclose(run.x[-1], 0, atol=1e-12)


@pytest.mark.parametrize("formula", ["exp(-x) + y**2", "-exp(-x**2 - y**2)", "ln(1 + exp(-x)) + y**2/2"])
def test_a_slope_that_fades_has_not_converged(formula: str) -> None:
    start = np.array([30.0 if "ln" in formula or "(-x)" in formula else 6.0, 0.0])
    run = descend(parse(formula), OPTIMIZERS["gradient_descent"](lr=0.5), start, 50, tolerance=1e-10)
    assert 0 < run.gradient_norm[-1] < 1e-10
    assert run.status in ("max_steps", "stalled")


def test_but_flat_ground_a_slope_of_exactly_zero_is_rest() -> None:
    run = descend(parse("max(x, 0)**2 + 0*y"), OPTIMIZERS["adam"](lr=0.1), np.array([-1.0, 1.0]), 5, tolerance=1e-10)
    assert (run.status, run.stop) == ("converged", 0)


def test_a_batch_rests_where_its_runs_do_alone() -> None:
    starts = np.array([[2.0, 2.0], [0.0, 0.0], [1.0, -0.5]])
    for method in (Momentum(lr=0.5, momentum=0.9), Nesterov(lr=0.1), OPTIMIZERS["adam"](lr=0.1)):
        batch = descend(SURFACES["himmelblau"], method, starts, 90, tolerance=1e-6)
        for i, start in enumerate(starts):
            alone = descend(SURFACES["himmelblau"], method, start, 90, tolerance=1e-6)
            assert (alone.status, alone.stop) == (batch.status[i], batch.stop[i])
            np.testing.assert_array_equal(alone.x, batch.x[:, i])


@pytest.mark.parametrize("shape", [(2,), (7, 2), (5, 3, FEW), (5, FEW + 1)])
def test_a_length_is_the_largest_component_and_none_where_one_is_none(shape: tuple[int, ...]) -> None:
    step = np.random.default_rng(0).normal(size=shape)
    np.testing.assert_array_equal(length(step), np.abs(step).max(axis=-1))
    step.flat[-1] = np.nan
    np.testing.assert_array_equal(length(step), np.abs(step).max(axis=-1))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_run_of_many_variables_comes_to_rest_like_any_other(shape):
    """Of more variables than anybody asks the curvatures of, from one start or from many: they are at 0 at once."""
    bowl = Diagonal(np.ones(MOST + 1))
    run = descend(bowl, OPTIMIZERS["gradient_descent"](lr=1.0), np.ones((*shape, MOST + 1)), 3)
    assert run.status.shape == shape
    assert (run.status == "converged").all()
    assert (run.stop == 1).all()
