"""Report: what secants, their errors and Taylor polynomials come to, in words."""

from typing import Any, NamedTuple

import numpy as np

from landscape.calculus.differences import DIFFERENCES, PRECISIONS
from landscape.calculus.expansion_run import Expansion
from landscape.calculus.expansions import taylor
from landscape.calculus.secants import Secants
from landscape.calculus.step_errors import SHOWN, StepErrors
from landscape.finding import Finding
from landscape.numbers import RAISED, apart, fixed, short

# Errors smaller than so many roundings of the slope are rounding.
ROUNDING = 64 * float(np.finfo(float).eps)
# The halving after which the error's ratio is told: small enough for theory, large enough for rounding.
TOLD = 6.0
# And an error so many times what rounding may be, so that the ratio is that of theory.
TOLD_FROM = 100.0
# How far the expansion is followed where a quotient is to be exact, and how many places of one kind are told.
FARTHEST, MOST_TOLD = 12, 4
# By which share a ratio may differ from a power of two and be called one.
NEARLY = 0.1


def secant_captions(found: Secants) -> list[str]:
    """For each step h: what the secant and the tangent climb at, and by how much they differ."""
    return [_secant_caption(found, k) for k in range(len(found.h))]


def _secant_caption(found: Secants, k: int) -> str:
    h, quotient, slope = (short(v) for v in (found.h[k], found.quotient[k], found.here.slope))
    if not np.isfinite(found.here.value):
        return "f has no value here."
    if not np.isfinite(found.quotient[k]):
        return f"h = {h}: f has no value at one end of the secant."
    if not np.isfinite(found.here.slope):
        return f"h = {h}: the secant has slope {quotient}. There is no tangent."
    if _rounded(found)[k]:
        if quotient == slope:
            return f"h = {h}: secant and tangent both have slope {slope}."
        return f"h = {h}: the secant has slope {quotient}, the tangent {slope}: as near as rounding lets it."
    return f"h = {h}: the secant has slope {quotient}, the tangent {slope}. Off by {short(abs(found.error[k]))}."


def _rounded(found: Secants) -> np.ndarray:
    """At which steps an error is no more than rounding, (k,)."""
    return np.abs(found.error) <= _rounding(found)


def _rounding(found: Secants) -> np.ndarray:
    return ROUNDING * (np.abs(found.here.slope) + np.abs(found.here.value) / found.h)


def secant_findings(found: Secants) -> list[Finding]:
    """What the slope is, how the secant comes to it, and which way the curve goes."""
    if not np.isfinite(found.here.slope):
        return [_kink(found), *_turning(found)]
    return [_slope(found), *_halving(found), _going(found), *_turning(found)]


def _slope(found: Secants) -> Finding:
    there = np.flatnonzero(np.isfinite(found.quotient))
    x, slope = found.x, found.here.slope
    numbers: dict[str, Any] = {"x": x, "slope": slope}
    text = f"At x = {short(x)} the slope of f is **{short(slope)}**."
    if there.size:
        first, last = there[[0, -1]]
        numbers |= {"h": found.h[[first, last]], "quotients": found.quotient[[first, last]]}
        text += f" The secant with h = {short(found.h[first])} has slope **{short(found.quotient[first])}**,"
        text += f" the one with h = {short(found.h[last])} has **{short(found.quotient[last])}**."
    return Finding("secant.slope", numbers, text)


def _halving(found: Secants) -> list[Finding]:
    if not np.isfinite(found.quotient).all():
        return []
    if _rounded(found).all():
        if _is_exact(found):
            text = "This quotient is exact here: what is left is rounding."
            return [Finding("secant.exact", {"scheme": found.scheme}, text)]
        text = "What these secants are off by is no more than the rounding of f."
        return [Finding("secant.rounded", {"scheme": found.scheme}, text)]
    k, after = (int(np.flatnonzero(found.halvings == t)[0]) for t in (TOLD, TOLD + 1))
    if abs(found.error[after]) < TOLD_FROM * _rounding(found)[after]:
        return []
    ratio = float(abs(found.error[k] / found.error[after]))
    growth = 1 / ratio
    way = f"makes the error **{apart(ratio, 1.0)[0]}** times smaller"
    if ratio <= 1:
        way = f"makes the error **{apart(growth, 1.0)[0]}** times larger" if ratio < 1 else "leaves the error as it is"
    text = f"At h = {short(found.h[k])}, halving h {way}."
    numbers = {"ratio": ratio, "growth": growth, "h": found.h[k]}
    order = round(np.log2(ratio))
    if order > 0 and abs(ratio / 2**order - 1) < NEARLY:
        numbers["order"] = order
        text += f" It falls as h{'' if order == 1 else str(order).translate(RAISED)}."
    return [Finding("secant.halving", numbers, text)]


