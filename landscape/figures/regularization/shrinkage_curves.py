"""The curves of two weights under a penalty: of the loss, of the ball and of their sum, for every strength."""

from dataclasses import dataclass

import numpy as np

from landscape.objective import Objective
from landscape.regularization.penalties import Registered
from landscape.regularization.shrinkage import Shrinkage, level_curves

# Level curves of the sum, as shares of the height of the loss at 0 above its minimum.
SHARES = (0.08, 0.45)
# Points of a level curve.
RAYS = 36


@dataclass(frozen=True)
class Curves:
    """The closed curves of each frame, one a strength.

    touching  (k, points, 2)          of the loss, through the penalised minimum
    ball      (k, points, 2)          the edge of the constraint
    total     (k, shares, points, 2)  of the sum, about its minimum
    """

    touching: np.ndarray
    ball: np.ndarray
    total: np.ndarray


def curves(loss: Objective, unit: Registered, found: Shrinkage) -> Curves:
    """The curves of loss + strength * unit, a penalty of strength 1, for every strength."""
    reach = 4 * float(np.ptp(box(found), axis=1).max())
    free, w, strength = found.w[0], found.w, np.repeat(found.strengths, len(SHARES))

    def total(x: np.ndarray, curve: np.ndarray) -> np.ndarray:
        return loss.value(x) + strength[curve] * unit.value(x)

    height = loss.value(np.zeros(2)) - found.loss[0]
    levels = (found.loss + found.strengths * found.size)[:, None] + height * np.array(SHARES)
    return Curves(
        level_curves(lambda x, _: loss.value(x), free + np.zeros((len(w), 2)), found.loss, reach, RAYS),
        level_curves(lambda x, _: unit.value(x), np.zeros((len(w), 2)), found.size, reach, RAYS),
        level_curves(total, w[:, None] + np.zeros((len(SHARES), 1)), levels, reach, RAYS),
    )


def box(found: Shrinkage) -> np.ndarray:
    """The part of the plane that is drawn: see `square`."""
    return square(found.w)


def square(minima: np.ndarray) -> np.ndarray:
    """A square about 0 and every minimum, (k, 2) -> ((x_low, x_high), (y_low, y_high))."""
    low, high = np.minimum(minima.min(axis=0), 0.0), np.maximum(minima.max(axis=0), 0.0)
    half = 0.75 * max(float((high - low).max()), 1e-3)
    return np.stack([(low + high) / 2 - half, (low + high) / 2 + half], axis=1)


def condition_number(eigenvalues: np.ndarray) -> np.ndarray:
    """The largest eigenvalue over the smallest, (..., n) -> (...); inf where the smallest is 0 to rounding."""
    low, high = eigenvalues[..., 0], eigenvalues[..., -1]
    flat = low <= 1e-14 * high
    return np.where(flat, np.inf, high / np.where(flat, 1.0, low))
