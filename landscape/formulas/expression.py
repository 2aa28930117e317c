"""Text to sympy to Objective: the only road from a formula someone typed to a function.

1. `reader.read` turns text into sympy objects, and nothing that is not a formula gets through.
2. `derivatives` differentiates it twice and compiles value, gradient and Hessian for numpy, once a formula.
3. `parse` returns a `Formula`, an Objective that also knows its LaTeX.

Built-in surfaces go the same way, so the formula on screen and the number an optimizer receives have one source. sympy
is loaded when it is first needed: `compiled` has what the first page computes with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from landscape.formulas.compiled import Compiled, Squares, known
from landscape.formulas.program import Program
from landscape.formulas.wording import Note
from landscape.objective import Objective

if TYPE_CHECKING:
    from landscape.formulas.derivatives import Derivatives

# Points a program takes at a time: half a dozen arrays of this many doubles stay in a processor's caches.
BLOCK = 32_768


@dataclass(frozen=True)
class Formula(Objective):
    """A formula in named variables as an Objective, its parameters fixed.

    text         the formula
    variables    the names of x[..., 0], x[..., 1] ...
    parameters   (name, value) pairs; the formula may use the names
    programs     value, gradient and the Hessian's upper triangle, row by row, with the parameters bound

    At a kink, as of |x|, sign(0) = 0 picks the middle of the subdifferential (for |x| the minimum-norm subgradient),
    and the kink's infinite curvature is left out of the Hessian.
    """

    text: str
    variables: tuple[str, ...] = ("x", "y")
    parameters: tuple[tuple[str, float], ...] = ()
    programs: tuple[Program, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = dict(self.parameters)
        bound = tuple(program.bind(values) for program in self.compiled.programs)
        object.__setattr__(self, "programs", bound)

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @cached_property
    def compiled(self) -> Compiled:
        names = (*self.variables, *(name for name, _ in self.parameters))
        return known(self.text, names) or self.derivatives.compiled

    @cached_property
    def derivatives(self) -> "Derivatives":
        from landscape.formulas.derivatives import compile_formula

        return compile_formula(self.text, self.variables, tuple(name for name, _ in self.parameters))

    @cached_property
    def squares(self) -> Squares | None:
        """The residuals of a formula that is written as a sum of squares, else None."""
        found = self.compiled.squares
        return found and found.bind(dict(self.parameters))

    @property
    def has_kink(self) -> bool:
        """Whether it is written with a function that turns, or a root."""
        return self.derivatives.has_kink

    @property
    def notes(self) -> tuple[Note, ...]:
        """Which of two readings was taken of what was typed."""
        return self.derivatives.reading.notes

    @property
    def has_residuals(self) -> bool:
        return self.squares is not None

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return super().residuals(x) if self.squares is None else self._run(self.squares.residuals, x).T

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        if self.squares is None:
            return super().jacobian(x)
        rows = self._run(self.squares.jacobian, x)
        return np.swapaxes(rows.reshape(-1, self.dimension, *rows.shape[1:]), 0, 1).T

    def value(self, x: np.ndarray) -> np.ndarray:
        return self._run(self.programs[0], x)[0].T + 0.0

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self._defined(x, self._run(self.programs[1], x)).T

    def hessian(self, x: np.ndarray) -> np.ndarray:
        upper = self._run(self.programs[2], x)
        out = np.empty((self.dimension, self.dimension, *upper.shape[1:]))
        for (i, j), entry in zip(combinations_with_replacement(range(self.dimension), 2), upper, strict=True):
            out[i, j] = out[j, i] = entry
        if not np.isfinite(upper).all():
            # At the tip of a cone, as of sqrt(x**2 + y**2), the formula reads 1/0 or 0/0 although the surface is there.
            defined = np.isfinite(self.value(x)).T & np.isfinite(self.gradient(x).T).all(axis=0)
            out = np.where(defined & ~np.isfinite(out), 0.0, out)
        return self._defined(x, out).T

    def _defined(self, x: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """NaN where the value is: the derivative of log(u), u'/u, would answer for u < 0 too."""
        if not self.compiled.guarded:
            return answer
        return np.where(np.isnan(self._run(self.programs[0], x)), np.nan, answer)

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
            program.fill(flat[:, block], out[:, block])
        return out.reshape(len(out), *transposed.shape[1:])

    def latex(self, part: str = "value", *, substituted: bool = True) -> str:
        """LaTeX of the "value" (an expression), the "gradient" or the "hessian" (matrices), parameters substituted.

        A parameter keeps its name where its number would make others too large to write.
        """
        from landscape.formulas.derivatives import latex

        return latex(self.text, self.variables, self.parameters, part, substituted)

    def latex_as_typed(self) -> str:
        """LaTeX of the formula in the order in which it was typed, parameters by name."""
        return self.derivatives.reading.latex


def parse(text: str, variables: Sequence[str] = ("x", "y"), parameters: Mapping[str, float] | None = None) -> Formula:
    """The Objective for a formula typed by anyone: `parse("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")`.

    parameters   values of letters that are no variables; a letter without one is 1

    `notes` of the answer say which of two readings was taken. Raises ExpressionError, a ValueError, that says what is
    wrong, where, and how to mend it.
    """
    from landscape.formulas.reader import read

    given = dict(parameters or {})
    found = dict.fromkeys(read(text, variables, tuple(given)).parameters, 1.0)
    return Formula(text, tuple(variables), tuple((found | given).items()))
