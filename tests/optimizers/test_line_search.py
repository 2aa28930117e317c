"""Line searches find what they promise, for each start of a batch, and conjugate directions are conjugate."""

from itertools import pairwise

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.search import backtrack, strong_wolfe
from landscape.surfaces import SURFACES

SMOOTH = [key for key, surface in SURFACES.items() if not surface.kink]
C1 = 1e-4


def downhill(surface, count=40):
    low, high = np.array(surface.domain).T
    x = np.random.default_rng(0).uniform(low, high, (count, 2))
    g = surface.gradient(x)
    turn = np.random.default_rng(1).uniform(-1.2, 1.2, count)
    d = -np.stack(
        [np.cos(turn) * g[:, 0] - np.sin(turn) * g[:, 1], np.sin(turn) * g[:, 0] + np.cos(turn) * g[:, 1]], -1
    )
    return x, g, d, np.sum(g * d, axis=-1, keepdims=True)


def fell_enough(surface, x, d, alpha, slope):
    before, after = surface.value(x)[:, None], surface.value(x + alpha * d)[:, None]
    return after <= before + C1 * alpha * slope + 1e-12 * np.abs(before)


@pytest.mark.parametrize("key", SMOOTH)
def test_armijos_condition_holds_and_not_for_the_trial_before(key):
    surface = SURFACES[key]
    x, _, d, slope = downhill(surface)
    alpha = backtrack(surface, x, d, slope, 1.0, 0.5, C1)
    assert np.all(alpha > 0)
    assert fell_enough(surface, x, d, alpha, slope).all()
    shortened = alpha[:, 0] < 1
    assert not fell_enough(surface, x, d, 2 * alpha, slope)[shortened].any()


@pytest.mark.parametrize("c2", [0.9, 0.1, 0.01])
@pytest.mark.parametrize("key", SMOOTH)
def test_the_strong_wolfe_conditions_hold(key, c2):
    surface = SURFACES[key]
    x, g, d, slope = downhill(surface)
    found = strong_wolfe(surface, x, d, surface.value(x)[:, None], g, 1.0, c2)
    ended = found.alpha[:, 0] < 1e6
    # What falls for ever has no such point, and on a plain there may be none within a million lengths.
    assert ended.mean() > 0.9 or key in ("saddle", "monkey_saddle", "mccormick", "easom", "michalewicz")
    assert (found.alpha > 0).all()
    np.testing.assert_array_equal(found.gradient, surface.gradient(x + found.alpha * d))
    np.testing.assert_array_equal(found.value[:, 0], surface.value(x + found.alpha * d))
    assert fell_enough(surface, x, d, found.alpha, slope)[ended].all()
    flat = np.abs(np.sum(found.gradient * d, axis=-1)) <= c2 * np.abs(slope[:, 0])
    # Michalewicz's plain again: a search that is out of trials takes the best it has.
    assert flat[ended].all() or (key == "michalewicz" and flat[ended].mean() > 0.9)


def test_uphill_and_nowhere_are_left_alone():
    bowl, x = parse("x**2 + y**2"), np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    d = np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 1.0]])
    g = bowl.gradient(x)
    slope = np.sum(g * d, axis=-1, keepdims=True)
    np.testing.assert_array_equal(backtrack(bowl, x, d, slope, 1.0)[:, 0], [0, 1, 0])
    np.testing.assert_array_equal(strong_wolfe(bowl, x, d, bowl.value(x)[:, None], g, 1.0, 0.9).alpha[:, 0], [0, 1, 0])


def test_a_search_stays_where_the_function_is_defined():
    fenced, x, d = parse("x - log(x) + y**2"), np.array([[3.0, 0.0]]), np.array([[-10.0, 0.0]])
    g = fenced.gradient(x)
    found = strong_wolfe(fenced, x, d, fenced.value(x)[:, None], g, 1.0, 0.1)
    assert 0 < (x + found.alpha * d)[0, 0] < 3
    assert abs(found.gradient[0, 0]) <= 0.1 * abs(g[0, 0])


@pytest.mark.parametrize("key", ["conjugate_gradient", "fletcher_reeves", "hestenes_stiefel"])
def test_conjugate_gradients_solve_a_quadratic_in_as_many_steps_as_variables(key):
    objective = parse("x**2 + 2*y**2 + 3*z**2 + 7*u**2 + x*y - y*z + z*u - x + u", ("x", "y", "z", "u"))
    optimizer, x = OPTIMIZERS[key](c2=1e-3), np.array([1.0, 2.0, -1.0, 0.5])
    state, directions = optimizer.init(x), []
    for _ in range(4):
        x, state = optimizer.step(objective, x, state)
        directions.append(state.d)
    assert np.linalg.norm(objective.gradient(x)) < 1e-9
    products = np.array(directions) @ objective.hessian(x) @ np.array(directions).T
    np.testing.assert_allclose(products - np.diag(np.diag(products)), 0, atol=1e-9 * products.max())


def test_hestenes_stiefel_is_conjugate_though_the_search_is_careless():
    himmelblau, optimizer, x = SURFACES["himmelblau"], OPTIMIZERS["hestenes_stiefel"](c2=0.9), np.array([1.0, 0.5])
    state = optimizer.init(x)
    x, state = optimizer.step(himmelblau, x, state)
    y, d = state.gradient - state.g_last, state.d
    _, state = optimizer.step(himmelblau, x, state)
    if not np.array_equal(state.d, -state.g_last):
        assert state.d @ y == pytest.approx(0, abs=1e-9 * np.linalg.norm(y) * np.linalg.norm(d))


def test_exact_searches_turn_by_right_angles():
    bowl, optimizer = SURFACES["quadratic"], OPTIMIZERS["gradient_descent_wolfe"](c2=1e-3)
    x, moves = np.array([-4.0, 2.0]), []
    state = optimizer.init(x)
    for _ in range(6):
        new, state = optimizer.step(bowl, x, state)
        moves.append(new - x)
        x = new
    for a, b in pairwise(moves):
        assert a @ b == pytest.approx(0, abs=2e-3 * np.linalg.norm(a) * np.linalg.norm(b))
