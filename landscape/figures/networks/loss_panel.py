"""The panel of a loss against the step, on a log axis where it moves far enough."""

import numpy as np

from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.ranges import log_range_of_runs
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.traces import Trace

# A loss below this is rounding; the axis ends here.
FLOOR = 1e-12


def positive(loss: np.ndarray) -> np.ndarray:
    """What a log axis can show of a loss: at least FLOOR, NaN where it is not finite."""
    return np.where(np.isfinite(loss), np.maximum(loss, FLOOR), np.nan)


def loss_panel(stage: Stage, series: list[np.ndarray], steps: int, place: Span, panel: str, heading: str) -> None:
    """Its axes and its heading; a run to infinity leaves the panel."""
    low, high = log_range_of_runs([positive(each) for each in series], FLOOR, 100.0)
    low, high = low + 0.25, high - 0.25
    # A loss that hardly moves shows no power of ten.
    scale: Trace = {"type": "log", "range": [low, high], "exponentformat": "power"}
    scale |= {"dtick": max(1, round((high - low) / 5))}
    if high - low < 1.2:
        scale = {"range": [0.0, 10**high], "nticks": 4}
    end = max(steps, 1)
    across = {"range": [-0.02 * end, 1.03 * end], "nticks": 6, "title": title("steps")}
    stage.panel(panel, place, across, scale, heading)
