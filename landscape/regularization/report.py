"""Penalty report: what each picture of regularization says, in words with its own numbers."""

import numpy as np

from landscape.finding import Finding
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import Contest
from landscape.regularization.early_stopping import StoppingAndDecay
from landscape.regularization.polynomials import OverFitting, PolynomialFits
from landscape.regularization.selection import Selection
from landscape.regularization.shrinkage import Shrinkage

WEIGHTS = ("w₁", "w₂")
# Steps at the end of a run that are looked at for chatter.
LATE = 20


def on_shrinkage(found: Shrinkage) -> list[Finding]:
    """Where the minimum goes, when weights vanish, and what becomes of the curvature."""
    out = []
    for j, (name, at) in enumerate(zip(WEIGHTS, found.zero_from, strict=True)):
        if np.isfinite(at) and at > 0:
            text = f"{name} becomes **exactly 0 at λ = {at:.4g}** and stays there."
            out.append(Finding("shrinkage.zero", {"weight": j, "strength": float(at)}, text))
    if not out and not np.isfinite(found.zero_from).any():
        last = found.strengths[-1]
        left = np.linalg.norm(found.w[-1]) / (np.linalg.norm(found.w[0]) or 1.0)
        text = f"No weight becomes exactly 0: at λ = {last:.3g} they are still {left:.0%} as long."
        out.append(Finding("shrinkage.none_zero", {"strength": last, "left": left}, text))
    return [*out, _curvature(found)]


def _curvature(found: Shrinkage) -> Finding:
    low, high = found.eigenvalues[0]
    flat = low <= 1e-12 * high
    before = "infinite: a valley without a lowest point" if flat else f"{high / low:.3g}"
    last, ridge, own = found.strengths[-1], found.ridge[-1], found.eigenvalues[-1]
    straight = np.allclose(own, found.eigenvalues[0])
    added = "adds no curvature, only a crease" if straight else "changes the curvatures too"
    text = (
        f"The loss has curvatures {low:.3g} and {high:.3g}, condition number {before}. Ridge adds λ to both, so at "
        f"λ = {last:.3g} it would be {ridge[1] / ridge[0]:.3g}; the penalty shown {added}."
    )
    numbers = {
        "low": low,
        "high": high,
        "condition": np.inf if flat else high / low,
        "strength": last,
        "ridge_condition": ridge[1] / ridge[0],
        "curves": not straight,
    }
    return Finding("shrinkage.curvature", numbers, text)


def on_contest(contest: Contest) -> list[Finding]:
    """Who reaches an exact zero, who chatters, and who goes somewhere else."""
    out = []
    if contest.minimum[contest.watched] == 0:
        out = [*_reached(contest), *_chattering(contest)]
    return [*out, *_elsewhere(contest)][:6]


def _reached(contest: Contest) -> list[Finding]:
    """The methods whose watched weight is exactly zero from some step on."""
    out = []
    for key in contest.runs:
        since = contest.zero_since(key)
        if since is not None:
            text = f"**{OPTIMIZERS[key].title}** has {WEIGHTS[contest.watched]} at exactly 0 from step {since} on."
            out.append(Finding("contest.zero", {"method": key, "weight": contest.watched, "step": since}, text))
    return out


def _chattering(contest: Contest) -> list[Finding]:
    """The methods on the penalised loss whose watched weight is not zero at the end."""
    out = []
    for key in contest.runs:
        tail = np.abs(contest.runs[key].x[-LATE:, contest.watched])
        if key in contest.own or contest.zero_since(key) is not None or not np.isfinite(tail).all():
            continue
        text = (
            f"**{OPTIMIZERS[key].title}** never does: over its last {LATE} steps |{WEIGHTS[contest.watched]}| is "
            f"between {tail.min():.2g} and {tail.max():.2g}."
        )
        numbers = {"method": key, "weight": contest.watched, "steps": LATE, "least": tail.min(), "most": tail.max()}
        out.append(Finding("contest.never_zero", numbers, text))
    return out


def _elsewhere(contest: Contest) -> list[Finding]:
    """Where the methods that pull by their own decay end."""
    out = []
    for key in contest.own:
        end, minimum = contest.runs[key].x[-1], contest.minimum
        away = np.linalg.norm(end - minimum)
        text = (
            f"**{OPTIMIZERS[key].title}**, pulling by its own decay, ends at ({end[0]:.3g}, {end[1]:.3g}), "
            f"{away:.2g} from the penalised minimum ({minimum[0]:.3g}, {minimum[1]:.3g})."
        )
        numbers = {"method": key, "end": end, "minimum": minimum, "away": away}
        out.append(Finding("contest.own_decay", numbers, text))
    return out


