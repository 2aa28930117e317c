"""What theory says at a point, before a run: how fast a method must converge there, and at which rates it cannot.

Near a point a function is its quadratic model, and on a quadratic many methods are linear maps of (x, state): the
largest eigenvalue of that map is the factor by which their error shrinks each step. What a run then shows is measured
by `measured_rate` and `order_of_convergence`.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.objective import Objective
from landscape.optimizers import Optimizer


class Best(NamedTuple):
    """The hyper-parameters with which the error on a quadratic shrinks fastest, and its factor a step."""

    lr: float
    momentum: float
    rate: float


def best_gradient_descent(eigenvalues: np.ndarray) -> Best:
    """lr = 2 / (l + L), rate = (L - l) / (L + l), l and L the smallest and the largest eigenvalue, both positive.

    Source: Nesterov (2004), "Introductory lectures on convex optimization", theorem 2.1.14.
    """
    low, high = _ends(eigenvalues)
    return Best(2 / (low + high), 0.0, (high - low) / (high + low))


def best_heavy_ball(eigenvalues: np.ndarray) -> Best:
    """lr = 4 / (sqrt(l) + sqrt(L))**2, momentum = ((sqrt(L) - sqrt(l)) / (sqrt(L) + sqrt(l)))**2, rate its root.

    Source: Polyak (1964), "Some methods of speeding up the convergence of iteration methods", theorem 9.
    """
    low, high = np.sqrt(_ends(eigenvalues))
    rate = (high - low) / (high + low)
    return Best(float(4 / (low + high) ** 2), float(rate**2), float(rate))


def _ends(eigenvalues: np.ndarray) -> tuple[float, float]:
    low, high = float(np.min(eigenvalues)), float(np.max(eigenvalues))
    if not 0 < low <= high < np.inf:
        raise ValueError(f"eigenvalues are {low:g} to {high:g}; a best rate needs them positive")
    return low, high


REGIMES = {
    "one-step": "a step leaves at most a hundredth of the error",
    "monotone": "the error shrinks without changing sign",
    "zigzags": "the error changes sign with every step",
    "ripples": "the error swings in slow waves",
    "diverges": "the error does not shrink",
}


def heavy_ball(
    lr: float | np.ndarray, momentum: float | np.ndarray, eigenvalues: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The error's factor a step under heavy ball, and its regime, a key of REGIMES: both of lr's and momentum's shape.

    For every eigenvalue h the error obeys z**2 - (1 + momentum - lr * h) z + momentum = 0; the largest |z| of all is
    the factor, and its eigenvalue sets the regime: "ripples" where z is complex, "zigzags" where it is negative,
    "one-step" where |z| <= 0.01, "diverges" where |z| >= 1. With momentum 0 it is gradient descent.
    Source: Goh (2017), "Why momentum really works", Distill, and its names; monotonic oscillations are zigzags here.
    """
    lr, momentum = np.broadcast_arrays(np.asarray(lr, dtype=float)[..., None], np.asarray(momentum)[..., None])
    b, inner, sizes = largest_roots(lr, momentum, np.asarray(eigenvalues, dtype=float))
    worst = sizes.argmax(axis=-1)[..., None]
    radius, b, inner = (np.take_along_axis(part, worst, axis=-1)[..., 0] for part in (sizes, b, inner))
    names = ["diverges", "one-step", "ripples", "zigzags"]
    return radius, np.select([radius >= 1, radius <= 0.01, inner < 0, b < 0], names, "monotone")


def largest_roots(lr: Any, momentum: Any, eigenvalues: np.ndarray) -> tuple[Any, Any, Any]:
    """For each eigenvalue b and the discriminant of z**2 - b z + momentum = 0, and the larger |z|.

    lr and momentum are numbers, or arrays (..., 1); they may be recorded.
    """
    b = 1 + momentum - lr * eigenvalues
    inner = b * b - 4 * momentum
    return b, inner, np.where(inner < 0, np.sqrt(momentum), (np.abs(b) + np.sqrt(np.maximum(inner, 0.0))) / 2)


