r"""The cliff: the loss of a recurrent unit with two weights, after many steps.

    x_t = w sigmoid(x_{t-1}) + b,   x_0 = 0.5,   E = (sigmoid(x_T) - target)**2

Where b = 0.5 - w sigmoid(0.5) the start is a fixed point. For w sigmoid'(0.5) > 1, w above 4.255, it repels: every
step multiplies a small distance from it by that slope, so beside this line E changes within a width that shrinks
as the slope to the power T. That is the wall.
Source: Pascanu, Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks", eq. 8 and fig. 6.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np

from landscape.domain import Landscape, Minimum
from landscape.knob import Knob, settled
from landscape.networks.layers.activations import sigmoid

START = 0.5
# After so many steps, and twice as many, and so on up to half of all, is looked at who is as good as at a fixed point:
# NEAR it, and drawn so fast that after the steps that are left no more than ROUNDING is left. Then so many of Newton's
# steps lead to it.
GLANCES, NEAR, ROUNDING, NEWTON = {8 * 2**k for k in range(6)}, 1e-2, 1e-17, 3
# Points that go through time together: few enough for the cache.
BLOCK = 16_384


class Wall(NamedTuple):
    """The predicted wall at weight w: bias, and the slope by which each step multiplies what is near it."""

    bias: np.ndarray
    slope: np.ndarray


@dataclass(frozen=True)
class Cliff(Landscape):
    """E(w, b) of the module's docstring, with exact derivatives.

    Gradient and Hessian carry the derivatives of x_t in w and b along with x_t; `back_in_time` has the gradient the
    other way round, by backpropagation.
    """

    settings: tuple[tuple[str, Any], ...] = ()

    key = "cliff"
    title = "The cliff"
    group = "A recurrent unit"
    source = "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks, eq. 8."
    note = "The more time steps, the steeper the wall. Its gradient throws a run far away; a clipped one stays near."
    kink = ""
    axes = ("weight w", "bias b")
    symbol, arguments = "E", "w, b"
    domain = ((3.5, 6.5), (-3.5, -1.0))
    start = (4.8, -2.2)
    knobs = {  # noqa: RUF012 (a table that nobody writes to)
        "steps": Knob(
            50, 2, 200, "integer", "time steps", "How often the unit hears itself. More make a steeper wall."
        ),
        "target": Knob(0.7, 0.05, 0.95, "linear", "target", "What the unit is to say after the last step."),
    }

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", settled(self.key, self.knobs, dict(self.settings)))

    def with_(self, **settings: Any) -> Self:
        return replace(self, settings=tuple((dict(self.settings) | settings).items()))

    @property
    def dimension(self) -> int:
        return 2

    @property
    def biases(self) -> tuple[int, ...]:
        return (1,)

    @property
    def steps(self) -> int:
        return dict(self.settings)["steps"]

    @property
    def target(self) -> float:
        return dict(self.settings)["target"]

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """(): the lowest points, where the unit says just what it should, are a curve."""
        return ()

    def value(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, dtype=float)
        w, b = x[..., 0].ravel(), x[..., 1].ravel()
        out = np.empty(w.shape)
        with np.errstate(all="ignore"):
            for first in range(0, len(w), BLOCK):
                block = slice(first, first + BLOCK)
                out[block] = self._last(w[block], b[block])
            return ((sigmoid(out) - self.target) ** 2).reshape(x.shape[:-1])[()]

    def gradient(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            last, first, _ = self._derivatives(x, second=False)
            s = sigmoid(last)
            return (2 * (s - self.target) * s * (1 - s))[..., None] * first

    def hessian(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            last, first, second = self._derivatives(x, second=True)
            s = sigmoid(last)
            slope = s * (1 - s)
            once = 2 * (s - self.target) * slope
            twice = 2 * slope**2 + once * (1 - 2 * s)
            outer = first[..., :, None] * first[..., None, :]
            return twice[..., None, None] * outer + once[..., None, None] * second

    def latex(self, part: str = "value") -> str:
        shown = {
            "value": rf"\left(\sigma(x_{{{self.steps}}}) - {self.target:g}\right)^2,\quad "
            r"x_t = w\, \sigma(x_{t-1}) + b,\quad x_0 = 0.5",
            "gradient": r"\sum_t \frac{\partial E}{\partial x_t} \left(\sigma(x_{t-1}),\ 1\right),\quad "
            r"\frac{\partial E}{\partial x_{t-1}} = w\, \sigma'(x_{t-1}) \frac{\partial E}{\partial x_t}",
            "hessian": r"E''\, \nabla x_T \nabla x_T^\top + E'\, \nabla^2 x_T",
        }
        if part not in shown:
            raise ValueError(f"part is {part!r}; allowed are {', '.join(shown)}")
        return shown[part]

    def states(self, x: np.ndarray) -> np.ndarray:
        """x_0 ... x_T at weights (..., 2), (T + 1, ...)."""
        x = np.asarray(x, dtype=float)
        out = np.full((self.steps + 1, *x.shape[:-1]), START)
        with np.errstate(all="ignore"):
            for t in range(self.steps):
                out[t + 1] = x[..., 0] * sigmoid(out[t]) + x[..., 1]
        return out

    def back_in_time(self, x: np.ndarray) -> np.ndarray:
        """dE/dx_0 ... dE/dx_T at weights (..., 2), (T + 1, ...), by backpropagation through time."""
        x, states = np.asarray(x, dtype=float), self.states(x)
        out = np.empty(states.shape)
        with np.errstate(all="ignore"):
            s = sigmoid(states)
            out[-1] = 2 * (s[-1] - self.target) * s[-1] * (1 - s[-1])
            for t in range(self.steps, 0, -1):
                out[t - 1] = out[t] * x[..., 0] * s[t - 1] * (1 - s[t - 1])
        return out

    def _last(self, w: np.ndarray, b: np.ndarray) -> np.ndarray:
        """x_T for weights (n,); those that will have come to rest at a fixed point are not asked again."""
        out, going = np.empty(w.shape), np.arange(len(w))
        # In place, and with every sign turned, because this loop is what a map waits for: y = -x.
        w, b, y = -w, -b, np.full(w.shape, -START)
        for t in range(1, self.steps + 1):
            np.exp(y, out=y)
            y += 1
            np.divide(w, y, out=y)
            y += b
            if t in GLANCES and 2 * t <= self.steps:
                near, rest = _at_rest(-w, -b, -y, self.steps - t)
                out[going[near]] = rest
                going, w, b, y = going[~near], w[~near], b[~near], y[~near]
        out[going] = -y
        return out

    def _derivatives(self, x: np.ndarray, second: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x_T (...), its gradient in (w, b) (..., 2) and, where asked for, its Hessian (..., 2, 2)."""
        w, b = x[..., 0], x[..., 1]
        state = np.full(w.shape, START)
        w1, b1, ww, wb, bb = np.zeros((5, *w.shape))
        for _ in range(self.steps):
            s = sigmoid(state)
            slope = s * (1 - s)
            if second:
                bend, pull = w * slope * (1 - 2 * s), w * slope
                ww = 2 * slope * w1 + bend * w1**2 + pull * ww
                wb = slope * b1 + bend * w1 * b1 + pull * wb
                bb = bend * b1**2 + pull * bb
            w1, b1 = s + w * slope * w1, 1 + w * slope * b1
            state = w * s + b
        hessian = np.stack([np.stack([ww, wb], -1), np.stack([wb, bb], -1)], -2)
        return state, np.stack([w1, b1], -1), hessian


