"""Penalty report: what each picture of regularization says, in words with its own numbers."""

import numpy as np

from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import Contest
from landscape.regularization.early_stopping import EarlyStopping
from landscape.regularization.polynomials import PolynomialFits
from landscape.regularization.selection import Selection
from landscape.regularization.shrinkage import Shrinkage

WEIGHTS = ("w₁", "w₂")


def on_shrinkage(found: Shrinkage) -> list[str]:
    """Where the minimum goes, when weights vanish, and what becomes of the curvature."""
    start = found.w[0]
    lines = []
    for name, at in zip(WEIGHTS, found.zero_from, strict=True):
        if np.isfinite(at) and at > 0:
            lines.append(f"{name} becomes **exactly 0 at λ = {at:.4g}** and stays there.")
    if not lines and not np.isfinite(found.zero_from).any():
        left = np.linalg.norm(found.w[-1]) / (np.linalg.norm(start) or 1.0)
        lines.append(
            f"No weight becomes exactly 0: at λ = {found.strengths[-1]:.3g} they are still {left:.0%} as long."
        )
    lines.append(_curvature(found))
    return lines


def _curvature(found: Shrinkage) -> str:
    low, high = found.eigenvalues[0]
    flat = low <= 1e-12 * high
    before = "infinite: a valley without a lowest point" if flat else f"{high / low:.3g}"
    ridge = found.ridge[-1]
    own = found.eigenvalues[-1]
    added = (
        "adds no curvature, only a crease" if np.allclose(own, found.eigenvalues[0]) else "changes the curvatures too"
    )
    return (
        f"The loss has curvatures {low:.3g} and {high:.3g}, condition number {before}. Ridge adds λ to both, so at "
        f"λ = {found.strengths[-1]:.3g} it would be {ridge[1] / ridge[0]:.3g}; the penalty shown {added}."
    )


def on_contest(contest: Contest) -> list[str]:
    """Who reaches an exact zero, who chatters, and who goes somewhere else."""
    name = WEIGHTS[contest.watched]
    vanishes = contest.minimum[contest.watched] == 0
    lines = []
    reached = {key: contest.zero_since(key) for key in contest.runs}
    for key, since in reached.items():
        if since is not None and vanishes:
            lines.append(f"**{OPTIMIZERS[key].title}** has {name} at exactly 0 from step {since} on.")
    never = [key for key, since in reached.items() if since is None]
    if vanishes:
        for key in [key for key in never if key not in contest.own]:
            tail = np.abs(contest.runs[key].x[-20:, contest.watched])
            if np.isfinite(tail).all():
                lines.append(
                    f"**{OPTIMIZERS[key].title}** never does: over its last 20 steps |{name}| is between "
                    f"{tail.min():.2g} and {tail.max():.2g}."
                )
    for key in contest.own:
        end = contest.runs[key].x[-1]
        away = np.linalg.norm(end - contest.minimum)
        lines.append(
            f"**{OPTIMIZERS[key].title}**, pulling by its own decay, ends at ({end[0]:.3g}, {end[1]:.3g}), "
            f"{away:.2g} from the penalised minimum ({contest.minimum[0]:.3g}, {contest.minimum[1]:.3g})."
        )
    return lines[:6]


def on_selection(selection: Selection) -> list[str]:
    """What each penalty's cross-validation chooses."""
    lines = []
    for name, result in selection.results.items():
        best, simpler = result.best, result.one_standard_error
        lines.append(
            f"**{name}**: smallest error {result.mean[best]:.4g} at λ = {result.strengths[best]:.3g} with "
            f"{result.path.nonzero[best]} of {len(selection.names)} variables; within one standard error still "
            f"λ = {result.strengths[simpler]:.3g} with {result.path.nonzero[simpler]}."
        )
    return lines


def on_polynomials(fits: PolynomialFits, degree: int) -> list[str]:
    """What a degree does without a penalty, with the best one, and the best of all."""
    i = int(np.flatnonzero(fits.degrees == degree)[0])
    j = int(np.argmin(fits.validation[i]))
    best_degree, best_strength = fits.best
    free = int(np.argmin(fits.validation[:, 0]))
    return [
        f"Degree {degree} without a penalty: train error {short(fits.train[i, 0])}, validation error "
        f"**{short(fits.validation[i, 0])}**. With λ = {short(fits.strengths[j])} the validation error is "
        f"**{short(fits.validation[i, j])}**.",
        f"Without a penalty degree {fits.degrees[free]} is best, {short(fits.validation[free, 0])}; over all degrees "
        f"and strengths, degree {fits.degrees[best_degree]} with λ = {short(fits.strengths[best_strength])}, "
        f"{short(fits.validation[best_degree, best_strength])}.",
    ]


def on_stopping(found: EarlyStopping, decayed: np.ndarray, target: np.ndarray, lr: float, decay: float) -> list[str]:
    """How many steps a strength is worth, and how nearly the same the two are."""
    length = float(np.linalg.norm(found.full)) or 1.0
    apart = np.linalg.norm(found.stopped - target, axis=1) / length
    k, worst = int(np.argmin(apart)), int(np.argmax(found.difference))
    end = float(np.linalg.norm(decayed[-1] - target)) / length
    return [
        f"Ridge with λ = {short(decay)} is nearest to **{found.steps[k]} steps** at rate η = {short(lr)}, by the rule "
        f"1/(ηλ) to {short(1 / (lr * decay))}; the two then differ by **{100 * apart[k]:.2g} %** of least squares.",
        f"Whatever the number of steps, some ridge comes within {100 * found.difference[worst]:.2g} %: furthest apart "
        f"after {found.steps[worst]}.",
        f"Weight decay {short(decay)} is that ridge itself: after {found.steps[-1]} steps it is {short(end)} away. "
        "It can run for ever, early stopping cannot.",
    ]
