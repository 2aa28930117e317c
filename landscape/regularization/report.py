"""Penalty report: what each picture of regularization says, in words with its own numbers."""

import numpy as np

from landscape.finding import Finding
from landscape.numbers import counted, percent, short
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import Contest
from landscape.regularization.early_stopping import StoppingAndDecay
from landscape.regularization.polynomials import OverFitting, PolynomialFits
from landscape.regularization.selection import Selection
from landscape.regularization.shrinkage import Shrinkage

WEIGHTS = ("w₁", "w₂")
# So near, as a share of least squares, is there; and so small, as a share of the other, is a weight of 0.
ROUNDED = 1e-13
# Sizes that differ by no more than this share are equal: where it hardly curves a minimum is not known better.
EQUAL = 1e-6
# Steps at the end of a run that are looked at for chatter.
LATE = 20
# What a second copy of a column is called after the column.
COPY = " copy"
# Names of more words than these are no sentence.
LISTED = 8


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
        text = f"No weight becomes exactly 0: at λ = {last:.3g} their length is {percent(float(left))} of what it was."
        out.append(Finding("shrinkage.none_zero", {"strength": last, "left": left}, text))
    return [*out, *_shared(found), _curvature(found)]


def _shared(found: Shrinkage) -> list[Finding]:
    """Up to which strength the minimum is one of many; at 0 that is the loss's own affair."""
    many = found.strengths[found.shared & (found.strengths > 0)]
    if not many.size:
        return []
    text = (
        f"Up to **λ = {many[-1]:.3g}** many pairs of weights are equally good, as one column is a multiple of the "
        "other. One pair is shown."
    )
    return [Finding("shrinkage.shared", {"strength": many[-1]}, text)]


