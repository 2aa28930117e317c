"""Series: a truncated power series that behaves as an array of numbers, so that a Program runs on it as it stands.

What comes out of a formula's program is the formula's own Taylor expansion, each coefficient exact to rounding: nothing
is differenced, and no derivative is written down. Source of the recurrences: Griewank & Walther (2008), "Evaluating
derivatives", 2nd ed., section 13.2.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from landscape.formulas.program import Program

# A coefficient: a number, an array, a recorded number; None where it is 0 whatever the numbers are.
Coefficient = Any
Coefficients = list[Coefficient]


class Series(np.lib.mixins.NDArrayOperatorsMixin):
    """sum(coefficients[k] * t**k).

    From the first coefficient on that does not exist, as the slope of |t|, all are NaN or infinite. TypeError for a
    function of numpy that a series does not know.
    """

    __array_priority__ = 2000

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        if method != "__call__" or ufunc not in RULES or settings:
            return NotImplemented
        if ufunc is np.power and np.isscalar(inputs[1]):
            return Series(_power(inputs[0].coefficients, float(np.real(inputs[1]))))
        return Series(RULES[ufunc](*map(self._lifted, inputs)))

    def __array_function__(self, function: Any, types: Any, args: Any, settings: Any) -> Any:
        if function is not np.where or len(args) != 3 or settings:
            return NotImplemented
        return Series(_chosen(*map(self._lifted, args)))

    def _lifted(self, value: Any) -> Coefficients:
        """The coefficients of a series, or of a number, which is its own series."""
        return value.coefficients if isinstance(value, Series) else _constant(value, len(self.coefficients))


def expand(program: Program, at: Any, order: int, unit: float = 1.0) -> Coefficients:
    """The coefficients of a program's first output, its one free input near `at`, which may be a recorded number.

    unit   that of the distance from `at`: the k-th coefficient is as many times larger as its k-th power is
    """
    (found, *_) = program(Series([at, unit, *[None] * order][: order + 1]))
    c = found.coefficients if isinstance(found, Series) else _constant(found, order + 1)
    return [0.0 if each is None else each for each in c]


def expanded(program: Program, at: np.ndarray, order: int, unit: float = 1.0) -> np.ndarray:
    """The same for an array `at`, (...) -> (order + 1, ...): NaN from the coefficient on that does not exist.

    All are NaN where the value is.
    """
    with np.errstate(all="ignore"):
        out = np.stack(
            [np.broadcast_to(np.asarray(c, dtype=float), at.shape) for c in expand(program, at, order, unit)]
        )
    missing = np.cumsum(~np.isfinite(out), axis=0) > 0
    return np.where(missing | np.isnan(out[0]), np.nan, out)


def _constant(value: Coefficient, length: int) -> Coefficients:
    return [value, *[None] * (length - 1)]


def _plus(a: Coefficient, b: Coefficient) -> Coefficient:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _minus(a: Coefficient, b: Coefficient) -> Coefficient:
    if a is None or b is None:
        return a if b is None else -b
    return a - b


def _times(a: Coefficient, b: Coefficient) -> Coefficient:
    return None if a is None or b is None else a * b


def _over(a: Coefficient, b: Coefficient) -> Coefficient:
    if a is None:
        return None
    # numpy's own: Python's numbers would complain of a 0.
    return np.true_divide(a, 0.0 if b is None else b)


def _total(terms: Any) -> Coefficient:
    return reduce(_plus, terms, None)


def _value(c: Coefficient) -> Coefficient:
    return 0.0 if c is None else c


def _product(a: Coefficients, b: Coefficients) -> Coefficients:
    return [_total(_times(a[j], b[k - j]) for j in range(k + 1)) for k in range(len(a))]


def _quotient(a: Coefficients, b: Coefficients) -> Coefficients:
    out: Coefficients = []
    for k in range(len(a)):
        known = _total(_times(b[j], out[k - j]) for j in range(1, k + 1))
        out.append(_over(_minus(a[k], known), b[0]))
    return out


def _driven(a: Coefficients, k: int, slope: Coefficients) -> Coefficient:
    """The k-th coefficient of the integral of slope * a'; slope is needed below k only."""
    total = _total(_times(_times(a[j], float(j)), slope[k - j]) for j in range(1, k + 1))
    return _over(total, float(k))


