"""Dealing: a text for whatever a view's controls claim from a link, ordinary or hostile."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import getclosurevars
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import write_number
from landscape.dashboard.kit.landscapes import PLACE
from landscape.dashboard.kit.runs import Place
from landscape.knob import Knob
from landscape.landscapes import LANDSCAPES
from landscape.starters import STARTERS

FORMULAS = ["(x+y)**2", "|x| + 2|y - a|", "x + √y", "x^y", "x^4/4 - x^2/2 + y^2", "ln(x) + sin(3y)", "cosh x + cosh y"]
FORMULAS += ["x^3 - 3x y^2", "1/(1 + x^2 + y^2)", "exp(-x^2) + 0 y", "x y", "-x^2 - y^2", "x^2", "5 + 0x", "x^4 + y^4"]
FORMULAS += [
    "|x y|",
    "max(x, y)",
    "sqrt(x^2 + y^2)",
    "1/x + y^2",
    "tanh(x) + y^2",
    *(s.formula for s in STARTERS.values()),
]
# Where a name alone says what it is, or what is cheap enough: texts, or the ends of a range.
TEXTS: Mapping[str, list[str]] = {
    "formula": FORMULAS,
    "area.formula": ["1/x", "sqrt(x)", "ln x", "|x - 1|", "tan x", "sin(1/x)", "1/(x - 0.3)^2", "x^3 - a x", "e^-x"],
    "hidden": ["", "1", "2", "4", "3,2", "2,2,2,2"],
    "drawing": ["", "0" * 64, "g" * 64],
    "size": ["64"],
    "way": ["", "0ahb" + "9k2p" * 5 + "hzq3" * 5 + "zz00", "hzhz" * 12],
    "drawn": ["", "00zz" * 12 + "i0", "hz" * 25],
    "tune": ["0", "0", "0", "0", "1"],
}
RANGES: Mapping[str, tuple[float, float]] = {
    "steps": (1, 160),
    "backpropagation.steps": (1, 24),
    "basins.steps": (1, 60),
    "regularization.steps": (1, 400),
    "epochs": (1, 2),
    "channels": (1, 3),
    "samples": (4, 60),
    "xlow": (-9, -1),
    "ylow": (-9, -1),
    "xhigh": (1, 9),
    "yhigh": (1, 9),
    "rows": (10, 442),
}
# Maps whose saddles and hilltops are starts.
TELLING = ("himmelblau", "six_hump_camel", "saddle", "monkey_saddle", "double_well", "quadratic", "beale", "rosenbrock")


def dealt(
    page: str, name: str, default: Any, parse: Callable[[str], Any], rng: np.random.Generator, boldness: float
) -> str | None:
    """A text that `parse` reads, or None for the default."""
    knob = _reads(parse).get("knob")
    if name in ("x", "y") and knob is not None and replace(knob, default=PLACE.default) == PLACE:
        return write_number(_start(rng, boldness)[name == "y"] if name == "x" else st.session_state["hunt.y"])
    if rng.random() > boldness and name not in ("surface", "curve", "size", "tune", "steps", "epochs", "channels"):
        return None
    texts = TEXTS.get(f"{page}.{name}", TEXTS.get(name))
    if texts is not None:
        return str(rng.choice(texts))
    known = _reads(parse)
    if "knob" in known:
        knob = known["knob"]
        return write_number(of_knob(knob, RANGES.get(f"{page}.{name}", RANGES.get(name, RANGES.get(knob.label))), rng))
    if "allowed" in known:
        allowed = list(known["allowed"])
        several = 1 + int(rng.integers(4)) if "complain" in known else 1
        return ",".join(str(each) for each in rng.choice(allowed, min(several, len(allowed)), replace=False))
    return str(rng.integers(2)) if set(known) == {"name"} else None


def _reads(parse: Callable[[str], Any]) -> Mapping[str, Any]:
    return getclosurevars(parse).nonlocals


def of_knob(knob: Knob, range_: tuple[float, float] | None, rng: np.random.Generator) -> float:
    """A value of a knob, one of its ends more often than chance has it."""
    if knob.scale == "switch":
        return float(rng.integers(2))
    low, high = range_ or (knob.low, knob.high)
    low, high = max(low, knob.low), min(high, knob.high)
    if range_ is None and rng.random() < 0.2:
        return float(rng.choice([low, high, *([0.0] if knob.zero else [])]))
    if knob.scale == "log":
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))
    if knob.scale == "integer":
        # Small numbers as often as large ones.
        return float(round(low - 1 + np.exp(rng.uniform(0, np.log(high - low + 1)))))
    return float(np.round(rng.uniform(low, high), int(rng.integers(1, 5))).clip(low, high))


def _start(rng: np.random.Generator, boldness: float) -> tuple[float, float]:
    """On the map, off it, far out, in whole numbers, at a minimum, or at another stationary point."""
    key = str(st.session_state.get("surface", ""))
    here = LANDSCAPES.get(key)
    low, high = np.array(here.domain if here else ((-3, 3), (-3, 3)), dtype=float).T
    kind = rng.choice(["map", "around", "far", "whole", "minimum", "stationary"], p=[0.35, 0.2, 0.1, 0.15, 0.1, 0.1])
    middle, half = (low + high) / 2, (high - low) / 2
    spot = np.round(middle + half * rng.uniform(-1, 1, 2), 3)
    if kind == "around":
        spot = np.round(middle + 3 * half * rng.uniform(-1, 1, 2), 3)
    elif kind == "far":
        spot = middle + half * rng.choice([-1, 1], 2) * 10 ** rng.uniform(0.5, 4, 2)
    elif kind == "whole":
        spot = np.round(spot)
    elif kind == "minimum" and here and here.minima:
        spot = np.array(here.minima[0].point)
    elif kind == "stationary" and here and key in TELLING:
        points = runs.stationary(Place(key, here.settings)).x
        spot = points[rng.integers(len(points))] if len(points) else spot
    x, y = (float(f"{each:.12g}") for each in spot)
    st.session_state["hunt.y"] = y
    return x, y
