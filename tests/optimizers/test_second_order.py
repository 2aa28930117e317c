"""Methods that model or learn curvature: each does what its source proves, and SciPy agrees where it has the method."""

import numpy as np
import pytest
import scipy.optimize

from landscape.descent.descend import descend, endpoints
from landscape.formulas.expression import parse
from landscape.objective import Noisy
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.quadratic_model import Modelled, trusted
from landscape.optimizers.trust_region import exact_step, steihaug_step
from landscape.surfaces import SURFACES

NEW = [key for key, optimizer in OPTIMIZERS.items() if optimizer.family not in ("First order", "Adaptive")]
MODELLED = [key for key, optimizer in OPTIMIZERS.items() if issubclass(optimizer, Modelled)]
ROSENBROCK, HIMMELBLAU = SURFACES["rosenbrock"], SURFACES["himmelblau"]
FOUR = parse("x**2 + 2*y**2 + 3*z**2 + 7*u**2 + x*y - y*z + z*u - x + u", ("x", "y", "z", "u"))
CHAIN = parse("(1 - x)**2 + 10*(y - x**2)**2 + (1 - y)**2 + 10*(z - y**2)**2", ("x", "y", "z"))


# SciPy as an oracle: the same minimum, for work of the same order.


@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "himmelblau", "booth", "dixon_price"])
@pytest.mark.parametrize(
    ("key", "method"),
    [("bfgs", "BFGS"), ("lbfgs", "L-BFGS-B"), ("conjugate_gradient", "CG"), ("trust_region", "trust-exact")],
)
def test_scipy_ends_there_too_for_as_much_work(key, method, surface):
    surface = SURFACES[surface]
    run = descend(surface, OPTIMIZERS[key](), surface.start, 300, tolerance=1e-6)
    hessian = {"hess": surface.hessian} if method == "trust-exact" else {}
    options = {"gtol": 1e-6} | ({"ftol": 0.0} if method == "L-BFGS-B" else {})
    theirs = scipy.optimize.minimize(
        surface.value, surface.start, jac=surface.gradient, method=method, options=options, **hessian
    )
    assert run.status == "converged"
    assert min(np.abs(run.x[-1] - m.point).max() for m in surface.minima) < 1e-4
    assert min(np.abs(theirs.x - m.point).max() for m in surface.minima) < 1e-4
    gradients = int(run.evaluations.gradient[-1])
    assert theirs.njev / 3 - 2 <= gradients <= 3 * theirs.njev + 2


@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "dixon_price", "booth"])
def test_gauss_newton_ends_where_scipys_least_squares_ends(surface):
    surface = SURFACES[surface]
    optimizer = OPTIMIZERS["gauss_newton"](line_search=True)
    run = descend(surface, optimizer, surface.start, 60, tolerance=1e-9)
    theirs = scipy.optimize.least_squares(surface.residuals, surface.start, jac=surface.jacobian, xtol=1e-12)
    assert run.status == "converged"
    assert surface.value(run.x[-1]) == pytest.approx(2 * theirs.cost, abs=1e-12)
    assert run.evaluations.jacobian[-1] <= 3 * theirs.njev + 2


# A batch, and every surface.


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("key", NEW)
def test_every_method_on_every_surface_ends_with_a_status(key, surface):
    surface, optimizer = SURFACES[surface], OPTIMIZERS[key]()
    if not optimizer.applies_to(surface):
        with pytest.raises(ValueError, match=f"{optimizer.title} needs"):
            descend(surface, optimizer, surface.start, 3)
        return
    low, high = np.array(surface.domain).T
    starts = np.random.default_rng(0).uniform(low, high, (3, 2))
    run = descend(surface, optimizer, starts, 40, tolerance=1e-8)
    assert set(run.status) <= {"converged", "diverged", "stalled", "max_steps"}
    assert np.isfinite(run.x).all()
    np.testing.assert_allclose(
        descend(surface, optimizer, starts[1], 3, tolerance=1e-8).x[1], run.x[1, 1], rtol=1e-9, atol=1e-12
    )


DESCENDING = [
    "levenberg_marquardt",
    "trust_region",
    "bfgs",
    "lbfgs",
    "gradient_descent_armijo",
    "gradient_descent_wolfe",
]


@pytest.mark.parametrize("key", [*DESCENDING, "conjugate_gradient", "fletcher_reeves", "hestenes_stiefel"])
@pytest.mark.parametrize("surface", ["rosenbrock", "six_hump_camel", "peaks", "plateau", "goldstein_price"])
def test_the_value_never_rises(key, surface):
    surface = SURFACES[surface]
    low, high = np.array(surface.domain).T
    starts = np.random.default_rng(1).uniform(low, high, (20, 2))
    value = descend(surface, OPTIMIZERS[key](), starts, 60).value
    assert np.all(np.diff(value, axis=0) <= 1e-11 * np.maximum(1, np.abs(value[:-1])))


