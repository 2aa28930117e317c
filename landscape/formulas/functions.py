"""Functions as this project differentiates them, where sympy's own will not do.

Its Abs has no usable derivative where the argument is not known to be real, as in |log(x)|, and its hyperbolic
functions expand their argument, however large, to find out whether it is real. Here every argument is real.
"""

from typing import Any

import sympy


class Magnitude(sympy.Function):
    """|u|."""

    is_extended_real = True
    is_extended_nonnegative = True

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        return sympy.Abs(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return Sign(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = rf"\left|{{{printer._print(self.args[0])}}}\right|"
        return body if exp is None else f"{body}^{{{exp}}}"


class Sign(sympy.Function):
    """The sign of u, 0 at 0, with derivative 0: a kink's infinite curvature is left out."""

    is_extended_real = True

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        return sympy.sign(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return sympy.Integer(0)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = rf"\operatorname{{sign}}\left({printer._print(self.args[0])}\right)"
        return body if exp is None else f"{body}^{{{exp}}}"


class Sinh(sympy.Function):
    """The hyperbolic sine of u."""

    is_extended_real = True

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        return sympy.sinh(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return Cosh(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _named("sinh", self, printer, exp)


class Cosh(sympy.Function):
    """The hyperbolic cosine of u."""

    is_extended_real = True
    is_extended_positive = True

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        return sympy.cosh(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return Sinh(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _named("cosh", self, printer, exp)


class Tanh(sympy.Function):
    """The hyperbolic tangent of u."""

    is_extended_real = True

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        return sympy.tanh(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return 1 - Tanh(self.args[0]) ** 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _named("tanh", self, printer, exp)


def derivative(expression: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    """d expression / d symbol, a kink's infinite curvature left out."""
    return sympy.diff(expression, symbol).replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))


def _named(name: str, function: sympy.Function, printer: Any, exp: str | None) -> str:
    power = "" if exp is None else f"^{{{exp}}}"
    return rf"\{name}{power}{{\left({printer._print(function.args[0])} \right)}}"
