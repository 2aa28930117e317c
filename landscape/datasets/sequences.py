"""SEQUENCES: tasks that need a memory, of a length one can ask for, and a real series of numbers.

echo       the first of T numbers is to be said again after the last: the simplest test of memory
adding     Hochreiter & Schmidhuber (1997), "Long short-term memory", task 4: a number and a mark at every step; the
           answer is the sum of the two marked numbers
sunspots   the yearly mean number of spots on the sun, 1700 to 2008, and each year's answer the year after

Inputs are (N, T, inputs); targets (N,), or (N, T) where every step has an answer.
"""

from functools import cache
from pathlib import Path

import numpy as np

from landscape.datasets.records import DataSet
from landscape.datasets.samples import Samples
from landscape.knob import Knob

# What the yearly numbers are divided by: they then lie between 0 and 2.
SPOTS = 100.0


def _echo(rng: np.random.Generator, length: int, size: int) -> Samples:
    inputs = rng.uniform(-1, 1, (size, length))
    return Samples(inputs[..., None], inputs[:, 0], columns=("x",))


def _adding(rng: np.random.Generator, length: int, size: int) -> Samples:
    values, marks = rng.uniform(0, 1, (size, length)), np.zeros((size, length))
    # One mark in each half, so that the first is never near the end.
    half = max(length // 2, 1)
    marked = np.stack([rng.integers(0, half, size), rng.integers(half, length, size)], axis=1)
    np.put_along_axis(marks, marked, 1, axis=1)
    return Samples(np.stack([values, marks], axis=-1), (values * marks).sum(axis=1), columns=("value", "mark"))


@cache
def sunspots() -> tuple[np.ndarray, np.ndarray]:
    """The years, (309,), and the yearly mean numbers of sunspots, (309,); both read-only."""
    table = np.loadtxt(Path(__file__).with_name("sunspots.csv"), delimiter=",", skiprows=1)
    table.setflags(write=False)
    return table[:, 0], table[:, 1]


def _sunspots(rng: np.random.Generator, size: int) -> Samples:
    """Years in a row that have a next one, as one sequence."""
    spots = sunspots()[1] / SPOTS
    first = rng.integers(0, len(spots) - size)
    series = spots[first : first + size + 1]
    return Samples(series[None, :-1, None], series[None, 1:], columns=("spots / 100",))


def _knobs(size: int) -> dict[str, Knob]:
    return {
        "length": Knob(10, 2, 200, "integer", "length", "How many steps a sequence has: the longer, the harder."),
        "size": Knob(size, 4, 1000, "integer", "samples", "How many sequences there are to learn from."),
        "seed": Knob(0, 0, 99, "integer", "seed", "Another seed draws other sequences."),
    }


_RECORDS = (
    DataSet(
        *("echo", "Echo", _echo, _knobs(100)),
        source="Drawn here: T numbers, uniform in -1 to 1; the answer is the first.",
        note="What was said first must be kept through all that follows. Length 2 is easy, length 50 is not.",
    ),
    DataSet(
        *("adding", "Adding", _adding, _knobs(200)),
        source="Drawn here, after Hochreiter & Schmidhuber (1997), Long short-term memory, task 4. One mark in each "
        "half.",
        note="Two numbers far apart are marked; the rest distracts. A plain cell soon answers the mean, 1.",
    ),
    DataSet(
        *("sunspots", "Sunspots", _sunspots),
        knobs={
            "size": Knob(308, 20, 308, "integer", "years", "How many years in a row."),
            "seed": Knob(0, 0, 99, "integer", "seed", "Which years are drawn, unless all are."),
        },
        source="Yearly mean sunspot numbers, 1700 to 2008, of the World Data Center for the Sunspot Index, Royal "
        "Observatory of Belgium, as distributed by NOAA's National Geophysical Data Center. The copy in statsmodels.",
        note="A cycle of about eleven years, never twice to the same height.",
        licence="Public domain",
    ),
)

SEQUENCES: dict[str, DataSet] = {record.key: record for record in _RECORDS}
