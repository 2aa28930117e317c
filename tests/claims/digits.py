"""A formula in two hundred digits: its slopes and curvatures by differences in which nothing is rounded away.

They are told from the formula's values alone. They hold however far out, however near to a crease, and however small.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import sympy

from landscape.formulas.derivatives import compile_formula
from landscape.formulas.expression import Formula
from landscape.objective import Objective
from tests.calculus.test_taylor import NAMED

DIGITS = 220
# As a share of a coordinate, or of 1: no crease that a run comes to is so near to it.
STEP = mpmath.mpf(10) ** -70


def formula_of(objective: Objective) -> Formula | None:
    """The formula that an objective is; None for one that is none, as a network's loss."""
    found = getattr(objective, "recordable", None)
    return found if isinstance(found, Formula) else None


@cache
def _function(text: str, variables: tuple[str, ...], parameters: tuple[str, ...]) -> Callable[..., Any]:
    d = compile_formula(text, variables, parameters)
    plain = d.expression.replace(lambda e: type(e).__name__ in NAMED, lambda e: NAMED[type(e).__name__](*e.args))
    return sympy.lambdify(d.symbols, plain, "mpmath")


def function_of(formula: Formula) -> Callable[..., Any]:
    """The formula at mpmath's numbers, its parameters bound; NaN where it has no value."""
    function = _function(formula.text, formula.variables, tuple(name for name, _ in formula.parameters))
    values = [mpmath.mpf(float(value)) for _, value in formula.parameters]

    def value(*x: Any) -> Any:
        try:
            found = function(*x, *values)
        except (ArithmeticError, ValueError):
            return mpmath.nan
        return mpmath.nan if isinstance(found, mpmath.mpc) else found

    return value


def in_digits(formula: Formula, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (n,) and Hessian (n, n) at x, (n,), as mpmath's numbers."""
    f, n = function_of(formula), len(x)
    with mpmath.workdps(DIGITS):
        here = [mpmath.mpf(float(each)) for each in x]
        h = STEP * max(1, *(abs(each) for each in here))

        def at(*moves: tuple[int, int]) -> Any:
            moved = list(here)
            for axis, way in moves:
                moved[axis] += way * h
            return f(*moved)

        middle, ends = at(), [(at((i, 1)), at((i, -1))) for i in range(n)]
        gradient = np.array([(above - below) / (2 * h) for above, below in ends])
        hessian = np.array([[mpmath.mpf(0)] * n for _ in range(n)])
        for i in range(n):
            hessian[i, i] = (ends[i][0] - 2 * middle + ends[i][1]) / h**2
            for j in range(i):
                corners = [at((i, p), (j, q)) * (p * q) for p in (1, -1) for q in (1, -1)]
                hessian[i, j] = hessian[j, i] = sum(corners) / (4 * h * h)
    return gradient, hessian


def slope_in_digits(formula: Formula, x: np.ndarray) -> np.ndarray:
    """The gradient at x, (n,), rounded once."""
    return in_digits(formula, x)[0].astype(float)


def bends_in_digits(formula: Formula, x: np.ndarray) -> np.ndarray:
    """The eigenvalues of the Hessian at x, (2,), ascending, each right to the last digit, however unlike they are."""
    hessian = in_digits(formula, x)[1]
    with mpmath.workdps(DIGITS):
        (a, b), (_, d) = hessian
        apart = mpmath.sqrt((a - d) ** 2 + 4 * b * b)
        return np.array([float((a + d - apart) / 2), float((a + d + apart) / 2)])
