"""Commentary: what is seen on a map of many runs, in a few sentences."""

from collections.abc import Mapping

import numpy as np

from landscape.descent.commentary import named
from landscape.descent.descend import Trajectory
from landscape.descent.ending import UNBEGUN, ended
from landscape.maps.swept import Swept
from landscape.numbers import short

# How one run ended that has come to rest nowhere, and how several did.
UNDER_WAY = {
    "diverged": ("runs away", "run away"),
    "stalled": ("is stuck", "are stuck"),
    "max_steps": ("is still under way", "are still under way"),
    UNBEGUN: (UNBEGUN, UNBEGUN),
}


def from_start(start: np.ndarray, runs: Mapping[str, Trajectory], places: Mapping[str, np.ndarray], near: float) -> str:
    """Where each method comes to from one start: a sentence for each place.

    places   points (2,) by what they are called; whatever comes to rest no farther from one than `near` is there
    """
    ends: dict[tuple[str, str], list[str]] = {}
    for key, run in runs.items():
        status, at = ended(run), _called(run.x[-1], places, near)
        rests = f"ends at {at}", f"end at {at}"
        ends.setdefault(rests if status == "converged" else UNDER_WAY[status], []).append(key)
    told = [f"{named(keys)} {one if len(keys) == 1 else more}." for (one, more), keys in ends.items()]
    return " ".join([f"The start is {_point(start)}.", *told])


def _called(x: np.ndarray, places: Mapping[str, np.ndarray], near: float) -> str:
    """What the nearest place is called, or where it is."""
    away = {name: float(np.linalg.norm(x - place)) for name, place in places.items()}
    name = min(away, key=lambda each: away[each], default="")
    return name if name and away[name] <= near else _point(x)


def _point(x: np.ndarray) -> str:
    # What is left of a coordinate that is 0 is rounding.
    u, v = (short(float(at)) for at in np.round(x, 6) + 0.0)
    return f"({u}, {v})"


def of_pairs(swept: Swept) -> str:
    """How many pairs of two knobs arrive, and how many run away."""
    gone, arrived = int(np.isnan(swept.sweep.value).sum()), int((swept.sweep.steps >= 0).sum())
    rest, run = ("comes" if arrived == 1 else "come"), ("runs" if gone == 1 else "run")
    return f"{arrived:,} of {swept.sweep.value.size:,} pairs {rest} to rest, and {gone:,} {run} away."
