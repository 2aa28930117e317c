"""Difference quotients: what a secant says of a slope, how wrong it is, and which step serves best."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import factorial
from typing import Any, NamedTuple

import numpy as np

from landscape.calculus.expansions import one_variable, taylor
from landscape.formulas.continued import on_numbers
from landscape.formulas.expression import Formula

Function = Callable[[Any], Any]
# By name: a real number, and the complex one of two of them.
PRECISIONS: dict[str, tuple[type[Any], type[Any]]] = {
    "double": (np.float64, np.complex128),
    "single": (np.float32, np.complex64),
}


@dataclass(frozen=True)
class Scheme:
    """A difference quotient.

    key, title      its name in code and links, its name for people
    order           its error falls as h**order
    derivative      the leading error is factor * f^(derivative)(x) * h**order
    samples         how often a rounding of f enters, over h: 0 where nothing is subtracted
    back, ahead     f is asked at x - back * h and at x + ahead * h, where the secant meets it
    rule(f, x, h)   the quotient; f must take complex numbers where `off_axis`
    latex           how it is written
    """

    key: str
    title: str
    order: int
    derivative: int
    factor: float
    samples: float
    back: int
    ahead: int
    rule: Callable[[Function, Any, Any], Any]
    latex: str
    off_axis: bool = False


DIFFERENCES: dict[str, Scheme] = {
    each.key: each
    for each in (
        Scheme(
            *("forward", "Forward", 1, 2, 1 / 2, 2.0, 0, 1),
            lambda f, x, h: (f(x + h) - f(x)) / h,
            r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(x) + \dots",
        ),
        Scheme(
            *("backward", "Backward", 1, 2, -1 / 2, 2.0, 1, 0),
            lambda f, x, h: (f(x) - f(x - h)) / h,
            r"\frac{f(x) - f(x-h)}{h} = f'(x) - \frac{h}{2} f''(x) + \dots",
        ),
        Scheme(
            *("central", "Central", 2, 3, 1 / 6, 1.0, 1, 1),
            lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
            r"\frac{f(x+h) - f(x-h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + \dots",
        ),
        Scheme(
            *("complex", "Complex step", 2, 3, -1 / 6, 0.0, 0, 0),
            lambda f, x, h: np.imag(f(x + 1j * h)) / h,
            r"\frac{\operatorname{Im} f(x + ih)}{h} = f'(x) - \frac{h^2}{6} f'''(x) + \dots",
            off_axis=True,
        ),
    )
}


def scheme_of(key: str) -> Scheme:
    if key not in DIFFERENCES:
        raise ValueError(f"scheme is {key!r}; allowed are {', '.join(DIFFERENCES)}")
    return DIFFERENCES[key]


def difference(f: Formula | Function, x: Any, h: Any, scheme: str = "central", precision: str = "double") -> np.ndarray:
    """The slope of f at x by a difference quotient with step h; x and h broadcast.

        forward (f(x + h) - f(x)) / h              backward (f(x) - f(x - h)) / h
        central (f(x + h) - f(x - h)) / (2 h)      complex  Im f(x + i h) / h

    f           a formula of one variable, or a function of arrays, element by element
    precision   "double" or "single": all arithmetic is done in it, and the answer is told as doubles

    The complex step subtracts nothing, so that h may be 1e-20; it runs a formula's program on complex numbers. It is
    NaN where f is not real and at a kink, and ValueError for a function that will not take complex numbers.
    ValueError for an unknown scheme or precision, h not positive and finite, x not finite.
    Source: Squire & Trapp (1998), "Using complex variables to estimate derivatives of real functions", SIAM Review 40.
    """
    chosen = scheme_of(scheme)
    if precision not in PRECISIONS:
        raise ValueError(f"precision is {precision!r}; allowed are {', '.join(PRECISIONS)}")
    real, off_axis = PRECISIONS[precision]
    x, h = np.broadcast_arrays(_finite("x", x), checked_step(h))
    function = on_numbers(one_variable(f).programs[0]) if isinstance(f, Formula) else f
    with np.errstate(all="ignore"):
        at, step = x.astype(real), h.astype(real)
        if not chosen.off_axis:
            return np.asarray(chosen.rule(function, at, step), dtype=float)
        there = np.isfinite(function(at))
        try:
            found = chosen.rule(partial(_complex, function, off_axis), at, step)
        except TypeError:
            raise ValueError(f"f is {f!r}; the complex step needs a function of complex numbers") from None
        return np.where(there, np.asarray(found, dtype=float), np.nan)


def _complex(function: Function, kind: type[Any], z: np.ndarray) -> np.ndarray:
    value = np.asarray(function(z.astype(kind)))
    if not np.iscomplexobj(value):
        raise TypeError("the answer is real")
    return np.where(np.isnan(value), np.nan * (1 + 1j), value)


def checked_step(h: Any) -> np.ndarray:
    """h as an array, or a ValueError: it must be positive and finite."""
    step = _finite("h", h)
    if not (step > 0).all():
        raise ValueError(f"h is {step[~(step > 0)].flat[0]:g}; it must be positive")
    return step


def _finite(name: str, value: Any) -> np.ndarray:
    array = np.asarray(value, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is {array[~np.isfinite(array)].flat[0]:g}; it must be finite")
    return array


class Forecast(NamedTuple):
    """What theory says of a difference quotient at one point, before it is formed.

    truncation   the leading error is truncation * h**order
    rounding     at most about rounding / h is added by rounding, in f's values and in x + h
    floor        and so much by rounding the answer
    step, error  the step at which the two meet best, and the error there; NaN where truncation or rounding is none
    """

    truncation: float
    rounding: float
    floor: float
    step: float
    error: float

    def bound(self, h: np.ndarray) -> np.ndarray:
        """What rounding may add at step h."""
        return self.rounding / h + self.floor


def forecast(formula: Formula, x: float, scheme: str, precision: str = "double") -> Forecast:
    """h* minimises T h**p + R / h: h* = (R / (p T))**(1 / (p + 1)).

    T = |factor f^(k)(x)|, and with u the unit of rounding R = samples * u (|f(x)| + |x f'(x)|): each value of f is off
    by u, and so is x + h. Source: Nocedal & Wright (2006), "Numerical optimization", 2nd ed., section 8.1; the rounding
    of x + h is added here.
    """
    chosen = scheme_of(scheme)
    unit = float(np.finfo(PRECISIONS[precision][0]).eps) / 2
    c = taylor(formula, x, 3)
    k, p = chosen.derivative, chosen.order
    truncation = abs(chosen.factor * c[k] * factorial(k))
    rounding = chosen.samples * unit * (abs(c[0]) + abs(x * c[1]))
    floor = 2 * unit * abs(c[1])
    if not (truncation > 0 and rounding > 0):
        return Forecast(truncation, rounding, floor, np.nan, np.nan)
    step = (rounding / (p * truncation)) ** (1 / (p + 1))
    return Forecast(truncation, rounding, floor, step, truncation * step**p + rounding / step)
