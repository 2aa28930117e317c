"""Report: what somebody guessed of slopes, beside what it is."""

import numpy as np

from landscape.calculus.curves import Curve
from landscape.calculus.differences import difference
from landscape.calculus.expansion_run import Expansion
from landscape.calculus.plane import Plane
from landscape.calculus.report import Judged
from landscape.calculus.secants import Secants
from landscape.calculus.step_report import came_to
from landscape.calculus.stepping import Stepping
from landscape.finding import Finding
from landscape.numbers import short

# A guess within this share of the truth, or of 1 where the truth is smaller, is called close.
CLOSE = 0.1
# Of a slope that is drawn by hand, the places at which it is looked at.
PLACES = 25
# The quotient whose best step is asked for.
SCHEME = "forward"


def slope_guess(found: Secants, guess: float) -> Finding:
    """A guessed slope beside the tangent's."""
    slope = found.here.slope
    if not np.isfinite(slope):
        return Finding(
            "guess.no_slope", {"x": found.x}, f"At x = {short(found.x)} f has no tangent: no slope is right."
        )
    off = abs(guess - slope)
    text = f"You said {short(guess)}. The tangent's slope is **{short(slope)}**: off by {short(off)}."
    text += " Close." * (off <= CLOSE * max(1.0, abs(slope)))
    return Finding("guess.slope", {"guess": guess, "slope": slope, "off": off}, text)


def slope_places(curve: Curve) -> np.ndarray:
    """Where a slope that is drawn by hand is looked at, (PLACES,): the middles of equal parts of the domain."""
    low, high = curve.domain
    return low + (high - low) * (np.arange(PLACES) + 0.5) / PLACES


def drawn_guess(found: Secants, heights: np.ndarray, low: float, high: float) -> Finding:
    """A slope that was drawn at `slope_places`, (PLACES,), on a panel from low to high, beside the true one.

    A slope beyond the panel counts as the panel's edge, where nobody can draw further.
    """
    slope = found.curve.slope(slope_places(found.curve))
    there = np.isfinite(slope)
    if not there.any():
        text = f"At none of the {PLACES} places looked at has f a slope: no drawing is right."
        return Finding("guess.nowhere", {"places": PLACES}, text)
    truth, said = np.clip(slope[there], low, high), heights[there]
    off, size = float(np.mean(np.abs(said - truth))), float(np.mean(np.abs(truth)))
    right = int(np.sum((said * truth > 0) | (np.abs(truth) <= CLOSE * size)))
    text = f"Your f′ is off by **{short(off)}** on average; f′ itself has size {short(size)}. "
    text += f"It is on the right side of 0 at **{right} of {len(truth)}** places."
    numbers = {"heights": heights, "low": low, "high": high, "off": off, "size": size, "right": right}
    return Finding("guess.drawn", numbers | {"places": len(truth)}, text)


def step_guess(judged: Judged, guess: float) -> Finding:
    """A guessed best step of the forward quotient beside the measured one."""
    found, precision = judged
    quotient = found.quotients[SCHEME, precision]
    if not np.isfinite(found.here.slope):
        return Finding("guess.no_step", {"x": found.x}, f"At x = {short(found.x)} f has no slope: no h is good.")
    if not np.isfinite(quotient.best):
        text = f"At x = {short(found.x)} no h gives the forward quotient a number."
        return Finding("guess.no_quotient", {"x": found.x}, text)
    error = abs(float(difference(found.curve.compiled, found.x, guess, SCHEME, precision)) - found.here.slope)
    off = f"it is off by {short(error)}" if np.isfinite(error) else "it has no value"
    how = "serves best" if quotient.at else "is exact"
    text = f"The forward quotient {how} near h = **{short(quotient.best)}**. You said {short(guess)}: there {off}."
    numbers = {"guess": guess, "best": quotient.best} | ({"error": error} if np.isfinite(error) else {})
    return Finding("guess.step", numbers, text)


def reach_guess(found: Expansion, guess: float) -> Finding:
    """A guessed distance up to which a Taylor series serves beside the true one, which must be known."""
    said, numbers = f"You said {short(guess)}.", {"guess": guess, "reach": found.reach}
    if np.isinf(found.reach):
        return Finding("guess.reach", numbers, f"{said} This series serves **everywhere**: f never breaks off.")
    text = f"{said} The series serves up to a distance of **{short(found.reach)}**: no order helps beyond it."
    return Finding("guess.reach", numbers, text)


def needed_guess(found: Stepping, guess: float) -> Finding:
    """A guessed number of steps beside what Newton's method comes to."""
    came = came_to(found, "newton")
    numbers = {"guess": guess, "came": came.kind, **came.numbers}
    return Finding("guess.needed", numbers, f"You said {short(guess)}. {came.text}")


def down_guess(found: Plane, guess: float) -> Finding:
    """A guessed direction straight down beside the gradient's, reversed; the gradient must not be 0."""
    down = (found.uphill + 180) % 360
    off = float(abs((guess - down + 180) % 360 - 180))
    text = f"You said {guess:.0f}°. Straight down is at **{down:.0f}°**, against the gradient: off by {off:.0f}°."
    return Finding("guess.down", {"guess": guess, "down": down, "off": off}, text)