def wall(w: np.ndarray) -> Wall:
    """Where the start is a fixed point, and how much it repels; a wall where slope > 1."""
    s = sigmoid(np.array(START))
    return Wall(START - w * s, w * s * (1 - s))


def folds(w: np.ndarray) -> np.ndarray:
    """The biases (2, ...), rising, between which two fixed points attract; NaN where w < 4, and one does at every bias.

    At both ends one of them meets the one that repels: 1 = w s (1 - s), s = sigmoid(x), b = x - w s.
    """
    with np.errstate(invalid="ignore"):
        s = (1 + np.array([1.0, -1.0]).reshape(2, *[1] * np.ndim(w)) * np.sqrt(1 - 4 / np.asarray(w, dtype=float))) / 2
        return np.log(s / (1 - s)) - w * s


def _newton(w: np.ndarray, b: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Newton's step from x towards a fixed point, and the slope by which a step of time multiplies the way to it."""
    s = sigmoid(x)
    slope = w * s * (1 - s)
    return (w * s + b - x) / (1 - slope), slope


def _at_rest(w: np.ndarray, b: np.ndarray, x: np.ndarray, left: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the states will be at a fixed point, to rounding, after the steps that are left; and these points."""
    step, slope = _newton(w, b, x)
    near = (np.abs(step) <= NEAR) & (np.abs(slope) <= (ROUNDING / NEAR) ** (1 / left))
    w, b, rest = w[near], b[near], (x + step)[near]
    for _ in range(NEWTON - 1):
        rest += _newton(w, b, rest)[0]
    return near, rest
