"""ACTIVATIONS: what a neuron does with its weighted sum, with the first two derivatives.

One record is one activation. Menus, the formula beside a neuron, the export to PyTorch and the tests follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np

Elementwise = Callable[[np.ndarray], np.ndarray]
FromBoth = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    """A function of one number, applied elementwise: a = f(z).

    key, title        its name in code and links, its name for people
    value(z)          f(z)
    slope(z, a)       f'(z); it is handed a = f(z) too, from which it is often cheaper
    curvature(z, a)   f''(z), or None where that is 0 everywhere but at a kink
    symbol            what stands for f in a formula; LaTeX, as the next two
    latex             f(z); slope_latex is f'(z), in z and in a = f(z)
    torch             the module of torch.nn that is the same
    note              what it is good for showing, in one line
    kink              where it is not smooth and what is answered there; "" where there is no such place
    """

    key: str
    title: str
    value: Elementwise
    slope: FromBoth
    curvature: FromBoth | None
    symbol: str
    latex: str
    slope_latex: str
    torch: str
    note: str
    kink: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        # By name, because functions without one cannot be pickled.
        return _by_key, (self.key,)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)); the exponential's overflow at z < -709 gives the right 0."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def softplus(z: np.ndarray) -> np.ndarray:
    """log(1 + exp(z)), written so that nothing overflows and nothing small is lost."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


# log(erfc(x)) + x**2 - log(t) with t = 2 / (2 + x), as a Chebyshev series in 2 t - 1, x >= 0. The form is that of
# Press et al. (2007), Numerical Recipes, 3rd ed., section 6.2.2; the coefficients were computed in 40 digits.
_ERFC = (
    *(-0.651326859890854717, 0.64196979235649026, 0.0194764732041858363, -0.00956151478680863164),
    *(-9.46595344482036866e-4, 3.66839497852761452e-4, 4.25233248069077716e-5, -2.02785781125342432e-5),
    *(-1.62429000464702551e-6, 1.3036558355805232e-6, 1.56264417220661432e-8, -8.52380959149265425e-8),
    *(6.5290544390988515e-9, 5.05934349555146894e-9, -9.91364156493033087e-10, -2.27365122293183586e-10),
    *(9.6467911020155268e-11, 2.39403808303911474e-12, -6.8860275264975534e-12, 8.94487927309072572e-13),
    *(3.13092139934295808e-13, -1.12708223613672524e-13, 3.81090525518923206e-16, 7.10609761360923699e-15),
    *(-1.5230282014571043e-15, -9.457494571291234e-17, 1.21023718922427899e-16, -2.81666308774717697e-17),
)


def normal_density(z: np.ndarray) -> np.ndarray:
    return np.exp(-(z**2) / 2) / sqrt(2 * pi)


def normal_distribution(z: np.ndarray) -> np.ndarray:
    """P(Z <= z) for a standard normal Z; within 5e-16, and within 1e-13 of itself down to z = -37."""
    x = np.abs(z) / sqrt(2)
    t = 2 / (2 + x)
    upper = t / 2 * np.exp(np.polynomial.chebyshev.chebval(2 * t - 1, _ERFC) - x**2)
    return np.where(z > 0, 1 - upper, upper)


def _gelu_slope(z: np.ndarray, a: np.ndarray) -> np.ndarray:
    del a
    return normal_distribution(z) + z * normal_density(z)


# Each opens with key and title, starred so that the formatter keeps them on one line.
_RECORDS = (
    Activation(
        *("tanh", "tanh"),
        value=np.tanh,
        slope=lambda z, a: 1 - a * a,
        curvature=lambda z, a: -2 * a * (1 - a * a),
        symbol=r"\tanh",
        latex=r"\tanh(z)",
        slope_latex="1 - a^2",
        torch="Tanh",
        note="Smooth and centred on 0. Far out it is flat, and hardly any gradient comes back.",
    ),
    Activation(
        *("relu", "ReLU"),
        value=lambda z: np.maximum(z, 0),
        slope=lambda z, a: (z > 0).astype(float),
        curvature=None,
        symbol=r"\operatorname{relu}",
        latex=r"\max(z, 0)",
        slope_latex=r"\mathbf{1}[z > 0]",
        torch="ReLU",
        note="It makes a landscape of smooth pieces with creases between. A unit that is off everywhere is dead.",
        kink="At z = 0 the slope counts as 0, as in PyTorch. That is a subgradient of ReLU, not always of the loss.",
    ),
    Activation(
        *("sigmoid", "Sigmoid"),
        value=sigmoid,
        slope=lambda z, a: a * (1 - a),
        curvature=lambda z, a: a * (1 - a) * (1 - 2 * a),
        symbol=r"\sigma",
        latex=r"\frac{1}{1 + e^{-z}}",
        slope_latex="a (1 - a)",
        torch="Sigmoid",
        note="Its slope is at most 1/4, so a unit lets at most a quarter of its gradient through.",
    ),
    Activation(
        *("softplus", "Softplus"),
        value=softplus,
        slope=lambda z, a: sigmoid(z),
        curvature=lambda z, a: sigmoid(z) * sigmoid(-z),
        symbol=r"\operatorname{softplus}",
        latex=r"\log(1 + e^z)",
        slope_latex=r"\frac{1}{1 + e^{-z}}",
        torch="Softplus",
        note="ReLU with its corner rounded off: the same picture, but with a curvature everywhere.",
    ),
    Activation(
        *("gelu", "GELU"),
        value=lambda z: z * normal_distribution(z),
        slope=_gelu_slope,
        curvature=lambda z, a: normal_density(z) * (2 - z * z),
        symbol=r"\operatorname{gelu}",
        latex=r"z\, \Phi(z)",
        slope_latex=r"\Phi(z) + z\, \varphi(z)",
        torch="GELU",
        note="The activation of transformers. A unit that is off still gets some gradient. Exact, without tanh.",
    ),
    Activation(
        *("identity", "Identity"),
        value=lambda z: +z,
        slope=lambda z, a: np.ones_like(z),
        curvature=None,
        symbol=r"\operatorname{id}",
        latex="z",
        slope_latex="1",
        torch="Identity",
        note="A deep network of these is a linear map. Yet its loss is not convex: it has saddles.",
    ),
)

ACTIVATIONS: dict[str, Activation] = {activation.key: activation for activation in _RECORDS}


def _by_key(key: str) -> Activation:
    return ACTIVATIONS[key]
