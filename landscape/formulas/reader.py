"""Text to sympy, safely: the bounds of the formulas that anyone may type.

`read` takes text apart (`tokens`), finds out what it means (`grammar`) and builds sympy objects for the tree's names,
numbers, operations and functions; nothing else gets through, and text is never evaluated, executed or sympified. sympy
computes what is exact exactly, however long that takes, so lengths, exponents and constants are bounded at every step.
"""

import math
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import sympy

from landscape.formulas.cursor import Node
from landscape.formulas.functions import Power
from landscape.formulas.grammar import parse_tokens
from landscape.formulas.shown import latex
from landscape.formulas.tokens import VULGAR, tokenize
from landscape.formulas.vocabulary import CONSTANTS, FUNCTIONS, MAX_PARAMETERS, Vocabulary
from landscape.formulas.wording import ExpressionError, Note

MAX_EXPONENT = 40
MAX_NUMBER = 1e12
MAX_SPREAD = 1000


class Reading(NamedTuple):
    """What a text means.

    expression   in real symbols named as the variables and parameters are
    parameters   the letters in it that are no variables, in the order in which they occur
    notes        which of two readings was taken, where there were two
    latex        the formula in the order in which it was typed
    """

    expression: sympy.Expr
    parameters: tuple[str, ...]
    notes: tuple[Note, ...]
    latex: str


def read(
    text: str, variables: Sequence[str] = ("x", "y"), parameters: Sequence[str] = (), *, others: bool = True
) -> Reading:
    """What `text` means in these variables, or an ExpressionError that says what is wrong, where, and how to mend it.

    parameters   names that stand for numbers
    others       whether every other letter stands for a number too, at most MAX_PARAMETERS in all
    """
    return _read(text, tuple(variables), tuple(parameters), others)


@lru_cache(maxsize=256)
def _read(text: str, variables: tuple[str, ...], parameters: tuple[str, ...], others: bool) -> Reading:
    tree, notes = parse_tokens(text, tokenize(text), Vocabulary(variables, parameters))
    found = _letters(tree)
    if others and len(found) > MAX_PARAMETERS:
        raise ExpressionError(f"There are {len(found)} letters besides the variables. Write at most {MAX_PARAMETERS}")
    for name, position in found.items():
        if not others and name not in parameters:
            names = ", ".join([*variables, *parameters, *CONSTANTS])
            raise ExpressionError(f"'{name}' is not known; the names are {names}", position)
    symbols = {name: sympy.Symbol(name, real=True) for name in (*variables, *parameters, *found)}
    return Reading(_Reader(symbols).read(tree), tuple(found), notes, latex(tree))


def _letters(node: Node) -> dict[str, int]:
    """The parameters in a tree and where each of them occurs first, in the order of the text."""
    found = {node.value: node.at} if node.kind == "parameter" else {}
    for part in node.parts:
        for name, position in _letters(part).items():
            found.setdefault(name, position)
    return found