def _is_exact(found: Secants) -> bool:
    """Whether nothing of f's expansion is left in the quotient's error, but for rounding."""
    c = taylor(found.curve.compiled, found.x, FARTHEST)
    orders = np.arange(2, FARTHEST + 1)
    # What is even cancels between two ends that are as far.
    orders = orders[orders % 2 == 1] if found.scheme == "central" else orders
    return bool((np.abs(c[orders] * found.h[0] ** (orders - 1.0)) <= ROUNDING * abs(c[1])).all())


def _going(found: Secants) -> Finding:
    slope, bend = np.sign(found.here.slope), np.sign(found.here.curvature)
    goes = {1: "rises", -1: "falls", 0: "is level"}[int(slope)]
    numbers = {"goes": goes}
    if np.isnan(bend):
        return Finding("secant.bent", numbers, f"Here f {goes}, as f′ says. f″ does not exist.")
    bends = {1: "bends upwards", -1: "bends downwards", 0: "does not bend"}[int(bend)]
    numbers["bends"] = bends
    return Finding("secant.going", numbers, f"Here f {goes}, as f′ says, and {bends}, as f″ says.")


def _kink(found: Secants) -> Finding:
    left, right = found.here.left, found.here.right
    text = f"At x = {short(found.x)} f has no slope: "
    if found.here.leaps:
        return Finding("secant.leap", {"x": found.x}, text + "it leaps.")
    if np.isinf(left) and np.isinf(right):
        return Finding("secant.cusp", {"x": found.x}, text + "towards it the curve grows ever steeper, without end.")
    if not (np.isfinite(left) and np.isfinite(right)):
        return Finding("secant.edge", {"x": found.x}, text + "it does not go on to both sides.")
    text += f"it comes with **{short(left)}** and leaves with **{short(right)}**."
    return Finding("secant.kink", {"x": found.x, "left": left, "right": right}, text)


def _turning(found: Secants) -> list[Finding]:
    minima, maxima, levels = found.turns.minima, found.turns.maxima, found.turns.levels
    told = [_told(name, at) for name, at in (("minimum", minima), ("maximum", maxima)) if len(at)]
    if found.turns.countless:
        return [
            Finding("secant.countless", {}, "As computed, f′ changes its sign here more often than can be counted.")
        ]
    out = []
    if told:
        numbers: dict[str, Any] = {"minima": minima, "maxima": maxima, "counts": (len(minima), len(maxima))}
        both = ", and " if max(numbers["counts"]) > MOST_TOLD else " and "
        out.append(Finding("secant.turns", numbers, f"f′ changes its sign where f turns: {both.join(told)}."))
    for low, high in levels:
        text = f"From x = {short(low)} to {short(high)} f′ is 0, to rounding. Its sign changes across that."
        out.append(Finding("secant.level", {"low": low, "high": high}, text))
    return out or [Finding("secant.steady", {}, "On this stretch f has no turning point.")]


def _told(name: str, at: np.ndarray) -> str:
    """A kind of place, and where, or the first of many: "a minimum at x = 1", "minima at x = 1, 2"."""
    what = f"a {name}" if len(at) == 1 else f"{name[:-2]}a"
    if len(at) > MOST_TOLD:
        return f"{len(at)} {what}, from x = {short(at[0])} to {short(at[-1])}"
    return f"{what} at x = {', '.join(short(x) for x in at)}"


def step_captions(found: StepErrors, precision: str) -> list[str]:
    """For each step h: how far off each quotient is."""
    return [_step_caption(found, precision, k) for k in range(len(found.h))]


def _step_caption(found: StepErrors, precision: str, k: int) -> str:
    told = [
        f"{DIFFERENCES[scheme].title.lower()} {'none' if np.isnan(e) else short(e) if np.isfinite(e) else 'overflow'}"
        for scheme in SHOWN
        for e in found.quotients[scheme, precision].error[k : k + 1]
    ]
    return f"h = {short(found.h[k])}. Error: {', '.join(told)}."


class Judged(NamedTuple):
    """What the view of errors says: every step's errors, of one precision."""

    found: StepErrors
    precision: str


def step_findings(judged: Judged) -> list[Finding]:
    """Which step serves best, how the error falls on the way there, and what the complex step spares."""
    found, precision = judged
    if not np.isfinite(found.here.slope):
        text = f"At x = {short(found.x)} f has no slope, so a quotient has no error."
        return [Finding("error.no_slope", {"x": found.x}, text)]
    best = [
        each
        for scheme in SHOWN
        if np.isfinite([found.quotients[scheme, precision].told.step, found.quotients[scheme, precision].best]).all()
        for each in [_best(judged, scheme)]
    ]
    told = [*best, *_orders(judged), *_complex(judged)]
    text = "Theory tells no best h here."
    return told or [Finding("error.untold", {"x": found.x}, text)]