@pytest.mark.parametrize("key", ["levenberg_marquardt", "trust_region", "bfgs", "lbfgs", "conjugate_gradient"])
def test_from_anywhere_to_a_stationary_point(key):
    low, high = np.array(HIMMELBLAU.domain).T
    starts = np.random.default_rng(2).uniform(low, high, (60, 2))
    assert np.all(descend(HIMMELBLAU, OPTIMIZERS[key](), starts, 150, tolerance=1e-7).status == "converged")


@pytest.mark.parametrize("key", NEW)
def test_more_than_two_variables(key):
    optimizer = OPTIMIZERS[key]()
    objective = CHAIN if key == "gauss_newton" else FOUR
    start = [0.5, 0.3, 0.2] if key == "gauss_newton" else [[1.0, 2.0, -1.0, 0.5], [0.0, 0.0, 3.0, 1.0]]
    end = endpoints(objective, optimizer, np.array(start), 150)
    np.testing.assert_allclose(objective.gradient(end), 0.0, atol=1e-6)


# Newton and its kin.


def test_a_line_search_keeps_newton_from_climbing():
    starts = np.random.default_rng(3).uniform(-5, 5, (200, 2))
    run = descend(HIMMELBLAU, OPTIMIZERS["newton"](line_search=True), starts, 60, tolerance=1e-8)
    assert np.all(np.diff(run.value, axis=0) <= 1e-11)
    assert np.mean(run.status == "converged") > 0.99


def test_damping_turns_newton_towards_the_gradient():
    x = np.array([2.0, 2.5])
    g = HIMMELBLAU.gradient(x)
    angles = []
    for damping in (0.0, 10.0, 100.0):
        new, _ = OPTIMIZERS["newton"](damping=damping).step(HIMMELBLAU, x, None)
        angles.append((x - new) @ g / np.linalg.norm(x - new) / np.linalg.norm(g))
    assert angles == sorted(angles)


def test_saddle_free_newton_flees_the_saddle_that_newton_seeks():
    saddle, start = parse("x**2 - y**2"), np.array([1.0, 0.1])
    np.testing.assert_allclose(OPTIMIZERS["newton"]().step(saddle, start, None)[0], [0, 0], atol=1e-15)
    np.testing.assert_allclose(OPTIMIZERS["saddle_free_newton"]().step(saddle, start, None)[0], [0, 0.2], atol=1e-15)
    near = np.array([3.1, 2.1])
    np.testing.assert_allclose(
        OPTIMIZERS["saddle_free_newton"]().step(HIMMELBLAU, near, None)[0],
        OPTIMIZERS["newton"]().step(HIMMELBLAU, near, None)[0],
        rtol=1e-12,
    )


def test_gauss_newton_solves_linear_residuals_in_one_step():
    booth = SURFACES["booth"]
    np.testing.assert_allclose(descend(booth, OPTIMIZERS["gauss_newton"](), booth.start, 1).x[-1], [1, 3], rtol=1e-12)


def test_gauss_newton_tells_what_it_needs():
    assert not OPTIMIZERS["gauss_newton"].applies_to(SURFACES["ackley"])
    assert OPTIMIZERS["gauss_newton"].applies_to(Noisy(ROSENBROCK, 0.1))
    with pytest.raises(ValueError, match="Gauss-Newton needs a sum of squares"):
        endpoints(SURFACES["ackley"], OPTIMIZERS["gauss_newton"](), np.zeros((2, 2)), 1)


# Trust regions.


@pytest.mark.parametrize("seed", range(5))
def test_the_exact_step_is_the_least_point_of_the_model(seed):
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((50, 2, 2))
    hessian, g = half + np.swapaxes(half, -1, -2), rng.standard_normal((50, 2))
    radius = 10.0 ** rng.uniform(-2, 2, (50, 1))
    p, multiplier = exact_step(g, hessian, radius)
    length = np.linalg.norm(p, axis=-1, keepdims=True)
    assert np.all(length <= radius * (1 + 1e-9))
    shifted = hessian + multiplier[..., None] * np.eye(2)
    np.testing.assert_allclose(np.einsum("kij,kj->ki", shifted, p), -g, rtol=1e-7, atol=1e-9)
    assert np.all(np.linalg.eigvalsh(shifted) >= -1e-9)
    np.testing.assert_allclose(multiplier * (radius - length), 0, atol=1e-7 * radius.max())


