"""Methods that learn the curvature from the gradients they meet, through the secant equation B s = y."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.linear_algebra import EPSILON, dot, norm, outer, ratio, solve, times
from landscape.objective import Objective
from landscape.optimizers.base import register
from landscape.optimizers.quadratic_model import Modelled, Proposal
from landscape.optimizers.search import measured, strong_wolfe


def curvature_condition(default: float) -> Any:
    return knob(default, 1e-3, 0.99, "log", "search tolerance $c_2$", "Smaller values make each search more exact.")


class Progress(NamedTuple):
    t: int  # steps taken
    value: np.ndarray  # f at x, shape (..., 1)
    gradient: np.ndarray  # g at x, shape of x
    fresh: np.ndarray  # whether nothing has been learnt yet, or all was forgotten, shape (..., 1)
    retry: np.ndarray  # whether the last search failed and was not along -g, shape (..., 1)
    memory: Any  # what has been learnt: an array for BFGS, a tuple of arrays for L-BFGS


@dataclass(frozen=True)
class _Secant(Modelled):
    """A step along -inverse(g) to where the strong Wolfe conditions hold, and then a lesson from it.

    product(memory, v)        the inverse Hessian, as learnt, times v
    learn(state, s, y, good)  the memory with the pair s = change of x, y = change of g, where good
    nothing(x)                a memory whose product is v itself
    """

    c2: float = curvature_condition(0.9)

    family = "Quasi-Newton"

    @abstractmethod
    def nothing(self, x: np.ndarray) -> Any: ...

    @abstractmethod
    def product(self, memory: Any, v: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def learn(self, state: Progress, s: np.ndarray, y: np.ndarray, good: np.ndarray) -> Any: ...

    @abstractmethod
    def forget(self, memory: Any, where: np.ndarray) -> Any: ...

    def init(self, x: np.ndarray) -> Progress:
        zero = np.zeros_like(x[..., :1])
        return Progress(0, zero, np.zeros_like(x), zero == 0, zero > 0, self.nothing(x))

    def step(self, objective: Objective, x: np.ndarray, state: Progress) -> tuple[np.ndarray, Progress]:
        f, g = measured(objective, x, state)
        d = -self.product(state.memory, g)
        # Before anything is known of the curvature the first trial is a step of length 1 at most.
        first = np.where(state.fresh, np.minimum(1.0, ratio(1.0, norm(g), 1.0)), 1.0)
        found = strong_wolfe(objective, x, d, f, g, first, self.c2)
        new = x + found.alpha * d
        s, y = new - x, found.gradient - g
        with np.errstate(all="ignore"):
            good = dot(s, y) > EPSILON * norm(s) * norm(y)
        failed = found.alpha == 0
        memory = self.forget(self.learn(state, s, y, good), failed)
        fresh = failed | (state.fresh & ~good)
        return new, Progress(state.t + 1, found.value, found.gradient, fresh, failed & ~state.fresh, memory)

    def propose(self, objective: Objective, x: np.ndarray, state: Progress) -> Proposal:
        _, g = measured(objective, x, state)
        n = x.shape[-1]
        columns = [self.product(state.memory, np.broadcast_to(unit, x.shape)) for unit in np.eye(n)]
        inverse = np.stack(columns, axis=-1)
        matrix = np.stack([solve(inverse, np.broadcast_to(unit, x.shape)) for unit in np.eye(n)], axis=-1)
        return Proposal(g, matrix, -self.product(state.memory, g))

    def retries(self, state: Progress) -> np.ndarray:
        return state.retry[..., 0]


@register("bfgs")
@dataclass(frozen=True)
class BFGS(_Secant):
    """Broyden, Fletcher, Goldfarb and Shanno's method: an inverse Hessian that is mended after every step.

        x <- x - alpha * inverse g,   alpha by a strong Wolfe search from 1
        s = change of x,  y = change of g,  rho = 1 / (y . s)
        inverse <- (I - rho s y') inverse (I - rho y s') + rho s s'

    After the update inverse y = s. It starts as I and is scaled to (y . s / y . y) I before its first update; a pair
    with y . s not positive teaches nothing; where a search fails all is forgotten and the next step is along -g.
    Source: Nocedal & Wright (2006), "Numerical optimization", algorithm 6.1, eqs. 6.17 and 6.20; the first trial, of
    length at most 1, and the forgetting are common practice.
    """

    title = "BFGS"
    rule = r"x \leftarrow x - \alpha\, B^{-1} g,\quad B\, s = y \text{ after every step}"
    note = "It learns the curvature as it goes, from gradients alone: nearly Newton after a dozen steps."

    def nothing(self, x: np.ndarray) -> np.ndarray:
        return np.zeros_like(x)[..., None] + np.eye(x.shape[-1])

    def product(self, memory: np.ndarray, v: np.ndarray) -> np.ndarray:
        return times(memory, v)

    def learn(self, state: Progress, s: np.ndarray, y: np.ndarray, good: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            scale = np.where(state.fresh & good, ratio(dot(y, s), dot(y, y), 1.0), 1.0)
            inverse = scale[..., None] * state.memory
            rho = ratio(1.0, dot(y, s), 0.0)
            iy = times(inverse, y)
            bend = (rho * (1 + rho * dot(y, iy)))[..., None] * outer(s, s)
            new = inverse + bend - rho[..., None] * (outer(iy, s) + outer(s, iy))
        return np.where(good[..., None], new, state.memory)

    def forget(self, memory: np.ndarray, where: np.ndarray) -> np.ndarray:
        return np.where(where[..., None], np.eye(memory.shape[-1]), memory)


class Pairs(NamedTuple):
    s: np.ndarray  # changes of x, newest last, shape (history, *shape of x)
    y: np.ndarray  # changes of g, likewise
    rho: np.ndarray  # 1 / (y . s), and 0 where there is no pair yet, shape (history, ..., 1)


@register("lbfgs")
@dataclass(frozen=True)
class LBFGS(_Secant):
    """BFGS that remembers the last few pairs (s, y) instead of a matrix.

        x <- x - alpha * inverse g,   alpha by a strong Wolfe search from 1
        inverse is (y . s / y . y) I of the newest pair, mended by the pairs in turn

    The product inverse g comes from two loops over the pairs. As long as it has forgotten no pair it is BFGS but for
    the scaling, which follows the newest pair. Source: Nocedal & Wright (2006), algorithms 7.4 and 7.5 with eq. 7.20.
    """

    history: int = knob(10, 1, 50, "integer", "pairs kept", "How many steps it remembers to judge the curvature by.")

    title = "L-BFGS"
    rule = r"x \leftarrow x - \alpha\, B^{-1} g,\quad B^{-1} \text{ from the last } m \text{ pairs } (s, y)"
    note = "BFGS for a million weights: in two dimensions hardly different, unless it keeps a single pair."

    def nothing(self, x: np.ndarray) -> Pairs:
        empty = np.stack([np.zeros_like(x)] * int(self.history))
        return Pairs(empty, empty, empty[..., :1])

    def product(self, memory: Pairs, v: np.ndarray) -> np.ndarray:
        weights = []
        for s, y, rho in zip(*(part[::-1] for part in memory), strict=True):
            weights.append(rho * dot(s, v))
            v = v - weights[-1] * y
        v = ratio(1.0, memory.rho[-1] * dot(memory.y[-1], memory.y[-1]), 1.0) * v
        for s, y, rho in zip(*memory, strict=True):
            v = v + (weights.pop() - rho * dot(y, v)) * s
        return v

    def learn(self, state: Progress, s: np.ndarray, y: np.ndarray, good: np.ndarray) -> Pairs:
        pair = (s, y, ratio(1.0, dot(y, s), 0.0))
        kept = (np.concatenate([old[1:], new[None]]) for old, new in zip(state.memory, pair, strict=True))
        return Pairs(*(np.where(good, new, old) for new, old in zip(kept, state.memory, strict=True)))

    def forget(self, memory: Pairs, where: np.ndarray) -> Pairs:
        return Pairs(memory.s, memory.y, np.where(where, 0.0, memory.rho))


class BarzilaiBorweinState(NamedTuple):
    x: np.ndarray  # the last iterate, shape of x
    g: np.ndarray  # its gradient, shape of x


@register("barzilai_borwein")
@dataclass(frozen=True)
class BarzilaiBorwein(Modelled):
    """Gradient descent whose rate is the last step's curvature, one number for every direction.

        s = x - x_last,  y = g - g_last
        alpha = s . s / s . y   (short: s . y / y . y)
        x <- x - alpha * g

    1 / alpha times I is the multiple of I that comes closest to s = y's secant equation. The value may rise for a
    while. The first step has alpha = lr. Where the curvature s . y is not positive, alpha is |s| / |y|.
    Source: Barzilai & Borwein (1988), "Two-point step size gradient methods", eqs. 5 and 6; for curvature that is not
    positive Dai, Al-Baali & Yang (2015), "A positive Barzilai-Borwein-like stepsize". lr is added here.
    """

    lr: float = knob(1e-3, 1e-7, 10, "log", "first rate", "The rate before any curvature is known.")
    short: bool = knob(False, scale="switch", label="short steps", help="Takes the smaller of the two rates.")

    title = "Barzilai-Borwein"
    family = "Quasi-Newton"
    rule = r"x \leftarrow x - \alpha\, g,\quad \alpha = s^\top s / s^\top y"
    note = "Gradient descent that reads its rate off its last step. It leaps, even uphill, and is often far ahead."

    def init(self, x: np.ndarray) -> BarzilaiBorweinState:
        return BarzilaiBorweinState(x, np.zeros_like(x))

    def step(
        self, objective: Objective, x: np.ndarray, state: BarzilaiBorweinState
    ) -> tuple[np.ndarray, BarzilaiBorweinState]:
        g = objective.gradient(x)
        return x - self.rate(x, g, state) * g, BarzilaiBorweinState(x, g)

    def rate(self, x: np.ndarray, g: np.ndarray, state: BarzilaiBorweinState) -> np.ndarray:
        s, y = x - state.x, g - state.g
        sy = dot(s, y)
        alpha = ratio(sy, dot(y, y), self.lr) if self.short else ratio(dot(s, s), sy, self.lr)
        alpha = np.where(sy > 0, alpha, ratio(norm(s), norm(y), self.lr))
        return np.where(alpha > 0, alpha, self.lr)

    def propose(self, objective: Objective, x: np.ndarray, state: BarzilaiBorweinState) -> Proposal:
        g = objective.gradient(x)
        alpha = self.rate(x, g, state)
        return Proposal(g, np.eye(x.shape[-1]) / alpha[..., None], -alpha * g)
