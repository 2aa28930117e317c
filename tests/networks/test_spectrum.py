"""Spectra are the Hessian's, and the edge of stability is where a method's own step stops contracting."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.networks import NETWORKS
from landscape.networks.spectrum import spectrum, stability_edge, stability_edges
from landscape.optimizers import OPTIMIZERS
from landscape.theory.quadratics import Diagonal


def test_eigenvalues_are_those_of_the_hessian_at_each_step():
    problem = NETWORKS["moons_network"]
    run = descend(problem, OPTIMIZERS["gradient_descent"](lr=0.5), np.array(problem.start), 30)
    steps = np.array([0, 7, 30])
    found = spectrum(problem, run.x, steps)
    for step, values in zip(steps, found.eigenvalues, strict=True):
        np.testing.assert_allclose(values, np.linalg.eigvalsh(problem.hessian(run.x[step])), atol=1e-14)
    np.testing.assert_array_equal(found.sharpness, found.eigenvalues.max(axis=1))


def test_a_hessian_that_is_not_finite_has_no_eigenvalues():
    problem = NETWORKS["curve_network"]
    x = np.stack([np.array(problem.start), np.full(problem.dimension, np.nan)])
    found = spectrum(problem, x, np.array([0, 1]))
    assert np.isfinite(found.eigenvalues[0]).all()
    assert np.isnan(found.eigenvalues[1]).all()


@pytest.mark.parametrize("lr", [1e-4, 0.03, 2.0])
def test_gradient_descent_is_stable_up_to_two_over_its_rate(lr):
    assert stability_edge(OPTIMIZERS["gradient_descent"](lr=lr)) == pytest.approx(2 / lr, rel=1e-9)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_heavy_ball_is_stable_up_to_two_times_one_plus_momentum(momentum):
    edge = stability_edge(OPTIMIZERS["momentum"](lr=0.1, momentum=momentum))
    assert edge == pytest.approx(2 * (1 + momentum) / 0.1, rel=1e-9)


def test_nesterov_shrinks_a_bowl_below_its_edge_and_not_above():
    method = OPTIMIZERS["nesterov"](lr=0.05)
    edge = stability_edge(method)
    for factor, shrinks in ((0.98, True), (1.02, False)):
        run = descend(Diagonal(np.array([factor * edge])), method, np.ones(1), 2000)
        assert (abs(run.x[-1, 0]) < 1) == shrinks


@pytest.mark.parametrize("key", ["adam", "rmsprop", "newton", "bfgs", "gradient_descent_armijo"])
def test_a_method_that_adapts_has_no_edge(key):
    assert stability_edge(OPTIMIZERS[key]()) is None


def test_on_a_bowl_beyond_the_edge_gradient_descent_diverges():
    method = OPTIMIZERS["gradient_descent"](lr=0.1)
    above = descend(Diagonal(np.array([1.05 * stability_edge(method)])), method, np.ones(1), 1000)
    assert above.status == "diverged"


@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if stability_edge(method()) is not None])
def test_a_rate_that_a_schedule_lowers_has_its_own_edge(key):
    factors = np.array([1.0, 0.7, 0.1, 1e-9, 0.0])
    method = OPTIMIZERS[key]()
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(stability_edges(method, factors), stability_edge(method) / factors, rtol=1e-9)
    assert stability_edges(method, factors)[2] == pytest.approx(stability_edge(method.scaled(0.1)), rel=1e-9)


@pytest.mark.parametrize("lr", [10.0, 2.5, 2.05])
def test_a_damped_newton_s_edge_is_not_in_proportion_to_its_rate(lr):
    """It leaves 1 - lr * c / (c + damping) of the error: more than -1 of it up to 2 * damping / (lr - 2)."""
    factors, damping = np.array([1.0, 0.99, 0.7, 0.3, 0.1, 0.0]), 40.0
    with np.errstate(divide="ignore"):
        expected = np.where(lr * factors > 2, 2 * damping / (lr * factors - 2), np.inf)
    found = stability_edges(OPTIMIZERS["newton"](lr=lr, damping=damping), factors)
    np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert stability_edges(OPTIMIZERS["adam"](), factors) is None
    assert stability_edges(OPTIMIZERS["newton"](lr=1.9, damping=damping), factors) is None
