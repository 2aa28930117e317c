"""Schedules: how the rate changes during a run, as multipliers of an optimizer's own rate.

A schedule knows the length of the run it is for, so its knobs are fractions of that run and mean the same for 10 steps
and for 2000. Where torch.optim.lr_scheduler has the schedule, factors equal its rates for a base rate of 1.
"""

import operator
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from landscape.knob import check_knobs, knob
from landscape.registry import registrar

SCHEDULES: dict[str, type["Schedule"]] = {}


@dataclass(frozen=True)
class Schedule(ABC):
    """A learning-rate multiplier for each step of a run.

    factors(steps) -> (steps,)   the multiplier of step t's rate, t = 0 ... steps - 1

    In `rule` t counts steps from 0, T is their number, and eta_t / eta is the factor. No step of a run gets the factor
    0 unless a knob says so: the end of a decay is where step T would be. ValueError where steps is no whole number, or
    negative.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    rule: ClassVar[str]
    note: ClassVar[str]

    def __post_init__(self) -> None:
        check_knobs(self)

    def factors(self, steps: int) -> np.ndarray:
        try:
            count = operator.index(steps)
        except TypeError:
            raise ValueError(f"steps is {steps!r}; it must be a whole number") from None
        if count < 0:
            raise ValueError(f"steps is {count}; it must be at least 0")
        return self._factors(np.arange(count), count)

    @abstractmethod
    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        """The multipliers of steps t = arange(steps); steps may be 0."""


# Class decorator: enters a class in SCHEDULES. Menus, sliders, URLs and tests follow from that.
register = registrar(SCHEDULES)


def remainder(default: float) -> Any:
    return knob(default, 0, 1, "linear", "end", "The fraction of the rate that is left at the end.")


def cosine(start: float, end: float, fraction: np.ndarray) -> np.ndarray:
    """From start to end along half a cosine, as fraction goes from 0 to 1."""
    return end + (start - end) * (1 + np.cos(np.pi * fraction)) / 2


@register("constant")
@dataclass(frozen=True)
class Constant(Schedule):
    """The rate as it is.

    factor = 1
    """

    title = "Constant"
    rule = r"\eta_t = \eta"
    note = "What every other schedule is compared with."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        return np.ones(steps)


@register("step")
@dataclass(frozen=True)
class Step(Schedule):
    """The rate drops by a factor gamma, `drops` times, at equal intervals.

        factor = gamma ** floor(t * (drops + 1) / steps)

    Equals torch.optim.lr_scheduler.StepLR(steps / (drops + 1), gamma) where that is a whole number; PyTorch is given
    the interval in steps instead of the number of drops.
    """

    gamma: float = knob(0.1, 0.01, 1, "log", r"drop $\gamma$", "What the rate is multiplied by at each drop.")
    drops: int = knob(2, 0, 10, "integer", "drops", "How many times it drops in the run.")

    title = "Step"
    rule = r"\eta_t = \eta\, \gamma^{\lfloor t (d + 1) / T \rfloor}"
    note = "Each drop lets a jittering method settle: look for the sudden fall of the loss."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        return float(self.gamma) ** (t * int(self.drops + 1) // max(steps, 1))


@register("exponential")
@dataclass(frozen=True)
class Exponential(Schedule):
    """The rate falls by the same fraction every step, to `end` of itself.

        factor = end ** (t / steps)

    Equals torch.optim.lr_scheduler.ExponentialLR(gamma=end ** (1 / steps)); PyTorch is given that gamma.
    """

    end: float = knob(1e-2, 1e-6, 1, "log", "end", "The fraction of the rate that is left at the end.")

    title = "Exponential"
    rule = r"\eta_t = \eta\, \varepsilon^{t / T}"
    note = "A straight line on a log scale. Let it fall too fast and a run stops short of the minimum."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        return float(self.end) ** (t / max(steps, 1))


@register("polynomial")
@dataclass(frozen=True)
class Polynomial(Schedule):
    """The rate falls to 0 as a power of the steps that are left; power 1 is a straight line.

        factor = (1 - t / steps) ** power

    Equals torch.optim.lr_scheduler.PolynomialLR(total_iters=steps, power=power).
    """

    power: float = knob(1.0, 0, 5, "linear", "power", "0 keeps the rate. Larger powers let it fall earlier.")

    title = "Polynomial"
    rule = r"\eta_t = \eta\, (1 - t / T)^p"
    note = "With power 1 the rate falls in a straight line: the plainest decay, and hard to beat."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        return (1 - t / max(steps, 1)) ** self.power


@register("cosine")
@dataclass(frozen=True)
class Cosine(Schedule):
    """The rate falls along half a cosine: gently, then fast, then gently.

        factor = end + (1 - end) * (1 + cos(pi * t / steps)) / 2

    Equals torch.optim.lr_scheduler.CosineAnnealingLR(T_max=steps, eta_min=end * lr).
    Source: Loshchilov & Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", eq. 5, no restarts.
    """

    end: float = remainder(0.0)

    title = "Cosine"
    rule = r"\eta_t = \eta \left( \varepsilon + (1 - \varepsilon)\, \tfrac{1 + \cos(\pi t / T)}{2} \right)"
    note = "It explores at nearly the full rate, then settles. It is the usual choice for image networks."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        return cosine(1.0, self.end, t / max(steps, 1))


@register("warmup_cosine")
@dataclass(frozen=True)
class WarmupCosine(Schedule):
    """The rate rises in a straight line during the first `warmup` of the run, then falls along half a cosine.

        W = round(warmup * steps)
        factor = (t + 1) / (W + 1)                                            for t < W
        factor = end + (1 - end) * (1 + cos(pi * (t - W) / (steps - W))) / 2  from step W, where it is 1

    Equals torch.optim.lr_scheduler.SequentialLR of LinearLR(1 / (W + 1), total_iters=W) and
    CosineAnnealingLR(steps - W, end * lr), changing over at step W; its first step is small, but not 0.
    Source: Goyal et al. (2017), "Accurate, large minibatch SGD", section 2.2, for the warm-up.
    """

    warmup: float = knob(0.1, 0, 0.9, "linear", "warm-up", "The fraction of the run in which the rate rises.")
    end: float = remainder(0.0)

    title = "Warm-up and cosine"
    rule = r"\eta_t = \eta\, \tfrac{t + 1}{W + 1}\ (t < W),\quad \text{then a half cosine to } \varepsilon \eta"
    note = "Small steps first, while slopes are steep and averages young. It is the usual choice for transformers."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        rise = round(self.warmup * steps)
        # A warm-up that rounds to the whole run leaves no step to fall in.
        fall = cosine(1.0, self.end, (t - rise) / max(steps - rise, 1))
        return np.where(t < rise, (t + 1) / (rise + 1), fall)


@register("one_cycle")
@dataclass(frozen=True)
class OneCycle(Schedule):
    """The rate climbs from a fraction to its full size and falls to next to nothing, both along half a cosine.

        peak   = pct_start * steps - 1
        factor = 1 / div_factor to 1                                     as t goes from 0 to peak
        factor = 1 to 1 / (div_factor * final_div_factor)                as t goes from peak to steps - 1

    Equals torch.optim.lr_scheduler.OneCycleLR(max_lr=lr, total_steps=steps, pct_start, div_factor, final_div_factor,
    cycle_momentum=False), so the optimizer's rate is the highest; a run of one step has the last factor, as there. With
    pct_start * steps = 1, where PyTorch divides by zero, it starts at the peak.
    Source: Smith & Topin (2018), "Super-convergence: very fast training of neural networks using large learning rates",
    in two phases; momentum is left alone.
    """

    pct_start: float = knob(0.3, 0, 0.9, "linear", "peak", "The fraction of the run at which the rate is highest.")
    div_factor: float = knob(25.0, 1, 1000, "log", "start", "The highest rate is this many times the first.")
    final_div_factor: float = knob(1e4, 1, 1e6, "log", "finish", "The first rate is this many times the last.")

    title = "One cycle"
    rule = r"\eta_t:\ \eta / d \,\to\, \eta \,\to\, \eta / (d\, d_f), \text{ by two half cosines that meet at } p\, T"
    note = "In the middle the rate is too high to keep. At the end it lands softly."

    def _factors(self, t: np.ndarray, steps: int) -> np.ndarray:
        start = 1 / self.div_factor
        peak, last = self.pct_start * steps - 1, steps - 1
        # Before the peak t is 0 or peak is above 1, so the guards change no factor.
        rise = cosine(start, 1.0, t / max(peak, 1.0))
        fall = cosine(1.0, start / self.final_div_factor, (t - peak) / (last - peak if steps else 1))
        return np.where(t < peak, rise, fall)
