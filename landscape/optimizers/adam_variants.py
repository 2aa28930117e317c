"""What came after Adam: each method changes a line or two of it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.objective import Objective
from landscape.optimizers.adam import Moments
from landscape.optimizers.adaptive import average, decay, floor, memory, rate
from landscape.optimizers.base import Optimizer, register


class NAdamState(NamedTuple):
    t: int  # steps taken
    product: float | np.ndarray  # mu_1 * ... * mu_t, shape of beta1
    m: np.ndarray  # average of g, shape of x
    v: np.ndarray  # average of g**2, shape of x


@register("nadam")
@dataclass(frozen=True)
class NAdam(Optimizer):
    """Adam with Nesterov's look-ahead, and a momentum that warms up from beta1 / 2 to beta1.

        m, v, v_hat as in Adam
        mu_t  = beta1 * (1 - 0.96**(t * momentum_decay) / 2)
        m_hat = mu_{t+1} * m / (1 - mu_1 * ... * mu_{t+1}) + (1 - mu_t) * g / (1 - mu_1 * ... * mu_t)
        x    <- x - lr * m_hat / (sqrt(v_hat) + eps)

    With beta1 0 it is Adam with beta1 0. Equals torch.optim.NAdam with betas=(beta1, beta2).
    Source: Dozat (2016), "Incorporating Nesterov momentum into Adam", Algorithm 2, with the schedule proposed there; as
    in PyTorch m itself averages with the constant beta1.
    """

    lr: float = rate(2e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)
    momentum_decay: float = knob(4e-3, 0, 0.1, "linear", "momentum warm-up", "How fast momentum grows to β₁.")

    title = "NAdam"
    family = "Adaptive"
    rule = (
        r"x \leftarrow x - \frac{\eta}{\sqrt{\hat v} + \epsilon} \left("
        r"\frac{\mu_{t+1}\, m}{1 - \mu_1 \cdots \mu_{t+1}} + \frac{(1 - \mu_t)\, g}{1 - \mu_1 \cdots \mu_t} \right)"
    )
    note = "Adam that weighs the newest gradient more, and so turns a little sooner."

    def init(self, x: np.ndarray) -> NAdamState:
        return NAdamState(0, 1.0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: NAdamState) -> tuple[np.ndarray, NAdamState]:
        t = state.t + 1
        g = objective.gradient(x)
        mu, mu_next = self.mu(t), self.mu(t + 1)
        product = state.product * mu
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        m_hat = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        v_hat = v / (1 - self.beta2**t)
        return x - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), NAdamState(t, product, m, v)

    def mu(self, t: int) -> float:
        """The momentum of step t."""
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))


@register("radam")
@dataclass(frozen=True)
class RAdam(Optimizer):
    """Adam that waits with dividing until its second moment has seen enough, and then does so by degrees.

        m, v, m_hat as in Adam
        rho_inf = 2 / (1 - beta2) - 1,  rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
        r = sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
        x <- x - lr * m_hat * r * sqrt(1 - beta2**t) / (sqrt(v) + eps) if rho > 5, else x - lr * m_hat

    With the default beta2 its first five steps follow m_hat alone. Equals torch.optim.RAdam with betas=(beta1, beta2).
    Source: Liu et al. (2020), "On the variance of the adaptive learning rate and beyond", Algorithm 2, which switches
    at rho > 4 and has no eps; PyTorch switches at 5 and adds eps to the uncorrected root.
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)

    title = "RAdam"
    family = "Adaptive"
    rule = (
        r"x \leftarrow x - \eta\, \hat m \cdot \begin{cases} r_t / \sqrt{\hat v} & \rho_t > 5 \\ 1 & \text{else}"
        r" \end{cases},\quad \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t}"
    )
    note = "It starts as momentum and turns into Adam: a warm-up. A steep start can throw it far."

    def init(self, x: np.ndarray) -> Moments:
        return Moments(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        m_hat = m / (1 - self.beta1**t)
        unbias = 1 - self.beta2**t
        rho_inf = 2 / (1 - self.beta2) - 1
        rho = rho_inf - 2 * t * self.beta2**t / unbias
        adaptive = rectification(rho, rho_inf) * unbias**0.5 / (np.sqrt(v) + self.eps)
        return x - self.lr * m_hat * np.where(rho > 5, adaptive, 1.0), Moments(t, m, v)


def rectification(rho: float | np.ndarray, rho_inf: float | np.ndarray) -> np.ndarray:
    """RAdam's r where rho > 5; a number without meaning elsewhere, where r may not exist."""
    rho, rho_inf = np.maximum(rho, 5.0), np.maximum(rho_inf, 5.0)
    return np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))


