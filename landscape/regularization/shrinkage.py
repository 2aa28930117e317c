"""Shrinkage: where the minimum of a convex loss goes as the strength of a penalty grows.

    w(strength) = argmin loss(w) + strength * penalty(w)

Every minimum is also that of the loss under a constraint, penalty(w) <= t with t = penalty(w(strength)): a level curve
of the loss touches a ball of the penalty there. The two curves and those of the sum are found here as points.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from landscape.knob import knobs
from landscape.linear_algebra import eigh
from landscape.objective import Objective, Penalty
from landscape.regularization.paths import solution_path
from landscape.regularization.penalties import Registered

# The strongest penalty leaves at most this share of the weights.
LEFT = 0.08
FISTA_STEPS = 1200
# Between two strengths a weight's first zero is looked for at so many; then by what holds it there, so often.
NARROWED, ROUNDS = 200, 3

# A curvature of at most this share of the largest is none. So far, as a share of the weights, it is looked for another
# minimum beside one that was found, and so little, as a share of it, the penalty may rise on the way there.
FLAT, ASIDE, LEVEL = 1e-12, 1e-4, 1e-13

# A point of a curve is found when it moves by no more than this share of the farthest; chords laid to find it, at most.
NEAR, MOST_CHORDS = 1e-12, 100


@dataclass(frozen=True)
class Shrinkage:
    """Minima for k strengths from 0 up, of a smooth loss with n weights and strength * unit.

    strengths    (k,)
    w            (k, n)
    loss, size   (k,)    the loss there, and the penalty there at strength 1, which is the constraint t
    eigenvalues  (k, n)  of the Hessian of the sum there, rising; kinks have none
    ridge        (k, n)  of the loss's Hessian there + strength * I
    zero_from    (n,)    the strength from which on the weight is exactly zero; inf where it never is
    slope        (k,)    how far from optimal: the length of the shortest subgradient
    """

    smooth: Objective
    unit: Registered
    strengths: np.ndarray
    w: np.ndarray
    loss: np.ndarray
    size: np.ndarray
    eigenvalues: np.ndarray
    ridge: np.ndarray
    zero_from: np.ndarray
    slope: np.ndarray

    @property
    def first_zero(self) -> float:
        """The strength past 0 from which on the first weight is exactly zero; inf where none ever is."""
        return float(self.zero_from[self.zero_from > 0].min(initial=np.inf))

    @property
    def shared(self) -> np.ndarray:
        """At which strengths w is one of many minima, (k,): where two columns say the same, and the penalty too."""
        return shared(self.smooth, self.unit, self.strengths, self.w)


def strength_range(loss: Objective, penalty: Registered, rate: float, count: int = 51) -> np.ndarray:
    """Strengths from 0 to where at most LEFT of the weights remain, closer together where they are small, (count,)."""
    knob = knobs(penalty)["strength"]
    probes = np.concatenate([[0.0], np.clip(np.logspace(-2.5, 3, 67) / rate, knob.low, knob.high)])
    length = np.linalg.norm(solution_path(loss, penalty, probes, rate, FISTA_STEPS)[0], axis=-1)
    small = length <= LEFT * length[0]
    top = probes[1:][small[1:]][0] if small[1:].any() else probes[-1]
    steps = min(1.15 * top, knob.high) * np.linspace(0, 1, count) ** 2
    return np.where(steps > 0, np.maximum(steps, knob.low), 0.0)


def shrink(loss: Objective, penalty: Registered, strengths: np.ndarray, rate: float) -> Shrinkage:
    """The minima of loss + penalty at each strength, rising from 0, by FISTA from 0 at a rate of at most 1 / L.

    Where a loss has many minima and no penalty chooses, it is the one that FISTA from 0 comes to. The strength from
    which on a weight is zero is right to seven digits: there the penalty's pull equals the loss's.
    """
    w, slope = solution_path(loss, penalty, strengths, rate, FISTA_STEPS)
    unit = replace(penalty, strength=1.0)
    hessian = loss.hessian(w)
    curved = strengths[:, None, None] * unit.hessian(w)
    return Shrinkage(
        loss,
        unit,
        strengths,
        w,
        loss.value(w),
        unit.value(w),
        eigh(hessian + curved)[0],
        eigh(hessian)[0] + strengths[:, None],
        np.array([_zero_from(loss, penalty, strengths, w, rate, j) for j in range(loss.dimension)]),
        slope,
    )


def shared(loss: Objective, unit: Penalty, strengths: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Whether minima w, (k, n), of loss + strength * unit are one of many each, (k,).

    They are where the loss does not bend in some direction, so that it is level along it, and the penalty does not bend
    there either and, one way or the other, does not rise; or where there is none.
    """
    bends, ways = eigh(loss.hessian(w))
    way = ways[..., 0]
    step = ASIDE * np.maximum(np.abs(w).max(axis=-1, keepdims=True), 1e-6) * way
    least = np.minimum(unit.value(w + step), unit.value(w - step))
    straight = np.einsum("ki,kij,kj->k", way, unit.hessian(w), way) <= FLAT
    level = straight & (least <= unit.value(w) * (1 + LEVEL)) | (strengths == 0)
    return (bends[..., 0] <= FLAT * bends[..., -1]) & level


