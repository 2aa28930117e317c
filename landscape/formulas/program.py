"""Programs: sympy expressions compiled to a straight line of numpy operations.

No source text is generated and nothing is executed from text: an expression becomes a list of (function, registers),
each distinct sub-expression once. Integer powers are products (`numpy.power` is an order of magnitude slower than a
product), and a sub-expression that holds no variable is worked out once, when parameters are bound.
"""

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import sympy

from landscape.formulas.functions import Cosh, Magnitude, Sign, Sinh, Tanh

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


# numpy's own for arrays: unlike Python's, which are faster on single numbers, they can be told where to write.
ON_ARRAYS: dict[Callable[..., Any], Callable[..., Any]] = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.true_divide,
    operator.neg: np.negative,
}


def quotient_at_kink(numerator: Any, denominator: Any, out: Any = None) -> Any:
    """numerator / denominator, with 0 / 0 = 0: the minimum-norm subgradient at the tip of a cone such as |x|.

    out   taken as numpy's functions take it, but not used: it may be one of the arguments, needed to the end
    """
    del out
    ratio = np.divide(numerator, denominator)
    if np.isnan(ratio).any():
        ratio = np.where((numerator == 0) & (denominator == 0), 0.0, ratio)
    return ratio


@dataclass(frozen=True)
class Program:
    """Registers hold the inputs, then constants, then one result per operation.

    registers    what each register holds before a run; None where a run fills it in
    operations   (register, function, argument registers), in order
    outputs      the registers of the results
    """

    inputs: tuple[str, ...]
    registers: tuple[float | None, ...]
    operations: tuple[tuple[int, Callable[..., Any], tuple[int, ...]], ...]
    outputs: tuple[int, ...]

    def bind(self, values: Mapping[str, float]) -> "Program":
        """The program with some inputs fixed, and everything that follows from them alone worked out."""
        registers = list(self.registers)
        for name, value in values.items():
            registers[self.inputs.index(name)] = float(value)
        remaining = []
        with np.errstate(all="ignore"):
            for register, function, arguments in self.operations:
                known = [registers[a] for a in arguments]
                if None in known:
                    remaining.append((register, function, arguments))
                else:
                    registers[register] = float(function(*map(np.float64, known)))
        return replace(self, registers=tuple(registers), operations=tuple(remaining))

    @cached_property
    def _in_place(self) -> list[tuple[int, Callable[..., Any], tuple[int, ...]]]:
        """The operations for arrays: the last argument of each is the array that its result is written over.

        That is an output's own, or one that nothing needs any more, so that what is worked on stays in the cache. The
        outputs' arrays follow the registers, and after them comes a None: write it anywhere.
        """
        own = {register: len(self.registers) + i for i, register in enumerate(self.outputs)}
        uses = Counter(a for _, _, arguments in self.operations for a in arguments)
        temporary = {register for register, _, _ in self.operations} - set(self.outputs)
        free: list[int] = []
        placed = []
        for register, function, arguments in self.operations:
            uses.subtract(arguments)
            free += [a for a in set(arguments) if not uses[a] and a in temporary]
            if register in own:
                place = own[register]
            else:
                place = free.pop() if free else len(self.registers) + len(self.outputs)
            placed.append((register, ON_ARRAYS.get(function, function), (*arguments, place)))
        return placed

    def fill(self, variables: np.ndarray, out: np.ndarray) -> None:
        """Write the outputs at `variables`, (inputs not bound, points), to the rows of out, (outputs, points)."""
        registers: list[Any] = [*self.registers, *out, None]
        registers[: len(variables)] = variables
        with np.errstate(all="ignore"):
            for register, function, arguments in self._in_place:
                registers[register] = function(*[registers[a] for a in arguments])
        for row, output in zip(out, self.outputs, strict=True):
            if registers[output] is not row:
                row[...] = registers[output]

    def __call__(self, *variables: Any) -> list[Any]:
        """The outputs at `variables`, the inputs that are not bound; fastest where these are single numbers."""
        registers: list[Any] = list(self.registers)
        registers[: len(variables)] = variables
        with np.errstate(all="ignore"):
            for register, function, arguments in self.operations:
                registers[register] = function(*[registers[a] for a in arguments])
        return [registers[o] for o in self.outputs]


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


class _Builder:
    def __init__(self, inputs: Sequence[sympy.Symbol], kinks: bool) -> None:
        self.kinks = kinks
        self.registers: list[float | None] = [None] * len(inputs)
        self.operations: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self.of_expression: dict[sympy.Expr, int] = {s: i for i, s in enumerate(inputs)}
        self.of_operation: dict[tuple[Any, ...], int] = {}

    def constant(self, value: float) -> int:
        return self._new(("constant", value), value)

    def emit(self, function: Callable[..., Any], *arguments: int) -> int:
        key = (function, *arguments)
        if key not in self.of_operation:
            register = self._new(key, None)
            self.operations.append((register, function, arguments))
        return self.of_operation[key]

    def _new(self, key: tuple[Any, ...], value: float | None) -> int:
        if key not in self.of_operation:
            self.of_operation[key] = len(self.registers)
            self.registers.append(value)
        return self.of_operation[key]

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
        if type(expression) in UNARY:
            return self.emit(UNARY[type(expression)], self.place(expression.args[0]))
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


def _negative(term: sympy.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)
