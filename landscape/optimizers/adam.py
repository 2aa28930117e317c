"""Adam, and its twins that differ in what they divide by or in how weights decay."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.objective import Objective
from landscape.optimizers.adaptive import average, decay, floor, memory, rate
from landscape.optimizers.base import Optimizer, register


class Moments(NamedTuple):
    t: int  # steps taken
    m: np.ndarray  # average of g, shape of x
    v: np.ndarray  # average of g**2, shape of x


@register("adam")
@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSprop together, both corrected for starting at zero.

        g = gradient + weight_decay * x
        m <- beta1 * m + (1 - beta1) * g,     m_hat = m / (1 - beta1**t)
        v <- beta2 * v + (1 - beta2) * g**2,  v_hat = v / (1 - beta2**t)
        x <- x - lr * m_hat / (sqrt(v_hat) + eps)

    The first step is lr in every coordinate. weight_decay is an L2 penalty weight_decay / 2 * |x|**2, so steep
    coordinates are decayed less; AdamW mends that. Equals torch.optim.Adam with betas=(beta1, beta2).
    Source: Kingma & Ba (2015), "Adam: a method for stochastic optimization", Algorithm 1.
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)
    weight_decay: float = decay(0.0, "Strength of an L2 penalty, added to the gradient.")

    title = "Adam"
    family = "Adaptive"
    rule = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\, g,\quad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2,\quad "
        r"x \leftarrow x - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}"
    )
    note = "The default of deep learning: every coordinate starts at the same pace, and steep ones are reined in."

    def init(self, x: np.ndarray) -> Moments:
        return Moments(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        g = objective.gradient(x)
        # Asking numpy takes as long as the gradient of a formula.
        if self.weight_decay if isinstance(self.weight_decay, float) else np.any(self.weight_decay):
            g = g + self.weight_decay * x
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        # Both corrections go with the rate, as at the end of the paper's section 2: fewer passes over the arrays.
        root = np.sqrt(1 - self.beta2**t)
        step = np.sqrt(v)
        step += self.eps * root
        np.divide(m, step, out=step)
        step *= self.lr * root / (1 - self.beta1**t)
        return np.subtract(x, step, out=step), Moments(t, m, v)


@register("adamw")
@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam whose weight decay acts on x itself, not through the gradient.

        m, v, m_hat, v_hat as in Adam, with the gradient alone
        x <- (1 - lr * weight_decay) * x - lr * m_hat / (sqrt(v_hat) + eps)

    Every coordinate decays at one pace, and the minimum of the objective is no resting place unless it is at 0. Equals
    torch.optim.AdamW with betas=(beta1, beta2).
    Source: Loshchilov & Hutter (2019), "Decoupled weight decay regularization", Algorithm 2, line 12; as in PyTorch
    the decay is multiplied by lr.
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)
    weight_decay: float = decay(1e-2, "How fast x shrinks towards 0, whatever the gradient.")

    title = "AdamW"
    family = "Adaptive"
    rule = r"x \leftarrow (1 - \eta \lambda)\, x - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}"
    note = "Adam with an honest weight decay: it pulls on every weight alike, however steep the loss is there."

    def init(self, x: np.ndarray) -> Moments:
        return Moments(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v / (1 - self.beta2**t)
        kept = (1 - self.lr * self.weight_decay) * x
        return kept - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), Moments(t, m, v)


class AdamaxState(NamedTuple):
    t: int  # steps taken
    m: np.ndarray  # average of g, shape of x
    u: np.ndarray  # fading maximum of |g|, shape of x


@register("adamax")
@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adam that divides by the largest gradient of late instead of their root mean square.

        m <- beta1 * m + (1 - beta1) * g,  m_hat = m / (1 - beta1**t)
        u <- max(beta2 * u, |g| + eps)
        x <- x - lr * m_hat / u

    The first step is lr in every coordinate, and with beta1 0 none is longer. Equals torch.optim.Adamax with
    betas=(beta1, beta2).
    Source: Kingma & Ba (2015), Algorithm 2, which has no eps; PyTorch adds it inside the maximum.
    """

    lr: float = rate(2e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "the largest gradient")
    eps: float = floor(1e-8)

    title = "Adamax"
    family = "Adaptive"
    rule = r"u \leftarrow \max(\beta_2 u,\ |g| + \epsilon),\quad x \leftarrow x - \eta\, \frac{\hat m}{u}"
    note = "One steep moment slows a coordinate at once, and for as long as the maximum takes to fade."

    def init(self, x: np.ndarray) -> AdamaxState:
        return AdamaxState(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: AdamaxState) -> tuple[np.ndarray, AdamaxState]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        u = np.maximum(self.beta2 * state.u, np.abs(g) + self.eps)
        m_hat = m / (1 - self.beta1**t)
        return x - self.lr * m_hat / u, AdamaxState(t, m, u)


class AMSGradState(NamedTuple):
    t: int  # steps taken
    m: np.ndarray  # average of g, shape of x
    v: np.ndarray  # average of g**2, shape of x
    v_max: np.ndarray  # the largest v so far, shape of x


@register("amsgrad")
@dataclass(frozen=True)
class AMSGrad(Optimizer):
    """Adam whose second moment may only grow, so that its rates only fall.

        m, v, m_hat as in Adam
        v_max <- max(v_max, v),  v_hat = v_max / (1 - beta2**t)
        x     <- x - lr * m_hat / (sqrt(v_hat) + eps)

    While v grows it is Adam. Equals torch.optim.Adam(amsgrad=True) with betas=(beta1, beta2).
    Source: Reddi, Kale & Kumar (2018), "On the convergence of Adam and beyond", Algorithm 2, which corrects no bias;
    PyTorch takes the maximum of the raw v and corrects afterwards.
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)

    title = "AMSGrad"
    family = "Adaptive"
    rule = (
        r"v_{\max} \leftarrow \max(v_{\max},\ v),\quad "
        r"x \leftarrow x - \eta\, \frac{\hat m}{\sqrt{\hat v_{\max}} + \epsilon}"
    )
    note = "It never forgets the steepest place it saw, which repairs Adam's proof and often costs speed."

    def init(self, x: np.ndarray) -> AMSGradState:
        return AMSGradState(0, np.zeros_like(x), np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: AMSGradState) -> tuple[np.ndarray, AMSGradState]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        v_max = np.maximum(state.v_max, v)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v_max / (1 - self.beta2**t)
        return x - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), AMSGradState(t, m, v, v_max)