def _best(judged: Judged, scheme: str) -> Finding:
    found, precision = judged
    quotient = found.quotients[scheme, precision]
    with np.errstate(divide="ignore"):
        digits = -float(np.log10(quotient.at / found.scale))
    if np.isinf(digits):
        text = f"{DIFFERENCES[scheme].title} says 0 near h = **{short(quotient.best)}**, where f rounds to one number. "
        return Finding("error.level", {"scheme": scheme, "h": quotient.best}, f"{text}So it is right: the slope is 0.")
    if digits <= 0:
        text = f"{DIFFERENCES[scheme].title} has no good h here: rounding hides the slope."
        return Finding("error.drowned", {"scheme": scheme}, text)
    told = short(digits)
    right = f"There about **{told}** {'digit is' if told == '1' else 'digits are'} right"
    text = f"{DIFFERENCES[scheme].title} serves best near h = **{short(quotient.best)}**; theory says "
    text += f"{short(quotient.told.step)}. {right}. Below it rounding wins."
    numbers = {"scheme": scheme, "measured": quotient.best, "predicted": quotient.told.step, "digits": digits}
    return Finding("error.best", numbers, text)


def _orders(judged: Judged) -> list[Finding]:
    orders = {scheme: judged.found.quotients[scheme, judged.precision].order for scheme in SHOWN}
    measured = {scheme: order for scheme, order in orders.items() if np.isfinite(order)}
    if not measured:
        return []
    told = [f"{DIFFERENCES[scheme].title.lower()} **{fixed(order)}**" for scheme, order in measured.items()]
    text = f"For larger h the error falls as a power of h: {', '.join(told)}."
    return [Finding("error.order", {"orders": measured}, text)]


def _complex(judged: Judged) -> list[Finding]:
    found, precision = judged
    error = found.quotients["complex", precision].error
    unit = float(np.finfo(PRECISIONS[precision][0]).eps)
    # Of a slope of 0 no digit is rounded: what is left of the error there is none.
    wrong = np.flatnonzero(~(error <= 4 * unit * abs(found.here.slope)))
    first = int(wrong[-1]) + 1 if wrong.size else 0
    if first == len(found.h):
        return []
    text = f"The complex step subtracts nothing. From h = **{short(found.h[first])}** down its error is rounding alone."
    return [Finding("error.complex", {"h": float(found.h[first])}, text)]


def taylor_captions(found: Expansion) -> list[str]:
    """For each order: what it leaves at the probe."""
    return [_taylor_caption(found, k) for k in range(len(found.there_error))]


def _taylor_caption(found: Expansion, k: int) -> str:
    if found.last < k <= found.exists:
        return f"The term of order {k} is too large for a number here."
    if k > found.last:
        return f"There is no term of order {k} here: a part of f is not smooth at x = {short(found.at)}."
    left = found.there_error[k]
    if not np.isfinite(left):
        return f"Order {k}. f has no value at x = {short(found.probe)}."
    return f"Order {k}: at x = {short(found.probe)} the polynomial is off by {short(left)}."


def taylor_findings(found: Expansion) -> list[Finding]:
    """How far the series serves, and what more orders do where it is judged."""
    return [_reach(found), *_judged(found)]


def _reach(found: Expansion) -> Finding:
    about = f"About x = {short(found.at)} the series"
    if found.last < found.exists:
        text = f"At x = {short(found.at)} the term of order {found.last + 1} is too large for a number here: "
        text += "the polynomials end before it."
        return Finding("taylor.overflows", {"at": found.at, "order": found.last + 1}, text)
    if found.last < len(found.there_error) - 1:
        text = f"At x = {short(found.at)} a part of f is not smooth: the polynomials end before order {found.last + 1}."
        return Finding("taylor.ends", {"at": found.at, "order": found.last + 1}, text)
    if np.isnan(found.reach):
        return Finding("taylor.unknown", {}, f"{about} serves near the point. How far is not known here.")
    if np.isinf(found.reach):
        return Finding("taylor.everywhere", {"at": found.at}, f"{about} serves everywhere: f never breaks off.")
    text = f"{about} serves up to a distance of **{short(found.reach)}**. Beyond it, more orders do not help."
    return Finding("taylor.reach", {"at": found.at, "reach": found.reach}, text)


def _judged(found: Expansion) -> list[Finding]:
    left = found.there_error
    if found.last < len(left) - 1 or not np.isfinite(left).all():
        return []
    k = int(np.argmin(left))
    terms = found.coefficients * (found.probe - found.at) ** np.arange(len(left))
    last = short(left[-1]) if left[-1] > ROUNDING * np.abs(terms).max() else "rounding alone"
    text = f"At x = {short(found.probe)} order {len(left) - 1} leaves **{last}**; order 2 left **{short(left[2])}**."
    numbers = {"probe": found.probe, "highest": len(left) - 1, "last": float(left[-1]), "second": float(left[2])}
    # Of errors that are rounding none is the best.
    if left[-1] > 10 * left[k] > 0 and last != "rounding alone":
        text += f" Order {k} served best."
        numbers["best"] = k
    return [Finding("taylor.judged", numbers, text)]