def _integral(first: Coefficient, a: Coefficients, slope: Coefficients) -> Coefficients:
    """The w with w(0) = first and w' = slope * a'."""
    return [first, *(_driven(a, k, slope) for k in range(1, len(a)))]


def _exponential(a: Coefficients) -> Coefficients:
    out: Coefficients = [np.exp(_value(a[0]))]
    for k in range(1, len(a)):
        out.append(_driven(a, k, out))
    return out


def _pair(sine: Callable[..., Any], cosine: Callable[..., Any], sign: float) -> tuple[Any, Any]:
    """s and c with s' = c a' and c' = sign * s a'."""

    def both(a: Coefficients) -> tuple[Coefficients, Coefficients]:
        s, c = [sine(_value(a[0]))], [cosine(_value(a[0]))]
        for k in range(1, len(a)):
            next_s, next_c = _driven(a, k, c), _times(_driven(a, k, s), sign)
            s.append(next_s)
            c.append(next_c)
        return s, c

    return lambda a: both(a)[0], lambda a: both(a)[1]


def _tangent(function: Callable[..., Any], sign: float) -> Callable[..., Any]:
    """t with t' = (1 + sign * t**2) a'."""

    def tangent(a: Coefficients) -> Coefficients:
        out: Coefficients = [function(_value(a[0]))]
        slope = [1.0 + sign * out[0] * out[0]]
        for k in range(1, len(a)):
            out.append(_driven(a, k, slope))
            slope.append(_times(_total(_times(out[j], out[k - j]) for j in range(k + 1)), sign))
        return out

    return tangent


def _root(a: Coefficients) -> Coefficients:
    out: Coefficients = [np.sqrt(_value(a[0]))]
    for k in range(1, len(a)):
        known = _total(_times(out[j], out[k - j]) for j in range(1, k))
        out.append(_over(_minus(a[k], known), 2.0 * out[0]))
    return out


def _power(a: Coefficients, p: float) -> Coefficients:
    """a**p: a whole p by products, which zero may pass through, any other by a w' = p a' w."""
    if p < 0:
        return _quotient(_constant(1.0, len(a)), _power(a, -p))
    if p.is_integer():
        out, factor = _constant(1.0, len(a)), a
        for bit in reversed(f"{int(p):b}"):
            out = _product(out, factor) if bit == "1" else out
            factor = _product(factor, factor)
        return out
    found: Coefficients = [np.power(_value(a[0]), p)]
    for k in range(1, len(a)):
        total = _total(_times(_times(a[j], p * j - (k - j)), found[k - j]) for j in range(1, k + 1))
        found.append(_over(total, float(k) * _value(a[0])))
    return found


def _larger(a: Coefficients, b: Coefficients) -> Coefficients:
    """max(a, b), NaN from the coefficient on at which the one crosses the other: an odd first difference."""
    leads: Any = 0.0
    broken: Any = 0.0
    gaps: list[Any] = []
    differences = [_value(_minus(x, y)) for x, y in zip(a, b, strict=True)]
    for k, difference in enumerate(differences):
        if k % 2:
            broken = np.where(np.logical_and(leads == 0, difference != 0), np.nan, broken)
        leads = np.where(leads == 0, difference, leads)
        gaps.append(broken)
    chosen: list[Any] = [np.where(leads >= 0, _value(x), _value(y)) for x, y in zip(a, b, strict=True)]
    return [each + gap for each, gap in zip(chosen, gaps, strict=True)]


def _crosses(a: Coefficients) -> Any:
    """Whether it is 0 and moves."""
    moves = reduce(np.logical_or, [each != 0 for each in map(_value, a[1:])], np.bool_(False))
    return np.logical_and(_value(a[0]) == 0, moves)


