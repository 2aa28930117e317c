"""What theory predicts is what runs show."""

import numpy as np
import pytest

from landscape.curvature import SHAPES, local
from landscape.descent.descend import descend
from landscape.formulas.expression import parse
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.convergence import measured_rate, order_of_convergence
from landscape.theory.quadratics import (
    REGIMES,
    best_gradient_descent,
    best_heavy_ball,
    boundaries,
    contraction,
    heavy_ball,
)

BOWL = SURFACES["quadratic"].with_(kappa=10, angle=30)
START = (-4.0, 2.0)
BEST = best_heavy_ball([1.0, 10.0])


def errors(optimizer, steps=400, objective=BOWL, start=START, minimum=(0.0, 0.0)):
    return np.linalg.norm(descend(objective, optimizer, start, steps).x - minimum, axis=-1)


# At a point.


def test_the_curvature_at_a_point():
    here = local(BOWL, np.array([[1.0, 2.0], [0.0, 0.0]]))
    np.testing.assert_allclose(here.eigenvalues, [[1, 10], [1, 10]])
    np.testing.assert_allclose(here.condition, 10)
    np.testing.assert_allclose(here.largest_rate, 0.2)
    rebuilt = np.einsum("...ij,...j,...kj->...ik", here.eigenvectors, here.eigenvalues, here.eigenvectors)
    np.testing.assert_allclose(rebuilt, here.hessian, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("x**2 + 3*y**2", "bowl"),
        ("-x**2 - 3*y**2", "hilltop"),
        ("x**2 - y**2", "saddle"),
        ("(x - y)**2", "trough"),
        ("-(x - y)**2", "ridge"),
        ("3*x + y", "plateau"),
    ],
)
def test_a_shape_has_a_word(text, shape):
    assert local(parse(text), np.array([0.3, 0.7])).shape == shape
    assert shape in SHAPES


def test_where_nothing_curves_up_no_rate_is_too_large():
    flat = local(parse("3*x - y**2"), np.zeros(2))
    assert flat.largest_rate == np.inf
    assert flat.condition == np.inf


# Rates.


@pytest.mark.parametrize(("share", "status"), [(0.999, "converged"), (1.001, "diverged")])
def test_two_over_lambda_max_separates_convergence_from_divergence(share, status):
    rate = float(local(BOWL, np.zeros(2)).largest_rate) * share
    run = descend(BOWL, OPTIMIZERS["gradient_descent"](lr=rate), START, 20_000, tolerance=1e-8)
    assert run.status == status


@pytest.mark.parametrize(
    ("lr", "momentum"),
    [
        (0.05, 0.5),
        (0.1, 0.9),
        (0.01, 0.2),
        (0.15, 0.3),
        (0.19, 0.0),
        (BEST.lr, BEST.momentum),
        (0.2, 0.95),
        (0.25, 0.6),
    ],
)
def test_heavy_ball_contracts_at_its_predicted_rate(lr, momentum):
    radius, _ = heavy_ball(lr, momentum, [1.0, 10.0])
    optimizer = OPTIMIZERS["momentum"](lr=lr, momentum=momentum)
    assert measured_rate(errors(optimizer), floor=0) == pytest.approx(radius, rel=0.01)
    # The square root of a double eigenvalue's rounding is what the matrix can know.
    assert contraction(optimizer, [1.0, 10.0]) == pytest.approx(radius, rel=1e-6)


@pytest.mark.parametrize("key", ["gradient_descent", "momentum", "nesterov", "qhm", "newton", "saddle_free_newton"])
def test_linear_methods_contract_as_their_own_step_says(key):
    optimizer = OPTIMIZERS[key](lr=0.05)
    assert measured_rate(errors(optimizer), floor=0) == pytest.approx(contraction(optimizer, [1.0, 10.0]), rel=0.01)


def test_a_method_that_is_no_linear_map_has_no_rate():
    linear = {key for key, optimizer in OPTIMIZERS.items() if contraction(optimizer(), [1.0, 10.0]) is not None}
    assert linear == {
        *("gradient_descent", "momentum", "nesterov", "qhm", "proximal_gradient"),
        *("newton", "saddle_free_newton", "gauss_newton"),
    }


def test_newton_needs_one_step_and_damping_slows_it():
    assert contraction(OPTIMIZERS["newton"](), [1.0, 10.0]) == 0
    assert contraction(OPTIMIZERS["newton"](damping=1.0), [1.0, 10.0]) == pytest.approx(0.5)
    assert contraction(OPTIMIZERS["newton"](), [-1.0, 10.0]) == 0


def test_contraction_of_a_grid_equals_the_closed_form():
    lr, momentum = np.linspace(0.01, 0.3, 7)[:, None], np.linspace(0, 0.99, 5)
    grid = OPTIMIZERS["momentum"](lr=lr[..., None], momentum=momentum[None, :, None])
    np.testing.assert_allclose(contraction(grid, [1.0, 10.0]), heavy_ball(lr, momentum, [1.0, 10.0])[0], rtol=1e-6)


