"""Report: what sums, random points and noisy steps come to, in words."""

import numpy as np

from landscape.calculus.noise_ball import NoiseBall, axes_of, extent, off_by
from landscape.calculus.quadratures import QUADRATURES, SIGMAS_95
from landscape.calculus.random_points import RandomPoints
from landscape.calculus.sums import DRAWN, Sums
from landscape.finding import Finding
from landscape.numbers import apart, fixed, percent, short

# So many roundings a sum of many terms may be off by.
ADDED = 64
# By how much an order must fall short of theory's to be said to.
SHORT = 0.25
# From which share on the small-rate form is too far off.
LARGE = 0.05
# The rules whose costs are compared.
COMPARED = ("left", "midpoint", "simpson")


def sum_captions(found: Sums, rule: str) -> list[str]:
    """For each number of pieces that is drawn: the sum, and how far off it is."""
    totals = zip(DRAWN, found.sums[rule], found.error(rule), strict=False)
    return [f"{n} {'piece' if n == 1 else 'pieces'}: {_came_to(found, total, off)}" for n, total, off in totals]


def _came_to(found: Sums, total: float, off: float) -> str:
    if np.isnan(total):
        return "no sum, as f has no value at one of its points."
    if np.isnan(off):
        return f"the sum is {short(total)}. No area is known to compare it with."
    if off > found.rounding:
        return f"the sum is {short(total)}. Off by {short(off)}."
    return f"the sum is {short(0.0 if found.area == 0 else total)}. That is the area, to rounding."


def sum_findings(found: Sums) -> list[Finding]:
    """What one more digit costs each rule, and where an order is not what smoothness would give."""
    measured = {rule: order for rule, order in found.order.items() if np.isfinite(order)}
    if found.failed is not None:
        text = f"No area was found from {' to '.join(apart(found.a, found.b))}. "
        text += f"Near x = {short(found.failed)} f has no value, or grows too fast, or swings too fast."
        return [Finding("sum.none", {"a": found.a, "b": found.b, "near": found.failed}, text)]
    area = f"The area from {' to '.join(apart(found.a, found.b))} is **{short(found.area)}**."
    findings = [Finding("sum.area", {"a": found.a, "b": found.b, "area": found.truth}, area)]
    if measured:
        told = [f"{_named(rule)} **{fixed(order)}**" for rule, order in measured.items()]
        text = f"The error falls as a power of 1/n: {', '.join(told)}."
        findings.append(Finding("sum.order", {"orders": measured}, text))
    # What the page asks.
    costs = {rule: float(10 ** (1 / measured[rule])) for rule in COMPARED if rule in measured}
    if costs:
        told = [f"**{short(cost)}** times the pieces with {_named(rule)}" for rule, cost in costs.items()]
        told[1:] = [each.replace(" times the pieces", "") for each in told[1:]]
        findings.insert(0, Finding("sum.digit", {"costs": costs}, f"One more digit: {', '.join(told)}."))
    else:
        findings.insert(0, _untold(found))
    # Of a formula that somebody typed nobody has looked where it is not smooth.
    known = found.curve.whole != ""
    return findings + [_short(rule, order) for rule, order in measured.items() if known and _falls(rule, order)]


def _untold(found: Sums) -> Finding:
    """What one more digit costs where no order of the rules compared is measured."""
    exact = {rule: first for rule in COMPARED if (first := _exact(found, rule)) is not None}
    text = "What one more digit costs cannot be told: neither left ends, midpoints nor Simpson near the area steadily."
    if exact:
        first = max(exact.values())
        since = "Every sum" if first == 1 else f"From {first} pieces on every sum"
        text = f"One more digit costs nothing with {', '.join(map(_named, exact))}. {since} is the area, to rounding."
    return Finding("sum.untold", {"exact": exact}, text)


def _exact(found: Sums, rule: str) -> int | None:
    """From how few pieces on all of a rule's sums are the area, if from some that can be drawn; what it has no sum for,
    as where f has no value, is left out."""
    known = np.isfinite(found.error(rule))
    off = np.flatnonzero(known & ~(found.error(rule) <= ADDED * found.rounding))
    first = int(off.max(initial=-1)) + 1
    return int(found.pieces[first]) if first < len(DRAWN) and known[first:].any() else None