def _sign(a: Coefficients) -> Coefficients:
    gap = np.where(_crosses(a), np.nan, 0.0)
    return [np.sign(_value(a[0])), *[gap] * (len(a) - 1)]


def _compared(function: Callable[..., Any]) -> Callable[..., Coefficients]:
    """What holds at the point: on its two sides a formula's branches go on into one another."""
    return lambda a, b: _constant(function(_value(a[0]), _value(b[0])), len(a))


def _equal(a: Coefficients, b: Coefficients) -> Coefficients:
    """What holds at the point; NaN behind that where it holds there alone."""
    off = _each(_minus)(a, b)
    gap = np.where(_crosses(off), np.nan, 0.0)
    return [np.equal(_value(off[0]), 0.0), *[gap] * (len(a) - 1)]


def _both(a: Coefficients, b: Coefficients) -> Coefficients:
    gaps = [np.where(b[0], _value(x), 0.0) + np.where(a[0], _value(y), 0.0) for x, y in zip(a[1:], b[1:], strict=True)]
    return [np.logical_and(a[0], b[0]), *gaps]


def _chosen(condition: Coefficients, yes: Coefficients, no: Coefficients) -> Coefficients:
    holds, *gaps = condition
    each = [np.where(holds, _value(x), _value(y)) for x, y in zip(yes, no, strict=True)]
    return [each[0], *(x + _value(gap) for x, gap in zip(each[1:], gaps, strict=True))]


def _arc(function: Callable[..., Any], slope: Callable[[Coefficients], Coefficients]) -> Callable[..., Any]:
    """A function by its value, and its slope as a series in the argument's."""
    return lambda a: _integral(function(_value(a[0])), a, slope(a))


def _reciprocal(a: Coefficients) -> Coefficients:
    return _power(a, -1.0)


def _beside_one(a: Coefficients, sign: float) -> Coefficients:
    """1 + sign * a**2."""
    first, *rest = (_times(each, sign) for each in _product(a, a))
    return [_plus(first, 1.0), *rest]


def _negative(a: Coefficients) -> Coefficients:
    return [_times(each, -1.0) for each in a]


def _each(function: Callable[..., Coefficient]) -> Callable[..., Coefficients]:
    return lambda a, b: [function(x, y) for x, y in zip(a, b, strict=True)]


_sine, _cosine = _pair(np.sin, np.cos, -1.0)
_sinh, _cosh = _pair(np.sinh, np.cosh, 1.0)

RULES: dict[Any, Callable[..., Coefficients]] = {
    np.add: _each(_plus),
    np.subtract: _each(_minus),
    np.negative: _negative,
    np.multiply: _product,
    np.true_divide: _quotient,
    np.power: lambda a, b: _exponential(_product(b, _arc(np.log, _reciprocal)(a))),
    np.sqrt: _root,
    np.hypot: lambda a, b: _root(_each(_plus)(_product(a, a), _product(b, b))),
    np.abs: lambda a: _larger(a, _negative(a)),
    np.sign: _sign,
    np.greater: _compared(np.greater),
    np.less: _compared(np.less),
    np.less_equal: _compared(np.less_equal),
    np.equal: _equal,
    np.logical_and: _both,
    np.maximum: _larger,
    np.minimum: lambda a, b: _negative(_larger(_negative(a), _negative(b))),
    np.exp: _exponential,
    np.log: _arc(np.log, _reciprocal),
    np.sin: _sine,
    np.cos: _cosine,
    np.tan: _tangent(np.tan, 1.0),
    np.sinh: _sinh,
    np.cosh: _cosh,
    np.tanh: _tangent(np.tanh, -1.0),
    np.arcsin: _arc(np.arcsin, lambda a: _reciprocal(_root(_beside_one(a, -1.0)))),
    np.arccos: _arc(np.arccos, lambda a: _negative(_reciprocal(_root(_beside_one(a, -1.0))))),
    np.arctan: _arc(np.arctan, lambda a: _reciprocal(_beside_one(a, 1.0))),
}
