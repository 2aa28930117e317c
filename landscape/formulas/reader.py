"""Text to sympy, safely: the grammar and the bounds of the formulas that anyone may type.

`read` walks Python's own syntax tree and builds sympy objects for names, numbers, + - * / ** and the functions in
FUNCTIONS; nothing else gets through, and text is never evaluated, executed or sympified. sympy computes what is exact
exactly, however long that takes, so lengths, exponents and constants are bounded at every step.
"""

import ast
import math
import re
from collections.abc import Mapping
from typing import Any

import sympy

from landscape.formulas.functions import Cosh, Magnitude, Sign, Sinh, Tanh

MAX_LENGTH = 300
MAX_NODES = 250
MAX_NESTING = 12
MAX_EXPONENT = 40
MAX_NUMBER = 1e12
MAX_SPREAD = 1000

FUNCTIONS: dict[str, Any] = {
    "abs": Magnitude,
    "acos": sympy.acos,
    "asin": sympy.asin,
    "atan": sympy.atan,
    "cos": sympy.cos,
    "cosh": Cosh,
    "exp": sympy.exp,
    "log": sympy.log,
    "sign": Sign,
    "sin": sympy.sin,
    "sinh": Sinh,
    "sqrt": sympy.sqrt,
    "tan": sympy.tan,
    "tanh": Tanh,
}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E}

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_.+\-*/(), \t]")
# The atomic group keeps 1e5 from being taken for 1 times e5.
_GLUED = re.compile(r"(?<![A-Za-z0-9_.])(?>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)[A-Za-z_(]|\)\s*[A-Za-z0-9_(]")


class ExpressionError(ValueError):
    """What is wrong with a formula and where: `position` is the index of the character, or None for the whole."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message if position is None else f"{message} (at character {position + 1})")
        self.position = position


def read(text: str, symbols: Mapping[str, sympy.Symbol]) -> sympy.Expr:
    """The sympy expression for `text` in the given symbols, or an ExpressionError that says what and where."""
    if not text.strip():
        raise ExpressionError("The formula is empty")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The formula has {len(text)} characters; at most {MAX_LENGTH} are allowed")
    _check_characters(text)
    # The padding keeps leading blanks from reading as an indent; positions are corrected by it.
    try:
        tree = ast.parse(f"({text})", mode="eval")
    except SyntaxError as error:
        position = min(max((error.offset or 2) - 2, 0), len(text) - 1)
        raise ExpressionError("The formula is not complete or not well formed here", position) from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError(f"The formula is too long: more than {MAX_NODES} parts")
    return _Reader(symbols).read(tree.body)


def _check_characters(text: str) -> None:
    if "^" in text:
        raise ExpressionError("Write ** for a power, not ^", text.index("^"))
    if bad := _NOT_ALLOWED.search(text):
        raise ExpressionError(f"The character {bad.group()!r} is not allowed", bad.start())
    if glued := _GLUED.search(text):
        raise ExpressionError("Write a product with *, as in 2*x", glued.end() - 1)
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth > MAX_NESTING:
            raise ExpressionError(f"Parentheses are nested more than {MAX_NESTING} deep", position)
        if depth < 0:
            raise ExpressionError("This parenthesis closes nothing", position)


_OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
}


class _Reader:
    """Builds sympy objects from a syntax tree, checking every intermediate result."""

    def __init__(self, symbols: Mapping[str, sympy.Symbol]) -> None:
        self.symbols = symbols

    def read(self, node: ast.expr, depth: int = 0) -> sympy.Expr:
        position = max(node.col_offset - 1, 0)
        if depth > 3 * MAX_NESTING:
            raise ExpressionError("The formula is nested too deeply", position)
        match node:
            case ast.Constant(value=bool() | complex() | str() | bytes() | None):
                raise ExpressionError("Only numbers, names and functions are allowed", position)
            case ast.Constant(value=int() | float() as number):
                result = self._number(number, position)
            case ast.Name(id=name):
                result = self._name(name, position)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                inner = self.read(operand, depth + 1)
                result = -inner if isinstance(node.op, ast.USub) else inner
            case ast.BinOp(left=left, op=op, right=right):
                result = self._binary(op, self.read(left, depth + 1), self.read(right, depth + 1), position)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
                result = self._call(name, self.read(argument, depth + 1), position)
            case ast.Call(func=ast.Name(id=name)):
                raise ExpressionError(f"{name} takes one argument", position)
            case _:
                raise ExpressionError("Only + - * / ** and functions of one argument are allowed", position)
        return self._checked(result, position)

    def _number(self, number: int | float, position: int) -> sympy.Expr:
        if not abs(number) <= MAX_NUMBER:
            raise ExpressionError(f"The number is larger than {MAX_NUMBER:g}", position)
        return sympy.Integer(int(number)) if float(number).is_integer() else sympy.Float(number)

    def _name(self, name: str, position: int) -> sympy.Expr:
        known = {**CONSTANTS, **self.symbols}
        if name in known:
            return known[name]
        if name in FUNCTIONS:
            raise ExpressionError(f"{name} needs an argument, as in {name}(x)", position)
        raise ExpressionError(
            f"{name!r} is not known; the names are {', '.join([*self.symbols, *CONSTANTS])}", position
        )

    def _call(self, name: str, argument: sympy.Expr, position: int) -> sympy.Expr:
        if name not in FUNCTIONS:
            raise ExpressionError(
                f"{name!r} is not a function here; the functions are {', '.join(FUNCTIONS)}", position
            )
        return self._exponential(argument, position) if name == "exp" else FUNCTIONS[name](argument)

    def _exponential(self, argument: sympy.Expr, position: int) -> sympy.Expr:
        # sympy turns exp(c*log(u)) into u**c, at once or whenever it expands: c must not be a long number.
        logs = argument.atoms(sympy.log)
        if logs and not _spread(argument) <= MAX_SPREAD:
            argument = argument.xreplace({each: sympy.Float(float(each)) for each in logs if each.is_number})
            if argument.has(sympy.log):
                raise ExpressionError("A logarithm in an exponent has too large a factor", position)
        return sympy.exp(argument)

    def _binary(self, op: ast.operator, left: sympy.Expr, right: sympy.Expr, position: int) -> sympy.Expr:
        if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](left, right)
        if isinstance(op, ast.Div):
            if right.is_zero:
                raise ExpressionError("This divides by zero", position)
            return left / right
        if isinstance(op, ast.Pow):
            return self._power(left, right, position)
        raise ExpressionError("Only + - * / ** are allowed", position)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr, position: int) -> sympy.Expr:
        if not exponent.is_number:
            if base.is_number and base.is_positive:
                return self._exponential(exponent * sympy.log(base), position)
            raise ExpressionError("An exponent must be a number, or its base a positive number", position)
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
