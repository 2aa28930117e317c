"""A surface at a point: its gradient, its slope in a direction, and what it does along a path."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.paths import KNOTS, Bent, Drawn, Path, towards
from landscape.surfaces import Surface

# How far a bent path goes to both sides, as a share of the smaller side of the map; and in how many steps any path.
REACH, STEPS = 0.3, 72
# The step of a central difference along it, as a share of half of it.
DIFFERENCE = 1e-5
# The cosine of an angle that is right but for rounding.
RIGHT_ANGLE = 8 * float(np.finfo(float).eps)
# Steps in which the rates along a drawn path are added up, between two knots.
FINE = 200


class Plane(NamedTuple):
    """A surface at a point, and along a path.

    angle       of the direction u = (cos angle, sin angle) in which a bent path goes through the point, in degrees
    way         that path, or one that was drawn by hand
    gradient    (2,)
    slope       along the direction: gradient . direction
    s           (k,) where along the path, from one end to the other
    path        (k, 2)
    f           (k,) the surface along it
    gradients   (k, 2) its gradient there
    """

    surface: Surface
    point: np.ndarray
    angle: float
    way: Path
    value: float
    gradient: np.ndarray
    slope: float
    s: np.ndarray
    path: np.ndarray
    f: np.ndarray
    gradients: np.ndarray

    @property
    def direction(self) -> np.ndarray:
        """(2,), of length 1."""
        return towards(self.angle)

    @property
    def steepness(self) -> float:
        """The gradient's length: the slope straight up."""
        return float(np.linalg.norm(self.gradient))

    @property
    def uphill(self) -> float:
        """The angle of the gradient, in degrees, 0 to 360."""
        return float(np.degrees(np.arctan2(self.gradient[1], self.gradient[0])) % 360)

    @property
    def drawn(self) -> bool:
        """Whether the path was drawn by hand."""
        return isinstance(self.way, Drawn)

    @property
    def stays(self) -> bool:
        """Whether it is a drawn path that goes nowhere."""
        return isinstance(self.way, Drawn) and bool((self.way.knots == self.way.knots[0]).all())

    @property
    def velocities(self) -> np.ndarray:
        """x'(s), (k, 2)."""
        return self.way.velocity(self.s)

    @property
    def rates(self) -> np.ndarray:
        """How fast f changes along the path, (k,): the chain rule, gradient . x'(s)."""
        return settled(self.gradients, self.velocities)

    @property
    def differences(self) -> np.ndarray:
        """The same without a gradient, (k,): central differences of f along the path."""
        step = DIFFERENCE * float(np.ptp(self.s)) / 2
        ahead, behind = (self.surface.value(self.way.at(self.s + side * step)) for side in (1, -1))
        return (ahead - behind) / (2 * step)

    @property
    def gained(self) -> float:
        """The rates added up along the path, by trapezoids between its knots: what f gains from end to end."""
        s = np.linspace(*self.way.ends, (KNOTS - 1) * FINE + 1)
        rates = np.sum(self.surface.gradient(self.way.at(s)) * self.way.velocity(s), axis=-1)
        return float(np.sum((rates[1:] + rates[:-1]) / 2 * np.diff(s)))


def settled(gradient: np.ndarray, way: np.ndarray) -> np.ndarray:
    """gradient . way, (..., 2) each -> (...), 0 where only rounding keeps them from right angles."""
    product = np.sum(gradient * way, axis=-1)
    sizes = np.linalg.norm(gradient, axis=-1) * np.linalg.norm(way, axis=-1)
    return np.where(np.abs(product) <= RIGHT_ANGLE * sizes, 0.0, product)


def reach_of(surface: Surface) -> float:
    """How far a bent path goes to both sides."""
    return REACH * float(np.ptp(np.array(surface.domain), axis=1).min())


def plane(
    surface: Surface, point: tuple[float, float], angle: float, bend: float = 0.0, drawn: np.ndarray | None = None
) -> Plane:
    """Along the path that bends so much through the point, as a share of its reach, or along one through knots, (k, 2).

    ValueError for a point, an angle, a bend or a knot that is not finite.
    """
    if not np.isfinite([*point, angle, bend, *([] if drawn is None else drawn.ravel())]).all():
        raise ValueError(f"point is {point}, angle {angle}, bend {bend} and drawn {drawn}; all must be finite")
    at = np.array(point, dtype=float)
    way = Bent(at, angle, bend, reach_of(surface)) if drawn is None else Drawn(drawn)
    s = np.linspace(*way.ends, STEPS + 1)
    path = way.at(s)
    gradient = surface.gradient(at)
    slope = float(settled(gradient, towards(angle)))
    value = float(surface.value(at))
    return Plane(surface, at, angle, way, value, gradient, slope, s, path, surface.value(path), surface.gradient(path))