def _named(rule: str) -> str:
    """A rule inside a sentence: Simpson was a man."""
    return QUADRATURES[rule].title if rule == "simpson" else QUADRATURES[rule].title.lower()


def _falls(rule: str, order: float) -> bool:
    return order < QUADRATURES[rule].order - SHORT


def _short(rule: str, order: float) -> Finding:
    theory = int(QUADRATURES[rule].order)
    text = f"{QUADRATURES[rule].title}: order {theory} needs a smooth f. Here f is not, and **{fixed(order)}** is left."
    return Finding("sum.short", {"rule": rule, "theory": theory, "measured": order}, text)


def ball_captions(found: NoiseBall, decays: bool, steps: np.ndarray) -> list[str]:
    """For each step: how wide the cloud is, and how wide it was predicted to be then."""
    spread, told = (found.decayed_spread, found.decayed_told) if decays else (found.spread, found.told)
    return [
        f"Step {k}: the cloud is {extent(spread[k])} wide, predicted {extent(told[k])} (standard deviations)."
        for k in steps.tolist()
    ]


def ball_findings(found: NoiseBall) -> list[Finding]:
    """How far from the minimum the noise keeps the runs, and what brings them nearer."""
    if not found.settles:
        text = (
            f"The rate {short(found.rate)} is not below 2/λmax = **{short(found.limit)}**, so the cloud grows for ever."
        )
        return [Finding("ball.none", {"rate": found.rate, "limit": found.limit}, text)]
    theory, seen = found.theory.exact, found.measured
    off, excess = off_by(seen, theory), float(found.theory.excess)
    text = f"Noise keeps the runs in a ball, predicted **{extent(theory)}** wide, measured **{extent(seen)}**. "
    text += f"The variances differ by at most {percent(off)}."
    findings = [Finding("ball.match", {"told": axes_of(theory), "seen": axes_of(seen), "off": off}, text)]
    judged = "good enough here" if excess <= LARGE else "no good at this rate"
    text = f"The formula for small rates is {judged}: "
    text += f"along the steepest axis the variance is **{percent(excess)}** larger."
    findings.append(Finding("ball.small_rate", {"excess": excess, "large": excess > LARGE}, text))
    constant, falling = (float(np.trace(each[-1])) for each in (found.spread, found.decayed_spread))
    text = f"With the decaying rate the variance ends **{short(constant / falling)}** times smaller."
    findings.append(Finding("ball.decay", {"ratio": constant / falling}, text))
    gain = float(found.mean_told[0] / found.mean_told[-1])
    length = int(found.lengths[-1])
    text = f"At the same rate, the mean of the last {length} iterates has a variance **{short(gain)}** times smaller."
    return [*findings, Finding("ball.mean", {"length": length, "gain": gain}, text)]


def points_captions(found: RandomPoints) -> list[str]:
    """For each number of points: what one run says, and what theory says of its error."""
    return [
        f"n = {n:,}: this run says {short(area)} ± {short(SIGMAS_95 * error)}. The area is {short(found.truth)}."
        for n, area, error in zip(found.n, found.area[0], found.standard_error[0], strict=True)
    ]


def points_findings(found: RandomPoints) -> list[Finding]:
    """What one more digit costs, and how often the intervals hold the area."""
    held, last = int(found.covers[:, -1].sum()), int(found.n[-1])
    runs = len(found.covers)
    text = f"After {last:,} points **{percent(held / runs)}** of {runs:,} intervals hold the area; 95 % should."
    coverage = Finding("points.coverage", {"n": last, "share": held / runs, "runs": runs, "meant": 0.95}, text)
    if not np.isfinite(found.power):
        return [coverage]
    cost = float(10 ** (-1 / found.power))
    text = f"The error falls as n to the power **\N{MINUS SIGN}{-found.power:.2f}**. "
    text += f"One more digit takes **{short(cost)}** times the points."
    law = Finding("points.law", {"power": found.power, "cost": cost}, text)
    off, told = float(found.off[-1]), float(found.told[-1])
    text = f"At {last:,} points the error is **{short(off)}** over all runs; theory says σ/√n = {short(told)}."
    return [law, Finding("points.error", {"n": last, "off": off, "told": told}, text), coverage]