def _curvature(found: Shrinkage) -> Finding:
    low, high = found.eigenvalues[0]
    flat = low <= 1e-12 * high
    before = "infinite, with a whole line of lowest points" if flat else f"{high / low:.3g}"
    last, ridge = found.strengths[-1], found.ridge[-1]
    # Along the whole path: at a kink there is none to be seen.
    straight = np.allclose(found.eigenvalues, found.ridge - found.strengths[:, None], rtol=1e-6, atol=1e-9 * high)
    added = "adds no curvature, only a crease" if straight else "changes the curvatures too"
    text = (
        f"The loss has curvatures {low:.3g} and {high:.3g}, so its condition number is {before}. At the last minimum "
        f"ridge's λ = {last:.3g} would make it {ridge[1] / ridge[0]:.3g}. The penalty shown {added}."
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
    zero = contest.minimum[contest.watched] == 0
    out = [*_reached(contest), *_chattering(contest)] if zero else [_no_zero(contest)]
    return [*out, *_elsewhere(contest), *_diverged(contest)][:6]


def _no_zero(contest: Contest) -> Finding:
    """There is no zero to reach."""
    j = contest.watched
    value, other = float(contest.minimum[j]), float(contest.minimum[1 - j])
    where = "At the one found of many penalised minima" if contest.shared else "At the penalised minimum"
    if abs(value) <= ROUNDED * abs(other):
        text = f"{where} {WEIGHTS[j]} is 0, but for rounding."
    elif abs(value) >= (1 - EQUAL) * abs(other):
        text = f"{where} no weight is 0: both have the size **{short(abs(value))}**."
    else:
        text = f"{where} no weight is 0: nearest to it is {WEIGHTS[j]} = **{short(value)}**."
    return Finding("contest.no_zero", {"weight": j, "value": value}, text)


def _gone(contest: Contest, key: str) -> bool:
    return str(contest.runs[key].status) == "diverged"


def _diverged(contest: Contest) -> list[Finding]:
    """Who ran away, and when: where it was last says nothing."""
    gone = {key: int(contest.runs[key].stop) for key in contest.runs if _gone(contest, key)}
    return [
        Finding(
            "contest.diverged", {"method": key, "step": step}, f"**{OPTIMIZERS[key].title}** diverged at step {step}."
        )
        for key, step in gone.items()
    ]


def _reached(contest: Contest) -> list[Finding]:
    """The methods whose watched weight is exactly zero from some step on."""
    out = []
    for key in contest.runs:
        since = contest.zero_since(key)
        if since is not None and str(contest.runs[key].status) != "diverged":
            title, name = f"**{OPTIMIZERS[key].title}**", WEIGHTS[contest.watched]
            text = f"{title} holds {name} at exactly 0 from step {since} on."
            if since == contest.runs[key].steps:
                # One step is too few to hold anything.
                text = f"{title} comes to {name} = 0 exactly, with its last step, {since}."
            out.append(Finding("contest.zero", {"method": key, "weight": contest.watched, "step": since}, text))
    return out


def _chattering(contest: Contest) -> list[Finding]:
    """The methods on the penalised loss whose watched weight is not zero at the end."""
    out = []
    for key in contest.runs:
        late = min(LATE, contest.runs[key].steps)
        tail = np.abs(contest.runs[key].x[-late:, contest.watched])
        if key in contest.own or contest.zero_since(key) is not None or _gone(contest, key):
            continue
        least, most = f"{tail.min():.2g}", f"{tail.max():.2g}"
        size = f"is {least}" if least == most else f"is between {least} and {most}"
        text = f"**{OPTIMIZERS[key].title}** does not rest at 0: over its last {counted(late, 'step')} "
        text += f"|{WEIGHTS[contest.watched]}| {size}."
        numbers = {"method": key, "weight": contest.watched, "steps": late, "least": tail.min(), "most": tail.max()}
        out.append(Finding("contest.never_zero", numbers, text))
    return out


def _elsewhere(contest: Contest) -> list[Finding]:
    """Where the methods that pull by their own decay end."""
    out = []
    for key in contest.own:
        if _gone(contest, key):
            continue
        # What is 0 may be written as -0.
        end, minimum = contest.runs[key].x[-1] + 0.0, contest.minimum + 0.0
        away = np.linalg.norm(end - minimum)
        text = (
            f"After {counted(contest.runs[key].steps, 'step')} **{OPTIMIZERS[key].title}**, with its own decay, is "
            f"at ({end[0]:.3g}, {end[1]:.3g}). That is {away:.2g} from {'a' if contest.shared else 'the'} penalised "
            f"minimum ({minimum[0]:.3g}, {minimum[1]:.3g}){', one of many' if contest.shared else ''}."
        )
        numbers = {"method": key, "end": end, "minimum": minimum, "away": away, "steps": contest.runs[key].steps}
        numbers["shared"] = contest.shared
        out.append(Finding("contest.own_decay", numbers, text))
    return out


def on_selection(selection: Selection) -> list[Finding]:
    """Which weights survive, and what each penalty's cross-validation chooses."""
    out = [_survivors(selection)]
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
            f"**{name.split(',')[0]}** keeps {kept} of {len(selection.names)} weights at its best "
            f"λ = {result.strengths[best]:.3g}, with error {result.mean[best]:.4g}. "
            f"λ = {result.strengths[simpler]:.3g} keeps {fewer} and stays within one standard error of that."
        )
        out.append(Finding("selection.chosen", numbers, text))
    return [*out, *_twins(selection)]


def _survivors(selection: Selection) -> Finding:
    """What the lasso keeps, the strictest of the penalties, by the one-standard-error rule."""
    lasso = list(selection.results.values())[-1]
    weights = lasso.path.coefficients[lasso.one_standard_error]
    kept = tuple(name for name, weight in zip(selection.names, weights.tolist(), strict=True) if weight)
    strength = float(lasso.strengths[lasso.one_standard_error])
    listed = ", ".join(kept)
    names = f": {listed}" if 0 < len(listed.split()) <= LISTED else ""
    count = len(kept) or "none"
    text = f"At λ = {strength:.3g} the lasso keeps **{count} of {len(selection.names)}** weights{names}."
    numbers = {"kept": kept, "count": len(kept), "variables": len(selection.names), "strength": strength}
    return Finding("selection.survivors", numbers, text)


