"""Report: where steps on a curve go, and which way is downhill on a map, in words."""

from typing import Any

import numpy as np

from landscape.calculus.plane import Plane
from landscape.calculus.stepping import METHODS, THERE, Stepping
from landscape.calculus.turns import local
from landscape.finding import Finding
from landscape.numbers import apart, counted, course, short
from landscape.optimizers import OPTIMIZERS

# Distances below this say nothing of a rate.
MEASURED = 1e-9
# What the rates along a closed path may add up to, as a share of how far f goes.
CLOSED = 1e-4
# So near, as a share of what is drawn, a curve is the parabola that theory takes it for.
CLOSE = 3e-3


def step_run_captions(found: Stepping) -> list[str]:
    """For each step: where both methods are."""
    down, newton = found.x("gradient_descent"), found.x("newton")
    return [
        f"Step {k}: gradient descent is at x = {short(a)}, Newton's method at x = {short(b)}."
        for k, (a, b) in enumerate(zip(down, newton, strict=True))
    ]


def step_run_findings(found: Stepping) -> list[Finding]:
    """What each method comes to, and by which factor gradient descent nears it."""
    return [*(came_to(found, method) for method in METHODS), *_factors(found)]


def came_to(found: Stepping, method: str) -> Finding:
    """Where a method is at its last step, or that it has left."""
    name, x, run = OPTIMIZERS[method].title, found.x(method), found.runs[method]
    low, high = found.curve.domain
    off = np.flatnonzero((x < low) | (x > high))
    numbers: dict[str, Any] = {"method": method, "end": float(x[-1])}
    if str(run.status) == "diverged" and np.isfinite(x).all() and not off.size:
        if np.isfinite(found.curve.slope(x[-1])):
            if np.isfinite(found.curve.value(_next(found, method))):
                return _away(method, int(run.stop))
            text = f"From x = {short(x[-1])} **{name}** steps to where f has no value."
            return Finding("step.nowhere", numbers, text)
        text = f"At x = {short(x[-1])} f has no finite slope: **{name}** can take no step there."
        return Finding("step.stuck", numbers, text)
    if str(run.status) == "diverged" or (off.size and off[-1] == len(x) - 1):
        return _away(method, int(off[0]) if off.size else int(run.stop))
    near = found.nearest(method)
    if near is not None:
        place, kind = near
        there = np.flatnonzero(np.abs(x - place) > THERE * (high - low))
        arrived = int(there[-1]) + 1 if there.size else 0
        if arrived < len(x):
            text = f"**{name}** is at the {kind} x = {short(place)} after {counted(arrived, 'step')}."
            return Finding("step.there", numbers | {"kind": kind, "place": place, "step": arrived}, text)
    return _on_the_way(found, method, numbers)


def _next(found: Stepping, method: str) -> np.ndarray:
    """Where the step from the last iterate goes: the bottom, or the top, of the parabola that it trusts."""
    x, bend = found.x(method)[-1:], found.bends[method][-1:]
    with np.errstate(all="ignore"):
        return np.asarray(x - found.curve.slope(x) / bend)


def _away(method: str, step: int) -> Finding:
    text = f"**{OPTIMIZERS[method].title}** leaves the map at step {step}."
    return Finding("step.away", {"method": method, "step": step}, text)


def _on_the_way(found: Stepping, method: str, numbers: dict[str, Any]) -> Finding:
    """Where a method is that has neither arrived nor left."""
    x, name = found.x(method), OPTIMIZERS[method].title
    here, steps = local(found.curve, float(x[-1])), len(x) - 1
    at = f"**{name}** is at x = {short(x[-1])} after {counted(steps, 'step')}, where "
    if not np.isfinite(here.slope):
        return Finding("step.no_slope", numbers | {"steps": steps}, f"{at}f has no slope.")
    if method == "newton" and (x == x[0]).all() and found.bends[method][0] == 0:
        bends = bool(np.isfinite(here.curvature))
        why = "f does not bend there, so its parabola has no bottom" if bends else "f″ does not exist there"
        text = f"**{name}** stays at x = {short(x[-1])}: {why}."
        return Finding("step.stays", numbers | {"bends": bends}, text)
    slope = float(found.runs[method].gradient_norm[-1])
    return Finding("step.moving", numbers | {"steps": steps, "slope": slope}, f"{at}the slope has size {short(slope)}.")


