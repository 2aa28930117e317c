"""Checks that every registry's tests share: are gradient and Hessian the derivatives of value?

Each takes one point x of shape (n,), draws its own directions from rng, and relies only on the Objective contract.
Two independent methods, because each has a blind spot: differences catch a small constant error, Taylor slopes catch
an error that a difference at one step size hides.
"""

from collections.abc import Callable

import numpy as np

from landscape.objective import Objective

EPS = np.finfo(float).eps
DIRECTIONS = 5


def derivative_along(
    function: Callable[[np.ndarray], np.ndarray], x: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, float]:
    """d/dt function(x + t v) at t = 0 by the five-point central difference, and how far it can be trusted.

    The step is the one where halving it changes the answer least: truncation falls as step**4 and round-off grows as
    1/step, and which wins where depends on the function. That change is the uncertainty.
    """
    steps = 0.1 * 0.5 ** np.arange(16)
    offsets = steps[:, None] * np.array([-2, -1, 1, 2])
    samples = function(x + offsets[..., None] * v)
    with np.errstate(invalid="ignore"):
        sums = np.tensordot(samples, np.array([1, -8, 8, -1]) / 12, axes=(1, 0))
        estimates = sums / steps.reshape(-1, *[1] * (sums.ndim - 1))
        changes = np.abs(np.diff(estimates, axis=0)).reshape(len(steps) - 1, -1).max(axis=1)
    best = np.nanargmin(changes)
    round_off = EPS * np.abs(samples[best + 1]).max() / steps[best + 1]
    return estimates[best + 1], changes[best] + round_off


def check_gradient(objective: Objective, x: np.ndarray, rng: np.random.Generator, tolerance: float = 1e-6) -> None:
    """g(x) . v is the derivative of value along v, to `tolerance` relative to |g(x)|, for random unit v."""
    gradient = objective.gradient(x)
    assert np.isfinite(gradient).all(), f"the gradient at {x} is {gradient}"
    for v in _directions(rng, x):
        _compare("gradient . v", gradient @ v, objective.value, x, v, tolerance * np.linalg.norm(gradient))


def check_hessian(objective: Objective, x: np.ndarray, rng: np.random.Generator, tolerance: float = 1e-6) -> None:
    """H(x) is symmetric; H(x) v and hessian_vector(x, v) are the derivative of gradient along v, relative to |H|."""
    hessian = objective.hessian(x)
    assert np.isfinite(hessian).all(), f"the Hessian at {x} is {hessian}"
    scale = np.abs(hessian).max()
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12 * scale, err_msg=f"symmetry at {x}")
    for v in _directions(rng, x):
        _compare("hessian @ v", hessian @ v, objective.gradient, x, v, tolerance * scale)
        np.testing.assert_allclose(objective.hessian_vector(x, v), hessian @ v, rtol=0, atol=1e-9 * scale)


def _compare(
    name: str,
    stated: np.ndarray,
    function: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    v: np.ndarray,
    allowed: float,
) -> None:
    measured, uncertainty = derivative_along(function, x, v)
    error = np.abs(stated - measured).max()
    assert error <= allowed + 10 * uncertainty, (
        f"{name} at x = {x}, v = {v} is {stated}, central differences say {measured}: "
        f"they differ by {error:.2g}, allowed are {allowed:.2g} and ten times the uncertainty {uncertainty:.2g}"
    )


def check_taylor(objective: Objective, x: np.ndarray, rng: np.random.Generator) -> None:
    """The remainder after the gradient falls as t**2 and after the Hessian as t**3; the slopes may be steeper.

    With a wrong gradient the first slope is 1, with a wrong Hessian the second is 2. The median over directions is
    judged: along a single one a higher derivative may happen to vanish. See `taylor_slope` for exact models.
    """
    value, gradient, hessian = objective.value(x), objective.gradient(x), objective.hessian(x)
    slopes = []
    for v in _directions(rng, x):
        slope, curvature = gradient @ v, v @ hessian @ v
        first = taylor_slope(objective, x, v, lambda t, a=slope: value + t * a)
        second = taylor_slope(objective, x, v, lambda t, a=slope, b=curvature: value + t * a + t**2 * b / 2)
        slopes.append((first, second))
    for order, name, slope in zip((2, 3), ("gradient", "Hessian"), np.median(slopes, axis=0), strict=True):
        assert slope > order - 0.1, (
            f"the Taylor remainder after the {name} at x = {x} has slope {slope:.3f}, not {order}"
        )


def taylor_slope(
    objective: Objective, x: np.ndarray, v: np.ndarray, model: Callable[[np.ndarray], np.ndarray]
) -> float:
    """The slope of log |value(x + t v) - model(t)| over log t, at the smallest steps that stand clear of round-off.

    Infinite where fewer than four steps do: then the model is exact as far as floating point can tell, as the second
    order model of a quadratic is, and a wrong coefficient would have shown.
    """
    scale = max(1.0, np.abs(x).max())
    steps = scale * 0.5 ** np.arange(30, 4, -1)
    remainder = np.abs(objective.value(x + steps[:, None] * v) - model(steps))
    # What value does over steps too short to matter is its round-off, inner cancellation included.
    jitter = scale * 1e-13 * np.arange(-8, 9)
    noise = np.abs(objective.value(x + jitter[:, None] * v) - model(jitter)).max() + EPS * np.abs(objective.value(x))
    clear = np.flatnonzero(remainder > 300 * noise)
    # From the first step after the last one that drowns, so that a lucky spike of noise is not taken for signal.
    drowned = np.flatnonzero(~(remainder > 300 * noise))
    window = clear[clear > drowned.max(initial=-1)][:5]
    if len(window) < 4:
        return np.inf
    return float(np.polyfit(np.log(steps[window]), np.log(remainder[window]), 1)[0])


def _directions(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    v = rng.standard_normal((DIRECTIONS, x.size))
    return v / np.linalg.norm(v, axis=1, keepdims=True)