def _twins(selection: Selection) -> list[Finding]:
    """Of two equal columns the lasso may take either; the path that is shown is one of many."""
    copies = [(name.removesuffix(COPY), name) for name in selection.names if name.endswith(COPY)]
    return [
        Finding(
            "selection.twins",
            {"columns": (one, two)},
            f"{one} and {two} are equal, so the lasso may share their weight in any way. One of many is shown.",
        )
        for one, two in copies
    ]


def on_polynomials(seen: OverFitting) -> list[Finding]:
    """What a degree does without a penalty, with the best one, and the best of all."""
    return [_of_degree(seen), *_many_curves(seen), _best_of_all(seen.fits)]


def _many_curves(seen: OverFitting) -> list[Finding]:
    """With more weights than points, the curves that go through all of them are many."""
    points = len(seen.train[0])
    if seen.degree < points:
        return []
    text = (
        f"Many curves of degree {seen.degree} pass through {points} points. Without a penalty the one with the "
        "smallest |w| is shown."
    )
    return [Finding("polynomials.many", {"degree": seen.degree, "points": points}, text)]


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
        "apart": fits.validation[i, 0] - fits.validation[i, j],
    }
    train, free, held = (short(each) for each in (fits.train[i, 0], fits.validation[i, 0], fits.validation[i, j]))
    if j:
        text = f"Degree {degree} does best with λ = **{short(fits.strengths[j])}**: "
        fall = f"from {free}" if free != held else f"by {short(numbers['apart'])}"
        text += f"its validation error falls {fall} to **{held}**. "
    else:
        text = f"Degree {degree} does best without a penalty, with a validation error of **{free}**. "
    text += f"Without a penalty its training error is {train}."
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
        f"Without a penalty degree {fits.degrees[free]} is best, with error {short(fits.validation[free, 0])}. Over "
        f"all degrees and strengths, degree {fits.degrees[i]} with λ = {short(fits.strengths[j])} is best, with "
        f"{short(fits.validation[i, j])}."
    )
    return Finding("polynomials.best", numbers, text)


def on_stopping(seen: StoppingAndDecay) -> list[Finding]:
    """How many steps a strength is worth, and how nearly the same the two are."""
    found, lr, decay = seen.found, seen.lr, seen.decay
    if not found.full.any():
        text = "Least squares' weights are all 0 here, so every step, every ridge and weight decay stay at 0."
        return [Finding("stopping.nothing", {}, text)]
    length = float(np.linalg.norm(found.full))
    apart = np.linalg.norm(found.stopped - seen.ridge, axis=1) / length
    k, worst = int(np.argmin(apart)), int(np.argmax(found.difference))
    end = float(np.linalg.norm(seen.decayed[-1] - seen.ridge)) / length
    nearest = (
        f"Of the steps shown, **step {found.steps[k]:,}** ends nearest to ridge with λ = {short(decay)}. They differ "
        f"by **{percent(apart[k])}** of least squares' length. At rate η = {short(lr)} the rule 1/(ηλ) says "
        f"{short(1 / (lr * decay))}."
    )
    furthest = (
        f"Every step shown has a ridge within {percent(found.difference[worst])} of least squares' length. "
        f"Step {found.steps[worst]:,} is furthest from any."
    )
    away = f"{percent(end)} of least squares' length away" if end > ROUNDED else "there, but for rounding"
    ends = (
        f"Weight decay {short(decay)} need not be stopped: it ends at that ridge itself. After "
        f"{counted(int(found.steps[-1]), 'step')} it is {away}."
    )
    rule = {"strength": decay, "rate": lr, "rule": 1 / (lr * decay)}
    return [
        Finding("stopping.nearest", {**rule, "steps": int(found.steps[k]), "apart": apart[k]}, nearest),
        Finding("stopping.furthest", {"steps": int(found.steps[worst]), "apart": found.difference[worst]}, furthest),
        Finding("stopping.decay", {"decay": decay, "steps": int(found.steps[-1]), "away": end}, ends),
    ]
