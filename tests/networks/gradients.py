"""What the tests of every network share: its derivatives against differences, a batch against a loop."""

from collections.abc import Callable

import numpy as np

from landscape.networks import LossObjective

# Of the differences.
STEP = 2e-4


def central_differences(function: Callable[[np.ndarray], np.ndarray], w: np.ndarray, step: float = STEP) -> np.ndarray:
    """The derivative in each weight, last axis, by five points a step apart."""
    offsets = step * np.array([-2, -1, 1, 2])[:, None, None] * np.eye(len(w))
    return np.moveaxis(np.tensordot(np.array([1, -8, 8, -1]) / 12, function(w + offsets), axes=1), 0, -1) / step


def check_derivatives(objective: LossObjective, w: np.ndarray) -> None:
    """The gradient within 1e-7, the Hessian within 1e-5 of differences, and products that agree with it."""
    gradient, hessian = objective.gradient(w), objective.hessian(w)
    assert np.abs(gradient - central_differences(objective.value, w)).max() <= 1e-7 * np.abs(gradient).max()
    scale = np.abs(hessian).max()
    assert np.abs(hessian - central_differences(objective.gradient, w)).max() <= 1e-5 * scale
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12 * scale)
    v = np.random.default_rng(0).standard_normal((3, len(w)))
    np.testing.assert_allclose(objective.hessian_vector(w, v), v @ hessian, rtol=0, atol=1e-12 * scale * len(w))


def check_loop(objective: LossObjective, w: np.ndarray) -> None:
    """A batch of weights answers what each of them answers alone; Gauss-Newton has no negative eigenvalue."""
    several = w + 0.1 * np.random.default_rng(1).standard_normal((2, 2, len(w)))
    for method in (objective.value, objective.gradient, objective.hessian, objective.gauss_newton):
        together = method(several)
        for index in np.ndindex(2, 2):
            np.testing.assert_allclose(together[index], method(several[index]), rtol=1e-11, atol=1e-13)
    assert np.linalg.eigvalsh(objective.gauss_newton(w)).min() > -1e-10
