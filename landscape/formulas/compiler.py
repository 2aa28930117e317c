"""From sympy expressions to a Program.

Integer powers become products: `numpy.power` is an order of magnitude slower than a product.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy

from landscape.formulas.functions import (
    Angle,
    ArcCosh,
    ArcSinh,
    ArcTanh,
    Cosh,
    CubeRoot,
    Larger,
    Magnitude,
    Power,
    Sigmoid,
    Sign,
    Sinh,
    Smaller,
    Tanh,
)
from landscape.formulas.program import Program, Tape, choose, quotient_at_kink

UNARY: dict[type[sympy.Basic], Callable[[Any], Any]] = {
    sympy.sin: np.sin,
    sympy.cos: np.cos,
    sympy.tan: np.tan,
    sympy.asin: np.arcsin,
    sympy.acos: np.arccos,
    sympy.atan: np.arctan,
    sympy.exp: np.exp,
    sympy.log: np.log,
    sympy.Abs: np.abs,
    sympy.sign: np.sign,
    Magnitude: np.abs,
    Sign: np.sign,
    Sinh: np.sinh,
    Cosh: np.cosh,
    Tanh: np.tanh,
}
BINARY: dict[type[sympy.Basic], Callable[[Any, Any], Any]] = {
    Larger: np.maximum,
    Smaller: np.minimum,
    Power: np.power,
}


def compile_program(
    expressions: Sequence[sympy.Expr], inputs: Sequence[sympy.Symbol], *, kinks: bool = False
) -> Program:
    """Compile expressions in the symbols `inputs`; variables come first, then parameters.

    kinks   True for derivatives: 0 / 0 under a fractional power counts as 0 (see `quotient_at_kink`).
    """
    builder = _Builder(inputs, kinks)
    outputs = [builder.place(expression) for expression in expressions]
    return Program(
        tuple(s.name for s in inputs),
        tuple(builder.registers),
        tuple(builder.operations),
        tuple(outputs),
    )


class _Builder(Tape):
    def __init__(self, inputs: Sequence[sympy.Symbol], kinks: bool) -> None:
        super().__init__(len(inputs))
        self.kinks = kinks
        self.of_expression: dict[sympy.Expr, int] = {s: i for i, s in enumerate(inputs)}

    def place(self, expression: sympy.Expr) -> int:
        """The register that will hold `expression`."""
        if expression not in self.of_expression:
            self.of_expression[expression] = self._place(expression)
        return self.of_expression[expression]

    def _place(self, expression: sympy.Expr) -> int:
        if expression.is_number:
            return self.constant(float(expression))
        if isinstance(expression, sympy.Add):
            return self._sum(expression)
        if isinstance(expression, sympy.Mul):
            return self._product(expression)
        if isinstance(expression, sympy.Pow):
            return self._power(expression.base, expression.exp)
        for known in (UNARY, BINARY):
            if type(expression) in known:
                return self.emit(known[type(expression)], *map(self.place, expression.args))
        if type(expression) in COMPOSED:
            return COMPOSED[type(expression)](self, *map(self.place, expression.args))
        raise ValueError(f"{expression} has no numpy equivalent here")

    def _sum(self, expression: sympy.Add) -> int:
        # A term -a is subtracted, so that x - a costs one operation, not two.
        plus = [t for t in expression.args if not _negative(t)]
        minus = [-t for t in expression.args if _negative(t)]
        if not plus:
            return self.emit(operator.neg, self.place(sympy.Add(*minus)))
        total = self.place(plus[0])
        for term in plus[1:]:
            total = self.emit(operator.add, total, self.place(term))
        for term in minus:
            total = self.emit(operator.sub, total, self.place(term))
        return total

    def _product(self, expression: sympy.Mul) -> int:
        if _negative(expression):
            return self.emit(operator.neg, self.place(-expression))
        above, below = [], []
        for factor in expression.args:
            base, exponent = factor.as_base_exp()
            if exponent.is_number and exponent.is_negative and not base.is_number:
                below.append((base, -exponent))
            else:
                above.append(factor)
        numerator = self._fold(operator.mul, [self.place(f) for f in above] or [self.constant(1.0)])
        if not below:
            return numerator
        denominator = self._fold(operator.mul, [self._power(b, e) for b, e in below])
        fractional = any(not e.is_integer for _, e in below)
        divide = quotient_at_kink if self.kinks and fractional else operator.truediv
        return self.emit(divide, numerator, denominator)

    def _fold(self, function: Callable[..., Any], registers: list[int]) -> int:
        total = registers[0]
        for each in registers[1:]:
            total = self.emit(function, total, each)
        return total

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> int:
        if not exponent.is_number:
            return self.emit(np.power, self.place(base), self.place(exponent))
        if exponent.is_negative:
            return self.emit(operator.truediv, self.constant(1.0), self._power(base, -exponent))
        doubled = 2 * exponent
        if doubled.is_integer or float(doubled).is_integer():
            whole, half = divmod(round(float(doubled)), 2)
            root = [self.emit(np.sqrt, self.place(base))] if half else []
            # An exponent too small for a float, as of x**1e-400, leaves nothing to multiply.
            factors = self._repeated_squares(self.place(base), whole) + root
            return self._fold(operator.mul, factors or [self.constant(1.0)])
        return self.emit(np.power, self.place(base), self.constant(float(exponent)))

    def _repeated_squares(self, register: int, exponent: int) -> list[int]:
        """The registers whose product is the integer power: x**6 is x**2 * x**4."""
        factors = []
        while exponent:
            if exponent & 1:
                factors.append(register)
            exponent >>= 1
            if exponent:
                register = self.emit(operator.mul, register, register)
        return factors


def _sigmoid(tape: Tape, u: int) -> int:
    one = tape.constant(1.0)
    return tape.emit(operator.truediv, one, tape.emit(operator.add, one, tape.emit(np.exp, tape.emit(operator.neg, u))))


def _cube_root(tape: Tape, u: int) -> int:
    size = tape.emit(np.power, tape.emit(np.abs, u), tape.constant(1 / 3))
    return tape.emit(operator.mul, tape.emit(np.sign, u), size)


def _arc_sinh(tape: Tape, u: int) -> int:
    """sign(u) log(|u| + sqrt(u^2 + 1)): no cancellation on either side."""
    size = tape.emit(np.abs, u)
    inside = tape.emit(operator.add, size, tape.emit(np.hypot, u, tape.constant(1.0)))
    return tape.emit(operator.mul, tape.emit(np.sign, u), tape.emit(np.log, inside))


def _arc_cosh(tape: Tape, u: int) -> int:
    """log(u + sqrt(u - 1) sqrt(u + 1)), which is no number below 1."""
    one = tape.constant(1.0)
    low, high = (tape.emit(np.sqrt, tape.emit(f, u, one)) for f in (operator.sub, operator.add))
    return tape.emit(np.log, tape.emit(operator.add, u, tape.emit(operator.mul, low, high)))


def _arc_tanh(tape: Tape, u: int) -> int:
    """log((1 + u) / (1 - u)) / 2."""
    one = tape.constant(1.0)
    above, below = (tape.emit(f, one, u) for f in (operator.add, operator.sub))
    return tape.emit(operator.mul, tape.constant(0.5), tape.emit(np.log, tape.emit(operator.truediv, above, below)))


def _angle(tape: Tape, v: int, u: int) -> int:
    """The angle of (u, v) from its half, 2 atan(v / (r + u)) on the right and 2 atan((r - u) / v) on the left."""
    r, zero = tape.emit(np.hypot, u, v), tape.constant(0.0)
    right = tape.emit(operator.truediv, v, tape.emit(operator.add, r, u))
    left = tape.emit(operator.truediv, tape.emit(operator.sub, r, u), v)
    half = tape.emit(np.arctan, tape.emit(choose, tape.emit(np.greater, u, zero), right, left))
    behind = tape.emit(choose, tape.emit(np.less, u, zero), tape.constant(np.pi), zero)
    level = tape.emit(np.logical_and, tape.emit(np.equal, v, zero), tape.emit(np.less_equal, u, zero))
    return tape.emit(choose, level, behind, tape.emit(operator.mul, tape.constant(2.0), half))


# What is made of several operations, and how; the registers are those of the arguments.
COMPOSED: dict[type[sympy.Basic], Callable[..., int]] = {
    Angle: _angle,
    ArcCosh: _arc_cosh,
    ArcSinh: _arc_sinh,
    ArcTanh: _arc_tanh,
    CubeRoot: _cube_root,
    Sigmoid: _sigmoid,
}


def _negative(term: sympy.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)