def test_the_hard_case_leaves_along_the_downward_axis():
    radius = np.array([2.0])
    p, multiplier = exact_step(np.array([1.0, 0.0]), np.diag([2.0, -1.0]), radius)
    assert multiplier == pytest.approx(1.0)
    np.testing.assert_allclose(np.abs(p), [1 / 3, np.sqrt(4 - 1 / 9)])
    # On a saddle itself there is no slope at all, and it leaves none the less.
    p, _ = exact_step(np.zeros(2), np.diag([2.0, -1.0]), radius)
    np.testing.assert_allclose(np.abs(p), [0, 2])
    p, _ = exact_step(np.zeros(2), np.diag([2.0, 1.0]), radius)
    np.testing.assert_array_equal(p, 0)
    # A hair beside the hard case is as good.
    p, _ = exact_step(np.array([1.0, 1e-14]), np.diag([2.0, -1.0]), radius)
    np.testing.assert_allclose(p, [-1 / 3, -np.sqrt(4 - 1 / 9)], rtol=1e-6)


def test_steihaug_is_exact_on_a_bowl_and_goes_to_the_edge_where_it_falls_away():
    x = np.zeros((2, 4))
    g = FOUR.gradient(x)
    wide = steihaug_step(FOUR, x, g, np.full((2, 1), 100.0))
    residual = np.linalg.norm(np.einsum("kij,kj->ki", FOUR.hessian(x), wide) + g, axis=-1)
    assert np.all(residual <= 0.5 * np.linalg.norm(g, axis=-1))
    tight = steihaug_step(FOUR, x, g, np.full((2, 1), 0.01))
    np.testing.assert_allclose(np.linalg.norm(tight, axis=-1), 0.01)
    falls = parse("x**2 + y**2 - z**2 + z", ("x", "y", "z"))
    p = steihaug_step(falls, np.zeros(3), falls.gradient(np.zeros(3)), np.array([3.0]))
    np.testing.assert_allclose(p, [0, 0, -3])


# Quasi-Newton.


@pytest.mark.parametrize("key", ["bfgs", "lbfgs"])
def test_the_secant_equation_holds_after_every_step(key):
    optimizer, x = OPTIMIZERS[key](), np.array([[-1.2, 1.0], [0.5, 2.0]])
    state = optimizer.init(x)
    for _ in range(8):
        new, state = optimizer.step(ROSENBROCK, x, state)
        s, y = new - x, ROSENBROCK.gradient(new) - ROSENBROCK.gradient(x)
        np.testing.assert_allclose(optimizer.product(state.memory, y), s, rtol=1e-7, atol=1e-9)
        x = new


def test_a_single_pair_is_kept_by_the_shortest_memory():
    starts = np.array([[-1.2, 1.0]])
    short = descend(ROSENBROCK, OPTIMIZERS["lbfgs"](history=1), starts, 200, tolerance=1e-8)
    long = descend(ROSENBROCK, OPTIMIZERS["lbfgs"](history=10), starts, 200, tolerance=1e-8)
    assert long.stop[0] <= short.stop[0]


@pytest.mark.parametrize("short", [False, True])
def test_barzilai_borwein_satisfies_its_secant_equation_as_well_as_one_number_can(short):
    optimizer, x = OPTIMIZERS["barzilai_borwein"](lr=0.01, short=short), np.array([3.0, 2.5])
    state = optimizer.init(x)
    new, state = optimizer.step(HIMMELBLAU, x, state)
    g = HIMMELBLAU.gradient(new)
    s, y = new - x, g - HIMMELBLAU.gradient(x)
    alpha = float(optimizer.rate(new, g, state)[0])

    def misfit(a):
        return np.linalg.norm(s - a * y) if short else np.linalg.norm(s / a - y)

    assert misfit(alpha) <= min(misfit(alpha * 1.01), misfit(alpha * 0.99))


def test_a_draw_is_measured_afresh_and_a_fixed_objective_is_not():
    optimizer = OPTIMIZERS["bfgs"]()
    fixed = descend(HIMMELBLAU, optimizer, (3.5, 2.5), 3).evaluations
    noisy = descend(Noisy(HIMMELBLAU, 0.0), optimizer, (3.5, 2.5), 3).evaluations
    assert noisy.gradient[-1] == fixed.gradient[-1] + 2


# The model a step trusted.


