"""The panel of a loss against the step, on a log axis where it moves far enough."""

import numpy as np

from landscape.figures.kit import parts
from landscape.figures.kit.parts import Span, Trace
from landscape.figures.kit.style import Theme

# A loss below this is rounding; the axis ends here.
FLOOR = 1e-12


def positive(loss: np.ndarray) -> np.ndarray:
    """What a log axis can show of a loss: at least FLOOR, NaN where it is not finite."""
    return np.where(np.isfinite(loss), np.maximum(loss, FLOOR), np.nan)


def axes(series: list[np.ndarray], steps: int, theme: Theme, place: Span, panel: str) -> Trace:
    """Its axes; a run to infinity leaves the panel."""
    low, high = parts.log_range([positive(each) for each in series], FLOOR, 100.0)
    low, high = low + 0.25, high - 0.25
    # A loss that hardly moves shows no power of ten.
    scale = {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 5)), "exponentformat": "power"}
    if high - low < 1.2:
        scale = {"range": [0.0, 10**high], "nticks": 4}
    end = max(steps, 1)
    return {
        f"xaxis{panel}": theme.axis(
            domain=place[0],
            anchor=f"y{panel}",
            range=[-0.02 * end, 1.03 * end],
            nticks=6,
            title={"text": "step", "standoff": 4},
        ),
        f"yaxis{panel}": theme.axis(
            domain=place[1],
            anchor=f"x{panel}",
            tickfont={"size": 12},
            **scale,
        ),
    }
