"""The curvature of an objective at a point, and what its signs say; where slopes jump, that it has none."""

from dataclasses import dataclass

import numpy as np

from landscape.linear_algebra import eigh
from landscape.objective import Objective

# What the signs of the eigenvalues say, in words.
SHAPES = {
    "bowl": "it curves upwards in every direction",
    "hilltop": "it curves downwards in every direction",
    "saddle": "it curves upwards one way and downwards another",
    "trough": "it curves upwards one way only",
    "ridge": "it curves downwards one way only",
    "plateau": "it has no curvature in any direction",
    "crease": "the slope jumps there, so no Hessian describes it",
}

# How far beside a point one looks whether slopes jump, as a share of its size or of 1.
BESIDE = 1e-7

# Where slopes seem to jump, so many pieces of the way are looked at one by one.
FINER = 64

# The rounding of a slope, as a share of the value or of 1.
NOISE = 1e-14

# Curvature that counts as none, in itself and beside the largest.
FLAT = 1e-8


@dataclass(frozen=True)
class Local:
    """The curvature of an objective at x, and the rates at which gradient descent can live with it.

    x               (..., n)
    hessian         (..., n, n)
    eigenvalues     (..., n), ascending; eigenvectors (..., n, n), in columns
    shape           (...), a key of SHAPES: by the signs of the eigenvalues, or "crease" where they mean nothing
    condition       (...), largest over smallest |eigenvalue|, infinite where one is 0
    largest_rate    (...), 2 / lambda_max, from where on gradient descent diverges; infinite where nothing curves up
    """

    x: np.ndarray
    hessian: np.ndarray
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    shape: np.ndarray
    condition: np.ndarray
    largest_rate: np.ndarray


def local(objective: Objective, x: np.ndarray) -> Local:
    """The curvature at x, (..., n)."""
    x = np.asarray(x, dtype=float)
    hessian, creased = curvature_at(objective, x)
    values, vectors = eigh(hessian)
    # Of flat ground one may be -0.
    values = values + 0.0
    size = np.abs(values)
    with np.errstate(all="ignore"):
        condition = np.where(size.min(axis=-1) > 0, size.max(axis=-1) / size.min(axis=-1), np.inf)
        largest_rate = np.where(values[..., -1] > 0, 2 / values[..., -1], np.inf)
    shape = np.where(creased, "crease", shapes(values))
    return Local(x, hessian, values, vectors, shape, condition, largest_rate)


def curvature_at(objective: Objective, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Hessian at x, (..., n, n), and where slopes jump so that it says nothing, (...).

    What a formula answers where it reads 0/0 is no curvature: slopes beside x tell. Where those are even, so that only
    the formula has a hole, the Hessian is the one beside it.
    """
    hessian = objective.hessian(x)
    n, step = x.shape[-1], BESIDE * np.maximum(1.0, np.abs(x).max(axis=-1, keepdims=True))
    with np.errstate(all="ignore"):
        ways = np.eye(n).reshape(n, *[1] * (x.ndim - 1), n)
        change, far, tiny = (_change(objective, x, size * ways * step) for size in (1, 4, 1 / 64))
        told = 2 * step * np.moveaxis(hessian, -1, 0)
        off, near, wide, least, missed = (
            np.abs(each).max(axis=(0, -1)) for each in (change - told, change, far, tiny, tiny - told / 64)
        )
        # What is left of slopes that cancel is rounding, of the size of slopes or of values.
        rounding = 1e-9 * (np.abs(objective.gradient(x)).max(axis=-1) + wide) + NOISE * (1 + np.abs(objective.value(x)))
        size = np.abs(told).max(axis=(0, -1))
        # What waves or bends so fast that the Hessian foretells the nearer change alone has a Hessian all the same.
        untold = (off > 0.1 * size + rounding) & (missed > 0.1 * size / 64 + rounding)
        beside = objective.hessian(x + step * ways[0])
    # Four times as far a slope that bends has changed four times as much, or more; one that jumps has not, and what
    # waves so fast has not changed at once.
    hole = untold & (wide > 3 * near) & (wide < 5 * near) & np.isfinite(beside).all(axis=(-2, -1))
    jumps = np.array(untold & ~(wide > 3 * near) & (least > near / 16))
    jumps[jumps] = _leaps(objective, x[jumps], step[jumps] / 64, np.asarray(rounding)[jumps])
    return np.where(hole[..., None, None], beside, hessian), jumps


def _leaps(objective: Objective, x: np.ndarray, reach: np.ndarray, rounding: np.ndarray) -> np.ndarray:
    """Whether slopes change within reach, (k, 1), of points x, (k, n), by more than the Hessians on the way add up to.

    Far out waves are shorter than `BESIDE`, and only a finer look tells them from a jump.
    """
    found = np.zeros(len(x), dtype=bool)
    with np.errstate(all="ignore"):
        for way in np.eye(x.shape[-1]):
            offsets = reach * np.linspace(-1, 1, FINER + 1)
            at = x[:, None] + offsets[..., None] * way
            change = np.diff(objective.gradient(at), axis=1)
            bent = objective.hessian(at) @ way
            told = (bent[:, 1:] + bent[:, :-1]) / 2 * np.diff(offsets, axis=1)[..., None]
            off = np.abs(change - told).max(axis=-1)
            found |= (off > 0.1 * np.abs(told).max(axis=(1, 2))[:, None] + rounding[:, None]).any(axis=-1)
    return found


def _change(objective: Objective, x: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """How the gradient changes from x - step to x + step, (n, ..., n)."""
    return objective.gradient(x + steps) - objective.gradient(x - steps)


def shapes(eigenvalues: np.ndarray) -> np.ndarray:
    """The keys of SHAPES for eigenvalues of shape (..., n)."""
    zero = np.abs(eigenvalues) <= FLAT * np.maximum(1.0, np.abs(eigenvalues).max(axis=-1, keepdims=True))
    up, down = ((eigenvalues > 0) & ~zero).any(axis=-1), ((eigenvalues < 0) & ~zero).any(axis=-1)
    flat = zero.any(axis=-1)
    return np.select(
        [up & down, up & flat, up, down & flat, down], ["saddle", "trough", "bowl", "ridge", "hilltop"], "plateau"
    )
