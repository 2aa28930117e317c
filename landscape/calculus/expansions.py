"""Taylor expansions of formulas, and how far from the point they are any use."""

from typing import Any

import numpy as np

from landscape.formulas.expression import Formula
from landscape.formulas.series import expanded

MAX_ORDER = 60


def one_variable(formula: Formula) -> Formula:
    """The formula itself; ValueError where it has other than one variable."""
    if formula.dimension != 1:
        raise ValueError(f"formula has the variables {', '.join(formula.variables)}; allowed is one")
    return formula


def taylor(formula: Formula, at: Any, order: int, unit: float = 1.0) -> np.ndarray:
    """The coefficients f^(k)(at) / k! for k = 0 ... order, (...) -> (..., order + 1), each exact to rounding.

    The formula's program is run on truncated power series. From the derivative on that does not exist, as the first of
    |x| at 0, all are NaN, and all where the value is. Likewise from one on that is too large for a number; with a small
    `unit` the k-th is as many times smaller as its k-th power is.

    ValueError for an order that is not a whole number from 0 to MAX_ORDER, a point that is not finite, a formula of
    several variables, or one with a function that has no series.
    """
    if isinstance(order, bool) or order != int(order) or not 0 <= order <= MAX_ORDER:
        raise ValueError(f"order is {order}; allowed is a whole number from 0 to {MAX_ORDER}")
    where = np.asarray(at, dtype=float)
    if not np.isfinite(where).all():
        raise ValueError(f"at is {where[~np.isfinite(where)].flat[0]:g}; it must be finite")
    try:
        found = expanded(one_variable(formula).programs[0], where, int(order), unit)
    except TypeError:
        raise ValueError(f"formula is {formula.text!r}; one of its functions has no power series here") from None
    return np.moveaxis(found, 0, -1)


def partial_sums(coefficients: np.ndarray, at: float, x: np.ndarray) -> np.ndarray:
    """The polynomials of order 0, 1, ... at x, (order + 1,), (...) -> (order + 1, ...)."""
    t = np.asarray(x, dtype=float) - at
    terms = [c * t**k if k else c + 0 * t for k, c in enumerate(coefficients)]
    return np.cumsum(terms, axis=0)