@pytest.mark.parametrize("best", [best_gradient_descent([1.0, 10.0]), BEST])
def test_no_neighbour_beats_the_best_rate(best):
    assert heavy_ball(best.lr, best.momentum, [1.0, 10.0])[0] == pytest.approx(best.rate, rel=1e-6)
    momenta = [best.momentum] if best.momentum == 0 else best.momentum * np.linspace(0.8, 1.2, 9)
    for momentum in momenta:
        around, _ = heavy_ball(best.lr * np.linspace(0.8, 1.2, 41), momentum, [1.0, 10.0])
        assert around.min() >= best.rate - 1e-7


def test_a_best_rate_needs_a_bowl():
    with pytest.raises(ValueError, match="eigenvalues are -1 to 10"):
        best_heavy_ball([-1.0, 10.0])


@pytest.mark.parametrize(
    ("lr", "momentum", "regime"),
    [
        (1.0, 0.0, "one-step"),
        (0.5, 0.0, "monotone"),
        (1.5, 0.0, "zigzags"),
        (0.5, 0.8, "ripples"),
        (2.1, 0.0, "diverges"),
    ],
)
def test_regimes_of_a_single_curvature(lr, momentum, regime):
    assert heavy_ball(lr, momentum, [1.0])[1] == regime
    assert regime in REGIMES
    x = descend(parse("x**2/2", ("x",)), OPTIMIZERS["momentum"](lr=lr, momentum=momentum), [1.0], 60).x[:, 0]
    crossings = np.sum(np.sign(x[1:]) * np.sign(x[:-1]) < 0)
    expected = {"one-step": 0, "monotone": 0, "zigzags": 60, "ripples": 14, "diverges": 60}[regime]
    assert abs(int(crossings) - expected) <= (2 if regime == "ripples" else 0)


# Orders.


def test_newton_on_rosenbrock():
    run = descend(SURFACES["rosenbrock"], OPTIMIZERS["newton"](), (-1.2, 1.0), 7)
    error = np.linalg.norm(run.x - 1, axis=-1)
    assert error[7] <= 1e-12
    assert order_of_convergence(error) == pytest.approx(2, abs=0.15)


def test_orders_of_known_sequences():
    k = np.arange(6)
    assert order_of_convergence(0.5**k) == pytest.approx(1)
    assert order_of_convergence(0.5 ** (2.0**k)) == pytest.approx(2)
    assert order_of_convergence(0.5 ** (3.0 ** k[:4])) == pytest.approx(3)
    assert np.isnan(order_of_convergence(np.array([1.0, 0.0, 0.0])))
    assert np.isnan(order_of_convergence(np.ones(5)))


def test_measured_orders_of_methods():
    himmelblau, near, minimum = SURFACES["himmelblau"], (3.3, 2.3), (3.0, 2.0)

    def order(key, steps, **hyper):
        return order_of_convergence(errors(OPTIMIZERS[key](**hyper), steps, himmelblau, near, minimum))

    assert order("newton", 6) == pytest.approx(2, abs=0.1)
    assert order("gradient_descent", 150, lr=0.01) == pytest.approx(1, abs=0.02)
    assert 1.1 < order("bfgs", 20) < 2.1


def test_a_rate_needs_a_run():
    assert np.isnan(measured_rate(np.array([1.0, 0.5])))
    assert np.isnan(measured_rate(np.full(20, np.nan)))
    assert measured_rate(0.9 ** np.arange(100)) == pytest.approx(0.9)
    assert measured_rate(1.1 ** np.arange(100)) == pytest.approx(1.1)


@pytest.mark.parametrize("eigenvalues", [(1.0, 10.0), (0.4, 1000.0), (2.0, 3.0)])
def test_regimes_change_at_the_boundaries(eigenvalues: tuple[float, float]) -> None:
    momenta = np.linspace(0.01, 0.98, 50)
    lines = boundaries(momenta, np.array(eigenvalues))
    sides = {
        "stable": ({"ripples", "zigzags"}, {"diverges"}),
        "swings": ({"monotone"}, {"ripples"}),
        "snaps": ({"ripples"}, {"zigzags"}),
        "even": ({"monotone"}, {"zigzags"}),
    }
    for name, (below, above) in sides.items():
        known = np.isfinite(lines[name])
        for factor, names in ((1 - 1e-6, below), (1 + 1e-6, above)):
            _, regime = heavy_ball(factor * lines[name][known], momenta[known], np.array(eigenvalues))
            assert set(regime.tolist()) <= names, name


def test_the_boundaries_meet_at_the_best_heavy_ball() -> None:
    eigenvalues = np.array([1.0, 25.0])
    best = best_heavy_ball(eigenvalues)
    lines = boundaries(np.array(best.momentum), eigenvalues)
    assert lines["swings"] == pytest.approx(best.lr)
    assert lines["snaps"] == pytest.approx(best.lr)
