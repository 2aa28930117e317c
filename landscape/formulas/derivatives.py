"""A formula's derivatives: text to sympy, twice differentiated, and from there to programs for numpy.

What needs sympy is here and below. It takes longer to import than most of what is done without it, so that whoever
only runs a formula that is known, see `compiled`, never waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import sympy
from sympy.core.parameters import distribute

from landscape.formulas.compiled import Compiled
from landscape.formulas.compiler import compile_program
from landscape.formulas.functions import ArcTanh, CubeRoot, Larger, Magnitude, Sign, Smaller, derivative
from landscape.formulas.program import Program
from landscape.formulas.reader import MAX_NUMBER, Reading, read
from landscape.formulas.squares import find_squares
from landscape.formulas.wording import ExpressionError

# The (name, value) pairs of a formula.
Parameters = tuple[tuple[str, float], ...]

# Operations that a formula's derivatives may take: six times what any built-in surface needs of a Hessian, and
# twice what it needs of a gradient, after which the Hessian would take seconds to find.
MAX_GRADIENT, MAX_HESSIAN = 140, 1000


@dataclass(frozen=True)
class Derivatives:
    """A formula and its first two derivatives, as sympy and as programs. Symbols: variables, then parameters.

    guarded   whether a derivative might answer where the formula has no value
    reading   what was understood of the text
    """

    symbols: tuple[sympy.Symbol, ...]
    expression: sympy.Expr
    gradient: tuple[sympy.Expr, ...]
    hessian: tuple[tuple[sympy.Expr, ...], ...]
    programs: tuple[Program, Program, Program]
    guarded: bool
    reading: Reading

    @cached_property
    def compiled(self) -> Compiled:
        squares = find_squares(self.expression, self.symbols[: len(self.gradient)], self.symbols)
        return Compiled(self.programs, self.guarded, squares)

    @property
    def has_kink(self) -> bool:
        """Whether the formula is written with a function that turns, or a root."""
        if self.expression.has(Magnitude, Sign, Larger, Smaller, CubeRoot, sympy.Abs, sympy.sign):
            return True
        powers = [power for power in self.expression.atoms(sympy.Pow) if power.free_symbols]
        return any(power.exp.is_number and not power.exp.is_Integer for power in powers)


@lru_cache(maxsize=128)
def compile_formula(text: str, variables: tuple[str, ...], parameters: tuple[str, ...]) -> Derivatives:
    """Read, differentiate twice and compile; about 10-100 ms, then remembered."""
    symbols = {name: sympy.Symbol(name, real=True) for name in (*variables, *parameters)}
    reading = read(text, variables, parameters, others=False)
    expression = reading.expression
    order = tuple(symbols.values())
    unknowns = order[: len(variables)]
    try:
        gradient = _gradient(expression, unknowns, order)
        slope = compile_program(gradient, order, kinks=True)
        _check_size("gradient", slope, MAX_GRADIENT)
        hessian = tuple(tuple(derivative(g, u) for u in unknowns) for g in gradient)
    except RecursionError:
        raise ExpressionError("The formula is too deep to be differentiated") from None
    upper = [hessian[i][j] for i in range(len(unknowns)) for j in range(i, len(unknowns))]
    programs = (
        compile_program([expression], order),
        slope,
        compile_program(upper, order, kinks=True),
    )
    _check_size("Hessian", programs[2], MAX_HESSIAN)
    guarded = any(each.free_symbols for each in expression.atoms(sympy.log, ArcTanh))
    return Derivatives(order, expression, gradient, hessian, programs, guarded, reading)


def _check_size(what: str, program: Program, most: int) -> None:
    if len(program.operations) > most:
        raise ExpressionError(f"The formula's {what} needs more than {most} operations")


def _gradient(
    expression: sympy.Expr, unknowns: Sequence[sympy.Symbol], order: Sequence[sympy.Symbol]
) -> tuple[sympy.Expr, ...]:
    """The gradient in the shorter of two forms: 2 * (x + y - 3) as it is or as 2 * x + 2 * y - 6.

    The first keeps the sum that other terms have too, the second lets terms cancel.
    """
    multiplied = tuple(derivative(expression, u) for u in unknowns)
    with distribute(False):
        kept = tuple(derivative(expression, u) for u in unknowns)
    return min(kept, multiplied, key=lambda g: len(compile_program(g, order, kinks=True).operations))


@lru_cache(maxsize=256)
def latex(text: str, variables: tuple[str, ...], parameters: Parameters, part: str, substituted: bool) -> str:
    """See `Formula.latex`."""
    d = compile_formula(text, variables, tuple(name for name, _ in parameters))
    shown = {"value": d.expression, "gradient": sympy.Matrix(d.gradient), "hessian": sympy.Matrix(d.hessian)}
    if part not in shown:
        raise ValueError(f"part is {part!r}; allowed are {', '.join(shown)}")
    # Nothing is assumed of the symbols shown: the printer simplifies, slowly, any exponent it knows to be negative.
    plain = {symbol: sympy.Symbol(symbol.name) for symbol in d.symbols}
    with distribute(False):
        return sympy.latex(shown[part].subs(_exact(d, parameters) if substituted else {}).xreplace(plain))


def _exact(d: Derivatives, parameters: Parameters) -> dict[sympy.Symbol, sympy.Expr]:
    """The parameters' values for sympy, which computes what is exact however long it takes; {} where it might."""
    exact = {
        sympy.Symbol(name, real=True): sympy.Integer(int(v)) if float(v).is_integer() else sympy.Float(v, 4)
        for name, v in parameters
    }
    # sympy turns exp(c*log(u)) into u**c.
    powers = any(
        e.has(sympy.log) and not exact.keys().isdisjoint(e.free_symbols) for e in d.expression.atoms(sympy.exp)
    )
    bound = [program.bind(dict(parameters)) for program in d.programs]
    large = any(isinstance(r, float) and not abs(r) <= MAX_NUMBER for program in bound for r in program.registers)
    return {} if powers or large else exact
