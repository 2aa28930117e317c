"""Methods that ask after every step how true their quadratic model was, and trust it further or less far."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landscape.knob import knob
from landscape.linear_algebra import dot, eigh, norm, ratio, shifted, solve, times
from landscape.objective import Objective
from landscape.optimizers.base import register
from landscape.optimizers.quadratic_model import Modelled, Proposal, agreement, predicted_decrease

# A step is taken where at least this share of the predicted decrease is had.
ENOUGH = 1e-4

NEWTON_ROUNDS = 30
MOST_PRODUCTS = 200


class LevenbergMarquardtState(NamedTuple):
    damping: np.ndarray  # lambda, shape (..., 1)
    grow: np.ndarray  # what lambda is multiplied by if the next step is refused, shape (..., 1)
    refused: np.ndarray  # whether the last step was, shape (..., 1)


@register("levenberg_marquardt")
@dataclass(frozen=True)
class LevenbergMarquardt(Modelled):
    """Newton's method with a damping that follows how true the model was.

        lambda <- max(lambda, -2 * smallest eigenvalue of H)
        p   = -(H + lambda I)^-1 g,   rho = (f(x) - f(x + p)) / (m(0) - m(p)),   m(p) = f + g.p + p.Hp / 2
        rho > 1e-4:  x <- x + p,  lambda <- lambda * max(1/3, 1 - (2 rho - 1)**3),  grow <- 2
        otherwise:   x stays,     lambda <- lambda * grow,                         grow <- 2 * grow

    The value never rises. Source: Marquardt (1963), "An algorithm for least-squares estimation of nonlinear
    parameters", on the Hessian itself instead of J'J, with the update of Nielsen (1999), "Damping parameter in
    Marquardt's method", eq. 2.4, whose test is rho > 0. The first line, which keeps H + lambda I positive definite, is
    added here; they need none, as J'J is never indefinite.
    """

    damping: float = knob(
        1.0,
        1e-8,
        1e4,
        "log",
        r"first damping $\lambda$",
        "Makes the first steps shorter, and closer to straight downhill.",
    )

    title = "Levenberg-Marquardt"
    family = "Second order"
    rule = r"x \leftarrow x - (H + \lambda I)^{-1} g,\quad \lambda \text{ falls where the model was true, else grows}"
    note = "Like gradient descent far out and like Newton close in. It changes over by itself."

    def init(self, x: np.ndarray) -> LevenbergMarquardtState:
        zero = np.zeros_like(x[..., :1])
        return LevenbergMarquardtState(zero + self.damping, zero + 2.0, zero > 0)

    def step(
        self, objective: Objective, x: np.ndarray, state: LevenbergMarquardtState
    ) -> tuple[np.ndarray, LevenbergMarquardtState]:
        g, hessian, p, damping, _ = self.propose(objective, x, state)
        new = x + p
        value = objective.value(x)[..., None]
        rho = agreement(value, objective.value(new)[..., None], predicted_decrease(g, times(hessian, p), p))
        good = rho > ENOUGH
        with np.errstate(all="ignore"):
            calmer = damping * np.maximum(1 / 3, 1 - (2 * np.minimum(rho, 2.0) - 1) ** 3)
            damping = np.where(good, calmer, damping * state.grow)
            grow = np.where(good, 2.0, 2 * state.grow)
        refused = ~good & (new != x).any(axis=-1, keepdims=True)
        return np.where(good, new, x), LevenbergMarquardtState(damping, grow, refused)

    def propose(self, objective: Objective, x: np.ndarray, state: LevenbergMarquardtState) -> Proposal:
        g, hessian = objective.gradient(x), objective.hessian(x)
        damping = np.maximum(state.damping, -2 * eigh(hessian)[0][..., :1])
        p = -solve(shifted(hessian, damping), g)
        return Proposal(g, hessian, np.where(np.isnan(p), 0.0, p), damping)

    def retries(self, state: LevenbergMarquardtState) -> np.ndarray:
        return state.refused[..., 0]


class TrustRegionState(NamedTuple):
    radius: np.ndarray  # how far the model is trusted, shape (..., 1)
    refused: np.ndarray  # whether the last step was refused, shape (..., 1)


@register("trust_region")
@dataclass(frozen=True)
class TrustRegion(Modelled):
    """Newton's method on a leash: the least point of the model within a radius that follows how true the model was.

        p = argmin m(p) = f + g.p + p.Hp / 2 with |p| <= radius,   rho = (f(x) - f(x + p)) / (m(0) - m(p))
        x <- x + p where rho > 1e-4
        radius <- |p| / 4 where rho < 1/4;  min(2 * radius, max_radius) where rho > 3/4 and |p| = radius

    In one and two dimensions p is exact, in more it is Steihaug's, from Hessian-vector products alone. Either leaves a
    saddle along its downward direction. The value never rises. Source: Nocedal & Wright (2006), algorithm 4.1, but
    for |p| / 4, which is their first edition's (1999), where the second has radius / 4; with algorithms 4.3 (the exact
    p, in the basis of eigenvectors) and 7.2 (Steihaug's).
    """

    radius: float = knob(1.0, 1e-3, 100, "log", "first radius", "How far the first model is trusted.")
    max_radius: float = knob(100.0, 1e-3, 1e4, "log", "largest radius", "No model is trusted further than this.")

    title = "Trust region"
    family = "Second order"
    rule = r"x \leftarrow x + \operatorname{argmin}_{|p| \le \Delta}\ \bigl(g^\top p + \tfrac{1}{2} p^\top H p\bigr)"
    note = "It trusts its model only so far: no leap to infinity, and no saddle holds it."

    def init(self, x: np.ndarray) -> TrustRegionState:
        zero = np.zeros_like(x[..., :1])
        return TrustRegionState(zero + np.minimum(self.radius, self.max_radius), zero > 0)

    def step(self, objective: Objective, x: np.ndarray, state: TrustRegionState) -> tuple[np.ndarray, TrustRegionState]:
        g = objective.gradient(x)
        if x.shape[-1] <= 2:
            hessian = objective.hessian(x)
            p, _ = exact_step(g, hessian, state.radius)
            bent = times(hessian, p)
        else:
            p = steihaug_step(objective, x, g, state.radius)
            bent = objective.hessian_vector(x, p)
        new = x + p
        value = objective.value(x)[..., None]
        rho = agreement(value, objective.value(new)[..., None], predicted_decrease(g, bent, p))
        good = rho > ENOUGH
        far = norm(p) >= 0.99 * state.radius
        wider = np.where((rho > 0.75) & far, np.minimum(2 * state.radius, self.max_radius), state.radius)
        radius = np.where((rho < 0.25) & (p != 0).any(axis=-1, keepdims=True), norm(p) / 4, wider)
        refused = ~good & (new != x).any(axis=-1, keepdims=True)
        return np.where(good, new, x), TrustRegionState(radius, refused)

    def propose(self, objective: Objective, x: np.ndarray, state: TrustRegionState) -> Proposal:
        g, hessian = objective.gradient(x), objective.hessian(x)
        if x.shape[-1] <= 2:
            p, multiplier = exact_step(g, hessian, state.radius)
            return Proposal(g, hessian, p, multiplier, state.radius)
        return Proposal(g, hessian, steihaug_step(objective, x, g, state.radius), 0.0, state.radius)

    def retries(self, state: TrustRegionState) -> np.ndarray:
        return state.refused[..., 0]


def exact_step(g: np.ndarray, hessian: np.ndarray, radius: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The p that minimises g.p + p.Hp / 2 with |p| <= radius, (..., n), and its multiplier lambda >= 0, (..., 1).

        (H + lambda I) p = -g,  H + lambda I positive semi-definite,  lambda * (radius - |p|) = 0

    In the basis of eigenvectors |p| is an explicit, falling function of lambda, and 1 / |p| nearly a straight line: so
    Newton's method on 1 / radius - 1 / |p|, kept in a bracket. Where -g has no part along the lowest eigenvector and
    H is indefinite (the hard case) what is missing to the radius is added along it. Where g or H is not finite p is 0.
    Source: Nocedal & Wright (2006), theorem 4.1, algorithm 4.3 and eq. 4.45; the unknown is the distance of lambda
    from its least value, so that a nearly hard case loses no digits.
    """
    values, vectors = eigh(hessian)
    along = times(np.swapaxes(vectors, -1, -2), g)
    least = np.maximum(0.0, -values[..., :1])
    gaps = values + least
    short = _inverse_length(along, gaps, np.zeros_like(least)) >= 1 / radius
    # No component of p may be longer than the radius, and p is no longer than it with every gap at least `high`.
    low = np.where(short, 0.0, np.maximum(0.0, (np.abs(along) / radius - gaps).max(axis=-1, keepdims=True)))
    excess, high = low, norm(g) / radius
    with np.errstate(all="ignore"):
        for _ in range(NEWTON_ROUNDS):
            inverse = _inverse_length(along, gaps, excess)
            low, high = np.where(inverse < 1 / radius, excess, low), np.where(inverse < 1 / radius, high, excess)
            slope = inverse**3 * np.sum(along**2 / (gaps + excess) ** 3, axis=-1, keepdims=True)
            guess = excess + (1 / radius - inverse) / slope
            inside = (guess > low) & (guess < high)
            new = np.where(short, 0.0, np.where(inside, guess, (low + high) / 2))
            if np.array_equal(new, excess, equal_nan=True):
                break
            excess = new
    part = -ratio(along, gaps + excess, 0.0)
    hard = short & (values[..., :1] < 0)
    missing = np.where(hard, np.sqrt(np.maximum(0.0, radius**2 - dot(part, part))), 0.0)
    p = times(vectors, part) + missing * vectors[..., :, 0]
    return np.where(np.isfinite(p).all(axis=-1, keepdims=True), p, 0.0), least + excess


def _inverse_length(along: np.ndarray, gaps: np.ndarray, excess: np.ndarray) -> np.ndarray:
    """1 / |p|, where 0 / 0 counts as 0: infinite where p is 0, and 0 where p is infinite."""
    with np.errstate(all="ignore"):
        part = np.where(along == 0, 0.0, along / (gaps + excess))
        return 1 / norm(part)


def steihaug_step(objective: Objective, x: np.ndarray, g: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Conjugate gradients on g.p + p.Hp / 2 from p = 0, until they are good enough, leave the radius or find p.Hp < 0.

    In the last two cases the step goes on to the edge. Good enough is a residual of min(1/2, sqrt|g|) * |g|.
    Source: Nocedal & Wright (2006), algorithm 7.2.
    """
    p, residual, d = np.zeros_like(g), g, -g
    size = norm(g)
    tolerance = np.minimum(0.5, np.sqrt(size)) * size
    searching = size > 0
    with np.errstate(all="ignore"):
        for _ in range(min(g.shape[-1], MOST_PRODUCTS)):
            if not searching.any():
                break
            bent = objective.hessian_vector(x, d)
            curvature, square = dot(d, bent), dot(residual, residual)
            alpha = square / curvature
            leaves = ~(curvature > 0) | ~(norm(p + alpha * d) < radius)
            new = np.where(leaves, p + _to_edge(p, d, radius) * d, p + alpha * d)
            p = np.where(searching, new, p)
            residual = np.where(searching & ~leaves, residual + alpha * bent, residual)
            searching = searching & ~leaves & (norm(residual) >= tolerance)
            d = np.where(searching, dot(residual, residual) / square * d - residual, d)
    return np.where(np.isfinite(p).all(axis=-1, keepdims=True), p, 0.0)


def _to_edge(p: np.ndarray, d: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """The tau >= 0 with |p + tau d| = radius, for |p| <= radius."""
    a, b, c = dot(d, d), dot(p, d), dot(p, p) - radius**2
    return ratio(-c, b + np.sqrt(np.maximum(b * b - a * c, 0.0)), 0.0)
