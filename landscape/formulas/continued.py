"""A program on numbers of another kind: on singles, and on complex numbers near the real axis.

Off the axis numpy's abs, sign, max and min are not the functions that a formula means: |z| is a length, and has no
derivative. Here each goes on as the branch that holds at the real part, so that a complex step sees its slope.
Source: Martins, Sturdza & Alonso (2003), "The complex-step derivative approximation", ACM TOMS 29.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from landscape.formulas.program import Program


def _larger(a: Any, b: Any) -> Any:
    """The one with the larger real part; NaN where they are equal on the axis and part off it: there is a kink."""
    out = np.where(np.real(a) >= np.real(b), a, b)
    return np.where((np.real(a) == np.real(b)) & (np.imag(a) != np.imag(b)), np.nan, out)


def _sign(a: Any) -> Any:
    jumps = (np.real(a) == 0) & (np.imag(a) != 0)
    return np.where(jumps, np.nan, np.sign(np.real(a)))


def _length(a: Any, b: Any) -> Any:
    return np.sqrt(a * a + b * b)


CONTINUED: dict[Callable[..., Any], Callable[..., Any]] = {
    np.abs: lambda a: _larger(a, -a),
    np.sign: _sign,
    np.maximum: _larger,
    np.minimum: lambda a, b: -_larger(-a, -b),
    np.hypot: _length,
}


def continued(program: Program) -> Program:
    """The program for complex numbers."""
    operations = tuple((r, CONTINUED.get(function, function), a) for r, function, a in program.operations)
    return replace(program, operations=operations)


def on_numbers(program: Program) -> Callable[[np.ndarray], np.ndarray]:
    """A program of one free input as a function of arrays: of doubles, singles or complex numbers, answered in kind."""
    off_axis = continued(program)

    def function(x: np.ndarray) -> np.ndarray:
        (found, *_) = (off_axis if np.iscomplexobj(x) else program)(x)
        return np.broadcast_to(np.asarray(found, dtype=x.dtype), x.shape)

    return function