@register("qhadam")
@dataclass(frozen=True)
class QHAdam(Optimizer):
    """Adam with both moments mixed with the newest gradient.

        m, v, m_hat, v_hat as in Adam
        x <- x - lr * ((1 - nu1) * g + nu1 * m_hat) / (sqrt((1 - nu2) * g**2 + nu2 * v_hat) + eps)

    With nu1 = nu2 = 1 it is Adam. Source: Ma & Yarats (2019), "Quasi-hyperbolic momentum and Adam for deep learning",
    section 5; the defaults are those recommended by the authors' package qhoptim.
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.995, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared gradients")
    eps: float = floor(1e-8)
    nu1: float = knob(0.7, 0, 1, "linear", r"share $\nu_1$", "How much of the numerator comes from the average.")
    nu2: float = knob(1.0, 0, 1, "linear", r"share $\nu_2$", "How much of the denominator comes from the average.")

    title = "QHAdam"
    family = "Adaptive"
    rule = (
        r"x \leftarrow x - \eta\, \frac{(1 - \nu_1)\, g + \nu_1 \hat m}"
        r"{\sqrt{(1 - \nu_2)\, g^2 + \nu_2 \hat v} + \epsilon}"
    )
    note = "It remembers long and still listens: two sliders lead from the gradient's sign to Adam."

    def init(self, x: np.ndarray) -> Moments:
        return Moments(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        v = average(state.v, g * g, self.beta2)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v / (1 - self.beta2**t)
        mean = (1 - self.nu1) * g + self.nu1 * m_hat
        square = (1 - self.nu2) * g * g + self.nu2 * v_hat
        return x - self.lr * mean / (np.sqrt(square) + self.eps), Moments(t, m, v)


class AdaBeliefState(NamedTuple):
    t: int  # steps taken
    m: np.ndarray  # average of g, shape of x
    s: np.ndarray  # average of (g - m)**2, plus eps a step, shape of x


@register("adabelief")
@dataclass(frozen=True)
class AdaBelief(Optimizer):
    """Adam that divides by how far the gradient strays from its average: long steps where it is as expected.

        m <- beta1 * m + (1 - beta1) * g,                 m_hat = m / (1 - beta1**t)
        s <- beta2 * s + (1 - beta2) * (g - m)**2 + eps,  s_hat = s / (1 - beta2**t)
        x <- x - lr * m_hat / (sqrt(s_hat) + eps)

    With beta1 0, g is m and s holds nothing but eps. The first step is lr / beta1 in every coordinate, nearly.
    Source: Zhuang et al. (2020), "AdaBelief optimizer: adapting stepsizes by the belief in observed gradients",
    Algorithm 2 and its eps; the authors' later package has 1e-16, as eps piles up in s to eps / (1 - beta2).
    """

    lr: float = rate(1e-3)
    beta1: float = memory(0.9, r"\beta_1", "gradients")
    beta2: float = memory(0.999, r"\beta_2", "squared surprises")
    eps: float = floor(1e-8)

    title = "AdaBelief"
    family = "Adaptive"
    rule = (
        r"s \leftarrow \beta_2 s + (1 - \beta_2)\, (g - m)^2 + \epsilon,\quad "
        r"x \leftarrow x - \eta\, \frac{\hat m}{\sqrt{\hat s} + \epsilon}"
    )
    note = "It speeds up on a long even slope, where Adam keeps its pace. It brakes where the slope surprises it."

    def init(self, x: np.ndarray) -> AdaBeliefState:
        return AdaBeliefState(0, np.zeros_like(x), np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: AdaBeliefState) -> tuple[np.ndarray, AdaBeliefState]:
        t = state.t + 1
        g = objective.gradient(x)
        m = average(state.m, g, self.beta1)
        s = average(state.s, (g - m) ** 2, self.beta2) + self.eps
        m_hat = m / (1 - self.beta1**t)
        s_hat = s / (1 - self.beta2**t)
        return x - self.lr * m_hat / (np.sqrt(s_hat) + self.eps), AdaBeliefState(t, m, s)


class LionState(NamedTuple):
    m: np.ndarray  # average of g, shape of x


@register("lion")
@dataclass(frozen=True)
class Lion(Optimizer):
    """The sign of a momentum: Adam's pace without its second moment.

        x <- (1 - lr * weight_decay) * x - lr * sign(beta1 * m + (1 - beta1) * g)
        m <- beta2 * m + (1 - beta2) * g

    With both betas 0 it is sign descent. Source: Chen et al. (2023), "Symbolic discovery of optimization algorithms",
    Algorithm 2; the rate and the absence of weight decay are those of the authors' code.
    """

    lr: float = rate(1e-4)
    beta1: float = memory(0.9, r"\beta_1", "gradients, for the step it is about to take")
    beta2: float = memory(0.99, r"\beta_2", "gradients, for the steps to come")
    weight_decay: float = decay(0.0, "How fast x shrinks towards 0, whatever the gradient.")

    title = "Lion"
    family = "Adaptive"
    rule = (
        r"x \leftarrow (1 - \eta \lambda)\, x - \eta \operatorname{sign}\bigl(\beta_1 m + (1 - \beta_1)\, g\bigr),"
        r"\quad m \leftarrow \beta_2 m + (1 - \beta_2)\, g"
    )
    note = (
        "Found by a computer search. Without decay all its steps are equally long: it settles only as the rate falls."
    )

    def init(self, x: np.ndarray) -> LionState:
        return LionState(np.zeros_like(x))

    def step(self, objective: Objective, x: np.ndarray, state: LionState) -> tuple[np.ndarray, LionState]:
        g = objective.gradient(x)
        direction = np.sign(average(state.m, g, self.beta1))
        m = average(state.m, g, self.beta2)
        return (1 - self.lr * self.weight_decay) * x - self.lr * direction, LionState(m)