def on_selection(selection: Selection) -> list[Finding]:
    """What each penalty's cross-validation chooses."""
    out = []
    for name, result in selection.results.items():
        best, simpler = result.best, result.one_standard_error
        kept, fewer = int(result.path.nonzero[best]), int(result.path.nonzero[simpler])
        numbers = {
            "penalty": name,
            "ratio": selection.ratios[name],
            "error": result.mean[best],
            "strength": result.strengths[best],
            "kept": kept,
            "variables": len(selection.names),
            "simpler_strength": result.strengths[simpler],
            "simpler_kept": fewer,
        }
        text = (
            f"**{name}**: smallest error {result.mean[best]:.4g} at λ = {result.strengths[best]:.3g} with "
            f"{kept} of {len(selection.names)} variables; within one standard error still "
            f"λ = {result.strengths[simpler]:.3g} with {fewer}."
        )
        out.append(Finding("selection.chosen", numbers, text))
    return out


def on_polynomials(seen: OverFitting) -> list[Finding]:
    """What a degree does without a penalty, with the best one, and the best of all."""
    return [_of_degree(seen), _best_of_all(seen.fits)]


def _of_degree(seen: OverFitting) -> Finding:
    fits, degree = seen.fits, seen.degree
    i = int(np.flatnonzero(fits.degrees == degree)[0])
    j = int(np.argmin(fits.validation[i]))
    numbers = {
        "degree": degree,
        "train": fits.train[i, 0],
        "validation": fits.validation[i, 0],
        "strength": fits.strengths[j],
        "held_validation": fits.validation[i, j],
    }
    text = (
        f"Degree {degree} without a penalty: train error {short(fits.train[i, 0])}, validation error "
        f"**{short(fits.validation[i, 0])}**. With λ = {short(fits.strengths[j])} the validation error is "
        f"**{short(fits.validation[i, j])}**."
    )
    return Finding("polynomials.degree", numbers, text)


def _best_of_all(fits: PolynomialFits) -> Finding:
    i, j = fits.best
    free = int(np.argmin(fits.validation[:, 0]))
    numbers = {
        "free_degree": int(fits.degrees[free]),
        "free_validation": fits.validation[free, 0],
        "degree": int(fits.degrees[i]),
        "strength": fits.strengths[j],
        "validation": fits.validation[i, j],
    }
    text = (
        f"Without a penalty degree {fits.degrees[free]} is best, {short(fits.validation[free, 0])}; over all degrees "
        f"and strengths, degree {fits.degrees[i]} with λ = {short(fits.strengths[j])}, "
        f"{short(fits.validation[i, j])}."
    )
    return Finding("polynomials.best", numbers, text)


def on_stopping(seen: StoppingAndDecay) -> list[Finding]:
    """How many steps a strength is worth, and how nearly the same the two are."""
    found, lr, decay = seen.found, seen.lr, seen.decay
    length = float(np.linalg.norm(found.full)) or 1.0
    apart = np.linalg.norm(found.stopped - seen.ridge, axis=1) / length
    k, worst = int(np.argmin(apart)), int(np.argmax(found.difference))
    end = float(np.linalg.norm(seen.decayed[-1] - seen.ridge)) / length
    nearest = (
        f"Ridge with λ = {short(decay)} is nearest to **{found.steps[k]} steps** at rate η = {short(lr)}, by the rule "
        f"1/(ηλ) to {short(1 / (lr * decay))}; the two then differ by **{100 * apart[k]:.2g} %** of least squares."
    )
    furthest = (
        f"Whatever the number of steps, some ridge comes within {100 * found.difference[worst]:.2g} %: furthest apart "
        f"after {found.steps[worst]}."
    )
    ends = (
        f"Weight decay {short(decay)} is that ridge itself: after {found.steps[-1]} steps it is {short(end)} away. "
        "It can run for ever, early stopping cannot."
    )
    rule = {"strength": decay, "rate": lr, "rule": 1 / (lr * decay)}
    return [
        Finding("stopping.nearest", {**rule, "steps": int(found.steps[k]), "apart": apart[k]}, nearest),
        Finding("stopping.furthest", {"steps": int(found.steps[worst]), "apart": found.difference[worst]}, furthest),
        Finding("stopping.decay", {"decay": decay, "steps": int(found.steps[-1]), "away": end}, ends),
    ]