def _factors(found: Stepping) -> list[Finding]:
    """Near a turning point, what is left of the distance after a step, beside what theory says."""
    findings = []
    for method in METHODS:
        near, x = found.nearest(method), found.x(method)
        if near is None:
            continue
        left = np.abs(x - near[0])
        told = left > MEASURED * (1 + abs(near[0]))
        known = np.flatnonzero(told[1:] & told[:-1])
        bend = float(found.curve.curvature(np.array(near[0])))
        if known.size < 2 or (known[-1] + 1 < len(x) - 1 and method == "newton" and bend != 0):
            continue
        k = int(known[-1])
        share = float(left[k + 1] / left[k])
        numbers: dict[str, Any] = {"method": method, "place": near[0], "share": share, "step": k + 1}
        kept = "all" if share == 1 else apart(share, 1.0)[0]
        text = f"**{OPTIMIZERS[method].title}** keeps **{kept}** of the distance at step {k + 1}."
        if share > 1:
            text = f"**{OPTIMIZERS[method].title}** makes the distance **{kept}** times as large at step {k + 1}."
        low, high = found.curve.domain
        if method == "gradient_descent" and bend > 0 and left[k] < CLOSE * (high - low):
            numbers["theory"] = theory = abs(1 - found.rate * bend)
            text += f" Near the minimum |1 − ηf″| says {apart(theory, 1.0)[0]}."
        findings.append(Finding("step.share", numbers, text))
    return findings


def plane_captions(found: Plane) -> list[str]:
    """For each place on the path: how fast f changes there, by the chain rule."""
    return [
        f"At {found.way.letter} = {short(s)} on the path f is {short(f)} and changes by ∇f · x′ = {short(rate)} a unit."
        for s, f, rate in zip(found.s, found.f, found.rates, strict=True)
    ]


def plane_findings(found: Plane) -> list[Finding]:
    """Which way is downhill, the slope in the chosen direction, and in which there is none."""
    if found.steepness == 0:
        level = Finding("plane.level", {"steepness": 0.0}, "Here the gradient is 0: every direction is level.")
        return [level, *_gained(found), *_chain(found)]
    down = (found.uphill + 180) % 360
    text = f"Straight down is at **{down:.0f}°**, against the gradient, with slope **−{short(found.steepness)}**."
    steepest = Finding("plane.down", {"angle": down, "steepness": found.steepness}, text)
    across = sorted(((found.uphill + 90) % 360, (found.uphill + 270) % 360))
    text = (
        f"At right angles to it, at {across[0]:.0f}° and {across[1]:.0f}°, the slope is 0: the contour runs that way."
    )
    level = Finding("plane.across", {"angles": np.array(across), "right": 0}, text)
    text = f"At {short(found.angle)}° the slope is ∇f · u = **{short(found.slope)}**."
    along = Finding("plane.along", {"angle": found.angle, "slope": found.slope}, text)
    return [steepest, *_gained(found), level, along, *_chain(found)]


def _gained(found: Plane) -> list[Finding]:
    """Of a path that was drawn: the chain rule's rates, added up, are what f gains."""
    if not found.drawn:
        return []
    first, last, gained = float(found.f[0]), float(found.f[-1]), found.gained
    if found.stays:
        text = f"Your path is one point, where f is {short(first)}. Draw on."
        return [Finding("plane.stays", {"first": first}, text)]
    # Of a path that comes back what the trapezoids leave is no gain.
    told = "0" if first == last and abs(gained) <= CLOSED * float(np.ptp(found.f)) else short(gained)
    text = f"Along your path f {course(first, last)}. "
    text += f"Added up along the path, the rates ∇f · x′ come to **{told}**: what f gains."
    return [Finding("plane.gained", {"first": first, "last": last, "gained": gained}, text)]


def _chain(found: Plane) -> list[Finding]:
    """At the end of the path, where a bent one is no longer its tangent."""
    if found.stays:
        return []
    s, rule, seen = float(found.s[-1]), float(found.rates[-1]), float(found.differences[-1])
    text = f"At the path's end, {found.way.letter} = {short(s)}, the chain rule ∇f · x′ gives **{short(rule)}**. "
    text += f"Differences of f along the path give {short(seen)}."
    return [Finding("plane.chain", {"s": s, "rule": rule, "seen": seen}, text)]
