"""Colours of signed numbers and of classes: blue for what is negative and for class 0, orange for its opposite.

Blue and orange stay apart for every common kind of colour blindness; classes have marks of their own as well.
"""

import numpy as np

from landscape.figures.kit.style import Theme

# Levels of a signed number, the middle one 0, and of a probability, half of them below 1/2.
SIGNED = 65
CHANCES = 64

_SIGNED = {
    "light": ("#0b5c93", "#5ea6d3", "#eef1f4", "#eba06a", "#c2500a"),
    "dark": ("#4db1ec", "#2a6690", "#1c232c", "#8f5526", "#f2903f"),
}
_CHANCES = {
    "light": (("#3f8fc4", "#c9e0f0"), ("#f8dcc6", "#e07a2f")),
    "dark": (("#2f86c0", "#183a54"), ("#52331a", "#cf6c1e")),
}
# Classes, after Okabe and Ito (2008): as samples are drawn, and as the ground under them.
CLASSES = {
    "light": ("#08507f", "#a84300", "#00664b", "#8c2f68", "#6b5a00", "#4d4d4d"),
    "dark": ("#8fd0ff", "#ffbf94", "#7fe3c0", "#f5b3da", "#f0de7a", "#d5dbe1"),
}
_GROUND = ("#2f86c0", "#d06f22", "#149273", "#b5578f", "#a08c1c", "#7d858d")
MARKS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon")


def ramp(stops: tuple[str, ...], count: int) -> list[str]:
    """`count` colours from the first stop to the last, evenly through the others."""
    numbers = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    at = np.linspace(0, len(stops) - 1, count)
    mixed = np.stack([np.interp(at, range(len(stops)), numbers[:, i]) for i in range(3)], axis=1)
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in mixed.round().astype(int)]


def signed(theme: Theme) -> list[str]:
    """From -1 to 1, SIGNED colours."""
    return ramp(_SIGNED[theme.name], SIGNED)


def chances(theme: Theme) -> list[str]:
    """Of class 1, from 0 to 1, CHANCES colours: they jump at 1/2, where a decision changes."""
    below, above = _CHANCES[theme.name]
    return ramp(below, CHANCES // 2) + ramp(above, CHANCES // 2)


def choices(theme: Theme, classes: int, shades: int) -> list[str]:
    """For each class `shades` colours, the surer the stronger."""
    pale, full = (0.25, 0.6) if theme.name == "dark" else (0.2, 0.75)
    mixed = [ramp((theme.paper, color), 101) for color in _GROUND[:classes]]
    return [shade for each in mixed for shade in ramp((each[int(100 * pale)], each[int(100 * full)]), shades)]


def signed_level(values: np.ndarray) -> np.ndarray:
    """The place of numbers from -1 to 1 among `signed`; beyond counts as the end, NaN as 0."""
    held = np.clip(np.nan_to_num(values, nan=0.0), -1, 1)
    return np.round((held + 1) / 2 * (SIGNED - 1)).astype(np.uint8)


def chance_level(values: np.ndarray) -> np.ndarray:
    """The place of probabilities among `chances`."""
    return np.clip(np.nan_to_num(values, nan=0.5) * CHANCES, 0, CHANCES - 1).astype(np.uint8)


def scale(colors: list[str]) -> list[list[object]]:
    """The colours as Plotly's colorscale."""
    return [[i / (len(colors) - 1), color] for i, color in enumerate(colors)]
