"""Text to sympy to Objective: the only road from a formula someone typed to a function.

1. `read` walks Python's own syntax tree and builds sympy objects for names, numbers, + - * / ** and the functions in
   FUNCTIONS; nothing else gets through, and text is never evaluated, executed or sympified.
2. `compile_formula` differentiates twice and compiles value, gradient and Hessian for numpy, once a formula.
3. `parse` returns a `Formula`, an Objective that also knows its LaTeX.

Built-in surfaces go the same way, so the formula on screen and the number an optimizer receives have one source.
Bounds on length, nesting, exponents and constants keep hostile input cheap.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy

from landscape.objective import Objective
from landscape.program import Magnitude, Program, Sign, compile_program
from landscape.squares import Squares, find_squares

MAX_LENGTH = 300
MAX_NODES = 250
MAX_NESTING = 12
MAX_EXPONENT = 40
MAX_NUMBER = 1e12
MAX_OPERATIONS = 4000

# Points a program takes at a time: a dozen registers of this many doubles fit in a core's own cache.
BLOCK = 8192

FUNCTIONS: dict[str, Any] = {
    "abs": Magnitude,
    "acos": sympy.acos,
    "asin": sympy.asin,
    "atan": sympy.atan,
    "cos": sympy.cos,
    "cosh": sympy.cosh,
    "exp": sympy.exp,
    "log": sympy.log,
    "sign": Sign,
    "sin": sympy.sin,
    "sinh": sympy.sinh,
    "sqrt": sympy.sqrt,
    "tan": sympy.tan,
    "tanh": sympy.tanh,
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
        position = node.col_offset - 1
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
        return FUNCTIONS[name](argument)

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
                return sympy.exp(exponent * sympy.log(base))
            raise ExpressionError("An exponent must be a number, or its base a positive number", position)
        # Nested integer powers merge, (x**9)**9 into x**81, so the whole exponent counts.
        inner = base.exp if base.is_Pow and base.exp.is_number else sympy.Integer(1)
        if not abs(float(exponent) * float(inner)) <= MAX_EXPONENT:
            raise ExpressionError(f"An exponent may be at most {MAX_EXPONENT} in size", position)
        if base.is_number:
            return self._number_power(base, exponent, position)
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
            return result
        try:
            number = float(result)
        except TypeError:
            raise ExpressionError("This has no finite real value", position) from None
        if not abs(number) <= MAX_NUMBER:
            raise ExpressionError(f"This number is larger than {MAX_NUMBER:g}", position)
        # sympy can spend long on the exact value of a large constant expression; nobody needs it.
        return result if result.count_ops() <= 4 else sympy.Float(number)


@dataclass(frozen=True)
class Derivatives:
    """A formula and its first two derivatives, as sympy and as programs. Symbols: variables, then parameters."""

    symbols: tuple[sympy.Symbol, ...]
    expression: sympy.Expr
    gradient: tuple[sympy.Expr, ...]
    hessian: tuple[tuple[sympy.Expr, ...], ...]
    programs: tuple[Program, Program, Program]


@lru_cache(maxsize=128)
def compile_formula(text: str, variables: tuple[str, ...], parameters: tuple[str, ...]) -> Derivatives:
    """Read, differentiate twice and compile; about 10-100 ms, then remembered."""
    symbols = {name: sympy.Symbol(name, real=True) for name in (*variables, *parameters)}
    expression = read(text, symbols)
    order = tuple(symbols.values())
    unknowns = order[: len(variables)]
    gradient = tuple(_derivative(expression, u) for u in unknowns)
    hessian = tuple(tuple(_derivative(g, u) for u in unknowns) for g in gradient)
    upper = [hessian[i][j] for i in range(len(unknowns)) for j in range(i, len(unknowns))]
    programs = (
        compile_program([expression], order),
        compile_program(gradient, order, kinks=True),
        compile_program(upper, order, kinks=True),
    )
    if len(programs[2].operations) > MAX_OPERATIONS:
        raise ExpressionError(f"The formula's Hessian needs more than {MAX_OPERATIONS} operations")
    return Derivatives(order, expression, gradient, hessian, programs)


def _derivative(expression: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    return sympy.diff(expression, symbol).replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))


@dataclass(frozen=True)
class Formula(Objective):
    """A formula in named variables as an Objective, its parameters fixed.

    text         the formula
    variables    the names of x[..., 0], x[..., 1] ...
    parameters   (name, value) pairs; the formula may use the names

    At a kink, as of |x|, sign(0) = 0 picks the middle of the subdifferential (for |x| the minimum-norm subgradient),
    and the kink's infinite curvature is left out of the Hessian.
    """

    text: str
    variables: tuple[str, ...] = ("x", "y")
    parameters: tuple[tuple[str, float], ...] = ()
    _bound: tuple[Program, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = dict(self.parameters)
        bound = tuple(program.bind(values) for program in self.derivatives.programs)
        object.__setattr__(self, "_bound", bound)

    @property
    def dimension(self) -> int:  # type: ignore[override]
        return len(self.variables)

    @cached_property
    def derivatives(self) -> Derivatives:
        return compile_formula(self.text, self.variables, tuple(name for name, _ in self.parameters))

    @cached_property
    def squares(self) -> Squares | None:
        """The residuals of a formula that is written as a sum of squares, else None."""
        d = self.derivatives
        found = find_squares(d.expression, d.symbols[: self.dimension], d.symbols)
        return found and found.bind(dict(self.parameters))

    @property
    def has_residuals(self) -> bool:  # type: ignore[override]
        return self.squares is not None

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return super().residuals(x) if self.squares is None else self._run(self.squares.residuals, x).T

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        if self.squares is None:
            return super().jacobian(x)
        rows = self._run(self.squares.jacobian, x)
        return np.swapaxes(rows.reshape(-1, self.dimension, *rows.shape[1:]), 0, 1).T

    def value(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._bound[0], x)[0].T + 0.0

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._bound[1], x).T

    def hessian(self, x: np.ndarray) -> np.ndarray:
        upper = self._run(self._bound[2], x)
        out = np.empty((self.dimension, self.dimension, *upper.shape[1:]))
        for i, j, entry in zip(*np.triu_indices(self.dimension), upper, strict=True):
            out[i, j] = out[j, i] = entry
        if not np.isfinite(upper).all():
            # At the tip of a cone, as of sqrt(x**2 + y**2), the formula reads 1/0 or 0/0 although the surface is there.
            defined = np.isfinite(self.value(x)).T & np.isfinite(self.gradient(x).T).all(axis=0)
            out = np.where(defined & ~np.isfinite(out), 0.0, out)
        return out.T

    def _run(self, program: Program, x: np.ndarray) -> np.ndarray:
        """A program's results, shape (results, *reversed leading axes of x).

        Component first, so that every operation runs over contiguous memory, and in blocks that stay in the cache:
        ten times faster than whole arrays of 65,536 points.
        """
        transposed = np.ascontiguousarray(np.asarray(x, dtype=float).T)
        if transposed.shape[:1] != (self.dimension,):
            raise ValueError(f"x has shape {np.shape(x)}; its last axis must be {self.dimension}")
        if transposed.ndim == 1:
            return np.array(program(*transposed))
        flat = transposed.reshape(self.dimension, -1)
        out = np.empty((len(program.outputs), flat.shape[1]))
        for start in range(0, flat.shape[1], BLOCK):
            block = slice(start, start + BLOCK)
            for row, result in zip(out, program(*flat[:, block]), strict=True):
                row[block] = result
        return out.reshape(len(out), *transposed.shape[1:])

    def latex(self, part: str = "value") -> str:
        """LaTeX of the "value" (an expression), the "gradient" or the "hessian" (matrices), parameters substituted."""
        d = self.derivatives
        exact = {
            sympy.Symbol(name, real=True): sympy.Integer(int(v)) if float(v).is_integer() else sympy.Float(v, 4)
            for name, v in self.parameters
        }
        shown = {"value": d.expression, "gradient": sympy.Matrix(d.gradient), "hessian": sympy.Matrix(d.hessian)}
        if part not in shown:
            raise ValueError(f"part is {part!r}; allowed are {', '.join(shown)}")
        return sympy.latex(shown[part].subs(exact))


def parse(text: str, variables: tuple[str, ...] = ("x", "y"), parameters: Mapping[str, float] | None = None) -> Formula:
    """The Objective for a formula typed by anyone: `parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")`.

    Raises ExpressionError, a ValueError, that says what is wrong and where.
    """
    return Formula(text, tuple(variables), tuple((parameters or {}).items()))
