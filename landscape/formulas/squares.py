"""Sums of squares, read off a formula: what Gauss-Newton needs, with no second formula that could disagree.

`(1 - x)**2 + b*(y - x**2)**2` is seen to have the residuals 1 - x and sqrt(b)*(y - x**2). A sum is taken as it is
written: a formula that equals a sum of squares only after algebra counts as none.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import sympy

from landscape.formulas.compiled import Squares
from landscape.formulas.compiler import compile_program
from landscape.formulas.functions import derivative


@lru_cache(maxsize=128)
def find_squares(
    expression: sympy.Expr, unknowns: tuple[sympy.Symbol, ...], order: tuple[sympy.Symbol, ...]
) -> Squares | None:
    """The residuals of an expression in `unknowns`, compiled for inputs in `order`; None if it is no sum of squares."""
    terms = [_root(term, unknowns) for term in sympy.Add.make_args(expression)]
    residuals = [root for root in terms if root is not None]
    if len(residuals) < len(terms):
        return None
    slopes = [derivative(root, u) for root in residuals for u in unknowns]
    return Squares(compile_program(residuals, order), compile_program(slopes, order, kinks=True))


def _root(term: sympy.Expr, unknowns: Sequence[sympy.Symbol]) -> sympy.Expr | None:
    """The r with r**2 = term, where term is a coefficient times even powers; else None."""
    coefficient, rest = term.as_independent(*unknowns, as_Add=False)
    if coefficient.is_Rational:
        root = sympy.sqrt(coefficient)
    elif coefficient.free_symbols:
        root = None if coefficient.is_negative else sympy.sqrt(coefficient)
    else:
        # A number that sympy would ponder for ever, as 0.3 * sqrt(sqrt(2)), or whose sign it cannot tell.
        number = complex(coefficient)
        root = sympy.Float(math.sqrt(number.real)) if number.real >= 0 and number.imag == 0 else None
    if root is None or root.is_real is False:
        return None
    for factor in sympy.Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if factor != 1 and not (exponent.is_Integer and exponent.is_even and exponent.is_positive):
            return None
        root = root * base ** (exponent / 2)
    return root
