"""What a formula is compiled to; and what the first page's is, so that its stage waits for nobody to work it out.

sympy takes longer to import than that page to work out a race. `python -m tests.formulas.test_compiled` writes
`compiled.json` anew; a formula that is not there is worked out when it is asked for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from landscape.formulas.program import Program


@dataclass(frozen=True)
class Squares:
    """Residuals whose squares sum to an expression, and their first derivatives, row by row, as programs."""

    residuals: Program
    jacobian: Program

    def bind(self, values: Mapping[str, float]) -> "Squares | None":
        """With the parameters fixed; None where one of them makes a coefficient negative and so a residual no number.

        A residual that is left constant and undefined tells of it; a coefficient holds no variable, so it would be.
        """
        bound = self.residuals.bind(values)
        if any(register is not None and np.isnan(register) for register in bound.registers):
            return None
        return Squares(bound, self.jacobian.bind(values))


class Compiled(NamedTuple):
    """A formula as numpy computes it, its parameters inputs.

    programs   value, gradient and the Hessian's upper triangle, row by row
    guarded    whether a derivative might answer where the formula has no value
    squares    the residuals of one that is written as a sum of squares, else None
    """

    programs: tuple[Program, Program, Program]
    guarded: bool
    squares: Squares | None

    def as_json(self) -> dict[str, Any]:
        squares = self.squares and [self.squares.residuals.as_json(), self.squares.jacobian.as_json()]
        return {"programs": [each.as_json() for each in self.programs], "guarded": self.guarded, "squares": squares}


@cache
def known(text: str, inputs: tuple[str, ...]) -> Compiled | None:
    """What `compiled.json` has of a formula in these variables and parameters; None where it has nothing."""
    spec = _known().get(text)
    if spec is None or tuple(spec["programs"][0]["inputs"]) != inputs:
        return None
    value, gradient, hessian = map(Program.from_json, spec["programs"])
    squares = spec["squares"] and Squares(*map(Program.from_json, spec["squares"]))
    return Compiled((value, gradient, hessian), spec["guarded"], squares)


@cache
def _known() -> dict[str, Any]:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
