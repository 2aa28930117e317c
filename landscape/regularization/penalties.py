"""PENALTIES: what pulls weights towards zero, each in its own way.

The curved ones (l2, huber near zero) shrink a weight and leave it something; the kinked ones (l1, elastic_net,
group_lasso) make weights exactly zero. The difference lies in the prox, so that is exact for every entry.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from landscape.knob import check_knobs, knob
from landscape.objective import Penalty
from landscape.registry import registrar

PENALTIES: dict[str, type["Registered"]] = {}


def soft(x: np.ndarray, threshold: float | np.ndarray) -> np.ndarray:
    """x moved towards 0 by threshold, and not past it: the prox of threshold * |x|."""
    # Adding 0 turns -0 into 0.
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0) + 0.0


@dataclass(frozen=True)
class Registered(Penalty):
    """A penalty with the knobs and the words that a menu needs.

    A knob may be an array that broadcasts against x, shape (..., 1), so that a sweep over strengths is one batched
    run. `rule` is the LaTeX of the value; `note` says what it is good for showing. ValueError for a knob out of range.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    rule: ClassVar[str]
    note: ClassVar[str]

    strength: float | np.ndarray = knob(
        0.1, 1e-5, 1000, "log", r"strength $\lambda$", "How hard it pulls towards zero.", zero=True
    )

    def __post_init__(self) -> None:
        check_knobs(self)
        if self.free is not None:
            object.__setattr__(self, "free", tuple(self.free))

    def penalised(self, dimension: int) -> np.ndarray:
        """Which coordinates it acts on, shape (n,)."""
        return _without(self.free or (), dimension)


@lru_cache(maxsize=64)
def _without(free: tuple[int, ...], dimension: int) -> np.ndarray:
    mask = np.ones(dimension, dtype=bool)
    for index in free:
        if not -dimension <= index < dimension:
            raise ValueError(f"free has {index}; allowed are the coordinates {-dimension} to {dimension - 1}")
        mask[index] = False
    mask.setflags(write=False)
    return mask


