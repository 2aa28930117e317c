"""CURVES: functions of one variable, each chosen for what it shows of slopes, of expansions or of areas."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landscape.formulas.continued import on_numbers
from landscape.formulas.expression import Formula, parse

OWN = "own"
# How far out, and how near to each other, the ends of a typed formula's domain may be.
FARTHEST, NEAREST = 1000.0, 1e-3
# Where such a curve is first looked at, in shares of its domain; the first at which it can be.
SHARES = (0.7, 0.3, 0.85, 0.15, 0.55)


@dataclass(frozen=True)
class Curve:
    """A formula in x alone, with the stretch that is drawn.

    key, title     its name in code and links, its name for people
    formula        text in x, as `formulas.expression.parse` reads it
    whole          an antiderivative, likewise; "" where none is known
    domain         (low, high)
    at             the point that is looked at first
    note           what it is good for showing, in one line
    settings       the (name, value) pairs of letters in the formula

    value, slope and curvature take x of any shape and answer in the same. ValueError for a domain that is not a stretch
    of numbers from low to high, and for a point outside it.
    """

    key: str
    title: str
    formula: str
    whole: str
    domain: tuple[float, float]
    at: float
    note: str
    settings: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        low, high = checked_stretch("domain", *self.domain)
        if not low <= self.at <= high:
            raise ValueError(f"at is {self.at:g}; the domain allows {low:g} to {high:g}")

    @cached_property
    def compiled(self) -> Formula:
        return Formula(self.formula, ("x",), self.settings)

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.value(np.asarray(x)[..., None])

    def slope(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.gradient(np.asarray(x)[..., None])[..., 0]

    def curvature(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.hessian(np.asarray(x)[..., None])[..., 0, 0]

    def seen(self, x: np.ndarray) -> np.ndarray:
        """The value in the arithmetic of x, single or double or complex."""
        return on_numbers(self.compiled.programs[0])(x)

    def integral(self, a: float, b: float) -> float:
        """The exact area from a to b, from the antiderivative; ValueError where there is none."""
        if not self.whole:
            raise ValueError(f"whole is {self.whole!r}; {self.title} has no antiderivative here")
        low, high = Formula(self.whole, ("x",)).value(np.array([[a], [b]]))
        return float(high - low)

    def latex(self) -> str:
        return self.compiled.latex()


def curve_from_formula(text: str, domain: tuple[float, float] = (-5.0, 5.0), at: float = 1.0) -> Curve:
    """A curve for a formula in x typed by anyone; raises ExpressionError, a ValueError, at once."""
    typed = Curve("yours", "Your formula", text, "", domain, at, "Yours.")
    _ = typed.compiled
    return typed


def own_curve(text: str, domain: tuple[float, float], settings: Mapping[str, float] | None = None) -> Curve:
    """A curve for a formula in x that somebody typed, every other letter of it with a value.

    settings   of its letters, 1 where one has none; those of letters that it lacks are passed over

    It is looked at first where value, slope and curvature are numbers. ValueError, as ExpressionError for what is no
    formula, for a domain that is no stretch or goes beyond FARTHEST, and for a formula that has no value on it.
    """
    low, high = checked_stretch("domain", *domain)
    if max(abs(low), abs(high)) > FARTHEST or high - low < NEAREST:
        raise ValueError(f"domain is {low:g} to {high:g}; allowed is {-FARTHEST:g} to {FARTHEST:g}, {NEAREST:g} apart")
    formula = parse(text, ("x",))
    values = tuple((name, float((settings or {}).get(name, 1.0))) for name, _ in formula.parameters)
    bound = Formula(text, ("x",), values)
    # Three digits: what a link says is what is used.
    x = np.array([float(f"{low + share * (high - low):.3g}") for share in (*SHARES, *np.linspace(0, 1, 101))])
    x = np.clip(x, low, high)[:, None]
    sound = np.isfinite(bound.value(x)) & np.isfinite(bound.gradient(x)[:, 0]) & np.isfinite(bound.hessian(x)[:, 0, 0])
    if not sound.any():
        raise ValueError(f"the formula has no value with a slope from x = {low:g} to {high:g}")
    # Another formula is another curve, also to a chart that remembers a viewer's zoom.
    key = f"{OWN} {zlib.crc32(repr((text, domain)).encode())}"
    return Curve(key, "Your own formula", text, "", (low, high), float(x[np.argmax(sound), 0]), "Yours.", values)


def steepest(curve: Curve) -> float:
    """About how steep the curve is where it is steepest, leaving a tenth of its domain out; 0 where it is level."""
    slope = np.abs(curve.slope(np.linspace(*curve.domain, 201)))
    slope = slope[np.isfinite(slope)]
    return float(np.quantile(slope, 0.9)) if slope.size else 0.0


def checked_stretch(name: str, low: float, high: float) -> tuple[float, float]:
    """low and high, or a ValueError: both must be finite, and low the smaller."""
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"{name} is {low:g} to {high:g}; both ends must be finite")
    if not low < high:
        raise ValueError(f"{name} is {low:g} to {high:g}; the first must be the smaller")
    return float(low), float(high)


# Each opens with key, title, formula and antiderivative.
_RECORDS = (
    Curve(
        *("square", "Parabola", "x**2", "x**3/3"),
        domain=(-3.0, 3.0),
        at=1.0,
        note="Its slope is 2x: the secant from x to x + h is off by h exactly.",
    ),
    Curve(
        *("sine", "Sine", "sin(x)", "-cos(x)"),
        domain=(-6.5, 6.5),
        at=1.0,
        note="Every derivative is a sine again, and its Taylor series serves everywhere.",
    ),
    Curve(
        *("exponential", "Exponential", "exp(x)", "exp(x)"),
        domain=(-3.0, 3.0),
        at=1.0,
        note="Its own slope, and its own curvature.",
    ),
    Curve(
        *("logarithm", "Logarithm", "log(1 + x)", "(1 + x)*log(1 + x) - x"),
        domain=(-0.95, 3.0),
        at=0.5,
        note="About 0 its Taylor series serves up to 1: as far right as the curve goes left.",
    ),
    Curve(
        *("witch", "Witch of Agnesi", "1/(1 + x**2)", "atan(x)"),
        domain=(-3.0, 3.0),
        at=0.5,
        note="Smooth everywhere. Yet its Taylor series about 0 serves only up to 1: there are poles at i and −i.",
    ),
    Curve(
        *("wave", "Growing wave", "x*cos(0.15*pi*x)", "x*sin(0.15*pi*x)/(0.15*pi) + cos(0.15*pi*x)/(0.15*pi)**2"),
        domain=(-15.0, 15.0),
        at=6.0,
        note="Several minima, and every way downhill ends in one of them. From Dive into Deep Learning, section 12.3.",
    ),
    Curve(
        *("quartic", "Quartic", "x**4", "x**5/5"),
        domain=(-2.0, 2.0),
        at=1.0,
        note="Flat at its minimum: Newton's method keeps 2/3 of the distance at every step.",
    ),
    Curve(
        *("root", "Square root", "sqrt(x)", "2*x*sqrt(x)/3"),
        domain=(0.0, 4.0),
        at=1.0,
        note="Vertical at 0. There midpoints, trapezoids and Simpson fall to order 3/2, and the Taylor series ends.",
    ),
    Curve(
        *("kink", "Kink", "abs(x)", "x*abs(x)/2"),
        domain=(-2.0, 2.0),
        at=0.6,
        note="No slope at 0: from the left it is −1, from the right 1.",
    ),
    Curve(
        *("step", "Smooth step", "tanh(2*x)", "log(cosh(2*x))/2"),
        domain=(-3.0, 3.0),
        at=0.4,
        note="The shape of an activation: its slope dies away on both sides.",
    ),
)
CURVES: dict[str, Curve] = {curve.key: curve for curve in _RECORDS}
