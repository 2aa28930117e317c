"""The Hessian's eigenvalues along a run, and the curvature at which a method becomes unstable."""

from typing import NamedTuple

import numpy as np

from landscape.objective import Objective
from landscape.optimizers import Optimizer
from landscape.theory.quadratics import contraction

# Curvatures between which an edge is looked for.
_LOW, _HIGH = 1e-9, 1e12
# Factors of a rate at one of which there is another edge.
_LESS = (0.5, 0.9, 0.999)


class Spectrum(NamedTuple):
    """Eigenvalues of the Hessian, ascending, (K, n), at K steps of a run, (K,).

    NaN where the Hessian is not finite.
    """

    steps: np.ndarray
    eigenvalues: np.ndarray

    @property
    def sharpness(self) -> np.ndarray:
        """The largest eigenvalue at each step, (K,)."""
        return self.eigenvalues[:, -1]


def spectrum(objective: Objective, x: np.ndarray, steps: np.ndarray) -> Spectrum:
    """The spectrum at these steps, (K,), of iterates x, (T+1, n)."""
    hessian = objective.hessian(x[steps])
    sound = np.isfinite(hessian).all(axis=(-2, -1))
    eigenvalues = np.full((len(steps), x.shape[-1]), np.nan)
    eigenvalues[sound] = np.linalg.eigvalsh(hessian[sound])
    return Spectrum(steps, eigenvalues)


def stability_edge(optimizer: Optimizer) -> float | None:
    """The curvature above which a method's error grows from step to step: 2 / lr for gradient descent.

    2 (1 + momentum) / lr for heavy ball. Found by bisection on the method's own step; None where the step is no linear
    map of x and state, and where no curvature, or every one, is too much.
    Source: Cohen, Kaur, Li, Kolter & Talwalkar (2021), "Gradient descent on neural networks typically occurs at the
    edge of stability", ICLR.
    """

    def stable(curvature: float) -> bool | None:
        factor = contraction(optimizer, np.array([curvature]))
        return None if factor is None else bool(factor <= 1 + 1e-12)

    if not stable(_LOW) or stable(_HIGH) is not False:
        return None
    low, high = _LOW, _HIGH
    while high > low * (1 + 1e-13):
        middle = float(np.sqrt(low * high))
        if middle in (low, high):
            break
        low, high = (middle, high) if stable(middle) else (low, middle)
    return high


def stability_edges(optimizer: Optimizer, factors: np.ndarray) -> np.ndarray | None:
    """The same where a schedule multiplies the rate by these factors, (T,): inf where no curvature is too much then.

    1 / edge is linear in the rate: 1 / limit times the factor, but for a damped Newton's method, whose share of the way
    there is unstable above 2 * damping / (lr * factor - 2). So two edges tell all.
    """
    limit = stability_edge(optimizer)
    if limit is None:
        return None
    others = ((factor, stability_edge(optimizer.scaled(factor))) for factor in _LESS)
    factor, other = next(((factor, other) for factor, other in others if other is not None), (_LESS[-1], np.inf))
    slope = (1 / limit - 1 / other) / (1 - factor)
    start = 1 / limit - slope
    # In proportion, but for rounding.
    start = 0.0 if abs(start) <= 1e-9 * slope else start
    with np.errstate(divide="ignore"):
        return 1 / np.maximum(start + slope * np.asarray(factors), 0.0)