def boundaries(momentum: np.ndarray, eigenvalues: np.ndarray) -> dict[str, np.ndarray]:
    """The rates at which heavy ball changes its regime, each of momentum's shape, NaN where there is no such change.

        stable   2 (1 + momentum) / L              converges below, diverges from here on
        swings   (1 - sqrt(momentum))**2 / l       monotone below, ripples above
        snaps    (1 + sqrt(momentum))**2 / L       ripples below, zigzags above
        even     2 (1 + momentum) / (l + L)        monotone below, zigzags above

    l and L are the smallest and the largest eigenvalue, both positive. All but the first meet at `best_heavy_ball`.
    """
    low, high = _ends(eigenvalues)
    mu = np.asarray(momentum, dtype=float)
    root = np.sqrt(mu)
    rippling = mu >= best_heavy_ball(eigenvalues).momentum
    return {
        "stable": 2 * (1 + mu) / high,
        "swings": np.where(rippling, (1 - root) ** 2 / low, np.nan),
        "snaps": np.where(rippling, (1 + root) ** 2 / high, np.nan),
        "even": np.where(rippling, np.nan, 2 * (1 + mu) / (low + high)),
    }


@dataclass(frozen=True)
class Diagonal(Objective):
    """sum(eigenvalues * x**2) / 2: every quadratic, seen along the axes of its own."""

    eigenvalues: np.ndarray

    has_residuals = True

    @property
    def dimension(self) -> int:
        return len(self.eigenvalues)

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.sum(self.eigenvalues * x * x, axis=-1) / 2

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.eigenvalues * x

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.diag(self.eigenvalues), (*x.shape, self.dimension))

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return np.sqrt(self.eigenvalues / 2) * x

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.diag(np.sqrt(self.eigenvalues / 2)), (*x.shape, self.dimension))


def contraction(optimizer: Optimizer, eigenvalues: np.ndarray) -> np.ndarray | None:
    """The factor by which a step shrinks the error on a quadratic with these eigenvalues; None where there is none.

    The step itself is asked: on a quadratic gradient descent, heavy ball, Nesterov and Newton are linear maps of x and
    state, and the largest |eigenvalue| of that map is the factor. None for a method that is no such map: one that
    divides by what it has seen, searches, or counts its steps. Hyper-parameters of shape (..., 1) give shape (...).
    """
    diagonal = Diagonal(np.asarray(eigenvalues, dtype=float))
    n = diagonal.dimension
    template = optimizer.init(np.zeros(n))
    parts = () if template is None else tuple(template)
    if not all(np.shape(part) == (n,) and np.asarray(part).dtype == float for part in parts):
        return None
    size = n * (1 + len(parts))

    def advance(z: np.ndarray) -> np.ndarray:
        return _advance(optimizer, diagonal, template, z)

    with np.errstate(all="ignore"):
        columns = advance(np.eye(size))
        probes = np.random.default_rng(0).standard_normal((4, size))
        seen, expected = advance(probes), np.einsum("pi,i...j->p...j", probes, columns)
        if not np.abs(seen - expected).max() <= 1e-9 * max(1.0, np.abs(columns).max()):
            return None
    matrix = np.moveaxis(columns, 0, -1)
    return np.abs(np.linalg.eigvals(matrix)).max(axis=-1)


def _advance(optimizer: Optimizer, diagonal: Diagonal, template: Any, z: np.ndarray) -> np.ndarray:
    """One step for every row (x, state...) of z, (k, size) -> (k, ..., size), ... the shape of hyper-parameters."""
    n = diagonal.dimension
    spread = np.broadcast_shapes(*(np.shape(part)[:-1] for part in vars(optimizer).values()))
    z = np.broadcast_to(z.reshape(len(z), *[1] * len(spread), -1), (len(z), *spread, z.shape[-1]))
    pieces = [z[..., i : i + n] for i in range(0, z.shape[-1], n)]
    state = None if template is None else type(template)(*pieces[1:])
    new, after = optimizer.step(diagonal, pieces[0], state)
    return np.concatenate([np.broadcast_to(part, new.shape) for part in (new, *(after or ()))], axis=-1)
