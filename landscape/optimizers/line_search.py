"""Gradient methods that search along a line for how far to go, in place of a fixed rate."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.linear_algebra import dot, ratio
from landscape.objective import Objective
from landscape.optimizers.base import Optimizer, register
from landscape.optimizers.quasi_newton import curvature_condition
from landscape.optimizers.search import backtrack, measured, strong_wolfe


@register("gradient_descent_armijo")
@dataclass(frozen=True)
class GradientDescentArmijo(Optimizer):
    """Steepest descent that shortens each step until the value falls enough.

        x <- x - alpha * g,   alpha the first of lr, lr * shrink, lr * shrink**2 ... with
        f(x - alpha * g) <= f(x) - c1 * alpha * g . g

    Where 60 trials are not enough x stays. Source: Armijo (1966), "Minimization of functions having Lipschitz
    continuous first partial derivatives"; Nocedal & Wright (2006), "Numerical optimization", algorithm 3.1.
    """

    lr: float = knob(1.0, 1e-7, 10, "log", "first trial", "The rate that every search begins with.")
    shrink: float = knob(0.5, 0.1, 0.9, "linear", "shrink", "What a rate that goes too far is multiplied by.")
    c1: float = knob(
        1e-4, 1e-6, 0.5, "log", "decrease $c_1$", "How much of the decrease that the slope promises a step must bring."
    )

    title = "Gradient descent, Armijo"
    family = "Line search"
    tunable = False
    rule = r"x \leftarrow x - \alpha\, g,\quad f(x - \alpha g) \le f(x) - c_1\, \alpha\, |g|^2"
    note = "No rate to choose, and never a step uphill. It zigzags as much as ever."

    def init(self, x: np.ndarray) -> None:
        return None

    def step(self, objective: Objective, x: np.ndarray, state: None) -> tuple[np.ndarray, None]:
        g = objective.gradient(x)
        return x - backtrack(objective, x, -g, -dot(g, g), self.lr, self.shrink, self.c1) * g, None


class Searched(NamedTuple):
    t: int  # steps taken
    value: np.ndarray  # f at x, shape (..., 1)
    gradient: np.ndarray  # g at x, shape of x
    g_last: np.ndarray  # g at the x before, shape of x
    d: np.ndarray  # the last direction, shape of x
    gain: np.ndarray  # the last alpha times the slope along d, shape (..., 1); 0 before the first and after a failure
    retry: np.ndarray  # whether the last search failed along something else than -g, shape (..., 1)


@dataclass(frozen=True)
class _Conjugate(Optimizer):
    """Directions d = -g + beta * d_last, and along each a strong Wolfe search.

    beta(g, g_last, d_last)  of shape (..., 1)

    A direction that does not lead downhill is replaced by -g. The first trial is the one with which the slope would
    promise what it gave last: alpha_last * slope_last / slope, Nocedal & Wright (2006), eq. 3.60; before that it is lr.
    """

    lr: float = knob(1.0, 1e-7, 10, "log", "first trial", "The rate that the first search begins with.")
    c2: float = curvature_condition(0.1)

    family = "Line search"
    tunable = False

    @abstractmethod
    def beta(self, g: np.ndarray, g_last: np.ndarray, d_last: np.ndarray) -> np.ndarray: ...

    def init(self, x: np.ndarray) -> Searched:
        zero = np.zeros_like(x[..., :1])
        nought = np.zeros_like(x)
        return Searched(0, zero, nought, nought, nought, zero, zero > 0)

    def step(self, objective: Objective, x: np.ndarray, state: Searched) -> tuple[np.ndarray, Searched]:
        f, g = measured(objective, x, state)
        going = state.gain < 0
        d = np.where(going, self.beta(g, state.g_last, state.d) * state.d - g, -g)
        d = np.where(dot(g, d) < 0, d, -g)
        slope = dot(g, d)
        first = np.where(going, ratio(state.gain, slope, self.lr), self.lr)
        found = strong_wolfe(objective, x, d, f, g, first, self.c2)
        retry = (found.alpha == 0) & (going | (d != -g).any(axis=-1, keepdims=True))
        new = Searched(state.t + 1, found.value, found.gradient, g, d, found.alpha * slope, retry)
        return x + found.alpha * d, new

    def retries(self, state: Searched) -> np.ndarray:
        return state.retry[..., 0]


@register("gradient_descent_wolfe")
@dataclass(frozen=True)
class GradientDescentWolfe(_Conjugate):
    """Steepest descent with a search that goes on until the slope has flattened.

        x <- x - alpha * g,   alpha with the strong Wolfe conditions:
        f(x - alpha * g) <= f(x) - 1e-4 * alpha * g . g   and   |g_new . g| <= c2 * g . g

    The smaller c2, the nearer each step is to the exact minimum along its line, and each direction to a right angle
    with the last. Source: Nocedal & Wright (2006), "Numerical optimization", algorithms 3.5 and 3.6, eqs. 3.7 and 3.60.
    """

    title = "Gradient descent, strong Wolfe"
    rule = r"x \leftarrow x - \alpha\, g,\quad |g_{\mathrm{new}}^\top g| \le c_2\, |g|^2"
    note = (
        "It takes nearly the best step along every gradient, and still zigzags: the direction is wrong, not the length."
    )

    def beta(self, g: np.ndarray, g_last: np.ndarray, d_last: np.ndarray) -> np.ndarray:
        return np.zeros_like(g[..., :1])


@register("conjugate_gradient")
@dataclass(frozen=True)
class ConjugateGradient(_Conjugate):
    """Polak and Ribiere's conjugate gradients, whose beta is never negative (PR+).

        d <- -g + beta * d,   beta = max(0, g . (g - g_last) / g_last . g_last)
        x <- x + alpha * d,   alpha by a strong Wolfe search

    A quadratic in n variables is solved in n steps if the searches are exact. Where progress stops, g hardly changes
    and beta falls to 0: it starts again along -g by itself. Source: Polak & Ribiere (1969), with Powell's maximum:
    Nocedal & Wright (2006), "Numerical optimization", algorithm 5.4 with eq. 5.45.
    """

    title = "Conjugate gradient, Polak-Ribiere"
    rule = (
        r"d \leftarrow -g + \max\Bigl(0, \frac{g^\top (g - g_{-1})}{|g_{-1}|^2}\Bigr)\, d,\quad "
        r"x \leftarrow x + \alpha\, d"
    )
    note = "No direction spoils what the last one gained, so a quadratic bowl takes only two good searches."

    def beta(self, g: np.ndarray, g_last: np.ndarray, d_last: np.ndarray) -> np.ndarray:
        return np.maximum(0.0, ratio(dot(g, g - g_last), dot(g_last, g_last), 0.0))


@register("fletcher_reeves")
@dataclass(frozen=True)
class FletcherReeves(_Conjugate):
    """Fletcher and Reeves' conjugate gradients, the first for functions that are not quadratic.

        d <- -g + beta * d,   beta = g . g / g_last . g_last
        x <- x + alpha * d,   alpha by a strong Wolfe search

    On a quadratic with exact searches it equals the other two. After one bad direction it can take many tiny steps.
    Source: Fletcher & Reeves (1964), "Function minimization by conjugate gradients"; Nocedal & Wright (2006),
    "Numerical optimization", algorithm 5.4. c2 below 1/2 keeps every direction downhill.
    """

    title = "Conjugate gradient, Fletcher-Reeves"
    rule = r"d \leftarrow -g + \frac{|g|^2}{|g_{-1}|^2}\, d,\quad x \leftarrow x + \alpha\, d"
    note = "The first of its kind for functions that are no bowl. In a bent valley it creeps where others restart."

    def beta(self, g: np.ndarray, g_last: np.ndarray, d_last: np.ndarray) -> np.ndarray:
        return ratio(dot(g, g), dot(g_last, g_last), 0.0)


@register("hestenes_stiefel")
@dataclass(frozen=True)
class HestenesStiefel(_Conjugate):
    """Hestenes and Stiefel's conjugate gradients: each direction conjugate to the last, whatever the search.

        d <- -g + beta * d,   beta = g . y / d . y,  y = g - g_last
        x <- x + alpha * d,   alpha by a strong Wolfe search

    d_new . y = 0 even where the search was not exact. Source: Hestenes & Stiefel (1952), "Methods of conjugate
    gradients for solving linear systems"; Nocedal & Wright (2006), "Numerical optimization", eq. 5.46.
    """

    title = "Conjugate gradient, Hestenes-Stiefel"
    rule = r"d \leftarrow -g + \frac{g^\top y}{d^\top y}\, d,\quad x \leftarrow x + \alpha\, d"
    note = "The original formula: much like Polak-Ribiere, and conjugate even where the search was careless."

    def beta(self, g: np.ndarray, g_last: np.ndarray, d_last: np.ndarray) -> np.ndarray:
        y = g - g_last
        return ratio(dot(g, y), dot(d_last, y), 0.0)
