"""Dual numbers: a quantity and its derivatives along K directions, carried through the same formulas together.

Code that is written once, for arrays, then gives its own tangent: the operator R{.} of Pearlmutter (1994), "Fast exact
multiplication by the Hessian". What does not depend on the weights stays an array.
"""

from collections.abc import Callable, Sequence
from typing import Union

import numpy as np

from landscape.networks.layers.activations import Activation
from landscape.networks.layers.affine import Affine
from landscape.networks.layers.base import along

Number = Union[np.ndarray, "Dual"]
Numbers = Sequence[Number]


class Dual:
    """value (B, units, N) and tangent (B, units, K, N), with the sum and the product rule."""

    __slots__ = ("tangent", "value")
    # An array on the left leaves the operation to the dual number.
    __array_ufunc__ = None

    def __init__(self, value: np.ndarray, tangent: np.ndarray) -> None:
        self.value, self.tangent = value, tangent

    def __add__(self, other: "Number | float") -> "Dual":
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.tangent + other.tangent)
        return Dual(self.value + other, self.tangent)

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other: "Number | float") -> "Dual":
        return self + (-other)

    def __rsub__(self, other: np.ndarray | float) -> "Dual":
        return Dual(other - self.value, -self.tangent)

    def __mul__(self, other: "Number | float") -> "Dual":
        if isinstance(other, Dual):
            tangent = along(self.value) * other.tangent + self.tangent * along(other.value)
            return Dual(self.value * other.value, tangent)
        return Dual(self.value * other, self.tangent * (along(other) if isinstance(other, np.ndarray) else other))

    __radd__, __rmul__ = __add__, __mul__


def activated(f: Activation, x: Number) -> Number:
    """f(x)."""
    if not isinstance(x, Dual):
        return f.value(x)
    a = f.value(x.value)
    return Dual(a, along(f.slope(x.value, a)) * x.tangent)


def slope(f: Activation, x: Number, a: Number) -> Number:
    """f'(x), where a = f(x)."""
    if not isinstance(x, Dual):
        return f.slope(x, primal(a))
    steep = f.slope(x.value, primal(a))
    if f.curvature is None:
        return steep
    return Dual(steep, along(f.curvature(x.value, primal(a))) * x.tangent)


def affine(layer: Affine, p: Numbers, a: Number) -> Number:
    """W a + b."""
    values, value = [primal(each) for each in p], primal(a)
    z = layer.forward(values, value)
    dots = [each.tangent for each in p if isinstance(each, Dual)]
    if not dots:
        return z
    tangent = layer.forward_tangent(values, value, z, dots, dual_part(a))
    assert tangent is not None
    return Dual(z, tangent)


def affine_back(
    layer: Affine, p: Numbers, a: Number, delta: Number, inward: bool = True
) -> tuple[list[Number], Number | None]:
    """The derivatives in W and b, and in a."""
    values, value, arriving = [primal(each) for each in p], primal(a), primal(delta)
    gradients, before = layer.backward(values, value, arriving, arriving, inward)
    dots = [each.tangent for each in p if isinstance(each, Dual)]
    if not dots:
        return list(gradients), before
    delta_dot = dual_part(delta)
    assert delta_dot is not None
    tangents, before_dot = layer.backward_tangent(
        values, value, arriving, arriving, dots, dual_part(a), delta_dot, inward
    )
    both: list[Number] = [Dual(g, dot) for g, dot in zip(gradients, tangents, strict=True)]
    return both, None if before is None or before_dot is None else Dual(before, before_dot)


def primal(x: Number) -> np.ndarray:
    return x.value if isinstance(x, Dual) else x


def dual_part(x: Number) -> np.ndarray | None:
    return x.tangent if isinstance(x, Dual) else None


def mapped(function: Callable[[list[np.ndarray]], np.ndarray], parts: Numbers) -> Number:
    """A rearrangement of numbers, linear in all of them together, of values and of tangents."""
    value = function([primal(each) for each in parts])
    dots = [each.tangent for each in parts if isinstance(each, Dual)]
    return Dual(value, function(dots)) if dots else value
