"""Report: where random points are nearer than a grid, in words."""

from typing import NamedTuple

import numpy as np

from landscape.calculus.dimensions import RUNS, Dimensions
from landscape.finding import Finding
from landscape.numbers import percent, short


class Asked(NamedTuple):
    """All dimensions, and the one that is asked about."""

    found: Dimensions
    d: int


def dimension_captions(found: Dimensions) -> list[str]:
    """For each number of points: from which dimension on random ones are nearer than each grid."""
    return [
        f"{n:,} points: random ones beat midpoints {since(found.first_won('midpoint', k))}, "
        f"and Simpson {since(found.first_won('simpson', k))}."
        for k, n in enumerate(found.points)
    ]


def since(first: int | None) -> str:
    """From which dimension on, in words."""
    if first is None:
        return "in none of these dimensions"
    return "in every dimension" if first == 1 else f"from {first} dimensions on"


def dimension_findings(asked: Asked) -> list[Finding]:
    """Where the curves cross, and what a grid and random points come to in the dimension that is asked about."""
    found, last = asked.found, len(asked.found.points) - 1
    n, first = int(found.points[-1]), {rule: found.first_won(rule, last) for rule in found.grid}
    text = f"With {n:,} points random ones win against midpoints **{since(first['midpoint'])}**, "
    text += f"against Simpson **{since(first['simpson'])}**."
    findings = [Finding("dimensions.first", {"points": n, **first}, text), _here(asked)]
    off = float(np.abs(found.random / found.told - 1).mean())
    text = f"Random points are off by σ/√n in every dimension. {RUNS} runs agree to **{percent(off)}** on average."
    return [*findings, Finding("dimensions.random", {"runs": RUNS, "off": off}, text)]


def _here(asked: Asked) -> Finding:
    found, d, n = asked.found, asked.d, int(asked.found.points[-1])
    side, grid = int(found.side["midpoint"][d - 1, -1]), float(found.grid["midpoint"][d - 1, -1])
    random = float(found.told[d - 1, -1])
    noun = "dimension" if d == 1 else "dimensions"
    text = f"In {d} {noun} {n:,} points are **{side:,}** along a side: midpoints are off by **{short(grid)}**, "
    text += f"random ones by **{short(random)}**."
    return Finding("dimensions.here", {"d": d, "points": n, "side": side, "grid": grid, "random": random}, text)