class _Reader:
    """Builds sympy objects from a tree, checking every intermediate result."""

    def __init__(self, symbols: dict[str, sympy.Symbol]) -> None:
        self.symbols = symbols

    def read(self, node: Node) -> sympy.Expr:
        match node.kind:
            case "number":
                result = self._number(node)
            case "constant":
                result = CONSTANTS[node.value]
            case "variable" | "parameter":
                result = self.symbols[node.value]
            case "negative":
                result = -self.read(node.parts[0])
            case "sum":
                result = self._folded(node, self._plus)
            case "product":
                result = self._folded(node, self._times)
            case "over":
                result = self._times(sympy.Integer(1), node)
            case "power":
                base, exponent = map(self.read, node.parts)
                result = self._power(base, exponent, node.at)
            case _:
                result = self._call(node.value, [self.read(part) for part in node.parts], node.at)
        return self._checked(result, node.at)

    def _folded(self, node: Node, step: Any) -> sympy.Expr:
        """A sum or a product, term by term from the left, each result checked."""
        total = self.read(node.parts[0])
        for part in node.parts[1:]:
            total = self._checked(step(total, part), node.at)
        return total

    def _plus(self, total: sympy.Expr, part: Node) -> sympy.Expr:
        return total + self.read(part)

    def _times(self, total: sympy.Expr, part: Node) -> sympy.Expr:
        if part.kind != "over":
            return total * self.read(part)
        below = self.read(part.parts[0])
        if below.is_zero:
            raise ExpressionError("This divides by zero. Change what stands under the stroke", part.at)
        return total / below

    def _number(self, node: Node) -> sympy.Expr:
        if node.value in VULGAR:
            above, below = Fraction(unicodedata.numeric(node.value)).limit_denominator(9).as_integer_ratio()
            return sympy.Rational(above, below)
        number = float(node.value)
        if not abs(number) <= MAX_NUMBER:
            raise ExpressionError(f"The number is larger than {MAX_NUMBER:g}", node.at)
        return sympy.Integer(int(number)) if number.is_integer() else sympy.Float(number)

    def _call(self, name: str, arguments: list[sympy.Expr], position: int) -> sympy.Expr:
        if name == "exp":
            return self._exponential(arguments[0], position)
        if name == "pow":
            return self._power(arguments[0], arguments[1], position)
        if name == "log" and len(arguments) == 2 and arguments[1].is_number and not _is_base(arguments[1]):
            raise ExpressionError("The base of a logarithm is positive and not 1. Write log(x, 2)", position)
        if name in ("square", "hypot"):
            squares = [self._checked(self._power(u, sympy.Integer(2), position), position) for u in arguments]
            return squares[0] if name == "square" else sympy.sqrt(self._checked(sympy.Add(*squares), position))
        return FUNCTIONS[name].build(*arguments)

    def _exponential(self, argument: sympy.Expr, position: int) -> sympy.Expr:
        # sympy turns exp(c*log(u)) into u**c, at once or whenever it expands: c must not be a long number.
        logs = argument.atoms(sympy.log)
        if logs and not _spread(argument) <= MAX_SPREAD:
            argument = argument.xreplace({each: sympy.Float(float(each)) for each in logs if each.is_number})
            if argument.has(sympy.log):
                raise ExpressionError("A logarithm in an exponent has too large a factor", position)
        return sympy.exp(argument)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr, position: int) -> sympy.Expr:
        if not exponent.is_number:
            if not base.is_number:
                return Power(base, exponent)
            if base.is_positive:
                return self._exponential(exponent * sympy.log(base), position)
            raise ExpressionError("Only a positive number has all powers. Write a positive base", position)
        # Nested integer powers merge, (x**9)**9 into x**81, so the whole exponent counts.
        inner = base.exp if base.is_Pow and base.exp.is_number else sympy.Integer(1)
        if not abs(float(exponent) * float(inner)) <= MAX_EXPONENT:
            raise ExpressionError(f"An exponent may be at most {MAX_EXPONENT} in size", position)
        if base.is_number:
            return self._number_power(base, exponent, position)
        if isinstance(base, sympy.exp):
            return self._exponential(base.args[0] * exponent, position)
        if float(2 * exponent).is_integer():
            exponent = sympy.Rational(round(float(2 * exponent)), 2)
        return base**exponent

    def _number_power(self, base: sympy.Expr, exponent: sympy.Expr, position: int) -> sympy.Expr:
        # The size is known from floats before sympy is asked for anything exact.
        try:
            result = float(base) ** float(exponent)
        except (OverflowError, ZeroDivisionError):
            raise ExpressionError("This power has no finite value", position) from None
        if isinstance(result, complex):
            raise ExpressionError("A negative number has no real power of this kind", position)
        if not abs(result) <= MAX_NUMBER:
            raise ExpressionError(f"This number is larger than {MAX_NUMBER:g}", position)
        return base**exponent if exponent.is_Integer else sympy.Float(result)

    def _checked(self, result: sympy.Expr, position: int) -> sympy.Expr:
        if result.has(sympy.I, sympy.nan, sympy.zoo, sympy.oo):
            raise ExpressionError("This has no finite real value", position)
        if not result.is_number:
            return self._bounded(result, position)
        number = _float(result)
        if number is None:
            raise ExpressionError("This has no finite real value", position)
        if not abs(number) <= MAX_NUMBER:
            raise ExpressionError(f"This number is larger than {MAX_NUMBER:g}", position)
        # sympy can spend long on the exact value of a large constant expression; nobody needs it.
        if result.is_Rational:
            short = _short(result, MAX_NUMBER)
        else:
            short = result.count_ops() <= 4 and all(map(_short, result.atoms(sympy.Rational)))
        return result if short else sympy.Float(number)

    def _bounded(self, result: sympy.Expr, position: int) -> sympy.Expr:
        """A power of a product is a product of powers, (9*x**40)**40 = 9**40 * x**1600, so each must stay in bounds."""
        for factor in sympy.Mul.make_args(result):
            if factor.is_number and not factor.is_Rational and _float(factor) is None:
                raise ExpressionError("This has no finite real value", position)
            if factor.is_Pow and factor.exp.is_number and not abs(float(factor.exp)) <= MAX_EXPONENT:
                raise ExpressionError(f"An exponent may be at most {MAX_EXPONENT} in size", position)
        coefficient, rest = result.as_coeff_Mul()
        if not math.isfinite(float(coefficient)):
            raise ExpressionError("A number in this is too large", position)
        return result if coefficient.is_Float or _short(coefficient, MAX_NUMBER) else sympy.Float(coefficient) * rest


def _is_base(number: sympy.Expr) -> bool:
    return bool(number.is_positive) and number != 1


def _float(number: sympy.Expr) -> float | None:
    try:
        return float(number)
    except (TypeError, ZeroDivisionError):
        return None


def _spread(e: sympy.Expr) -> float:
    """At least the size of every coefficient that `e` has when expanded: each part that is no number counts as 1."""
    if e.is_number:
        return abs(float(e))
    if e.is_Add:
        return sum(map(_spread, e.args))
    if e.is_Mul:
        return math.prod(map(_spread, e.args))
    if e.is_Pow and e.exp.is_number:
        return min(max(1.0, _spread(e.base)), 1e6) ** max(0.0, float(e.exp))
    return 1.0


def _short(number: sympy.Rational, limit: float = 1000) -> bool:
    return max(abs(number.p), number.q) <= limit
