"""The order of a method, measured: how fast its error falls with the step where rounding does not disturb it."""

import numpy as np

# An error counts where it is so many times what rounding may make of it.
CLEAR = 100.0
# How many of the smallest steps are measured on, and over how many decades of steps at least.
WINDOW, DECADES = 9, 0.5
# By how much the slopes of the window's two halves may differ: more, and it is no straight line.
STEADY = 0.08
# By how much, in logarithms, errors may lie apart along their line: more, and its halves agree by chance.
SCATTER = 0.2
# An error that falls more slowly than with this power does not fall: it is noise that was not foretold.
LEAST = 0.25


def measured_order(step: np.ndarray, error: np.ndarray, rounding: np.ndarray) -> float:
    """The slope of log error over log step, on the smallest steps at which the error stands clear of rounding.

    step      (k,) positive, in any order
    error     (k,) its size at each step
    rounding  (k,) what rounding may add to it

    NaN where too few steps stand clear, as of a method that is exact, and where the slope still changes there.
    """
    order = np.argsort(step)
    h, e, noise = np.asarray(step)[order], np.asarray(error)[order], np.broadcast_to(rounding, np.shape(step))[order]
    drowned = np.flatnonzero(~(e > CLEAR * noise))
    first = int(drowned.max(initial=-1)) + 1
    h, e = h[first : first + WINDOW], e[first : first + WINDOW]
    if len(h) < 3 or np.log10(h[-1] / h[0]) < DECADES:
        return float("nan")
    whole, lower, upper = (
        _slope(h[part], e[part]) for part in (slice(None), slice(len(h) // 2 + 1), slice(len(h) // 2, None))
    )
    scattered = np.ptp(np.log(e) - whole * np.log(h)) > SCATTER
    return whole if abs(upper - lower) <= STEADY and whole > LEAST and not scattered else float("nan")


def _slope(h: np.ndarray, e: np.ndarray) -> float:
    return float(np.polyfit(np.log(h), np.log(e), 1)[0])