def _zero_from(
    loss: Objective, penalty: Registered, strengths: np.ndarray, w: np.ndarray, rate: float, j: int
) -> float:
    """The strength from which on w_j is exactly zero, as far as the strengths go; inf where it is not at the last."""
    if w[-1, j] != 0:
        return np.inf
    if not w[:, j].any():
        return 0.0
    last = int(np.flatnonzero(w[:, j])[-1])
    spacing = (strengths[last + 1] - strengths[last]) / NARROWED
    between = strengths[last] + spacing * np.arange(NARROWED + 3)
    # No penalty is weaker than its knob allows, but for none at all.
    between = np.where(between > 0, np.maximum(between, knobs(penalty)["strength"].low), 0.0)
    fine = solution_path(loss, penalty, between, rate, FISTA_STEPS)[0]
    k = min(int(np.flatnonzero(fine[:, j])[-1]) + 1, NARROWED)
    beyond = int(np.argmax(between > between[k]))
    along = (fine[beyond] - fine[k]) / (between[beyond] - between[k])
    return _held_from(loss, replace(penalty, strength=1.0), (between[k - 1], between[k]), (fine[k], along), j)


def _held_from(
    loss: Objective, unit: Registered, ends: tuple[float, float], line: tuple[np.ndarray, np.ndarray], j: int
) -> float:
    """The least strength between two at which the penalty is strong enough to hold w_j at zero.

    line   where the minimum is at the upper end, and how it moves with the strength as long as w_j is held
    """
    (low, high), (w, along) = ends, line
    top = high
    for _ in range(ROUNDS):
        strengths = np.linspace(low, high, NARROWED + 1)
        at = w + (strengths - top)[:, None] * along
        with np.errstate(all="ignore"):
            held = unit.subgradient(at, loss.gradient(at) / strengths[:, None])[:, j] == 0
        # At the upper end it is zero, whatever rounding says.
        first = max(1, int(np.argmax(np.append(held[:-1], True))))
        low, high = float(strengths[first - 1]), float(strengths[first])
    return high


def level_curves(
    value: Callable[[np.ndarray, np.ndarray], np.ndarray],
    centre: np.ndarray,
    levels: np.ndarray,
    reach: float,
    count: int = 60,
) -> np.ndarray:
    """Closed level curves of convex functions about points inside them, (..., 2) and (...) -> (..., count + 1, 2).

    value answers for points (k, 2) and for the curve, by its number, that each belongs to, (k,) -> (k,). Along each ray
    from the centre a function passes its level once; a curve that goes further than reach is cut off there.
    """
    angle = np.linspace(0, 2 * np.pi, count + 1)
    # Along an axis the other coordinate is 0, which sine and cosine miss by rounding.
    rays = np.tile(np.stack([np.cos(angle), np.sin(angle)], axis=-1).round(15), (levels.size, 1))
    curve = np.repeat(np.arange(levels.size), count + 1)
    middle = centre.reshape(-1, 2)
    floor = value(middle, np.arange(levels.size))[curve]
    height = np.sqrt(np.maximum(levels.ravel()[curve] - floor, 0.0))

    def excess(r: np.ndarray, i: np.ndarray) -> np.ndarray:
        """By its root, which grows about evenly where the function is a bowl."""
        above = value(middle[curve[i]] + r[:, None] * rays[i], curve[i]) - floor[i]
        return np.sqrt(np.maximum(above, 0.0)) - height[i]

    r = _roots(excess, -height, reach)
    return centre[..., None, :] + r.reshape(*levels.shape, count + 1, 1) * rays[: count + 1]


def _roots(rising: Callable[[np.ndarray, np.ndarray], np.ndarray], at_zero: np.ndarray, reach: float) -> np.ndarray:
    """Where rising functions, at most 0 at 0, reach 0, (n,): reach where they do not, and 0 where they start there.

    rising answers for places (k,) on the functions with these numbers, (k,) -> (k,); those that are done are asked no
    more. Source: Anderson & Bjorck (1973), "A new high order method of regula falsi type".
    """
    root = np.where(at_zero < 0, reach, 0.0)
    at_reach = rising(root, np.arange(len(root)))
    going = np.flatnonzero((at_zero < 0) & (at_reach > 0))
    low, high, f_low, f_high = np.zeros(len(going)), root[going], at_zero[going], at_reach[going]
    for _ in range(MOST_CHORDS):
        x = high - f_high * (high - low) / (f_high - f_low)
        f = rising(x, going)
        moved = np.abs(x - root[going]) > NEAR * reach
        root[going] = x
        below = f < 0
        # The end that stays counts for less, so that it is not kept for ever.
        replaced = np.where(below, f_low, f_high)
        share = 1 - f / np.where(replaced == 0, 1.0, replaced)
        share = np.where(share > 0, share, 0.5)
        low, f_low, high, f_high = (
            *(np.where(below, x, low), np.where(below, f, share * f_low)),
            *(np.where(below, high, x), np.where(below, share * f_high, f)),
        )
        going, low, f_low, high, f_high = (each[moved] for each in (going, low, f_low, high, f_high))
        if not len(going):
            break
    return root
