"""The ranges of axes: of everything there is, and of runs, which may go to infinity and must not flatten the rest."""

from typing import Any

import numpy as np

# Numbers that differ by less than this share of their size, or less than SMALLEST, are level but for rounding.
LEVEL, SMALLEST = 1e-9, 1e-12


def linear_range(*series: Any, room: float = 0.06) -> list[float]:
    """The range of a linear axis that shows all finite numbers."""
    values = np.concatenate([np.ravel(s) for s in series])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    low, high = _apart(low, high)
    margin = room * (high - low)
    return [low - margin, high + margin]


def _apart(low: float, high: float) -> tuple[float, float]:
    """Two ends of an axis; further apart where all that lies between them is rounding."""
    size = max(abs(low), abs(high))
    if high - low > max(LEVEL * size, SMALLEST):
        return low, high
    half = size / 2 if size > SMALLEST else 1.0
    return low - half, high + half


def log_range(*series: np.ndarray, room: float = 0.05) -> list[float]:
    """The log10 range of an axis for positive numbers; others are passed over."""
    values = np.concatenate([np.ravel(s) for s in series])
    logs = np.log10(values[np.isfinite(values) & (values > 0)])
    low, high = (float(logs.min()), float(logs.max())) if logs.size else (0.0, 1.0)
    margin = room * max(high - low, 0.1)
    return [low - margin, high + margin]


def linear_range_of_runs(series: list[np.ndarray]) -> list[float]:
    """The range of a linear axis, from the lowest value to the highest, both kept within ten spans of the first."""
    finite = np.concatenate([y[np.isfinite(y)] for y in series] + [np.zeros(0)])
    if not finite.size:
        return [0.0, 1.0]
    first = finite[0]
    span = max(np.ptp(np.quantile(finite, [0.1, 0.9])), 1e-9 + 1e-9 * abs(first))
    low, high = _apart(max(finite.min(), first - 10 * span), min(finite.max(), first + 10 * span))
    return [float(low - 0.06 * (high - low)), float(high + 0.06 * (high - low))]


def log_range_of_runs(series: list[np.ndarray], floor: float, rise: float = 1e3, room: float = 0.06) -> list[float]:
    """The log10 range of an axis from at least `floor` to at most `rise` times the largest first value.

    room   beyond both ends, as a share of the range; never less than 0.4
    """
    positive = [y[np.isfinite(y) & (y > 0)] for y in series]
    first = max((float(y[0]) for y in positive if len(y)), default=1.0)
    every = np.concatenate([*positive, np.array([first])])
    low = max(float(every.min()), floor)
    high = min(float(every.max()), rise * first)
    bottom, top = float(np.log10(low)), float(np.log10(max(high, low)))
    if top < np.log10(floor) + 2:
        # All is rounding: the runs are there from the first, and seen to be far down.
        top = max(top, 0.0)
    pad = max(0.4, room * (top - bottom))
    return [bottom - pad, top + pad]
