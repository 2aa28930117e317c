"""The lasso's whole path, exactly: it is piecewise linear in the strength, so a dozen corners say everything."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.regularization.paths import Centred, Path, centre, check_strengths, solve_scaled

# A corner nearer to 0 than this, relative to the first, is rounding.
NEGLIGIBLE = 1e-11

# A variable outside whose correlation keeps up with those inside to this much is a sum of them, and never gets ahead.
PARALLEL = 1e-9

# Strengths at which two variables turn are the same if they differ by no more than this, relative to their size.
TIE = 1e-13

# How far from optimal a corner may be, and how much of y breaks a tie, relative to the largest of each.
ALLOWED = 1e-9
JITTER = 1e-11


class Corner(NamedTuple):
    """Where the path turns, and the segment that begins there, w(strength) = start - strength * slope."""

    strength: float
    variable: int  # that joins or leaves; -1 at the end
    sign: int  # +1 or -1, with which it joins; 0 where it leaves
    start: np.ndarray  # (p,)
    slope: np.ndarray  # (p,)
    signs: np.ndarray  # (p,), of the coefficients on that segment


@dataclass(frozen=True)
class LassoPath:
    """The lasso's minima from the strength at which everything is zero down to 0, by m corners, strengths falling."""

    corners: tuple[Corner, ...]
    moments: Centred

    @property
    def strengths(self) -> np.ndarray:
        """The strengths at the corners, shape (m,)."""
        return np.array([corner.strength for corner in self.corners])

    @property
    def coefficients(self) -> np.ndarray:
        """The minima at the corners, shape (m, p)."""
        return self.at(self.strengths).coefficients

    def violation(self) -> float:
        """The largest entry of the shortest subgradient at any corner or halfway between two, by magnitude."""
        knots = self.strengths
        strengths = np.concatenate([knots, (knots[1:] + knots[:-1]) / 2])
        return float(self.moments.violation(self.at(strengths).coefficients, strengths[:, None], 0.0).max())

    def at(self, strengths: np.ndarray) -> Path:
        """The minima for any strengths, exactly."""
        strengths = check_strengths(strengths)
        knots = self.strengths
        # The corner that is next above a strength or at it; -1 where there is none.
        index = np.searchsorted(-knots, -strengths, side="right") - 1
        # At a corner itself both its segments meet; the one without its variable has it at exactly zero.
        joins = np.array([corner.sign != 0 for corner in self.corners])
        index -= (knots[index] == strengths) & joins[index]
        start, slope, signs = (np.array(part)[index] for part in list(zip(*self.corners, strict=True))[3:])
        w = start - strengths[:, None] * slope
        # No coefficient has another sign than its segment says, and what rounding makes of a zero is no coefficient.
        w = np.where((index < 0)[:, None] | (w * signs <= 0), 0.0, w)
        return Path(strengths, w, self.moments.intercepts(w))


def lars_path(X: np.ndarray, y: np.ndarray, intercept: bool = True) -> LassoPath:
    """The minima of |X w + b - y|**2 / (2 * N) + strength * |w|_1 for all strengths.

    Between two corners the variables A in the model keep their signs s, and with G = X' X / N, c = X' y / N

        w_A       = inv(G_AA) (c_A - strength * s_A)
        |c - G w| = strength on A, at most strength elsewhere

    A corner is the next strength at which a coefficient reaches zero and leaves, or a variable outside catches up and
    joins. A column that the model's columns already add up to stays out: of two equal ones the first is taken. Each
    segment is solved for anew, so that rounding does not pile up.
    Source: Efron, Hastie, Johnstone & Tibshirani (2004), "Least angle regression", section 3.1 (the lasso
    modification), as the homotopy of Osborne, Presnell & Turlach (2000), "A new approach to variable selection in least
    squares problems". They take one variable at a time: where several tie and the first to be taken is the wrong one,
    as happens with small whole numbers, y is shaken by JITTER of itself, by the same numbers every time. ValueError
    where that does not help either.
    """
    design, target, moments = centre(X, y, intercept)
    rng = np.random.default_rng(0)
    shake = JITTER * np.abs(target).max() * rng.standard_normal((3, len(target)))
    for extra in (0.0, *shake):
        corners = _walk(moments.gram, design.T @ (target + extra) / len(target))
        path = LassoPath(corners, moments)
        if path.violation() <= ALLOWED * np.abs(moments.correlation).max():
            return path
    raise ValueError("X has columns that tie with one another over and over; regularization_path can take them")


def _walk(gram: np.ndarray, c: np.ndarray) -> tuple[Corner, ...]:
    signs, start, slope = np.zeros((3, len(c)))
    strength = np.inf
    corners: list[Corner] = []
    # Far more corners than any data here has: a tie that goes round in circles.
    while len(corners) < 20 * (len(c) + 10):
        below, variable, sign = _next(gram, c, signs, start, slope)
        strength = min(strength, below)
        if strength <= NEGLIGIBLE * np.abs(c).max():
            break
        signs = np.where(np.arange(len(c)) == variable, sign, signs)
        start, slope = _segment(gram, c, signs)
        corners.append(Corner(strength, variable, sign, start, slope, signs))
    return (*corners, Corner(0.0, -1, 0, start, slope, signs))


def _segment(gram: np.ndarray, c: np.ndarray, signs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """start and slope, shape (p,), of the line on which the minimum moves as long as these signs hold."""
    on = np.flatnonzero(signs)
    start, slope = np.zeros((2, len(c)))
    if len(on):
        start[on], slope[on] = solve_scaled(gram[np.ix_(on, on)], np.column_stack([c[on], signs[on]])).T
    return start, slope


def _next(
    gram: np.ndarray, c: np.ndarray, signs: np.ndarray, start: np.ndarray, slope: np.ndarray
) -> tuple[float, int, int]:
    """The strength at which a segment ends, the variable that ends it, and its sign if it joins, 0 if it leaves.

    As the strength falls a coefficient can leave only where it moves towards zero, and a variable join only where its
    correlation, p + strength * q, falls more slowly than strength: neither is true of one that has just come or gone.
    """
    towards_zero = signs * slope < 0
    candidates = [np.where(towards_zero, start / np.where(towards_zero, slope, 1.0), 0.0)]
    p, q = c - gram @ start, gram @ slope
    for sign in (1, -1):
        gap = 1 - sign * q
        catches_up = (signs == 0) & (gap > PARALLEL)
        candidates.append(np.where(catches_up, sign * p / np.where(catches_up, gap, 1.0), 0.0))
    highest = np.max(candidates)
    # Equal columns differ by rounding here, and the first of them is meant.
    kind, variable = np.argwhere(candidates >= (1 - TIE) * highest)[0]
    return float(highest), int(variable), (0, 1, -1)[kind]