@pytest.mark.parametrize("key", MODELLED)
def test_a_model_is_what_the_step_went_by(key):
    optimizer = OPTIMIZERS[key]()
    starts = np.array([[-1.2, 1.0], [0.5, 2.0]])
    models = trusted(ROSENBROCK, optimizer, starts, 12)
    run = descend(ROSENBROCK, optimizer, starts, 12)
    np.testing.assert_array_equal(models.x, run.x[:-1])
    np.testing.assert_array_equal(models.accepted, (np.diff(run.x, axis=0) != 0).any(axis=-1))
    np.testing.assert_allclose(np.where(models.accepted[..., None], models.x + models.step, models.x), run.x[1:])
    np.testing.assert_array_equal(models.value, run.value[:-1])
    np.testing.assert_allclose(models.gradient, ROSENBROCK.gradient(models.x))
    np.testing.assert_allclose(models.matrix, np.swapaxes(models.matrix, -1, -2), rtol=1e-6, atol=1e-6)
    scale = np.abs(models.value) + np.abs(models.predicted)
    assert np.all(np.abs(models.value - models.at(models.step) - models.predicted) <= 1e-9 * scale)
    fell = run.value[:-1] - run.value[1:]
    np.testing.assert_allclose(models.actual[models.accepted], fell[models.accepted], rtol=1e-9, atol=1e-12)
    assert models.damping.shape == models.radius.shape == models.value.shape


@pytest.mark.parametrize("key", ["newton", "levenberg_marquardt", "gauss_newton", "saddle_free_newton", "trust_region"])
def test_a_step_is_the_stationary_point_of_its_damped_model(key):
    models = trusted(HIMMELBLAU, OPTIMIZERS[key](), np.array([2.0, 0.8]), 5)
    np.testing.assert_allclose(models.stationary, models.step, rtol=1e-6, atol=1e-9)
    assert np.all(np.linalg.norm(models.step, axis=-1) <= models.radius * (1 + 1e-9))


def test_a_trust_region_that_is_refused_shrinks_and_tries_again():
    models = trusted(ROSENBROCK, OPTIMIZERS["trust_region"](radius=10.0), np.array([-1.2, 1.0]), 30)
    refused = np.flatnonzero(~models.accepted[:-1] & (models.step[:-1] != 0).any(axis=-1))
    assert len(refused)
    assert np.all(models.radius[refused + 1] < models.radius[refused])
    assert np.all(models.actual[refused] < 0.25 * models.predicted[refused])


# Honest ends.


def test_a_refused_step_is_no_stall():
    optimizer = OPTIMIZERS["trust_region"](radius=10.0)
    models = trusted(ROSENBROCK, optimizer, np.array([-1.2, 1.0]), 30)
    steps = int(np.flatnonzero(~models.accepted)[0]) + 1
    run = descend(ROSENBROCK, optimizer, (-1.2, 1.0), steps)
    assert np.all(run.x[-1] == run.x[-2])
    assert run.status == "max_steps"


@pytest.mark.parametrize(
    ("key", "formula", "start", "status"),
    [
        # A singular Hessian: one direction is straight.
        ("newton", "x**2 + y", (1.0, 1.0), "stalled"),
        ("saddle_free_newton", "x**2 + y", (1.0, 1.0), "stalled"),
        ("levenberg_marquardt", "x**2 + y", (1.0, 1.0), "diverged"),
        ("bfgs", "x**2 + y", (1.0, 1.0), "diverged"),
        # An indefinite one.
        ("newton", "x**2 - y**2", (1.0, 1.0), "converged"),
        ("levenberg_marquardt", "x**2 - y**2", (1.0, 1.0), "diverged"),
        # No gradient at the start, at a saddle.
        ("newton", "x**2 - y**2", (0.0, 0.0), "converged"),
        # A method that sees where the ground bends down leaves it.
        ("trust_region", "x**2 - y**2", (0.0, 0.0), "max_steps"),
        # A flat plateau.
        ("newton", "3 + 0*x", (1.0, 1.0), "converged"),
        ("bfgs", "3 + 0*x", (1.0, 1.0), "converged"),
        ("gradient_descent_armijo", "1 - exp(-x**2 - y**2)", (9.0, 9.0), "stalled"),
        ("gradient_descent_armijo", "1 - exp(-x**2 - y**2)", (3.0, 3.0), "max_steps"),
        # Unbounded below.
        ("gradient_descent_wolfe", "x + y", (0.0, 0.0), "diverged"),
        ("conjugate_gradient", "-x**2 - y**4", (0.1, 0.1), "diverged"),
        ("trust_region", "x + y", (0.0, 0.0), "max_steps"),
        # No value beyond the edge of the domain.
        ("bfgs", "x - log(x) + y**2", (3.0, 1.0), "converged"),
        ("trust_region", "x - log(x) + y**2", (3.0, 1.0), "converged"),
    ],
)
def test_awkward_places_have_a_status(key, formula, start, status):
    assert descend(parse(formula), OPTIMIZERS[key](), start, 100, tolerance=1e-8).status == status
