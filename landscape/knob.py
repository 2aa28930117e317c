"""A knob: one bounded hyper-parameter, with everything a slider or an error message needs to know.

Surfaces, optimizers, schedules and penalties are frozen dataclasses or records whose parameters are knobs. Menus,
sliders, URL parameters, sweeps and error messages are all derived from them, so that a hyper-parameter is
described once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from operator import index
from typing import Any

import numpy as np

from landscape.numbers import LOWERED

SCALES = ("linear", "log", "integer", "switch")
# The letters of labels, where LaTeX is not read.
GREEK = {
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\delta": "δ",
    r"\epsilon": "ε",
    r"\kappa": "κ",
    r"\lambda": "λ",
    r"\nu": "ν",
    r"\rho": "ρ",
    r"\sigma": "σ",
}


@dataclass(frozen=True)
class Knob:
    """A hyper-parameter in `[low, high]`.

    scale   "linear", "log" (low > 0), "integer", or "switch" (False or True).
    label   what a slider is called; LaTeX between dollar signs is allowed.
    help    one sentence: what turning it up does.
    zero    whether a "log" knob may also be 0, which is then its first position: off.
    """

    default: Any
    low: float = 0.0
    high: float = 1.0
    scale: str = "linear"
    label: str = ""
    help: str = ""
    zero: bool = False

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise ValueError(f"scale is {self.scale!r}; allowed are {', '.join(SCALES)}")
        if self.scale == "log" and not self.low > 0:
            raise ValueError(f"low is {self.low!r}; a log scale needs a positive number")
        self.check("default", self.default)

    @property
    def spoken(self) -> str:
        """The label where LaTeX is not read: condition number κ, decrease c₁."""
        text = re.sub(r"\\[a-z]+", lambda letter: GREEK[letter[0]], self.label)
        return re.sub(r"_(\d)", lambda index: index[1].translate(LOWERED), text).replace("$", "")

    def check(self, name: str, value: Any) -> None:
        """Raise a ValueError that names the argument, its value and what is allowed. Arrays are checked elementwise."""
        if self.scale == "switch":
            if not isinstance(value, (bool, np.bool_)):
                raise ValueError(f"{name} is {value!r}; allowed are True and False")
            return
        try:
            number = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{name} is {value!r}; it must be a number") from None
        # Written so that NaN fails too.
        if not np.all((number >= self.low) & (number <= self.high) | (number == 0) & self.zero):
            raise ValueError(f"{name} is {value}; allowed is {'0, or ' * self.zero}{self.low:g} to {self.high:g}")
        if self.scale == "integer" and np.any(number != np.round(number)):
            raise ValueError(f"{name} is {value}; it must be a whole number")

    def nearest(self, value: float) -> Any:
        """The allowed value nearest to a number. A "log" knob that may be 0 is off at 0 alone."""
        if self.scale == "switch":
            return bool(value >= 0.5)
        near = value if self.zero and value == 0 else float(np.clip(value, self.low, self.high))
        return round(near) if self.scale == "integer" else near

    def beginning(self, value: float) -> "Knob":
        """The same knob with a default that was computed: as near to it as is allowed."""
        return replace(self, default=self.nearest(value))

    def grid(self, per_decade: int = 10) -> np.ndarray:
        """Values a slider offers and a sweep tries, low to high, shape (k,).

        A log knob walks a preferred-number series (1, 1.25, 1.6, 2 ...: ISO 3, R10), rounded to two digits so that
        what is shown is what is used.
        """
        if self.scale == "switch":
            return np.array([False, True])
        if self.scale == "integer":
            return np.arange(round(self.low), round(self.high) + 1)
        if self.scale == "linear":
            return np.linspace(self.low, self.high, 101)
        exponents = np.arange(round(np.log10(self.low) * per_decade), round(np.log10(self.high) * per_decade) + 1)
        values = np.array([float(f"{10 ** (e / per_decade):.2g}") for e in exponents])
        values = values[(values >= self.low) & (values <= self.high)]
        return np.concatenate([[0.0], values]) if self.zero else values


def knob(
    default: Any,
    low: float = 0.0,
    high: float = 1.0,
    scale: str = "linear",
    label: str = "",
    help: str = "",
    zero: bool = False,
) -> Any:
    """A dataclass field that carries its Knob: `lr: float = knob(0.1, 1e-6, 10, "log", "learning rate")`."""
    return field(default=default, metadata={"knob": Knob(default, low, high, scale, label, help, zero)})


def knobs(owner: Any) -> dict[str, Knob]:
    """The knobs of a dataclass or of an instance of one, by field name, in the order they were written."""
    return {f.name: f.metadata["knob"] for f in fields(owner) if "knob" in f.metadata}


def check_knobs(owner: Any) -> None:
    """Check every knob of a dataclass instance; for `__post_init__`."""
    for name, each in knobs(owner).items():
        each.check(name, getattr(owner, name))


def whole(name: str, value: Any, low: int, high: int) -> int:
    """The value as an int; ValueError that names the argument where it is no whole number from low to high."""
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"{name} is {value!r}; it must be a whole number") from None
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; allowed is {low} to {high}")
    return number


def settled(owner: str, knobs: Mapping[str, Knob], settings: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A record's settings in force, as (name, value) pairs in the knobs' order, defaults filled in.

    ValueError for a setting that `owner` does not have, is out of range or is not one number.
    """
    for name, value in settings.items():
        if name not in knobs:
            allowed = f"allowed are {', '.join(knobs)}" if knobs else "it has no parameters"
            raise ValueError(f"{name} is {value!r}, but {owner} has no such parameter; {allowed}")
        if np.ndim(value):
            raise ValueError(f"{name} has shape {np.shape(value)}; it must be one number")
        knobs[name].check(name, value)
    kinds: dict[str, Any] = {"switch": bool, "integer": int}
    return tuple((name, kinds.get(each.scale, float)(settings.get(name, each.default))) for name, each in knobs.items())
