"""Paths on a map: bent through a point, or drawn by hand."""

from typing import Any, NamedTuple

import numpy as np

# Points that a path by hand is kept as.
KNOTS = 12


def towards(angle: float | np.ndarray) -> np.ndarray:
    """The unit vector at an angle in degrees, (...) -> (..., 2)."""
    return np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))], axis=-1)


class Bent(NamedTuple):
    """point + s u + bend s**2 / reach n for s from -reach to reach: u at an angle in degrees, n a quarter turn left."""

    point: np.ndarray
    angle: float
    bend: float
    reach: float
    letter: str = "s"

    @property
    def ends(self) -> tuple[float, float]:
        return -self.reach, self.reach

    def at(self, s: np.ndarray) -> np.ndarray:
        """x(s), (k,) -> (k, 2)."""
        along = s[:, None]
        return self.point + along * towards(self.angle) + self.bend / self.reach * along**2 * towards(self.angle + 90)

    def velocity(self, s: np.ndarray) -> np.ndarray:
        """x'(s), (k,) -> (k, 2)."""
        return towards(self.angle) + 2 * self.bend / self.reach * s[:, None] * towards(self.angle + 90)


class Drawn(NamedTuple):
    """A smooth curve through knots, (KNOTS, 2), for t from 0 to 1.

    A cubic Hermite spline whose slope at each knot is that from the one before to the one after.
    Source: Catmull & Rom (1974), "A class of local interpolating splines".
    """

    knots: np.ndarray
    letter: str = "t"

    @property
    def ends(self) -> tuple[float, float]:
        return 0.0, 1.0

    def at(self, t: np.ndarray) -> np.ndarray:
        """x(t), (k,) -> (k, 2)."""
        return shares(t) @ self.knots

    def velocity(self, t: np.ndarray) -> np.ndarray:
        """x'(t), (k,) -> (k, 2)."""
        return shares(t, slope=True) @ self.knots


Path = Bent | Drawn


def shares(t: np.ndarray, *, slope: bool = False) -> np.ndarray:
    """How much of each knot there is in a drawn path at t, or with `slope` in its velocity, (k,) -> (k, KNOTS)."""
    pieces = KNOTS - 1
    i = np.clip(np.floor(t * pieces), 0, pieces - 1).astype(int)
    u = t * pieces - i
    unit = np.eye(KNOTS)
    tangents = np.gradient(unit, axis=0)
    if slope:
        down = 6 * u * u - 6 * u
        parts: Any = (down, 3 * u * u - 4 * u + 1, -down, 3 * u * u - 2 * u)
    else:
        up = u * u * (3 - 2 * u)
        parts = (1 - up, u * (1 - u) ** 2, up, u * u * (u - 1))
    ends = (unit[i], tangents[i], unit[i + 1], tangents[i + 1])
    total = sum(part[:, None] * end for part, end in zip(parts, ends, strict=True))
    return np.asarray(total) * (pieces if slope else 1)
