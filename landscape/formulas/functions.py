"""Functions as this project differentiates them, where sympy's own will not do.

Its Abs has no usable derivative where the argument is not known to be real, as in |log(x)|, and its hyperbolic
functions expand their argument, however large, to find out whether it is real. Here every argument is real.
"""

import math
from typing import Any, ClassVar

import sympy
from sympy.printing.precedence import PRECEDENCE


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


class Real(sympy.Function):
    """A function of real numbers that sympy leaves as it stands, but for numbers, which become one number.

    sign     how LaTeX writes it
    number   its value at floats; an ArithmeticError or ValueError where it has none
    """

    is_extended_real = True
    nargs = 1
    sign = ""
    number: ClassVar[Any]

    @classmethod
    def eval(cls, *args: sympy.Expr) -> sympy.Expr | None:
        if not all(each.is_number for each in args):
            return None
        try:
            return sympy.Float(cls.number(*map(float, args)))
        except (ValueError, ArithmeticError):
            return sympy.nan

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{self.sign}{power}\left({', '.join(map(printer._print, self.args))}\right)"


class ArcSinh(Real):
    """The inverse of the hyperbolic sine."""

    sign = r"\operatorname{arsinh}"
    number = staticmethod(math.asinh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return 1 / sympy.sqrt(self.args[0] ** 2 + 1)


class ArcCosh(Real):
    """The inverse of the hyperbolic cosine, for u >= 1; neither has its derivative an answer below."""

    sign = r"\operatorname{arcosh}"
    number = staticmethod(math.acosh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return 1 / (sympy.sqrt(self.args[0] - 1) * sympy.sqrt(self.args[0] + 1))


class ArcTanh(Real):
    """The inverse of the hyperbolic tangent, for |u| < 1."""

    sign = r"\operatorname{artanh}"
    number = staticmethod(math.atanh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return 1 / (1 - self.args[0] ** 2)


class CubeRoot(Real):
    """The real cube root of u, negative where u is."""

    number = staticmethod(lambda u: math.copysign(abs(u) ** (1 / 3), u))

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return 1 / (3 * CubeRoot(self.args[0]) ** 2)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = rf"\sqrt[3]{{{printer._print(self.args[0])}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class Sigmoid(Real):
    """1 / (1 + exp(-u))."""

    sign = r"\sigma"
    number = staticmethod(lambda u: 1 / (1 + math.exp(-u)))

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return self * Sigmoid(-self.args[0])


class Larger(Real):
    """The larger of u and v; where they are equal its slope is the mean of theirs."""

    nargs = 2
    sign = r"\max"
    number = staticmethod(max)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        first = Sign(self.args[0] - self.args[1])
        return (1 + first) / 2 if argindex == 1 else (1 - first) / 2


class Smaller(Real):
    """The smaller of u and v; where they are equal its slope is the mean of theirs."""

    nargs = 2
    sign = r"\min"
    number = staticmethod(min)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        first = Sign(self.args[0] - self.args[1])
        return (1 - first) / 2 if argindex == 1 else (1 + first) / 2


class Angle(Real):
    """atan2(v, u), the angle of the point (u, v), from -pi to pi."""

    nargs = 2
    sign = r"\operatorname{atan2}"
    number = staticmethod(math.atan2)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        v, u = self.args
        return (u if argindex == 1 else -v) / (u**2 + v**2)


class Power(Real):
    """u**v where v is no number: real where u > 0, and where v happens to be whole."""

    nargs = 2
    number = staticmethod(math.pow)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        u, v = self.args
        return v * Power(u, v - 1) if argindex == 1 else self * sympy.log(u)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        base, exponent = self.args
        body = rf"{printer.parenthesize(base, PRECEDENCE['Pow'])}^{{{printer._print(exponent)}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


def derivative(expression: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    """d expression / d symbol, a kink's infinite curvature left out.

    By the rules that sympy's own `diff` follows, in a third of its time: that asks of every part whether it is zero.
    """
    known: dict[sympy.Expr, sympy.Expr] = {symbol: sympy.Integer(1)}

    def of(e: sympy.Expr) -> sympy.Expr:
        if e not in known:
            known[e] = by_rule(e) if symbol in e.free_symbols else sympy.Integer(0)
        return known[e]

    def by_rule(e: sympy.Expr) -> sympy.Expr:
        if e.is_Add:
            return sympy.Add(*map(of, e.args))
        if e.is_Mul:
            turns = [(i, of(factor)) for i, factor in enumerate(e.args)]
            return sympy.Add(*(math.prod((*e.args[:i], d, *e.args[i + 1 :])) for i, d in turns if d != 0))
        if e.is_Pow:
            base, exponent = e.args
            return e * (of(exponent) * sympy.log(base) + of(base) * exponent / base)
        if isinstance(e, (Sign, sympy.sign)):
            return sympy.Integer(0)
        slopes = [(i, of(argument)) for i, argument in enumerate(e.args, 1)]
        return sympy.Add(*(e.fdiff(i) * d for i, d in slopes if d != 0))

    return of(expression)


def _named(name: str, function: sympy.Function, printer: Any, exp: str | None) -> str:
    power = "" if exp is None else f"^{{{exp}}}"
    return rf"\{name}{power}{{\left({printer._print(function.args[0])} \right)}}"
