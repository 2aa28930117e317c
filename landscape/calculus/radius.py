"""How far a Taylor series reaches: the distance to the nearest point, real or complex, at which the formula breaks off.

The formula's program is run on polynomials. Where a polynomial is divided by, or a logarithm, a root, a tangent ... is
taken of it, its zeros are where the function may break off; everywhere else it is analytic. The nearest of them is
believed only if the coefficients grow as fast as it says. Where something else than a polynomial is divided by,
nothing is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landscape.calculus.expansions import one_variable, taylor
from landscape.formulas.expression import Formula

# The order up to which growth is looked at, and the share of the radius that the root test must then have come to.
FAR, BELIEVED = 48, 0.78
# Poles of a tangent that are looked for, to each side of its argument's 0.
POLES = 24


class UnknownError(Exception):
    """Zeros of something that is not a polynomial are asked for."""


@dataclass
class _Notes:
    """Where the function may break off, and where on the real axis it has a kink."""

    at: float
    breaks: list[complex] = field(default_factory=list)
    kinks: list[float] = field(default_factory=list)

    def nearest(self, points: list[Any]) -> float:
        return float(np.abs(np.array(points) - self.at).min(initial=np.inf))


class _Known(np.lib.mixins.NDArrayOperatorsMixin):
    """A polynomial in x, rising powers, as a product of parts; or, without coefficients, some analytic function.

    All that comes from one x shares its notes.
    """

    __array_priority__ = 1000

    def __init__(self, notes: _Notes, c: np.ndarray | None, parts: list[np.ndarray]) -> None:
        self.notes, self.c, self.parts = notes, c, parts

    def like(self, c: np.ndarray | None, parts: list[np.ndarray] | None = None) -> "_Known":
        return _Known(self.notes, c, [c] if parts is None and c is not None else parts or [])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **_: Any) -> Any:
        if method != "__call__" or ufunc not in RULES:
            raise UnknownError
        return RULES[ufunc](*(v if isinstance(v, _Known) else self.like(np.array([float(v)])) for v in inputs))

    def zeros(self, shift: complex = 0.0) -> list[complex]:
        """Where it is `shift`; of a product the zeros of its factors, which keeps multiple ones sharp."""
        if self.c is None:
            raise UnknownError
        parts = self.parts if shift == 0 else [np.concatenate([self.c[:1] - shift, self.c[1:]])]
        return [complex(z) for part in parts for z in np.roots(np.trim_zeros(part, "b")[::-1])]


def _sum(sign: int) -> Callable[[_Known, _Known], _Known]:
    def rule(a: _Known, b: _Known) -> _Known:
        if a.c is None or b.c is None:
            return a.like(None)
        c = np.zeros(max(len(a.c), len(b.c)))
        c[: len(a.c)] += a.c
        c[: len(b.c)] += sign * b.c
        return a.like(c)

    return rule


def _product(a: _Known, b: _Known) -> _Known:
    if a.c is None or b.c is None:
        return a.like(None)
    return a.like(np.convolve(a.c, b.c), a.parts + b.parts)


def _quotient(a: _Known, b: _Known) -> _Known:
    if b.c is not None and not b.c[1:].any():
        return a.like(None if a.c is None else a.c / b.c[0])
    a.notes.breaks.extend(b.zeros())
    return a.like(None)


def _entire(a: _Known) -> _Known:
    return a.like(None)


def _breaking_at(*values: complex) -> Callable[..., _Known]:
    """A function that may break off where its argument is one of these values."""

    def rule(a: _Known, *_: _Known) -> _Known:
        for value in values:
            a.notes.breaks.extend(a.zeros(value))
        return a.like(None)

    return rule


def _power(a: _Known, b: _Known) -> _Known:
    if b.c is None or b.c[1:].any():
        # As exp(b log(a)); of a constant a there is nothing to break off.
        return a.like(None) if a.c is not None and not a.c[1:].any() else _breaking_at(0)(a)
    return _breaking_at(0)(a)


def _tangent(step: complex) -> Callable[[_Known], _Known]:
    """A function with poles where its argument is step * (k + 1/2)."""

    def rule(a: _Known) -> _Known:
        if a.c is None:
            raise UnknownError
        if not a.c[1:].any():
            return a.like(None)
        poles = [z for k in range(-POLES, POLES) for z in a.zeros(step * (k + 0.5))]
        # What the argument can come to within the nearest one: a pole that was left out must not be nearer.
        within = abs(a.notes.at) + a.notes.nearest(poles)
        if np.polynomial.polynomial.polyval(within, np.abs(a.c)) > POLES * abs(step):
            raise UnknownError
        a.notes.breaks.extend(poles)
        return a.like(None)

    return rule


def _bent(a: _Known) -> _Known:
    """|a|: a kink where a changes its sign."""
    zeros = a.zeros()
    assert a.c is not None
    for z in zeros:
        beside = 1e-4 * (1 + abs(z))
        sides = np.polynomial.polynomial.polyval(z.real + np.array([-beside, beside]), a.c)
        if abs(z.imag) <= 1e-9 * (1 + abs(z)) and sides[0] * sides[1] < 0:
            a.notes.kinks.append(z.real)
    return a.like(None)


RULES: dict[Any, Callable[..., _Known]] = {
    np.add: _sum(1),
    np.subtract: _sum(-1),
    np.negative: lambda a: a if a.c is None else a.like(-a.c, a.parts),
    np.multiply: _product,
    np.true_divide: _quotient,
    np.power: _power,
    np.exp: _entire,
    np.sin: _entire,
    np.cos: _entire,
    np.sinh: _entire,
    np.cosh: _entire,
    np.log: _breaking_at(0),
    np.sqrt: _breaking_at(0),
    np.tan: _tangent(np.pi),
    np.tanh: _tangent(1j * np.pi),
    np.arcsin: _breaking_at(1, -1),
    np.arccos: _breaking_at(1, -1),
    np.arctan: _breaking_at(1j, -1j),
    np.abs: _bent,
    np.sign: _bent,
    np.maximum: lambda a, b: _bent(_sum(-1)(a, b)),
    np.minimum: lambda a, b: _bent(_sum(-1)(a, b)),
}


def radius(formula: Formula, at: float) -> float:
    """Up to which distance from `at` the Taylor series of a formula of one variable comes to the formula's values.

    That is the radius of convergence, inf for a function without an end, or the distance to a kink where one is nearer:
    beyond it the series goes on as if there were none. NaN where it is not known.
    """
    notes, x, c = _Notes(at), np.array([0.0, 1.0]), taylor(formula, at, FAR)
    if not np.isfinite(c[0]):
        return float("nan")
    try:
        one_variable(formula).programs[0](_Known(notes, x, [x]))
    except UnknownError:
        return float("nan")
    kink, end = notes.nearest(notes.kinks), notes.nearest(notes.breaks)
    if kink <= end:
        return kink
    k = np.arange(FAR // 2, FAR + 1)
    with np.errstate(divide="ignore"):
        growth = np.exp((np.log(np.abs(c[k])) / k + np.log(end)).max())
    return end if growth >= BELIEVED else float("nan")