@dataclass(frozen=True)
class Separable(Registered):
    """A sum over coordinates, of functions of one number given below; the mask is applied here, for all of them."""

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.sum(np.where(self.penalised(x.shape[-1]), self._value(x), 0.0), axis=-1)

    def subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return np.where(self.penalised(x.shape[-1]), self._subgradient(x, slope), slope)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self._masked_curvature(x)[..., None] * np.eye(x.shape[-1])

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self._masked_curvature(x) * v

    def prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        """As in the contract; step may also differ from coordinate to coordinate, shape (..., n)."""
        return np.where(self.penalised(x.shape[-1]), self._prox(x, step), x)

    def _masked_curvature(self, x: np.ndarray) -> np.ndarray:
        return np.where(self.penalised(x.shape[-1]), self._curvature(x), 0.0)

    @abstractmethod
    def _value(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def _subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def _curvature(self, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def _prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray: ...


# Class decorator: enters a class in PENALTIES. Menus, sliders, URLs and tests follow from that.
register = registrar(PENALTIES)


@register("l2")
@dataclass(frozen=True)
class L2(Separable):
    """Half the sum of squares: ridge, and what is called weight decay where the method is plain gradient descent.

        value = strength / 2 * sum(x**2)
        prox  = x / (1 + step * strength)

    Its Hessian is strength * I: every eigenvalue of a loss rises by strength. It never makes a weight exactly zero.
    Source: Hoerl & Kennard (1970), "Ridge regression: biased estimation for nonorthogonal problems", eq. 2.1, whose k
    is strength * N for our loss, a mean over N.
    """

    title = "L2 (ridge)"
    rule = r"\tfrac{\lambda}{2} \sum_i w_i^2"
    note = "It adds a bowl to the loss. The pull fades as a weight shrinks, so none is held at exactly zero."

    def _value(self, x: np.ndarray) -> np.ndarray:
        return 0.5 * self.strength * x * x

    def _subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return slope + self.strength * x

    def _curvature(self, x: np.ndarray) -> np.ndarray:
        return self.strength + np.zeros_like(x)

    def _prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        return x / (1 + step * self.strength)


@register("l1")
@dataclass(frozen=True)
class L1(Separable):
    """The sum of absolute values: the lasso.

        value = strength * sum(|x|)
        prox  = soft(x, step * strength) = sign(x) * max(|x| - step * strength, 0)

    A weight stays at exactly zero as long as the loss's slope there is at most strength.
    Source: Tibshirani (1996), "Regression shrinkage and selection via the lasso", eq. 1 in its Lagrangian form.
    """

    title = "L1 (lasso)"
    rule = r"\lambda \sum_i |w_i|"
    note = "It adds a crease along every axis. Weights that matter little end in it: they are exactly zero."

    def _value(self, x: np.ndarray) -> np.ndarray:
        return self.strength * np.abs(x)

    def _subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return np.where(x == 0, soft(slope, self.strength), slope + self.strength * np.sign(x))

    def _curvature(self, x: np.ndarray) -> np.ndarray:
        return np.zeros_like(x)

    def _prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        return soft(x, step * self.strength)


@register("elastic_net")
@dataclass(frozen=True)
class ElasticNet(Separable):
    """A share `ratio` of the lasso and the rest of ridge.

        value = strength * (ratio * sum(|x|) + (1 - ratio) / 2 * sum(x**2))
        prox  = soft(x, step * strength * ratio) / (1 + step * strength * (1 - ratio))

    ratio 1 is l1 and ratio 0 is l2. Two equal columns get equal weights, where the lasso leaves the choice open.
    Source: Zou & Hastie (2005), "Regularization and variable selection via the elastic net", eq. 3, in scikit-learn's
    parameters alpha = strength and l1_ratio = ratio, without their rescaling afterwards.
    """

    ratio: float = knob(0.5, 0, 1, "linear", r"L1 share $\rho$", "How much of it is L1: 0 is ridge, 1 is the lasso.")

    title = "Elastic net"
    rule = r"\lambda \sum_i \left( \rho\, |w_i| + \tfrac{1 - \rho}{2} w_i^2 \right)"
    note = "Part creases, part bowl. The creases drop weights; the bowl keeps twin columns together."

    @property
    def _crease(self) -> float | np.ndarray:
        return self.strength * self.ratio

    @property
    def _bowl(self) -> float | np.ndarray:
        return self.strength * (1 - self.ratio)

    def _value(self, x: np.ndarray) -> np.ndarray:
        return self._crease * np.abs(x) + 0.5 * self._bowl * x * x

    def _subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        slope = slope + self._bowl * x
        return np.where(x == 0, soft(slope, self._crease), slope + self._crease * np.sign(x))

    def _curvature(self, x: np.ndarray) -> np.ndarray:
        return self._bowl + np.zeros_like(x)

    def _prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        return soft(x, step * self._crease) / (1 + step * self._bowl)


@register("huber")
@dataclass(frozen=True)
class Huber(Separable):
    """The absolute value with its crease rounded off: a parabola up to delta, straight beyond.

        value = strength * sum(x**2 / (2 * delta) if |x| <= delta else |x| - delta / 2)
        prox  = x * delta / (delta + step * strength)       where |x| <= delta + step * strength
                x - step * strength * sign(x)               beyond

    It is the Moreau envelope of strength * |x| with parameter delta / strength, so it has a gradient everywhere; its
    curvature, strength / delta, ends at |x| = delta, which still counts as inside.
    Source: Huber (1964), "Robust estimation of a location parameter", scaled to the slope strength.
    """

    delta: float = knob(0.5, 1e-3, 10, "log", r"rounding $\delta$", "How far from zero its bowl reaches.")

    title = "Huber (rounded L1)"
    rule = r"\lambda \sum_i \left\{ w_i^2 / 2\delta \text{ if } |w_i| \leq \delta,\ |w_i| - \delta/2 \right\}"
    note = "L1 with its crease rounded off. However small the rounding, no weight is held at exactly zero."

    def _value(self, x: np.ndarray) -> np.ndarray:
        far = np.abs(x)
        return self.strength * np.where(far <= self.delta, x * x / (2 * self.delta), far - 0.5 * self.delta)

    def _subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return slope + self.strength * np.clip(x / self.delta, -1.0, 1.0)

    def _curvature(self, x: np.ndarray) -> np.ndarray:
        return np.where(np.abs(x) <= self.delta, self.strength / self.delta, 0.0)

    def _prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        push = step * self.strength
        return np.where(np.abs(x) <= self.delta + push, x * (self.delta / (self.delta + push)), x - push * np.sign(x))


@register("group_lasso")
@dataclass(frozen=True)
class GroupLasso(Registered):
    """The length of each group of weights, not squared: groups become zero as a whole or not at all.

        value = strength * sum over groups of sqrt(p) * |x_group|, p its number of weights
        prox  = x_group * max(0, 1 - step * strength * sqrt(p) / |x_group|)

    A group is `size` neighbours among the penalised coordinates; the last may be smaller. With size 1 it is l1.
    Source: Yuan & Lin (2006), "Model selection and estimation in regression with grouped variables", eq. 2.1
    with K_j = p I.
    """

    size: int = knob(2, 1, 10, "integer", "group size", "How many neighbouring weights share one fate.")

    title = "Group lasso"
    rule = r"\lambda \sum_G \sqrt{|G|}\, \lVert w_G \rVert_2"
    note = "It adds a cone for each group, whose weights reach zero together or not at all. Groups of one make it L1."

    separable = False

    def value(self, x: np.ndarray) -> np.ndarray:
        members, root = self._groups(x.shape[-1])
        return np.sum(self.strength * root * np.sqrt((x * x) @ members), axis=-1)

    def subgradient(self, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
        members, pull, length = self._lengths(x)
        steepness = np.sqrt((slope * slope) @ members) @ members.T
        at_zero = slope * _kept(pull, steepness)
        beyond = slope + pull * _over(x, length)
        return np.where(members.any(axis=1), np.where(length == 0, at_zero, beyond), slope)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        members, pull, length = self._lengths(x)
        curvature = _over(pull * members.any(axis=1), length)
        u = _over(x, length)
        together = members @ members.T
        return curvature[..., None] * (np.eye(x.shape[-1]) - together * u[..., :, None] * u[..., None, :])

    def prox(self, x: np.ndarray, step: float | np.ndarray) -> np.ndarray:
        members, pull, length = self._lengths(x)
        return np.where(members.any(axis=1), x * _kept(step * pull, length), x)

    def _groups(self, dimension: int) -> tuple[np.ndarray, np.ndarray]:
        """Which coordinate is in which group, shape (n, groups), and the square root of each group's size."""
        mask = self.penalised(dimension)
        group = (np.cumsum(mask) - 1) // int(self.size)
        members = (group[:, None] == np.arange(group.max(initial=-1) + 1)) & mask[:, None]
        return members.astype(float), np.sqrt(members.sum(axis=0))

    def _lengths(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The groups; for each coordinate, strength * sqrt(p) and |x_group| of its group, 0 where it has none."""
        members, root = self._groups(x.shape[-1])
        return members, self.strength * (members @ root), np.sqrt((x * x) @ members) @ members.T


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, and 0 where whole is 0."""
    return np.where(whole == 0, 0.0, part / np.where(whole == 0, 1.0, whole))


def _kept(threshold: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The factor that shortens a vector of this length by threshold; 0 where it is no longer than that."""
    return np.maximum(1.0 - _over(np.minimum(threshold, length), length), 0.0) * (length > threshold)
